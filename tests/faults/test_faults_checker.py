"""The checker of the fault runs names each planted deviation, and finds none where nothing deviates."""

import datetime
import hashlib
import io
import os
import random
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dropbox import cli
from dropbox.triage.vault.schema import connect
from dropbox.web.base.log import hold_back, log_fault, release
from tests.faults.checker import (
    FAULTS,
    PARTS,
    Case,
    Entry,
    compare,
    differing,
    internal_errors,
    left_behind,
    plaintext,
    receipts,
    too_few,
    too_few_faults,
    too_few_kills,
    unread,
)
from tests.faults.ledger import Ledger, Report
from tests.faults.processes import is_working
from tests.faults.reporters import GivesUpError, Reporters, _Reporter
from tests.faults.steps import BEGIN, COUNT, Steps
from tests.support.client import Page


@pytest.fixture
def ledger() -> Ledger:
    """Three acknowledged reports, each with an acknowledged file, and one that its reporter gave up."""
    made = Ledger()
    for number, road in enumerate(("form", "form", "sealed")):
        report = made.new("itjen", road)
        made.file(report, 1000)
        report.acknowledged, report.files_acknowledged = True, {*report.files}
        report.code, report.answers = f"CODE-{number}", [f"jawaban {number} sampai selesai"]
    made.reports[2].blobs = {b"text", b"file"}
    made.new("irjen", "form")
    return made


def opened(ledger: Ledger) -> list[Case]:
    """What a desk sees when all is well."""
    return [_case(report) for report in ledger.reports if report.acknowledged]


def _case(report: Report) -> Case:
    entries = (Entry("received", texts=1, files=len(report.files)), Entry("status", "DITERIMA"))
    return Case(report.desk, (report.fields,), tuple(report.files.items()), entries)


def _with(case: Case, **typed: str) -> Case:
    """The same case with other words in a field of its report."""
    return replace(case, reports=({**case.reports[0], **typed},))


def _without(case: Case, name: str) -> Case:
    """The same case, and a field of its report is lost."""
    return replace(case, reports=({key: value for key, value in case.reports[0].items() if key != name},))


def test_nothing_is_found_where_all_is_well(ledger: Ledger) -> None:
    """A report that was given up may be there or not; all others are there once, whole."""
    cases = opened(ledger)
    assert compare(ledger.reports, cases) == []
    assert compare(ledger.reports, [*cases, _case(ledger.reports[3])]) == []


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (lambda _: None, "lost: report 1"),
        (lambda case: replace(case, files=()), "lost: 1 files of report 1"),
        (lambda case: _with(case, what=case.reports[0]["what"][:-20]), "half: no reporter sent"),
        (lambda case: _with(case, who="lain"), "half: report 1 is not what was typed: who"),
        (lambda case: _without(case, "where"), "half: report 1 is not what was typed: where"),
        (lambda case: _with(case, when="kemarin"), "half: report 1 is not what was typed: when"),
        (lambda case: replace(case, timeline=case.timeline[:1] * 2), "double: the timeline of report 1 counts 2 texts"),
        (lambda case: replace(case, timeline=case.timeline[1:]), "double: the timeline of report 1 counts 0 texts"),
        (
            lambda case: replace(case, timeline=(*case.timeline, case.timeline[1])),
            "double: the timeline of report 1 has",
        ),
        (lambda case: replace(case, files=((case.files[0][0], hashlib.sha256(b"").digest()),)), "half: a file"),
        (lambda case: replace(case, reports=()), "half: a case of itjen has no report"),
        (lambda case: replace(case, files=case.files * 2), "double: report 1 has a file twice"),
        (lambda case: replace(case, reports=case.reports * 2), "mixed: a case of itjen has 2 reports"),
        (lambda case: replace(case, desk="irjen"), "wrong desk: report 1"),
    ],
)
def test_each_deviation_is_named(ledger: Ledger, planted: object, kind: str) -> None:
    """A lost, half, doubled, mixed or misled report or file is named by its kind."""
    assert callable(planted)
    cases = opened(ledger)
    changed = planted(cases[1])
    cases[1:2] = [changed] if changed else []
    assert any(sentence.startswith(kind) for sentence in compare(ledger.reports, cases))


def test_a_second_case_is_double(ledger: Ledger) -> None:
    """The same report in two cases is named."""
    cases = opened(ledger)
    assert compare(ledger.reports, [*cases, cases[0]]) == ["double: report 0 is 2 cases"]


