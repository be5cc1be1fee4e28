"""Codes of the program, alert rules and runbook are the same; the metrics hold neither sizes nor numbers of reports."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from dropbox.courier.state import Desk, State
from dropbox.limits import CERTIFICATE_WARN_DAYS, ROOT_WARN_DAYS
from dropbox.published.ends import DeskEnds, KeyEnds
from dropbox.sentences.catalogue import Sentence
from dropbox.server import finding, proxy, report
from dropbox.server.carrying import Carrying
from dropbox.server.checks import PARTS
from dropbox.server.entrances import Entrances, Valid
from dropbox.server.facts import Facts, StoreFacts, Unusable
from dropbox.server.finding import CODES, Unseen
from dropbox.settings.installation import load
from dropbox.store.upkeep import UpkeepDays
from dropbox.web.checks.reach import Search
from dropbox.wire.calendar import date_of
from dropbox.wire.keyring import RootAnchor
from tests.support.desks import NOW, TODAY

PACKAGE = Path(finding.__file__).parent
RULES = (PACKAGE / "alerts.yml").read_text("utf-8")
RUNBOOK = (PACKAGE / "RUNBOOK.md").read_text("utf-8")
RULE = re.compile(
    r"      - alert: (\w+)\n        expr: (.+)\n        labels: \{severity: (alarm|warning)\}\n        annotations:\n"
    r'          summary: "([^"\n]+)"\n          runbook: dropbox/server/RUNBOOK\.md#([a-z-]+)\n'
)
SAMPLE = re.compile(r'dropbox_[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? -?\d+')
CERTIFICATES = ("revocations-end", "desk-certificate-ends", "server-certificate-ends")
# What may be a label's value, besides codes, parts, desks and the version.
WHATS = {
    "root",
    "revocations",
    "server-certificate",
    "tls",
    "desk-certificate",
    "desk-keys",
    "export",
    "rewrite",
    "board",
}


def rules() -> dict[str, tuple[str, str, str]]:
    """(severity, summary, anchor) of each rule, by its expression."""
    return {expr: (severity, summary, anchor) for _, expr, severity, summary, anchor in RULE.findall(RULES)}


def facts(store: StoreFacts | Unusable) -> Facts:
    """Facts with this store; the rest is well."""
    return Facts(
        settings=load(),
        now=NOW,
        root=RootAnchor(bytes(16), bytes(32), demo=False, last=TODAY + 1000),
        store=store,
        open_files=(),
        has_swap=False,
        is_clock_unset=False,
        running=None,
        owner=None,
        keys=Search(None, whole=True),
        homes=Search(None, whole=True),
        routes=None,
        carrying=Carrying(None, None),
        entrances=Entrances(None, Valid(date_of(TODAY + 60), 90), None),
        manifest=(),
    )


def full_store() -> StoreFacts:
    """A store of which everything is known."""
    ends = KeyEnds(TODAY + 1000, TODAY + 90, (DeskEnds("itjen", TODAY + 80, TODAY + 70),))
    desks = (Desk("itjen", TODAY - 2, TODAY + 80, TODAY + 70, ()),)
    state = State(
        waiting=True,
        oldest_week=2900,
        desks=desks,
        certificate_until=TODAY + 300,
        revocations_until=TODAY + 90,
        notes=(),
    )
    return StoreFacts(
        None, None, ends, state, TODAY - 3, UpkeepDays(TODAY - 1, None), is_file=True, export_bytes=0, has_standby=False
    )


def test_every_code_has_one_rule_of_its_severity() -> None:
    """The file of rules holds nothing but rules, one for each code and three for the look itself."""
    found = rules()
    of_codes = {f'dropbox_finding{{code="{code}"}} == 1': code for code in CODES}
    assert len(RULE.findall(RULES)) == len(found) == RULES.count("- alert:")
    assert len(found) == len(CODES) + 3
    assert of_codes.keys() <= found.keys()
    for expr, code in of_codes.items():
        assert found[expr][0] == CODES[code].value
        assert found[expr][2] == code


def test_every_rule_leads_to_a_heading_of_the_runbook() -> None:
    """Each code is a heading of its own; each entry has its severity, what to do and who does it."""
    heads = re.findall(r"^### ([a-z-]+)$", RUNBOOK, re.MULTILINE)
    assert sorted(heads) == sorted(CODES)
    others = {head.lower().replace(" ", "-") for head in re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)}
    assert {anchor for _, _, anchor in rules().values()} <= {*heads, *others}
    for entry in RUNBOOK.split("\n### ")[1:]:
        code = entry.split("\n")[0]
        assert f"*{CODES[code].value.capitalize()}.*" in entry
        assert "\nDo: " in entry
        assert re.search(r"Who: [a-z]", " ".join(entry.split()))


def test_rules_and_runbook_say_the_same_numbers() -> None:
    """Each number of a summary is in its entry; days of warning are the program's; exports count as collected."""
    entries = {entry.split("\n")[0]: entry.split("\nDo: ")[0] for entry in RUNBOOK.split("\n### ")[1:]}
    summaries = {anchor: summary for _, summary, anchor in rules().values() if anchor in CODES}
    for code, summary in summaries.items():
        assert set(re.findall(r"\d+", summary)) <= set(re.findall(r"\d+", entries[code])), code
    days = {"root-ends": ROOT_WARN_DAYS, **dict.fromkeys(CERTIFICATES, CERTIFICATE_WARN_DAYS)}
    for code, number in days.items():
        assert f"ends within {number} days" in summaries[code], code
    assert [code for code in ("export-never", "export-late", "export-old") if "collected" not in summaries[code]] == []


