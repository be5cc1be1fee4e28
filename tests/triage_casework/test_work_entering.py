"""What officers key in: letters, walk-ins and whole registers."""

import csv
import hashlib
import io
from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY, World, all_files, dump, new_thread, published
from work_world import as_officer

from dropbox.crypto.secret import parse_secret
from dropbox.errors import MalformedError, NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook, deadlines
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.csv_entry import import_csv
from dropbox.triage.intake.manual_entry import Scan, Typed
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

LETTER = Typed(
    "surat", TODAY - 40, "dumas", "pungli", {"what": "Ada pungutan", "who": "Kepala", "where": "Kota Contoh"}
)
HEADER = ["tanggal", "kanal", "kategori", "uraian", "terlapor", "tempat", "waktu"]


def test_a_walk_in_follows_the_case_like_anybody_else(world: World, vault: Vault, tmp_path: Path) -> None:
    """Code and words of the printed receipt open the board; what they send on-line later joins the case."""
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 999)
    typed = Typed(
        "langsung", TODAY, "wbs", "korupsi", LETTER.fields, "id", (Scan(scan, "surat.pdf", "application/pdf"),)
    )
    entered = manual_entry.enter(Work(vault, SETTINGS, TODAY), typed)
    case = entered.case
    assert (case.origin, case.channel, case.category, case.proven) == ("langsung", "wbs", "korupsi", True)
    (file,) = casebook.files(vault, case)
    assert (file.name, file.size, file.sha256) == (
        "surat.pdf",
        scan.stat().st_size,
        hashlib.sha256(scan.read_bytes()).digest(),
    )
    thread = parse_secret(entered.secret.code, entered.secret.words).keys(vault.instance, "itjen")
    timeline = published(world, vault).timeline(world, thread)
    assert timeline is not None
    assert timeline[-1].status == "DITERIMA"
    world.take(vault, [world.addition(thread, 7, "Tambahan dari rumah")], number=2)
    assert [text.fields["what"] for text in casebook.texts(vault, case)] == ["Ada pungutan", "Tambahan dari rumah"]


def test_a_letters_clock_starts_on_its_own_date(vault: Vault) -> None:
    """Not on the day on which it was keyed in."""
    case = manual_entry.enter(Work(vault, SETTINGS, TODAY), LETTER).case
    assert case.sent == case.clock == LETTER.day
    assert case.due == deadlines.due_day(SETTINGS, "DITERIMA", LETTER.day)
    assert [(line.action, line.details) for line in audit_log.lines(vault, case.number)] == [
        ("case.enter", {"origin": "surat", "files": 0})
    ]


def test_the_server_gets_no_receipt_but_the_copy_has_it(world: World, vault: Vault) -> None:
    """It never held the blob; the second copy does."""
    manual_entry.enter(Work(vault, SETTINGS, TODAY), LETTER)
    online = world.report(new_thread())
    world.take(vault, [online])
    assert published(world, vault).receipts == {online.sha256}
    assert second_copy.sync(vault) == []
    names = {path.name for path in vault.blobs.iterdir()}
    assert len(names) == 2
    assert names == {path.name for path in (vault.copy_folder / "blobs").iterdir()}


def test_code_and_words_are_kept_nowhere(vault: Vault) -> None:
    """Neither in vault.db nor in a file."""
    entered = manual_entry.enter(Work(vault, SETTINGS, TODAY), LETTER)
    held = repr(dump(vault)).encode() + b"".join(path.read_bytes() for path in all_files(vault.folder))
    for secret in (entered.secret.code, entered.secret.code.replace("-", ""), entered.secret.words):
        assert secret.encode() not in held
    assert entered.secret.code not in repr(entered)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (Typed("online", TODAY, "wbs", "pungli", {"what": "x"}), RefusedError),
        (Typed("surat", TODAY + 1, "wbs", "pungli", {"what": "x"}), RefusedError),
        (Typed("surat", 1, "wbs", "pungli", {"what": "x"}), RefusedError),
        (Typed("surat", TODAY, "kotak", "pungli", {"what": "x"}), RefusedError),
        (Typed("surat", TODAY, "wbs", "sihir", {"what": "x"}), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "  "}), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "x" * 100_001}), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "x", "nik": "1"}), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "x"}, "jv"), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "x"}, "id", (Scan(Path("nowhere"), "a"),) * 21), RefusedError),
        (Typed("surat", TODAY, "wbs", "pungli", {"what": "x"}, "id", (Scan(Path("nowhere"), "a"),)), NotFoundError),
    ],
)
def test_what_cannot_be_leaves_nothing(vault: Vault, typed: Typed, error: type[Exception]) -> None:
    """No row, no blob."""
    before, files = dump(vault), all_files(vault.blobs)
    with pytest.raises(error):
        manual_entry.enter(Work(vault, SETTINGS, TODAY), typed)
    assert (dump(vault), all_files(vault.blobs)) == (before, files)


def test_only_those_who_may_key_in(vault: Vault) -> None:
    """The overseer enters nothing."""
    with pytest.raises(RefusedError, match="roles"):
        manual_entry.enter(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), LETTER)
    with pytest.raises(RefusedError, match="roles"):
        import_csv(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY), b"", "surat")


def _csv(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *rows])
    return out.getvalue().encode(encoding)


