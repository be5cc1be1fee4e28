"""Counts the lines of code that a reporter's secrecy rests on, now and before the house was rebuilt.

`python -m tests.trusted_base` prints the table of SECURITY.md, `--write` puts it there, `--files` names the files. A
line of code holds something besides blanks, comments and docstrings. "Before" is COMMIT, whose paths BEFORE names; it
needs git.
"""

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "SECURITY.md"
COMMIT = "297c3b6"
MARK = "<!-- trusted base: written by tests/trusted_base.py -->"
HEAD = "| part | now | before |"

# Part: patterns of its files; a pattern with "!" takes files away again. A star does not cross a folder.
NOW = {
    "wire: bytes and values": ("dropbox/wire/*.py",),
    "crypto, public half": ("dropbox/crypto/*.py",),
    "store: ciphertext only": ("dropbox/store/*.py",),
    "request bodies": ("dropbox/web/http/body.py", "dropbox/web/http/multipart.py"),
    "report without JavaScript": ("dropbox/web/report/*.py",),
    "answers and additions": ("dropbox/web/thread/*.py",),
    "sealed messages into the store": ("dropbox/web/intake/*.py",),
    "browser: sealing": (
        "dropbox/web/browser/src/*.js",
        *(
            f"dropbox/web/browser/src/{room}/*.js"
            for room in ("crypto", "form", "intake", "offline", "published", "thread", "wire")
        ),
    ),
    "browser: pages": ("dropbox/web/browser/src/page/*.js", "dropbox/web/browser/src/page/*/*.js"),
}
_PRIVATE = ("desk_keys", "identities", "officer_keys", "opening", "private_files", "receiver_keys", "server_key")
BEFORE = {
    "wire: bytes and values": (
        "dropbox/wire/*.py",
        "dropbox/triage/requests.py",
        "dropbox/triage/referral/json_schema.py",
    ),
    "crypto, public half": (
        "dropbox/crypto/*.py",
        *(f"!dropbox/crypto/{name}.py" for name in (*_PRIVATE, "signing_key")),
    ),
    "store: ciphertext only": ("dropbox/store/*.py",),
    "request bodies": ("dropbox/web/body.py", "dropbox/web/multipart.py"),
    "report without JavaScript": tuple(
        f"dropbox/web/{name}.py" for name in ("report", "report_pages", "reviewing", "formmac", "forms")
    ),
    "answers and additions": tuple(
        f"dropbox/web/{name}.py" for name in ("thread", "timeline", "meanings", "acts", "additions", "proof")
    ),
    "sealed messages into the store": tuple(
        f"dropbox/web/{name}.py" for name in ("tus", "receiving", "completing", "container")
    ),
    "browser: sealing": ("dropbox/web/browser/src/*.js",),
    "browser: pages": ("dropbox/web/browser/src/page/*.js",),
}


def python_lines(text: str) -> int:
    """Count the lines of a Python module that hold code."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str):
                documented.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in empty:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


def script_lines(text: str) -> int:
    """Count the lines of a JavaScript module that hold code; comments are those that begin a line."""
    count, inside = 0, False
    for line in (line.strip() for line in text.splitlines()):
        if inside or line.startswith("/*"):
            inside = "*/" not in line
        elif line and not line.startswith("//"):
            count += 1
    return count


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits the patterns, in a folder of the pattern's own depth."""
    fits = [one for one in patterns if fnmatchcase(path, one.removeprefix("!")) and path.count("/") == one.count("/")]
    return bool(fits) and not any(one.startswith("!") for one in fits)


def count(paths: Iterable[str], read: Callable[[str], str]) -> int:
    """Count the lines of code of files."""
    return sum((script_lines if path.endswith(".js") else python_lines)(read(path)) for path in paths)


def git(*arguments: str) -> str:
    """Run git in the project; returns what it prints."""
    return subprocess.run(["git", *arguments], cwd=PROJECT, check=True, capture_output=True, text=True).stdout


def files_now() -> dict[str, list[str]]:
    """Name the files of each part as they are in the working tree."""
    found = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "dropbox").rglob("*.[pj][ys]"))
    return {part: [path for path in found if matches(path, patterns)] for part, patterns in NOW.items()}


def count_now() -> dict[str, int]:
    """Count the lines of each part in the working tree."""
    return {part: count(paths, lambda path: (PROJECT / path).read_text("utf-8")) for part, paths in files_now().items()}


def count_before() -> dict[str, int]:
    """Count the lines of each part at COMMIT."""
    found = git("ls-tree", "-r", "--name-only", COMMIT, "dropbox").splitlines()
    return {
        part: count([path for path in found if matches(path, patterns)], lambda path: git("show", f"{COMMIT}:{path}"))
        for part, patterns in BEFORE.items()
    }


def table() -> str:
    """Build the table in Markdown, with a sum."""
    now, before = count_now(), count_before()
    rows = [f"| {part} | {now[part]:_} | {before[part]:_} |" for part in now]
    total = f"| **together** | **{sum(now.values()):_}** | **{sum(before.values()):_}** |"
    return "\n".join([HEAD, "|---|---|---|", *rows, total]).replace("_", " ") + "\n"


def written(text: str) -> dict[str, int]:
    """Read the figures of "now" out of a page; empty if it has no table."""
    _, found, rest = text.partition(HEAD + "\n")
    rows = [line.strip("|").split("|") for line in rest.split("\n\n")[0].splitlines()[1:]] if found else []
    return {part.strip(): int(now.replace(" ", "").strip("*")) for part, now, _ in rows}


def main() -> None:
    """Print the table, or write it into SECURITY.md."""
    if "--files" in sys.argv:
        print("\n".join(path for paths in files_now().values() for path in paths))
        return
    made = table()
    if "--write" not in sys.argv:
        print(made, end="")
        return
    head, _, rest = PAGE.read_text("utf-8").partition(MARK + "\n")
    _, _, after = rest.lstrip("\n").partition("\n\n") if HEAD in rest else ("", "", rest.lstrip("\n"))
    PAGE.write_text(f"{head}{MARK}\n\n{made}\n{after}", "utf-8")


if __name__ == "__main__":
    main()
