"""What the codes of published statistics mean, in words for the public; the numbers bring codes alone.

Rule: a table without words here is not shown, so that no number stands without its definition beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from dropbox.form.regions import provinces

CASES: Final = "cases"
TOTAL: Final = "total"
UNKNOWN: Final = "unknown"
UNKNOWN_LABEL: Final = _l("Belum diketahui")
TOTAL_LABEL: Final = _l("Jumlah")


@dataclass(frozen=True)
class TableWords:
    """A table's title, what it counts, and its rows by code; rows that it does not name show their code."""

    title: LazyString
    definition: LazyString
    rows: Mapping[str, LazyString | str] = field(default_factory=dict)


COLUMNS: Final[dict[str, LazyString]] = {
    CASES: _l("Laporan"),
    "messages": _l("Tambahan"),
    "median": _l("Median (hari)"),
    "p90": _l("9 dari 10 (hari)"),
    "on-time": _l("Tepat waktu, persen"),
}
TABLES: Final[dict[str, TableWords]] = {
    "channel": TableWords(
        _l("Menurut kanal"),
        _l("Semua laporan yang dikirim dalam masa ini. WBS dan Dumas bersama-sama adalah jumlahnya."),
        {"wbs": _l("Pegawai Kementerian Agama (WBS)"), "dumas": _l("Masyarakat (Dumas)")},
    ),
    "origin": TableWords(
        _l("Menurut cara datang"),
        _l("Laporan yang sama, menurut jalan yang dipakai pelapor."),
        {
            "online": _l("Situs ini"),
            "surat": _l("Surat"),
            "langsung": _l("Datang langsung"),
            "whatsapp": _l("WhatsApp atau SMS"),
            "telepon": _l("Telepon"),
            "email": _l("Email"),
            "lapor": "SP4N-LAPOR!",
            "tembusan": _l("Tembusan instansi lain"),
        },
    ),
    "category": TableWords(
        _l("Menurut jenis dugaan"),
        _l("Jenis yang ditetapkan petugas. Sebelum itu, jenis yang dipilih pelapor."),
        {
            "disiplin": _l("Pelanggaran disiplin pegawai"),
            "wewenang": _l("Penyalahgunaan wewenang"),
            "korupsi": _l("Korupsi"),
            "pungli": _l("Pungutan liar (pungli)"),
            "gratifikasi": _l("Gratifikasi (hadiah karena jabatan)"),
            "pelayanan": _l("Pelayanan buruk"),
            "tidak-tahu": _l("Belum digolongkan"),
        },
    ),
    "province": TableWords(
        _l("Menurut provinsi"),
        _l("Provinsi tempat kejadian, sejauh sudah diketahui petugas."),
        provinces(),
    ),
    "unit-type": TableWords(
        _l("Menurut jenis kantor"),
        _l("Jenis kantor atau lembaga yang dilaporkan, sejauh sudah diketahui petugas."),
        {
            "pusat": _l("Kantor pusat"),
            "kanwil": _l("Kanwil provinsi"),
            "kankemenag": _l("Kankemenag kabupaten/kota"),
            "kua": _l("KUA kecamatan"),
            "madrasah": _l("Madrasah negeri"),
            "madrasah-swasta": _l("Madrasah swasta, pesantren, dan sekolah lain"),
            "ptkn": _l("Perguruan tinggi keagamaan"),
            "balai": _l("Balai diklat, litbang, atau UPT"),
            "lain": _l("Lainnya"),
        },
    ),
    "track": TableWords(
        _l("Sampai di mana"),
        _l("Keadaan laporan masa ini pada hari penghitungan. Setiap laporan dihitung satu kali."),
        {
            "waiting": _l("Diterima atau sedang diverifikasi"),
            "examined": _l("Sedang ditelaah atau diperiksa"),
            "referred": _l("Diteruskan ke instansi lain"),
            "proven": _l("Selesai, terbukti"),
            "unproven": _l("Selesai, tidak terbukti"),
            "refused": _l("Tidak dapat ditindaklanjuti"),
        },
    ),
    "refusal": TableWords(
        _l("Mengapa tidak ditindaklanjuti"),
        _l("Alasan untuk setiap laporan yang tidak dapat ditindaklanjuti. Dua petugas memutuskannya."),
        {
            "court": _l("Sedang atau sudah diperiksa pengadilan"),
            "authority": _l("Di luar kewenangan Inspektorat Jenderal"),
            "unclear": _l("Terlapor atau tempat tidak jelas"),
            "evidence": _l("Keterangan belum cukup"),
            "test": _l("Bukan laporan (uji coba atau spam)"),
        },
    ),
    "referral": TableWords(
        _l("Diteruskan ke mana"),
        _l("Instansi yang menerima laporan yang diteruskan."),
    ),
    "stage": TableWords(
        _l("Lama setiap tahap"),
        _l(
            "Hari kerja sampai tahap itu selesai, untuk tahap yang selesai dalam masa ini. "
            "Median: separuh lebih cepat, separuh lebih lama. "
            "Sembilan dari sepuluh selesai dalam waktu di kolom berikutnya. "
            "Tepat waktu: persen yang selesai dalam batas hari kami."
        ),
        {
            "diterima": _l("Diterima"),
            "verifikasi": _l("Verifikasi"),
            "butuh-info": _l("Menunggu jawaban pelapor"),
            "telaah": _l("Telaah"),
            "klarifikasi": _l("Klarifikasi"),
            "pulbaket": _l("Pendalaman"),
            "audit": _l("Pemeriksaan"),
            "dilimpahkan": _l("Diteruskan ke instansi lain"),
        },
    ),
    "answered": TableWords(
        _l("Tambahan yang dijawab"),
        _l("Tambahan tulisan dari pelapor dalam masa ini, dan apakah petugas menjawab sesudahnya."),
        {"answered": _l("Sudah dijawab"), "unanswered": _l("Belum dijawab")},
    ),
}
