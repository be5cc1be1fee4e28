"""Reads the form's configuration (dropbox/form/form.toml, or the file that the settings name) into a `Form`.

Rule: an unknown name, a missing language, an invalid key or a question too many stops the program with an error that
names the place.
"""

import functools
import importlib.resources
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dropbox.errors import ConfigurationError
from dropbox.form.model import (
    KABKOTA,
    KINDS,
    MANY,
    ONE,
    PROVINCE,
    SAFEGUARDING,
    UNIT,
    WHEN,
    YES,
    Form,
    Group,
    Hint,
    Option,
    OptionGroup,
    Question,
    Text,
)
from dropbox.settings.installation import LANGUAGES
from dropbox.wire.blob import DETAIL
from dropbox.wire.fields import NAME_MAX
from dropbox.wire.statuses import CATEGORIES

EXTRAS_MAX: Final = 3  # questions of one category: more would be a second form
PERSONS_MAX: Final = 9  # a person's number is one digit
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LETTER: Final = re.compile(r"[0-9A-Za-z]")
_KEY_MAX: Final = 40
_PERSON_NAME: Final = re.compile(r"x-p[0-9]-.*")
_Table = Mapping[str, Any]


def load(path: Path | None = None) -> Form:
    """Load the form of a file (default: the packaged one); raises ConfigurationError."""
    return _load(path)


@functools.cache
def _load(path: Path | None) -> Form:
    try:
        source = path.read_text("utf-8-sig") if path else _packaged()
        table = tomllib.loads(source)
    except OSError:
        raise ConfigurationError("form-file.unreadable") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError("form-file.not-toml", detail=str(error)) from None
    return form_of(table)


def _packaged() -> str:
    return (importlib.resources.files("dropbox.form") / "form.toml").read_text("utf-8")


def form_of(table: _Table) -> Form:
    """Build the form from a parsed table; raises ConfigurationError."""
    names = ("persons", *_languages("person"), "conflict", "safeguarding")
    _known(table, "the file", names, ("hints", "groups", "person", "extras", "units"))
    safeguarding = table["safeguarding"]
    _known(safeguarding, "safeguarding", (*_languages("label"), *_languages("yes"), "words"), _languages("hint"))
    _known(table["conflict"], "conflict", ("words",))
    form = Form(
        groups=tuple(_group(entry, f"groups, number {at}") for at, entry in _list(table, "groups")),
        extras=_extras(table.get("extras", {})),
        person=tuple(_question(entry, f"person, number {at}", "") for at, entry in _list(table, "person")),
        person_label=_text(table, "person", "the file"),
        persons=_persons(table["persons"]),
        safeguarding=Question(
            name=SAFEGUARDING,
            kind=MANY,
            label=_text(safeguarding, "label", "safeguarding"),
            hint=_text(safeguarding, "hint", "safeguarding", optional=True),
            warning={},
            options=(Option(YES, _text(safeguarding, "yes", "safeguarding")),),
        ),
        safeguarding_words=_words(safeguarding, "safeguarding"),
        conflict_words=_words(table["conflict"], "conflict"),
        hints=tuple(_hint(entry, f"hints, number {at}") for at, entry in _list(table, "hints")),
        units=tuple(_units(entry, f"units, number {at}") for at, entry in _list(table, "units")),
    )
    _check(form)
    return form


def _fail(where: str, what: str) -> ConfigurationError:
    return ConfigurationError("form-file.invalid", where=where, what=what)


