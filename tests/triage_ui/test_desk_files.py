"""A reporter's file at the desk: seen in pixels and lines, copied clean, its original only on purpose."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from desk_world import DeskClient, let_in, make_desk
from PIL import Image
from triage_world import TODAY, World, new_thread

from dropbox.triage.cases import casebook
from dropbox.triage.casework import merging
from dropbox.triage.evidence import findings, jobs, kinds, reasons, recognition, replies
from dropbox.triage.evidence.replies import Text
from dropbox.triage.ui import file_words
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import FILE
from tests.support.server import wait_until

_BADGES = re.compile(r"data-warnings>(.*?)</ul>|data-why>(.*?)</p>", re.DOTALL)


def take_files(world: World, *files: tuple[str, bytes], number: int = 1, what: str = "Pungutan") -> None:
    """A report with files."""
    thread = new_thread()
    blobs = [world.file(thread, place, data, name) for place, (name, data) in enumerate(files, 1)]
    with world.open() as vault:
        world.take(vault, [world.report(thread, what), *blobs], number=number)


def addresses(client: DeskClient, case: int = 1) -> list[str]:
    """The pages of a case's files, as its own page links to them."""
    return re.findall(rf'href="(/kasus/{case}/berkas/[0-9]+)"', client.get(f"/kasus/{case}").text)


def exported(world: World) -> list[str]:
    """What lies in the export folder."""
    folder = world.folder / "ekspor"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_photo_is_shown_as_new_pixels(world: World) -> None:
    """A PNG that was drawn here, with kind, hash and what its metadata would tell; nothing of the original's bytes."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    shown = client.look(address)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "foto (JPEG)" in shown.text
    assert str(file_words.WARNINGS["place"]) in shown.text
    (file,) = casebook.files(client.vault, casebook.find_case(client.vault, "1"))
    assert file.sha256.hex() in shown.text
    png = client.get(f"{address}/halaman/1.png")
    assert (png.mimetype, png.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert Image.open(io.BytesIO(png.data)).size == (60, 40)
    assert samples.CANARY.encode() not in png.data


def test_words_in_a_picture_are_read_when_they_are_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page offers it, then shows them apart, as machine reading; so does the search."""
    monkeypatch.setattr(jobs, "words", lambda *_: Text({recognition.PAGES: 1}, "Kuitansi \u202esetoran"))
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    assert "Baca tulisan dalam gambar" in client.look(address).text
    assert client.post(f"{address}/tulisan", data={}).status_code == 302
    wait_until("the words are read", lambda: client.get(f"{address}/keadaan").json["are_words_read"])  # type: ignore[index]
    shown = client.get(address).text
    assert "Baca tulisan dalam gambar" not in shown
    assert "Dibaca mesin, dapat keliru" in shown
    assert "Kuitansi \\u{202e}setoran" in shown
    assert "dibaca mesin, dapat keliru" in client.get("/cari?q=kuitansi").text


def test_a_document_page_by_page(world: World) -> None:
    """Forward and back, and a sentence beyond the last page; it was opened once, and the log says so once."""
    take_files(world, ("surat.pdf", samples.pdf(3)))
    client = make_desk(world)
    (address,) = addresses(client)
    first = client.look(address).text
    assert "Halaman 1 dari 3" in first
    assert f"{address}?halaman=2" in first
    opened = len(client.lines("file.preview"))
    second = client.look(f"{address}?halaman=2").text
    assert (f"{address}?halaman=1" in second, f"{address}?halaman=3" in second) == (True, True)
    assert client.get(f"{address}/halaman/2.png").mimetype == "image/png"
    assert str(file_words.STATES["no-page"]) in client.look(f"{address}?halaman=9").text
    assert client.look(f"{address}?halaman=x").status_code == 200
    assert len(client.lines("file.preview")) == opened