def test_an_answer_that_cannot_be_read_is_lost(ledger: Ledger) -> None:
    """An answer that is missing on its reporter's page, or there twice, is named; one that is there once is not."""
    whole = [report.answers[0] for report in ledger.reports[:3]]
    pages = {"CODE-0": f"<p>{whole[0]}</p>", "CODE-1": whole[1] * 2, "CODE-2": whole[2][:-1]}
    assert [sentence.split()[5] for sentence in unread(ledger.reports, pages)] == ["1", "2"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"itjen": [b"file", b"text"], "irjen": [b"file", b"text"]}, []),
        ({"itjen": [b"file"], "irjen": [b"file", b"text"]}, ["lost: itjen gave no receipt of 1 blobs"]),
        (
            {"itjen": [b"file", b"text", b"more"], "irjen": [b"file", b"text"]},
            ["lost: irjen gave no receipt of 1 blobs"],
        ),
        ({"itjen": [b"file", b"file", b"text"], "irjen": [b"file", b"text"]}, ["double: itjen gave a receipt twice"]),
    ],
)
def test_a_missing_or_doubled_receipt_is_named(ledger: Ledger, given: dict[str, list[bytes]], found: list[str]) -> None:
    """A blob that was acknowledged, or that the other desk has, needs one receipt of each desk."""
    assert receipts(ledger.reports, given) == found


def test_a_site_that_acknowledges_nothing_is_named(ledger: Ledger) -> None:
    """Each desk needs an acknowledged report by each road, a file and an answer."""
    assert too_few(ledger.reports, ["itjen"]) == []
    for report in ledger.reports:
        report.acknowledged, report.files_acknowledged, report.answers = False, set(), []
    assert too_few(ledger.reports, ["itjen"]) == [
        "too few: itjen has no acknowledged report by the road form",
        "too few: itjen has no acknowledged report by the road sealed",
        "too few: itjen has no acknowledged file",
        "too few: itjen has no acknowledged answer",
    ]
    assert len(too_few([], ["itjen", "irjen"])) == 8


def test_a_part_that_was_not_killed_is_named() -> None:
    """Any number of killed web workers is no kill of another part."""
    kills = {"web worker": 250, "export": 2, "export through the gate": 3, "return": 5, "answer": 5, "publish": 4}
    assert too_few_kills(kills, PARTS, 5) == [
        "too few: database was killed 0 times",
        "too few: gate was killed 0 times",
        "too few: triage import was killed 0 times",
        "too few: publish was killed 4 times",
    ]


def test_a_fault_that_nobody_met_is_named() -> None:
    """Each kind of full disk, moved clock and lost connection must be met at least once."""
    met = dict.fromkeys(FAULTS, 1)
    assert too_few_faults(met, FAULTS) == []
    assert too_few_faults(met | {"connection torn: gate": 0}, FAULTS) == ["too few: nobody met: connection torn: gate"]
    assert len(too_few_faults({}, FAULTS)) == len(FAULTS)


def _fail(_: object) -> int:
    raise KeyError


@pytest.mark.parametrize("language", ["en", "id"])
def test_an_internal_error_of_a_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    """What a command really says about an error that nobody expected is found, in both languages."""
    monkeypatch.setenv("DROPBOX_LANG", language)
    monkeypatch.setattr(cli, "_dispatch", _fail)
    assert cli.main(["courier"]) == 1
    (tmp_path / "1-export").write_text(f"dropbox: ...\n{capsys.readouterr().err}", "utf-8")
    assert [one.split(":")[:2] for one in internal_errors([tmp_path / "1-export"])] == [["internal error", " 1-export"]]


