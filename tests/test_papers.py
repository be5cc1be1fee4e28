"""The papers beside the code: links that lead somewhere, commands that exist, bounds, licence, version, twins.

Rule: what a person reads must be true of this very checkout; nothing here asks a network.
"""

import functools
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests import commands_page, trusted_base

ROOT = Path(__file__).parents[1]
FORMAT = Path("dropbox/wire/FORMAT.md")
VECTORS = Path("tests/vectors/README.md")
# Pages with their greatest number of lines.
BOUNDS = {
    **dict.fromkeys(("README.md", "SECURITY.md"), 150),
    **dict.fromkeys(
        ("keys/README.md", "dropbox/web/OPERATING.md", "dropbox/INSTALLING.md", "dropbox/REVIEWING.md"), 200
    ),
    **dict.fromkeys(("dropbox/courier/KURIR.md", "dropbox/courier/COURIER.md"), 200),
    **dict.fromkeys(("dropbox/triage/PETUGAS.md", "dropbox/triage/OFFICER.md"), 200),
    **dict.fromkeys(("dropbox/receiver/PENERIMA.md", "dropbox/receiver/RECEIVER.md"), 200),
    **dict.fromkeys(("keys/SHARES.md", "keys/BAGIAN.md", "keys/LOST.md", "keys/HILANG.md"), 200),
}
TWINS = {
    "keys/UPACARA.md": "keys/README.md",
    "keys/BAGIAN.md": "keys/SHARES.md",
    "keys/HILANG.md": "keys/LOST.md",
    "dropbox/courier/KURIR.md": "dropbox/courier/COURIER.md",
    "dropbox/triage/PETUGAS.md": "dropbox/triage/OFFICER.md",
    "dropbox/receiver/PENERIMA.md": "dropbox/receiver/RECEIVER.md",
}
WIDTH = 160
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`(dropbox [^`]+)`")
FILE_HEAD = re.compile(r"dropbox (root key|private file) v1")  # the first line of a file, no command
CODE = re.compile(r"```.*?```", re.DOTALL)
PLACEHOLDER = re.compile(r"[A-Z]{2,}|…")


def pages() -> list[Path]:
    """Every page of the checkout, as a path below its root."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.splitlines() if (ROOT / name).is_file()]


PAGES = [path.as_posix() for path in pages()]
WRAPPED = [name for name in PAGES if Path(name) not in {FORMAT, VECTORS}]


def text(name: str | Path) -> str:
    return (ROOT / name).read_text("utf-8")


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def dead(name: str) -> list[str]:
    """The relative links of a page that lead to no file or to no heading."""
    found = []
    for target in LINK.findall(CODE.sub("", text(name))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        full = (ROOT / name).parent / path if path else ROOT / name
        if not full.exists() or (anchor and anchor not in anchors(full.read_text("utf-8"))):
            found.append(target)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    """A link names a file of the checkout and, behind `#`, one of its headings."""
    assert dead(name) == []


@pytest.mark.parametrize("name", WRAPPED)
def test_no_line_is_too_wide(name: str) -> None:
    """Outside of tables and blocks of commands no line has more than 160 characters."""
    lines = text(name).splitlines()
    assert [line for line in lines if len(line) > WIDTH and not line.startswith(("|", "    "))] == []


@pytest.mark.parametrize("name", BOUNDS)
def test_a_page_stays_short(name: str) -> None:
    """Nobody has to read more than its bound."""
    assert len(text(name).splitlines()) <= BOUNDS[name]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_paths_in_pages_exist(name: str) -> None:
    """A path of the code or of a test that a page names is there."""
    named = re.findall(r"`((?:dropbox|tests|keys|templates|bench)/[\w./-]+)`", text(name))
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


def test_the_modules_on_the_houses_page_exist() -> None:
    """Every module that dropbox/README.md walks through is there."""
    named = re.findall(r"`((?!tests/)[a-z_]+(?:/[\w-]+)+\.(?:py|js))`", text("dropbox/README.md"))
    assert len(named) > 30
    assert [path for path in named if not (ROOT / "dropbox" / path).is_file()] == []


def test_the_houses_page_names_every_package() -> None:
    """No package is left out."""
    page = text("dropbox/README.md")
    folders = {path.parent.relative_to(ROOT / "dropbox") for path in (ROOT / "dropbox").rglob("__init__.py")}
    names = {path.as_posix() for path in folders if path.parts and path.parts[0] != "store"} | {"store"}
    missing = {name for name in names if f"`{name}`" not in page}
    assert missing - {"triage", "triage/ui/pages", "web/translations"} == set()


# ---- commands --------------------------------------------------------------------------------------------------------


