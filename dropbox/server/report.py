"""Makes the report of a look: which parts are well, what is not, what was not seen; as words, JSON and metrics.

Rule: no size, no number of reports and no time finer than a day is in it. A part that was not seen is never well.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dropbox.sentences.catalogue import Sentence, in_spoken_language, words_of
from dropbox.server.checks import PARTS
from dropbox.server.entrances import Valid
from dropbox.server.facts import Facts, StoreFacts
from dropbox.server.finding import CODES, Accepted, Finding, Result, Severity, Unseen
from dropbox.settings.version import program_version
from dropbox.wire.calendar import date_of, day_of

WELL, WARNING, ALARM = 0, 3, 4  # exit codes; 1 and 2 are those of every command


@dataclass(frozen=True)
class Report:
    """The results of a look, by part.

    Attributes:
        facts: what was judged.
        results: of each part that was looked at; empty for one that is well.
        left_out: parts that the caller has left out.
    """

    facts: Facts
    results: dict[str, tuple[Result, ...]]
    left_out: tuple[str, ...]

    @property
    def findings(self) -> list[tuple[str, Finding]]:
        """(part, finding) of all, alarms first."""
        found = [(part, one) for part, some in self.results.items() for one in some if isinstance(one, Finding)]
        return sorted(found, key=lambda pair: pair[1].severity is not Severity.ALARM)

    @property
    def unseen(self) -> dict[str, list[Sentence]]:
        """The reasons for each part that was not looked at, or not whole."""
        reasons = {
            part: [one.because for one in some if isinstance(one, Unseen)] for part, some in self.results.items()
        }
        return {part: some for part, some in reasons.items() if some}

    @property
    def accepted(self) -> list[str]:
        """The codes that the settings accept."""
        return sorted({one.code for some in self.results.values() for one in some if isinstance(one, Accepted)})

    @property
    def well(self) -> list[str]:
        """The parts that were looked at and are well."""
        return [part for part, some in self.results.items() if not some]

    @property
    def exit_code(self) -> int:
        """ALARM, WARNING (also if something was not seen) or WELL."""
        severities = {finding.severity for _, finding in self.findings}
        if Severity.ALARM in severities:
            return ALARM
        return WARNING if severities or self.unseen else WELL


def look(facts: Facts, without: Collection[str] = (), measured: tuple[Result, ...] | None = None) -> Report:
    """Judge the facts.

    Args:
        facts: what was gathered.
        without: parts to leave out; the report names them.
        measured: what a request through the proxy showed, None without one. It shows nothing about logs, and takes
            nothing away from what the proxy's configuration showed.
    """
    results = {part: tuple(check(facts)) for part, check in PARTS.items() if part not in without}
    if measured is not None and "proxy" in results:
        is_read = facts.routes is not None and not isinstance(facts.routes, Sentence)
        configured = results["proxy"] if is_read else (Unseen(Sentence("unseen.only-measured")),)
        results["proxy"] = (*configured, *measured)
    return Report(facts, results, tuple(part for part in PARTS if part in without))


def words(report: Report) -> Iterator[str]:
    """Yield the lines of a report in this process's language."""
    for _, finding in report.findings:
        label = "server-status.alarm" if finding.severity is Severity.ALARM else "server-status.warning"
        yield words_of(label, name=finding.code, sentence=_said(finding))
    for part, reasons in report.unseen.items():
        for because in reasons:
            yield words_of("server-status.not-seen", part=part, because=because)
    if report.left_out:
        yield words_of("server-status.left-out", parts=", ".join(report.left_out))
    if report.accepted:
        yield words_of("server-status.accepted", codes=", ".join(report.accepted))
    if report.well:
        yield words_of("server-status.well", parts=", ".join(report.well))
    if report.findings:
        yield words_of("server-status.runbook")


def _said(finding: Finding) -> str:
    """Return a sentence of the courier's without its own label: here each line has one."""
    return in_spoken_language(finding.sentence).removeprefix("WARNING: ").removeprefix("PERINGATAN: ")


