"""AdamW (Loshchilov and Hutter 2019): Adam with decoupled weight decay."""

from typing import ClassVar

from depthgauge.training.optimizers.adam import Adam


class AdamW(Adam):
    """torch.optim.AdamW; weight decay shrinks the weights and not their moments."""

    fused: ClassVar[str] = "_fused_adamw_"
    name: str = "adamw"


ENTRY = AdamW
