"""Writes the letter that clears a reported person, and the receipt that a visitor takes home.

Rule: a letter names its addressee and signatory and nobody else, repeats nothing of a report, and does not help to
guess who wrote it: it has no date, channel, category or number of the case. It is not classified: its addressee shows
it to others. The same letter is the same bytes.
"""

from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.secret import ReporterSecret
from dropbox.errors import RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import conflict, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search
from dropbox.triage.papers import office
from dropbox.triage.papers.characters import printable
from dropbox.triage.papers.paper import Text
from dropbox.triage.papers.printing import printed
from dropbox.triage.tables import events
from dropbox.triage.tables.records import clearings
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Status
from dropbox.vocabulary.dates import spoken_date
from dropbox.vocabulary.vocabulary import Named
from dropbox.wire.calendar import Day, date_of

CLEARED: Final = Status.SELESAI_TIDAK


@dataclass(frozen=True)
class Clearing:
    """What an officer fills in: whom it is for, the letter's own number, who signs (`nip` may be empty) and where."""

    name: str
    position: str
    unit: str
    number: str
    signer: str
    signer_title: str
    place: str
    nip: str = ""


@dataclass(frozen=True)
class ReceiptPage:
    """A receipt as a page prints it."""

    title: str
    code_label: str
    code: str = field(repr=False)
    words_label: str
    words: str = field(repr=False)
    lines: tuple[str, ...]


_SUBJECT: Final = "Hasil pemeriksaan"
_BODY: Final = (
    "Dengan hormat,",
    "Kami telah memeriksa dugaan pelanggaran yang menyangkut Saudara. Dugaan tersebut tidak terbukti.",
    "Dengan surat ini kami menyatakan pemeriksaan atas Saudara selesai. Tidak ada rekomendasi hukuman.",
    "Surat ini dapat Saudara gunakan untuk memulihkan nama baik Saudara.",
    "Bila kelak ada bukti baru, pemeriksaan dapat dibuka kembali.",
    "Terima kasih atas kerja sama Saudara.",
)
_RECEIPT: Final = {
    "id": (
        "Tanda terima",
        "Kode tanda terima",
        "Frasa sandi",
        (
            "Dengan kode dan frasa sandi ini Anda dapat membaca jawaban kami dan menambah keterangan.",
            "Buka lagi paling lambat {next}. Mungkin ada pertanyaan untuk Anda.",
            "Simpan di tempat aman. Jangan difoto dan jangan dikirim lewat WhatsApp.",
            "Kami tidak menyimpan kode ini dan tidak dapat membuatnya kembali.",
        ),
    ),
    "en": (
        "Receipt",
        "Receipt code",
        "Passphrase",
        (
            "With this code and passphrase you can read our answers and add information.",
            "Look again by {next}. There may be a question for you.",
            "Keep it in a safe place. Take no photo of it, and do not send it by WhatsApp.",
            "We do not keep this code and cannot make it again.",
        ),
    ),
}


def clear(work: Work, case: Case, letter: Clearing) -> bytes:
    """The letter (PDF) that tells a reported person that an allegation was not substantiated.

    Raises:
        RefusedError: the officer's roles do not allow it, the case did not end so, or a field is empty, too long or
            holds characters that the fonts lack.
        NotFoundError: the officer is kept out of the case.
        ConfigurationError: this installation cannot make papers.
    """
    permission.permit(work, Permission.LETTER_CLEAR, case.number)
    if not _ended_unproven(work.vault, case):
        raise RefusedError("letter.clearing", status=Named("status", CLEARED))
    typed = (letter.name, letter.position, letter.unit, letter.number, letter.signer, letter.signer_title, letter.place)
    name, position, unit, number, signer, signer_title, place = map(printable, typed)
    nip = printable(letter.nip) if letter.nip.strip() else ""
    paper = office.letter(
        work.settings,
        work.today,
        _SUBJECT,
        (name, position, unit),
        [Text(text) for text in _BODY],
        number=number,
        signer=office.Signer(signer_title, signer, nip, place),
        is_open=True,
    )
    made = printed(paper)
    issued = clearings.Clearing(0, case.number, number, work.today, name, position, unit, work.vault.officer.login)
    with transaction(work.vault.db):
        clearings.add(work.vault.db, issued)
        search.put_labels(work.vault, case.number)
        audit_log.write(work.vault, Permission.LETTER_CLEAR, case.number)
        conflict.check_message(work, case.number, conflict.fields_of(issued))
    return made


def receipt_page(settings: Settings, secret: ReporterSecret, today: Day, language: str = "id") -> ReceiptPage:
    """What a walk-in is handed, for a page that prints it; nothing keeps it."""
    title, code, words, lines = _RECEIPT[language]
    day = spoken_date(date_of(today + settings.return_days), language)
    return ReceiptPage(title, code, secret.code, words, secret.words, tuple(line.format(next=day) for line in lines))


def _ended_unproven(vault: Vault, case: Case) -> bool:
    """Closed so, and maybe archived since; not opened again."""
    if case.status != permission.ARCHIVED:
        return case.status == CLEARED
    return events.last_status(vault.db, case.number, permission.ARCHIVED) == CLEARED
