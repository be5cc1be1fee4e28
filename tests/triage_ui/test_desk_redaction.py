"""The pages of redacted copies: forms that refuse, the result as it leaves, and the second officer who must look."""

import array
import base64
import io
import math
import re
import subprocess
import wave
from collections.abc import Iterator

import pytest
import samples
from desk_world import DeskClient, let_in, make_desk, new_desk
from PIL import Image
from triage_world import World, new_thread

from dropbox.triage.cases import casebook
from dropbox.triage.redaction import saved
from dropbox.triage.redaction.burning import BLOCK
from dropbox.triage.redaction.recipe import Box

BOX = {"box-x": "0", "box-y": "0", "box-width": "500", "box-height": "1000"}


def voice_of(seconds: int) -> bytes:
    """A low tone of 300 Hz as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        samples_of = (int(8000 * math.sin(2 * math.pi * 300 * at / 8000)) for at in range(8000 * seconds))
        sound.writeframes(array.array("h", samples_of).tobytes())
    return out.getvalue()


@pytest.fixture
def client(world: World) -> Iterator[DeskClient]:
    """A desk with a photo of two colours, a chat, a PDF of two pages."""
    thread = new_thread()
    files = (
        ("foto.jpg", samples.photo(size=(600, 400))),
        ("chat.txt", b"Budi: setor\n<b>Ani</b>: ya\n"),
        ("surat.pdf", samples.pdf(pages=2)),
        ("suara.wav", voice_of(6)),
    )
    blobs = [world.file(thread, number, data, name) for number, (name, data) in enumerate(files, 1)]
    with world.open() as vault:
        world.take(vault, [world.report(thread), *blobs])
    client = make_desk(world)
    yield client
    client.desk.close("end")


def address(client: DeskClient, number: int = 1) -> str:
    """The address of a file."""
    found = re.findall(r'href="(/kasus/1/berkas/[0-9]+)"', client.get("/kasus/1").text)
    return list(dict.fromkeys(found))[number - 1]


def burnt(page: str) -> Image.Image:
    """The picture that a page holds."""
    match = re.search(r'src="data:image/png;base64,([^"]+)"', page)
    assert match
    return Image.open(io.BytesIO(base64.b64decode(match[1])))


def kept(client: DeskClient, number: int = 1) -> list[saved.Saved]:
    """The redacted copies of a file."""
    case = casebook.find_case(client.vault, "1")
    return saved.of_file(client.vault, case, casebook.file_of(client.vault, case, number).sha256)


def known(client: DeskClient, number: int) -> dict[str, str]:
    """What the form of a file's first redacted copy sends of the copy that it was made of."""
    one = kept(client, number)[0]
    return {"salinan": str(one.number), "sidik": one.sha256.hex()}


def test_a_change_of_somebody_else_is_not_lost(client: DeskClient) -> None:
    """A form that was opened before another one was saved is refused with what was typed; a second time it counts."""
    base = address(client, 2)
    form = {"name": "KPK", "to": "stay"}
    client.post(f"{base}/samarkan", form | {"words": "Budi"})
    stale = known(client, 2)
    client.post(f"{base}/samarkan", form | stale | {"words": "Budi\nAni"})
    refused = client.post(f"{base}/samarkan", form | stale | {"words": "setor"})
    assert (refused.status_code, "diubah orang lain" in refused.text, "setor" in refused.text) == (409, True, True)
    assert kept(client, 2)[0].recipe.words == ("Ani", "Budi")
    shown = re.findall(r'name="sidik" value="([0-9a-f]+)"', refused.text)
    client.post(f"{base}/samarkan", form | {"salinan": stale["salinan"], "sidik": shown[0], "words": "setor"})
    assert kept(client, 2)[0].recipe.words == ("setor",)


