"""How deep can a network be before it overfits, and is that answer real or luck?"""

__version__ = "0.1.0"
