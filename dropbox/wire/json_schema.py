"""Checks a rujukan.json against its published JSON Schema, for the maker and for the receiver of a dossier.

    keywords:    type const enum pattern minLength maxLength minimum items maxItems properties required
                 additionalProperties (false)
    annotations: $schema $id title description (not checked)

Rule: any other keyword in the schema is a programming error (KeyError); a value that does not fit is rejected whole.
The keywords are few and fixed, so the trusted base needs no schema library.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Callable
from typing import Any, Final

from dropbox.errors import MalformedError

VERSION: Final = 2
_FILES: Final = {1: "rujukan.schema-1.json", 2: "rujukan.schema.json"}  # dossiers of version 1 are still opened
_ANNOTATIONS: Final = frozenset({"$schema", "$id", "title", "description", "additionalProperties"})
_TYPES: Final[dict[str, type]] = {"object": dict, "array": list, "string": str, "integer": int}


def schema_bytes() -> bytes:
    """Return the bytes of the published schema, of VERSION."""
    return _bytes(VERSION)


def _bytes(version: int) -> bytes:
    return (importlib.resources.files("dropbox.wire") / _FILES[version]).read_bytes()


@functools.cache
def _schema(version: int) -> dict[str, Any]:
    return json.loads(_bytes(version))  # type: ignore[no-any-return]


def parse(untrusted: bytes) -> dict[str, Any]:
    """Parse a rujukan.json and check it against the schema.

    Raises:
        MalformedError: not a JSON object in UTF-8, of an unknown schema version, or it does not fit the schema.
    """
    try:
        value = json.loads(untrusted.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise MalformedError("facts.not-json") from None
    if not isinstance(value, dict):
        raise MalformedError("facts.not-object")
    version = value.get("versi_skema")
    if type(version) is not int or version not in _FILES:
        raise MalformedError("facts.version")
    return check(value, version)


def check(value: dict[str, Any], version: int = VERSION) -> dict[str, Any]:
    """Return the value if it fits the schema of a version; raises MalformedError that names the place."""
    _check(_schema(version), value, "rujukan.json")
    return value


def _check(schema: dict[str, Any], value: Any, where: str) -> None:  # noqa: ANN401  any JSON
    for keyword, wanted in schema.items():
        if keyword in _ANNOTATIONS:
            continue
        if not _KEYWORDS[keyword](wanted, value):
            raise MalformedError("facts.schema", where=where, word=keyword)
    if isinstance(value, dict):
        known = schema["properties"]
        if not value.keys() <= known.keys():  # additionalProperties is false everywhere
            raise MalformedError("facts.unknown-name", where=where)
        for name, member in value.items():
            _check(known[name], member, f"{where}, {name}")
    if isinstance(value, list):
        for item in value:
            _check(schema["items"], item, where)


def _is(name: str, value: Any) -> bool:  # noqa: ANN401  any JSON
    return isinstance(value, _TYPES[name]) and not isinstance(value, bool)


_KEYWORDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "type": _is,
    "const": lambda wanted, value: type(value) is type(wanted) and value == wanted,
    "enum": lambda wanted, value: isinstance(value, str) and value in wanted,
    "pattern": lambda wanted, value: isinstance(value, str) and re.fullmatch(wanted, value) is not None,
    "minLength": lambda wanted, value: len(value) >= wanted,
    "maxLength": lambda wanted, value: len(value) <= wanted,
    "minimum": lambda wanted, value: value >= wanted,
    "items": lambda _wanted, value: isinstance(value, list),
    "maxItems": lambda wanted, value: len(value) <= wanted,
    "properties": lambda _wanted, value: isinstance(value, dict),
    "required": lambda wanted, value: set(wanted) <= value.keys(),
}
