"""Officers, accounts, phrases and proposals as pages: who may, what is refused, and what was typed stays."""

import re

import pytest
from cases_world import exclude, take
from desk_world import let_in, make_desk
from triage_world import LOGIN, PASSPHRASE, SETTINGS, TODAY, World, new_thread

from dropbox.crypto.words import word_list
from dropbox.errors import WrongPassphraseError
from dropbox.triage.access import approvals, officers, roles
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import handling, phrases, refusal, retention
from dropbox.triage.ui import acts
from dropbox.triage.vault.officer import open_key_file
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_first_day

OTHER = "kata sandi lain sekali"
NEW = {"login": "sari", "name": "Sari Uji", "unit": "KUA Contoh", "roles": ["verifikator"]}


def test_every_act_has_a_label() -> None:
    """The table of roles leaves nothing out and invents nothing."""
    labelled = [act for _, group in acts.GROUPS for act in group]
    assert sorted(labelled) == sorted(roles.ACTIONS)


def test_an_officer_is_let_in_with_six_offered_words(world: World) -> None:
    """The words stand on the page, and open the vault afterwards."""
    client = make_desk(world)
    page = client.get("/petugas").text
    (offered,) = re.findall(r'name="suggested" value="([a-z ]+)"', page)
    assert len(offered.split()) == 6
    assert set(offered.split()) <= set(word_list())
    assert client.post("/petugas", NEW | {"suggested": offered, "use": "1"}).status_code == 302
    assert "Sari Uji" in client.get("/petugas").text
    client.desk.close("end")
    with Vault.open(world.path(), "sari", offered) as vault:
        assert (vault.officer.unit, vault.officer.roles) == ("KUA Contoh", ("verifikator",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"passphrase": OTHER, "again": "lain"},
        {"passphrase": "pendek", "again": "pendek"},
        {"passphrase": OTHER, "again": OTHER, "login": "Sari Uji!"},
        {"passphrase": OTHER, "again": OTHER, "login": LOGIN},
        {"passphrase": OTHER, "again": OTHER, "roles": []},
        {"passphrase": OTHER, "again": OTHER, "roles": ["raja"]},
        {"use": "1"},
    ],
)
def test_what_is_refused_comes_back_without_the_passphrase(world: World, wrong: dict[str, object]) -> None:
    """Name, unit and ticks stay; the passphrase is never sent back."""
    client = make_desk(world)
    answer = client.post("/petugas", NEW | wrong)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert 'value="Sari Uji"' in answer.text
    assert 'value="KUA Contoh"' in answer.text
    assert OTHER not in answer.text
    if wrong.get("roles", NEW["roles"]) == NEW["roles"]:
        assert 'value="verifikator" checked' in answer.text
    assert len(officers.all_officers(client.desk.vault())) == 1


def test_an_officer_is_changed(world: World) -> None:
    """Name, unit, roles and language; a refusal keeps what was typed."""
    let_in(world, "sari", "verifikator")
    client = make_desk(world)
    changed = {"name": "Sari Baru", "unit": "Unit B", "roles": ["penelaah", "inspektur"], "lang": "en"}
    refused = client.post("/petugas/sari/ubah", changed | {"roles": []})
    assert refused.status_code == 409
    assert 'value="Sari Baru"' in refused.text
    assert client.post("/petugas/sari/ubah", changed).status_code == 302
    sari = officers.find(client.desk.vault(), "sari")
    assert (sari.name, sari.unit, sari.roles, sari.lang) == ("Sari Baru", "Unit B", ("penelaah", "inspektur"), "en")


def test_whoever_changes_themselves_unlocks_anew(world: World) -> None:
    """The open vault would go on with the roles of before."""
    let_in(world, "sari", "irjen")
    client = make_desk(world)
    client.post(f"/petugas/{LOGIN}/ubah", {"name": "Kepala Uji", "unit": "", "roles": ["penelaah"], "lang": "id"})
    assert not client.desk.is_unlocked()
    client.unlock()
    assert client.get("/petugas").status_code == 409


def test_an_officer_is_shown_out_only_after_a_tick(world: World) -> None:
    """Their file is gone; the last one who manages cannot go."""
    let_in(world, "sari", "verifikator")
    client = make_desk(world)
    assert client.post("/petugas/sari/keluarkan").status_code == 409
    assert officers.find(client.desk.vault(), "sari").active
    assert client.post("/petugas/sari/keluarkan", {"sure": "1"}).status_code == 302
    assert "sari" not in [one.login for one in officers.all_officers(client.desk.vault()) if one.active]
    assert not (world.path() / "officers" / "sari.key").exists()
    assert client.post(f"/petugas/{LOGIN}/keluarkan", {"sure": "1"}).status_code == 409
    assert client.get("/petugas/sari").status_code == 404


