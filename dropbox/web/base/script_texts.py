"""Collects the sentences that the browser's scripts show.

Rule: scripts contain no sentences; pages carry them in a <template>, so that there is one catalogue. Plain words, at
most fifteen to a sentence; nothing that a reporter typed; what is wrong, then what to do.
"""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from dropbox.web.base.current import site
from dropbox.web.base.desks import desk_label, desks_context, known_desks
from dropbox.web.base.labels import STATUS_LABELS
from dropbox.web.base.messages import MESSAGES
from dropbox.web.base.pictures import PICTURE_TEXTS

# Of the form and its review, with a network or without.
DRAFT_TEXTS: Final[dict[str, LazyString]] = {
    "not-reviewed": _l("Belum dapat diperiksa. Baca petunjuk di atas."),
    "still-busy": _l("Masih dikerjakan. Tunggu sebentar."),
}

TEXTS: Final[dict[str, LazyString]] = {
    # --- before anything can be typed
    "load-failed": _l("Kunci belum terunduh. Belum ada yang terkirim. Periksa sambungan, lalu muat ulang halaman ini."),
    "page-failed": _l("Halaman ini tidak dapat bekerja di peramban Anda. Belum ada yang terkirim."),
    "keyring-forged": _l(
        "Kunci di situs ini tidak dapat dibuktikan asli. Jangan mengirim apa pun di sini. "
        "Muat ulang halaman ini. Masih sama? Laporkan ke KPK atau Ombudsman."
    ),
    "clock": _l(
        "Tanggal di perangkat Anda tampaknya salah: %(today)s. Buka Setelan, lalu Tanggal dan waktu, "
        "lalu pilih otomatis. Sesudah itu muat ulang halaman ini."
    ),
    "cleared": _l("Halaman ini sudah dikosongkan. Muat ulang untuk mulai lagi."),
    # --- while sending
    "sending": _l("Sedang mengunci dan mengirim. Jangan tutup halaman ini."),
    "retrying": _l("Sambungan terputus. Kami mencoba lagi sendiri. Jangan tutup halaman ini."),
    "gave-up": _l("Sambungan belum kembali. Yang Anda tulis masih ada. Kirim lagi bila sambungan sudah baik."),
    "page-error": _l(
        "Ada kesalahan di halaman ini. Anggap kiriman tadi belum diterima. Yang Anda tulis masih ada. Kirim lagi."
    ),
    "not-sent": _l("Belum terkirim. Baca petunjuk di atas."),
    # --- one file
    "file-waiting": _l("Menunggu giliran."),
    "file-reading": _l("Sedang dibaca."),
    "file-sending": _l("Sedang dikunci dan dikirim."),
    "file-retrying": _l("Sambungan terputus. Kami mencoba lagi sendiri."),
    "file-paused": _l("Dijeda. Tekan “Lanjutkan”."),
    "file-gave-up": _l("Sambungan belum kembali. Tekan “Coba lagi”. Yang sudah terkirim tidak diulang."),
    "file-done": _l("Sudah kami terima."),
    "file-cancelled": _l("Dibatalkan. Berkas ini tidak terkirim."),
    "file-unreadable": _l("Berkas ini tidak dapat dibaca lagi. Batalkan, lalu pilih lagi berkas itu."),
    "files-sum": _l("%(done)s dari %(count)s berkas sudah kami terima."),
    "files-wait": _l("Tunggu sebentar."),
    "files-minutes": _l("Kira-kira %(minutes)s menit lagi."),
    "files-minute": _l("Kurang dari 1 menit lagi."),
    "files-amount": _l("%(done)s dari %(total)s MB."),
    "files-all": _l("Semua sudah kami terima: %(count)s berkas. Halaman ini boleh ditutup."),
    "files-safe": _l("Semua berkas sudah kami terima. Halaman ini boleh ditutup."),
    "text-safe": _l("Keterangan Anda sudah kami terima. Halaman ini boleh ditutup."),
    # --- what has not been sent
    "unsent-moving": _l("Berkas masih dikirim. Tunggu sampai semuanya terkirim."),
    "unsent": _l("Belum terkirim: %(things)s. Kirim dulu, atau buang."),
    "unsent-text": _l("tulisan"),
    "unsent-picks": _l("pilihan"),
    "unsent-files": _l("berkas (%(count)s)"),
    "figures": _l("%(percent)s · %(done)s dari %(total)s MB"),
    # --- status
    "boards-failed": _l("Jawaban belum terunduh. Periksa sambungan, lalu muat ulang halaman ini."),
    "boards-forged": _l(
        "Jawaban di situs ini tidak dapat dibuktikan asli, jadi tidak ditampilkan. "
        "Simpan kode dan frasa sandi Anda. Coba lagi lain hari."
    ),
    "fits": _l(
        "Kode dan frasa sandi Anda cocok. Belum ada jawaban untuk Anda. "
        "Baru mengirim? Laporan Anda tampak di sini setelah petugas mengambilnya, biasanya 1–3 hari kerja. "
        "Sudah melihat tanda terima? Tidak perlu mengirim lagi. "
        "Laporan yang sudah lama ditutup tidak tampak lagi."
    ),
    "typed-near": _l("Kata nomor %(position)s tidak ada dalam daftar kami. Mungkin: %(words)s."),
    "typed-apart": _l("Kode dan kata tadi tercampur. Sekarang sudah terpisah, dan cocok satu sama lain."),
    "typed-unfit": _l("Kode dan delapan kata ini belum cocok satu sama lain. Periksa kata dan urutannya."),
    "typed-fits": _l("Kode dan delapan kata ini cocok satu sama lain."),
    "fits-made": _l("Jawaban di situs ini terakhir diperbarui %(made)s."),
    "no-board": _l("Situs ini tidak memuat jawaban dari: %(desks)s."),
}

