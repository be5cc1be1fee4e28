"""Who is kept out of cases learns nothing of them from any figure: it is that of a vault without these cases."""

from collections.abc import Callable, Iterator

from cases_world import add_officer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY
from work_world import again, move, new_case

from dropbox.errors import RefusedError
from dropbox.triage import decisions
from dropbox.triage.cases.casebook import Case
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import handling, inbox, merging, protection, search
from dropbox.triage.casework.choosing import batches
from dropbox.triage.casework.refusal import Refusal, propose
from dropbox.triage.casework.safety import follow_up
from dropbox.triage.followup import duties, records
from dropbox.triage.oversight import deadline_list, overview
from dropbox.triage.statistics import recommendations, recurrence, register
from dropbox.triage.statistics.tables import count
from dropbox.triage.tables import case_list
from dropbox.triage.tables.followup.dispositions import Wanted
from dropbox.triage.tables.safety import risks
from dropbox.triage.vault.schema import rehearsal
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

ROLES = {  # name of an officer of each; the login is the first word
    "petugas-penerima": "Agus Wibowo",
    "verifikator": "Sari Dewi Lestari",
    "penelaah": "Rini Kusuma",
    "inspektur": "Budi Raharjo",
    "irjen": "Hasan Basri Lubis",
    "pengawas": "Wati Susilo",
}
YEAR = span_of(str(date_of(TODAY).year))
Act = Callable[[Work, Case], object]


def letter(work: Work, case: Case) -> None:
    values = {"sign": "ST-1/2020", "dated": TODAY - 9, "begin": TODAY - 9, "until": TODAY - 1, "text": "Periksa"}
    records.add(work, case, "task-letter", values | {"who": ", ".join(ROLES.values())})


def advise(work: Work, case: Case) -> None:
    report = records.add(work, case, "report", {"sign": "LHP-7/2020", "dated": TODAY - 3})
    values = {"code": "tgr", "who": "Kanwil Uji", "until": TODAY - 1, "text": "Tagih"}
    first = records.add(work, case, "recommendation", values, report)
    records.add(work, case, "recommendation", values | {"who": "Kanwil Lain"}, report)
    records.add(work, case, "settlement", {"code": "done", "dated": TODAY, "sign": "B-1/2020"}, first)


def late(work: Work, case: Case) -> None:
    work.vault.db.execute("update cases set due = ?, sent = ? where number = ?", (TODAY - 3, TODAY - 40, case.number))


def high(work: Work, case: Case) -> None:
    risks.put(work.vault.db, case.number, risks.Risk({}, {}, risks.HIGH, waits=False))


ACTS: dict[str, Act] = {
    "to the officer": lambda work, case: handling.assign(work, case, officer="budi", due=TODAY),
    "to an office": lambda work, case: handling.assign(work, case, office="inspektorat-2"),
    "classified": lambda work, case: handling.classify(
        work, case, handling.Classification(unit="Kanwil Uji", province="32", subject="Perihal")
    ),
    "tagged": lambda work, case: handling.tag(work, case, add=["modus-uji"]),
    "task letter": letter,
    "recommended": advise,
    "protected": lambda work, case: protection.open_request(work, case, "career"),
    "late": late,
    "high risk": high,
    "refused": lambda work, case: propose(work, again(work.vault, case), Refusal("evidence")),
    "reviewed": lambda work, case: move(work.vault, case, "TELAAH"),
    "closed": lambda work, case: move(work.vault, case, "SELESAI_TERBUKTI"),
}


def figures(work: Work) -> Iterator[object]:
    """Everything with which a page or a paper of an officer counts or lists cases, or that it is refused."""
    asked: dict[str, Callable[[], object]] = {
        "overview": lambda: overview.of(work),
        "waiting": lambda: duties.waiting(work, Wanted(work.vault.officer.login)),
        "mine": lambda: (duties.mine(work), duties.waiting(work, duties.mine(work))),
        "desks": lambda: duties.desks(work),
        "letters": lambda: duties.tasks(work),
        "recommendations": lambda: (duties.recommendations(work), duties.by_unit(work)),
        "protections": lambda: protection.waiting(work),
        "follow-ups": lambda: (follow_up.waiting(work), follow_up.coming(work, TODAY + 400)),
        "statistics": lambda: count(work, YEAR),
        "register": lambda: register.lines(work, YEAR),
        "recurring": lambda: recommendations.recurring(work, recurrence.last_year(TODAY)),
        "clocks": lambda: deadline_list.running(work),
        "search": lambda: search.search(work, "setoran"),
        "tags": lambda: inbox.all_tags(work),
        "proposals": lambda: (decisions.waiting(work), batches.batches(decisions.waiting(work))),
        **{
            f"inbox by {order}": lambda order=order: inbox.page(work, inbox.Filter(sort=order))  # type: ignore[misc]
            for order in case_list.ORDERS
        },
    }
    for name, ask in asked.items():
        try:
            yield name, ask()
        except RefusedError as refused:
            yield name, str(refused)


def test_every_figure_is_that_of_a_vault_without_the_hidden_cases(vault: Vault) -> None:
    """Whatever another officer did in one or two hidden cases, for an officer of each role."""
    work = Work(vault, SETTINGS, TODAY)
    readers = {
        role: Work(add_officer(vault, name.split()[0].lower(), name, role, unit="Inspektorat II"), SETTINGS, TODAY)
        for role, name in ROLES.items()
    }
    seen = [new_case(vault) for _ in range(2)]
    for act in ("to an office", "recommended", "protected", "tagged"):
        ACTS[act](work, seen[0])
    before = {role: list(figures(reader)) for role, reader in readers.items()}

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(list(ROLES)), st.lists(st.sampled_from(list(ACTS)), min_size=3, unique=True), st.booleans())
    def check(role: str, names: list[str], merged: bool) -> None:  # noqa: FBT001  drawn
        with rehearsal(vault.db):
            hidden = [new_case(vault), new_case(vault)]
            for name in (name for name in ACTS if name in names):
                ACTS[name](work, again(vault, hidden[0]))
            if merged and not {"refused", "closed"} & set(names):
                merging.merge(work, again(vault, hidden[0]), again(vault, hidden[1]))
            for case in hidden:
                vault.db.execute(
                    "insert or replace into exclusions (case_number, officer, reason) values (?, ?, 'named')",
                    (case.number, readers[role].vault.officer.login),
                )
            assert list(figures(readers[role])) == before[role]

    check()
