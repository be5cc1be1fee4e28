"""Help at the place and the first day: complete for the menu and the acts, and honest about what was done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_world import Clock, DeskClient, let_in, make_desk
from triage_world import CHEAP, LOGIN, PASSPHRASE, World, new_thread

from dropbox.settings import installation
from dropbox.triage.practice import making, people, tour
from dropbox.triage.tasks import MENU
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.pages import case
from dropbox.triage.ui.pages.learning import help_texts
from dropbox.triage.ui.session import Desk

PAGES_OF_THEIR_OWN = {"rujukan", "identitas", "berkas"}


@pytest.fixture
def client(practice: Path) -> Iterator[DeskClient]:
    """The practice desk, unlocked by the inspector."""
    clock = Clock()
    desk = Desk(installation.load(practice / making.CONFIG), practice / making.VAULT, clock, CHEAP)
    found = DeskClient(desk, create_app(desk), clock)
    found.start()
    assert found.unlock("darma", people.PASSPHRASE).status_code == 302
    yield found
    desk.close("end")


def test_each_page_of_the_menu_has_help(client: DeskClient) -> None:
    """The help of each menu page opens, and its words are on it."""
    for task in MENU:
        text = client.get(f"/bantuan/{task.page}").text
        assert f'data-help="{task.page}"' in text, task.page


def test_each_act_on_a_case_is_explained(client: DeskClient) -> None:
    """Every form's address below a case has help on the case's help page, but those of pages of their own."""
    rules = [rule for rule in client.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    own = {rule.rule.split("/")[3] for rule in rules if rule.rule.startswith("/kasus/<int:number>/")}
    assert own >= PAGES_OF_THEIR_OWN | {"<act>"}
    text = client.get("/bantuan/case").text
    for name in (own - PAGES_OF_THEIR_OWN - {"<act>"}) | case.ACTS.keys():
        assert f'data-act="{name}"' in text, name


def test_each_help_is_in_both_languages() -> None:
    """No sentence of the help and no step of the first day lacks a language."""
    words = [one for found in help_texts.pages().values() for one in (found.purpose, *found.acts)]
    words += [one for found in help_texts.acts().values() for one in (found.title, found.does, found.told)]
    words += [one[name] for one in tour._table() for name in ("title", "text")]
    assert all(set(one) == {"id", "en"} and all(one.values()) for one in words)


def test_help_of_another_name_is_not_there(client: DeskClient) -> None:
    """An address that names no page is not found."""
    assert client.get("/bantuan/nothing").status_code == 404


def test_the_first_day_begins_with_nothing_done(client: DeskClient) -> None:
    """What the practice officers did before counts for no step, and each step leads to a page that opens."""
    text = client.get("/hari-pertama").text
    assert text.count("data-step=") == len(tour._table())
    assert "data-done" not in text
    for step in tour.steps(client.vault):
        address = f"/kasus/{step.case}" if step.case else {"exchange": "/kurir", "proposals": "/persetujuan"}[step.page]
        assert client.get(address).status_code == 200


def test_a_step_is_done_when_the_vault_shows_it(world: World) -> None:
    """Opening a case and classifying it marks these two steps for the officer who did it, and for no other."""
    let_in(world, "wakil", "inspektur")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])

    def done() -> int:
        return desk.get("/hari-pertama").text.count("data-done")

    desk = make_desk(world)
    before = done()
    desk.get("/kasus/1")
    assert done() == before + 1
    assert desk.post("/kasus/1/klasifikasi", {"subject": "Dugaan"}).status_code == 302
    assert done() == before + 2
    assert "brankas sungguhan" in desk.get("/hari-pertama").text
    assert desk.unlock("wakil", PASSPHRASE).status_code == 302
    assert done() == 0
    assert LOGIN not in desk.get("/hari-pertama").text
    desk.desk.close("end")


def test_an_excluded_case_is_no_step(client: DeskClient) -> None:
    """A step whose case is closed to the officer at work leads to no case."""
    vault = client.vault
    (number,) = {step.case for step in tour.steps(vault) if step.page == "inbox" and "spam" in step.title["en"]}
    vault.db.execute("insert into exclusions (case_number, officer, reason) values (?, 'darma', 'named')", (number,))
    try:
        assert number not in {step.case for step in tour.steps(vault)}
    finally:
        vault.db.execute("delete from exclusions where case_number = ? and officer = 'darma'", (number,))
