"""The parsers of FORMAT's bytes: each takes what it is given or raises MalformedError, and has one encoding.

Rule: a target raises AssertionError, or an error that the parser does not document, only for a fault.
"""

import contextlib
import functools
from collections.abc import Callable
from typing import Any
from unittest import mock

from dropbox.crypto.private import private_files
from dropbox.crypto.secret import parse_code
from dropbox.crypto.typed_secret import read_typed
from dropbox.errors import DamagedError, MalformedError, WrongCodeError, WrongPassphraseError, WrongWordsError
from dropbox.wire.claim import parse_claim
from dropbox.wire.fields import lp
from dropbox.wire.json_schema import parse as parse_facts
from dropbox.wire.kinds import kind_of
from dropbox.wire.notice import encode_key, find_notice, parse_key, parse_notice
from dropbox.wire.padding import Unpadder
from dropbox.wire.request import encode_request, parse_request
from dropbox.wire.signed import split_certificate_file
from tests.wire.wire_samples import ENCODERS, SAMPLES

Parser = Callable[[bytes], Any]
Encoder = Callable[[Any], bytes]

# Parsers of texts that people or other machines carry, and what their result is written as; None: not in one form.
_OTHERS: dict[str, tuple[Parser, Encoder | None]] = {
    "claim": (parse_claim, lambda value: value[0].encode() + value[1]),
    "certificate file": (split_certificate_file, lambda value: b"".join(map(lp, value))),
    "notice": (parse_notice, lambda value: value.encode()),
    "notice mail": (find_notice, None),
    "courier key": (parse_key, None),
    "station request": (parse_request, encode_request),
    "rujukan": (parse_facts, None),
    "kind": (kind_of, None),
}


def parse(parser: Parser, encoder: Encoder | None, untrusted: bytes) -> None:
    """Parse bytes; what parses and has one form must be written as exactly these bytes."""
    with contextlib.suppress(MalformedError):
        value = parser(untrusted)
        assert encoder is None or encoder(value) == untrusted


def _header(untrusted: bytes) -> None:
    """A header's parser reads the front of a blob, which goes on."""
    parse(SAMPLES["header"][0], ENCODERS["header"], untrusted[:26])


def _courier_key(untrusted: bytes) -> None:
    """The file of a key has one form."""
    with contextlib.suppress(MalformedError):
        assert encode_key(parse_key(untrusted)) == untrusted


def secret(untrusted: bytes) -> None:
    """Read a typed code and words, with a line feed between; the secret that is found is read again from its form."""
    code, _, words = untrusted.decode("utf-8", "replace").partition("\n")
    with contextlib.suppress(WrongCodeError):
        parse_code(code)
    with contextlib.suppress(WrongCodeError, WrongWordsError):
        found = read_typed(code, words)
        assert read_typed(found.code, found.words) == found


def unpadder(untrusted: bytes) -> None:
    """Strip the padding of content that arrives in pieces, and compare with the rule in one line.

    The first byte says how long the pieces are.
    """
    step, content = untrusted[:1], untrusted[1:]
    reader, pieces = Unpadder(), list[bytes]()
    for at in range(0, len(content), (step or b"\0")[0] + 1):
        pieces += reader.update(content[at : at + step[0] + 1])
    bare = content.rstrip(b"\0")
    try:
        reader.finish()
    except MalformedError:
        assert bare[-1:] != b"\x80"
    else:
        assert b"".join(pieces) == bare[:-1]
        assert reader.length == len(bare) - 1


# Kept apart: no file of the checkout may look like a private one (keys/README.md).
_OPENING = b"dropbox private"


def private_file(untrusted: bytes) -> None:
    """Open a private file whose key was derived already: the derivation costs a second and parses nothing."""
    refused = contextlib.suppress(MalformedError, WrongPassphraseError, DamagedError)
    with mock.patch.object(private_files, "_derive", lambda *_: bytes(32)), refused:
        private_files.unwrap("station", _OPENING + untrusted, "passphrase")


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{name: functools.partial(parse, parser, ENCODERS.get(name)) for name, (parser, _) in SAMPLES.items()},
    **{name: functools.partial(parse, *pair) for name, pair in _OTHERS.items()},
    "header": _header,
    "courier key": _courier_key,
    "secret": secret,
    "unpadder": unpadder,
    "private file": private_file,
}
