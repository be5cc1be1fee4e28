"""Runs `dropbox seal`: seals a report and its files into one container, on a machine without network.

Rule: the keyring must verify from the given root today, and typed text is written only into the sealed container.
Memory does not grow with the files.
"""

import argparse
import datetime
import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.crypto.envelope import Envelope, sealed_name
from dropbox.crypto.keyring import Keyring, verify_keyring
from dropbox.crypto.sealing import Address, Decoys, Sealer, seal_text
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce, new_secret, parse_secret
from dropbox.disk.paths import is_plain_file, is_there, remove_left_over
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import MalformedError, NotFoundError, RefusedError, StorageFullError, TooLargeError
from dropbox.form import form_file
from dropbox.form.lengths import is_too_long
from dropbox.form.model import UNANSWERED, WHEN
from dropbox.form.typed import answers_of
from dropbox.limits import FIELD_MAX_BYTES, FIELD_MAX_CHARACTERS, FILE_MAX_BYTES, FILES_PER_FORM_MAX, KIB, MIB
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.settings.installation import load as load_settings
from dropbox.wire.blob import ADDITION, FILE, REPORT
from dropbox.wire.calendar import Day, date_of, day_of, epoch_last_day
from dropbox.wire.container import ENTRY_HEAD_BYTES, SealedEntry, container_head
from dropbox.wire.keyring import RootAnchor, parse_anchor
from dropbox.wire.statuses import CATEGORIES, CHANNELS

_KEYRING_MAX_BYTES: Final = 8 * MIB
_ANCHOR_MAX_BYTES: Final = 4 * KIB
_PIECE: Final = MIB
_REQUIRED: Final = ("what", "who", "where")