def test_text_is_shown_as_visible_lines(world: World) -> None:
    """Markup stands there as text; a direction override as its number."""
    take_files(world, ("a.txt", "<script>alert(1)</script>\nbaris \u202e kedua".encode()))
    client = make_desk(world)
    (address,) = addresses(client)
    shown = client.look(address).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "baris \\u{202e} kedua" in shown
    assert "<img" not in shown
    assert client.get(f"{address}/halaman/1.png").status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (samples.png_bomb(), file_words.STATES["bomb"]),
        (samples.pdf(extra=samples.PDF_WITH_SCRIPT), file_words.WARNINGS["script"]),
        (samples.pdf(extra=samples.PDF_WITH_LAUNCH), file_words.WARNINGS["launch"]),
        (samples.DRAWING, file_words.WARNINGS["external"]),
        (samples.PROGRAM, file_words.STATES["unsupported"]),
        (b"%PDF-1.4\nfake", file_words.STATES["damaged"]),
    ],
    ids=["bomb", "script", "launch", "external", "program", "damaged"],
)
def test_a_hostile_file_says_so(world: World, data: bytes, said: Any) -> None:
    """In words, on a page that works; that its name says another nature is shown as well."""
    take_files(world, ("rekaman.mp3", data))
    client = make_desk(world)
    (address,) = addresses(client)
    shown = client.look(address)
    told = " ".join(one or other for one, other in _BADGES.findall(shown.text))
    assert shown.status_code == 200
    assert str(said) in told
    assert str(file_words.WARNINGS["misnamed"]) in told


def test_sound_is_played_and_told_by_its_facts(world: World, tmp_path: Path) -> None:
    """Length, codec and a player; the player's stream, its waveform and the clean copy are made anew."""
    take_files(world, ("r.mp3", samples.recording(tmp_path, "r.mp3")))
    client = make_desk(world)
    (address,) = addresses(client)
    shown = client.look(address).text
    assert re.search(r"<dt>Lama \(detik\)</dt><dd>[12]</dd><dt>Suara</dt><dd>mp3</dd>", shown)
    assert "<audio" in shown
    begun = client.get(f"{address}/rekaman.webm?mulai=0")
    assert (begun.status_code, begun.mimetype, begun.data[:4]) == (200, "audio/webm", b"\x1a\x45\xdf\xa3")
    later = f"{address}/rekaman.webm?mulai=0&aliran={begun.headers['X-Stream']}"
    assert client.get(f"{later}&potong=9").status_code == 410
    assert client.get(f"{address}/rekaman.webm?mulai=0&utuh=1").data[:4] == b"\x1a\x45\xdf\xa3"
    assert client.get(f"{address}/rekaman/gelombang.png").data.startswith(b"\x89PNG")
    assert client.get(f"{address}/rekaman/pita.png").status_code == 409
    assert client.post(f"{address}/salinan").status_code == 302
    assert exported(world) == ["ITJEN-0001-01.webm"]


def test_the_clean_copy_goes_into_the_export_folder(world: World) -> None:
    """Only its owner may enter it; the page says to delete the copy; the act is in the log."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    assert client.post(f"{address}/salinan").headers["Location"] == address
    assert "Hapus bila sudah selesai" in client.get(address).text
    assert (world.folder / "ekspor").stat().st_mode & 0o777 == 0o700
    assert exported(world) == ["ITJEN-0001-01.png"]
    assert samples.CANARY.encode() not in (world.folder / "ekspor" / "ITJEN-0001-01.png").read_bytes()
    (line,) = client.lines("file.export")
    assert (line["file"], line["kind"]) == (1, "jpeg")
    again = client.post(f"{address}/salinan")
    assert (again.status_code, 'role="alert"' in again.text) == (409, True)


def test_the_original_needs_a_tick(world: World) -> None:
    """Without it nothing leaves and nothing is logged; with it the bytes are the reporter's own."""
    data = samples.photo()
    take_files(world, ("rekaman.mp3", data))
    client = make_desk(world)
    (address,) = addresses(client)
    assert client.post(f"{address}/asli").status_code == 409
    assert (exported(world), client.lines("file.original")) == ([], [])
    assert client.post(f"{address}/asli", {"sure": "1"}).status_code == 302
    assert exported(world) == ["ITJEN-0001-asli/01-rekaman.mp3", "ITJEN-0001-asli/manifest.json"]
    assert (world.folder / "ekspor/ITJEN-0001-asli/01-rekaman.mp3").read_bytes() == data
    assert [line["file"] for line in client.lines("file.original")] == [1]


def test_an_export_folder_that_others_may_enter_is_refused(world: World) -> None:
    """Nothing is written into it."""
    (world.folder / "ekspor").mkdir(mode=0o755)
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    assert client.post(f"{address}/salinan").status_code == 409
    assert exported(world) == []


