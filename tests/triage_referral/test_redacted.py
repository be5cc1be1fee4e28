"""Redacted copies in dossiers: two officers decide about exactly the copy that the second one has seen."""

import contextlib
import email.message
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import samples
from PIL import Image
from referral_world import DRAFT, Office
from triage_world import SETTINGS, TODAY, World

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.evidence import findings
from dropbox.triage.redaction import saved
from dropbox.triage.redaction.burning import BLOCK
from dropbox.triage.redaction.recipe import Box, Recipe, recipe
from dropbox.triage.redaction.saved import Draft, Saved
from dropbox.triage.referral import build, marks, propose
from dropbox.triage.referral.propose import Referral
from dropbox.triage.tables import findings as finding_rows
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire import json_schema

Make = Callable[..., Office]
HEAD = recipe([Box(1, 0, 0, 1000, 500)])
NAMELESS = recipe(phrases=["Budi Santoso"])


def at(vault: Vault) -> Work:
    return Work(vault, SETTINGS, TODAY)


def keep(here: Office, chosen: Recipe, number: int = 1, place: str = "", name: str = "KPK", known: int = 0) -> Saved:
    """A recipe for a file of the case, saved by the first officer."""
    return saved.save(at(here.vault), here.case, number, place, Draft(name, chosen), known)


def proposed(here: Office) -> int:
    """A proposal with files for a new receiver."""
    return propose.propose(at(here.vault), here.case, replace(DRAFT, receiver=1, with_files=True))


def looked(here: Office, *copies: Saved, number: int = 1) -> None:
    """The second officer views the copies."""
    for one in copies:
        saved.look(at(here.second), here.case, number, one)


def approved(here: Office, *copies: Saved) -> Referral:
    """A dossier that both officers want, after the second viewed the copies."""
    number = proposed(here)
    looked(here, *copies)
    return propose.approve(at(here.second), number)


def test_the_redacted_copy_leaves_and_the_original_does_not(office: Make, world: World) -> None:
    """The receiver gets black pixels where the box is, the notes and counts in JSON, and the same in words on paper."""
    here = office(("kuitansi.jpg", samples.photo(size=(60, 40))))
    body, _ = here.body()
    one = keep(here, HEAD)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    referral = approved(here, one)
    got = body.open(here.out / build.make(at(here.vault), referral.number, here.out).names[0], world)
    with Image.open(got / "bukti/001.png") as image:
        assert image.crop((0, 0, 60, 20)).getextrema() == ((0, 0),) * 3
        assert image.crop((0, 20, 60, 40)).getextrema() != ((0, 0),) * 3
    (evidence,) = json_schema.parse((got / "rujukan.json").read_bytes())["bukti"]
    assert evidence["disamarkan"] == {"kotak": 1, "kata": 0, "baris": 0, "potongan": 0}
    assert evidence["catatan"] == []


def test_a_file_that_is_held_back_while_copies_are_made_does_not_leave(office: Make) -> None:
    """The sandbox works outside the turn: what another officer marks meanwhile counts, and nothing is written."""
    here = office(("kuitansi.jpg", samples.photo(size=(60, 40))))
    here.body()
    marks.mark(at(here.vault), here.case, 1, marks.GO)
    referral = approved(here)

    @contextlib.contextmanager
    def aside() -> Iterator[None]:
        yield
        marks.mark(at(here.second), here.case, 1, marks.POINTS)

    with pytest.raises(RefusedError) as caught:
        build.make(at(here.vault), referral.number, here.out, aside)
    assert caught.value.code == "referral.changed"
    assert not here.out.exists() or not list(here.out.iterdir())


def test_a_file_that_points_to_the_reporter_leaves_only_redacted(office: Make, world: World) -> None:
    """Its cleaned copy stays; its redacted copy, chosen in its place, has blocks instead of the name."""
    here = office(("nama.txt", b"Saya, Budi Santoso, menulis ini."))
    body, _ = here.body()
    marks.mark(at(here.vault), here.case, 1, marks.POINTS)
    assert marks.files_to_send(here.vault, here.case) == []
    one = keep(here, NAMELESS)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    made = build.make(at(here.vault), approved(here, one).number, here.out)
    got = body.open(here.out / made.names[0], world)
    assert (got / "bukti/001.txt").read_text("utf-8") == f"Saya, {BLOCK}, menulis ini."
    facts = (got / "rujukan.json").read_bytes()
    assert b"Santoso" not in facts
    assert b"sha256_asli" not in facts  # the covered words could be guessed with it
    assert one.file_sha256.hex().encode() not in facts


