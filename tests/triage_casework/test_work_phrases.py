"""Phrases: plain, without names, in the reporter's language, with the right date."""

import re

import pytest
from triage_world import SETTINGS, TODAY
from work_world import again, as_officer, move, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import casebook
from dropbox.triage.casework import phrases
from dropbox.triage.vault.phrasebook import Phrase, defaults
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of


def test_a_new_vault_has_all_phrases(vault: Vault) -> None:
    """Every status that an officer can give has one."""
    assert {one.code for one in phrases.all_phrases(vault)} == set(defaults())
    for status in ("VERIFIKASI", "BUTUH_INFO", "DILIMPAHKAN", "SELESAI_TERBUKTI", *phrases.OPTIONAL):
        assert any(one.status == status for one in phrases.all_phrases(vault, status))


@pytest.mark.parametrize("code", defaults())
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_is_plain(code: str, language: str) -> None:
    """At most 15 words, no promise of safety, no word of blame; only {next} in braces."""
    phrase = defaults()[code]
    text = phrase.text_en if language == "en" else phrase.text_id
    for sentence in re.split(r"[.!?;:]", text.replace("\n", " ")):
        assert len(sentence.split()) <= 15
    assert set(re.findall(r"\{.*?\}", text)) <= {"{next}"}
    assert not re.search(r"dijamin|100%|surat kaleng|informan|pengadu\b|guarantee", text, re.IGNORECASE)
    assert phrases.with_date(text, language, 0)


def test_a_move_without_words_gets_its_phrase(vault: Vault) -> None:
    """With the date that the reporter is told, in the language of the report."""
    case = move(vault, new_case(vault), "TELAAH", text="")
    entry = casebook.timeline(vault, case)[-1]
    assert entry.text == phrases.text_of(vault, "review", "id", entry.next)
    assert phrases.spoken_date(date_of(entry.next), "id") in entry.text
    english = move(vault, new_case(vault, lang="en"), "VERIFIKASI", text="")
    entry = casebook.timeline(vault, english)[-1]
    assert entry.text.startswith("We are checking")
    assert phrases.spoken_date(date_of(entry.next), "en") in entry.text


def test_a_date_is_set_when_the_answer_is_given(vault: Vault) -> None:
    """Whatever text holds {next}; where no date is promised the sentence about it goes."""
    case = move(vault, new_case(vault), "BUTUH_INFO", text="Di mana? Sampai {next}.", next=TODAY + 40)
    assert casebook.timeline(vault, case)[-1].text == (
        f"Di mana? Sampai {phrases.spoken_date(date_of(TODAY + 40), 'id')}."
    )
    case = move(vault, case, "PULBAKET", text="Kami dalami. Lihat lagi {next}.")
    assert casebook.timeline(vault, case)[-1].text == "Kami dalami."


def test_phrases_are_edited_and_restored(vault: Vault) -> None:
    """By whoever may; the file's text comes back unchanged."""
    mine = Phrase("review", "TELAAH", "Telaah", "Kami telaah sampai {next}.", "We review until {next}.")
    phrases.edit(Work(vault, SETTINGS, TODAY), mine)
    assert phrases.phrase_of(vault, "review") == mine
    phrases.restore(Work(vault, SETTINGS, TODAY), "review")
    assert phrases.phrase_of(vault, "review") == defaults()["review"]
    with pytest.raises(RefusedError, match="roles"):
        phrases.edit(Work(as_officer(vault, "budi", "verifikator"), SETTINGS, TODAY), mine)
    phrases.edit(Work(vault, SETTINGS, TODAY), Phrase("own", "", "Sendiri", "Baik.", "Fine."))
    with pytest.raises(NotFoundError):
        phrases.restore(Work(vault, SETTINGS, TODAY), "own")


@pytest.mark.parametrize(
    "bad",
    [
        Phrase("x", "", "t", "Kepada {name}", "To {name}"),
        Phrase("x", "", "t", "", "x"),
        Phrase("x", "DITOLAK", "t", "a", "b"),
        Phrase("X y", "", "t", "a", "b"),
        Phrase("x", "", "", "a", "b"),
        Phrase("x", "", "t", "} {", "b"),
    ],
)
def test_a_phrase_holds_no_other_placeholder(vault: Vault, bad: Phrase) -> None:
    """Names and facts never come into a message by a template."""
    with pytest.raises(RefusedError):
        phrases.edit(Work(vault, SETTINGS, TODAY), bad)


def test_a_name_in_an_answer_is_pointed_out(vault: Vault) -> None:
    """Words of who, where and the unit, in any letter case; ordinary words and clean texts are not."""
    case = new_case(vault, who="Bapak Sutrisno, kepala KUA", where="Kankemenag Kota Contohsari")
    vault.db.execute("update cases set unit = 'MTsN 3 Harapan' where number = ?", (case.number,))
    case = again(vault, case)
    assert "sutrisno" in phrases.warnings(vault, case, "Kami sudah memeriksa SUTRISNO.")[0]
    assert "contohsari" in phrases.warnings(vault, case, "Tim datang ke Contohsari.")[0]
    assert "harapan" in phrases.warnings(vault, case, "Di MTsN 3 Harapan sudah kami cek.")[0]
    for code in defaults():
        assert phrases.warnings(vault, case, phrases.text_of(vault, code, "id", TODAY)) == []
