"""How much of a message's text the vault works with: the form's limits, held here as well, because a sealed blob may
hold whatever its sender liked.

    kept      each field up to FIELD_MAX_CHARACTERS, a message up to MESSAGE_TEXT_MAX_BYTES: read, searched, counted
    excerpt   the beginnings of who, where, when and what: for the comparison of cases, which each page asks for
    whole     stays sealed in blobs/, and is read on purpose (casework.wholes); excerpts.whole_bytes: there is more

Rule: no page's work grows with what strangers sent, and nothing is cut without a mark.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.limits import (
    EXCERPT_MAX_BYTES,
    FIELD_MAX_BYTES,
    FIELD_MAX_CHARACTERS,
    FORM_FIELDS_MAX,
    MESSAGE_TEXT_MAX_BYTES,
)
from dropbox.triage.tables import messages
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault

_EXCERPT: Final = ("who", "where", "when", "what")


@dataclass(frozen=True)
class Bounded:
    """A message's fields as the vault keeps them; the other two are 0 and empty if nothing was cut."""

    fields: dict[str, str]
    whole_bytes: int = 0
    whole_sha256: bytes = b""


def bounded(whole: Mapping[str, str]) -> Bounded:
    """The fields within the limits: the short ones first, so that a long text displaces no answer."""
    left, kept = MESSAGE_TEXT_MAX_BYTES, {}
    for name in sorted(whole, key=lambda one: len(whole[one]))[:FORM_FIELDS_MAX]:
        text = whole[name]
        typed = text[: FIELD_MAX_CHARACTERS + text.count("\r\n")]  # no form sends more
        kept[name] = beginning(typed, min(FIELD_MAX_BYTES, left))
        left -= len(kept[name].encode("utf-8"))
    fields = {name: kept[name] for name in whole if name in kept}
    if fields == whole:
        return Bounded(fields)
    raw = json.dumps(whole).encode("ascii")
    return Bounded(fields, sum(len(text.encode("utf-8")) for text in whole.values()), hashlib.sha256(raw).digest())


def beginning(text: str, most: int) -> str:
    """At most so many bytes of UTF-8 of a text."""
    if len(text) * 4 <= most:
        return text
    return text[:most].encode("utf-8")[:most].decode("utf-8", "ignore")


def put(vault: Vault, case: CaseNumber, number: int, kept: Bounded) -> None:
    """Keep a message's excerpt, and whether it was cut; inside the transaction that takes it in."""
    fields: dict[str, str] = {}
    for name in _EXCERPT:
        if name in kept.fields:
            fields[name] = beginning(kept.fields[name], EXCERPT_MAX_BYTES)
    messages.add_excerpt(vault.db, number, case, fields, kept.whole_bytes, kept.whole_sha256)
