"""The checker of the fault runs names each planted deviation, and finds none where nothing deviates."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.checker import Case, compare, differing, left_behind, plaintext, unread
from tests.faults.ledger import Ledger, Report


@pytest.fixture
def ledger() -> Ledger:
    """Three acknowledged reports, each with an acknowledged file, and one that its reporter gave up."""
    made = Ledger()
    for number in range(3):
        report = made.new("itjen")
        made.file(report, 1000)
        report.acknowledged, report.files_acknowledged = True, {*report.files}
        report.code, report.answers = f"CODE-{number}", [f"jawaban {number}"]
    made.new("irjen")
    return made


def opened(ledger: Ledger) -> list[Case]:
    """What a desk sees when all is well."""
    return [_case(report) for report in ledger.reports if report.acknowledged]


def _case(report: Report) -> Case:
    return Case(report.desk, (report.what,), tuple(report.files.items()))


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
        (lambda case: replace(case, reports=(case.reports[0][:-20],)), "half: no reporter sent"),
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
    pages = {"CODE-0": "jawaban 0", "CODE-1": "jawaban 1 jawaban 1", "CODE-2": ""}
    assert [sentence.split()[5] for sentence in unread(ledger.reports, pages)] == ["1", "2"]


@pytest.mark.parametrize("written", [b"kenarimerah", b"kenarimerah".hex().encode(), "kenarimerah".encode("utf-16-le")])
def test_plaintext_is_found_in_each_shape(tmp_path: Path, written: bytes) -> None:
    """A word in a file, plain, as hexadecimal digits or in UTF-16, is found also across two pieces that are read."""
    (tmp_path / "ciphertext").write_bytes(bytes(1000))
    assert plaintext([tmp_path], ["kenarimerah"]) == []
    (tmp_path / "leak").write_bytes(bytes((8 << 20) - 5) + written)
    assert plaintext([tmp_path], ["kenarimerah"]) == ["plaintext: leak holds what a reporter or an officer wrote"]


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
    """A blob that one of both lacks, or has with other bytes, is named."""
    for place in ("vault", "copy"):
        (tmp_path / place / "blobs").mkdir(parents=True)
        (tmp_path / place / "blobs" / "ab").write_bytes(b"1")
    assert differing(tmp_path / "vault", tmp_path / "copy") == []
    (tmp_path / "copy" / "blobs" / "ab").write_bytes(b"2")
    assert {*differing(tmp_path / "vault", tmp_path / "copy")} == {"half: ab is in one of vault and copy alone"}