@pytest.mark.parametrize(
    ("role", "expected"),
    [("petugas-penerima", (200, 409, 409)), ("verifikator", (200, 302, 409)), ("pengawas", (409, 409, 409))],
)
def test_roles(world: World, role: str, expected: tuple[int, int, int]) -> None:
    """Looking, copying and taking the original are three acts; what a role lacks is neither offered nor done."""
    take_files(world, ("foto.jpg", samples.photo()))
    let_in(world, "budi", role)
    client = make_desk(world, "budi")
    (message,) = client.vault.db.execute("select number from messages where kind = ?", (FILE,)).fetchone()
    address = f"/kasus/1/berkas/{message}"
    shown = client.look(address)
    copied = client.post(f"{address}/salinan").status_code
    original = client.post(f"{address}/asli", {"sure": "1"}).status_code
    assert (shown.status_code, copied, original) == expected
    assert ("/salinan" in shown.text, "/asli" in shown.text) == (copied == 302, original == 302)
    assert exported(world) == (["ITJEN-0001-01.png"] if copied == 302 else [])


def test_files_of_merged_cases_are_reached_through_the_leader(world: World) -> None:
    """And of no other case; from whom a case is kept, the file is kept."""
    take_files(world, ("a.txt", b"satu"))
    take_files(world, ("b.txt", b"dua"), number=2)
    take_files(world, ("c.txt", b"tiga"), number=3)
    let_in(world, "budi", "inspektur")
    client = make_desk(world, "budi")
    one, two, three = (casebook.find_case(client.vault, str(number)) for number in (1, 2, 3))
    merging.merge(Work(client.vault, client.desk.settings, TODAY), two, one)
    first, second = addresses(client)
    (third,) = addresses(client, three.number)
    assert "dua" in client.look(second).text
    assert client.get(third.replace("/kasus/3/", "/kasus/1/")).status_code == 404
    assert client.get("/kasus/1/berkas/999").status_code == 404
    client.vault.db.execute(
        "insert into exclusions (case_number, officer, reason) values (?, 'budi', 'named')", (two.number,)
    )
    assert (client.look(first).status_code, client.look(second).status_code) == (200, 404)


def test_memory_is_given_back(world: World) -> None:
    """When another page is opened the file is closed; when the desk is locked, its pages are forgotten as well."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    client.look(address)
    client.get(f"{address}/halaman/1.png")
    client.get("/keadaan")
    studio = client.desk.studio
    assert (len(studio.looked_at), studio.pages.bytes > 0) == (1, True)
    client.get("/")
    assert (studio.looked_at, studio.pages.bytes > 0) == (set(), True)
    client.look(address)
    client.post("/kunci")
    assert (studio.looked_at, studio.pages.bytes) == (set(), 0)
    assert client.get(address).status_code == 302


def test_an_idle_desk_holds_no_file(world: World) -> None:
    """The idle clock closes it with the vault, however often the page itself asks."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    client.look(address)
    studio = client.desk.studio
    half = 60 * client.desk.settings.workstation.idle_minutes / 2 + 1
    client.clock.now += half
    assert client.get(f"{address}/keadaan", headers={"X-Quiet": "1"}).status_code == 200
    client.clock.now += half
    client.get("/keadaan")
    assert (client.desk.is_unlocked(), studio.looked_at, studio.pages.bytes) == (False, set(), 0)


def test_a_known_file_that_names_an_officer_is_kept_from_them_when_it_comes_again(world: World) -> None:
    """Every address of the file in its second case answers as if there were none."""
    let_in(world, "fauzi", "verifikator", name="Ahmad Fauzi")
    file = ("a.txt", b"Kirim ke Ahmad Fauzi, auditor.")
    take_files(world, file)
    client = make_desk(world)
    client.look(addresses(client)[0])
    client.desk.close("end")
    take_files(world, file, number=2)
    client = make_desk(world, "fauzi")
    (address,) = addresses(client, 2)
    assert client.get(f"{address}/keadaan").status_code == 404
    assert client.get(address).status_code == 404


def test_every_code_has_a_label() -> None:
    """Kinds, warnings, reasons and notes of triage.evidence, and the numbers that are not warnings."""
    assert file_words.KINDS.keys() == kinds.KINDS.keys()
    assert file_words.WARNINGS.keys() == set(findings.WARNINGS)
    assert file_words.STATES.keys() == reasons.SENTENCES.keys()
    assert file_words.NOTES.keys() == set(findings.NOTES)
    assert file_words.FACTS.keys() == replies.FACTS - set(findings.WARNINGS) - set(findings.NOTES)
