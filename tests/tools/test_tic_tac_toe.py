"""The positions of tic-tac-toe: all of them, and moves that no other search finds better."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from tools.tic_tac_toe import best_moves, images, moves, play, player, positions, winner

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data/raw/tic_tac_toe.csv"


def test_the_script_makes_the_file_again():
    made = subprocess.run(
        [sys.executable, ROOT / "tools/tic_tac_toe.py"], capture_output=True, check=True
    ).stdout
    assert made == FILE.read_bytes()


def test_there_are_as_many_as_are_known():
    """5,478 can be reached, of which 958 are over; 765 and 138 up to turns and mirrors."""
    boards = positions()
    assert len(boards) == 5478 - 958
    assert len({min(images(board)) for board in boards}) == 765 - 138
    with FILE.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(boards)
    assert len({row["orbit"] for row in rows}) == 765 - 138


def outcome(board, mine):
    """(wins, plies) for `mine` of perfect play: another search, that keeps the length by itself."""
    won = winner(board)
    if won or not moves(board):
        return (0 if won is None else 1 if won == mine else -1), 0
    options = [outcome(play(board, square), mine) for square in moves(board)]
    turn = 1 if player(board) == mine else -1
    best = max(turn * result for result, _ in options)
    plies = [length for result, length in options if turn * result == best]
    return turn * best, 1 + (min(plies) if best > 0 else max(plies))


@pytest.mark.parametrize("marks", range(3, 9))
def test_best_moves_are_those_of_another_search(marks):
    some = [board for board in positions() if 9 - board.count("-") == marks][::7]
    assert some
    for board in some:
        mine = player(board)
        ends = {square: outcome(play(board, square), mine) for square in moves(board)}
        best = max(result for result, _ in ends.values())
        lengths = [length for result, length in ends.values() if result == best]
        wanted = min(lengths) if best > 0 else max(lengths)
        right = {square for square, end in ends.items() if end[0] == best}
        if best:
            right = {square for square in right if ends[square][1] == wanted}
        assert set(best_moves(board)) == right


def test_perfect_play_is_a_draw():
    board = "-" * 9
    while moves(board):
        board = play(board, best_moves(board)[0])
    assert winner(board) is None


def test_images_have_as_many_best_moves():
    for board in positions()[::50]:
        assert len({len(best_moves(image)) for image in images(board)}) == 1
