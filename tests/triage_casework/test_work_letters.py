"""Letters: the right addressee, nothing of the report, the same bytes each time."""

from dataclasses import replace

import pypdfium2
import pytest
from triage_world import SETTINGS, TODAY
from work_world import as_officer, move, new_case

from dropbox.crypto.secret import new_secret
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import letters
from dropbox.triage.casework.letters import Clearing
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

LETTER = Clearing(
    "Drs. H. Sutrisno (Tris)", "Kepala KUA", "Kankemenag Kota", "B-1/IJ/2026", "Inspektur Uji", "Inspektur I", "Jakarta"
)


def _shown(pdf: bytes) -> str:
    """The texts of a PDF, in one line."""
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split())


@pytest.fixture
def cleared(vault: Vault) -> Case:
    """A case that ended without proof."""
    return move(vault, new_case(vault, what="Kenari biru", who="Sutrisno", where="Contohsari"), "SELESAI_TIDAK")


def test_a_letter_clears_its_addressee(vault: Vault, cleared: Case) -> None:
    """It names them, with letterhead and number of pages, not classified; the log has its making without a name."""
    text = _shown(letters.clear(Work(vault, SETTINGS, TODAY), cleared, LETTER))
    head = SETTINGS.workstation.letterhead.lines["id"]
    for part in (
        LETTER.name,
        LETTER.position,
        LETTER.unit,
        LETTER.number,
        LETTER.signer,
        *head,
        "Sifat : Biasa",
        "1 dari 1",
    ):
        assert part in text
    assert "RAHASIA" not in text
    assert "Dugaan tersebut tidak terbukti" in text
    (line,) = [line for line in audit_log.lines(vault, cleared.number) if line.action == "letter.clear"]
    assert line.details == {}


def test_it_hints_at_no_reporter(vault: Vault, cleared: Case) -> None:
    """No word of the report, no channel, category, date or number of the case, no speech of a reporter."""
    text = _shown(letters.clear(Work(vault, SETTINGS, TODAY + 9), cleared, LETTER)).lower()
    for word in ("kenari", "contohsari", "wbs", "pungli", "itjen-0001", "pelapor", "laporan", "pengaduan masyarakat"):
        assert word not in text


def test_the_same_letter_is_the_same_bytes(vault: Vault, cleared: Case) -> None:
    """No clock and no random number is in it."""
    assert letters.clear(Work(vault, SETTINGS, TODAY), cleared, LETTER) == letters.clear(
        Work(vault, SETTINGS, TODAY), cleared, LETTER
    )


@pytest.mark.parametrize("status", ["TELAAH", "SELESAI_TERBUKTI"])
def test_only_who_was_not_found_guilty_is_cleared(vault: Vault, status: str) -> None:
    """Neither before the end nor against its result."""
    with pytest.raises(RefusedError, match="clears"):
        letters.clear(Work(vault, SETTINGS, TODAY), move(vault, new_case(vault), status), LETTER)


def test_an_archived_case_still_clears(vault: Vault, cleared: Case) -> None:
    """Until it is opened again."""
    archived = move(vault, cleared, "DIARSIPKAN")
    letters.clear(Work(vault, SETTINGS, TODAY), archived, LETTER)
    with pytest.raises(RefusedError):
        letters.clear(Work(vault, SETTINGS, TODAY), move(vault, archived, "VERIFIKASI"), LETTER)


@pytest.mark.parametrize("name", ["", "x" * 201, "名前", "a\u202eb"])
def test_a_field_that_cannot_be_printed_is_refused(vault: Vault, cleared: Case, name: str) -> None:
    """With a sentence, instead of a letter with boxes in it."""
    with pytest.raises(RefusedError):
        letters.clear(Work(vault, SETTINGS, TODAY), cleared, replace(LETTER, name=name))


def test_roles_and_exclusions_hold(vault: Vault, cleared: Case) -> None:
    """A verifier writes no letters; who is kept out finds no case."""
    with pytest.raises(RefusedError, match="roles"):
        letters.clear(Work(as_officer(vault, "budi", "verifikator"), SETTINGS, TODAY), cleared, LETTER)
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (cleared.number,))
    with pytest.raises(NotFoundError):
        letters.clear(Work(as_officer(vault), SETTINGS, TODAY), cleared, LETTER)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_receipt_has_code_words_and_advice(language: str) -> None:
    """It names no office, and its repr has no code."""
    secret = new_secret()
    page = letters.receipt_page(SETTINGS, secret, TODAY, language)
    text = "\n".join((page.title, page.code_label, page.code, page.words_label, page.words, *page.lines))
    for part in (page.title, secret.code, secret.words, *page.lines):
        assert part in text
    assert SETTINGS.office["id"] not in text
    assert secret.code not in repr(page)
    assert max(len(line.split()) for one in page.lines for line in one.split(".")) <= 15
