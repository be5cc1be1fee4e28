"""Keeps the figures of long runs, and writes the tables of the reviewer's pages from them.

    python -m tests.fuzz.figures --add FILE …   adds lines that campaign, fuzz.mjs, agreement and test_http have printed
    python -m tests.fuzz.figures --write        writes the tables into REVIEWING.md and tests/fuzz/FIGURES.md

Rule: nobody types a number: executions are sums over all runs that were added, corpus and findings are those kept here.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.fuzz.keeping import FINDING
from tests.fuzz.modules import CORPUS

KEPT = Path(__file__).parent / "figures.json"
PAGE = Path(__file__).parent / "FIGURES.md"
REVIEWING = Path(__file__).parents[2] / "dropbox/REVIEWING.md"
MARK = "<!-- fuzzing: written by tests/fuzz/figures.py -->"
END = "<!-- end of fuzzing -->"
_GROUPS = {
    "wire_targets": "bytes of FORMAT",
    "sealed_targets": "signed objects, returns, exports, keyrings, contents of blobs",
    "opened_targets": "cards, dossiers, answers, timelines, claims, manifests, shares",
    "web_targets": "requests, multipart, forms, tus, containers, the gate's answers",
    "desk_targets": "registers (CSV), mail, office files, archives, replies of the sandbox",
    "browser": "JavaScript: pictures' cutter, boards, keys, certificates",
}
Figures = dict[str, dict[str, Any]]


def kept() -> Figures:
    """The figures by kind: `targets`, `families`, `applications`."""
    found: Figures = json.loads(KEPT.read_text("ascii"))
    return found


def add(figures: Figures, lines: Iterable[Mapping[str, Any]]) -> None:
    """Add the lines of runs: executions are summed; a family and an application have their last run."""
    for line in lines:
        if "target" in line:
            targets = figures["targets"]
            targets[line["target"]] = targets.get(line["target"], 0) + line["executions"]
        elif "family" in line:
            figures["families"][line["family"]] = {"objects": line["objects"], "said": line["said"]}
        else:
            figures["applications"][line["application"]] = line


def _number(value: int) -> str:
    return f"{value:_}".replace("_", " ")


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _corpus(name: str) -> tuple[int, int]:
    """How many inputs of a target are kept, and how many of them were findings."""
    names = [path.name for path in (CORPUS / name).iterdir()]
    return len(names), sum(one.startswith(FINDING) for one in names)


def _targets() -> dict[str, list[str]]:
    from tests.fuzz.targets import BY_MODULE
    from tests.fuzz.test_fuzzing import BROWSER

    return {**{module: list(table) for module, table in BY_MODULE.items()}, "browser": sorted(BROWSER)}


def summary(figures: Figures) -> str:
    """The tables of REVIEWING.md: groups of parsers, readers, applications."""
    executed, rows = figures["targets"], []
    for module, names in _targets().items():
        sizes = [_corpus(name) for name in names]
        counts = [executed.get(name, 0) for name in names]
        sums = (
            _number(sum(counts)),
            _number(min(counts)),
            sum(size for size, _ in sizes),
            sum(bad for _, bad in sizes),
        )
        rows.append(_row(_GROUPS[module], len(names), *sums))
    total = sum(executed.values())
    objects = _number(sum(family["objects"] for family in figures["families"].values()))
    families = len(figures["families"])
    return "\n".join(
        [
            _row("parsers", "targets", "executions", "fewest of one", "inputs kept", "of them findings"),
            "|---|---|---|---|---|---|",
            *rows,
            "",
            f"{_number(total)} executions. The three readers agree on {objects} objects of {families} families.",
            "",
            _row(
                "routes of",
                "routes",
                "requests",
                "5xx",
                "most work for one",
                "latest answer",
                "memory, warm and at the end",
            ),
            "|---|---|---|---|---|---|---|",
            *(_application(name, found) for name, found in sorted(figures["applications"].items())),
        ]
    )


def _application(name: str, found: Mapping[str, Any]) -> str:
    warm, end = (f"{found[key]} MiB" for key in ("warm", "end"))
    took = (f"{found['work']} s", f"{found['latest']} s")
    return _row(name, found["routes"], _number(found["requests"]), found["faults"], *took, f"{warm}, {end}")


def page(figures: Figures) -> str:
    """The page with a line for each target and each family."""
    by = "Written by `python -m tests.fuzz.figures --write`; each target and family by name."
    lines = ["# Figures of fuzzing", "", by, ""]
    lines += [_row("parser", "group", "executions", "inputs kept", "of them findings"), "|---|---|---|---|---|"]
    for module, names in _targets().items():
        for name in names:
            lines.append(_row(name, _GROUPS[module], _number(figures["targets"].get(name, 0)), *_corpus(name)))
    lines += ["", _row("family", "objects", "what all three readers said"), "|---|---|---|"]
    for name, found in sorted(figures["families"].items()):
        said = ", ".join(f"{what} {_number(count)}" for what, count in sorted(found["said"].items()))
        lines.append(_row(name, _number(found["objects"]), said))
    return "\n".join(lines) + "\n"


def reviewing(text: str, figures: Figures) -> str:
    """REVIEWING.md with its tables written anew."""
    head, _, rest = text.partition(MARK + "\n")
    _, _, after = rest.partition(END)
    return f"{head}{MARK}\n\n{summary(figures)}\n\n{END}{after}"


def main() -> None:
    """Add figures, or write the pages."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--add", type=Path, nargs="+", default=[])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    figures = kept()
    for path in asked.add:
        add(figures, map(json.loads, path.read_text("ascii").splitlines()))
    if asked.add:
        KEPT.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "ascii")
    if asked.write:
        PAGE.write_text(page(figures), "utf-8")
        REVIEWING.write_text(reviewing(REVIEWING.read_text("utf-8"), figures), "utf-8")


if __name__ == "__main__":
    main()
