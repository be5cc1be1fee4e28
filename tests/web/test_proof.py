"""The proof of authorship on the road without JavaScript: made in memory, and good at the desk."""

import pytest
from werkzeug.test import TestResponse

from dropbox.crypto.claims import make_claim, verify_claim
from dropbox.crypto.secret import ReporterSecret, new_secret
from dropbox.errors import UntrustedError
from tests.support.desks import INSTANCE
from tests.web.conftest import Place, hooks

CHALLENGE = bytes(range(32))
STATEMENT = "Saya yang menulis laporan ini.\nBandung, 24 November 2026."


def ask(place: Place, secret: ReporterSecret, **changes: str) -> TestResponse:
    """Send the form."""
    typed = {
        "code": secret.code,
        "words": secret.words,
        "desk": "itjen",
        "challenge": CHALLENGE.hex(),
        "statement": STATEMENT.replace("\n", "\r\n"),
    }
    return place.client().post("/bukti", data=typed | changes)


@pytest.mark.parametrize("written", ["plain", "upper", "groups"])
def test_the_file_is_good_at_the_desk(place: Place, written: str) -> None:
    """A download that proves the statement for that challenge, byte for byte as the command's; nothing is kept."""
    secret, digits = new_secret(), CHALLENGE.hex()
    groups = " ".join(digits[at : at + 8] for at in range(0, 64, 8))
    answer = ask(place, secret, challenge={"plain": digits, "upper": digits.upper(), "groups": groups}[written])
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bukti.dbxm"'
    assert answer.headers["Cache-Control"] == "no-store"
    key = secret.keys(INSTANCE, "itjen").claim
    assert verify_claim(answer.get_data(), key, INSTANCE, "itjen", CHALLENGE) == STATEMENT
    assert answer.get_data() == make_claim(secret, INSTANCE, "itjen", CHALLENGE, STATEMENT)
    assert place.blobs() == []
    with pytest.raises(UntrustedError):
        verify_claim(answer.get_data(), new_secret().keys(INSTANCE, "itjen").claim, INSTANCE, "itjen", CHALLENGE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "V93E-0S39-AEJN-B67T"),
        ("words", "satu dua tiga"),
        ("desk", ""),
        ("desk", "lain"),
        ("challenge", ""),
        ("challenge", "12ab"),
        ("challenge", CHALLENGE.hex()[:-1] + "g"),
        ("statement", " \n"),
        ("statement", "x" * 100_001),
    ],
)
def test_slips_are_named_at_their_field(place: Place, field: str, value: str) -> None:
    """Nothing is made; everything else that was typed is still there."""
    secret = new_secret()
    answer = ask(place, secret, **{field: value})
    page = hooks(answer)
    assert answer.status_code == 422
    assert page.hooks["data-error-field"] == [field]
    shown = page.inputs | page.areas | page.checked
    kept = {"code": secret.code, "words": secret.words, "challenge": CHALLENGE.hex(), "statement": STATEMENT}
    assert {name: shown[name] for name in kept if name != field} == {k: v for k, v in kept.items() if k != field}


def test_a_statement_tells_no_secret(place: Place) -> None:
    """The desk reads the statement: code and words in it are pointed out."""
    secret = new_secret()
    answer = ask(place, secret, statement=f"Kode saya {secret.code}")
    assert (answer.status_code, hooks(answer).hooks["data-error-field"]) == (422, ["statement"])


def test_what_is_no_form_of_ours_is_refused(place: Place) -> None:
    """A form of another site, and what is no form at all."""
    assert place.client().post("/bukti", data="x", content_type="text/plain").status_code == 400
    assert place.client().post("/bukti", data={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_pages_warn_and_say_who_reads(place: Place) -> None:
    """Both languages; only the server's road says that the server reads; both lead to the award and the other road."""
    client = place.client()
    for path, word in (("/bukti", "Pikirkan dulu"), ("/en/bukti", "Think first")):
        assert word in client.get(path).text
    assert "Server membaca kode, frasa sandi, dan pernyataan Anda sesaat" in client.get("/bukti/server").text
    scripted = client.get("/bukti").text
    assert 'href="/bukti/server"' in scripted
    assert 'href="/penghargaan"' in scripted
    assert 'href="/bukti"' in client.get("/status").text
