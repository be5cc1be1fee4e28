"""Runs `dropbox lpsk`: a reporter makes a request for protection to LPSK on their own machine, without network.

Rule: only the request contains the reporter's identity: it is read from a file and written into one new file. The
inspectorate gets none of it; the request cites the agenda number, which opens no report.
"""

import datetime
import html
import os
import re
from pathlib import Path
from typing import Final

from dropbox.disk.small import read_small
from dropbox.disk.terminal import say
from dropbox.errors import MalformedError, NotFoundError, RefusedError
from dropbox.limits import KIB
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.wire.fields import text

_TEXT_MAX_BYTES: Final = 64 * KIB  # about thirty pages
_AGENDA: Final = re.compile(r"[\w./-]{1,64}")
_KINDS: Final = vocabulary.table("protection", "lpsk")
# A page, not a PDF: a reporter's machine has a browser, which prints it with its own fonts, and no program for papers.
# LPSK's own form is not known: the request contains what such a request needs, and LPSK may ask for more.
_PAGE: Final = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Permohonan pelindungan</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
@page {{ size: A4; margin: 2.2cm 2.2cm 2.2cm 2.5cm;
  @bottom-right {{ content: counter(page) " / " counter(pages); font: 9pt sans-serif; }} }}
body {{ max-width: 17cm; margin: 2em auto; padding: 0 1em; color: #000; background: #fff; overflow-wrap: anywhere;
  font: 11.5pt/1.5 "Noto Sans", "Segoe UI", Roboto, Arial, "Noto Naskh Arabic", sans-serif; }}
h1 {{ font-size: 1.3em; text-align: center; text-transform: uppercase; }}
h2 {{ font-size: 1.05em; margin: 1.2em 0 .2em; break-after: avoid; }}
pre {{ font: inherit; white-space: pre-wrap; margin: 0 0 .8em; }}
.date {{ text-align: right; }} .sign {{ margin-left: 55%; break-inside: avoid; }} .sign p {{ margin: 0; }}
.sign p + p {{ margin-top: 2.2cm; border-top: 1px dotted; }}
.hint {{ border: 1px solid; padding: .5em 1em; }}
@media print {{ .hint {{ display: none; }} body {{ max-width: none; margin: 0; padding: 0; }} }}
</style></head>
<body>
<p class="hint">Cetak halaman ini, tanda tangani, dan serahkan sendiri kepada LPSK. Lalu hapus berkas ini.</p>
<p class="date">........................, {day}</p>
<h1>Permohonan pelindungan</h1>
<p>Yth. Ketua Lembaga Perlindungan Saksi dan Korban (LPSK)<br>di Jakarta</p>
<h2>Pemohon</h2>
<pre dir="auto">{identity}</pre>
<h2>Laporan saya</h2>
<p>Saya melaporkan dugaan pelanggaran kepada Inspektorat Jenderal Kementerian Agama. Nomor agenda: {agenda}.</p>
<h2>Ancaman atau perlakuan yang saya alami</h2>
<pre dir="auto">{summary}</pre>
<h2>Yang saya mohon</h2>
<ul>{kinds}</ul>
<p>Saya melapor dengan iktikad baik. Mohon identitas saya dirahasiakan.</p>
<p>Bila diminta, saya dapat membuktikan bahwa laporan itu milik saya.</p>
<div class="sign"><p>Hormat saya,</p><p>&nbsp;</p></div>
</body></html>
"""


def run(argv: list[str]) -> int:
    """Run `dropbox lpsk`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    agenda = options.agenda.strip()
    if not _AGENDA.fullmatch(agenda):
        raise MalformedError("lpsk.agenda")
    identity, summary = (_read(path) for path in (options.identity_file, options.summary_file))
    page = _PAGE.format(
        day=spoken_date(datetime.datetime.now().astimezone().date(), "id"),
        agenda=html.escape(agenda),
        identity=html.escape(identity),
        summary=html.escape(summary),
        kinds="".join(f"<li>{_KINDS[kind]['id']}</li>" for kind in dict.fromkeys(options.kind)),
    )
    _write(options.out, page.encode("utf-8"))
    say(Sentence("command.lpsk-written"))
    say(Sentence("command.lpsk-delete"))
    return 0


def _parser() -> Parser:
    parser = Parser(prog="dropbox lpsk", description=words_of("help.lpsk-about"))
    parser.add_argument("--agenda", required=True, metavar="NUMBER", help=words_of("help.agenda"))
    parser.add_argument("--identity-file", required=True, type=Path, metavar="F", help=words_of("help.identity-file"))
    parser.add_argument("--summary-file", required=True, type=Path, metavar="F", help=words_of("help.summary-file"))
    parser.add_argument("--kind", required=True, action="append", choices=tuple(_KINDS), help=words_of("help.repeat"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=words_of("help.lpsk-out"))
    return parser


def _read(path: Path) -> str:
    found = text(read_small(path, _TEXT_MAX_BYTES)).strip()
    if not found:
        raise MalformedError("file.empty", name=path.name)
    return found


def _write(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except BaseException:  # no partial file: it would contain the identity
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise RefusedError("file.target-exists") from None
    except OSError as error:
        raise NotFoundError("file.request-unwritable", system=error.errno) from None
