"""Runs `dropbox referral`: another body receives dossiers on its own machine, without vault and pages.

Rule: data on stdout, messages on stderr; passphrases are typed without echo or read from a private file. The content of
a dossier is written into a folder; text of others is shown only through `visible`.
"""

import argparse
import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.crypto.receivers import receiver_fingerprint, verify_card
from dropbox.crypto.signing import station_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.private import guard_process, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say
from dropbox.disk.visible import visible
from dropbox.errors import RefusedError
from dropbox.limits import FORM_MAX_BYTES
from dropbox.matching import fingerprints
from dropbox.offline.root_files import read_trust
from dropbox.receiver import files
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.wire import json_schema
from dropbox.wire.calendar import Day, date_of, day_of
from dropbox.wire.dossier import RESULTS
from dropbox.wire.fields import text
from dropbox.wire.receiver import CARD_DAYS_MAX, DRILL, REFERRAL

_CARD_DAYS: Final = 365
_VERDICTS: Final = {  # by (not checked against revocations, a demo)
    (False, False): "receiver.dossier-good",
    (False, True): "receiver.dossier-good-demo",
    (True, False): "receiver.dossier-otherwise",
    (True, True): "receiver.dossier-otherwise-demo",
}


def run(argv: list[str]) -> int:
    """Run `dropbox referral …`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    guard_process()
    _ACTS[options.command](options)
    return 0


def _parser() -> Parser:
    parser = Parser(prog="dropbox referral", description=words_of("help.referral-about"))
    commands = parser.commands("command")

    keygen = commands.add_parser("keygen", help=words_of("help.keygen"))
    keygen.add_argument("--label", required=True, metavar="WORDS", help=words_of("help.label"))
    keygen.add_argument("--days", type=int, default=_CARD_DAYS, help=words_of("help.days", days=_CARD_DAYS))
    keygen.add_argument("--drill", action="store_true", help=words_of("help.drill"))
    keygen.add_argument("--to", type=Path, required=True, metavar="DIR", help=words_of("help.root-to"))

    show = commands.add_parser("show", help=words_of("help.card"))
    show.add_argument("card", type=Path, metavar="CARD", help=words_of("help.card-file"))

    opened = commands.add_parser("open", help=words_of("help.open"))
    opened.add_argument("--to", type=Path, required=True, metavar="DIR", help=words_of("help.new-folder"))
    answer = commands.add_parser("answer", help=words_of("help.referral-answer"))
    answer.add_argument("--number", default="", metavar="TEXT", help=words_of("help.own-number"))
    answer.add_argument("--result", default="", choices=("", *RESULTS), help=words_of("help.result"))
    answer.add_argument("--question-file", type=Path, metavar="F", help=words_of("help.question-file"))
    answer.add_argument("--remark-file", type=Path, metavar="F", help=words_of("help.utf8"))
    answer.add_argument("--to", type=Path, required=True, metavar="FILE", help=words_of("help.new-file"))
    for command in (opened, answer):
        command.add_argument("dossier", type=Path, metavar="DOSSIER", help=words_of("help.dossier"))
        command.add_argument("--key", type=Path, required=True, metavar="DIR", help=words_of("help.receiver-key"))
        command.add_argument("--root", type=Path, required=True, metavar="FILE", help=words_of("help.root-of"))
        command.add_argument("--revocations", type=Path, metavar="FILE", help=words_of("help.revocations"))
    for command in (keygen, opened, answer):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))

    schema = commands.add_parser("schema", help=words_of("help.schema"))
    schema.set_defaults(dossier=None)

    agree = commands.add_parser("agree", help=words_of("help.agree"))
    agree.add_argument("--to", type=Path, required=True, metavar="FILE", help=words_of("help.agree-to"))
    prints = commands.add_parser("fingerprints", help=words_of("help.prints"))
    prints.add_argument("table", type=Path, metavar="CSV", help=words_of("help.table"))
    prints.add_argument("--agreed", type=Path, required=True, metavar="FILE", help=words_of("help.agreed-of"))
    prints.add_argument("--to", type=Path, metavar="FILE", help=words_of("help.prints-to"))
    prints.add_argument("--compare", type=Path, metavar="FILE", help=words_of("help.prints-compare"))
    return parser


def _keygen(options: argparse.Namespace) -> None:
    if not 1 <= options.days <= CARD_DAYS_MAX:
        raise RefusedError("receiver.days", most=CARD_DAYS_MAX)
    today = _today()
    purpose = DRILL if options.drill else REFERRAL
    secret = ask_passphrase(options.passphrase_file, is_new=True)
    card = files.make_key(options.to, options.label, purpose, today, today + options.days, secret)
    say(Sentence("receiver.key-made", key=files.KEY_FILE, card=files.CARD_FILE, folder=options.to))
    say(Sentence("receiver.read-words"))
    print(fingerprint_words(receiver_fingerprint(card)))


def _show(options: argparse.Namespace) -> None:
    raw = files.read_card(options.card)
    card = verify_card(raw)
    purpose = Sentence("receiver.purpose-drill" if card.purpose == DRILL else "receiver.purpose-referral")
    first, last = date_of(card.first), date_of(card.last)
    say(Sentence("receiver.card-of", label=visible(card.label), purpose=purpose, first=first, last=last))
    print(fingerprint_words(receiver_fingerprint(raw)))


def _open(options: argparse.Namespace) -> None:
    opener, (trust, unchecked) = _opener(options), read_trust(options.root, options.revocations, _today())
    dossier = files.check_dossier(options.dossier, opener, trust)
    names = files.write_dossier(options.dossier, dossier, options.to)
    head = dossier.contents.head
    if unchecked:
        say(unchecked)
    verdict = _VERDICTS[bool(unchecked), trust.anchor.demo]
    say(Sentence(verdict, desk=head.desk, day=date_of(head.made)))
    station = station_fingerprint(dossier.object.certificate.station)
    say(Sentence("receiver.signed-by", words=fingerprint_words(station)))
    if _today() > opener.card.last:
        say(Sentence("receiver.own-key-expired"))
    for name in names:
        print(name)
    say(Sentence("receiver.dossier-written", folder=options.to))


def _answer(options: argparse.Namespace) -> None:
    opener, (trust, unchecked) = _opener(options), read_trust(options.root, options.revocations, _today())
    dossier = files.check_dossier(options.dossier, opener, trust)
    if unchecked:
        say(unchecked)
    values = {"number": options.number, "result": options.result}
    for name in ("question", "remark"):
        path = getattr(options, f"{name}_file")
        values[name] = text(read_small(path, FORM_MAX_BYTES)) if path else ""
    write_whole(options.to, files.make_answer(opener, dossier, _today(), values))
    say(Sentence("receiver.answer-written"))


def _schema(_options: argparse.Namespace) -> None:
    sys.stdout.write(json_schema.schema_bytes().decode("utf-8"))


def _agree(options: argparse.Namespace) -> None:
    write_whole(options.to, fingerprints.new_key())
    say(Sentence("receiver.agreed"))


def _fingerprints(options: argparse.Namespace) -> None:
    key = fingerprints.read_key(options.agreed)
    rows = fingerprints.read_table(read_small(options.table, FORM_MAX_BYTES))
    if options.to:
        write_whole(options.to, fingerprints.encode(fingerprints.from_rows(key, rows)))
        say(Sentence("receiver.prints-written", count=len(rows)))
    if options.compare:
        theirs = fingerprints.decode(read_small(options.compare, FORM_MAX_BYTES))
        shared = [number for number, row in enumerate(rows, 1) if fingerprints.from_rows(key, [row]) & theirs]
        say(Sentence("receiver.prints-shared", count=len(shared)))
        for number in shared:
            print(number)


def _opener(options: argparse.Namespace) -> files.Opener:
    return files.open_key(options.key, ask_passphrase(options.passphrase_file))


def _today() -> Day:
    return day_of(datetime.datetime.now(datetime.UTC).date())


_ACTS: Final[dict[str, Callable[[argparse.Namespace], None]]] = {
    "keygen": _keygen,
    "show": _show,
    "open": _open,
    "answer": _answer,
    "schema": _schema,
    "agree": _agree,
    "fingerprints": _fingerprints,
}