@functools.cache
def known() -> dict[str, set[str]]:
    """The options of each command by its full name; of a command that only holds others none."""
    found: dict[str, set[str]] = {"dropbox": set()}
    for name, parser, _ in commands_page.commands():
        words = name.split()
        for length in range(1, len(words)):
            found.setdefault(" ".join(words[:length]), set())
        found[name] = {option for action in parser._actions for option in action.option_strings}
    return found


def command_of(words: list[str]) -> str:
    """The longest beginning of the words that is a command."""
    return next(" ".join(words[:n]) for n in range(len(words), 0, -1) if " ".join(words[:n]) in known())


def wrong(line: str) -> str:
    """What a line that begins with `dropbox` gets wrong; empty for nothing."""
    words = shlex.split(line, comments=True)
    name = command_of(words)
    rest = words[len(name.split()) :]
    options = {word.split("=")[0] for word in rest if word.startswith("--")}
    is_group = any(other.startswith(name + " ") for other in known())
    if is_group and rest and not rest[0].startswith("-") and not PLACEHOLDER.search(rest[0]):
        return f"no command {name} {rest[0]}"
    lacking = options - known()[name] - {"--help"}
    return f"{name} has no {sorted(lacking)}" if lacking else ""


def command_lines(name: str) -> list[str]:
    """The commands of a page: in its indented blocks and between backquotes."""
    page = text(name)
    blocks = [line.partition("dropbox ") for line in page.splitlines() if line.startswith("    ")]
    started = [
        f"dropbox {rest}"
        for head, found, rest in blocks
        if found and re.fullmatch(r" {4,}([RSW]   )?([A-Z_]+=\w+ )?", head)
    ]
    prose = " ".join(" ".join(line for line in page.splitlines() if not line.startswith("    ")).split())
    return [one for one in started + INLINE.findall(prose) if "|" not in one and not FILE_HEAD.fullmatch(one)]


@pytest.mark.parametrize("name", [name for name in WRAPPED if name not in {"dropbox/COMMANDS.md", "CHANGELOG.md"}])
def test_documented_commands_exist(name: str) -> None:
    """Each `dropbox …` of a page is a command of the program, with options that it has."""
    assert [found for line in command_lines(name) if (found := wrong(line))] == []


def program_texts() -> list[Path]:
    """Files of the product that may name a command to a person."""
    found = [path for kind in ("*.py", "*.toml", "*.po") for path in (ROOT / "dropbox").rglob(kind)]
    return [path for path in [*found, *(ROOT / "templates").rglob("*.html")] if "node_modules" not in path.parts]


def test_commands_that_the_program_names_exist() -> None:
    """A message or a comment of the product sends nobody to a command that is gone."""
    found = []
    for path in program_texts():
        joined = re.sub(r'"\s*\n\s*f?"|\\\n\s*', "", path.read_text("utf-8"))
        lines = [line for line in INLINE.findall(joined) if not re.search(r"[{}|…]|COMMAND", line)]
        found += [f"{path.name}: {fault}" for line in lines if not FILE_HEAD.fullmatch(line) and (fault := wrong(line))]
    assert found == []


def test_commands_are_found_at_all() -> None:
    """The check reads both kinds of places, and notices a command and an option that do not exist."""
    assert len(command_lines("keys/README.md")) > 20
    assert "dropbox store sweep" in command_lines("dropbox/web/OPERATING.md")
    assert wrong("dropbox courier fetch x") == "no command dropbox courier fetch"
    assert wrong("dropbox courier export x --fast") == "dropbox courier export has no ['--fast']"


def test_the_page_of_commands_is_the_programs_own() -> None:
    """dropbox/COMMANDS.md is what `make pages` writes."""
    assert text("dropbox/COMMANDS.md") == commands_page.page()


# ---- twins -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TWINS)
def test_two_languages_say_the_same(name: str) -> None:
    """Both versions have as many headings, table rows and items, in the same order, and the same commands and links."""

    def shape(page: str) -> list[str]:
        return re.findall(r"^(?:#+(?= )|\||-(?= )|\d\.(?= ))", page, re.MULTILINE)

    def commands(page: str) -> list[str]:
        return [line.split("  # ")[0].strip() for line in page.splitlines() if line.startswith("    ")]

    def links(page: str) -> list[str]:
        twins = {Path(a).name for a in (*TWINS, *TWINS.values())}
        return sorted(link for link in LINK.findall(page) if Path(link).name not in twins)

    one, other = text(name), text(TWINS[name])
    assert shape(one) == shape(other)
    assert commands(one) == commands(other)
    assert links(one) == links(other)


