"""Holds every sentence that Python shows to a reporter, by key; Indonesian here, English in translations/.

Rule: plain words, at most fifteen to a sentence; nothing that a reporter typed; what is wrong, then what to do.
"""

from typing import Final

from flask_babel import format_decimal, get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MESSAGES: Final[dict[str, LazyString]] = {
    # --- the report form
    "confirm-required": _l("Catat kode dan frasa sandi dulu. Lalu tulis kata yang diminta."),
    "confirm-wrong": _l("Kata itu tidak cocok. Periksa nomornya, lalu cocokkan dengan catatan Anda."),
    "channel-required": _l("Pilih: pegawai, masyarakat, atau tidak mau menjawab."),
    "desk-required": _l("Pilih: apakah laporan ini tentang Inspektorat Jenderal sendiri?"),
    "category-required": _l("Pilih satu jenis dugaan. Boleh memilih yang paling bawah."),
    "what-required": _l("Tulis apa yang terjadi. Singkat juga boleh."),
    "who-required": _l("Tulis siapa yang Anda laporkan. Nama, jabatan, atau ciri."),
    "where-required": _l("Tulis di mana terjadinya, atau pilih dari daftar."),
    "too-long": _l("Tulisan ini terlalu panjang. Paling banyak %(limit)s huruf. Kirim sisanya sebagai berkas."),
    "statement-too-long": _l("Pernyataan ini terlalu panjang. Paling banyak %(limit)s huruf."),
    "secret-in-text": _l("Tulisan ini memuat kode atau frasa sandi Anda. Hapus bagian itu."),
    "secret-in-file-name": _l("Nama berkas memuat kode atau frasa sandi Anda. Ganti nama berkas itu."),
    "file-empty": _l("Berkas kosong (0 byte): %(names)s. Pilih lagi."),
    "form-late": _l(
        "Kiriman ini belum diterima, karena formulir terlalu lama terbuka. Tulisan Anda masih ada. "
        "Di bawah ini ada kode dan frasa sandi baru. Catat yang baru, lalu kirim lagi. "
        "Yang lama tidak berlaku untuk kiriman ini."
    ),
    "form-forged": _l(
        "Kode dan frasa sandi tadi bukan buatan situs ini. Kiriman ini belum diterima. "
        "Catat yang baru di bawah, lalu kirim lagi."
    ),
    # --- code and words
    "code-required": _l("Tulis kode tanda terima Anda."),
    "code-length": _l("Kode tanda terima terdiri dari 16 huruf dan angka. Periksa jumlahnya."),
    "code-symbol": _l("Kode tanda terima tidak pernah memakai huruf U. Periksa tulisannya."),
    "code-check": _l("Ada huruf atau angka yang salah dalam kode. Cocokkan dengan catatan Anda."),
    "words-required": _l("Tulis delapan kata frasa sandi Anda."),
    "words-count": _l("Frasa sandi terdiri dari %(count)s kata. Periksa jumlah kata Anda."),
    "words-unknown": _l("Kata nomor %(position)s tidak ada dalam daftar kami. Periksa ejaannya."),
    "words-mismatch": _l(
        "Kode dan frasa sandi ini tidak cocok. Mungkin satu kata salah, atau urutannya tertukar. "
        "Cocokkan dengan catatan Anda."
    ),
    "not-found-thread": _l(
        "Kode dan frasa sandi ini cocok, tetapi laporannya tidak ada di sini. "
        "Mungkin laporan itu dulu belum selesai terkirim. "
        "Mungkin juga laporan itu sudah lama ditutup dan dihapus. "
        "Anda dapat mengirim laporan baru."
    ),
    "answer-damaged": _l(
        "Jawaban untuk Anda tidak dapat dibaca, karena datanya rusak. Ini bukan salah Anda. "
        "Simpan kode dan frasa sandi, lalu coba lagi beberapa hari lagi."
    ),
    "received-entry": _l("Petugas sudah menerima %(what)s dari Anda."),
    "received-both": _l("%(texts)s dan %(files)s"),
    "received-text": _l("1 tulisan"),
    "received-texts": _l("%(count)s tulisan"),
    "received-file": _l("1 berkas"),
    "received-files": _l("%(count)s berkas"),
    # --- additions
    "already-sent": _l("Kiriman ini sudah kami terima sebelumnya. Anda tidak perlu mengirim lagi."),
    "which-desk": _l("Belum terkirim. Pilih dulu untuk siapa ini. Kalau ada berkas, pilih lagi berkasnya."),
    "protection-required": _l("Pilih dulu pelindungan yang Anda minta."),
    "withdraw-sure": _l("Centang kotak di bawah, lalu tekan tombolnya sekali lagi."),
    "challenge-required": _l("Tulis kode uji dari petugas."),
    "challenge-wrong": _l("Kode uji terdiri dari 64 angka dan huruf a sampai f. Cocokkan dengan yang dari petugas."),
    "statement-required": _l("Tulis pernyataan Anda. Singkat juga boleh."),
    "addition-empty": _l("Belum ada yang dikirim. Tulis keterangan atau pilih berkas."),
    "too-many-files": _l("Berkas terlalu banyak. Paling banyak %(limit)s sekali kirim. Kirim sisanya sesudah ini."),
    "too-large": _l("Berkas terlalu besar. Paling besar %(limit)s MB. Berkas itu tidak terkirim."),
    "too-large-text": _l(
        "Isi formulir terlalu besar. Laporan belum terkirim. Salin tulisan di bawah, lalu kirim lebih pendek."
    ),
    "too-many-parts": _l("Kiriman punya terlalu banyak bagian. Kirim sedikit demi sedikit."),
    "file-name-missing": _l("Berkas tanpa nama tidak dapat diterima. Beri nama, lalu kirim lagi."),
    "file-interrupted": _l("Sambungan terputus. Berkas terakhir belum terkirim. Pilih dan kirim lagi berkas itu."),
    "send-again": _l("Kiriman ini belum kami terima. Kirim lagi."),
    # --- a container that was sealed off-line
    "container-required": _l("Pilih berkas laporan.dbx."),
    "container-empty": _l("Berkas ini kosong (0 byte). Pilih lagi berkas laporan.dbx."),
    "container-unknown": _l(
        "Berkas ini bukan laporan.dbx untuk situs ini, atau isinya rusak. Belum ada yang diterima. "
        "Buat berkas baru dengan pengunci dari halaman Kunci."
    ),
    "container-damaged": _l(
        "Berkas ini rusak di tengah. Bagian sebelum tempat yang rusak tetap kami periksa. Kirim lagi berkas yang utuh."
    ),
    "container-interrupted": _l(
        "Sambungan terputus. Bagian yang datang utuh tetap tersimpan. Kirim lagi berkas yang sama."
    ),
    "part-refused": _l("Bagian ini rusak atau tidak dibuat untuk situs ini. Buat berkas baru dengan pengunci."),
    "part-ended": _l("Bagian ini dikunci terlalu lama yang lalu. Buat berkas baru dengan kunci terbaru."),
    "part-early": _l("Tanggal perangkat saat mengunci terlalu maju. Betulkan, lalu buat berkas baru."),
    "part-too-large": _l("Berkas di dalamnya terlalu besar untuk situs ini."),
    # --- the server
    "bad-form": _l("Isi formulir tidak dapat dibaca, jadi belum terkirim. Kembali, lalu coba lagi."),
    "bad-request": _l("Permintaan ini tidak dapat dibaca. Kembali ke beranda, lalu coba lagi."),
    "busy": _l("Server sedang penuh, jadi kiriman belum diterima. Tunggu satu menit, lalu kirim lagi."),
    "closed": _l("Untuk sementara kami tidak menerima laporan baru. Silakan coba lagi lain hari."),
    "desk-closed": _l(
        "Sekarang tidak dapat menerima kiriman, karena kuncinya tidak berlaku. "
        "Jangan memilih pembaca lain sebagai gantinya. Buka lagi lain hari, atau laporkan ke KPK atau Ombudsman."
    ),
    "keys-expired": _l(
        "Kunci Inspektorat Jenderal belum diperbarui. Tanpa kunci itu laporan tidak dapat dikunci. "
        "Karena itu kami tidak menerimanya dulu. Silakan coba lagi lain hari."
    ),
    "storage-full": _l("Tempat penyimpanan server penuh, jadi kiriman belum diterima. Coba lagi nanti."),
    "files-closed": _l(
        "Saat ini server hanya menerima tulisan dan berkas kecil. Berkas ini terlalu besar. Coba lagi lain hari."
    ),
    "page-not-found": _l("Halaman ini tidak ada. Mungkin alamatnya salah ketik."),
    "method-not-allowed": _l("Halaman ini tidak dapat dibuka langsung. Mulai dari beranda."),
    "unsupported": _l("Bentuk kiriman ini tidak dikenal server. Pakai formulir di situs ini."),
    "cross-site": _l(
        "Formulir ini dikirim dari situs lain, jadi kami menolaknya. "
        "Buka situs ini langsung, lalu isi formulir di sini."
    ),
    "server-error": _l(
        "Ada kesalahan di server. Ini bukan salah Anda. "
        "Jika tanda terima belum muncul, anggap laporan belum terkirim. Tunggu sebentar, lalu coba lagi."
    ),
    # --- sealed in the browser
    "wrong-offset": _l("Bagian berkas ini tidak bersambung dengan yang sudah diterima. Lanjutkan kiriman."),
    "upload-unknown": _l(
        "Kiriman yang terputus ini tidak dapat dilanjutkan. Kirim lagi dari awal. Kami menyimpannya satu kali."
    ),
    "blob-refused": _l("Kiriman ini rusak atau tidak dibuat untuk situs ini. Muat ulang halaman, lalu kirim lagi."),
    "epoch-ended": _l("Kiriman ini dikunci terlalu lama yang lalu. Muat ulang halaman, lalu kirim lagi."),
    "epoch-early": _l("Tanggal di perangkat Anda terlalu maju. Betulkan tanggalnya, lalu kirim lagi."),
    "tor2web": _l(
        "Anda membuka situs ini lewat perantara yang dapat membaca semuanya. Jangan menulis apa pun di sini. "
        "Pasang Tor Browser, lalu buka alamat .onion kami langsung."
    ),
    "title-error": _l("Belum berhasil"),
}

# The questions that the program itself asks; the others stand in dropbox/form/form.toml.
QUESTIONS: Final[dict[str, LazyString]] = {
    "what": _l("Apa yang terjadi?"),
    "who": _l("Siapa yang Anda laporkan?"),
    "where": _l("Di mana terjadinya?"),
    "desk": _l("Apakah laporan ini tentang Inspektorat Jenderal sendiri?"),
    "channel": _l("Anda melapor sebagai siapa?"),
    "category": _l("Dugaan apa yang Anda laporkan?"),
}


def message(key: str, **values: object) -> str:
    """Return the text of a key in the language of the request.

    Args:
        key: of MESSAGES.
        values: for its placeholders; more than it has do no harm. Whole numbers are written the local way.
    """
    text = str(MESSAGES[key])
    if "%(" not in text:
        return text % ()
    local = get_locale() is not None
    shown = {
        name: format_decimal(value) if local and isinstance(value, int) else value for name, value in values.items()
    }
    return text % shown
