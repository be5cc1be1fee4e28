"""The leaders' page: its figures, and what an officer who is kept out of a case sees of it."""

import re
from dataclasses import replace

import pytest
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World
from work_world import as_officer, move, new_case

from dropbox.triage.access import holds
from dropbox.triage.casework import handling, protection
from dropbox.triage.oversight import overview, pictures
from dropbox.triage.oversight.overview import Month
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day


def fill(vault: Vault) -> None:
    """One case in each part of the page: assigned, overdue, closed, with a request and a proposal."""
    work = Work(vault, SETTINGS, TODAY)
    case = new_case(vault, today=TODAY - 40)
    handling.assign(work, case, office="inspektorat-1", officer=vault.officer.login)
    protection.open_request(work, case, "career")
    holds.propose_lift(Work(as_officer(vault), SETTINGS, TODAY), case, holds.place(work, case, "court", "1"))
    vault.db.execute("update cases set due = ?, sent = ? where number = ?", (TODAY - 3, TODAY - 40, case.number))
    move(vault, new_case(vault), "SELESAI_TIDAK")


def test_the_figures(vault: Vault) -> None:
    """Load, overdue, age, months and protection count what was made, each once."""
    before = overview.of(Work(vault, SETTINGS, TODAY))
    assert (before.ages, before.protections, before.mine.open) == ((0,) * 6, (), 0)
    fill(vault)
    found = overview.of(Work(vault, SETTINGS, TODAY))
    assert (found.mine.open, found.mine.overdue, found.mine.late_days) == (1, 1, 3)
    assert [(one.code, one.open) for one in found.offices] == [("inspektorat-1", 1)]
    assert found.ages == (0, 0, 1, 0, 0, 0)
    assert (sum(one.received for one in found.months), found.months[-1].closed, found.months[-1].open) == (2, 1, 1)
    assert (len(found.protections), found.late_protections, found.risks) == (1, 0, 1)


@pytest.mark.parametrize("highest", [0, 1, 6, 7, 99, 12_345])
def test_a_picture_stays_in_its_frame(highest: int) -> None:
    """Columns and scale are inside the view box, and the scale reaches the highest value."""
    drawn = pictures.trend((Month(Day(1), highest, 0, 0), Month(Day(32), 0, 1, highest)))
    assert all(one.y >= 0 and one.y + one.height <= pictures.HEIGHT for one in drawn.columns)
    assert drawn.scale[-1][1] >= highest
    assert len(drawn.scale) <= 7


def shown(client: DeskClient) -> str:
    """The page without its token."""
    answer = client.get("/ikhtisar")
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_who_is_kept_out_sees_the_same_page_as_before(world: World) -> None:
    """Not one byte of the page changes by cases from which the officer is kept out."""
    let_in(world, "ina", "irjen")
    out = make_desk(world, "ina")
    before = shown(out)
    fill(replace(out.vault, officer=as_officer(out.vault, "kepala").officer))
    assert shown(out) != before
    out.vault.db.execute("insert into exclusions select number, 'ina', 'named', '' from cases")
    assert shown(out) == before
    out.desk.close("end")


def test_the_page_in_both_languages(desk: DeskClient) -> None:
    """The picture has a name, a description and a table; lists link to the cases."""
    fill(desk.vault)
    text = shown(desk)
    for part in ('role="img"', "<title id=", "<desc id=", "data-months", 'href="/kasus/1"', "Menunggu saya"):
        assert part in text
    desk.get("/bahasa/en")
    assert ("Waiting for me" in shown(desk), "Load by officer" in shown(desk)) == (True, True)


@pytest.mark.parametrize(("role", "expected"), [("verifikator", 409), ("pengawas", 409), ("inspektur", 200)])
def test_roles(world: World, role: str, expected: int) -> None:
    """Only leaders have the page and its entry in the menu."""
    let_in(world, "budi", role)
    client = make_desk(world, "budi")
    assert client.get("/ikhtisar").status_code == expected
    assert ('href="/ikhtisar"' in client.get("/akun").text) == (expected == 200)
    client.desk.close("end")
