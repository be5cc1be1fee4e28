"""Runs `dropbox triage statistics report`, `log`, `oversight state` and similar: papers and lists for outside the desk.

Rule: counting, hiding, stating and comparing happen in the packages below; a file is written whole or not at all, and
none is overwritten.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.private import write_whole
from dropbox.disk.terminal import say
from dropbox.matching import fingerprints
from dropbox.sentences.catalogue import Sentence, spoken, words_of
from dropbox.triage.cases import audit_log, casebook, log_words
from dropbox.triage.cases.periods import span_of
from dropbox.triage.commands.case_views import to_json
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.terminal import read, read_long
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.oversight import statement
from dropbox.triage.referral import agreed
from dropbox.triage.statistics import reports
from dropbox.triage.vault.work import Work


def _report_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("period", metavar="PERIOD", help=words_of("help.period"))
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help=words_of("help.report-to"))
    parser.add_argument("--lang", choices=("id", "en"), default="id", help=words_of("help.lang"))


def _report(work: Work, options: Namespace) -> int:
    kind = options.to.suffix.removeprefix(".").lower()
    write_whole(options.to, reports.report(work, span_of(options.period), kind, options.lang))
    return 0


def _restored_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help=words_of("help.restored-from"))


def _restored(work: Work, options: Namespace) -> int:
    kept = statistics_extract.adopt(work, read_long(options.source) if options.source else None)
    say(Sentence("command.periods-known", count=kept))
    return 0


def _state_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--year", required=True, type=int, metavar="YYYY", help=words_of("help.year"))
    parser.add_argument("--file", required=True, type=Path, metavar="FILE", help=words_of("help.new-file"))


def _state(work: Work, options: Namespace) -> int:
    write_whole(options.file, statement.make(work, options.year))
    say(Sentence("command.statement-written"))
    return 0


def _log_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--verify", action="store_true", help=words_of("help.verify-log"))
    parser.add_argument("--json", action="store_true", help=words_of("help.json"))


def _log(work: Work, options: Namespace) -> int:
    if options.verify:
        count = audit_log.verify(work.vault)
        say(Sentence("command.log-whole", count=count))
        print(audit_log.head(work.vault)[1].hex())
        return 0
    for line in audit_log.shown(work.vault):
        if options.json:
            words = {"number": line.number, "at": line.at, "officer": line.officer, "action": line.action}
            print(to_json(words | {"case": line.case, "details": line.details}))
        else:
            print(_line(work, line))
    return 0


def _line(work: Work, line: audit_log.Line) -> str:
    """Return a line of the log in this process's language, at the time of the installation's clocks."""
    language = spoken()
    said = log_words.details(line.action, line.details, work.settings.workstation, language)
    details = "  ".join(f"{name}: {value}" for name, value in said)
    at = audit_log.local(line.at, work.settings.zone)
    case = casebook.case_name(work.vault.desk, line.case) if line.case else "-"
    return f"{line.number}  {at}  {line.officer}  {log_words.action(line.action, language)}  {case}  {details}".rstrip()


def _fingerprints_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--agreed", required=True, type=Path, metavar="FILE", help=words_of("help.agreed-both"))
    parser.add_argument("--to", type=Path, metavar="FILE", help=words_of("help.prints-own"))
    parser.add_argument("--compare", type=Path, metavar="FILE", help=words_of("help.prints-other"))


def _fingerprints(work: Work, options: Namespace) -> int:
    key = fingerprints.read_key(options.agreed)
    if options.to:
        write_whole(options.to, agreed.made(work, key))
    if options.compare:
        for case in agreed.shared(work, key, fingerprints.decode(read(options.compare))):
            print(case.name)
    return 0


COMMANDS: Final = (
    Command("statistics report", _report, _report_arguments),
    Command("statistics restored", _restored, _restored_arguments),
    Command("oversight state", _state, _state_arguments),
    Command("log", _log, _log_arguments),
    Command("fingerprints", _fingerprints, _fingerprints_arguments),
)
