"""Who trains, validates and tests: rows at random, by class, by time or by group."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, IntArray, Splits
from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator


class GroupsRunOutError(InputError):
    """A split by groups in which some split would have too few rows."""


def random_splits(n: int, counts: Mapping[str, int], seed: int, replicates: int) -> Splits:
    """Disjoint random rows for each replicate, drawn without replacement from `n` rows.

    counts: rows of "train", "validation" and "test"; rows beyond their sum are in no split.
    Each array is (replicates, count), ascending. A replicate's split depends on `n`, `counts`,
    `seed` and its own number alone, not on how many replicates there are. Test rows do not
    depend on the other counts, and a larger training set contains the smaller one.

    Raises InputError when a count or `replicates` is below 1 or the counts exceed `n`.
    """
    _check_counts(n, counts, replicates)
    orders = (generator(seed, Purpose.SPLIT, r).permutation(n) for r in range(replicates))
    return _cut([[order] for order in orders], counts)


def stratified_splits(
    labels: IntArray, classes: Sequence[str], counts: Mapping[str, int], seed: int, replicates: int
) -> Splits:
    """As `random_splits`, with the classes in the proportions of the table in each split.

    labels: (N,) class numbers. The rows of a class are drawn at random, how many of them is not:
    row k of a class of n stands at (k + 1/2) / n, and the splits are cut from the rows in that
    order. Its beginnings are apportioned by Sainte-Lague's method (Balinski and Young 1982, Fair
    Representation), so no row of it moves when a later split grows.

    Raises InputError as `random_splits` does, and for a class too rare to be in every split.
    """
    _check_counts(len(labels), counts, replicates)
    sizes = np.bincount(labels, minlength=len(classes))
    orders = []
    for replicate in range(replicates):
        shuffled = generator(seed, Purpose.SPLIT, replicate).permutation(len(labels))
        by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
        rank = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        place = (rank + 0.5) / np.repeat(sizes, sizes)
        orders.append([by_class[np.argsort(place, kind="stable")]])
    splits = _cut(orders, counts)
    for name in SPLIT_NAMES:
        seen = np.bincount(labels[splits[name][0]], minlength=len(classes))
        if not seen.all():
            rare = int(np.argmin(seen > 0))
            raise InputError(
                f"class {classes[rare][:40]!r}: its {sizes[rare]} examples are too few for every "
                f"split to have one, {name} has none; collect more, join it with another class, "
                "or leave it out"
            )
    return splits


def ordered_splits(
    order: npt.NDArray[np.float64] | npt.NDArray[np.datetime64], counts: Mapping[str, int]
) -> Splits:
    """One fixed split by time, (1, n) each: the last rows test, those before them validate.

    order: (N,) when each row was; the rows themselves may stand in any order. Training takes the
    rows just before validation; older ones are in no split. Raises InputError when the counts
    exceed N, and when rows of one time would come apart, with counts that keep them together.
    """
    _check_counts(len(order), counts, 1)
    newest_first = np.argsort(order, kind="stable")[::-1]
    times = order[newest_first]
    start = 0
    for name, before in (("test", "validation"), ("validation", "train")):
        end = start + counts[name]
        if times[end - 1] == times[end]:
            tied = np.flatnonzero(times == times[end])
            fewer, more = int(tied[0]) - start, int(tied[-1]) + 1 - start
            better = " or ".join(str(count) for count in (fewer, more) if count >= 1)
            raise InputError(
                f"split.{name}: {counts[name]} rows would part the {tied.size} rows of "
                f"{times[end]} between {name} and {before}; use {better}"
            )
        start = end
    return _cut([[newest_first]], counts)


def time_splits(
    first: IntArray, span: int, steps: int, validation_days: int, test_days: int
) -> Splits:
    """One fixed split by time, (1, n) each: an example belongs to the period of its target days.

    first: (N,) the first of the `steps` days that each example predicts, from 0. The last
    `test_days` of the `span` calendar days are test, the `validation_days` before them
    validation, all earlier ones train. An example that predicts days of two periods is in no
    split. Inputs may reach back into the earlier period: at prediction time the past is known,
    whoever it was used for.

    Raises InputError when a split would be empty, with the number of days that are needed.
    """
    for name, count in (("validation_days", validation_days), ("test_days", test_days)):
        if count < steps:
            many = "1 day" if steps == 1 else f"the {steps} days that a window predicts,"
            raise InputError(f"{name}: {count} is too few; use {many} or more")
    if validation_days + test_days >= span:
        raise InputError(
            f"validation_days + test_days: {validation_days + test_days} days leave none of "
            f"the {span} days of the series for training"
        )
    first_test = span - test_days
    first_validation = first_test - validation_days
    last = first + steps - 1
    splits = {
        "train": last < first_validation,
        "validation": (first >= first_validation) & (last < first_test),
        "test": first >= first_test,
    }
    for name, members in splits.items():
        if not members.any():
            raise InputError(
                f"{name}: no window of consecutive days predicts a day of this period; make the "
                "window or the other periods shorter, or set gaps to interpolate"
            )
    return Splits(**{name: np.flatnonzero(members)[None, :] for name, members in splits.items()})


def group_splits(groups: IntArray, counts: Mapping[str, int], seed: int, replicates: int) -> Splits:
    """Random splits that keep each group's rows in one split, drawn anew for each replicate.

    groups: (N,) group numbers. In a random order of the groups, test takes whole groups until it
    has `counts["test"]` rows, then validation, then training does; what a split has too many of
    is left out at random. Counts are aims: where groups run out, training has fewer rows, and all
    replicates as many as the one that has fewest. Test rows do not depend on the other counts.

    Raises InputError as `random_splits` does, and when groups run out before every split has one.
    """
    _check_counts(len(groups), counts, replicates)
    sizes = np.bincount(groups)
    orders = []
    for replicate in range(replicates):
        rng = generator(seed, Purpose.SPLIT, replicate)
        shuffled = rng.permutation(len(groups))
        place = rng.permutation(len(sizes))
        by_group = shuffled[np.argsort(place[groups[shuffled]], kind="stable")]
        ends = np.cumsum(sizes[np.argsort(place)])
        parts, start = [], 0
        for name in reversed(SPLIT_NAMES):
            enough = int(np.searchsorted(ends, start + counts[name]))
            end = int(ends[min(enough, len(ends) - 1)])
            # A group's rows are in random order, the groups' too: the last group gives way.
            parts.append(by_group[start:end])
            start = end
        if min(map(len, parts)) == 0 or len(parts[1]) < counts["validation"]:
            raise GroupsRunOutError(
                f"replicate {replicate}: the {np.count_nonzero(sizes)} groups (the greatest has "
                f"{sizes.max()} examples) run out before every split has its own; ask for fewer "
                "to test and to validate"
            )
        orders.append(parts)
    fewest = min(len(parts[2]) for parts in orders)
    return _cut(orders, {**counts, "train": min(counts["train"], fewest)})


def unseen_group_splits(
    groups: IntArray, counts: Mapping[str, int], seed: int, replicates: int
) -> Splits:
    """As `group_splits`, with as many training rows as asked for: test and validation give way.

    Their counts are the largest that leave enough groups for training, in steps of 5 % down to a
    quarter, so that such a split differs from a random one in who is tested and not in how many
    train. Raises InputError as `group_splits` does, and where the groups do not allow it.
    """
    for twentieths in range(20, 4, -1):
        fewer = {n: max(1, counts[n] * twentieths // 20) for n in ("validation", "test")}
        try:
            splits = group_splits(groups, {**counts, **fewer}, seed, replicates)
        except GroupsRunOutError:
            continue
        if splits.sizes["train"] == counts["train"]:
            return splits
    raise InputError(
        f"the {np.unique(groups).size} groups leave no {counts['train']} examples to train on "
        f"beside a quarter of {counts['validation']} to validate and of {counts['test']} to test; "
        "train fewer, or collect more groups"
    )


def check_classes(labels: IntArray, classes: Sequence[str]) -> None:
    """Every replicate must train on every class.

    labels: (S, n) class numbers of the training rows. Raises InputError with the first replicate
    and class at fault.
    """
    for replicate, row in enumerate(labels):
        seen = np.bincount(row, minlength=len(classes))
        if not seen.all():
            name = classes[int(np.argmin(seen > 0))]
            raise InputError(
                f"replicate {replicate}: none of its {row.size} training examples is of class "
                f"{name[:40]!r}; use more of them, or leave rare classes out"
            )


def _check_counts(n: int, counts: Mapping[str, int], replicates: int) -> None:
    for name, count in ({n: counts[n] for n in SPLIT_NAMES} | {"replicates": replicates}).items():
        if count < 1:
            raise InputError(f"{name}: {count} is too few; use 1 or more")
    total = sum(counts[name] for name in SPLIT_NAMES)
    if total > n:
        parts = " + ".join(f"{name} {counts[name]}" for name in SPLIT_NAMES)
        raise InputError(f"{parts} = {total} examples are asked for; there are {n}")


def _cut(orders: Sequence[Sequence[IntArray]], counts: Mapping[str, int]) -> Splits:
    """Splits from each replicate's rows, in one order for all splits or in one for each of them.

    Test comes first and train last: a change of the training size then moves no other row.
    """
    drawn: dict[str, IntArray] = {
        name: np.empty((len(orders), counts[name]), dtype=np.int64) for name in SPLIT_NAMES
    }
    for replicate, parts in enumerate(orders):
        start = 0
        for place, name in enumerate(reversed(SPLIT_NAMES)):
            rows = parts[0][start:] if len(parts) == 1 else parts[place]
            drawn[name][replicate] = np.sort(rows[: counts[name]])
            start += counts[name]
    return Splits(**drawn)