def test_an_internal_error_of_the_site_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the site really writes to its log about an error is found, and an empty log is well."""
    (tmp_path / "site").write_text("", "utf-8")
    assert internal_errors([tmp_path / "site"]) == []
    hold_back()
    log_fault(KeyError, None)
    release()
    (tmp_path / "site").write_text(capsys.readouterr().err, "utf-8")
    assert internal_errors([tmp_path / "site"]) == ["internal error: site: internal error: KeyError at ?"]


def test_a_site_that_fails_is_not_busy(tmp_path: Path) -> None:
    """A reporter who reads that the site has failed gives up, and it is counted."""
    reporters = Reporters(0, tmp_path, Ledger(), 1)
    failed = Page(500, [], b"")
    one = _Reporter(reporters, random.Random(1))  # noqa: S311  a choice
    with pytest.raises(GivesUpError):
        one.ask(lambda _: failed)
    assert reporters.errors == 1


def _steps(act: Callable[[], object]) -> int:
    """How many steps an act has, as the process of a command counts them."""
    steps = Steps(COUNT)
    sys.setprofile(steps.count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return steps.passed


def _change(db: Any) -> None:
    """Begin, and three steps: two statements and what commits them."""
    with db:
        db.execute("begin")
        db.execute("create table one (two)")
        db.execute("insert into one values (1)")


def test_what_stays_in_memory_is_no_step(tmp_path: Path) -> None:
    """Only calls that change a disk or send count, and before the first write no statement that reads."""
    file, db = tmp_path / "file", sqlite3.connect(":memory:")
    vault = connect(tmp_path / "vault.db", bytes(32), is_new=True)
    assert _steps(lambda: "memory".replace("m", "n")) == 0
    assert _steps(lambda: datetime.date(2026, 1, 1).replace(day=2)) == 0
    assert _steps(lambda: io.StringIO().write("memory")) == 0
    assert _steps(lambda: db.execute("select 1")) == 0
    assert _steps(lambda: file.write_bytes(b"1")) == 1
    assert _steps(lambda: file.replace(tmp_path / "other")) == 1
    assert _steps(db.commit) == 0
    assert _steps(lambda: _change(vault)) == 3
    assert _steps(lambda: [file.write_bytes(b"1"), db.execute("select 1")]) == 2


def test_a_command_is_at_work_from_its_first_step_on(tmp_path: Path) -> None:
    """The mark by which a kill counts is made at the first step, not before; then watching ends."""
    mark = tmp_path / "mark"
    steps = Steps(BEGIN, mark)
    sys.setprofile(steps.count)
    try:
        "memory".replace("m", "n")
        assert not mark.exists()
        (tmp_path / "file").write_bytes(b"1")
        (tmp_path / "file").write_bytes(b"2")
    finally:
        sys.setprofile(None)
    assert mark.exists()
    assert steps.passed == 1


def test_an_idle_or_ended_server_is_not_at_work() -> None:
    """A process is at work while it has a connection that it took, and not when it only listens or has ended."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        assert not is_working(server.pid)
        with socket.create_connection(("127.0.0.1", port)):
            assert server.stdout.readline() == "taken\n"
            assert is_working(server.pid)
        server.kill()
        os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)  # ended, and a zombie
        assert not is_working(server.pid)


_SERVER = """
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
taken = server.accept()
print("taken", flush=True)
input()
"""


@pytest.mark.parametrize("written", [b"kenarimerah", b"kenarimerah".hex().encode(), "kenarimerah".encode("utf-16-le")])
def test_plaintext_is_found_in_each_shape(tmp_path: Path, written: bytes) -> None:
    """A word in a file, plain, as hexadecimal digits or in UTF-16, is found also deep in a large one."""
    (tmp_path / "ciphertext").write_bytes(bytes(1000))
    assert plaintext([tmp_path], ["kenarimerah"]) == []
    (tmp_path / "leak").write_bytes(bytes((8 << 20) - 5) + written)
    assert plaintext([tmp_path], ["lain", "kenarimerah"]) == [
        "plaintext: leak holds what a reporter or an officer wrote"
    ]


def test_the_eight_words_are_plaintext(tmp_path: Path) -> None:
    """A reporter's code and words are searched for each report, the first ones as well."""
    ledger = Ledger()
    for number in range(30):
        report = ledger.new("itjen", "form")
        report.code, report.words = f"AB{number}-CD{number}", f"satu dua tiga {number}"
    for leak in ("AB0-CD0", "ab0cd0", "satu dua tiga 0", "satu+dua+tiga+0"):
        (tmp_path / "leak").write_text(f"x={leak}\n", "utf-8")
        assert plaintext([tmp_path], ledger.secrets()), leak


def test_the_memory_of_a_process_is_plaintext(tmp_path: Path) -> None:
    """A core dump is named, whatever is in it."""
    (tmp_path / "core.1234").write_bytes(b"")
    assert plaintext([tmp_path], ["kenarimerah"]) == ["plaintext: core.1234 is the memory of a process"]


def test_what_is_left_behind_is_named(tmp_path: Path) -> None:
    """A file outside of the place's pattern is named, at any depth."""
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "ab").write_bytes(b"")
    assert left_behind({tmp_path: r"blobs/[0-9a-f]+"}) == []
    (tmp_path / "blobs" / "ab.partial").write_bytes(b"")
    assert left_behind({tmp_path: r"blobs/[0-9a-f]+"}) == ["left behind: blobs/ab.partial"]


def test_a_second_copy_that_differs_is_half(tmp_path: Path) -> None:
    """A file that one of both lacks, or has with other bytes, is named."""
    for place in ("vault", "copy"):
        (tmp_path / place / "blobs").mkdir(parents=True)
        (tmp_path / place / "blobs" / "ab").write_bytes(b"1")
        (tmp_path / place / "vault.db").write_text(place, "utf-8")
    assert differing(tmp_path / "vault", tmp_path / "copy", r"vault\.db") == []
    (tmp_path / "copy" / "blobs" / "ab").write_bytes(b"2")
    (tmp_path / "copy" / "root.pub").write_bytes(b"2")
    assert differing(tmp_path / "vault", tmp_path / "copy", r"vault\.db") == [
        "half: blobs/ab is not alike in vault and copy",
        "half: root.pub is not alike in vault and copy",
    ]
