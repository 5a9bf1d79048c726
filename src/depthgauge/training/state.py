"""Where a group of replicates stands after an epoch: what the rest of its training follows from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# A 128 bit number as two words, low one first.
WORD = 2**64


@dataclass(frozen=True)
class State:
    """R replicates after their first epochs, to go on from to the same bits.

    replicates: (R,) numbers. epochs: (R,) how many are done, the same for all. flat: (R, P)
    parameters and buffers. best: (R, P) those of least validation loss so far. memory: what the
    optimizer keeps, (R, P) each. curves: as those of `Runs`, (R, epochs) each. streams: (R, S, 6)
    words of the generators that each replicate draws from.

    Arrays may be views of a training in progress: they hold until its next step.
    """

    replicates: np.ndarray
    epochs: np.ndarray
    flat: np.ndarray
    best: np.ndarray
    memory: tuple[np.ndarray, ...]
    curves: dict[str, np.ndarray]
    streams: np.ndarray

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return int(self.epochs[0])

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array, with R in front, by its place: "curves/train_loss", "memory/0"."""
        arrays = {name: getattr(self, name) for name in _WHOLE}
        arrays |= {f"memory/{k}": kept for k, kept in enumerate(self.memory)}
        return arrays | {f"curves/{name}": curve for name, curve in self.curves.items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "State":
        """What `arrays` gave. Raises KeyError where one lacks, ValueError where they do not fit."""
        curves = {n.removeprefix("curves/"): a for n, a in arrays.items() if _is_curve(n)}
        count = sum(name.startswith("memory/") for name in arrays)
        memory = tuple(arrays[f"memory/{k}"] for k in range(count))
        whole = {name: arrays[name] for name in _WHOLE}
        if any(len(each) != len(whole["replicates"]) for each in arrays.values()):
            raise ValueError("not of the same replicates")
        return cls(**whole, memory=memory, curves=curves)

    def take(self, places: Sequence[int]) -> "State":
        """Some of the replicates, by their places."""
        return State.of_arrays({name: array[[*places]] for name, array in self.arrays().items()})


def _is_curve(name: str) -> bool:
    return name.startswith("curves/")


_WHOLE = ("replicates", "epochs", "flat", "best", "streams")
# Told after an epoch how to take where a group stands, if anyone wants to keep it.
Keep = Callable[[Callable[[], State]], None]


def words_of(stream: np.random.Generator) -> np.ndarray:
    """(6,) where a generator of `seeds.generator` stands."""
    told = stream.bit_generator.state
    numbers = (told["state"]["state"], told["state"]["inc"])
    words = [part for number in numbers for part in (number % WORD, number // WORD)]
    return np.array([*words, told["has_uint32"], told["uinteger"]], np.uint64)


def set_words(stream: np.random.Generator, words: np.ndarray) -> None:
    """Put a generator where `words_of` found one."""
    low, high, low_step, high_step, has_half, half = map(int, words)
    told = stream.bit_generator.state
    numbers = {"state": low + high * WORD, "inc": low_step + high_step * WORD}
    stream.bit_generator.state = {
        **told, "state": numbers, "has_uint32": has_half, "uinteger": half
    }  # fmt: skip
