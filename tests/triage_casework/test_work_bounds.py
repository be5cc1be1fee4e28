"""What strangers send is bounded in the vault: texts, index, comparison, pages; and nothing is cut without a mark."""

import json

import pytest
from cases_world import add_officer, now, take
from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.errors import NotFoundError
from dropbox.limits import (
    EXCERPT_MAX_BYTES,
    FIELD_MAX_CHARACTERS,
    MESSAGE_TEXT_MAX_BYTES,
    THREAD_PAGE_BYTES,
    THREAD_PAGE_ITEMS,
)
from dropbox.triage.cases import bounds, casebook
from dropbox.triage.casework import duplicates, search, threads, wholes
from dropbox.triage.cli import run
from dropbox.triage.vault.vault import DATABASE, Vault
from dropbox.triage.vault.work import Work

LONG = 1_500_000  # bytes of a report that the form would not take
END = "Yang menerima uangnya Ahmad Fauzi di akhir"
SHARED = "bandung pungutan madrasah ijazah sertifikasi bantuan cisaranten "


def _long(number: int = 0, end: str = END) -> str:
    words = " ".join(f"{number}kata{place:x}" for place in range(LONG // 8))
    return SHARED + words[: LONG - len(SHARED) - len(end) - 1] + " " + end


def test_what_the_form_allows_is_kept_as_it_is() -> None:
    """Every field to its full length, and no field of a form is displaced by a long text."""
    fields = {"what": "é" * FIELD_MAX_CHARACTERS, "who": "x" * FIELD_MAX_CHARACTERS, "where": "MAN 2"}
    assert bounds.bounded(fields) == bounds.Bounded(fields)
    longer = fields | {"what": "y" * LONG, "x-p1-name": "Joko"}
    kept = bounds.bounded(longer)
    assert {name: len(text) for name, text in kept.fields.items()} == {
        "what": FIELD_MAX_CHARACTERS,
        "who": FIELD_MAX_CHARACTERS,
        "where": 5,
        "x-p1-name": 4,
    }
    assert list(kept.fields) == list(longer)
    assert kept.whole_bytes == LONG + FIELD_MAX_CHARACTERS + 9
    many = {f"x-{number}": "z" * FIELD_MAX_CHARACTERS for number in range(40)}
    assert sum(map(len, bounds.bounded(many).fields.values())) == MESSAGE_TEXT_MAX_BYTES
    assert bounds.beginning("aé", 2) == "a"


def test_a_long_report_is_cut_with_a_mark_and_read_whole(world: World, vault: Vault) -> None:
    """Its beginning is read and found, its end only on purpose, and byte for byte as it came."""
    text = _long()
    case = take(world, vault, what=text)
    (shown,) = casebook.texts(vault, case)
    assert len(shown.fields["what"]) == FIELD_MAX_CHARACTERS
    assert shown.whole_bytes > LONG
    assert threads.read(Work(vault, SETTINGS, TODAY), case)[0].whole_bytes == shown.whole_bytes
    assert search.search(Work(vault, SETTINGS, TODAY), "cisaranten")
    assert search.search(Work(vault, SETTINGS, TODAY), '"fauzi di akhir"') == []
    ((number, fields),) = wholes.read(Work(vault, SETTINGS, TODAY), case).items()
    assert number == shown.number
    assert fields["what"] == text


def test_the_rest_is_kept_from_whom_it_names(world: World, vault: Vault) -> None:
    """Who works here when it comes is kept out at once; who comes later, when they ask for the rest."""
    fauzi = add_officer(vault, "fauzi", "Ahmad Fauzi")
    first = take(world, vault, what=_long())
    with pytest.raises(NotFoundError):
        casebook.find_case(fauzi, str(first.number))
    joko = add_officer(vault, "joko", "Joko Tingkir", "irjen")
    second = take(world, vault, number=2, what=_long(1, "menurut Joko Susilo"))
    susilo = add_officer(vault, "susilo", "Joko Susilo", "irjen")
    assert casebook.find_case(susilo, str(second.number)) == now(vault, second)
    with pytest.raises(NotFoundError):
        wholes.read(Work(susilo, SETTINGS, TODAY), second)
    with pytest.raises(NotFoundError):
        casebook.find_case(susilo, str(second.number))
    assert wholes.read(Work(joko, SETTINGS, TODAY), second)


def test_a_long_text_that_comes_again_is_known_and_another_is_not(world: World, vault: Vault) -> None:
    """Although what the vault keeps of them is the same."""
    thread = new_thread()
    case = take(world, vault, thread)
    texts = (_long(end="satu"), _long(end="satu"), _long(end="dua!"))
    done = world.take(vault, [world.addition(thread, 7, text) for text in texts], number=2)
    assert (done.opened, len(done.aside)) == (2, 1)
    assert len(casebook.texts(vault, case)) == 3


def test_large_reports_cost_what_ordinary_ones_cost(world: World, vault: Vault) -> None:
    """The vault grows by a part of what was sent, and what a page compares is bounded by the excerpts."""
    case = take(world, vault, what="Pungutan ijazah di madrasah Cisaranten", where="MAN 2 Bandung Cisaranten")
    before = (vault.folder / DATABASE).stat().st_size
    blobs = [
        world.report(new_thread(), _long(number), record={"where": b"MAN 2 Bandung Cisaranten"}) for number in range(5)
    ]
    world.take(vault, blobs, number=2)
    assert (vault.folder / DATABASE).stat().st_size - before < 5 * LONG / 2
    read: list[str] = []
    original = duplicates.words

    def counted(text: str) -> list[str]:
        read.append(text)
        return original(text)

    patch = pytest.MonkeyPatch()
    patch.setattr(duplicates, "words", counted)
    duplicates.suggest(Work(vault, SETTINGS, TODAY), case)
    patch.undo()
    assert read
    assert sum(map(len, read)) <= 6 * 5 * EXCERPT_MAX_BYTES
    excerpts = [json.loads(fields) for (fields,) in vault.db.execute("select fields from excerpts")]
    assert max(len(text) for fields in excerpts for text in fields.values()) <= EXCERPT_MAX_BYTES


def test_a_thread_of_many_additions_is_shown_in_parts(world: World, vault: Vault) -> None:
    """The last part first; each holds so many things, all of them together everything, and what is new is counted."""
    thread = new_thread()
    case = take(world, vault, thread)
    count = 2 * THREAD_PAGE_ITEMS + 5
    additions = [world.addition(thread, number, f"Tambahan {number}") for number in range(1, count)]
    world.take(vault, additions, number=2)
    last = threads.read_page(Work(vault, SETTINGS, TODAY), case)
    assert (last.page, last.pages, last.new_elsewhere) == (3, 3, 2 * THREAD_PAGE_ITEMS)
    parts = [threads.read_page(Work(vault, SETTINGS, TODAY), case, number) for number in (1, 2, 3)]
    items = [item for part in parts for item in part.items]
    assert [len(part.items) for part in parts[:2]] == [THREAD_PAGE_ITEMS, THREAD_PAGE_ITEMS]
    assert {item.number for item in items} == {item.number for item in threads.read(Work(vault, SETTINGS, TODAY), case)}
    assert items[0].kind == "report"
    assert parts[0].new_elsewhere == 0


def test_a_part_holds_no_more_text_than_a_page_can_bear(world: World, vault: Vault) -> None:
    """Ten long additions are not one page."""
    thread = new_thread()
    case = take(world, vault, thread)
    world.take(vault, [world.addition(thread, number, "x" * FIELD_MAX_CHARACTERS) for number in range(1, 11)], number=2)
    pages = threads.read_page(Work(vault, SETTINGS, TODAY), case).pages
    for number in range(1, pages + 1):
        part = threads.read_page(Work(vault, SETTINGS, TODAY), case, number)
        assert sum(len(text) for item in part.items for text in item.fields.values()) <= THREAD_PAGE_BYTES


def test_the_command_says_that_a_text_was_cut(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """In words and in JSON, and `--whole` prints the rest."""
    with world.open() as vault:
        take(world, vault, what=_long())
    secret = world.folder / "sandi"
    secret.write_text("lima kata acak untuk uji")
    secret.chmod(0o600)
    access = ("--vault", str(world.path()), "--passphrase-file", str(secret))
    assert run(["show", "1", *access]) == 0
    assert "--whole" in capsys.readouterr().out
    assert run(["show", "1", "--json", *access]) == 0
    assert "cut_from_bytes" in capsys.readouterr().out
    assert run(["show", "1", "--whole", *access]) == 0
    assert END in capsys.readouterr().out
