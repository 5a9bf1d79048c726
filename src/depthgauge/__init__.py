"""How deep can a network be before it overfits, and is that answer real or luck?"""