def test_who_has_not_viewed_the_copy_cannot_approve_it(office: Make) -> None:
    """Neither the first officer's look counts, nor a look at an earlier recipe."""
    here = office(("nama.txt", b"Budi Santoso dan Ani"))
    here.body()
    one = keep(here, NAMELESS)
    looked(here, one)
    changed = keep(here, recipe(phrases=["Ani"]), known=one.number)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    saved.look(at(here.vault), here.case, 1, changed)
    number = proposed(here)
    with pytest.raises(RefusedError) as caught:
        propose.approve(at(here.second), number)
    assert caught.value.code == "referral.redaction-not-seen"
    looked(here, changed)
    assert propose.approve(at(here.second), number).files == {f"{one.file_sha256.hex()}#{changed.sha256.hex()}"}


def test_a_recipe_changed_after_the_proposal_is_not_approved(office: Make) -> None:
    """What the first officer proposed is another copy."""
    here = office(("nama.txt", b"Budi Santoso dan Ani"))
    here.body()
    one = keep(here, NAMELESS)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    number = proposed(here)
    looked(here, keep(here, recipe(phrases=["Ani"]), known=one.number))
    with pytest.raises(RefusedError) as caught:
        propose.approve(at(here.second), number)
    assert caught.value.code == "referral.changed"


@pytest.mark.parametrize("change", ["recipe", "another", "clean"])
def test_what_changed_after_the_approval_does_not_leave(office: Make, change: str) -> None:
    """Another recipe, another copy or the cleaned copy in its place was not approved: no dossier is made."""
    here = office(("nama.txt", b"Budi Santoso dan Ani"))
    here.body()
    one = keep(here, NAMELESS)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    referral = approved(here, one)
    if change == "recipe":
        keep(here, recipe(phrases=["Ani"]), known=one.number)
    elif change == "another":
        other = keep(here, recipe(phrases=["Ani"]), name="ORI")
        marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=other.number)
    else:
        marks.mark(at(here.vault), here.case, 1, marks.GO)
    with pytest.raises(RefusedError) as caught:
        build.make(at(here.vault), referral.number, here.out)
    assert caught.value.code == "referral.changed"
    assert not here.out.exists()


@pytest.mark.parametrize("takes", ["mark", "recipe"])
def test_what_was_taken_out_after_the_approval_stays(office: Make, takes: str, world: World) -> None:
    """Without its mark, or without its recipe, the file is left out."""
    here = office(("nama.txt", b"Budi Santoso dan Ani"))
    body, _ = here.body()
    one = keep(here, NAMELESS)
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, redaction=one.number)
    referral = approved(here, one)
    if takes == "mark":
        marks.mark(at(here.vault), here.case, 1, marks.STAYS)
    else:
        saved.remove(at(here.vault), here.case, 1, one)
    made = build.make(at(here.vault), referral.number, here.out)
    assert not (body.open(here.out / made.names[0], world) / "bukti").exists()


def test_two_copies_of_one_file_do_not_leave_together(office: Make) -> None:
    """The same bytes sent twice, redacted in two ways, would show what each covers."""
    data = b"Budi Santoso dan Ani"
    here = office(("a.zip", samples.archive({"a.txt": data.decode(), "b.txt": data.decode()})))
    here.body()
    for place, chosen in (("1", NAMELESS), ("2", recipe(phrases=["Ani"]))):
        one = keep(here, chosen, place=place)
        examine(here)
        marks.mark(at(here.vault), here.case, 1, marks.REDACTED, place, one.number)
    with pytest.raises(RefusedError) as caught:
        proposed(here)
    assert caught.value.code == "referral.two-redactions"


def examine(here: Office) -> None:
    """Examine the first file, so that its parts are known."""
    findings.examine_file(at(here.vault), here.case, 1)


def test_a_part_is_marked_alone(office: Make, world: World) -> None:
    """Of an archive one text leaves cleaned, another redacted; a third without a mark stays."""
    here = office(("a.zip", samples.archive({"a.txt": "satu", "b.txt": "nama Budi Santoso", "c.txt": "tiga"})))
    body, _ = here.body()
    with pytest.raises(NotFoundError):
        marks.mark(at(here.vault), here.case, 1, marks.GO, "1")
    examine(here)
    one = keep(here, NAMELESS, place="2")
    marks.mark(at(here.vault), here.case, 1, marks.GO, "1")
    marks.mark(at(here.vault), here.case, 1, marks.REDACTED, "2", one.number)
    assert [(file.place, file.mark) for file in marks.of(here.vault, here.case)] == [
        *(("", ""), ("1", "go"), ("2", "redacted"), ("3", "")),
    ]
    made = build.make(at(here.vault), approved(here, one).number, here.out)
    got = body.open(here.out / made.names[0], world)
    texts = {path.name: path.read_text("utf-8") for path in (got / "bukti").iterdir()}
    assert texts == {"001.txt": "satu", "002.txt": f"nama {BLOCK}"}