def test_the_metrics_that_rules_ask_for_exist() -> None:
    """Every name in an expression is a metric of the program."""
    written = set(re.findall(r"^# TYPE (\w+) gauge$", report.metrics(report.look(facts(full_store()))), re.MULTILINE))
    assert set(re.findall(r"dropbox_\w+", " ".join(rules()))) <= written


@pytest.mark.parametrize("store", [full_store(), Unusable("database-unusable", Sentence("store.older"))])
def test_metrics_are_the_text_format(store: StoreFacts | Unusable) -> None:
    """Every line is a help, a type or a sample with a whole number; each metric is typed once, before its samples."""
    text = report.metrics(report.look(facts(store)))
    assert text.endswith("\n")
    typed: list[str] = []
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.append(line.split()[2])
        elif not line.startswith("# HELP "):
            assert SAMPLE.fullmatch(line), line
            assert re.match(r"\w+", line)[0] == typed[-1]  # type: ignore[index]
    assert len(typed) == len(set(typed))


def test_metrics_hold_no_size_and_no_number_of_reports() -> None:
    """Each sample is a day, a number of days, a yes or no, an exit code, or a number of kinds of findings."""
    text = report.metrics(report.look(facts(full_store())))
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    kinds = {
        "dropbox_info": {1},
        "dropbox_status_day": {TODAY},
        "dropbox_status": {0, 3, 4},
        "dropbox_finding": {0, 1},
        "dropbox_findings": set(range(len(CODES) + 1)),
        "dropbox_not_seen": {0, 1},
        "dropbox_left_out": {0, 1},
        "dropbox_days_left": {1000, 90, 300, 80, 70, 60},
        "dropbox_days_since": {3, 1, 2},
    }
    for line in samples:
        name, value = re.match(r"\w+", line)[0], int(line.split()[-1])  # type: ignore[index]
        assert value in kinds[name], line
    labels = {label for line in samples for label in re.findall(r'(\w+)="', line)}
    assert labels == {"version", "code", "severity", "part", "what", "desk"}
    assert {what for line in samples for what in re.findall(r'what="([^"]+)"', line)} == WHATS
    assert {part for line in samples for part in re.findall(r'part="([^"]+)"', line)} == set(PARTS)


def test_whether_reports_wait_is_in_no_output() -> None:
    """A store with and one without waiting reports give the same words, JSON and metrics."""
    with_some, store = full_store(), full_store()
    without = StoreFacts(
        **{one.name: getattr(store, one.name) for one in fields(StoreFacts) if one.name != "state"},
        state=State(
            waiting=False,
            oldest_week=None,
            desks=store.state.desks,
            certificate_until=store.state.certificate_until,
            revocations_until=TODAY + 90,
            notes=(Sentence("courier.room", used=1, left=2),),
        ),
    )
    one, other = report.look(facts(with_some)), report.look(facts(without))
    assert list(report.words(one)) == list(report.words(other))
    assert report.as_json(one) == report.as_json(other)
    assert report.metrics(one) == report.metrics(other)


def test_a_measurement_alone_says_nothing_about_logs() -> None:
    """Without a configuration the part is not well, however good the measurement; with its own finding it is named."""
    looked = report.look(facts(full_store()), measured=())
    assert ["--nginx" in because for because in looked.unseen["proxy"]] == [True]
    assert "proxy" not in looked.well
    found = finding.Finding("proxy-buffers", Sentence("server-status.proxy-waits", seconds=20))
    assert ("proxy", found) in report.look(facts(full_store()), measured=(found,)).findings


def test_a_measurement_takes_no_finding_away(tmp_path: Path) -> None:
    """What the configuration shows stays, with each reason why a part was not seen whole."""
    place = "listen 443; server_name lapor.example; js_import x; location / { proxy_pass http://127.0.0.1:8000; }"
    (file := tmp_path / "nginx.conf").write_text(f"http {{ server {{ {place} }} }}")
    known = replace(facts(full_store()), routes=proxy.read_routes(file, "lapor.example"))
    alone, measured = report.look(known), report.look(known, measured=(Unseen(Sentence("unseen.url")),))
    assert "proxy-logs" in {one.code for _, one in alone.findings}
    assert measured.findings == alone.findings
    assert measured.exit_code == alone.exit_code == report.ALARM
    assert measured.unseen["proxy"] == [*alone.unseen["proxy"], Sentence("unseen.url")]


def test_an_address_without_a_certificate_is_not_well() -> None:
    """Where one of two listeners gives no certificate, the part names it as not seen."""
    known = facts(full_store())
    looked = report.look(replace(known, entrances=replace(known.entrances, silent=("::",))))
    assert ["::" in because for because in looked.unseen["tls"]] == [True]