@pytest.mark.parametrize(
    ("name", "rooms"),
    [
        ("dropbox/courier/COURIER.md", "courier"),
        ("dropbox/courier/KURIR.md", "courier"),
        ("dropbox/receiver/RECEIVER.md", "receiver"),
    ],
)
def test_the_messages_in_a_guide_are_the_programs(name: str, rooms: str) -> None:
    """What a guide explains of a command's messages stands in the command's code or its sentences, piece by piece."""
    files = [*(ROOT / "dropbox" / rooms).glob("*.py"), *(ROOT / "dropbox/sentences").glob("*.toml")]
    code = re.sub(r'"\s*\n\s*f?"', "", "\n".join(path.read_text("utf-8") for path in files))
    shown = re.findall(r"^\| `([^`]+)` \|", text(name), re.MULTILINE)
    split = [piece.strip() for message in shown for piece in re.split(r"…|\bN\b|: ", message)]
    pieces = [piece for piece in split if len(piece) > 5]
    assert len(pieces) >= len(shown) - 1
    assert [piece for piece in pieces if piece not in code] == []


# ---- decisions, gaps, trusted base -----------------------------------------------------------------------------------


def test_no_decision_is_lost() -> None:
    """The numbers run without a gap, and each record has its context, decision and what was rejected."""
    records = re.split(r"^### ", text("dropbox/DECISIONS.md"), flags=re.MULTILINE)[1:]
    numbers = sorted(int(record.split(".")[0]) for record in records)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 66
    parts = ("*Context:* ", "*Decision:* ", "*Rejected:* ")
    assert [record[:60] for record in records if any(part not in " ".join(record.split()) for part in parts)] == []


def test_the_index_names_every_decision_in_its_group() -> None:
    """The groups of the first paragraph are the sections, with the numbers of their records."""
    head, *sections = re.split(r"^## ", text("dropbox/DECISIONS.md"), flags=re.MULTILINE)
    written = {}
    for entry in " ".join(head.split("\n\n")[2].split()).split(" · "):
        name, numbers = re.split(r" (?=\d)", entry, maxsplit=1)
        spans = [[int(end) for end in span.split("–")] for span in numbers.split(", ")]
        written[name.capitalize()] = [number for span in spans for number in range(span[0], span[-1] + 1)]
    found = {one.splitlines()[0]: sorted(map(int, re.findall(r"^### (\d+)\.", one, re.MULTILINE))) for one in sections}
    assert written == found


def test_every_gap_has_a_verdict() -> None:
    """Each gap is accepted for a reason, or to do."""
    gaps = [" ".join(gap.split("\n\n")[0].split()) for gap in text("dropbox/GAPS.md").split("\n- ")[1:]]
    assert len(gaps) > 80
    assert [gap[:80] for gap in gaps if not re.search(r"\*because\*|\*Accepted, because\*|\*To do:\*", gap)] == []


def test_the_trusted_base_is_counted() -> None:
    """REVIEWING.md has today's figures, give or take five lines of a hundred."""
    page, now = trusted_base.written(text("dropbox/REVIEWING.md")), trusted_base.count_now()
    assert set(page) == {*now, "**together**"}
    for part, lines in now.items():
        assert lines > 0
        assert page[part] == pytest.approx(lines, rel=0.05), f"make pages: {part}"


def test_lines_of_code_are_counted() -> None:
    """Blank lines, comments and docstrings do not count; strings that are values do."""
    python = '"""Doc.\n\nmore"""\n\n# why\nX = """a\nb"""\n\n\ndef f():\n    """Doc."""\n    return X  # so\n'
    assert trusted_base.python_lines(python) == 4
    assert trusted_base.script_lines("/* a\n b */\n// c\n\nlet x = 1; // d\n/** e */\nf();\n") == 2


# ---- licence and version ---------------------------------------------------------------------------------------------


def test_the_licences_are_there_and_named() -> None:
    """AGPL for the program, CC0 for format and vectors, and the wheel takes both along with the notices."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert text("LICENSE").lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    for name in ("dropbox/wire/LICENSE", "tests/vectors/LICENSE"):
        assert text(name).startswith("Creative Commons Legal Code\n\nCC0 1.0 Universal")
    assert project["license"].startswith("AGPL-3.0-or-later")
    assert [name for name in project["license-files"] if not (ROOT / name).is_file()] == []
    assert "cahyadsn/wilayah" in text("dropbox/NOTICES.md")


def test_the_version_is_the_newest_of_the_changes() -> None:
    """pyproject.toml and CHANGELOG.md name the same version."""
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    newest = re.findall(r"^## (\d+\.\d+\.\d+)", text("CHANGELOG.md"), re.MULTILINE)
    assert newest[0] == version
    assert f"Version {version}" in text("README.md")