def test_a_mail_stays_when_a_text_in_it_points_to_the_reporter(office: Make) -> None:
    """The words of the attached text may stand in the mail's own text."""
    mail = (
        b"From: a@contoh.id\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nisi\r\n--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=nama.txt\r\n\r\nSaya Budi\r\n--b--\r\n"
    )
    here = office(("surel.eml", mail))
    examine(here)
    marks.mark(at(here.vault), here.case, 1, marks.GO)
    (part,) = [file.place for file in marks.of(here.vault, here.case) if file.name == "nama.txt"]
    assert [file.place for file in marks.files_to_send(here.vault, here.case)] == [""]
    marks.mark(at(here.vault), here.case, 1, marks.POINTS, part)
    assert marks.files_to_send(here.vault, here.case) == []


def mail_with(data: bytes, name: str) -> bytes:
    """A mail with an attachment."""
    message = email.message.EmailMessage()
    message["From"] = "a@contoh.id"
    message.set_content("isi")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("name", "data"), [("chat.txt", b"Saya Budi"), ("foto.jpg", samples.photo())], ids=["text", "photo"]
)
def test_a_mail_stays_when_its_attachment_was_marked_as_a_file_of_its_own(office: Make, name: str, data: bytes) -> None:
    """The mark is on the same bytes, sent alone: the mail that has them stays, whatever kind they are."""
    here = office(("surel.eml", mail_with(data, name)), (name, data))
    examine(here)
    marks.mark(at(here.vault), here.case, 1, marks.GO)
    assert [one.number for one in marks.files_to_send(here.vault, here.case)] == [1]
    marks.mark(at(here.vault), here.case, 2, marks.POINTS)
    assert marks.files_to_send(here.vault, here.case) == []


def test_a_mark_without_its_recipe_still_holds_the_bytes(office: Make) -> None:
    """The redacted copy was deleted: the same bytes in an archive do not leave cleaned, nor does a mail around them."""
    data = b"Saya Budi Santoso"
    here = office(("surel.eml", mail_with(data, "a.txt")), ("a.txt", data))
    examine(here)
    one = keep(here, NAMELESS, 2)
    marks.mark(at(here.vault), here.case, 2, marks.REDACTED, redaction=one.number)
    (part,) = [file.place for file in marks.of(here.vault, here.case) if file.place and file.name == "a.txt"]
    marks.mark(at(here.vault), here.case, 1, marks.GO, part)
    marks.mark(at(here.vault), here.case, 1, marks.GO)
    saved.remove(at(here.vault), here.case, 2, one)
    assert marks.files_to_send(here.vault, here.case) == []


def test_a_mark_without_its_finding_still_holds_the_file(office: Make) -> None:
    """What was found in the file is forgotten: the mark of the part counts all the same."""
    here = office(("surel.eml", mail_with(b"Saya Budi", "a.txt")))
    examine(here)
    (part,) = [file.place for file in marks.of(here.vault, here.case) if file.name == "a.txt"]
    marks.mark(at(here.vault), here.case, 1, marks.GO)
    assert len(marks.files_to_send(here.vault, here.case)) == 1
    marks.mark(at(here.vault), here.case, 1, marks.POINTS, part)
    with transaction(here.vault.db):
        finding_rows.remove(here.vault.db, marks.of(here.vault, here.case)[0].file.sha256)
    assert marks.files_to_send(here.vault, here.case) == []


def test_a_mark_needs_a_copy_of_that_file(office: Make) -> None:
    """A number of another file's copy, or of none, marks nothing."""
    here = office(("a.txt", b"Budi Santoso"), ("b.txt", b"Budi Santoso, kedua"))
    one = keep(here, NAMELESS)
    for number, redaction in ((2, one.number), (1, 99), (1, 0)):
        with pytest.raises(NotFoundError):
            marks.mark(at(here.vault), here.case, number, marks.REDACTED, redaction=redaction)
    assert [file.mark for file in marks.of(here.vault, here.case)] == ["", ""]
