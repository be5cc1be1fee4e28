"""The receiver's command line against the desk's functions, and fingerprints that two bodies compare."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_world import let_in, make_desk
from referral_world import SUMMARY, Office
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, new_thread
from work_world import new_case

from dropbox import cli
from dropbox.errors import DropboxError, MalformedError, RefusedError
from dropbox.matching import fingerprints
from dropbox.matching.fingerprints import Row
from dropbox.triage import decisions
from dropbox.triage.access import approvals
from dropbox.triage.cases import casebook
from dropbox.triage.casework.handling import Classification, classify
from dropbox.triage.referral import agreed, answers, build, consent, criteria, marks, propose, receivers
from dropbox.triage.referral.facts import Draft
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `dropbox …` with a passphrase file; returns code, stdout, stderr. Its day is the tests' own."""
    secret = tmp_path / "sandi"
    secret.write_text(PASSPHRASE, "utf-8")
    secret.chmod(0o600)
    monkeypatch.setattr("dropbox.receiver.cli._today", lambda: TODAY)

    def act(*words: object, asked: bool = True) -> tuple[int, str, str]:
        capsys.readouterr()
        more = ["--passphrase-file", str(secret)] if asked else []
        code = cli.main([*map(str, words), *more])
        out = capsys.readouterr()
        return code, out.out.strip(), out.err.strip()

    return act


def test_who_refers_nothing_reads_no_referral(world: World) -> None:
    """An overseer, who opens no case, learns neither what other bodies answered nor who they are."""
    let_in(world, "awas", "pengawas")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    client = make_desk(world, "awas")
    for path in ("/rujukan", "/kasus/1/rujukan"):
        refused = client.get(path)
        assert refused.status_code == 409
        assert "Peran Anda" in refused.text
    client.desk.close("end")


