"""How numbers are written in sentences."""

from depthgauge.statistics.verdicts import Comparison, DoubleDescent


def percent(share: float) -> str:
    """A share as "20 %", with a decimal below 10 %."""
    return f"{_digits(share, share)} %"


def setting(share: float) -> str:
    """A share that a person has set, as it is: "1 %", "0.5 %"."""
    return f"{round(100 * share, 9):g} %"


def higher(share: float) -> str:
    """A relative rise as "20 % higher", a fall as "3.1 % lower"."""
    return f"{percent(abs(share))} {'higher' if share >= 0 else 'lower'}"


def with_interval(comparison: Comparison | None) -> str | None:
    """The relative rise, "20 % higher (95 % interval 16 to 25 %)"; None where it is undefined."""
    if comparison is None or comparison.relative_rise is None:
        return None
    rise, interval = comparison.relative_rise, comparison.relative_interval
    said = higher(rise)
    if interval is None:
        return said
    low, high = _digits(interval.low, rise), _digits(interval.high, rise)
    return f"{said} (95 % interval {low} to {high} %)"


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


def counted(number: int, noun: str) -> str:
    """ "1 replicate", "40 replicates"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def digits(value: float | None) -> str:
    """Four digits; empty where there is no number."""
    return "" if value is None else f"{value:.4g}"


def plain(value: float) -> str:
    """Four digits without an exponent, thousands apart: "114,100"."""
    return f"{float(f'{value:.4g}'):,.12g}"


def _digits(share: float, beside: float) -> str:
    """The digits of a share in percent, as many decimals as suit the number it stands beside."""
    text = f"{100 * share:.{0 if abs(beside) >= 0.0995 else 1}f}"
    # A minus sign that a person reads as one; no minus before zero.
    return text.lstrip("-") if not float(text) else text.replace("-", "−")