@pytest.mark.parametrize("role", [name for name in SETTINGS.workstation.roles if name != "irjen"])
def test_others_manage_no_officers(world: World, role: str) -> None:
    """Neither page nor form, whatever the menu shows."""
    let_in(world, "sari", role)
    client = make_desk(world, "sari")
    assert 'href="/petugas"' not in client.get("/akun").text
    assert client.get("/petugas").status_code == 409
    assert client.get(f"/petugas/{LOGIN}").status_code == 409
    for path in ("/petugas", f"/petugas/{LOGIN}/ubah", f"/petugas/{LOGIN}/keluarkan"):
        answer = client.post(path, NEW | {"passphrase": OTHER, "again": OTHER, "sure": "1"})
        assert answer.status_code == 409
    assert {one.login for one in officers.all_officers(client.desk.vault())} == {LOGIN, "sari"}


def test_everybody_changes_their_own_passphrase_and_language(world: World) -> None:
    """Also the overseer, who may do nothing else here; the old passphrase is asked for."""
    let_in(world, "tini", "pengawas")
    client = make_desk(world, "tini")
    wrong = client.post("/akun/sandi", {"old": "salah sama sekali", "passphrase": OTHER, "again": OTHER})
    assert wrong.status_code == 409
    assert OTHER not in wrong.text
    assert client.post("/akun/sandi", {"old": PASSPHRASE, "passphrase": OTHER, "again": OTHER}).status_code == 302
    assert client.post("/akun/bahasa", {"lang": "xx"}).status_code == 409
    assert client.post("/akun/bahasa", {"lang": "en"}).status_code == 302
    assert '<html lang="en"' in client.get("/akun").text
    assert officers.find(client.desk.vault(), "tini").lang == "en"
    open_key_file(world.path(), "tini", OTHER)
    with pytest.raises(WrongPassphraseError):
        open_key_file(world.path(), "tini", PASSPHRASE)


def test_a_phrase_is_looked_at_kept_and_restored(world: World) -> None:
    """A preview changes nothing and shows the date; the file's text comes back."""
    client = make_desk(world)
    assert "\\u{a}" not in client.get("/templat").text
    before = phrases.phrase_of(client.desk.vault(), "verify")
    typed = {"code": "verify", "status": "VERIFIKASI", "title": "Mulai"}
    typed |= {"text_id": "Kami periksa sampai {next}.", "text_en": "We look into it until {next}."}
    preview = client.post("/templat/simpan", typed | {"preview": "1"}).text
    assert re.search(r"Kami periksa sampai \d+ \w+ \d{4}\.", preview)
    assert re.search(r"We look into it until \d+ \w+ \d{4}\.", preview)
    assert phrases.phrase_of(client.desk.vault(), "verify") == before
    assert client.post("/templat/simpan", typed).status_code == 302
    assert phrases.phrase_of(client.desk.vault(), "verify").title == "Mulai"
    assert client.post("/templat/teks/verify/semula").status_code == 302
    assert phrases.phrase_of(client.desk.vault(), "verify") == before


def test_a_phrase_that_is_refused_stays_on_the_page(world: World) -> None:
    """Foreign placeholders and empty texts; a new phrase never takes another's code."""
    client = make_desk(world)
    typed = {"code": "own", "status": "", "title": "Sendiri", "text_id": "Halo {nama}", "text_en": "Hello"}
    answer = client.post("/templat/simpan", typed | {"new": "1"})
    assert answer.status_code == 409
    assert "Halo {nama}" in answer.text
    taken = client.post("/templat/simpan", typed | {"new": "1", "code": "verify", "text_id": "Halo"})
    assert taken.status_code == 409
    assert phrases.phrase_of(client.desk.vault(), "verify").title != "Sendiri"
    assert client.post("/templat/simpan", typed | {"new": "1", "text_id": "Halo"}).status_code == 302
    assert client.get("/templat/teks/own").status_code == 200


@pytest.mark.parametrize("role", ["petugas-penerima", "verifikator", "penelaah", "pengawas"])
def test_others_edit_no_phrases(world: World, role: str) -> None:
    """Neither list nor form."""
    let_in(world, "sari", role)
    client = make_desk(world, "sari")
    typed = {"code": "verify", "status": "VERIFIKASI", "title": "X", "text_id": "X", "text_en": "X"}
    assert client.get("/templat").status_code == 409
    assert client.post("/templat/simpan", typed).status_code == 409
    assert client.post("/templat/simpan", typed | {"preview": "1"}).status_code == 409
    assert client.post("/templat/teks/verify/semula").status_code == 409


