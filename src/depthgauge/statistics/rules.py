"""The section `threshold` of params.yaml: the rule by which a threshold is found."""

from typing import Annotated

from pydantic import Field

from depthgauge.section import Count, Section, Share


class Rules(Section):
    """The settings of the judgement.

    margin: least relative rise that counts (0.01 = 1 % of the best point's expected loss).
    alpha: chance of a false alarm allowed to one view, all pairs of points together.
    diverged_share: a point with a larger share of diverged replicates is `diverged`.
    falling_over: the last share of the epochs over which a loss may be `still_falling`.
    memorised: level of the memorised quantity at which the training set counts as memorised.
    resamples: bootstrap resamples behind `for_new_data`.
    stability_resamples: bootstrap resamples behind `stability`.
    block: consecutive rows resampled together; 1 = independent rows, more for a series.
    """

    margin: Annotated[float, Field(ge=0, lt=1)]
    # Below, quantiles at 1 - alpha would lose their digits.
    alpha: Annotated[float, Field(ge=1e-9, lt=1)]
    diverged_share: Annotated[float, Field(ge=0, lt=1)]
    falling_over: Share
    memorised: Annotated[float, Field(ge=0, lt=1)]
    resamples: Annotated[Count, Field(ge=1000)]
    stability_resamples: Annotated[Count, Field(ge=100)]
    block: Count
