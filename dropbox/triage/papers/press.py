"""Runs as a program of its own: draws one paper, from JSON on standard input to a PDF on standard output.

    python -m dropbox.triage.papers.press < paper.json > paper.pdf

Rule: while a paper is drawn, the process can open neither a file nor a socket (RLIMIT_NOFILE), and it ends after one
paper, so that no text stays in the compiler's memory. The PDF is PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1);
the same JSON gives the same bytes.
"""

import resource
import sys
from pathlib import Path
from typing import Final

import typst

from dropbox.process import forbid_core_dumps

_HERE: Final = Path(__file__).parent
_SECONDS: Final = 60  # of processor time
# The compiler opens a font when it is first used: each is used here, before files are out of reach.
_EACH_FONT: Final = """#set text(font: ("Noto Sans", "Noto Naskh Arabic", "DejaVu Sans Mono"), fallback: false)
a *a* \u0645 *\u0645* #text(font: "DejaVu Sans Mono")[a *a*]"""


def main() -> int:
    """Draw the paper; return 0, or 1 with the compiler's message on standard error."""
    forbid_core_dumps()
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_HERE / "fonts"])
    typst.Compiler(_EACH_FONT.encode(), font_paths=fonts).compile(format="pdf")
    compiler = typst.Compiler(
        (_HERE / "template" / "paper.typ").read_bytes(),
        font_paths=fonts,
        sys_inputs={"paper": sys.stdin.buffer.read().decode("utf-8")},
    )
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    if not isinstance(pdf, bytes):
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
