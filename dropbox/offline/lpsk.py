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
from dropbox.wire.fields import text

_TEXT_MAX_BYTES: Final = 64 * KIB  # about thirty pages
_AGENDA: Final = re.compile(r"[\w./-]{1,64}")
_KINDS: Final = vocabulary.table("protection", "lpsk")
# LPSK's own form is not known: the request contains what such a request needs, and LPSK may ask for more.
_PAGE: Final = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Permohonan pelindungan</title>
<style>body{{font:12pt/1.5 serif;max-width:40em;margin:3em auto}}pre{{font:inherit;white-space:pre-wrap}}</style></head>
<body><h1>Permohonan pelindungan</h1>
<p>Kepada Lembaga Perlindungan Saksi dan Korban (LPSK)</p>
<p>Tanggal: {day}</p>
<h2>Pemohon</h2><pre>{identity}</pre>
<h2>Laporan</h2>
<p>Saya melaporkan dugaan pelanggaran kepada Inspektorat Jenderal Kementerian Agama. Nomor agenda: {agenda}.</p>
<pre>{summary}</pre>
<h2>Yang saya mohon</h2><ul>{kinds}</ul>
<p>Saya melapor dengan iktikad baik. Mohon identitas saya dirahasiakan.</p>
<p>Bila diminta, saya dapat membuktikan bahwa laporan itu milik saya (<code>dropbox claim</code>).</p>
<p>Tanda tangan:</p><p>&nbsp;</p><p>____________________</p>
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
        day=datetime.datetime.now().astimezone().date().isoformat(),
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
