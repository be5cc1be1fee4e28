"""Makes the papers of this office: a letter, or a report, with letterhead, number, place, signatory and copies.

Rule: what stands around a text comes from the settings' letterhead; while the inspectorate has not confirmed it, each
paper says so. A paper is classified unless its addressee may show it to others (`is_open`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.papers.paper import Block, Letter, Letterhead, Paper, Signature, Text
from dropbox.vocabulary.dates import spoken_date
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day, date_of

_NUMBER: Final[Words] = {"id": "Nomor", "en": "Number"}
_CLASS: Final[Words] = {"id": "Sifat", "en": "Classification"}
_ENCLOSED: Final[Words] = {"id": "Lampiran", "en": "Enclosures"}
_SUBJECT: Final[Words] = {"id": "Hal", "en": "Subject"}
_TO: Final[Words] = {"id": "Yth.", "en": "To"}
_COPIES: Final[Words] = {"id": "Tembusan:", "en": "Copies to:"}
_OF: Final[Words] = {"id": "dari", "en": "of"}
_UNCONFIRMED: Final[Words] = {
    "id": "Kop, bentuk nomor, dan penanda tangan belum dipastikan oleh inspektorat.",
    "en": "The inspectorate has not confirmed letterhead, form of the number and signatory.",
}


@dataclass(frozen=True)
class Signer:
    """Who signs a paper and where, in place of the settings' signatory."""

    title: str
    name: str
    nip: str = ""
    place: str = ""


def letter(
    settings: Settings,
    today: Day,
    subject: str,
    to: Sequence[str],
    blocks: Sequence[Block],
    *,
    number: str = "",
    enclosed: str = "",
    signer: Signer | None = None,
    is_open: bool = False,
    language: str = "id",
) -> Paper:
    """Return a letter.

    Args:
        settings: of the installation.
        today: day of the letter.
        subject: of the letter, also the title of the document.
        to: lines of the addressee.
        blocks: its text.
        number: of the letter; empty for one that is written by hand.
        enclosed: what is enclosed, or empty.
        signer: who signs, if not the settings' signatory.
        is_open: whether its addressee may show it to others; then it names no one who gets a copy.
        language: `id` or `en`.
    """
    here, date = settings.workstation.letterhead, date_of(today)
    who = signer or _signer(settings, language)
    lines = [
        (_NUMBER[language], number or here.number(date, is_open=is_open)),
        (_CLASS[language], (here.open_classification if is_open else here.classification).capitalize()),
        *([(_ENCLOSED[language], enclosed)] if enclosed else []),
        (_SUBJECT[language], subject),
    ]
    dated = f"{who.place or here.place}, {spoken_date(date, language)}"
    copies = [] if is_open else here.copies[language]
    return Paper(
        title=subject,
        author=settings.office[language],
        language=language,
        day=today,
        blocks=blocks,
        head=Letterhead(here.lines[language], here.address),
        letter=Letter(lines, dated, [_TO[language], *to]),
        signature=Signature([f"{who.title},"], who.name, _nip(who)),
        copies=[_COPIES[language], *copies] if copies else [],
        notes=_notes(settings, language),
        classification="" if is_open else here.classification,
        of=_OF[language],
    )


def report(
    settings: Settings,
    today: Day,
    title: str,
    blocks: Sequence[Block],
    *,
    annexes: Iterable[Block] = (),
    number: str = "",
    signer: Signer | None = None,
    language: str = "id",
    is_landscape: bool = False,
    is_signed: bool = True,
    is_open: bool = False,
) -> Paper:
    """Return a paper with a title: letterhead, its parts; if it is signed, a number, and place, date and signatory.

    Args:
        settings: of the installation.
        today: day of the paper.
        title: of the document.
        blocks: its parts.
        annexes: parts after the signature, on a new page.
        number: of the paper; empty for one that is written by hand.
        signer: who signs, if not the settings' signatory.
        language: `id` or `en`.
        is_landscape: whether its pages are wider than high.
        is_signed: whether somebody signs it.
        is_open: whether it may be shown to others.
    """
    here = settings.workstation.letterhead
    who = signer or _signer(settings, language)
    numbered = number or here.number(date_of(today), is_open=is_open)
    above = [f"{who.place or here.place}, {spoken_date(date_of(today), language)}", f"{who.title},"]
    return Paper(
        title=title,
        author=settings.office[language],
        language=language,
        day=today,
        blocks=[*([Text(f"{_NUMBER[language]}: {numbered}")] if is_signed else []), *blocks],
        annexes=list(annexes),
        head=Letterhead(here.lines[language], here.address),
        signature=Signature(above, who.name, _nip(who)) if is_signed else None,
        notes=_notes(settings, language),
        classification="" if is_open else here.classification,
        is_landscape=is_landscape,
        of=_OF[language],
    )


def _signer(settings: Settings, language: str) -> Signer:
    here = settings.workstation.letterhead
    return Signer(here.signer_title[language], here.signer, here.signer_nip)


def _nip(signer: Signer) -> str:
    return f"NIP {signer.nip}" if signer.nip else ""


def _notes(settings: Settings, language: str) -> list[str]:
    return [] if settings.workstation.letterhead.is_confirmed else [_UNCONFIRMED[language]]
