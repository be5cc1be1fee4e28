"""What is counted, defined once and in words: the page, the PDF, the sheet and the public extract take it from here.

Rule: a code's meaning never changes; whoever wants to count something else adds a code. Every report has one channel,
one category, one place in each table: what nobody filled in has a row of its own, so that each table adds up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dropbox.form.regions import provinces
from dropbox.triage.cases.origins import ONLINE, ORIGINS
from dropbox.triage.cases.reasons import REASONS
from dropbox.triage.casework.measures import KINDS
from dropbox.wire.statuses import CATEGORIES

Words = Mapping[str, str]  # by language
TOTAL: Final = "total"
UNKNOWN: Final = "unknown"
CASES: Final = "cases"
MESSAGES: Final = "messages"
NUMBER: Final = "number"
# Domain notes 2.6: kode masalah of the register, and which of them each category is.
PROBLEMS: Final[Mapping[str, Words]] = {
    "01": {"id": "Penyalahgunaan wewenang", "en": "Abuse of authority"},
    "02": {"id": "Pelayanan masyarakat", "en": "Public services"},
    "03": {"id": "Korupsi atau pungli", "en": "Corruption or illegal levies"},
    "04": {"id": "Kepegawaian", "en": "Personnel"},
    "05": {"id": "Pertanahan", "en": "Land"},
    "06": {"id": "Hukum, peradilan, HAM", "en": "Law, courts, human rights"},
    "07": {"id": "Kewaspadaan nasional", "en": "National vigilance"},
    "08": {"id": "Tatalaksana atau regulasi", "en": "Procedure or regulation"},
    "09": {"id": "Lingkungan", "en": "Environment"},
    "10": {"id": "Umum", "en": "General"},
}
PROBLEM_OF: Final[Mapping[str, str]] = {
    "disiplin": "04",
    "wewenang": "01",
    "korupsi": "03",
    "pungli": "03",
    "gratifikasi": "03",
    "pelayanan": "02",
    "tidak-tahu": "10",
}
# Kinds of office as reporters and officers choose them, and the families in which they are counted.
_FAMILIES: Final[Mapping[str, str]] = {
    "pusat": "pusat sekjen pendis bimas-islam bimas-kristen bimas-katolik bimas-hindu bimas-buddha khonghucu bmbpsdm"
    " itjen",
    "kanwil": "kanwil",
    "kankemenag": "kankemenag",
    "kua": "kua",
    "madrasah": "madrasah",
    "madrasah-swasta": "madrasah-swasta pesantren tpq sekolah",
    "ptkn": "ptkn ptkin ptkkn ptkhn ptkbn ptk-swasta",
    "balai": "balai diklat litbang lpmq",
    "lain": "lain lembaga kegiatan daring",
}
FAMILY_OF: Final[Mapping[str, str]] = {code: family for family, codes in _FAMILIES.items() for code in codes.split()}
TRACK_OF: Final[Mapping[str, str]] = {
    "DITERIMA": "waiting",
    "VERIFIKASI": "waiting",
    "BUTUH_INFO": "waiting",
    "TELAAH": "examined",
    "KLARIFIKASI": "examined",
    "PULBAKET": "examined",
    "AUDIT": "examined",
    "DILIMPAHKAN": "referred",
    "SELESAI_TERBUKTI": "proven",
    "SELESAI_TIDAK": "unproven",
    "DITOLAK": "refused",
}
FOLLOWED: Final = ("examined", "referred", "proven", "unproven")
STAGES: Final = ("DITERIMA", "VERIFIKASI", "BUTUH_INFO", "TELAAH", "KLARIFIKASI", "PULBAKET", "AUDIT", "DILIMPAHKAN")
OUTCOME_TAGS: Final = ("hukdis-ringan", "hukdis-sedang", "hukdis-berat", "tgr")

_ORIGIN_ROWS: Final = {ONLINE: {"id": "Situs", "en": "This site"}, **ORIGINS}


@dataclass(frozen=True)
class Counter:
    """A table: its title, what it counts, and the words of its rows by code."""

    title: Words
    definition: Words
    rows: Mapping[str, Words] = field(default_factory=dict)


COLUMNS: Final[Mapping[str, Words]] = {
    CASES: {"id": "Laporan", "en": "Reports"},
    MESSAGES: {"id": "Tambahan", "en": "Additions"},
    "worked": {"id": "Berhasil", "en": "Worked"},
    "failed": {"id": "Tidak", "en": "Did not"},
    NUMBER: {"id": "Banyaknya", "en": "Number"},
    "median": {"id": "Median (hari kerja)", "en": "Median (working days)"},
    "p90": {"id": "Persentil 90 (hari kerja)", "en": "90th percentile (working days)"},
    "on-time": {"id": "Tepat waktu (%)", "en": "On time (%)"},
}
COMMON_ROWS: Final[Mapping[str, Words]] = {
    TOTAL: {"id": "Jumlah", "en": "Total"},
    UNKNOWN: {"id": "Belum diketahui", "en": "Not known"},
}
COUNTERS: Final[Mapping[str, Counter]] = {
    "channel": Counter(
        {"id": "Laporan masuk menurut kanal", "en": "Reports by channel"},
        {
            "id": "Semua laporan yang tanggal kirimnya dalam masa ini, tiap laporan satu kali, yang digabung dan yang"
            " sudah dihapus isinya juga. Yang tidak memilih WBS adalah Dumas: WBS + Dumas = jumlah.",
            "en": "All reports whose sending date lies in the period, each once, merged and deleted ones as well."
            " Whatever did not choose WBS is Dumas: WBS + Dumas = total.",
        },
        {"wbs": {"id": "WBS (pegawai)", "en": "WBS (employees)"}, "dumas": {"id": "Dumas", "en": "Dumas (public)"}},
    ),
    "origin": Counter(
        {"id": "Laporan masuk menurut cara datang", "en": "Reports by the way they came"},
        {"id": "Laporan yang sama, menurut jalan masuknya.", "en": "The same reports, by how they reached the desk."},
        _ORIGIN_ROWS,
    ),
    "category": Counter(
        {"id": "Laporan masuk menurut kategori", "en": "Reports by category"},
        {
            "id": "Kategori yang ditetapkan petugas, sebelum itu pilihan pelapor.",
            "en": "The category that an officer decided on, before that the reporter's choice.",
        },
        {
            code: {"id": name, "en": english}
            for code, name, english in zip(
                CATEGORIES,
                (
                    "Disiplin ASN",
                    "Penyalahgunaan wewenang",
                    "Korupsi",
                    "Pungutan liar",
                    "Gratifikasi",
                    "Pelayanan",
                    "Belum digolongkan",
                ),
                (
                    "Discipline",
                    "Abuse of authority",
                    "Corruption",
                    "Illegal levies",
                    "Gratification",
                    "Services",
                    "Not classified",
                ),
                strict=True,
            )
        },
    ),
    "problem": Counter(
        {"id": "Laporan masuk menurut kode masalah", "en": "Reports by problem code"},
        {"id": "Kode masalah 01–10 menurut kategorinya.", "en": "Problem codes 01–10, by their category."},
        {code: {lang: f"{code} {name}" for lang, name in words.items()} for code, words in PROBLEMS.items()},
    ),
    "province": Counter(
        {"id": "Laporan masuk menurut provinsi", "en": "Reports by province"},
        {
            "id": "Provinsi tempat kejadian menurut klasifikasi kasus.",
            "en": "The province where it happened, as the case is classified.",
        },
        {code: {"id": name, "en": name} for code, name in provinces().items()},
    ),
    "unit-type": Counter(
        {"id": "Laporan masuk menurut jenis satuan kerja", "en": "Reports by kind of unit"},
        {
            "id": "Jenis satuan kerja yang dilaporkan menurut klasifikasi kasus, dalam kelompok besar.",
            "en": "The kind of unit complained of as the case is classified, in large groups.",
        },
        {
            "pusat": {"id": "Kantor pusat", "en": "Head office"},
            "kanwil": {"id": "Kanwil provinsi", "en": "Provincial office (Kanwil)"},
            "kankemenag": {"id": "Kankemenag kabupaten/kota", "en": "Regency or city office (Kankemenag)"},
            "kua": {"id": "KUA kecamatan", "en": "District office (KUA)"},
            "madrasah": {"id": "Madrasah negeri", "en": "State madrasah"},
            "madrasah-swasta": {
                "id": "Madrasah swasta, pesantren, sekolah lain",
                "en": "Private madrasahs, pesantren, other schools",
            },
            "ptkn": {"id": "Perguruan tinggi keagamaan", "en": "Religious higher education"},
            "balai": {"id": "Balai diklat, litbang, UPT", "en": "Training, research and technical units"},
            "lain": {"id": "Lainnya", "en": "Other"},
        },
    ),
    "track": Counter(
        {"id": "Kedudukan laporan", "en": "Where the reports stand"},
        {
            "id": "Laporan masa ini menurut statusnya pada hari penghitungan. Yang diarsipkan dihitung menurut status"
            " akhirnya. Ditindaklanjuti = ditelaah atau diperiksa + dilimpahkan + terbukti + tidak terbukti.",
            "en": "The period's reports by their status on the day of counting, archived ones by the status in which"
            " they ended. Followed up = reviewed or examined + referred + substantiated + not substantiated.",
        },
        {
            "waiting": {"id": "Diterima, diverifikasi, menunggu pelapor", "en": "Received, verified, question open"},
            "examined": {"id": "Ditelaah atau diperiksa", "en": "Reviewed or examined"},
            "referred": {"id": "Dilimpahkan", "en": "Referred"},
            "proven": {"id": "Selesai, terbukti", "en": "Closed, substantiated"},
            "unproven": {"id": "Selesai, tidak terbukti", "en": "Closed, not substantiated"},
            "refused": {"id": "Tidak ditindaklanjuti", "en": "Not followed up"},
        },
    ),
    "refusal": Counter(
        {"id": "Tidak ditindaklanjuti, menurut alasan", "en": "Not followed up, by reason"},
        {
            "id": "Alasan yang diputuskan dua petugas. Jumlahnya sama dengan baris “tidak ditindaklanjuti”.",
            "en": "The reason that two officers decided on. The total is the row “not followed up”.",
        },
        {code: reason.label for code, reason in REASONS.items() if reason.told},
    ),
    "referral": Counter(
        {"id": "Dilimpahkan, menurut instansi", "en": "Referred, by body"},
        {
            "id": "Instansi penerima. Jumlahnya sama dengan baris “dilimpahkan”.",
            "en": "The body that received them. The total is the row “referred”.",
        },
    ),
    "outcome": Counter(
        {"id": "Hasil, menurut label kasus", "en": "Outcomes, by the case's tag"},
        {
            "id": "Laporan masa ini yang berlabel demikian. Satu laporan dapat punya beberapa label: tidak ada jumlah.",
            "en": "The period's reports that bear such a tag. A report may bear several: there is no total.",
        },
        {
            "hukdis-ringan": {"id": "Hukuman disiplin ringan", "en": "Light disciplinary measure"},
            "hukdis-sedang": {"id": "Hukuman disiplin sedang", "en": "Medium disciplinary measure"},
            "hukdis-berat": {"id": "Hukuman disiplin berat", "en": "Heavy disciplinary measure"},
            "tgr": {"id": "Tuntutan ganti rugi", "en": "Claim for compensation"},
        },
    ),
    "stage": Counter(
        {"id": "Lama setiap tahap", "en": "How long each stage took"},
        {
            "id": "Hari kerja dari awal sampai akhir tahap, untuk tahap yang berakhir dalam masa ini. Tahap yang"
            " berhenti karena pertanyaan dilanjutkan sesudahnya. Tepat waktu: dalam hari layanan pengaturan.",
            "en": "Working days from a stage's beginning to its end, for stages that ended in the period. A stage"
            " that a question interrupts goes on afterwards. On time: within the service days of the settings.",
        },
        {
            stage.lower().replace("_", "-"): {"id": name, "en": english}
            for stage, name, english in zip(
                STAGES,
                (
                    "Diterima",
                    "Verifikasi",
                    "Menunggu jawaban pelapor",
                    "Telaah",
                    "Klarifikasi",
                    "Pulbaket",
                    "Audit",
                    "Dilimpahkan",
                ),
                (
                    "Received",
                    "Verification",
                    "Question open",
                    "Review",
                    "Clarification",
                    "Fact finding",
                    "Audit",
                    "Referred",
                ),
                strict=True,
            )
        },
    ),
    "live": Counter(
        {"id": "Kasus yang masih berjalan", "en": "Live cases"},
        {
            "id": "Semua kasus yang belum berakhir dan tidak digabung, pada hari penghitungan, dari masa mana pun.",
            "en": "All cases that have not ended and were not merged, on the day of counting, of whatever period.",
        },
        {
            "in-time": {"id": "Belum lewat waktu", "en": "Not overdue"},
            "overdue": {"id": "Lewat waktu", "en": "Overdue"},
        },
    ),
    "answered": Counter(
        {"id": "Tambahan dari pelapor", "en": "Additions of reporters"},
        {
            "id": "Tambahan tulisan yang dikirim dalam masa ini. Dijawab: petugas menulis pesan atau status dengan teks"
            " pada hari itu atau sesudahnya.",
            "en": "Texts that reporters added in the period. Answered: an officer wrote a message, or a status with a"
            " text, on that day or later.",
        },
        {
            "answered": {"id": "Sudah dijawab", "en": "Answered"},
            "unanswered": {"id": "Belum dijawab", "en": "Not answered yet"},
        },
    ),
    "measures": Counter(
        {"id": "Penghargaan, sanksi, perlindungan", "en": "Rewards, sanctions, protection"},
        {
            "id": "Tindakan yang diputuskan dalam masa ini, dari laporan masa mana pun, menurut hasilnya."
            " Yang masih berjalan hanya dihitung di kolom pertama.",
            "en": "Measures that were decided in the period, about reports of whatever period, by their result."
            " What still runs is in the first column alone.",
        },
        KINDS,
    ),
    "prevention": Counter(
        {"id": "Pencegahan", "en": "Prevention"},
        {
            "id": "Berulang: satker, layanan, atau modus dengan tiga kasus atau lebih dalam masa ini. Rekomendasi yang"
            " dibuat dalam masa ini, menurut keadaannya pada hari penghitungan.",
            "en": "Recurring: units, services or modi with three or more cases in the period. Recommendations that"
            " were made in the period, by how they stand on the day of counting.",
        },
        {
            "recurring": {"id": "Yang berulang", "en": "Recurring"},
            "done": {"id": "Rekomendasi sudah dijalankan", "en": "Recommendations carried out"},
            "open": {"id": "Rekomendasi belum jatuh tempo", "en": "Recommendations not due yet"},
            "late": {"id": "Rekomendasi lewat waktu", "en": "Recommendations overdue"},
        },
    ),
}


def stage_code(status: str) -> str:
    """`butuh-info` of BUTUH_INFO."""
    return status.lower().replace("_", "-")


def row_label(table: str, code: str, language: str) -> str:
    """A row's words, or its code."""
    words = COMMON_ROWS.get(code) or COUNTERS[table].rows.get(code)
    return words[language] if words else code
