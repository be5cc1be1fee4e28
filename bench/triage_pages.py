"""Measures pages of the desk as whole requests: each order of the inbox, filters, search, overview, tasks.

Figures are processor time of this process, so that what other programs of the machine do does not count. The target is
that of the pages for leaders and lists: each page below 200 ms.
"""

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from figures import Figure
from flask.testing import FlaskClient

from dropbox.settings.installation import Settings
from dropbox.triage.followup.duties import PAGE_ROWS
from dropbox.triage.tables import case_list
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.session import Desk
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault

_REPEATS: Final = 5
_MOST: Final = 200  # milliseconds
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_UNITS: Final = 300


def follow_up(vault: Vault, today: int) -> None:
    """Add to every second case a disposition, to some a task letter or a report, recommendations, risk, protection."""
    choice, db = random.Random(3), vault.db  # noqa: S311  the same in every run
    record = (
        "insert into followups (root, case_number, kind, parent, entered, officer, state, sign, dated, until, code,"
        " who, text) values (0, ?, ?, ?, ?, 'bench', 'current', 'R-1/IJ/2026', ?, ?, ?, ?, 'Laksanakan.')"
        " returning number"
    )

    def add(case: int, kind: str, parent: int, until: int, code: str, who: str) -> int:
        dated = today - choice.randint(1, 200)
        (number,) = db.execute(record, (case, kind, parent, today, dated, until, code, who)).fetchone()
        db.execute("update followups set root = number where number = ?", (number,))
        return int(number)

    with transaction(db):
        (count,) = db.execute("select count(*) from cases").fetchone()
        for case in range(1, count + 1):
            due = choice.choice((0, today + choice.randint(-30, 60)))
            if choice.random() < 0.5:
                office, assignee = choice.choice((("inspektorat-1", ""), ("dumas", ""), ("", "bench")))
                note = db.execute(
                    "insert into notes (case_number, day, officer, kind, text, office, assignee)"
                    " values (?, ?, 'bench', 'disposition', 'Mohon ditelaah.', ?, ?) returning number",
                    (case, today, office, assignee),
                ).fetchone()[0]
                db.execute("insert into dispositions (number, due, state) values (?, ?, 'open')", (note, due))
            if choice.random() < 0.15:
                add(
                    case,
                    "task-letter",
                    0,
                    today + choice.randint(-30, 30),
                    "",
                    f"Petugas Ukur, Orang Luar {choice.randint(1, 400)}",
                )
            if choice.random() < 0.15:
                report = add(case, "report", 0, 0, "", "")
                for _ in range(2):
                    unit = f"Kanwil {choice.randint(1, _UNITS)}"
                    advice = add(case, "recommendation", report, today + choice.randint(-30, 60), "tgr", unit)
                    if choice.random() < 0.5:
                        add(case, "settlement", advice, 0, choice.choice(("done", "partly")), "")
            if choice.random() < 0.05:
                db.execute(
                    "insert into protections (case_number, kind, status, asked, due)"
                    " values (?, 'career', 'open', ?, ?)",
                    (case, today, today + choice.randint(-3, 3)),
                )


def figures(settings: Settings, folder: Path, login: str, passphrase: str, words: str) -> Iterator[Figure]:
    """Yield a figure for each page.

    Args:
        settings: of the installation.
        folder: of the vault, which nobody else has open.
        login: of an officer who may see every page.
        passphrase: of theirs.
        words: to search for.
    """
    desk = Desk(settings, folder)
    client = create_app(desk).test_client()
    client.get(desk.start_path)
    token = _TOKEN.search(client.get("/buka").text)
    assert token
    client.post("/buka", data={"csrf_token": token[1], "officer": login, "passphrase": passphrase})
    for name, address in _addresses(client, words):
        yield Figure(name, [_measured(client, address)], "ms", at_most=_MOST)
    desk.close("end")


def _addresses(client: FlaskClient, words: str) -> Iterator[tuple[str, str]]:
    for order in case_list.ORDERS:
        for falls in "01":
            yield (
                f"inbox by {order} {'falling' if falls == '1' else 'rising'}",
                f"/?is_open=1&sort={order}&falls={falls}",
            )
    yield "inbox, unread with a tag", "/?unread=1&tag=tag-7"
    yield "inbox, unit and age", "/?unit=Kankemenag+7&age=90"
    yield "inbox, risk undecided", "/?is_open=1&risk_waits=1"
    yield "inbox, a level of risk", "/?risk=3"
    yield "inbox, age of 31 to 60 days", "/?is_open=1&age=31&younger=61"
    yield "search, three words", f"/cari?q={words.replace(' ', '+')}"
    yield "search, a word of every report", "/cari?q=kepala+madrasah"
    yield "overview", "/ikhtisar"
    yield "tasks", "/tugas"
    yield "tasks of all desks", "/tugas?semua=1"
    yield "tasks of all desks, overdue", "/tugas?semua=1&lewat=1"
    for part in ("disposisi", "surat-tugas", "rekomendasi", "perlindungan"):
        found = re.search(r'data-count="[^"]+">(\d+)', client.get(f"/tugas?semua=1&bagian={part}").text)
        last = -(-int(found[1]) // PAGE_ROWS) if found else 1
        yield f"tasks, {part}, page {last}", f"/tugas?semua=1&bagian={part}&halaman={last}"


def _measured(client: FlaskClient, address: str) -> float:
    """Return the milliseconds of a page, the least of some requests: the others waited for the machine's caches."""
    taken = []
    for _ in range(_REPEATS):
        before = time.process_time()
        answer = client.get(address)
        taken.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200, address
    return min(taken)
