"""One table of what can be done at the workstation: the commands of `dropbox triage` and the pages of the desk.

Rule: the act and the title of a task are in this table alone. A command that runs unattended, or before there is a
desk, has a purpose here; the desk's menu reads page, title, act and key from the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dropbox.triage.access.roles import Permission

Words = Mapping[str, str]  # language → words


@dataclass(frozen=True)
class Task:
    """A task of the workstation.

    Attributes:
        name: of the command, in one or two words; without a command, of the task.
        act: the permission without which it is refused; None if each function below decides, or nobody is asked.
        purpose: the help of the command, by language; empty if a page alone does the task.
        page: endpoint of the desk's page that does the same; empty if there is none.
        title: of that page in the menu, by language; empty outside the menu.
        key: opens the page after `g`; empty outside the menu.
    """

    name: str
    act: Permission | None = None
    purpose: Words = field(default_factory=dict)
    page: str = ""
    title: Words = field(default_factory=dict)
    key: str = ""

    @property
    def permission(self) -> Permission:
        """Return the permission; raises ValueError for a task whose functions decide each for themselves."""
        if self.act is None:
            raise ValueError("this task has no permission of its own")
        return self.act


_CARE: Final = Permission.VAULT_CARE
_TABLE: Final = (
    Task("init", None, {"id": "buat brankas meja dan permintaan sertifikatnya",
                      "en": "make the vault of a desk, and its request for a certificate"}),
    Task("serve", None, {"id": "jalankan halaman meja kerja, untuk peramban di komputer ini saja",
                       "en": "run the desk's pages, for a browser on this machine alone"}),
    Task("restore", None, {"id": "buat brankas (--vault) dan salinan kedua dari cadangan",
                         "en": "make a vault (--vault) and a new second copy from a backup"}),
    Task("practice", None, {"id": "buat brankas latihan dengan kasus buatan, untuk belajar (tanpa --vault)",
                          "en": "make a practice vault with made-up cases, to learn with (without --vault)"}),
    Task("list", Permission.CASE_READ, {"id": "tulis daftar semua kasus", "en": "list all cases"},
         "inbox", {"id": "Kotak masuk", "en": "Inbox"}, "i"),
    Task("show", Permission.CASE_READ,
         {"id": "tulis seluruh isi satu kasus", "en": "show one case with everything in it"},
         "case"),
    Task("answer", None, {"id": "beri kasus status dan jawab pelapornya",
                        "en": "give a case a status and its reporter an answer"}, "case-act"),
    Task("duties", Permission.CASE_READ, page="duties",
         title={"id": "Tugas", "en": "Tasks"}, key="d"),
    Task("withdraw", Permission.CASE_READ, {"id": "tarik kabar terbaru untuk pelapor sebuah kasus, selama belum terbit",
                          "en": "take back what a case's reporter was told last, before it is published"},
         "unpublished", {"id": "Belum terbit", "en": "Not published yet"}, "n"),
    Task("proposals", None, page="proposals", title={"id": "Persetujuan", "en": "Approvals"}, key="p"),
    Task("referrals", Permission.REFER_PROPOSE, page="referrals", title={"id": "Rujukan", "en": "Referrals"}, key="r"),
    Task("enter", Permission.CASE_ENTER, page="enter", title={"id": "Catat laporan", "en": "Enter a report"}, key="e"),
    Task("import-csv", Permission.CASE_ENTER, {"id": "catat banyak kasus dari berkas CSV",
                                      "en": "enter many cases from a CSV file"}, "register-import"),
    Task("examine", Permission.FILE_PREVIEW, {"id": "periksa berkas semua kasus di kotak pasir dan daftarkan teksnya",
                                     "en": "examine the files of all cases in the sandbox, and index their text"}),
    Task("extract", Permission.FILE_ORIGINAL, {"id": "tulis berkas asli satu kasus; perbuatan ini dicatat",
                                      "en": "write the original files of a case; this is logged, nothing is"
                                            " overwritten"}, "file-original"),
    Task("book", Permission.CASE_READ, page="book", title={"id": "Buku register", "en": "Register"}, key="a"),
    Task("overview", Permission.OVERVIEW_READ, page="overview", title={"id": "Ikhtisar", "en": "Overview"}, key="u"),
    Task("statistics report", Permission.STATISTICS_READ, {"id": "tulis laporan statistik satu masa ke berkas",
                                                  "en": "write the statistics of a period into a file"},
         "statistics", {"id": "Statistik", "en": "Statistics"}, "s"),
    Task("statistics restored", Permission.STATISTICS_PUBLISH,
         {"id": "sebut masa yang sudah terbit sebelum brankas dipulihkan",
          "en": "say which periods were published, after a vault was restored"}),
    Task("prevention", Permission.PREVENTION_MANAGE,
         page="prevention", title={"id": "Pencegahan", "en": "Prevention"}, key="c"),
    Task("follow-ups", Permission.PROTECTION_MANAGE,
         page="follow-ups", title={"id": "Cek perlindungan", "en": "Protection checks"}, key="y"),
    Task("policies", None, page="policies", title={"id": "Kebijakan", "en": "Policies"}, key="h"),
    Task("claims", Permission.CLAIM_CHECK,
         page="claims", title={"id": "Pembuktian", "en": "Proof of authorship"}, key="b"),
    Task("certificate", _CARE, {"id": "pasang sertifikat stasiun ini", "en": "install this station's certificate"},
         "care-certificate"),
    Task("import", Permission.EXCHANGE_IMPORT,
         {"id": "ambil yang dibawa kurir", "en": "take in what the courier brought"},
         "exchange", {"id": "Kurir", "en": "Courier"}, "x"),
    Task("publish", Permission.EXCHANGE_PUBLISH, {"id": "tulis yang dibawa kurir kembali ke server",
                                         "en": "write what the courier carries back to the server"},
         "exchange-publish"),
    Task("phrases", Permission.PHRASE_EDIT,
         page="phrases", title={"id": "Templat jawaban", "en": "Answer templates"}, key="t"),
    Task("officers", Permission.OFFICER_MANAGE, page="officers", title={"id": "Petugas", "en": "Officers"}, key="o"),
    Task("log", Permission.LOG_READ, {"id": "tulis seluruh catatan kegiatan, yang tertua dahulu",
                             "en": "show who did what, oldest first"},
         "journal", {"id": "Catatan kegiatan", "en": "Log"}, "l"),
    Task("oversight state", Permission.OVERSIGHT_MANAGE, {"id": "tulis pernyataan tahunan tentang catatan kegiatan",
                                                 "en": "write the yearly statement about the log"},
         "oversight", {"id": "Pengawasan", "en": "Oversight"}, "w"),
    Task("doctor", _CARE, {"id": "periksa dan perbaiki brankas dan salinan keduanya",
                           "en": "mend vault and second copy from one another, and say what is wrong"},
         "care", {"id": "Perawatan", "en": "Care"}, "v"),
    Task("copy", _CARE, {"id": "cocokkan salinan kedua dan baca ulang",
                         "en": "bring the second copy up to date and verify it"}, "care-copy"),
    Task("backup", _CARE, {"id": "perbarui cadangan dan baca ulang; kunci mingguan tidak ikut",
                           "en": "bring a backup up to date and verify it; epoch keys never enter it"}, "care-backup"),
    Task("drill", _CARE, {"id": "pulihkan cadangan untuk percobaan, periksa, lalu buang",
                          "en": "restore a backup for a try, examine it, and remove the try"}, "care-drill"),
    Task("new-keys", _CARE, {"id": "buat lagi kunci mingguan yang hilang dari brankas dan salinannya",
                             "en": "make epoch keys anew that neither the vault nor its second copy has"}),
    Task("identity share", Permission.IDENTITY_OPEN, {"id": "bagikan identitas tersegel kepada petugas baru, berdua",
                                             "en": "share sealed identities with new officers; it takes two"}),
    Task("fingerprints", Permission.REFER_PROPOSE, {"id": "cari perkara yang juga ada di instansi lain",
                                           "en": "find matters that another body has as well"}),
    Task("account", None, page="account", title={"id": "Akun saya", "en": "My account"}, key="m"),
)  # fmt: skip
TASKS: Final[Mapping[str, Task]] = {task.name: task for task in _TABLE}
MENU: Final = tuple(task for task in _TABLE if task.title)


def page_title(task: Task) -> Words:
    """Return the menu's title of the page that does a task, by language; empty if no page does it."""
    parts = task.page.split("-")
    endpoints = {"-".join(parts[:count]) for count in range(1, len(parts) + 1)}  # care-backup is an act of care
    return next((one.title for one in MENU if one.page in endpoints), {}) if task.page else {}
