"""Pages of a vault without cases, and of one with a bare case: sentences stand where lists will be."""

import re

import pytest
from cases_world import take
from desk_world import DeskClient, make_desk
from test_desk_guard import PAGES
from triage_world import World

CASE = ("/kasus/1", "/kasus/1/rujukan", "/pembuktian/1")
# What a page must not have, and what each means.
BARE = {
    "a list without an entry": r"<(ul|ol)\b[^>]*>\s*</\1>",
    "an entry without words": r"<li\b[^>]*>\s*</li>",
    "a box with a bullet": r'<li\b[^>]*class="[^"]*\bempty\b',
    "a table without a row": r"<tbody>\s*</tbody>",
    "a heading without what it names": r"</h[1-4]>\s*(?=</(?:section|details|main|article|aside|form)>|<h[12]\b)",
}


def _faults(page: str) -> list[str]:
    """The names of what a page should not have."""
    main = page[page.index("<main") : page.index("</main>") + len("</main>")]
    return [name for name, pattern in BARE.items() if re.search(pattern, main)]


PLANTED = ("<ul> </ul>", "<li></li>", '<li class="empty">x</li>', "<tbody>\n</tbody>", "<h2>Judul</h2></section>")


@pytest.mark.parametrize(("part", "fault"), list(zip(PLANTED, BARE, strict=True)))
def test_what_is_bare_is_found(part: str, fault: str) -> None:
    """Each kind of bare part that was planted is named, and nothing else."""
    assert _faults(f"<main>{part}</main>") == [fault]
    assert _faults("<main><h1>A</h1><p>B</p><ul><li>C</li></ul></main>") == []


def test_nothing_is_bare(world: World) -> None:
    """No page of an empty vault, and none of a vault with a bare case, in either language."""
    client: DeskClient = make_desk(world)
    found = {}
    for addresses in ({"/", *PAGES} - {"/keadaan"}, {"/", *PAGES, *CASE} - {"/keadaan"}):
        for language in ("id", "en"):
            client.get(f"/bahasa/{language}?to=/")
            for address in sorted(addresses):
                answer = client.get(address)
                if answer.status_code == 200 and (faults := _faults(answer.text)):
                    found[language, address] = faults
        take(world, client.vault, number=1, what="Perkara percobaan.")
    client.desk.close("end")
    assert found == {}