def _languages(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{lang}" for lang in LANGUAGES)


def _known(table: object, where: str, needed: Sequence[str], allowed: Sequence[str] = ()) -> None:
    """Check that a table has every needed name and no unknown one; raises ConfigurationError."""
    if not isinstance(table, dict):
        raise _fail(where, "must be a table")
    for name in needed:
        if name not in table:
            raise _fail(where, f"needs {name}")
    for name in table:
        if name not in (*needed, *allowed):
            raise _fail(where, f"unknown name {name}")


def _list(table: _Table, name: str) -> list[tuple[int, _Table]]:
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _fail(name, "must be a list of tables")
    return list(enumerate(entries, 1))


def _text(table: _Table, name: str, where: str, *, optional: bool = False) -> Text:
    if optional and not any(key in table for key in _languages(name)):
        return {}
    found = {lang: table.get(f"{name}_{lang}") for lang in LANGUAGES}
    for lang, text in found.items():
        if not isinstance(text, str) or not text.strip():
            raise _fail(where, f"needs {name}_{lang}")
    return {lang: str(text) for lang, text in found.items()}


def _words(table: _Table, where: str) -> tuple[str, ...]:
    words = table["words"]
    if not isinstance(words, list) or not all(
        isinstance(word, str) and re.search("[0-9A-Za-z]", word) for word in words
    ):
        raise _fail(where, "words must be a list of words")
    return tuple(words)


def _persons(number: object) -> int:
    if type(number) is not int or not 0 <= number <= PERSONS_MAX:
        raise _fail("persons", f"must be a whole number from 0 to {PERSONS_MAX}")
    return number


def _key(table: _Table, where: str, name: str = "key") -> str:
    key = table[name]
    if not isinstance(key, str) or not _KEY.fullmatch(key) or len(key) > _KEY_MAX:
        raise _fail(where, f"{name} must be small letters, digits and hyphens, at most {_KEY_MAX}")
    return key


def _group(table: _Table, where: str) -> Group:
    _known(table, where, ("key", *_languages("label")), ("persons", "questions"))
    if not isinstance(table.get("persons", False), bool):
        raise _fail(where, "persons must be true or false")
    questions = tuple(_question(entry, f"{where}, question {at}") for at, entry in _list(table, "questions"))
    return Group(_key(table, where), _text(table, "label", where), table.get("persons", False), questions)


def _question(table: _Table, where: str, prefix: str = DETAIL) -> Question:
    texts = (*_languages("hint"), *_languages("warning"))
    _known(table, where, ("key", "kind", *_languages("label")), (*texts, "options"))
    kind, key = table["kind"], _key(table, where)
    if kind not in KINDS:
        raise _fail(where, f"kind must be one of {', '.join(KINDS)}")
    if (kind in (ONE, MANY)) != bool(table.get("options")):
        raise _fail(where, "the kinds one and many need options, the others have none")
    return Question(
        name=key if prefix and key == WHEN else prefix + key,
        kind=kind,
        label=_text(table, "label", where),
        hint=_text(table, "hint", where, optional=True),
        warning=_text(table, "warning", where, optional=True),
        options=tuple(_option(entry, where) for _, entry in _list(table, "options")),
    )


def _option(table: _Table, where: str) -> Option:
    _known(table, f"{where}, options", ("code", *_languages("label")))
    return Option(_key(table, where, "code"), _text(table, "label", where))


def _extras(table: object) -> dict[str, tuple[Question, ...]]:
    _known(table, "extras", (), CATEGORIES)
    assert isinstance(table, dict)  # noqa: S101  # _known has checked it
    found = {
        category: tuple(_question(entry, f"extras.{category}, number {at}") for at, entry in _list(table, category))
        for category in CATEGORIES
        if category in table
    }
    for category, questions in found.items():
        if len(questions) > EXTRAS_MAX:
            raise _fail(f"extras.{category}", f"at most {EXTRAS_MAX} questions")
    return found


def _hint(table: _Table, where: str) -> Hint:
    _known(table, where, ("without", *_languages("text")))
    without = table["without"]
    if not isinstance(without, list) or not without:
        raise _fail(where, "without must name questions")
    return Hint(tuple(without), _text(table, "text", where))


def _units(table: _Table, where: str) -> OptionGroup:
    _known(table, where, ("types", *_languages("label")))
    return OptionGroup(_text(table, "label", where), tuple(_option(entry, where) for _, entry in _list(table, "types")))


def _check(form: Form) -> None:
    """Check that names, codes and groups are consistent; raises ConfigurationError."""
    names = [question.name for question in form.questions()]
    own = [question.name for group in form.groups for question in group.questions]
    own += [question.name for questions in form.extras.values() for question in questions]
    if any(_PERSON_NAME.fullmatch(name) for name in own):
        raise _fail("a question", "keys like p1-name are those of the further persons")
    if any(len(name) > NAME_MAX for name in names):
        raise _fail(
            "a question", f"its key is too long: in a record x-KEY, or x-p1-KEY, has {NAME_MAX} characters at most"
        )
    _once([*names, *(group.key for group in form.groups)], "key")
    _once([option.code for group in form.units for option in group.options], "code of a unit")
    for question in form.questions():
        _once([option.code for option in question.options], "code of an option")
    kinds = Counter(question.kind for question in form.questions())
    if any(kinds[kind] != 1 for kind in (PROVINCE, KABKOTA, UNIT)):
        raise _fail("groups", "province, kabkota and unit are each the kind of exactly one question")
    if WHEN not in names:
        raise _fail("groups", "the question with the key when is missing")
    if sum(group.persons for group in form.groups) != (1 if form.persons else 0):
        raise _fail("groups", "exactly one group has persons = true, none if persons is 0")
    for hint in form.hints:
        if any(name not in names for name in hint.without):
            raise _fail("hints", "without must name questions of this file")


def _once(names: Sequence[str], what: str) -> None:
    if len(set(names)) != len(names):
        raise _fail(f"a {what}", "is there twice")
