"""The section `recipe` of params.yaml: all that decides a training besides data and seed."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import model_validator

from depthgauge.section import Count, Section, leaves
from depthgauge.training.losses.loss import LossSetting
from depthgauge.training.networks.network import NetworkSetting
from depthgauge.training.optimizers.optimizer import OptimizerSetting, Schedule
from depthgauge.training.regularisation import Regularisation

# Of a network of one's own.
ARGUMENTS = "network.init_args."


class Recipe(Section):
    """The recipe of one point. The last batch of an epoch may be smaller than batch_size."""

    network: NetworkSetting
    """the family, with settings of its own"""
    optimizer: OptimizerSetting
    """by name, with settings of its own"""
    schedule: Schedule
    """constant | cosine: down to 0 along half a cosine"""
    batch_size: Count
    """examples a step"""
    epochs: Count
    """passes over the training examples"""
    loss: LossSetting
    """for classes cross_entropy; of numbers, in units of the scaled targets"""
    regularisation: Regularisation
    """what makes overfitting harder, besides weight decay and the network's own; 0: none of it"""

    def flat(self) -> dict[str, Any]:
        """Every setting by its dotted key, "network.depth" among them."""
        return dict(leaves(self.model_dump()))

    def key(self, name: str) -> str | None:
        """The dotted key that a name means, its own or that of its leaf; None without just one.

        An argument of a network of one's own may be called as a setting is: the leaf is then the
        setting, and the argument goes by its dotted key.
        """
        known = self.flat()
        if name in known:
            return name
        keys = [key for key in known if key.endswith(f".{name}")]
        settings = [key for key in keys if not key.startswith(ARGUMENTS)]
        found = settings or keys
        return found[0] if len(found) == 1 else None

    @model_validator(mode="after")
    def _smooth_classes_alone(self) -> Self:
        share = self.regularisation.label_smoothing
        if share and not self.loss.classes:
            raise ValueError(
                f"recipe.regularisation.label_smoothing: {share} is for classes; recipe.loss is "
                f"{self.loss.name}: use 0.0"
            )
        return self

    def without_effect(self) -> set[str]:
        """The dotted keys that change nothing, as the width of a linear model."""
        return {f"network.{name}" for name in self.network.without_effect()}

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The recipe with other values, by names of leaves or dotted keys.

        Raises ValueError for a name that it does not have, or a value that it cannot have.
        """
        content = self.model_dump()
        for name, value in values.items():
            key = self.key(name)
            if key is None:
                raise ValueError(f"recipe: has no {name}")
            *sections, last = key.split(".")
            place = content
            for section in sections:
                place = place[section]
            place[last] = value
        return type(self).model_validate(content)
