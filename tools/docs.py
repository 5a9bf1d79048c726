"""The site: docs/, the pages of verdicts and warnings, and every bundled experiment.

    python -m tools.docs     # or `make docs`

Stages all of it in build/docs, with links that lead within the site, and has zensical make site/ of
it. Ends with 1 and a line for each link, anchor or picture that leads nowhere.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ruamel.yaml import YAML
from tools.docs_pages import code_pages, experiment_pages, reports

ROOT = Path(__file__).resolve().parent.parent
CONFIG, STAGED, SITE = "mkdocs.yml", "build/docs", "site"
STYLE = "docs/site.css"
# What stands among the experiments, and what it is called there.
TABLES = {
    "published": "Published findings again",
    "lecture": "The lecture's table, repeated",
    "families": "Networks beside each other",
}
EXPERIMENTS = "experiments/README.md"
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
CODE = re.compile(r"\bDG\d{3}\b(?![\].])")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def pages(root: Path) -> dict[str, str]:
    """Where each committed page stands in the site, by its path in the repository."""
    found = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
    found |= {EXPERIMENTS: "experiments/index.md", "README.md": "index.md"}
    for pattern in ("docs/*.md", "experiments/*.md", "benchmarks/results/*.md"):
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            short = name.removeprefix("docs/").replace("benchmarks/results/", "benchmarks/")
            found.setdefault(name, short)
    return found


def stage(root: Path, out: Path) -> None:
    """Write all that the site is made of into a folder, which is made anew."""
    shutil.rmtree(out, ignore_errors=True)
    content = out / "content"
    committed, files = pages(root), {STYLE: Path(STYLE).name}
    codes = code_pages()
    known = {Path(place).stem for of_kind in codes.values() for place in of_kind}
    for name, place in committed.items():
        if name != "README.md":
            text = (root / name).read_text(encoding="utf-8")
            text = _relinked(text, name, place, root, committed, files)
            _write(content / place, _with_codes(text, place, known))
    made = experiment_pages(root)
    for name, text in made.items():
        # They are written as if they lay beside experiments/README.md.
        _write(content / name, _relinked(text, name, name, root, committed, files))
    for name, report in reports(root).items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(report, content / name)
    for name, text in (item for of_kind in codes.values() for item in of_kind.items()):
        _write(content / name, text)
    for name, place in files.items():
        (content / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, content / place)
    _complete_nav(root / CONFIG, out / CONFIG, [*made], codes)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _relinked(
    text: str, name: str, place: str, root: Path, committed: dict[str, str], files: dict[str, str]
) -> str:
    """A page with its links as they are in the site; files: what else they lead to, by its path."""

    def new(found: re.Match[str]) -> str:
        path, _, anchor = found[2].partition("#")
        if not path or re.match(r"\w+:", path):
            return found[0]
        target = os.path.normpath(os.path.join(os.path.dirname(name), path))
        if target == EXPERIMENTS and (root / "experiments" / anchor / "params.yaml").is_file():
            # In the repository a section, here a page.
            there, anchor = f"experiments/{anchor}.md", ""
        elif target in committed:
            there = committed[target]
        elif (root / target).is_file():
            there = files[target] = target.removeprefix("docs/")
        else:
            # Made, or the check below tells of it.
            return found[0]
        leads = os.path.relpath(there, os.path.dirname(place) or ".")
        return f"{found[1]}{leads}{'#' if anchor else ''}{anchor}{found[3]}"

    parts = FENCED.split(text)
    return "".join(p if p.startswith("```") else LINK.sub(new, p) for p in parts)


def _with_codes(text: str, place: str, known: set[str]) -> str:
    """A page on which the code of a verdict or warning is a link to its page."""
    folder = os.path.relpath("codes", os.path.dirname(place) or ".")

    def link(found: re.Match[str]) -> str:
        code = found[0]
        return f"[{code}]({folder}/{code}.md)" if code in known else code

    parts = re.split(f"{FENCED.pattern}|(`[^`]*`)", text, flags=FENCED.flags)
    return "".join(
        part if part.startswith("`") else CODE.sub(link, part) for part in filter(None, parts)
    )


def _complete_nav(
    config: Path, out: Path, experiments: list[str], codes: dict[str, dict[str, str]]
) -> None:
    """The settings of the site, with the pages that nobody lists by hand."""
    yaml = YAML()
    settings = yaml.load(config.read_text(encoding="utf-8"))
    sections: dict[str, list[Any]] = {
        "experiments": [
            {"What is asked": "experiments.md"},
            {"All of them": "experiments/index.md"},
            *({title: f"experiments/{name}.md"} for name, title in TABLES.items()),
            *experiments,
        ],
        "codes": [
            *codes.get("", ()),
            *({title.replace("`", ""): [*found]} for title, found in codes.items() if title),
        ],
    }
    whole = []
    for entry in settings["nav"]:
        ((title, leads),) = entry.items()
        found = sections.get(leads, leads) if isinstance(leads, str) else leads
        if found:
            whole.append({title: found})
    settings |= {"nav": whole, "docs_dir": "content", "site_dir": SITE}
    with out.open("w", encoding="utf-8") as file:
        yaml.dump(settings, file)


class _Page(HTMLParser):
    """ids: what an anchor may name. leads: where links and pictures lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = {""}
        self.leads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value for name, value in attrs if value}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag != "meta":
            self.leads += [found[name] for name in ("href", "src") if name in found]


def broken(site: Path) -> Iterator[str]:
    """A line for each link, anchor and picture of the site that leads nowhere in it."""
    read: dict[Path, _Page] = {}
    for path in sorted(site.rglob("*.html")):
        # What cannot be found is told at any address, and a report is whole by itself.
        if path.name not in ("404.html", "report.html"):
            read[path] = _Page(path.read_text(encoding="utf-8"))
    for path, page in read.items():
        for link in page.leads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{path.relative_to(site)}: {link} is no file"
            elif target in read and unquote(parts.fragment) not in read[target].ids:
                yield f"{path.relative_to(site)}: {link} is no heading there"


def build(root: Path, out: Path) -> list[str]:
    """Make the site of a repository in the folder `out`, which is made anew; a line for each fault.

    What zensical itself finds it prints.
    """
    stage(root, out)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file"]
    done = subprocess.run([*command, str(out / CONFIG)], stderr=subprocess.PIPE, check=False)
    said, _, trace = done.stderr.decode(errors="replace").partition("Traceback (most recent call")
    # What it finds it shows, and then ends with a traceback.
    sys.stderr.write(said)
    if done.returncode and not (out / SITE).is_dir():
        raise RuntimeError(f"zensical has made no site: {said}{trace}")
    return list(broken(out / SITE)) or ["zensical: see above"] * bool(done.returncode)


def main() -> int:
    """Make the site; 1 where a link, an anchor or a picture leads nowhere."""
    out = ROOT / STAGED
    lines = build(ROOT, out)
    if not lines:
        shutil.rmtree(ROOT / SITE, ignore_errors=True)
        shutil.move(out / SITE, ROOT / SITE)
    print("\n".join(lines) or f"docs: {SITE}/index.html")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
