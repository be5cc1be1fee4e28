"""Counts the lines of code that a reporter's secrecy rests on.

`python -m tests.trusted_base` prints the table of REVIEWING.md, `--write` puts it there, `--files` names the files. A
line of code holds something besides blanks, comments and docstrings.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "dropbox/REVIEWING.md"
MARK = "<!-- trusted base: written by tests/trusted_base.py -->"
HEAD = "| part | lines | ask |"

# Part, in the order in which to read: patterns of its files. A star does not cross a folder.
NOW = {
    "wire: bytes and values": ("dropbox/wire/*.py",),
    "crypto, public half": ("dropbox/crypto/*.py",),
    "store: ciphertext only": ("dropbox/store/*.py",),
    "request bodies": ("dropbox/web/http/body.py", "dropbox/web/http/multipart.py"),
    "connections, requests, answers": (
        "dropbox/serving/*.py",
        "dropbox/web/http/*.py",
        "!dropbox/web/http/body.py",
        "!dropbox/web/http/multipart.py",
    ),
    "application, routes, frame of pages": ("dropbox/web/app.py", "dropbox/web/routes.py", "dropbox/web/base/*.py"),
    "form and its checks": ("dropbox/form/*.py",),
    "published keys and boards": ("dropbox/published/*.py",),
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
# What else the server imports on the road without JavaScript, and why it is not counted.
EXCUSED = {
    "dropbox/errors.py": "codes of errors, without a value that was typed",
    "dropbox/limits.py": "numbers",
    "dropbox/sentences/*.py": "reads the program's own sentences",
    "dropbox/settings/*.py": "reads the installation's settings, at the start",
    "dropbox/vocabulary/*.py": "reads the program's own words",
    "dropbox/web/checks/*.py": "looks at the own process and its sockets, never at a request's body",
    "dropbox/web/pages/*.py": "pages for a GET: no handler of them reads a body",
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


def files_now() -> dict[str, list[str]]:
    """Name the files of each part as they are in the working tree."""
    found = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "dropbox").rglob("*.[pj][ys]"))
    return {part: [path for path in found if matches(path, patterns)] for part, patterns in NOW.items()}


def count_now() -> dict[str, int]:
    """Count the lines of each part in the working tree."""
    return {part: count(paths, lambda path: (PROJECT / path).read_text("utf-8")) for part, paths in files_now().items()}


# What to ask of a part.
QUESTIONS = {
    "wire: bytes and values": "Can two byte strings parse to one value? Is every length checked before it is used?",
    "crypto, public half": (
        "Is each key used with one label only? What happens on a KEM error, a small-order point, a wrong commitment?"
    ),
    "store: ciphertext only": "What do two copies of the database reveal? What survives a deletion?",
    "request bodies": "Can a body reach a disk, or hold a worker? Does a cut anywhere change a byte of a file?",
    "connections, requests, answers": "Is a body kept in a log, a cache, a compressed answer or a later request?",
    "application, routes, frame of pages": "Which handlers see plaintext? What does an error page or a log line show?",
    "form and its checks": "Is typed text kept or compared anywhere after the answer?",
    "published keys and boards": "Can the server seal to a key that the root did not certify?",
    "report without JavaScript": "Does plaintext reach a disk, a log, an error, another request?",
    "answers and additions": "Does a look-up leave a trace, or differ by what was found?",
    "sealed messages into the store": "Can a half message be acknowledged, or a whole one be lost?",
    "browser: sealing": "Does it accept a false keyring, board or clock? Does it seal exactly what was typed?",
    "browser: pages": "Does anything typed leave the page before it is sealed? What if a script fails to load?",
}


def table() -> str:
    """Build the table in Markdown, with a sum."""
    now = count_now()
    rows = [f"| {part} | {count:_} | {QUESTIONS[part]} |" for part, count in now.items()]
    total = f"| **together** | **{sum(now.values()):_}** | |"
    return "\n".join([HEAD, "|---|---|---|", *rows, total]).replace("_", " ") + "\n"


def written(text: str) -> dict[str, int]:
    """Read the figures out of a page; empty if it has no table."""
    _, found, rest = text.partition(HEAD + "\n")
    rows = [line.strip("|").split("|") for line in rest.split("\n\n")[0].splitlines()[1:]] if found else []
    return {part.strip(): int(count.replace(" ", "").strip("*")) for part, count, *_ in rows}


def main() -> None:
    """Print the table, or write it into REVIEWING.md."""
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