def _propose_all(world: World) -> None:
    """A refusal, a deletion and an old week's key, proposed by the chief."""
    with world.open() as vault:
        first, second = take(world, vault), take(world, vault, new_thread(), 2)
        grounds = refusal.Refusal("court", "12/Pid.Sus/2026", grounds="Sedang disidang <b>")
        refusal.propose(Work(vault, SETTINGS, TODAY), first, grounds)
        vault.db.execute(
            "update cases set status = 'SELESAI_TIDAK', closed = 1, due = 0 where number = ?", (second.number,)
        )
        vault.db.execute("insert into epochs (number, public) values (1, ?)", (bytes(32),))
        retention.propose(Work(vault, SETTINGS, TODAY), casebook.case_of(vault, second.number))
        retention.propose_epoch(Work(vault, SETTINGS, TODAY), 1)


def test_each_kind_of_proposal_is_decided_by_a_second_officer(world: World) -> None:
    """Not by whoever asked; the second one sees what each is about, and the menu counts them."""
    _propose_all(world)
    let_in(world, "wakil", "irjen")
    client = make_desk(world)
    own = client.get("/persetujuan").text
    assert own.count("data-proposal") == 3
    assert 'name="approve"' not in own
    assert '<span class="count">' not in own
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 409
    client.post("/kunci")
    client.unlock("wakil")
    page = client.get("/persetujuan").text
    assert '<span class="count">3</span>' in page
    assert "12/Pid.Sus/2026" in page
    assert "Sedang disidang &lt;b&gt;" in page
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 302
    assert client.post("/persetujuan/2", {"approve": "1"}).status_code == 302
    assert client.post("/persetujuan/3", {"approve": "0"}).status_code == 302
    vault = client.desk.vault()
    assert approvals.pending(vault) == []
    assert casebook.case_of(vault, 1).status == "DITOLAK"
    assert [case.number for case in casebook.all_cases(vault)] == [1]
    assert client.post("/persetujuan/3", {"approve": "1"}).status_code == 409


def test_the_overseer_sees_what_is_theirs_alone(world: World) -> None:
    """Deletions and keys, but neither a refusal's grounds nor a way to it."""
    _propose_all(world)
    let_in(world, "tini", "pengawas")
    client = make_desk(world, "tini")
    page = client.get("/persetujuan").text
    assert '<span class="count">2</span>' in page
    assert "Sedang disidang" not in page
    assert client.post("/persetujuan/1", {"approve": "1"}).status_code == 409
    assert len(approvals.pending(client.desk.vault())) == 3
    assert epoch_first_day(1) < TODAY


def test_who_is_kept_out_finds_no_trace_in_tags_and_log(world: World) -> None:
    """Not even the line that says why: it names the case."""
    let_in(world, "wakil", "irjen")
    with world.open() as vault:
        seen, hidden = take(world, vault), take(world, vault, number=2)
        exclude(vault, hidden, "wakil")
        for case, tag in ((seen, "tampak"), (hidden, "rahasia-sekali")):
            handling.tag(Work(vault, SETTINGS, TODAY), case, add=[tag])
    client = make_desk(world, "wakil")
    for path in ("/", "/kegiatan"):
        page = client.get(path).text
        assert "rahasia-sekali" not in page
        assert hidden.name not in page
    assert "tampak" in client.get("/").text
    assert seen.name in client.get("/kegiatan").text
    assert [line.case for line in audit_log.shown(client.vault) if line.case] == [seen.number]
    assert audit_log.verify(client.vault) > 2
    client.desk.close("end")


def test_an_address_of_the_inbox_breaks_no_other_page(world: World) -> None:
    """Only filters are kept for the way back, and cut: names of url_for are none."""
    client = make_desk(world)
    take(world, client.vault)
    long = "x" * 5000
    assert client.get(f"/?endpoint=start&_scheme=javascript&_external=1&unit={long}").status_code == 200
    page = client.get("/kasus/1")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert long not in page.text
    client.desk.close("end")


def test_the_stick_is_listed_for_nobody_who_may_not_publish(world: World) -> None:
    """Also not on the page that says no."""
    let_in(world, "wakil", "pengawas")
    client = make_desk(world, "wakil")
    answer = client.post("/kurir/terbit")
    assert answer.status_code == 409
    assert "/kurir/ambil" not in answer.text
    assert 'data-error="refused"' in answer.text
    client.desk.close("end")


def test_showing_out_says_that_the_second_copy_still_lets_in(world: World) -> None:
    """As long as its disk is away."""
    let_in(world, "wakil", "inspektur")
    client = make_desk(world)
    copy_folder = client.vault.copy_folder
    away = copy_folder.rename(copy_folder.with_name("away"))
    client.post("/petugas/wakil/keluarkan", {"sure": "1"})
    assert "Salinan kedua belum terhapus" in client.get("/petugas").text
    away.rename(copy_folder)
    client.post("/perawatan/salinan")
    assert not (copy_folder / "officers" / "wakil.key").exists()
    assert client.lines("vault.copy") == [{"anew": 0}]
    client.desk.close("end")