def test_both_sides_at_the_command_line(world: World, tmp_path: Path, run: Run) -> None:
    """Key, card, words, draft, approval, dossier, opening, answer: each a command that says what next."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
        vault.db.execute("update officers set roles = 'irjen'")
    code, words, told = run("referral", "keygen", "--label", "KPK", "--to", tmp_path / "kpk")
    assert (code, len(words.split())) == (0, 12)
    assert "telephone" in told
    card = tmp_path / "kpk/receiver.pub"
    assert run("referral", "show", card, asked=False)[:2] == (0, words)
    assert words in run("keys", "show", card, asked=False)[1]
    with world.open() as vault:
        work, case = Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1")
        receivers.add(work, card.read_bytes(), "kpk", words)
        with pytest.raises(RefusedError):
            receivers.add(work, card.read_bytes(), "kpk", words)
        assert [one.card.label for one in receivers.all_receivers(vault)] == ["KPK"]
        assert propose.propose(work, case, Draft(1, "koordinasi", SUMMARY)) == 1
        with pytest.raises(RefusedError, match="second officer"):
            decisions.approve(work, 1)
        vault.db.execute("update proposals set proposer = 'lain'")
        decisions.approve(work, 1)
        made = build.make(work, 1, tmp_path / "keluar")
        assert len(made.sha256.hex()) == 64
    (dossier,) = (tmp_path / "keluar").iterdir()

    root = tmp_path / "root.pub"
    root.write_bytes(world.anchor.encode())
    known = ("--key", tmp_path / "kpk", "--root", root)
    code, names, told = run("referral", "open", dossier, *known, "--to", tmp_path / "berkas")
    assert (code, names.split()) == (0, ["rujukan.json", "rujukan.pdf", "surat.pdf", "SHA256SUMS"])
    assert "itjen" in told
    assert str(date_of(TODAY)) in told
    _revocations_are_told(world, dossier, known, run)
    assert run("referral", "open", dossier, *known, "--to", tmp_path / "berkas")[0] == 1
    answer = tmp_path / "jawaban.dbx"
    assert run("referral", "answer", dossier, *known, "--to", answer)[2].endswith("dropbox: answer: it is empty")
    question = tmp_path / "tanya.txt"
    question.write_text("Tahun berapa?\x1b[2J", "utf-8")
    more = ("--number", "B-7", "--result", "working", "--question-file", question)
    assert run("referral", "answer", dossier, *known, *more, "--to", answer)[0] == 0
    assert "sealed to one receiver" in run("keys", "show", dossier, asked=False)[1]
    assert dossier.stem.removeprefix("rujukan-") in run("keys", "show", answer, asked=False)[1]
    with world.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        assert [answers.take(work, answer.read_bytes())[1] for _ in range(2)] == [True, False]
    client = make_desk(world)
    shown = client.get("/kasus/1/rujukan").text
    client.desk.close("end")
    assert "Tahun berapa?" in shown
    assert "\x1b" not in shown
    with world.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        receivers.retire(work, 1)
        with pytest.raises(DropboxError):
            build.make(work, 1, tmp_path / "lagi")


def _revocations_are_told(world: World, dossier: Path, known: tuple[object, ...], run: Run) -> None:
    """Good is what was held against a list of these days; without one, or with an old one, that is said first."""
    with world.open() as vault:
        station = vault.station_public
    lists = {
        "new": world.revocations(TODAY, 2),
        "old": world.revocations(TODAY - 101, 2),
        "revoked": world.revocations(TODAY, 3, {station: TODAY}),
        "old-revoked": world.revocations(TODAY - 101, 3, {station: TODAY - 101}),
        "forged": World(world.folder).revocations(TODAY, 2),
    }
    told = {"none": run("referral", "open", dossier, *known, "--to", world.folder / "none")}
    for name, listed in lists.items():
        path = world.folder / f"list-{name}"
        path.write_bytes(listed)
        told[name] = run("referral", "open", dossier, *known, "--revocations", path, "--to", world.folder / name)
    assert {name: code for name, (code, _, _) in told.items()} == {
        "none": 0, "new": 0, "old": 0, "revoked": 1, "old-revoked": 1, "forged": 1,
    }  # fmt: skip
    assert told["new"][2].startswith("good: the desk itjen")
    for name in ("none", "old"):
        assert told[name][2].startswith("NOT CHECKED")
        assert "\notherwise good: the desk itjen" in told[name][2]
    for name in ("revoked", "old-revoked"):
        assert "has been revoked" in told[name][2]


def test_what_is_proposed_marked_and_said(world: World) -> None:
    """What is proposed for KPK by criteria that are not confirmed, marks of files, and what a reporter said."""
    with world.open() as vault:
        thread = new_thread()
        report = world.report(thread, record={"category": b"korupsi"})
        world.take(vault, [report, world.file(thread, 1, b"isi", "a.txt")])
        vault.db.execute("insert into assessments values (1, 2000000000, 0, '', 0)")
        work, case = Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1")
        assert not SETTINGS.workstation.referral.confirmed
        assert [(one.name, why) for one, why in criteria.proposed(work)] == [("ITJEN-0001", ["amount"])]
        for mark in (marks.GO, marks.POINTS, marks.STAYS):
            marks.mark(work, case, 1, mark)
        consent.ask(work, case, "kpk")
        for said in (consent.YES, consent.NO):
            consent.record(work, case, "kpk", said)
        assert consent.latest(vault, 1, "kpk").answer == consent.NO


@pytest.mark.parametrize(
    "changes",
    [
        {"receiver": str(10**30)},
        {"receiver": "1" * 10},
        {"request": "x", "summary": "y", "reported-people": "a;b;c;d;e"},
        {"summary": ""},
        {"summary": "5"},
        {},
    ],
)
def test_a_draft_that_is_none_is_refused(world: World, changes: dict[str, str]) -> None:
    """Numbers of any length, too little text, a receiver that is not there: a sentence, and no proposal."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    client = make_desk(world)
    refused = client.post(
        "/kasus/1/rujukan/usul", {"receiver": "1", "request": "koordinasi", "summary": SUMMARY} | changes
    )
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    assert approvals.pending(client.vault) == []
    client.desk.close("end")


