"""Sentences that officers send again and again: edited in the vault, restored from the file, put into answers.

Rule: a phrase holds one placeholder at most, {next}, the date that the reporter is told. What an officer writes beyond
is theirs; whether it repeats a name of the report is said to them before it goes out, and they decide.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.matching.words import split
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.permission import Draft
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import cases
from dropbox.triage.tables.records import statements
from dropbox.triage.vault import phrasebook
from dropbox.triage.vault.phrasebook import Phrase, defaults, put
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Status
from dropbox.vocabulary.dates import spoken_date
from dropbox.wire.calendar import date_of

# Moves that need no words of their own. A question, a referral and an end do: the reporter acts upon them.
OPTIONAL: Final = (
    Status.VERIFIKASI,
    Status.TELAAH,
    Status.KLARIFIKASI,
    Status.PULBAKET,
    Status.AUDIT,
    permission.ARCHIVED,
)
_PLACEHOLDER: Final = re.compile(r"\{next\}")
_NEXT_CLAUSE: Final = re.compile(r"[^.!?]*\{next\}[^.!?]*[.!?]?")
_NAME_LETTERS: Final = 4  # shorter words of a name (bin, Hj, Dr) stand in every text
# Words that stand before a name, or for a person, and give nobody away.
_COMMON: Final = frozenset(
    """
    anda kami laporan dugaan bapak saudara kepala kantor kanwil kankemenag kemenag kementerian agama madrasah sekolah
    bagian bidang seksi pegawai guru dosen ketua wakil sekretaris bendahara oknum inspektorat jenderal petugas yang
    untuk dari dengan dalam pada kota kabupaten provinsi kecamatan negeri unit staf panitia komite jabatan nama tidak
    tahu jelas the head office officer teacher unknown staff
    """.split()  # noqa: SIM905
)


def all_phrases(vault: Vault, status: str = "") -> list[Phrase]:
    """All phrases, or those of a status and of any; by code."""
    return [one for one in phrasebook.stored(vault.db) if not status or one.status in (status, "")]


def phrase_of(vault: Vault, code: str) -> Phrase:
    """The phrase of a code, the file's where the vault is older than the phrase; raises NotFoundError."""
    stored = {one.code: one for one in phrasebook.stored(vault.db)}
    phrase = stored.get(code) or defaults().get(code)
    if phrase is None:
        raise NotFoundError("phrase.not-found")
    return phrase


def text_of(vault: Vault, code: str, language: str, next_day: int = 0) -> str:
    """A phrase's text in a language (`id`, `en`), with the date; raises NotFoundError."""
    phrase = phrase_of(vault, code)
    return with_date(phrase.text_en if language == "en" else phrase.text_id, language, next_day)


def with_date(text: str, language: str, next_day: int) -> str:
    """The text with {next} as a date; without one, the sentence that would have told it is left out."""
    if not next_day:
        return _NEXT_CLAUSE.sub("", text).strip()
    return _PLACEHOLDER.sub(spoken_date(date_of(next_day), language), text)


def edit(work: Work, phrase: Phrase) -> None:
    """Change a phrase, or add one.

    Raises:
        RefusedError: the officer's roles do not allow it, or a text is empty, too long or has a foreign placeholder.
    """
    permission.permit(work, Permission.PHRASE_EDIT)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", phrase.code):
        raise RefusedError("phrase.code")
    if phrase.status and phrase.status not in permission.MOVES:
        raise RefusedError("phrase.status")
    if not 0 < len(phrase.title.strip()) <= 100:
        raise RefusedError("phrase.title")
    checked = replace(phrase, text_id=_checked(phrase.text_id), text_en=_checked(phrase.text_en))
    with transaction(work.vault.db):
        put(work.vault.db, checked)
        audit_log.write(work.vault, "phrase.edit", phrase=phrase.code)


def restore(work: Work, code: str) -> Phrase:
    """Bring back a phrase as the file has it; raises RefusedError, NotFoundError when the file lacks that code."""
    permission.permit(work, Permission.PHRASE_EDIT)
    phrase = defaults().get(code)
    if phrase is None:
        raise NotFoundError("phrase.no-original")
    with transaction(work.vault.db):
        put(work.vault.db, phrase)
        audit_log.write(work.vault, "phrase.edit", phrase=code, restored=1)
    return phrase


def _checked(text: str) -> str:
    checked = permission.checked_text(text)
    if "{" in _PLACEHOLDER.sub("", checked) or "}" in _PLACEHOLDER.sub("", checked):
        raise RefusedError("phrase.placeholder")
    return checked


def filled(work: Work, case: Case, draft: Draft) -> Draft:
    """The draft with its date in place of {next}; a move without a text gets that of its status' first phrase.

    Raises:
        RefusedError: its date may not be.
    """
    text = draft.text
    if not text.strip() and draft.status != case.status and draft.status in OPTIONAL:
        codes = [one.code for one in all_phrases(work.vault) if one.status == draft.status]
        first = next((code for code in (*defaults(), *codes) if code in codes), None)
        english = casebook.language(work.vault, case) == "en"
        text = "" if first is None else getattr(phrase_of(work.vault, first), "text_en" if english else "text_id")
    if not _PLACEHOLDER.search(text):
        return replace(draft, text=text)
    day = permission.next_day(work, case, draft)
    return replace(draft, text=with_date(text, casebook.language(work.vault, case), day))


def warnings(vault: Vault, case: Case, text: str) -> list[Sentence]:
    """What of the report an answer's text repeats, a sentence each: names of people, or of the unit; blocks nothing."""
    said = set(split(text))
    # All reporters of what was merged read it: a word of one of them tells the others that there is one.
    group = [case, *(casebook.case_of(vault, number) for number in cases.followers(vault.db, case.number))]
    texts = [text for one in group for text in casebook.texts(vault, one)]
    names = _telling(text.fields.get(name, "") for text in texts for name in ("who", "where"))
    heard = statements.of_cases(vault.db, [one.number for one in group])
    names = (names | _telling(one.name for one in heard)) & said
    units = _telling(one.unit for one in group) & said
    found: list[Sentence] = []
    if names:
        found.append(Sentence("answer.names-people", words=", ".join(sorted(names))))
    if units:
        found.append(Sentence("answer.names-unit", words=", ".join(sorted(units))))
    return found


def _telling(typed: Iterable[str]) -> set[str]:
    return {word for one in typed for word in split(one) if len(word) >= _NAME_LETTERS and word not in _COMMON}