def _row(what: str, **changes: str) -> list[str]:
    values = dict(zip(HEADER, ["2026-03-02", "dumas", "pungli", what, "Kepala", "Kota", ""], strict=True)) | changes
    return list(values.values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_register_of_any_office_program_comes_in(vault: Vault, encoding: str, delimiter: str) -> None:
    """Encodings and separators as they occur; quoted line breaks and quotes are text."""
    what = 'Baris satu; "kutip", é\nbaris dua'
    done = import_csv(
        Work(vault, SETTINGS, TODAY),
        _csv([_row(what), _row("Lain", tanggal="02/04/2026", kanal="")], encoding, delimiter),
        "lapor",
    )
    assert (done.entered, done.known, done.bad) == (2, 0, [])
    first, second = casebook.all_cases(vault)
    assert casebook.texts(vault, first)[0].fields["what"] == what
    assert (first.origin, first.proven) == ("lapor", False)
    assert second.sent == first.sent + 31
    assert (first.channel, second.channel) == ("dumas", "tidak-disebut")


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-03-02", "2026-03-02 00:00:00", "2026-03-02T00:00:00", "02/03/2026", "2/3/26", "2 Maret 2026"),
        *("Senin, 2 Maret 2026", "2-Mar-26", "2 March 2026", "2 MARET 2026", "02.03.2026", "2 Mar. 2026"),
    ],
)
def test_a_date_is_read_as_letters_and_spreadsheets_write_it(vault: Vault, typed: str) -> None:
    """Numbers, names of months in both languages, a weekday before and a midnight after them."""
    raw = _csv([_row("Setoran", tanggal="2026-03-02"), _row("Lain", tanggal=typed)])
    assert import_csv(Work(vault, SETTINGS, TODAY), raw, "surat").bad == []
    first, second = casebook.all_cases(vault)
    assert first.sent == second.sent


def test_bad_rows_are_named_and_the_others_come_in(vault: Vault) -> None:
    """By the number that a spreadsheet shows, with a sentence that repeats nothing of the row."""
    rows = [
        _row("Baik"),
        _row("Tanggal rusak", tanggal="kemarin"),
        _row("Kategori", kategori="sihir"),
        ["kurang"],
        ["", "", "", "", "", "", ""],
        _row(""),
        _row("x" * 100_001),
        _row("Masa depan", tanggal="2999-01-01"),
        _row("Nol\0"),
        _row("Baik juga"),
    ]
    done = import_csv(Work(vault, SETTINGS, TODAY), _csv(rows), "surat")
    assert done.entered == 2
    assert [number for number, _ in done.bad] == [3, 4, 5, 7, 8, 9, 10]
    assert not any(word in why for _, why in done.bad for word in ("kemarin", "sihir", "kurang"))


def test_the_same_file_twice_changes_nothing(vault: Vault) -> None:
    """Nor do rows that another file repeats."""
    raw = _csv([_row("Satu"), _row("Dua")])
    import_csv(Work(vault, SETTINGS, TODAY), raw, "surat")
    before = dump(vault)
    done = import_csv(Work(vault, SETTINGS, TODAY + 3), raw, "surat")
    assert (done.entered, done.known) == (0, 2)
    assert dump(vault) == before
    assert import_csv(Work(vault, SETTINGS, TODAY), _csv([_row("Dua"), _row("Tiga")]), "surat").entered == 1


def test_formulas_stay_texts(vault: Vault) -> None:
    """What a spreadsheet would run is kept as it was typed, and runs nowhere."""
    what = '=HYPERLINK("http://x";"y")'
    import_csv(Work(vault, SETTINGS, TODAY), _csv([_row(what, terlapor="@SUM(1)")]), "surat")
    fields = casebook.texts(vault, casebook.all_cases(vault)[0])[0].fields
    assert (fields["what"], fields["who"]) == (what, "@SUM(1)")


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"a;b\n1;2\n", b"tanggal;tanggal;uraian\n", b"\x81\x8d", b"PK\x03\x04" + bytes(99)]
)
def test_what_is_no_register_is_refused_whole(vault: Vault, raw: bytes) -> None:
    """A spreadsheet that was not saved as CSV, an empty file, foreign columns."""
    before = dump(vault)
    with pytest.raises(MalformedError):
        import_csv(Work(vault, SETTINGS, TODAY), raw, "surat")
    assert dump(vault) == before


def test_an_open_quote_swallows_no_other_import(vault: Vault) -> None:
    """The rows before it are kept; what follows is named as one bad row."""
    raw = _csv([_row("Baik")]) + b'2026-03-02;dumas;pungli;"tidak ditutup;x;y;z\n'
    done = import_csv(Work(vault, SETTINGS, TODAY), raw, "surat")
    assert (done.entered, [number for number, _ in done.bad]) == (1, [3])


@pytest.mark.soak
def test_a_hundred_thousand_rows(vault: Vault) -> None:
    """All of them come in."""
    raw = _csv([_row(f"Laporan {n}") for n in range(100_000)])
    assert import_csv(Work(vault, SETTINGS, TODAY), raw, "surat").entered == 100_000


def test_rows_are_no_burden_for_the_board(world: World, vault: Vault) -> None:
    """Nobody has their secret: they take no cell, and give no receipt."""
    import_csv(Work(vault, SETTINGS, TODAY), _csv([_row(f"Laporan {n}") for n in range(200)]), "surat")
    out = published(world, vault)
    assert sum(len(board.cells) for board in out.boards) == 64
    assert out.receipts == set()
