"""The vocabulary: complete in both languages, and the same codes in enumerations, data file, wire format and form."""

import json
import re
from enum import StrEnum

import pytest

from dropbox.form import form_file
from dropbox.triage.access import roles
from dropbox.triage.evidence import kinds
from dropbox.triage.referral import facts
from dropbox.triage.statistics import counters
from dropbox.vocabulary import codes, vocabulary
from dropbox.web.base.labels import PROTECTION_KINDS
from dropbox.wire import dossier, json_schema, statuses
from tests.web.test_texts import AVOIDED, WORDS_MAX

ENUMERATIONS = {
    "status": codes.Status,
    "channel": codes.Channel,
    "category": codes.Category,
    "origin": codes.Origin,
    "reason": codes.Reason,
    "protection": codes.Protection,
    "protection_outcome": codes.ProtectionOutcome,
    "measure": codes.MeasureKind,
    "measure_result": codes.MeasureResult,
    "bound": codes.Bound,
    "identity_reason": codes.IdentityReason,
    "track": codes.Track,
    "urgency": codes.Urgency,
    "file_warning": codes.FileWarning,
    "file_state": codes.FileState,
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
TEXTS = [
    (group, code, field, words)
    for group in vocabulary.groups()
    for code in vocabulary.codes(group)
    for field, words in vocabulary._VOCABULARY[group][code].words.items()
]


@pytest.mark.parametrize("group", ENUMERATIONS)
def test_an_enumeration_has_the_codes_of_the_data_file(group: str) -> None:
    """The members of an enumeration are the codes of its group, in the same order."""
    assert tuple(map(str, ENUMERATIONS[group])) == vocabulary.codes(group)


def test_every_enumeration_is_compared() -> None:
    """No enumeration of codes.py is missing in the comparison with the data file."""
    every = {one for one in vars(codes).values() if isinstance(one, type) and issubclass(one, StrEnum)} - {StrEnum}
    assert every == set(ENUMERATIONS.values())


def test_the_codes_are_those_of_the_wire() -> None:
    """Statuses, channels, categories and results are those of the wire format, in its order."""
    assert vocabulary.codes("status") == statuses.STATUSES
    assert vocabulary.codes("channel") == statuses.CHANNELS
    assert vocabulary.codes("category") == statuses.CATEGORIES
    assert set(vocabulary.codes("result")) == {"", *dossier.RESULTS}


def test_the_codes_are_those_of_the_published_schema() -> None:
    """The groups about rujukan.json have the codes that its schema allows."""
    schema = json.loads(json_schema.schema_bytes())["properties"]
    consent = schema["persetujuan_pelapor"]["properties"]["jawaban"]
    assert set(vocabulary.codes("request")) == set(schema["permintaan"]["enum"]) == set(facts.REQUESTS)
    assert set(vocabulary.codes("precision")) == set(schema["waktu"]["properties"]["presisi"]["enum"])
    assert set(vocabulary.codes("court")) == set(schema["status_pengadilan"]["enum"])
    assert set(vocabulary.codes("said")) == set(consent["enum"])
    evidence = schema["bukti"]["items"]["properties"]
    assert set(vocabulary.codes("redaction")) == set(evidence["redaksi"]["enum"])
    assert set(vocabulary.codes("covered")) == set(evidence["disamarkan"]["properties"])


def test_the_codes_are_those_of_the_form() -> None:
    """Categories with questions of their own are known, and each kind of office is counted in a known family."""
    form = form_file.load()
    assert set(form.extras) <= set(vocabulary.codes("category"))
    units = {option.code for group in form.units for option in group.options} - {"tidak-tahu"}
    assert units <= set(counters.FAMILY_OF)
    assert set(counters.FAMILY_OF.values()) == set(vocabulary.codes("unit_family"))


def test_the_codes_are_those_of_the_program() -> None:
    """Permissions, kinds of files and kinds of protection are those that the modules know."""
    assert set(vocabulary.codes("permission")) == set(map(str, roles.ACTIONS))
    assert set(vocabulary.codes("file_kind")) == set(kinds.KINDS)
    assert vocabulary.codes("protection") == PROTECTION_KINDS


def test_every_permission_is_in_a_group() -> None:
    """Each permission names a group that has a label, and no group is empty."""
    named = {vocabulary.attributes("permission", code)["group"] for code in vocabulary.codes("permission")}
    assert named == set(vocabulary.codes("permission_group"))


def test_every_entry_has_words_in_both_languages() -> None:
    """Each field has a text in Indonesian and in English, without blanks around it."""
    for group, code, field, words in TEXTS:
        assert set(words) == {"id", "en"}, (group, code, field)
        assert all(text and text == text.strip() for text in words.values()), (group, code, field)


def test_placeholders_match() -> None:
    """A text has the same placeholders in both languages."""
    for group, code, field, words in TEXTS:
        found = [sorted(PLACEHOLDER.findall(text)) for text in words.values()]
        assert found[0] == found[1], (group, code, field)
        assert not re.search(r"%\(|[{}]", PLACEHOLDER.sub("", "".join(words.values()))), (group, code, field)


@pytest.mark.parametrize("avoided", AVOIDED)
def test_avoided_words_do_not_occur(avoided: str) -> None:
    """No text promises what cannot be known, or calls a reporter names."""
    every = [text for *_, words in TEXTS for text in words.values()]
    assert [text for text in every if re.search(avoided, text, re.IGNORECASE)] == []


def test_the_reporters_sentences_are_short() -> None:
    """A sentence on the site has at most fifteen words in Indonesian."""
    site = ("public", "hint", "meaning", "choice", "stage", "public_definition")
    texts = [words["id"] for group, _, field, words in TEXTS if field in site or group == "desk_choice"]
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?:])\s+", text)]
    assert [one for one in sentences if len(one.split()) > WORDS_MAX] == []


def test_an_unknown_code_shows_itself() -> None:
    """A code that a group does not have is its own label; an unknown group is an error."""
    assert vocabulary.label("category", "korupsi", "en") == "Corruption"
    assert vocabulary.label("category", "lain", "en") == "lain"
    with pytest.raises(KeyError):
        vocabulary.label("nothing", "korupsi", "en")


def test_the_first_field_that_an_entry_has_counts() -> None:
    """Words for a place come from the first of several fields; entries without any of them are left out of a table."""
    assert vocabulary.words("category", "tidak-tahu", "choice", "public")["id"].startswith("Tidak tahu")
    assert vocabulary.words("category", "korupsi", "choice", "public")["id"] == "Korupsi"
    assert "oversight" not in vocabulary.table("reason", "told")


def test_the_vocabulary_cannot_be_changed() -> None:
    """What was loaded is frozen."""
    with pytest.raises(TypeError):
        vocabulary.words("category", "korupsi")["id"] = "x"  # type: ignore[index]
