"""Search: whatever a person types is a question, and what they may not see or what is gone is never the answer."""

from pathlib import Path

import pytest
from cases_world import add_officer, answer, exclude, take
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.errors import RefusedError
from dropbox.matching.words import indexed
from dropbox.triage.casework import handling, search
from dropbox.triage.vault.migrations import CHANGES
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

# SQLCipher 4: pages of 4 KiB under AES-256-CBC, their last 80 bytes the IV and a MAC; the file opens with a salt.
PAGE_BYTES = 4096
RESERVED_BYTES = 80
SALT_BYTES = 16


def _found(vault: Vault, typed: str) -> list[int]:
    return [hit.number for hit in search.search(Work(vault, SETTINGS, TODAY), typed)]


def test_words_phrases_and_the_beginning_of_the_last_word_are_found(world: World, vault: Vault) -> None:
    """In any order and letter case, without accents; a phrase only as it stands."""
    take(world, vault, what="Kepala madrasah meminta uang ijazah kepada orang tua murid", where="Pandeglang")
    for typed in ("ijazah uang", "IJAZAH", '"uang ijazah"', "“uang ijazah”", "ijaz", "uang mad", "pandeg", "mádrasah"):
        assert _found(vault, typed) == [1], typed
    for typed in ('"ijazah uang"', "ijaz uang", "gratifikasi", "", " ", '"', "- * ( )", "NEAR", "uang NOT ijazah"):
        assert _found(vault, typed) == [], typed


def test_answers_notes_and_labels_are_searched_too(world: World, vault: Vault) -> None:
    """As is what the sandbox read out of a file; a case is named once, whatever matches in it."""
    case = take(world, vault)
    handling.note(Work(vault, SETTINGS, TODAY), case, "Hubungi bendahara cadangan")
    handling.classify(Work(vault, SETTINGS, TODAY), case, handling.Classification(subject="Pungutan blanko"))
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=["prioritas"])
    answer(vault, case, "TELAAH", "Sedang kami dalami sepenuhnya.")
    with transaction(vault.db):
        search.put(vault, case.number, search.EXTRACTED, 1, "kuitansi bermaterai pungutan")
    for typed in ("cadangan", "blanko", "prioritas", "sepenuhnya", "bermaterai", "pungutan"):
        assert _found(vault, typed) == [1], typed


def test_a_hit_shows_its_passage_and_commands_nothing(world: World, vault: Vault) -> None:
    """The words that were asked for are marked; control characters are signs to look at."""
    take(world, vault, what="Awal\x1b[2J \u202euang \x02pungutan\x03 sekolah")
    (hit,) = search.search(Work(vault, SETTINGS, TODAY), "pungutan")
    shown = "".join(text for text, _ in hit.parts)
    assert ("pungutan", True) in hit.parts
    assert "\\u{1b}" in shown
    assert "\\u{2}" in shown
    assert not {"\x1b", "\u202e", "\x02", "\x03"} & set(shown)


def test_who_is_kept_out_finds_nothing_of_it(world: World, vault: Vault) -> None:
    """Neither does anybody find a case whose content was deleted, nor an overseer anything at all."""
    case = take(world, vault, what="pungutan rahasia")
    other = add_officer(vault, "budi", "Budi Raharjo Utomo")
    assert _found(other, "pungutan") == [1]
    exclude(vault, case, "budi")
    assert _found(other, "pungutan") == []
    with pytest.raises(RefusedError):
        _found(add_officer(vault, "awas", "Pengawas Satu Dua", "pengawas"), "pungutan")
    with transaction(vault.db):
        vault.db.execute("update cases set deleted = ?", (TODAY,))
    assert _found(vault, "pungutan") == []


def test_a_forgotten_case_is_gone_from_the_database_file(world: World, vault: Vault, tmp_path: Path) -> None:
    """Not a letter of it is left in any page, neither in the index, nor in the originals, nor in replaced texts."""
    gone, kept = (take(world, vault, number=number, what="pungutan biasa") for number in (1, 2))
    for case, number, text in (
        (gone, 77, "zebrakuning pertama ﬁ"),
        (gone, 77, "zebralembayung kedua ﬂ"),
        (gone, 79, "zebraputih pertama ﬃ"),
        (kept, 78, "zebrahijau ketiga"),
    ):
        with transaction(vault.db):
            search.put(vault, case.number, search.NOTE, number, text)
    assert b"lembayung" in _pages(vault)
    with transaction(vault.db):
        search.forget_case(vault, gone.number)
    plain = tmp_path / "plain.db"
    vault.db.execute("attach database ? as plain key ''", (str(plain),))
    vault.db.execute("select sqlcipher_export('plain')").fetchall()
    vault.db.execute("detach database plain")
    for content in (plain.read_bytes(), _pages(vault)):
        assert b"hijau" in content
        assert b"ketiga" in content
        for secret in (b"kuning", b"lembayung", b"putih", b"pertama", b"kedua", *map(str.encode, "ﬁﬂﬃ")):
            assert secret not in content
    assert _found(vault, "zebra") == [kept.number]


def _pages(vault: Vault) -> bytes:
    """Every page of vault.db, decrypted: free ones too, which an export would leave out."""
    raw = (vault.folder / "vault.db").read_bytes()
    pages = [raw[start : start + PAGE_BYTES] for start in range(0, len(raw), PAGE_BYTES)]
    pages[0] = pages[0][SALT_BYTES:]
    plain = []
    for page in pages:
        body, initial = page[:-RESERVED_BYTES], page[-RESERVED_BYTES:][:16]
        opened = Cipher(algorithms.AES(vault.key), modes.CBC(initial)).decryptor()
        plain.append(opened.update(body) + opened.finalize())
    return b"".join(plain)


ALPHABET = st.characters(codec="utf-8")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(ALPHABET, max_size=60), st.text('"*()^:-+ANDORNOTEAR \x00{}', max_size=40)))
def test_no_input_is_an_error(vault: Vault, typed: str) -> None:
    """Neither in a search nor in what it becomes."""
    assert isinstance(search.search(Work(vault, SETTINGS, TODAY), typed), list)


@pytest.mark.parametrize("typed", ["\ud800", "a" * 100_000, '"' * 999, "a " * 5000, "\x00abc", "ﷺ", "e\u0301" * 50])
def test_extremes_are_no_error(vault: Vault, typed: str) -> None:
    """Half a character, very much, or nothing but quotation marks."""
    assert search.search(Work(vault, SETTINGS, TODAY), typed) == []


def test_what_an_older_vault_indexed_is_indexed_again(world: World) -> None:
    """By the change of the schema that made it so: by the words of today, shown as it was written."""
    with world.open() as vault:
        case = take(world, vault)
        vault.db.execute("drop table search_originals")
        row = ((case.number << 32) + 8 * 7 + search.NOTE, case.number, "bukti ﬁktif")
        vault.db.execute("insert into search (rowid, case_number, body) values (?, ?, ?)", row)
        vault.db.create_function("indexed", 1, indexed, deterministic=True)
        vault.db.executescript(CHANGES[7])
        (hit,) = search.search(Work(vault, SETTINGS, TODAY), "fiktif")
        assert ("ﬁktif", True) in hit.parts


def test_a_message_that_joins_later_is_found(world: World, vault: Vault) -> None:
    """An addition's words lead to its case."""
    thread = new_thread()
    take(world, vault, thread)
    world.take(vault, [world.addition(thread, 1, "Kuitansi ada di lemari")], number=2)
    assert _found(vault, "lemari") == [1]