def test_mistakes_of_a_receiver(tmp_path: Path, run: Run) -> None:
    """A key twice, days out of reason, a label that is none, a wrong file, another's card: clear words."""
    there = tmp_path / "kpk"
    assert run("referral", "keygen", "--label", "KPK", "--days", "900", "--to", there)[0] == 1
    assert run("referral", "keygen", "--label", "K\nPK", "--to", there)[0] == 1
    assert not there.exists()
    assert run("referral", "keygen", "--label", "KPK", "--to", there)[0] == 0
    assert "not overwritten" in run("referral", "keygen", "--label", "KPK", "--to", there)[2]
    assert (there / "receiver.key").stat().st_mode & 0o777 == 0o600
    assert PASSPHRASE.encode() not in (there / "receiver.key").read_bytes()
    assert "private file" in run("referral", "show", there / "receiver.key", asked=False)[2]
    assert run("referral", "show", tmp_path / "tidak-ada", asked=False)[0] == 1
    assert run("referral", "keygen", "--label", "KPK 2", "--drill", "--to", tmp_path / "lain")[0] == 0
    (there / "receiver.pub").write_bytes((tmp_path / "lain/receiver.pub").read_bytes())
    (tmp_path / "root.pub").write_bytes(World(tmp_path).anchor.encode())
    (tmp_path / "berkas.dbx").write_bytes(b"DBXD")
    known = ("--key", there, "--root", tmp_path / "root.pub", "--to", tmp_path / "ke")
    assert "card of another key" in run("referral", "open", tmp_path / "berkas.dbx", *known)[2]
    code, schema, _ = run("referral", "schema", asked=False)
    assert (code, json.loads(schema)["properties"]["versi_skema"]) == (0, {"const": 2})


# --- fingerprints -----------------------------------------------------------------------------------------------------


def test_two_bodies_find_the_same_matter(office: Callable[..., Office], run: Run, tmp_path: Path) -> None:
    """However titles and units are written; the files hold no name, and without the key they say nothing."""
    here = office()
    criteria.assess(
        Work(here.vault, SETTINGS, TODAY),
        here.case,
        criteria.Assessment(people=("Drs. H. Achmad Contoh, M.Si.",), year=2026),
    )
    other = new_case(here.vault)
    classify(Work(here.vault, SETTINGS, TODAY), other, Classification(unit="KUA Kecamatan Lain"))
    criteria.assess(Work(here.vault, SETTINGS, TODAY), other, criteria.Assessment(people=("Budi",), year=2026))
    shared, table, theirs = tmp_path / "bersama", tmp_path / "daftar.csv", tmp_path / "mereka.txt"
    assert run("referral", "agree", "--to", shared, asked=False)[0] == 0
    table.write_text("unit,name,year\nKantor Kemenag Kota Contoh,CONTOH AHMAD,2026\nMTsN 1,Siti,2025\n", "utf-8")
    assert run("referral", "fingerprints", table, "--agreed", shared, "--to", theirs, asked=False)[0] == 0
    key = fingerprints.read_key(shared)
    assert agreed.shared(Work(here.vault, SETTINGS, TODAY), key, fingerprints.decode(theirs.read_bytes())) == [
        here.case
    ]
    assert agreed.shared(Work(here.vault, SETTINGS, TODAY), bytes(32), fingerprints.decode(theirs.read_bytes())) == []
    ours = tmp_path / "kami.txt"
    ours.write_bytes(agreed.made(Work(here.vault, SETTINGS, TODAY), key))
    assert b"ontoh" not in ours.read_bytes().lower()
    assert run("referral", "fingerprints", table, "--agreed", shared, "--compare", ours, asked=False)[1] == "1"
    assert shared.stat().st_mode & 0o777 == 0o600


def test_fingerprints_that_are_none(tmp_path: Path, vault: object) -> None:
    """A cut list, a private file, a table without its columns, a key that others may read."""
    good = fingerprints.encode(fingerprints.from_rows(bytes(32), [Row("MAN 1", "Budi Contoh", 2026)]))
    assert len(fingerprints.decode(good)) == 1
    for bad in (b"", good[:-1], good + b"x", good.replace(b"v1", b"v2"), fingerprints.new_key(), good.upper()):
        with pytest.raises(MalformedError):
            fingerprints.decode(bad)
    for table in (b"", b"a,b,c\n", b"unit,name,year\nA,B\n", b"unit,name,year\nA,B,26\n", b"\xff"):
        with pytest.raises(MalformedError):
            fingerprints.read_table(table)
    assert fingerprints.read_table("\ufeffunit,name,year\r\n".encode()) == []
    assert fingerprints.from_rows(bytes(32), [Row("", "Budi", 2026), Row("MAN 1", "H.", 2026)]) == frozenset()
    with pytest.raises(RefusedError, match="no case has names"):
        agreed.made(Work(vault, SETTINGS, TODAY), bytes(32))  # type: ignore[arg-type]
