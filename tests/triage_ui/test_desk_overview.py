"""The leaders' page: its figures, and what an officer who is kept out of a case sees of it."""

import html
import re
from dataclasses import replace

import pytest
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World
from work_world import again, as_officer, move, new_case

from dropbox.triage.access import holds
from dropbox.triage.casework import handling, merging, protection, threads
from dropbox.triage.followup import duties, records
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


def follow(vault: Vault) -> None:
    """What `fill` makes, and dispositions, task letters, recommendations of two units, merged and deleted cases."""
    fill(vault)
    work, me = Work(vault, SETTINGS, TODAY), vault.officer
    for number in range(60):  # more than a page of the list
        case = new_case(vault, today=TODAY - 3 * number)
        vault.db.execute("update cases set sent = ? where number = ?", (TODAY - 3 * number, case.number))
        if number % 2:
            handling.assign(work, case, officer=me.login, office="inspektorat-1", due=Day(TODAY + number))
        else:
            handling.assign(work, case, office="dumas")
    threads.mark_read(work, again(vault, 4))
    vault.db.execute("update dispositions set due = ? where number % 3 = 0", (TODAY - 1,))
    for number, team in ((5, "Budi, Kepala Uji"), (6, "Tim Uji Kepala"), (7, "Orang Lain")):
        for until in (TODAY - 2, TODAY + number - 6):
            values = {"sign": f"ST-{number}", "dated": TODAY - 9, "begin": TODAY - 9, "until": until}
            records.add(work, again(vault, number), "task-letter", values | {"who": team, "text": "Periksa"})
    for number in range(8, 12):
        report = records.add(work, again(vault, number), "report", {"sign": "LHP-1", "dated": TODAY - number})
        values = {"code": "tgr", "who": f"Kanwil {number % 2}", "text": "Tagih"}
        for until in (TODAY - 1, TODAY + 9):
            records.add(work, again(vault, number), "recommendation", values | {"until": until}, report)
    merging.merge(work, again(vault, 20), again(vault, 21))


def listed(client: DeskClient, address: str) -> int:
    """How many the list at an address has, and, where it fits a page, shows."""
    text = client.get(html.unescape(address)).text
    found = re.search(r'data-count="[^"]+">(\d+)|<small>(\d+) (?:kasus|cases)|data-lines="(\d+)"', text)
    rows = text.count("<tr data-row") + text.count("data-proposal=") + text.count('data-recommendation="')
    number = int(next(filter(None, found.groups()))) if found else rows
    assert rows == min(number, duties.PAGE_ROWS) or "data-lines" in text
    return number


def test_every_figure_is_the_length_of_its_list(desk: DeskClient) -> None:
    """Each linked number of the page, overdue ones as well, equals what the linked list counts."""
    follow(desk.vault)
    text = shown(desk)
    strong = re.findall(r'data-figure="([\w-]+)"><a href="([^"]+)"><strong>(\d+)<', text)
    late = re.findall(r'<a class="badge overdue" href="([^"]+)">(\d+)', text)
    plain = re.findall(r'<td class="number"><a href="([^"]+)">(\d+)</a>', text)
    loads = re.findall(
        r'data-load="[^"]*"><th scope="row"><a href="([^"]+)">[^<]+</a></th><td class="number">(\d+)', text
    )
    units = re.findall(r'<a href="([^"]+satker=[^"]+)">[^<]+</a></th><td class="number">(\d+)', text)
    pairs = [*((address, number) for _, address, number in strong), *late, *plain, *loads, *units]
    assert {name for name, *_ in strong} == {
        *("proposals", "dispositions", "unread", "letters", "mine"),
        *("recommendations", "risks", "protections", "prevention"),
    }
    assert (len(plain), len(units), len(late) > 6) == (6 + overview.MONTHS, 2, True)
    assert [pair for pair in pairs if listed(desk, pair[0]) != int(pair[1])] == []
    assert {name: int(number) for name, _, number in strong}["letters"] == 2


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
