"""benchmarks/speed.py in its quick size."""

import re

import pytest
import torch

import peers
import speed


def test_prints_a_row_for_each_peer_and_depth(capsys, tmp_path):
    speed.main(["--quick"])
    rows = [line for line in capsys.readouterr().out.splitlines() if re.match(r"\| \d", line)]
    cells = [row.strip("| ").split(" | ") for row in rows]
    peers = {"depthgauge", "plain PyTorch", "scikit-learn"}
    for depth in speed.DEPTHS:
        assert peers <= {cell[1] for cell in cells if cell[0] == str(depth)}
    assert all(float(cell[3]) > 0 for cell in cells)
    assert [float(cell[4]) for cell in cells if cell[1] == "depthgauge"] == [1.0, 1.0]


@pytest.mark.parametrize("depth", speed.DEPTHS)
def test_everybody_counts_the_replicates_that_it_trains(depth):
    size = peers.Size(replicates=6, rows=2 * peers.BATCH, epochs=1, turns=1)
    assert [entrant.replicates for entrant in peers.depthgauge(peers.mlp(depth), size)] == [6]
    assert {entrant.replicates for entrant in peers.plain_loop(torch.nn.Linear(56, 1), size)} == {1}
    assert {entrant.replicates for entrant in peers.scikit_learn(depth, size)} == {1}


def test_threads_are_put_back():
    before = torch.get_num_threads()
    speed.main(["--quick"])
    assert torch.get_num_threads() == before
