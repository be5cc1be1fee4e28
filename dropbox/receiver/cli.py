"""Runs `dropbox referral`: another body receives dossiers on its own machine, without vault and pages.

Rule: data on stdout, messages on stderr; passphrases are typed without echo or read from a private file. The content of
a dossier is written into a folder; text of others is shown only through `visible`.
"""

import argparse
import datetime
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.crypto.receivers import receiver_fingerprint, verify_card
from dropbox.crypto.signing import Trust, station_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.private import guard_process, read_passphrase, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.visible import visible
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import FORM_MAX_BYTES
from dropbox.matching import fingerprints
from dropbox.offline.root_files import read_trust
from dropbox.receiver import files
from dropbox.sentences.catalogue import in_spoken_language
from dropbox.wire import json_schema
from dropbox.wire.calendar import Day, date_of, day_of
from dropbox.wire.dossier import RESULTS
from dropbox.wire.fields import text
from dropbox.wire.receiver import CARD_DAYS_MAX, DRILL, REFERRAL

_CARD_DAYS: Final = 365


def run(argv: list[str]) -> int:
    """Run `dropbox referral …`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    guard_process()
    _ACTS[options.command](options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dropbox referral", description="Receive dossiers of an inspectorate.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    keygen = commands.add_parser("keygen", help="make a key, and the card for the inspectorate")
    keygen.add_argument("--label", required=True, metavar="WORDS", help="who you are, such as your office")
    keygen.add_argument("--days", type=int, default=_CARD_DAYS, help=f"days of validity (default {_CARD_DAYS})")
    keygen.add_argument("--drill", action="store_true", help="for drills and demos only")
    keygen.add_argument("--to", type=Path, required=True, metavar="DIR", help="a private folder, created if needed")

    show = commands.add_parser("show", help="the twelve words of a card, to read aloud")
    show.add_argument("card", type=Path, metavar="CARD")

    opened = commands.add_parser("open", help="verify a dossier, and write what is in it into a new folder")
    opened.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder")
    answer = commands.add_parser("answer", help="make an answer about a dossier, sealed to the inspectorate")
    answer.add_argument("--number", default="", metavar="TEXT", help="your own case number")
    answer.add_argument("--result", default="", choices=("", *RESULTS))
    answer.add_argument("--question-file", type=Path, metavar="F", help="UTF-8; goes to the inspectorate")
    answer.add_argument("--remark-file", type=Path, metavar="F", help="UTF-8")
    answer.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
    for command in (opened, answer):
        command.add_argument("dossier", type=Path, metavar="DOSSIER")
        command.add_argument("--key", type=Path, required=True, metavar="DIR", help="the folder of receiver.key")
        command.add_argument("--root", type=Path, required=True, metavar="FILE", help="root.pub of the inspectorate")
        command.add_argument("--revocations", type=Path, metavar="FILE", help="the inspectorate's newest list")
    for command in (keygen, opened, answer):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help="default: ask")

    schema = commands.add_parser("schema", help="the published schema of rujukan.json")
    schema.set_defaults(dossier=None)

    agree = commands.add_parser("agree", help="make a key for fingerprints, which two bodies share")
    agree.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="a new private file: hand it over in person"
    )
    prints = commands.add_parser("fingerprints", help="fingerprints of a CSV with the columns unit,name,year")
    prints.add_argument("table", type=Path, metavar="CSV")
    prints.add_argument("--agreed", type=Path, required=True, metavar="FILE", help="the key that `agree` made")
    prints.add_argument("--to", type=Path, metavar="FILE", help="write them into a new file")
    prints.add_argument("--compare", type=Path, metavar="FILE", help="say which rows the other body has as well")
    return parser


def _keygen(options: argparse.Namespace) -> None:
    if not 1 <= options.days <= CARD_DAYS_MAX:
        raise RefusedError("receiver.days", most=CARD_DAYS_MAX)
    today = _today()
    purpose = DRILL if options.drill else REFERRAL
    secret = _passphrase(options.passphrase_file, is_new=True)
    card = files.make_key(options.to, options.label, purpose, today, today + options.days, secret)
    _say(f"{files.KEY_FILE} and {files.CARD_FILE} are in {options.to}; keep a copy of both off-line")
    _say("give receiver.pub to the inspectorate, and read these words to them over the telephone:")
    print(fingerprint_words(receiver_fingerprint(card)))


def _show(options: argparse.Namespace) -> None:
    raw = files.read_card(options.card)
    card = verify_card(raw)
    _say(f"{visible(card.label)} ({card.purpose}), good from {date_of(card.first)} to {date_of(card.last)}")
    print(fingerprint_words(receiver_fingerprint(raw)))


def _open(options: argparse.Namespace) -> None:
    opener, (trust, unchecked) = _opener(options), read_trust(options.root, options.revocations, _today())
    dossier = files.check_dossier(options.dossier, opener, trust)
    names = files.write_dossier(options.dossier, dossier, options.to)
    head = dossier.contents.head
    if unchecked:
        _say(unchecked)
    verdict = "otherwise good" if unchecked else "good"
    _say(f"{verdict}: the desk {head.desk} made this dossier for you on {date_of(head.made)}" + _demo(trust))
    _say(f"signed by the station {fingerprint_words(station_fingerprint(dossier.object.certificate.station))}")
    if _today() > opener.card.last:
        _say("NOTE: your key has expired: make a new one, and give its card to the inspectorate")
    for name in names:
        print(name)
    _say(f"written to {options.to}: it names people; protect it like your own files of this kind")


def _answer(options: argparse.Namespace) -> None:
    opener, (trust, unchecked) = _opener(options), read_trust(options.root, options.revocations, _today())
    dossier = files.check_dossier(options.dossier, opener, trust)
    if unchecked:
        _say(unchecked)
    values = {"number": options.number, "result": options.result}
    for name in ("question", "remark"):
        path = getattr(options, f"{name}_file")
        values[name] = text(read_small(path, FORM_MAX_BYTES)) if path else ""
    write_whole(options.to, files.make_answer(opener, dossier, _today(), values))
    _say("written: carry or send this file to the inspectorate; nobody else can open it")


def _schema(_options: argparse.Namespace) -> None:
    sys.stdout.write(json_schema.schema_bytes().decode("utf-8"))


def _agree(options: argparse.Namespace) -> None:
    write_whole(options.to, fingerprints.new_key())
    _say("written: hand the same file to the other body in person; its holder can test names against fingerprints")


def _fingerprints(options: argparse.Namespace) -> None:
    key = fingerprints.read_key(options.agreed)
    rows = fingerprints.read_table(read_small(options.table, FORM_MAX_BYTES))
    if options.to:
        write_whole(options.to, fingerprints.encode(fingerprints.from_rows(key, rows)))
        _say(f"{len(rows)} rows; the file holds no name")
    if options.compare:
        theirs = fingerprints.decode(read_small(options.compare, FORM_MAX_BYTES))
        shared = [number for number, row in enumerate(rows, 1) if fingerprints.from_rows(key, [row]) & theirs]
        _say(f"{len(shared)} rows are known to the other body")
        for number in shared:
            print(number)


def _opener(options: argparse.Namespace) -> files.Opener:
    return files.open_key(options.key, _passphrase(options.passphrase_file))


def _demo(trust: Trust) -> str:
    return " (DEMO)" if trust.anchor.demo else ""


def _today() -> Day:
    return day_of(datetime.datetime.now(datetime.UTC).date())


def _passphrase(file: Path | None, *, is_new: bool = False) -> str:
    typed = read_passphrase(file) if file else getpass.getpass("Passphrase: ")
    if is_new and not file and getpass.getpass("The same again: ") != typed:
        raise MalformedError("passphrase.differ")
    return typed


def _say(words: str) -> None:
    print(in_spoken_language(words), file=sys.stderr)


_ACTS: Final[dict[str, Callable[[argparse.Namespace], None]]] = {
    "keygen": _keygen,
    "show": _show,
    "open": _open,
    "answer": _answer,
    "schema": _schema,
    "agree": _agree,
    "fingerprints": _fingerprints,
}
