"""Builds the file of an approved dossier: cleans evidence in memory, lists, signs and seals it, then writes it.

Rule: no plaintext of a dossier is written to a file. The first sealing is published to the reporters in the same
transaction that stores it; sealing again (a lost USB drive) publishes nothing.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dropbox.crypto.dossiers import LABEL, seal_dossier
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import write_new
from dropbox.errors import RefusedError, StorageFullError
from dropbox.limits import DOSSIER_MAX_BYTES, MIB
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.extract import outside_the_vault
from dropbox.triage.casework.outgoing.records import bound
from dropbox.triage.evidence import clean
from dropbox.triage.evidence.copies import Cleaned
from dropbox.triage.evidence.findings import Aside, Note
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.redaction import leaving
from dropbox.triage.redaction.recipe import Recipe
from dropbox.triage.redaction.saved import Saved
from dropbox.triage.referral import consent, facts, group, lapor, papers, propose, receivers
from dropbox.triage.referral.facts import Evidence
from dropbox.triage.referral.marks import Marked
from dropbox.triage.referral.propose import Referral
from dropbox.triage.referral.receivers import Receiver
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.codes import Bound
from dropbox.wire.board import MESSAGE, STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import EVIDENCE, FACTS, PAPER, Contents, Part
from dropbox.wire.signed import Head, encode_object

OMBUDSMAN: Final = "ombudsman"
_LETTER: Final = "surat.pdf"
_REDACTED: Final = {"txt": "teks-saja", "webm": "dikode-ulang"}
_SMALL_BYTES: Final = 16 * MIB  # upper bound for facts and papers
_PAGES: Final = "gambar-halaman"
_NAMED: Final = {"id": "Instansi: {body}.", "en": "Body: {body}."}


@dataclass(frozen=True)
class Made:
    """Names of the files written, the SHA-256 of the first, and what the copies leave out."""

    names: tuple[str, ...]
    sha256: bytes
    notes: tuple[Note, ...] = ()


def make(work: Work, number: int, to: Path, aside: Aside = contextlib.nullcontext) -> Made:
    """Seal an approved dossier into a folder; nothing is overwritten.

    Args:
        work: the vault, the settings and the day.
        number: of the referral.
        to: the folder.
        aside: makes the block in which a sandbox makes a copy and the vault is not used.

    Raises:
        NotFoundError: there is no such dossier, or the officer is excluded from its case.
        RefusedError: the officer's roles do not allow it, its receiver is retired or expired, the case's labels
            changed, a file cannot be cleaned, the dossier is too large, what may leave was changed meanwhile, the
            folder is in the vault, or the name is taken.
        UntrustedError: this station has no certificate that is valid today.
        ConfigurationError: there is no sandbox on this machine, and the dossier has files.
        DamagedError: a file is not in the vault as it was taken in.
        StorageFullError: the disk is full; nothing was written.
        LockedError: the vault was locked meanwhile; nothing was written.
    """
    referral, case = _permitted(work, number)
    folder = outside_the_vault(work.vault, to)
    with transaction(work.vault.db):  # before the file is written, so that a power cut afterwards leaves this line
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="sealing", referral=number)
    if not referral.receiver:
        made = _lapor(work.settings, case, referral, folder, work.today)
    else:
        made = _dossier(work, case, referral, folder, aside)
    with transaction(work.vault.db):
        referrals.mark_made(work.vault.db, number, made.sha256, work.today)
        if not referral.made:
            tell(work, case, referral)
        audit_log.write(
            work.vault,
            Permission.REFER_PROPOSE,
            case.number,
            did="seal",
            referral=number,
            sha256=made.sha256.hex()[:16],
        )
    return made


def _permitted(work: Work, number: int) -> tuple[Referral, Case]:
    """Return an approved dossier and its case, if the officer may seal it now; raises as `make`."""
    referral = propose.referral_of(work.vault, number)
    permission.permit(work, Permission.REFER_PROPOSE, referral.case)
    case = casebook.case_of(work.vault, referral.case)
    draft = propose.as_allowed(work.vault, case, referral)
    propose.target_of(work.vault, case, draft, work.today)
    propose.check_labels(case, referral)
    return referral, case


def _dossier(work: Work, case: Case, referral: Referral, folder: Path, aside: Aside) -> Made:
    with contextlib.ExitStack() as held:
        allowed = propose.as_allowed(work.vault, case, referral)
        chosen = propose.leaving(work.vault, case, referral) if allowed.with_files else []
        files = _copies(work, chosen, held, aside)
        # While the sandboxes worked, others may have used the vault: consent, marks, roles, the receiver.
        referral, case = _permitted(work, referral.number)
        draft = propose.as_allowed(work.vault, case, referral)
        still = propose.leaving(work.vault, case, referral) if draft.with_files else []
        if draft != allowed or [one.key for one in still] != [one.key for one in chosen]:
            raise RefusedError("referral.changed")
        receiver = receivers.receiver_of(work.vault, referral.receiver)
        certificate, _ = work.vault.certificate(work.today)
        said = consent.of_all(work.vault, case, referral.target)
        copies = {name: copy for name, (_, copy) in files.items()}
        listed = [_evidence(name, copy, marked.redaction) for name, (marked, copy) in files.items()]
        value = facts.document(case, draft, said, listed, work.vault.desk, work.today)
        small = {
            FACTS: json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n",
            PAPER: papers.dossier(work.settings, value, receiver.card.label, work.today),
            _LETTER: papers.letter(
                work.settings,
                value,
                receiver.card.label,
                work.today,
                to_ombudsman=referral.target == OMBUDSMAN,
            ),
        }
        contents = _contents(work.vault, referral, receiver, copies, small, work.today)
        signed = encode_object(
            LABEL, certificate, contents, work.vault.station.sign(LABEL, work.vault.instance, contents)
        )
        pieces = seal_dossier(work.vault.instance, receiver.card.seal, signed, _parts(copies, small))
        name = f"{referral.name}.dbx"
        sha256 = write_sealed(folder, name, pieces)
        notes = tuple(sorted({note for copy in copies.values() for note in copy.notes}))
    return Made((name,), sha256, notes)


def _copies(
    work: Work, chosen: Iterable[Marked], held: contextlib.ExitStack, aside: Aside
) -> dict[str, tuple[Marked, Cleaned]]:
    """Return the files that may leave, with their copies, by their names in the dossier, in ascending order."""
    found: dict[str, tuple[Marked, Cleaned]] = {}
    total = 0
    for place, marked in enumerate(chosen, 1):
        try:
            copy = held.enter_context(_copy(work, marked, aside))
        except UnreadableError:
            raise RefusedError("referral.no-clean-copy", case=marked.case.name, number=marked.number) from None
        total += copy.length
        if total > DOSSIER_MAX_BYTES - _SMALL_BYTES:
            raise RefusedError("referral.too-large")
        found[f"{EVIDENCE}{place:03d}.{copy.ending}"] = (marked, copy)
    return found


def _copy(work: Work, marked: Marked, aside: Aside) -> Cleaned:
    if marked.redaction is not None:
        return leaving.redacted(work, marked.case, marked.number, marked.redaction, aside)
    return clean.cleaned(work, marked.case, marked.number, marked.place, aside)


def _evidence(name: str, copy: Cleaned, redaction: Saved | None) -> Evidence:
    made = _REDACTED.get(copy.ending, _PAGES)
    covered = (redaction.recipe if redaction else Recipe()).counts
    original = None if redaction else copy.original.hex()
    return Evidence(name, copy.kind, copy.sha256.hex(), original, made, tuple(notes(copy.notes)), covered)


def notes(left_out: Iterable[Note]) -> Iterator[dict[str, Any]]:
    """Yield what a copy leaves out, as `catatan` of rujukan.json has it: code, number, sentence in Indonesian."""
    for code, number in left_out:
        sentence = vocabulary.words("file_note", code)["id"].format(n=number)
        yield {"kode": code, "jumlah": number, "kalimat": sentence}


def _contents(
    vault: Vault,
    referral: Referral,
    receiver: Receiver,
    copies: dict[str, Cleaned],
    small: dict[str, bytes],
    today: Day,
) -> bytes:
    seed = referrals.reply_seed(vault.db, referral.number)
    parts = [Part(name, copy.length, copy.sha256) for name, copy in copies.items()]
    parts += [Part(name, len(data), hashlib.sha256(data).digest()) for name, data in small.items()]
    # Dossiers have no numbers: a receiver would learn how many others exist.
    head = Head(vault.instance, vault.desk, 0, today)
    reply_key = EpochSecretKey(seed).public.raw
    return Contents(head, referral.dossier, receiver.sha256, reply_key, tuple(parts)).encode()


def _parts(copies: dict[str, Cleaned], small: dict[str, bytes]) -> Iterator[bytes]:
    for copy in copies.values():
        yield from copy.pieces()
    yield from small.values()


def _lapor(settings: Settings, case: Case, referral: Referral, folder: Path, today: Day) -> Made:
    files = lapor.files(settings, case, referral.draft, today)
    done: list[Path] = []
    hashes = []
    try:
        for ending, data in files.items():
            hashes.append(write_sealed(folder, f"{referral.name}.{ending}", [data]))
            done.append(folder / f"{referral.name}.{ending}")
    except BaseException:  # both files or none
        for path in done:
            path.unlink(missing_ok=True)
        raise
    return Made(tuple(path.name for path in done), hashes[0])


def write_sealed(folder: Path, name: str, pieces: Iterable[bytes]) -> bytes:
    """Write a whole file or none; return its SHA-256.

    Raises:
        RefusedError: the name is taken.
        StorageFullError: the disk is full.
    """
    taken = RefusedError("referral.dossier-exists")
    if os.path.lexists(folder / name):  # refuse before the files are read again
        raise taken
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sha256 = write_new(folder / name, pieces)
        sync_folder(folder)
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise StorageFullError("dossier.unwritable", system=error.errno) from None
    return sha256 or b""


def tell(work: Work, case: Case, referral: Referral) -> None:
    """Tell the reporters of a dossier; inside the transaction that notes its first sealing, or in a rehearsal of it.

    A transfer is a status, anything else a message. The body is named only after a yes. Nobody takes it back: the
    dossier may have left.
    """
    language = casebook.language(work.vault, case)
    is_named = consent.may_be_named(work.vault, case, referral.target)
    hands_over = referral.draft.request == facts.TAKE_OVER
    code = ("refer-named" if is_named else "refer") if hands_over else "refer-told"
    text = phrases.text_of(work.vault, code, language)
    if is_named:
        text += "\n" + _NAMED[language].format(body=consent.body_name(work, case, referral.target))
    moved = hands_over and case.status != permission.REFERRED and case.status not in permission.ENDED
    due = 0 if moved else casebook.promised(work.vault, case)
    with bound(Bound.SEALED):
        if moved:
            entry = Entry(day=work.today, kind=STATUS, status=permission.REFERRED, text=text)
            transitions.apply(work, case, entry, reference=referral.target)
            return
        for member in group.cases(work.vault, case):
            transitions.tell(work.vault, member.number, Entry(day=work.today, kind=MESSAGE, text=text, next=due))
