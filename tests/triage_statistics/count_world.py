"""A year of cases of every kind, without the sealing."""

import datetime
from dataclasses import replace

from triage_world import SETTINGS, new_thread
from work_world import again, as_officer, message, move, new_case, take

from dropbox.triage.cases.casebook import Case
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import handling, merging, refusal
from dropbox.triage.casework.handling import Classification
from dropbox.triage.casework.refusal import Refusal
from dropbox.triage.followup import records
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import day_of

YEAR = span_of("2025")


def day(date: str) -> int:
    return day_of(datetime.date.fromisoformat(date))


START = day("2025-03-03")  # a Monday


def classify(vault: Vault, case: Case, **values: str) -> Case:
    return handling.classify(Work(vault, SETTINGS, START), case, Classification(**values))


def refuse(vault: Vault, case: Case, refused: Refusal, today: int) -> Case:
    number = refusal.propose(Work(vault, SETTINGS, today), again(vault, case), refused)
    refusal.approve(Work(as_officer(vault), SETTINGS, today), number)
    return again(vault, case)


def recommend(vault: Vault, case: Case) -> None:
    """A report of 3 April 2025 with two recommendations, of which one was carried out five working days later."""
    work = Work(vault, SETTINGS, START + 60)
    report = records.add(work, case, "report", {"sign": "R-263/IJ/PS.01.3/04/2025", "dated": START + 31})
    due = {"until": START + 50, "text": "Jatuhkan.", "who": "Kanwil Contoh"}
    first = records.add(work, case, "recommendation", due | {"code": "hukdis-berat"}, report)
    records.add(work, case, "recommendation", due | {"code": "tgr", "who": "Sekretariat Jenderal"}, report)
    records.add(work, case, "settlement", {"code": "done", "dated": START + 38, "sign": "B-1/2025"}, first)


def year(vault: Vault) -> dict[str, Case]:
    """Eight cases of 2025, by what became of them."""
    made = {
        "waiting": new_case(vault, today=START, channel="dumas", category="pelayanan"),
        "examined": move(vault, new_case(vault, today=START), "TELAAH", START + 7),
        "referred": move(vault, new_case(vault, today=START, category="korupsi"), "DILIMPAHKAN", START + 2),
        "proven": move(vault, new_case(vault, today=START + 1), "SELESAI_TERBUKTI", START + 30),
        "archived": move(vault, new_case(vault, today=START), "SELESAI_TIDAK", START + 9),
        "refused": refuse(vault, new_case(vault, today=START), Refusal("court", "12/Pid/2025"), START + 3),
        "gone": refuse(vault, new_case(vault, today=START), Refusal("evidence"), START + 3),
        "odd": new_case(vault, today=START, channel="fax", category="lain sekali"),
    }
    for name in ("archived", "gone"):
        made[name] = move(vault, made[name], "DIARSIPKAN", START + 40)
    made["examined"] = classify(vault, made["examined"], unit_type="kankemenag", unit="Kota X", district="32.73")
    with transaction(vault.db):  # as the pages named it before there were codes
        vault.db.execute("update cases set province = 'Jawa Barat' where number = ?", (made["examined"].number,))
    made["proven"] = classify(vault, made["proven"], province="32", unit_type="sekjen", subject="=HYPERLINK(1)")
    recommend(vault, made["proven"])
    merging.merge(Work(vault, SETTINGS, START + 8), made["odd"], made["examined"])
    return {name: again(vault, case) for name, case in made.items()}


def add(vault: Vault, today: int) -> tuple[int, int]:
    """A case of that day and an addition two days later; (number of the case, day of the addition)."""
    thread = new_thread()
    number = take(vault, message(thread, today=today), today)
    later = message(thread, "addition", today=today + 2)
    take(vault, replace(later, message=replace(later.message, fields={"what": "Lagi"})), today + 2)
    return number, today + 2


def empty(vault: Vault, case: Case) -> None:
    """What a deletion leaves of a case."""
    from dropbox.triage.casework import retention

    with transaction(vault.db):
        retention._empty(vault, case.number, START + 900)
