"""Where every random draw comes from: a generator told apart by seed, purpose and replicate.

Two purposes never share a stream, so a change to how one of them draws (a deeper network needs
more initial weights) leaves the others (the batch order) as they were. That is what lets points
be compared pairwise.
"""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream of random numbers is for. The numbers are part of every result: never reuse."""

    SPLIT = 1
    INITIALISATION = 2
    BATCH_ORDER = 3
    BOOTSTRAP = 4
    SEARCH = 5
    SEARCH_TRAINING = 6
    LABEL_NOISE = 7
    INPUT_NOISE = 8
    TRAINING_SIZE = 9
    DROPOUT = 10
    REGULARISATION = 11
    BASELINES = 12


def generator(seed: int, purpose: Purpose, *keys: int) -> np.random.Generator:
    """A generator that depends on its arguments alone (`keys`: a replicate, a view, ...).

    Source: NumPy's SeedSequence, whose spawn keys give independent streams. The number of keys is
    one of them, since a missing key would otherwise count as 0.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(int(purpose), len(keys), *keys))
    return np.random.default_rng(sequence)