def as_json(report: Report) -> str:
    """Return a report as one object of JSON."""
    return json.dumps(
        {
            "version": program_version(),
            "day": date_of(report.facts.today).isoformat(),
            "exit_code": report.exit_code,
            "findings": [
                {
                    "code": finding.code,
                    "severity": finding.severity,
                    "part": part,
                    "sentence": _said(finding),
                }
                for part, finding in report.findings
            ],
            "not_seen": {part: [*map(in_spoken_language, reasons)] for part, reasons in report.unseen.items()},
            "left_out": report.left_out,
            "accepted": report.accepted,
            "well": report.well,
        },
        ensure_ascii=False,
        indent=2,
    )


def metrics(report: Report) -> str:
    """Return a report in Prometheus' text format (version 0.0.4), for the text file collector of its node exporter."""
    codes = {finding.code for _, finding in report.findings}
    counts = Counter(CODES[code] for code in codes)
    lines = [
        *_metric("info", "Version of the program.", [({"version": program_version()}, 1)]),
        *_metric("status_day", "Day of this look, since 1970-01-01, UTC.", [({}, report.facts.today)]),
        *_metric("status", "Exit code of this look: 0 well, 3 warning, 4 alarm.", [({}, report.exit_code)]),
        *_metric(
            "finding",
            "Whether something is not well.",
            [({"code": code, "severity": severity}, int(code in codes)) for code, severity in CODES.items()],
        ),
        *_metric("findings", "Kinds of findings.", [({"severity": one}, counts[one]) for one in Severity]),
        *_metric(
            "not_seen",
            "Whether a part could not be looked at.",
            [({"part": part}, int(part in report.unseen)) for part in report.results],
        ),
        *_metric(
            "left_out",
            "Whether a part was left out of this look on purpose.",
            [({"part": part}, int(part in report.left_out)) for part in PARTS],
        ),
        *_metric("days_left", "Whole days until an end; negative after it.", list(_ends(report.facts))),
        *_metric("days_since", "Whole days since something happened.", list(_ages(report.facts))),
    ]
    return "\n".join(lines) + "\n"


Values = list[tuple[dict[str, str], int]]


def _metric(name: str, purpose: str, values: Values) -> Iterator[str]:
    if not values:
        return
    yield f"# HELP dropbox_{name} {purpose}"
    yield f"# TYPE dropbox_{name} gauge"
    for labels, value in values:
        # Codes, parts, names of desks and versions have none of the characters that the format escapes.
        shown = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"dropbox_{name}{{{shown}}} {value}" if shown else f"dropbox_{name} {value}"


def _ends(facts: Facts) -> Iterator[tuple[dict[str, str], int]]:
    store = facts.store
    if isinstance(facts.entrances.certificate, Valid):
        yield {"what": "tls"}, day_of(facts.entrances.certificate.end) - facts.today
    if not isinstance(store, StoreFacts):
        return
    ends, certificate = store.ends, store.state.certificate_until
    days = {"root": ends.root, "revocations": ends.revocations, "server-certificate": certificate}
    for what, day in days.items():
        if day is not None:
            yield {"what": what}, day - facts.today
    for desk in ends.desks:
        yield {"what": "desk-certificate", "desk": desk.desk}, desk.certificate - facts.today
        if desk.epochs is not None:
            yield {"what": "desk-keys", "desk": desk.desk}, desk.epochs - facts.today


def _ages(facts: Facts) -> Iterator[tuple[dict[str, str], int]]:
    store = facts.store
    if not isinstance(store, StoreFacts):
        return
    if store.export is not None:
        yield {"what": "export"}, facts.night - store.export
    if store.upkeep.rewritten is not None:
        yield {"what": "rewrite"}, facts.night - store.upkeep.rewritten
    for desk in store.state.desks:
        if desk.board_day is not None:
            yield {"what": "board", "desk": desk.name}, facts.today - desk.board_day
