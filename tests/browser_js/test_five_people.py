"""Five people with a small phone to whom something goes wrong; see `phone.py` for what is looked at.

Who loses the line and presumes that all was sent, who comes back the same evening, who lost the words, who answers
twice, and whose phone has the wrong date.
"""

import itertools
import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Dialog

from dropbox.crypto.secret import new_secret
from tests.browser_js.phone import Phone, Take
from tests.browser_js.relay import Relay
from tests.browser_js.test_sealed_journey import publish_answer
from tests.support.server import Server, wait_until

_DAY = 86_400
# What has the focus after an answer says that it came: that sentence, or without JavaScript the list of what was sent.
_IS_IN_SIGHT = """(() => {
  const said = document.querySelector("[data-did]:focus, [data-added]:focus");
  const top = said?.getBoundingClientRect().top ?? -1;
  return top >= 0 && top < innerHeight;
})()"""
_BOARDS = itertools.count(1)  # a board's number is higher than those before


def _texts(server: Server, kind: str) -> list[str]:
    return [held.opened.message.fields.get("what", "") for held in server.held() if held.kind == kind]


def test_who_loses_the_line_and_presumes_that_all_was_sent(
    take: Take, server: Server, relay: Relay, tmp_path: Path
) -> None:
    """The page never says that it came before it did, and every way out asks while something has not gone."""
    phone, asked = take("scripted", relay.port), []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    phone.page.on("dialog", stay)
    phone.report("Terputus di jalan.")
    relay.down = True
    phone.tap("Kirim laporan")
    phone.reads("Sambungan terputus")
    assert phone.page.get_by_text("sudah kami terima").count() == 0
    phone.tap("Beranda", on=phone.page.locator("nav.menu"))
    wait_until("the browser asks", lambda: phone.main.is_visible() and asked == ["beforeunload"])
    relay.down = False
    phone.heading("Laporan Anda sudah kami terima")
    assert _texts(server, "report") == ["Terputus di jalan."]
    files = [tmp_path / name for name in ("satu.pdf", "dua.pdf")]
    for file in files:
        file.write_bytes(b"%PDF-1.4 " + file.name.encode())
    files[1].write_bytes(b"%PDF-1.4 " + os.urandom(3_000_000))  # in several parts
    relay.break_at = 2
    phone.main.locator("#files").set_input_files(files)
    phone.tap("Kirim tambahan")
    phone.reads("1 dari 2 berkas sudah kami terima")
    phone.reads("Sambungan terputus")
    assert phone.page.get_by_text("Semua sudah kami terima").count() == 0
    phone.see("one of two files")
    phone.tap("Beranda", on=phone.page.locator("nav.menu"))
    wait_until("the browser asks again", lambda: phone.main.is_visible() and len(asked) == 2)
    relay.down = False
    phone.reads("Semua sudah kami terima: 2 berkas. Halaman ini boleh ditutup.")
    phone.see("all files")
    phone.tap("Selesai")
    phone.heading("Selesai")
    assert len(asked) == 2


@pytest.mark.parametrize("road", ["scripted", "plain"])
def test_who_comes_back_the_same_evening(take: Take, server: Server, road: str) -> None:
    """Nothing is to be seen yet, and the page says that nothing need be sent again."""
    told = f"Pulang malam, {road}."
    phone = take(road)
    code, words = phone.report(told)
    phone.tap("Kirim laporan")
    phone.heading("Laporan Anda sudah kami terima")
    later = take(road)
    later.look_up(code, words)
    later.reads("Tidak perlu mengirim lagi")
    later.see("the same evening")
    assert _texts(server, "report").count(told) == 1


@pytest.mark.parametrize("road", ["scripted", "plain"])
def test_who_lost_the_words(take: Take, server: Server, road: str) -> None:
    """The page does not pretend to find the report, leads to a new one, and that one has a place for the old date."""
    phone, told = take(road), f"Kata sandi hilang, {road}."
    secret = new_secret()
    phone.look_up(secret.code, "tidak ingat lagi")
    phone.reads("8 kata")
    phone.reads("Kode atau frasa sandi hilang?")
    phone.see("words are lost")
    phone.tap("Buat laporan")
    phone.main.get_by_label("Apa yang terjadi?", exact=True).wait_for()
    phone.write("Apa yang terjadi?", told)
    phone.write("Siapa yang Anda laporkan?", "Bendahara")
    phone.write("Di mana terjadinya?", "Kota Contoh")
    phone.unfold("Pernah dilaporkan atau disidangkan?")
    phone.write("Pernah melapor di situs ini, dan kodenya hilang? Kapan?", "awal November")
    phone.tap("Periksa laporan")
    phone.heading("Periksa sebelum mengirim")
    phone.note_secret()
    phone.tap("Kirim laporan")
    phone.heading("Laporan Anda sudah kami terima")
    (report,) = [held.opened.message for held in server.held() if held.opened.message.fields.get("what") == told]
    assert report.fields["x-sent-before"] == "awal November"


@pytest.mark.parametrize("road", ["scripted", "plain"])
def test_who_answers_twice(take: Take, server: Server, road: str) -> None:
    """An answered question counts as answered in sight; the next visit says that nothing need be sent again."""
    hidden = server.client.report(what=f"Dijawab dua kali, {road}.").hidden
    publish_answer(server, hidden["code"], hidden["words"], next(_BOARDS))
    phone = take(road)
    phone.look_up(hidden["code"], hidden["words"])
    phone.reads("Ada 1 pertanyaan untuk Anda")
    phone.tap("Jawab pertanyaan")
    _answer(phone, f"Bulan Mei, {road}.")
    assert phone.page.get_by_text("Ada 1 pertanyaan untuk Anda").locator("visible=true").count() == 0
    phone.see("answered")
    again = take(road)
    again.look_up(hidden["code"], hidden["words"])
    again.reads("Sudah menjawab?")
    again.reads("Tidak perlu dikirim lagi.")
    _answer(again, f"Sekali lagi Mei, {road}.")
    assert {f"Bulan Mei, {road}.", f"Sekali lagi Mei, {road}."} <= set(_texts(server, "addition"))


def _answer(phone: Phone, text: str) -> None:
    phone.main.locator("#what").fill(text)
    phone.tap("Kirim tambahan")
    phone.reads("Jawaban Anda sudah terkirim hari ini.")
    wait_until("it is in sight", lambda: phone.page.evaluate(_IS_IN_SIGHT))


def test_whose_phone_has_the_wrong_date(take: Take, server: Server) -> None:
    """It is said with the phone's date and where to set it; nothing that could send is there until it is right."""
    phone = take("scripted")
    phone.page.clock.set_fixed_time(time.time() - _DAY * 400)
    phone.tap("Buat laporan", on=phone.page.locator("nav.menu"))
    phone.reads("Tanggal di perangkat Anda tampaknya salah")
    phone.reads("Setelan")
    phone.see("a wrong date")
    assert phone.main.get_by_role("button", name="Periksa laporan").count() == 0
    assert phone.page.get_by_role("alert").count() == 1
    phone.page.clock.set_fixed_time(time.time())
    phone.page.reload()
    phone.report("Tanggalnya sudah benar.")
    phone.tap("Kirim laporan")
    phone.heading("Laporan Anda sudah kami terima")
    assert "Tanggalnya sudah benar." in _texts(server, "report")
