"""Dossiers and their answers: what a receiver opens, and everything that it must refuse."""

import hashlib
import io
import itertools
import os
from dataclasses import dataclass, field, replace

import pytest

from dropbox.crypto.dossiers import LABEL, seal_dossier
from dropbox.crypto.private.desk_keys import EpochSecretKey, RootKey, StationKey
from dropbox.crypto.private.receiver_keys import ReceiverKey, check, open_answer, parts
from dropbox.crypto.receivers import receiver_fingerprint, seal_answer, verify_answer, verify_card
from dropbox.crypto.signing import Trust
from dropbox.errors import DamagedError, DropboxError, MalformedError, NotForThisKeyError, UntrustedError
from dropbox.limits import CHUNK_BYTES
from dropbox.wire.blob import CHUNK_OVERHEAD_BYTES, STREAM_HEADER_BYTES
from dropbox.wire.dossier import PREFIX_BYTES, Answer, Contents, Part
from dropbox.wire.fields import lp
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.signed import Certificate, Head, encode_object

DAY = 20_781
INSTANCE = bytes(range(16))
FILES = {"bukti/001.png": os.urandom(3 * CHUNK_BYTES), "rujukan.json": b"{}", "rujukan.pdf": b"%PDF-"}


@dataclass
class Sender:
    """A root and the station of one desk."""

    root: RootKey = field(default_factory=RootKey.generate)
    station: StationKey = field(default_factory=StationKey.generate)
    reply: EpochSecretKey = field(default_factory=EpochSecretKey.generate)

    @property
    def trust(self) -> Trust:
        return Trust(RootAnchor(INSTANCE, self.root.public, demo=False, last=DAY + 1000), DAY)

    def signed(self, card: bytes, files: dict[str, bytes], day: int = DAY, desk: str = "itjen") -> bytes:
        body = Certificate(INSTANCE, "itjen", self.station.public, DAY - 50, DAY + 50, 1, demo=False).encode()
        certificate = lp(body) + self.root.sign("certificate", INSTANCE, body)
        listed = tuple(Part(name, len(data), hashlib.sha256(data).digest()) for name, data in files.items())
        contents = Contents(
            Head(INSTANCE, desk, 0, day), b"i" * 16, hashlib.sha256(card).digest(), self.reply.public.raw, listed
        ).encode()
        return encode_object(LABEL, certificate, contents, self.station.sign(LABEL, INSTANCE, contents))

    def dossier(self, key: ReceiverKey, card: bytes, files: dict[str, bytes] | None = None, day: int = DAY) -> bytes:
        held = FILES if files is None else files
        return b"".join(seal_dossier(INSTANCE, key.seal.public.raw, self.signed(card, held, day), held.values()))


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def key() -> ReceiverKey:
    return ReceiverKey.generate()


def card_of(
    key: ReceiverKey, first: int = DAY - 10, last: int = DAY + 300, label: str = "KPK: Direktorat PLPM"
) -> bytes:
    return key.card(label, "referral", first, last)


def opened(dossier: bytes, key: ReceiverKey, card: bytes, trust: Trust) -> dict[str, bytes]:
    """Check, then read again."""
    found = check(io.BytesIO(dossier).read, key, verify_card(card), hashlib.sha256(card).digest(), trust)
    return {part.name: b"".join(pieces) for part, pieces in parts(io.BytesIO(dossier).read, found)}