def test_only_pages_that_were_drawn_count_as_viewed(client: DeskClient) -> None:
    """A missing page and a phrase that is not found are no look; with boxes on two pages both are needed."""
    base = address(client, 3)
    client.post(f"{base}/samarkan", {"name": "KPK", "halaman": "1", "to": "stay"} | BOX)
    client.post(f"{base}/samarkan", {"name": "KPK", "to": "stay"} | BOX | known(client, 3) | {"halaman": "2"})
    (one,) = kept(client, 3)
    for number, is_seen in ((9, False), (1, False), (2, True)):
        client.get(f"{base}/samaran/1?halaman={number}")
        assert saved.has_seen(client.vault, one) is is_seen
    text = address(client, 2)
    client.post(f"{text}/samarkan", {"name": "KPK", "words": "Sutrisna"})
    client.get(f"{text}/samaran/2")
    assert not saved.has_seen(client.vault, kept(client, 2)[0])


def loudness(sound: bytes, second: float) -> float:
    """The mean volume (dB) below 500 Hz of half a second."""
    part = f"atrim=start={second}:duration=0.5,{'lowpass=f=500:p=2,' * 3}volumedetect"
    command = ["ffmpeg", "-nostdin", "-i", "pipe:0", "-af", part, "-f", "null", "-"]
    done = subprocess.run(command, input=sound, capture_output=True, check=True)
    return float(done.stderr.decode().partition("mean_volume: ")[2].split(" dB")[0])


def test_a_redacted_recording_is_played_as_it_leaves(client: DeskClient) -> None:
    """From any second on the stretch is a tone; its page alone is no look, and no picture shows what is covered."""
    base = address(client, 4)
    client.get(base)
    client.post(f"{base}/samarkan", {"name": "KPK", "stretches": "0:02-0:04", "to": "stay"})
    (one,) = kept(client, 4)
    page = client.get(f"{base}/samaran/1").text
    assert "samaran=1" in page
    assert "gelombang" not in page
    assert not saved.has_seen(client.vault, one)
    whole = client.get(f"{base}/rekaman.webm?mulai=0&utuh=1&samaran=1").data
    voice = [loudness(whole, second) for second in (0.5, 2.5, 4.8)]
    assert voice[1] < min(voice[0], voice[2]) - 12
    later = client.get(f"{base}/rekaman.webm?mulai=1&utuh=1&samaran=1").data
    voice = [loudness(later, second) for second in (0.3, 1.5, 3.8)]
    assert voice[1] < min(voice[0], voice[2]) - 12
    assert saved.has_seen(client.vault, one)
    assert client.get(f"{base}/rekaman/gelombang.png?samaran=1").status_code == 404
    plain = client.get(f"{base}/rekaman.webm?mulai=0&utuh=1").data
    assert abs(loudness(plain, 2.5) - loudness(plain, 0.5)) < 3


def test_a_box_is_saved_seen_and_taken_out(client: DeskClient, world: World) -> None:
    """The result is the page with black pixels; the copy in the folder has them, and the log has each step."""
    base = address(client)
    assert "data-stage" in client.get(f"{base}/samarkan").text
    done = client.post(f"{base}/samarkan", {"name": "KPK", "halaman": "1", "to": "result"} | BOX)
    assert done.headers["Location"] == f"{base}/samaran/1"
    page = client.get(f"{base}/samaran/1").text
    with burnt(page) as image:
        assert image.crop((0, 0, 300, 400)).getextrema() == ((0, 0),) * 3
        assert image.getpixel((400, 200)) != (0, 0, 0)
    assert "1 kotak" in page
    assert client.post(f"{base}/samaran/1/ambil").status_code == 302
    (copy,) = (world.folder / "ekspor").iterdir()
    with Image.open(copy) as image:
        assert image.crop((0, 0, 300, 400)).getextrema() == ((0, 0),) * 3
    assert [line["did"] for line in client.lines(saved.ACTION)] == ["save", "look", "export"]
    again = client.post(f"{base}/samaran/1/ambil")
    assert again.status_code == 409
    assert "Salinan dengan nama itu sudah ada" in again.text


