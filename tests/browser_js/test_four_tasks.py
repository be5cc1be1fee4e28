"""Four people with a small phone, each from the first page to what they came for; see `phone.py` for what is looked at.

A teacher who must pay a levy and a parent on a shared phone with JavaScript, two employees without.
"""

from pathlib import Path

from tests.browser.test_browser_journey import sloppy
from tests.browser_js.phone import FORM_HEIGHT, Take
from tests.browser_js.test_sealed_journey import publish_answer
from tests.support.picture_samples import exif, photo, saved
from tests.support.server import Server

FORM_SCREENS = 1.9  # heights of the phone above the first field; the banner of a demo takes an eighth of one


def test_a_teacher_who_must_pay_a_levy(take: Take, server: Server, tmp_path: Path) -> None:
    """From the page for employees: amount, fund and the levy's own questions, then a photo that is cleaned first."""
    phone, receipt = take("scripted"), tmp_path / "kuitansi.jpg"
    receipt.write_bytes(saved(photo(), "JPEG", exif=exif()))
    phone.tap("Pegawai Kementerian Agama (WBS)")
    phone.heading("Untuk pegawai Kementerian Agama")
    phone.see("for employees")
    phone.tap("Buat laporan")
    phone.main.get_by_label("Apa yang terjadi?", exact=True).wait_for()
    phone.see("form")
    assert phone.screens_before("Apa yang terjadi?") <= FORM_SCREENS
    phone.write("Apa yang terjadi?", "Guru diminta setor Rp200.000 setiap bulan dari tunjangan.")
    phone.unfold("Cara dan uangnya")
    phone.write("Berapa kira-kira nilainya (Rp)?", "Rp200.000 per guru")
    phone.tick("Tunjangan pegawai atau guru")
    phone.write("Siapa yang Anda laporkan?", "Bendahara madrasah")
    phone.write("Di mana terjadinya?", "MTs Contoh, Kab. Contoh")
    phone.unfold("Jenis dugaan")
    phone.tick("Pungutan liar")
    phone.unfold("Pertanyaan: Pungutan liar (pungli)")
    phone.write("Untuk layanan apa uang itu diminta?", "pencairan tunjangan")
    phone.see("form, unfolded")
    phone.tap("Periksa laporan")
    phone.heading("Periksa sebelum mengirim")
    phone.see("review")
    code, _ = phone.note_secret()
    phone.tap("Kirim laporan")
    phone.heading("Laporan Anda sudah kami terima")
    assert code in phone.page.content()
    phone.see("receipt")
    phone.choose("Foto atau berkas lain (boleh kosong)", receipt)
    phone.reads("Bersihkan dulu")
    phone.see("a photo that tells something")
    phone.tap("Kirim tambahan")
    phone.reads("Semua sudah kami terima: 1 berkas.")
    phone.see("photo sent")
    phone.tap("Selesai")
    phone.heading("Selesai")
    phone.see("done")
    by_kind = {held.kind: held.opened.message for held in server.held()}
    assert by_kind["report"].fields["x-fund"] == "allowance"
    assert by_kind["report"].fields["x-amount"] == "Rp200.000 per guru"
    assert by_kind["report"].fields["category"] == "pungli"
    assert "pencairan tunjangan" in by_kind["report"].fields.values()
    assert set(by_kind) == {"report", "file"}


def test_an_employee_about_the_inspectorate(take: Take, server: Server) -> None:
    """Without JavaScript: the review notices whom it is about, and one tap keeps it from those who must not read it."""
    phone = take("plain")
    phone.tap("Buat laporan")
    phone.heading("Buat laporan")
    phone.see("form")
    assert phone.screens_before("Apa yang terjadi?") <= FORM_SCREENS
    assert phone.main.evaluate("document.documentElement.scrollHeight") <= FORM_HEIGHT
    phone.write("Apa yang terjadi?", "Auditor Itjen minta uang agar temuan dihapus.")
    phone.write("Siapa yang Anda laporkan?", "Auditor dari Jakarta")
    phone.tap("Periksa laporan")
    phone.reads("Ada yang perlu diperbaiki")
    phone.see("form with a fault")
    phone.write("Di mana terjadinya?", "Kanwil Contoh")
    phone.tap("Periksa laporan")
    phone.heading("Periksa sebelum mengirim")
    phone.reads("Laporan Anda menyebut Inspektorat Jenderal")
    phone.see("review, conflict")
    phone.tap("Ya, hanya Inspektur Jenderal")
    phone.main.locator(".reader", has_text="Inspektur Jenderal").wait_for()
    phone.see("review, the other reader")
    phone.note_secret()
    phone.tap("Kirim laporan")
    phone.heading("Laporan Anda sudah kami terima")
    phone.see("receipt")
    texts = {
        desk: [held.opened.message.fields.get("what", "") for held in server.held(desk)] for desk in ("itjen", "irjen")
    }
    assert [text for text in texts["irjen"] if "temuan dihapus" in text]
    assert not [text for text in texts["itjen"] if "temuan dihapus" in text]


def test_a_parent_on_a_shared_phone(take: Take, server: Server) -> None:
    """Advice is read where the report stands, so that nothing is lost; the quick exit leaves nothing to go back to."""
    phone, told = take("scripted"), "Anak saya dilecehkan gurunya di asrama."
    phone.tap("Masyarakat (Dumas)")
    phone.heading("Untuk masyarakat")
    phone.see("for the public")
    phone.tap("Buat laporan")
    phone.main.get_by_label("Apa yang terjadi?", exact=True).wait_for()
    phone.write("Apa yang terjadi?", told)
    phone.write("Siapa yang Anda laporkan?", "Guru asrama")
    phone.write("Di mana terjadinya?", "Pesantren Contoh")
    phone.tap("Periksa laporan")
    phone.heading("Periksa sebelum mengirim")
    phone.see("review, a child")
    phone.unfold("Baca ke mana mencari pertolongan")
    phone.reads("Pergi ke tempat aman")
    phone.reads("Jangan memaksa bercerita")
    phone.see("advice")
    phone.tap("Ubah tulisan")
    assert phone.main.get_by_label("Apa yang terjadi?", exact=True).input_value() == told
    phone.tap("Keluar cepat", on=phone.page.locator("nav.top"))
    phone.page.wait_for_url("https://www.bmkg.go.id/")
    phone.page.go_back()
    phone.page.wait_for_load_state()
    assert told not in phone.page.content()


def test_an_employee_about_a_superior_comes_back(take: Take, server: Server) -> None:
    """Without JavaScript: code and words as they stand on paper, the answer, a sign that it was read, a request."""
    hidden = server.client.report(what="Atasan saya memalsukan daftar hadir.").hidden
    publish_answer(server, hidden["code"], hidden["words"], 1)
    code, words = sloppy(hidden["code"], hidden["words"])
    phone = take("plain")
    phone.tap("Buka laporan saya")
    phone.heading("Laporan saya")
    phone.see("status")
    phone.write("Kode tanda terima", code)
    phone.write("Frasa sandi (8 kata)", words)
    phone.tap("Buka laporan saya")
    phone.heading("Laporan Anda")
    phone.reads("Bulan apa saja setoran itu diminta?")
    phone.see("answers")
    phone.tap("Saya sudah membaca ini")
    phone.reads("Tanda bahwa Anda sudah membaca")
    phone.see("read")
    phone.unfold("Minta pelindungan")
    phone.tick("Pelindungan karier")
    phone.see("protection")
    phone.tap("Minta pelindungan")
    phone.reads("Permintaan pelindungan")
    phone.see("protection asked for")
