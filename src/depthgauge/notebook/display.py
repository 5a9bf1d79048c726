"""The figure in matplotlib, by scikit-learn's convention for displays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np

from depthgauge.axes.axis import Point
from depthgauge.notebook.estimator import sweep_estimator
from depthgauge.notebook.judged import JudgedResult
from depthgauge.report.style import COLOURS, GREY, MARKERS
from depthgauge.statistics.paired import means_and_intervals
from depthgauge.statistics.stopping import FloatArray

SPLITS = ("train", "test")
# What matplotlib calls the marks of the other figures.
_MARKS = {"circle": "o", "square": "s", "diamond": "D"}


class ThresholdDisplay:
    """Train and test loss against a parameter, and where overfitting begins.

    It is made by `from_estimator` or `from_result`, as scikit-learn's ValidationCurveDisplay is.

    Attributes, all parameters besides: ax_, figure_: matplotlib's Axes and Figure. lines_: the mean
    train and test loss. fill_between_: their 95 % intervals. best_: the line at the best value,
    None without. threshold_: the shaded part from the threshold on, None where there is none.
    """

    def __init__(
        self,
        *,
        param_name: str,
        param_range: Sequence[Point],
        train_losses: FloatArray,
        test_losses: FloatArray,
        loss_name: str = "loss",
        best: Point | None = None,
        threshold: Point | None = None,
    ) -> None:
        """param_range: D values, the simplest first. losses: (D, R), NaN where one diverged."""
        self.param_name = param_name
        self.param_range = list(param_range)
        self.train_losses, self.test_losses = train_losses, test_losses
        self.loss_name = loss_name
        self.best, self.threshold = best, threshold

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        param_name: str,
        param_range: Iterable[Any],
        ax: Any = None,
        line_kw: Mapping[str, Any] | None = None,
        fill_between_kw: Mapping[str, Any] | None = None,
        **sweep: Any,
    ) -> Self:
        """Sweep the parameter, then plot. sweep: further arguments of `dg.sweep`."""
        result = sweep_estimator(
            estimator, X, y, param_name=param_name, param_range=param_range, **sweep
        )
        display = cls._of(result)
        return display.plot(ax=ax, line_kw=line_kw, fill_between_kw=fill_between_kw)

    @classmethod
    def from_result(
        cls,
        result: JudgedResult,
        *,
        ax: Any = None,
        line_kw: Mapping[str, Any] | None = None,
        fill_between_kw: Mapping[str, Any] | None = None,
    ) -> Self:
        """Plot what a sweep of an estimator, or `dg.judge`, has found."""
        if not isinstance(result, JudgedResult):
            raise ValueError(
                "result: has no losses of replicates; of networks `result.plot()` draws the figure"
            )
        return cls._of(result).plot(ax=ax, line_kw=line_kw, fill_between_kw=fill_between_kw)

    @classmethod
    def _of(cls, result: JudgedResult) -> Self:
        points = list(dict.fromkeys(result.losses["point"]))
        found = {}
        for split in SPLITS:
            rows = result.losses[result.losses["split"] == split]
            wide = rows.pivot(index="point", columns="replicate", values="loss")
            found[f"{split}_losses"] = wide.loc[points].to_numpy(np.float64)
        first = result.verdicts.iloc[0]
        best, threshold = (
            next((point for point in points if point == first[name]), None)
            for name in ("best", "threshold")
        )
        return cls(
            param_name=result.parameter,
            param_range=points,
            loss_name=result.loss_name,
            best=best,
            threshold=threshold,
            **found,
        )

    def plot(
        self,
        ax: Any = None,
        *,
        loss_name: str | None = None,
        line_kw: Mapping[str, Any] | None = None,
        fill_between_kw: Mapping[str, Any] | None = None,
    ) -> Self:
        """Draw into `ax`, or into a new figure. line_kw, fill_between_kw: for matplotlib."""
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        x = self._axis(ax)
        self.lines_, self.fill_between_ = [], []
        for split, losses in zip(SPLITS, (self.train_losses, self.test_losses), strict=True):
            mean, low, high = means_and_intervals(losses.T)
            look = {"color": COLOURS[split], "marker": _MARKS[MARKERS[split]]}
            look |= {"label": split.capitalize(), **(line_kw or {})}
            self.lines_ += ax.plot(x, mean, **look)
            shade = {"color": look["color"], "alpha": 0.25, "linewidth": 0}
            shade |= fill_between_kw or {}
            self.fill_between_.append(ax.fill_between(x, low, high, **shade))
        self._mark(ax, x)
        ax.set_xlabel(self.param_name)
        ax.set_ylabel(f"Mean {loss_name or self.loss_name}")
        ax.legend()
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _mark(self, ax: Any, x: FloatArray) -> None:
        """The best value, dotted, and what lies from the threshold on, shaded."""
        self.best_ = self.threshold_ = None
        if self.best is not None:
            place = x[self.param_range.index(self.best)]
            self.best_ = ax.axvline(place, color=GREY, linestyle=":", label=f"Best: {self.best}")
        if self.threshold is not None:
            start, (left, right) = x[self.param_range.index(self.threshold)], ax.get_xlim()
            label = f"Overfits from {self.threshold}"
            self.threshold_ = ax.axvspan(start, right, color=GREY, alpha=0.15, label=label)
            ax.set_xlim(left, right)

    def _axis(self, ax: Any) -> FloatArray:
        """(D,) where the values stand: numbers to scale, the simplest left, others side by side."""
        if any(isinstance(point, str) for point in self.param_range):
            places = np.arange(len(self.param_range), dtype=np.float64)
            ax.set_xticks(places, [str(point) for point in self.param_range])
            return places
        values = np.array(self.param_range, np.float64)
        steps = np.abs(np.diff(values))
        # As ValidationCurveDisplay chooses.
        if steps.size and steps.max() > 5 * steps.min():
            ax.set_xscale("symlog" if values.min() <= 0 else "log")
        if steps.size and values[0] > values[-1]:
            ax.invert_xaxis()
        return values