def test_boxes_of_other_pages_stay(client: DeskClient) -> None:
    """A form shows one page: it replaces the boxes of that page alone, and a cleared row is a deleted box."""
    base = address(client, 3)
    form = {"name": "KPK", "halaman": "1", "to": "next"}
    first = client.post(f"{base}/samarkan", form | BOX)
    assert first.headers["Location"] == f"{base}/samarkan?salinan=1&halaman=2"
    client.post(f"{base}/samarkan", form | BOX | known(client, 3) | {"halaman": "2", "box-x": "100"})
    (one,) = kept(client, 3)
    assert one.recipe.boxes == (Box(1, 0, 0, 500, 1000), Box(2, 100, 0, 500, 1000))
    client.post(f"{base}/samarkan", form | known(client, 3) | {"halaman": "1"})
    (one,) = kept(client, 3)
    assert one.recipe.boxes == (Box(2, 100, 0, 500, 1000),)


def test_words_and_lines_of_a_text(client: DeskClient) -> None:
    """The form has numbered lines; the result has blocks; a phrase that is not there is told by its number."""
    base = address(client, 2)
    form = client.get(f"{base}/samarkan").text
    assert "<li>&lt;b&gt;Ani&lt;/b&gt;: ya</li>" in form
    done = client.post(f"{base}/samarkan", {"name": "KPK", "words": "budi\r\n", "lines": "2", "to": "result"})
    shown = client.get(done.headers["Location"]).text
    assert f"{BLOCK}: setor\n{BLOCK}" in shown
    again = {"name": "KPK", "words": "Budi\nSutrisna", "to": "result"}
    client.post(f"{base}/samarkan", known(client, 2) | again)
    assert "Frasa nomor 2" in client.get(f"{base}/samaran/1").text
    refused = client.post(f"{base}/samaran/1/ambil")
    assert (refused.status_code, "Frasa nomor 2" in refused.text) == (409, True)


@pytest.mark.parametrize(
    ("number", "typed", "words"),
    [
        (1, {"name": ""}, "Beri salinan nama"),
        (1, {}, "Belum ada yang ditutup"),
        (1, BOX | {"box-x": "600"}, "Kotak harus ada di halaman"),
        (1, BOX | {"box-x": "kiri"}, "Kotak harus ada di halaman"),
        (2, {"words": "…"}, "berisi huruf atau angka"),
        (2, {"lines": "dua"}, "Tulis nomor baris"),
    ],
)
def test_a_refused_form_is_shown_again(client: DeskClient, number: int, typed: dict[str, str], words: str) -> None:
    """The reason is on the page with what was typed; nothing is saved."""
    form = {"name": "Untuk KPK", "note": "catatan <b>"} | typed
    refused = client.post(f"{address(client, number)}/samarkan", form)
    assert refused.status_code == 409
    assert words in refused.text
    assert "catatan &lt;b&gt;" in refused.text
    assert all(value in refused.text for value in typed.values())
    assert kept(client, number) == []


def test_a_copy_is_deleted_and_another_files_copy_is_not_shown(client: DeskClient) -> None:
    """A number counts for its own file; after its deletion the recipe is gone."""
    base = address(client)
    client.post(f"{base}/samarkan", {"name": "KPK"} | BOX)
    for path in ("/samaran/1", "/samarkan?salinan=1", "/samaran/9"):
        assert client.get(f"{address(client, 2)}{path}").status_code == 404
    assert client.post(f"{base}/samaran/1/hapus").status_code == 302
    assert kept(client) == []


def test_who_may_not_export_gets_no_form(world: World) -> None:
    """A receiving officer is refused at every address."""
    let_in(world, "penerima", "petugas-penerima")
    thread = new_thread()
    with world.open() as vault:
        world.take(vault, [world.report(thread), world.file(thread, 1, samples.photo(), "foto.jpg")])
    client = new_desk(world)
    client.start()
    client.unlock("penerima")
    try:
        base = address(client)
        assert client.get(f"{base}/samarkan").status_code == 409
        assert client.post(f"{base}/samarkan", {"name": "x"} | BOX).status_code == 409
        assert kept(client) == []
    finally:
        client.desk.close("end")
