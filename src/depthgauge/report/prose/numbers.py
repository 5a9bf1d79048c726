"""How numbers are written in sentences."""

from collections.abc import Sequence

from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.estimates import Comparison, Share
from depthgauge.statistics.verdicts import DoubleDescent, ViewVerdict
from depthgauge.training.metrics.metric import Metric

NAMED = {
    "class_frequencies": "the frequencies of the classes",
    "constant": "the best constant",
    "gradient_boosted_trees": "gradient-boosted trees",
    "reference": "the truth",
}


def percent(share: float) -> str:
    """A share as "20 %", with a decimal below 10 %."""
    return f"{_digits(share, share)} %"


def setting(share: float) -> str:
    """A share that a person has set, as it is: "1 %", "0.5 %"."""
    return f"{round(100 * share, 9):g} %"


def higher(share: float) -> str:
    """A relative rise as "20 % higher", a fall as "3.1 % lower"."""
    return f"{percent(abs(share))} {'higher' if share >= 0 else 'lower'}"


def units(verdict: ViewVerdict) -> str:
    """What the intervals of a view are over, beside its examples."""
    return "searches" if verdict.studies else "replicates"


def examples(verdict: ViewVerdict) -> str:
    """What is drawn anew beside those: examples, or the groups that these belong to."""
    return "groups" if verdict.for_new_groups else "examples"


def with_interval(comparison: Comparison | None, verdict: ViewVerdict) -> str | None:
    """The relative rise with its intervals, of a view; None where it is undefined.

    "20 % higher (95 % interval 14 to 26 % over replicates and examples, 16 to 25 % over
    replicates alone)".
    """
    if comparison is None or comparison.relative_rise is None:
        return None
    rise, alone = comparison.relative_rise, comparison.relative_interval
    crossed = comparison.relative_crossed_interval
    said = higher(rise)
    if alone is None:
        return said
    within = f"{_digits(alone.low, rise)} to {_digits(alone.high, rise)} %"
    if crossed is None:
        return f"{said} (95 % interval {within})"
    over = f"{_digits(crossed.low, rise)} to {_digits(crossed.high, rise)} %"
    each, others = units(verdict), examples(verdict)
    both, one = f"over {each} and {others}", f"over {each} alone"
    return f"{said} (95 % interval {over} {both}, {within} {one})"


def change(difference: float | None, metric: Metric) -> str:
    """A difference of a metric's cost, "0.22 points higher"; points are of a hundred."""
    if difference is None:
        return "unknown"
    return f"{amount(abs(difference), metric)} {'higher' if difference >= 0 else 'lower'}"


def change_with_interval(comparison: Comparison, metric: Metric) -> str:
    """The same with the interval over all that varies, "(95 % interval −0.1 to 0.5)"."""
    said, around = change(comparison.difference, metric), comparison.crossed_interval
    around = around or comparison.interval
    if around is None:
        return said
    low, high = (_signed(end, metric) for end in (around.low, around.high))
    return f"{said} (95 % interval {low} to {high})"


def amount(value: float, metric: Metric) -> str:
    """An amount of a metric's cost: "0.22 points" or, in its own unit, "13.4"."""
    return f"{100 * value:.2f} points" if metric.percent else f"{value:.3g}"


def _signed(value: float, metric: Metric) -> str:
    return minus(f"{100 * value:.2f}" if metric.percent else f"{value:.3g}")


def fall_with_interval(descent: DoubleDescent) -> str:
    """The fall from a peak, "19 % lower (95 % interval 16 to 22 %)"."""
    said = higher(-descent.relative_fall)
    if descent.interval is None or not descent.fall:
        return said
    # In shares of the peak, as the fall itself; of a rise where it is one.
    share = abs(descent.relative_fall) / descent.fall
    low, high = sorted(share * end for end in (descent.interval.low, descent.interval.high))
    beside = descent.relative_fall
    return f"{said} (95 % interval {_digits(low, beside)} to {_digits(high, beside)} %)"


def against(baseline: Baseline) -> str:
    """How the network to use stands to a baseline, "12 % lower (95 % interval 8 to 16 %)".

    The interval is of what is said, positive in its direction.
    """
    share, around = baseline.relative, baseline.relative_interval
    if share is None:
        return "higher" if (baseline.difference.mean or 0) >= 0 else "lower"
    if around is None:
        return higher(share)
    sign = 1 if share >= 0 else -1
    low, high = sorted(sign * end for end in (around.low, around.high))
    return f"{higher(share)} (95 % interval {_digits(low, share)} to {_digits(high, share)} %)"


def baseline_name(name: str) -> str:
    """A baseline as a person calls it."""
    return NAMED.get(name, name.replace("_", " "))


def called(baselines: Sequence[Baseline]) -> str:
    """Several baselines in a sentence: "the best constant and persistence"."""
    return join_words([baseline_name(each.name) for each in baselines])


def join_words(words: Sequence[str]) -> str:
    """Several words as in a sentence: "loss, error and accuracy"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def share_of_gap(comparison: Comparison) -> str:
    """How much of a rise is a wider gap, "72 % (95 % interval 65 to 80 %)"; "part" if undefined."""
    if comparison.gap_share is None:
        return "part"
    return share_with_interval(Share(comparison.gap_share, comparison.share_interval))


def share_with_interval(share: Share) -> str:
    """A share, "31 % (95 % interval 20 to 45 %)"."""
    around = share.interval
    said = f" (95 % interval {100 * around.low:.0f} to {100 * around.high:.0f} %)" if around else ""
    return f"{100 * share.value:.0f} %{said}"


def counted(number: int, noun: str, several: str = "") -> str:
    """ "1 replicate", "40 replicates"; several: the plural where an s does not make it."""
    return f"{number} {noun if number == 1 else several or noun + 's'}"


def digits(value: float | None) -> str:
    """Four digits; empty where there is no number."""
    return "" if value is None else f"{value:.4g}"


def points(share: float) -> str:
    """Of a hundred, one decimal: "−2.4"."""
    return minus(f"{100 * share:.1f}")


def plain(value: float) -> str:
    """Four digits without an exponent, thousands apart: "114,100"."""
    return f"{float(f'{value:.4g}'):,.12g}"


def _digits(share: float, beside: float) -> str:
    """The digits of a share in percent, as many decimals as suit the number it stands beside."""
    return minus(f"{100 * share:.{0 if abs(beside) >= 0.0995 else 1}f}")


def minus(text: str) -> str:
    """A number with a minus sign that a person reads as one; none before zero."""
    return text.lstrip("-") if not float(text) else text.replace("-", "−")
