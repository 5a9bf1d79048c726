"""How deep can a network be before it overfits, and is that answer real or luck?

`depthgauge.sweep` answers it for data in memory, `depthgauge.judge` for losses that were measured
elsewhere, `depthgauge.compare` tells apart runs that others trained. What they need is imported
when they are first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from depthgauge.notebook.display import ThresholdDisplay as ThresholdDisplay
    from depthgauge.notebook.judge import judge as judge
    from depthgauge.notebook.result import Result as Result
    from depthgauge.notebook.sweep import sweep as sweep

__version__ = "0.1.0"

# Where each public name lies.
_PUBLIC = {
    "Result": "notebook.result",
    "ThresholdDisplay": "notebook.display",
    "judge": "notebook.judge",
    "sweep": "notebook.sweep",
}

__all__ = ["Result", "ThresholdDisplay", "__version__", "judge", "sweep"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    # Next time it is there.
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
