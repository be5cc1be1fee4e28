"""What is behind the seals of cards, dossiers, answers, timelines and claims; a site's manifest; shares of the root.

Rule: the keys are those of tests/vectors; what the fuzzer wrote is signed and sealed with them before it is read.
"""

import contextlib
import io
import sys
from collections.abc import Callable
from pathlib import Path

from dropbox.ceremony import shares
from dropbox.ceremony.authority import parse_serials
from dropbox.crypto.answers import open_timeline
from dropbox.crypto.claims import verify_claim
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.receiver_keys import ReceiverKey, check, open_answer
from dropbox.crypto.private.receiver_keys import parts as dossier_parts
from dropbox.crypto.receivers import verify_answer, verify_card
from dropbox.crypto.signing import Trust
from dropbox.crypto.site_manifest import SITE_MANIFEST, open_manifest
from dropbox.errors import DamagedError, MalformedError, UntrustedError
from dropbox.wire.board import encode_timeline
from dropbox.wire.keyring import parse_anchor
from dropbox.wire.manifest import encode_manifest
from dropbox.wire.receiver import parse_card

sys.path.insert(0, str(Path(__file__).parents[1] / "vectors"))
import construction as made
import make_board
import make_claim
import make_dossier

ANCHOR = parse_anchor(made.anchor())
TRUST = Trust(ANCHOR, made.TODAY, frozenset())
_CARD, _ = parse_card(make_dossier.CARD)
_RECEIVER = ReceiverKey.from_secret(make_dossier.SEAL.seed + make_dossier.HOLDER.seed)
_REPLY = EpochSecretKey(make_dossier.REPLY.seed)
_SECRET = make_board.SECRET
_CLAIM = made.Signer(_SECRET.key("claim key"))
_CARD_SHA256 = made.hashlib.sha256(make_dossier.CARD).digest()


def card(untrusted: bytes) -> None:
    """Sign the lines of a card with its holder's key: it is believed, or refused by name."""
    with contextlib.suppress(MalformedError, UntrustedError):
        assert verify_card(make_dossier.card(untrusted)).sign


def dossier(untrusted: bytes) -> None:
    """Seal `lp(list of parts) ‖ parts`, the list signed by the station: it is read whole, or refused by name."""
    length = int.from_bytes(untrusted[:2], "big")
    listed, parts = untrusted[2 : 2 + length], untrusted[2 + length :]
    sealed = make_dossier.sealed(made.lp(made.signed("dossier", listed)) + parts)
    with contextlib.suppress(MalformedError, UntrustedError, DamagedError):
        found = check(io.BytesIO(sealed).read, _RECEIVER, _CARD, _CARD_SHA256, TRUST)
        given = b"".join(piece for _, pieces in dossier_parts(io.BytesIO(sealed).read, found) for piece in pieces)
        assert given == parts


def dossier_content(untrusted: bytes) -> None:
    """Seal a content in the place of a dossier's: it is refused by name."""
    sealed = make_dossier.sealed(untrusted)
    with contextlib.suppress(MalformedError, UntrustedError, DamagedError):
        check(io.BytesIO(sealed).read, _RECEIVER, _CARD, _CARD_SHA256, TRUST)


def answer(untrusted: bytes) -> None:
    """Sign the body of a receiver's answer, and seal it: it is believed, or refused by name."""
    signature = make_dossier.HOLDER.sign("referral answer", made.INSTANCE, untrusted)
    file = make_dossier.answer_file(untrusted + signature)
    with contextlib.suppress(MalformedError, UntrustedError):
        verify_answer(open_answer(file, _REPLY), _CARD, made.INSTANCE, make_dossier.ID, made.TODAY)


def timeline(untrusted: bytes) -> None:
    """Seal a timeline into cells, cut into right parts, or into parts as they are (first byte odd): it opens or not."""
    data = untrusted[1:]
    if (untrusted or b"\0")[0] & 1:
        parts = [data[at : at + 2048].ljust(2048, b"\0") for at in range(0, len(data), 2048)][:64]
    else:
        parts = make_board.parts_of(data)[:64]
    cells = {cell[:16]: cell[16:] for cell in make_board.cells_of(parts)}
    keys = (_SECRET.key("tag key"), _SECRET.key("answer key"))
    with contextlib.suppress(MalformedError, DamagedError):
        found = open_timeline(*keys, made.INSTANCE, "itjen", made.NUMBER, cells.get)
        assert found is None or encode_timeline(found)


def claim(untrusted: bytes) -> None:
    """Sign the body of a claim with its author's key: it is believed, or refused by name."""
    signature = _CLAIM.sign("claim", made.INSTANCE, untrusted)
    with contextlib.suppress(MalformedError, UntrustedError):
        assert verify_claim(untrusted + signature, _SECRET.claim, made.INSTANCE, "itjen", make_claim.CHALLENGE)


def manifest(untrusted: bytes) -> None:
    """Sign the body of a site's manifest as the root: it is believed and has one encoding, or is refused by name."""
    signature = made.ROOT.sign(SITE_MANIFEST, made.INSTANCE, untrusted)
    with contextlib.suppress(MalformedError, UntrustedError):
        assert open_manifest(ANCHOR, encode_manifest(untrusted, signature)).encode() == untrusted


def share(untrusted: bytes) -> None:
    """Read a share of the root's key as a custodian types it; what is read is read again from its words."""
    with contextlib.suppress(MalformedError):
        found = shares.parse(untrusted.decode("utf-8", "replace").split())
        assert shares.parse(found.words.split()) == found


def serials(untrusted: bytes) -> None:
    """Read the list of all certificates."""
    with contextlib.suppress(MalformedError):
        parse_serials(untrusted)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "signed card": card,
    "opened dossier": dossier,
    "dossier stream": dossier_content,
    "opened answer": answer,
    "opened timeline": timeline,
    "signed claim": claim,
    "site manifest": manifest,
    "share": share,
    "serials": serials,
}