def test_a_receiver_opens_what_was_sealed_to_it(sender: Sender, key: ReceiverKey) -> None:
    """Every part as it was, and the length follows from the content alone."""
    card = card_of(key)
    dossier = sender.dossier(key, card)
    assert opened(dossier, key, card, sender.trust) == FILES
    content = 4 + len(sender.signed(card, FILES)) + sum(map(len, FILES.values()))
    chunks = -(-content // CHUNK_BYTES)
    assert len(dossier) == PREFIX_BYTES + STREAM_HEADER_BYTES + content + chunks * CHUNK_OVERHEAD_BYTES


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_chunks_end_anywhere(sender: Sender, key: ReceiverKey, extra: int) -> None:
    """Content that ends just before, at and just after a chunk's end opens."""
    card = card_of(key)
    files = {"rujukan.json": b"", "rujukan.pdf": b""}
    left = 2 * CHUNK_BYTES - 4 - len(sender.signed(card, files)) + extra
    files["rujukan.pdf"] = os.urandom(left)
    assert opened(sender.dossier(key, card, files), key, card, sender.trust) == files


def test_another_receiver_opens_nothing(sender: Sender, key: ReceiverKey) -> None:
    """A wrong key is told apart from damage."""
    other = ReceiverKey.generate()
    with pytest.raises(NotForThisKeyError):
        opened(sender.dossier(key, card_of(key)), other, card_of(other), sender.trust)


def test_every_place_is_authentic(sender: Sender, key: ReceiverKey) -> None:
    """A bit turned over anywhere, a cut and a byte behind the end are refused."""
    card = card_of(key)
    good = sender.dossier(key, card)
    places = [*range(0, PREFIX_BYTES + 60, 13), *range(PREFIX_BYTES + 60, len(good), 9973), len(good) - 1]
    for at in places:
        changed = bytearray(good)
        changed[at] ^= 1
        with pytest.raises(DropboxError):
            opened(bytes(changed), key, card, sender.trust)
    ends = (
        0,
        4,
        PREFIX_BYTES - 1,
        PREFIX_BYTES,
        PREFIX_BYTES + 24,
        PREFIX_BYTES + 24 + CHUNK_BYTES + 17,
        len(good) - 1,
    )
    for end in ends:
        with pytest.raises((MalformedError, DamagedError)):
            opened(good[:end], key, card, sender.trust)
    with pytest.raises(DamagedError):
        opened(good + b"\0", key, card, sender.trust)


def test_parts_are_the_signed_ones(sender: Sender, key: ReceiverKey) -> None:
    """Another content under the same list, too little and too much of it are refused."""
    card = card_of(key)
    signed = sender.signed(card, FILES)
    for held in ([*FILES.values()][:-1], [*FILES.values(), b"x"], [FILES["bukti/001.png"], b"[]", b"%PDF-"]):
        with pytest.raises(DamagedError):
            opened(b"".join(seal_dossier(INSTANCE, key.seal.public.raw, signed, held)), key, card, sender.trust)


def test_a_dossier_is_not_passed_on_as_ones_own(sender: Sender, key: ReceiverKey) -> None:
    """A receiver that seals what it got to a second one is found out: the station signed whom it was for."""
    second = ReceiverKey.generate()
    signed = sender.signed(card_of(key), FILES)
    again = b"".join(seal_dossier(INSTANCE, second.seal.public.raw, signed, FILES.values()))
    with pytest.raises(UntrustedError, match="another receiver's card"):
        opened(again, second, card_of(second), sender.trust)


def test_days_must_fit(sender: Sender, key: ReceiverKey) -> None:
    """Made before or after the card's days, outside the certificate's, or in the future: refused. Read later: fine."""
    later = replace(sender.trust, today=DAY + 500)
    card = card_of(key)
    assert opened(sender.dossier(key, card), key, card, later) == FILES
    for first, last, made in ((DAY + 1, DAY + 300, DAY), (DAY - 40, DAY - 1, DAY), (DAY - 90, DAY, DAY - 51)):
        limited = card_of(key, first, last)
        with pytest.raises(UntrustedError, match="on a day"):
            opened(sender.dossier(key, limited, day=made), key, limited, later)
    with pytest.raises(UntrustedError, match="on a day"):
        opened(sender.dossier(key, card, day=DAY + 2), key, card, sender.trust)


def test_only_a_station_of_the_pinned_root_counts(sender: Sender, key: ReceiverKey) -> None:
    """Another root, a revoked certificate, another desk than the certificate's, another inspectorate."""
    card = card_of(key)
    dossier = sender.dossier(key, card)
    anchor = sender.trust.anchor
    for trust in (
        replace(sender.trust, anchor=replace(anchor, key=RootKey.generate().public)),
        replace(sender.trust, revoked=frozenset({sender.station.public})),
    ):
        with pytest.raises(UntrustedError):
            opened(dossier, key, card, trust)
    with pytest.raises(MalformedError, match="another inspectorate"):
        opened(dossier, key, card, replace(sender.trust, anchor=replace(anchor, instance=bytes(16))))
    signed = sender.signed(card, FILES, desk="irjen")
    with pytest.raises(UntrustedError):
        opened(b"".join(seal_dossier(INSTANCE, key.seal.public.raw, signed, FILES.values())), key, card, sender.trust)


@pytest.mark.parametrize(
    "names",
    [
        ("rujukan.json",),
        ("../x", "rujukan.json", "rujukan.pdf"),
        ("bukti/001.exe", "rujukan.json", "rujukan.pdf"),
        ("rujukan.pdf", "rujukan.json"),
        ("rujukan.json", "rujukan.json", "rujukan.pdf"),
    ],
)
def test_only_known_names_in_one_order(sender: Sender, key: ReceiverKey, names: tuple[str, ...]) -> None:
    """What is missing, foreign, unordered or twice does not even get sealed."""
    listed = tuple(Part(name, 0, bytes(32)) for name in names)
    with pytest.raises(MalformedError):
        Contents(Head(INSTANCE, "itjen", 0, DAY), bytes(16), bytes(32), bytes(1216), listed).encode()


# --- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_has_one_form(key: ReceiverKey) -> None:
    """Every changed byte is refused, and the words to read aloud follow from the whole file."""
    card = card_of(key)
    assert verify_card(card).label == "KPK: Direktorat PLPM"
    assert receiver_fingerprint(card) != receiver_fingerprint(card_of(key, last=DAY + 301))
    for at in itertools.chain(range(120), range(120, len(card), 97)):
        changed = bytearray(card)
        changed[at] ^= 1
        with pytest.raises((MalformedError, UntrustedError)):
            verify_card(bytes(changed))
    for wrong in (b"", card[:-1], card + b"\n", card.replace(b"\n", b"\r\n"), b"dropbox private file v1\n" + card):
        with pytest.raises(MalformedError):
            verify_card(wrong)


@pytest.mark.parametrize("label", ["", " KPK", "K\nPK", "K" * 81, "K\u202ePK", "K\x1bPK"])
def test_labels_are_one_printable_line(key: ReceiverKey, label: str) -> None:
    """A label cannot command a terminal or pretend to be another line."""
    with pytest.raises(MalformedError):
        card_of(key, label=label)


def test_a_card_is_good_for_two_years_at_most(key: ReceiverKey) -> None:
    """A key without an end would be trusted for ever."""
    with pytest.raises(MalformedError):
        verify_card(card_of(key, DAY, DAY + 733))


# --- answers ----------------------------------------------------------------------------------------------------------

ANSWER = Answer(INSTANCE, b"i" * 16, DAY, "B-12/2026", "received", "Tahun berapa?", "")


def test_an_answer_comes_back(sender: Sender, key: ReceiverKey) -> None:
    """The desk that made the dossier opens it, and knows who signed."""
    sealed = key.answer(sender.reply.public.raw, ANSWER)
    assert b"Tahun" not in sealed
    signed = open_answer(sealed, sender.reply)
    assert verify_answer(signed, verify_card(card_of(key)), INSTANCE, b"i" * 16, DAY) == ANSWER


def test_answers_of_others_are_refused(sender: Sender, key: ReceiverKey) -> None:
    """Another receiver's, for another dossier, opened with another key, altered, or of a day outside the card's."""
    card = verify_card(card_of(key))
    sealed = key.answer(sender.reply.public.raw, ANSWER)
    with pytest.raises(DamagedError):
        open_answer(sealed, EpochSecretKey.generate())
    for at in (5, 30, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(DamagedError):
            open_answer(bytes(changed), sender.reply)
    signed = open_answer(sealed, sender.reply)
    with pytest.raises(UntrustedError):
        verify_answer(signed, verify_card(card_of(ReceiverKey.generate())), INSTANCE, b"i" * 16, DAY)
    with pytest.raises(UntrustedError, match="another dossier"):
        verify_answer(signed, card, INSTANCE, b"j" * 16, DAY)
    with pytest.raises(UntrustedError, match="not valid"):
        verify_answer(signed, replace(card, last=DAY - 1), INSTANCE, b"i" * 16, DAY)
    forged = seal_answer(b"i" * 16, sender.reply.public.raw, ANSWER.encode() + bytes(64))
    with pytest.raises(UntrustedError):
        verify_answer(open_answer(forged, sender.reply), card, INSTANCE, b"i" * 16, DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "", "result": "", "question": " ", "remark": ""},
        {"result": "guilty"},
        {"number": "n" * 65},
        {"number": "a\nb"},
        {"question": "?" * 20_000},
    ],
)
def test_answers_that_say_nothing_or_too_much(sender: Sender, key: ReceiverKey, changes: dict[str, str]) -> None:
    """They are not made."""
    with pytest.raises(MalformedError):
        key.answer(sender.reply.public.raw, replace(ANSWER, **changes))