_SHARED: Final = (
    "too-long", "secret-in-text", "secret-in-file-name", "file-empty", "addition-empty", "too-many-files", "too-large",
    "send-again", "busy", "closed", "keys-expired", "storage-full", "files-closed", "server-error", "upload-unknown",
    "blob-refused", "epoch-ended", "epoch-early", "desk-closed", "desk-required",
)  # fmt: skip
_OF_REPORT: Final = ("what-required", "who-required", "where-required", "confirm-required", "confirm-wrong")
_OF_STATUS: Final = (
    "code-required", "code-length", "code-symbol", "code-check", "words-required", "words-count",
    "words-unknown", "words-mismatch", "answer-damaged",
    "received-entry", "received-both", "received-text", "received-texts", "received-file", "received-files",
)  # fmt: skip
_NOT_HERE: Final = _l("Halaman ini tidak dapat bekerja di peramban Anda.")  # nothing would be sent here anyway
# Of TEXTS, for the pages that ask for code and words.
_READING: Final = (
    "boards-failed",
    "boards-forged",
    "fits",
    "fits-made",
    "no-board",
    "typed-near",
    "typed-apart",
    "typed-unfit",
    "typed-fits",
)


def scripted_context(*, reading: bool = True, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the extra context of a template with a script: its sentences and the root key.

    Args:
        reading: whether the page shows answers, or else takes a report: no page carries the other's sentences.
        more: for the parts of one page.
    """
    shared = {key: str(MESSAGES[key]) for key in (*_SHARED, *(_OF_STATUS if reading else _OF_REPORT))}
    texts = shared | {key: str(text) for key, text in TEXTS.items() if reading or key not in _READING}
    texts |= {key: str(text) for key, text in PICTURE_TEXTS.items()}
    texts |= {f"desk-{name}": desk_label(name) for name in known_desks()}
    if reading:
        texts["page-failed"] = str(_NOT_HERE)
        texts |= {f"status-{code}": str(label) for code, label in STATUS_LABELS.items()}
    else:
        texts |= {key: str(text) for key, text in DRAFT_TEXTS.items()}
        texts |= {f"reads-{desk['name']}": desk["reads"] or desk["label"] for desk in desks_context()}
    return {"texts": texts, "root_pub": site().anchor.encode().decode("ascii"), **more}
