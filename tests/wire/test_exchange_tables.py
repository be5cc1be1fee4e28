"""The tables of EXCHANGE.md against the code: limits, magics, labels, codes and refusals, in both directions."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from dropbox import limits
from dropbox.crypto import receivers, signing
from dropbox.crypto.exports import EXPORT, SERVER_CERTIFICATE
from dropbox.crypto.site_manifest import SITE_MANIFEST
from dropbox.vocabulary import codes
from dropbox.web.intake.acceptance import Refusal
from dropbox.wire import blob, board, dossier, receiver, signed, statuses

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dropbox"
TEXT = (PACKAGE / "wire/EXCHANGE.md").read_text("utf-8")
BROWSER_LIMITS = (PACKAGE / "web/browser/src/limits.js").read_text("utf-8")
BROWSER_ALONE = {
    name: int(value)
    for name, value in re.findall(r"^export const (\w+) = (\d+);", BROWSER_LIMITS, re.MULTILINE)
    if not hasattr(limits, name)
}
UNITS = {"KIB", "MIB"}
DERIVING = {"prf": 1, "labelled_hash": 0}  # function: place of its label


# Limits in the code of the wire that another limit of the table implies, or that bind no other implementation.
NOT_IN_TABLE = {
    "wire.board.SHARDS_MAX": "BOARD_CELLS_MAX / SHARD_CELLS_MAX",
    "wire.claim.STATEMENT_MAX_CHARACTERS": "of our own form",
}


def table(heading: str) -> Iterator[list[str]]:
    """Cells of each row of the first table below a heading."""
    section = re.split(rf"^#+ {re.escape(heading)}$", TEXT, flags=re.MULTILINE)[1]
    rows = re.findall(r"^\|(.*)\|$", re.split(r"^#+ ", section, flags=re.MULTILINE)[0], re.MULTILINE)
    for row in rows[2:]:
        yield [cell.strip() for cell in row.split("|")]


def modules() -> Iterator[ast.Module]:
    """The syntax trees of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield ast.parse(path.read_text("utf-8"))


def test_limits() -> None:
    """Each limit of the table is the one that the code uses."""
    for name, value, _ in table("Limits"):
        module, _, constant = name.rpartition(".")
        held = importlib.import_module(f"dropbox.{module}") if module else limits
        assert getattr(held, constant, BROWSER_ALONE.get(constant)) == int(value), name


def _limits_of_the_wire() -> Iterator[str]:
    """Names of the limits that a module of the wire imports or sets, and of those that only a browser has."""
    yield from BROWSER_ALONE
    for path in sorted((PACKAGE / "wire").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "dropbox.limits":
                yield from (name.name for name in node.names if name.name not in UNITS)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and "MAX" in node.target.id:
                yield f"wire.{path.stem}.{node.target.id}"


def test_no_limit_is_missing() -> None:
    """The table has each limit that a module of the wire imports or sets, but for those listed here."""
    named = {row[0] for row in table("Limits")}
    assert set(_limits_of_the_wire()) - named == NOT_IN_TABLE.keys()


def test_magics() -> None:
    """The table names every magic of the code, once, and no other."""
    found = {
        node.value.decode()
        for tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes) and re.fullmatch(b"DBX[A-Z]", node.value)
    }
    named = [row[0] for row in table("Magics")]
    assert sorted(named) == sorted(found)
    of_stations = {row[0] for row in table("Magics") if row[2] == "by magic"}
    assert of_stations == {magic.decode() for magic in signed.LABELS}


def _labels(tree: ast.Module) -> Iterator[str]:
    names = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign | ast.Assign)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DERIVING:
            label = node.args[DERIVING[node.func.id]]
            if isinstance(label, ast.Name) and label.id != "label":
                yield names[label.id]
            elif isinstance(label, ast.Constant):
                assert isinstance(label.value, str)
                yield label.value


def test_labels() -> None:
    """The table names every label under which the code derives, hashes or signs, once for each use, and no other."""
    derived = {label for tree in modules() for label in _labels(tree)}
    signing_labels = {
        *signed.LABELS.values(),
        *(signing.CERTIFICATE, signing.REVOCATIONS, signing.FILE, SERVER_CERTIFICATE, SITE_MANIFEST, EXPORT),
        *("claim", receivers.CARD_LABEL, receivers.ANSWER_LABEL),
    }
    by_use: dict[str, list[str]] = {"derived": [], "signature": []}
    for names, use, _ in table("Labels"):
        by_use["signature" if use == "signature" else "derived"] += names.split(", ")
    assert sorted(by_use["derived"]) == sorted(derived)
    assert sorted(by_use["signature"]) == sorted(signing_labels)


def test_codes() -> None:
    """The table names every code of the wire."""
    shown = {kind: tuple(names.split(", ")) for kind, names in table("Codes")}
    assert shown == {
        "kind of a blob": (blob.REPORT, blob.ADDITION, blob.FILE),
        "lang": blob.LANGUAGES,
        "channel": statuses.CHANNELS,
        "category": statuses.CATEGORIES,
        "protection": tuple(codes.Protection),
        "act": blob.ACTS,
        "kind of a timeline's entry": (board.STATUS, board.RECEIVED, board.MESSAGE),
        "status": statuses.STATUSES,
        "result of an answer": dossier.RESULTS,
        "purpose of a card": receiver.PURPOSES,
        "use of an anchor": ("real", "demo"),
    }


def test_refusals_of_an_upload() -> None:
    """The table of statuses has each key and status with which an upload is refused, and no other."""
    pairs: set[tuple[str, str]] = set()
    for name in ("tus", "acceptance"):
        tree = ast.parse((PACKAGE / f"web/intake/{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == Refusal.__name__:
                key, status = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
                pairs.add((str(status), str(key)))
    shown = {(row[0], row[1]) for row in table("Upload") if row[1]}
    assert shown == pairs