def run(argv: list[str]) -> int:
    """Run `dropbox seal`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    fresh = options.code is None
    if fresh:
        if options.who is None:
            say(Sentence("command.seal-who"))
            return 2
    elif options.words_file is None or not options.desk:
        say(Sentence("command.seal-code"))
        return 2
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    letter = _Letter.of(options, today)
    reader = _reader_of(letter)
    _write(options.to, letter)
    _say(letter, options.to, reader, fresh=fresh)
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="dropbox seal",
        description=words_of("help.seal-about"),
        epilog=words_of("help.seal-more"),
    )
    parser.add_argument("--keyring", type=Path, metavar="FILE", required=True, help=words_of("help.keyring"))
    parser.add_argument("--root-pub", type=Path, metavar="FILE", required=True, help=words_of("help.root-pub"))
    parser.add_argument("--to", type=Path, metavar="FILE", required=True, help=words_of("help.container"))
    parser.add_argument("--desk", metavar="NAME", help=words_of("help.seal-desk"))
    parser.add_argument("--channel", choices=CHANNELS, default=UNANSWERED["channel"], help=words_of("help.channel"))
    parser.add_argument(
        "--category", choices=CATEGORIES, default=UNANSWERED["category"], help=words_of("help.category")
    )
    parser.add_argument("--text-file", type=Path, metavar="FILE", required=True, help=words_of("help.text-file"))
    parser.add_argument("--who", metavar="TEXT", help=words_of("help.who"))
    parser.add_argument("--where", metavar="TEXT", default="", help=words_of("help.where"))
    parser.add_argument("--when", metavar="TEXT", default="", help=words_of("help.when"))
    parser.add_argument("--answer", metavar="KEY=VALUE", action="append", default=[], help=words_of("help.answer"))
    parser.add_argument("--form", type=Path, metavar="FILE", help=words_of("help.form"))
    parser.add_argument("--file", type=Path, metavar="FILE", action="append", default=[], help=words_of("help.repeat"))
    parser.add_argument("--lang", choices=("id", "en"), default="id", help=words_of("help.lang-answers"))
    parser.add_argument("--code", metavar="CODE", help=words_of("help.code"))
    parser.add_argument("--words-file", type=Path, metavar="FILE", help=words_of("help.eight-words"))
    return parser


@dataclass(frozen=True)
class _Letter:
    """Everything that will be sealed, after all checks."""

    secret: ReporterSecret
    address: Address
    envelope: Envelope
    kind: str
    form: bytes
    fields: dict[str, str]
    files: tuple[Path, ...]

    @classmethod
    def of(cls, options: argparse.Namespace, today: Day) -> "_Letter":
        anchor = parse_anchor(read_small(options.root_pub, _ANCHOR_MAX_BYTES))
        keyring = _keyring(read_small(options.keyring, _KEYRING_MAX_BYTES), anchor, today)
        desk = options.desk or UNANSWERED["desk"]
        address = keyring.address(desk, today)
        if address is None:
            raise RefusedError("seal.no-key", desk=desk)
        what = _text(read_small(options.text_file, FIELD_MAX_BYTES))
        if options.code is None:
            secret, kind, form = new_secret(), REPORT, FIRST_FORM
            typed = _report_of(options, what)
            fields = {"channel": options.channel, "category": options.category}
        else:
            secret = parse_secret(options.code, _text(read_small(options.words_file, KIB)))
            kind, form, typed, fields = ADDITION, os.urandom(len(FIRST_FORM)), {"what": what}, {}
        fields |= {name: value for name, value in typed.items() if value}
        _check(secret, typed, options.file)
        envelope = Envelope(secret.keys(anchor.instance, desk), desk, options.lang, today)
        return cls(secret, address, envelope, kind, form, fields, tuple(options.file))

    def place(self, index: int) -> tuple[bytes, bytes]:
        """Return (nonce, blob id) of the message at `index`."""
        nonce = form_nonce(self.form, index)
        return nonce, self.envelope.keys.blob_id(nonce)


def _keyring(untrusted: bytes, anchor: RootAnchor, today: Day) -> Keyring:
    """Return the verified keyring; raises MalformedError with advice if a page was saved in its place."""
    if untrusted.lstrip().startswith(b"<"):
        raise MalformedError("seal.keyring-is-page")
    return verify_keyring(untrusted, anchor, today)


def _report_of(options: argparse.Namespace, what: str) -> dict[str, str]:
    """Return the typed values, by record name."""
    form = form_file.load(options.form)
    answers = answers_of(options.answer, form)
    if options.when:
        answers[WHEN] = options.when
    where = options.where if options.where.strip() else form.where_of(answers, options.lang)
    return {"what": what, "who": options.who, "where": where, **answers}


def _check(secret: ReporterSecret, typed: dict[str, str], files: list[Path]) -> None:
    for name, value in typed.items():
        if name in _REQUIRED and not value.strip():
            raise RefusedError("seal.field-empty", name=name)
        if is_too_long(value):
            raise TooLargeError("seal.field-long", name=name, most=FIELD_MAX_CHARACTERS)
    if any(map(secret.is_revealed_by, [*typed.values(), *(sealed_name(file.name) for file in files)])):
        raise RefusedError("seal.holds-secret")
    if len(files) > FILES_PER_FORM_MAX:
        raise TooLargeError("seal.too-many-files", most=FILES_PER_FORM_MAX)
    for file in files:
        if not is_plain_file(file):
            raise NotFoundError("seal.file-missing")
        if not file.stat().st_size:
            raise RefusedError("seal.file-empty")
        if file.stat().st_size > FILE_MAX_BYTES:
            raise TooLargeError("seal.file-large")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        raise MalformedError("text.not-utf8") from None


def _write(path: Path, letter: _Letter) -> None:
    """Write the container, whole or not at all, readable by its owner only."""
    if is_there(path):
        raise RefusedError("file.exists", name=path.name)
    partial = path.with_name(f".{path.name}.{os.urandom(4).hex()}.partial")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(container_head(letter.address.instance, 1 + len(letter.files)))
            decoys = Decoys()
            _write_text(out, letter, decoys)
            for index, file in enumerate(letter.files, 1):
                _write_file(out, letter, decoys, index, file)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=path.name, system=error.errno) from None
    finally:
        remove_left_over(partial)


def _write_text(out: BinaryIO, letter: _Letter, decoys: Decoys) -> None:
    nonce = form_nonce(letter.form, 0)
    blob_id, digest, record = letter.envelope.text(letter.kind, nonce, letter.fields)
    blob = seal_text(letter.address, decoys, letter.envelope.keys.auth_key, record)
    out.write(SealedEntry(blob_id, digest, len(blob)).encode() + blob)


def _write_file(out: BinaryIO, letter: _Letter, decoys: Decoys, index: int, file: Path) -> None:
    """Seal a file while it is read; its digest and length are written last, before its bytes."""
    nonce, blob_id = letter.place(index)
    name, media_type = sealed_name(file.name), mimetypes.guess_type(file.name)[0] or ""
    record = letter.envelope.record(FILE, nonce, {"name": name, "type": media_type})
    sealer = Sealer(letter.address, decoys, letter.envelope.keys.auth_key, record)
    digest = letter.envelope.file_digest(name, media_type)
    start = out.tell()
    out.write(bytes(ENTRY_HEAD_BYTES) + sealer.start())
    for piece in _pieces(file):
        digest.update(piece)
        out.writelines(sealer.update(piece))
    out.writelines(sealer.finish())
    end = out.tell()
    out.seek(start)
    out.write(SealedEntry(blob_id, digest.value(blob_id), end - start - ENTRY_HEAD_BYTES).encode())
    out.seek(end)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _reader_of(letter: _Letter) -> str:
    """Return the desk that can open it, and who reads for it if the settings name them."""
    desk = load_settings().desks.get(letter.envelope.desk)
    return letter.envelope.desk + (f" ({desk.reads[letter.envelope.lang]})" if desk else "")


def _say(letter: _Letter, path: Path, reader: str, *, fresh: bool) -> None:
    last = date_of(epoch_last_day(letter.address.epoch))
    code, words = letter.secret.code, letter.secret.words
    lines = [Sentence("command.seal-secret", code=code), Sentence("command.seal-words", words=words)] if fresh else []
    lines += [
        Sentence("command.seal-reader", reader=reader),
        Sentence("command.seal-count", count=1 + len(letter.files), name=path.name),
        Sentence("command.seal-last", day=last),
    ]
    show(lines)
