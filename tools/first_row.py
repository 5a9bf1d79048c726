"""The first row of the default experiment's figure: the fixed recipe, for the door.

    python -m tools.first_row > docs/digits.svg

Cut from results/loss-by-depth.svg, which has a row for each recipe.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FIGURE = "results/loss-by-depth.svg"
SVG = "http://www.w3.org/2000/svg"
# Between the axis of a row and the title of the next.
BETWEEN = 34


def first_row(root: Path) -> str:
    """The picture as text. The figure must have several rows."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    svg = ElementTree.fromstring((root / FIGURE).read_text(encoding="utf-8"))
    rows: set[float] = set()
    for facet in ("row_header", "cell"):
        for group in svg.iter(f"{{{SVG}}}g"):
            if facet in group.get("class", "").split():
                for cell in list(group):
                    rows.add(below := _below(cell))
                    if below:
                        group.remove(cell)
    top = _below(next(iter(svg.findall(f"{{{SVG}}}g"))))
    height = f"{top + sorted(rows)[1] - BETWEEN:g}"
    svg.set("height", height)
    svg.set("viewBox", f"0 0 {svg.get('width')} {height}")
    drawn = ElementTree.tostring(svg, encoding="unicode")
    defs = svg.find(f"{{{SVG}}}defs")
    # What only the other rows were cut to.
    for path in list(defs if defs is not None else ()):
        if f"#{path.get('id')})" not in drawn:
            assert defs is not None
            defs.remove(path)
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


def _below(cell: ElementTree.Element) -> float:
    """How far down it stands."""
    found = re.fullmatch(r"translate\([^,]+,([^)]+)\)", cell.get("transform", ""))
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    sys.stdout.write(first_row(ROOT))
