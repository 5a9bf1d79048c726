"""Make data/raw/tic_tac_toe.csv: every position of tic-tac-toe, and its best move.

    python tools/tic_tac_toe.py > data/raw/tic_tac_toe.csv

Every position that can be reached by play and is not over; x begins. The best moves are from an
exact search (minimax): a quicker win before a later one, a later loss before a quicker. Of several
the one that is called `move` is the first in the order of PREFERRED.
"""

import sys
from collections.abc import Iterator
from functools import cache

EMPTY, LINES = "-", ("012", "345", "678", "036", "147", "258", "048", "246")
NAMES = tuple(f"{row}_{column}" for row in range(3) for column in range(3))
# The centre, the corners, the edges.
PREFERRED = (4, 0, 2, 6, 8, 1, 3, 5, 7)
# Where each square goes under a quarter turn, and in a mirror.
TURN, MIRROR = (2, 5, 8, 1, 4, 7, 0, 3, 6), (2, 1, 0, 5, 4, 3, 8, 7, 6)

Board = str


def player(board: Board) -> str:
    """Whose move it is."""
    return "x" if board.count("x") == board.count("o") else "o"


def winner(board: Board) -> str | None:
    """Who has three in a row."""
    for line in LINES:
        first, *rest = (board[int(square)] for square in line)
        if first != EMPTY and all(mark == first for mark in rest):
            return first
    return None


def moves(board: Board) -> list[int]:
    """The empty squares; none where the game is over."""
    return [] if winner(board) else [k for k, mark in enumerate(board) if mark == EMPTY]


def play(board: Board, square: int) -> Board:
    """The position after the move of whose turn it is."""
    return board[:square] + player(board) + board[square + 1 :]


@cache
def value(board: Board) -> int:
    """For whose move it is: 0 a draw, above it a win, the greater the sooner, below it a loss."""
    if winner(board):
        # Whoever is to move has just lost.
        return -1 - board.count(EMPTY)
    return max((-value(play(board, square)) for square in moves(board)), default=0)


def best_moves(board: Board) -> list[int]:
    """All moves of the greatest value, in the order of PREFERRED."""
    values = {square: -value(play(board, square)) for square in moves(board)}
    best = max(values.values())
    return [square for square in PREFERRED if values.get(square) == best]


def positions() -> list[Board]:
    """Every position that can be reached and is not over, sorted."""
    found, waiting = set(), [EMPTY * 9]
    while waiting:
        board = waiting.pop()
        if board not in found and moves(board):
            found.add(board)
            waiting += [play(board, square) for square in moves(board)]
    return sorted(found)


def images(board: Board) -> Iterator[Board]:
    """The position turned and mirrored in all eight ways."""
    for _ in range(4):
        board = "".join(board[square] for square in TURN)
        yield board
        yield "".join(board[square] for square in MIRROR)


def tic_tac_toe_csv() -> str:
    """Columns square_0_0 to square_2_2 (x, o or -), move, best_moves and orbit.

    orbit: the same of a position and its images.
    """
    boards = positions()
    first = {board: min(images(board)) for board in boards}
    numbers = {board: k for k, board in enumerate(sorted(set(first.values())))}
    lines = [",".join([*(f"square_{name}" for name in NAMES), "move", "best_moves", "orbit"])]
    for board in boards:
        best = [NAMES[square] for square in best_moves(board)]
        lines.append(",".join([*board, best[0], " ".join(best), f"p{numbers[first[board]]:03d}"]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(tic_tac_toe_csv())
