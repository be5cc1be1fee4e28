"""Makes the cover of a printed case: what it is, where it stands, who printed it.

Rule: of the risk it has what an officer decided; a proposal of the program is not printed.
"""

from collections.abc import Iterator

from dropbox.disk.visible import visible
from dropbox.form import regions
from dropbox.triage.casefile.group import Group
from dropbox.triage.casework import handling
from dropbox.triage.casework.safety import risk, rules
from dropbox.triage.papers.paper import Block, Fields


def blocks(group: Group) -> Iterator[Block]:
    """Yield the cover's fields, without those that are empty."""
    case = group.case
    here = ", ".join(filter(None, (group.office(case.office), group.names.full(case.officer))))
    found = {
        "case": case.name,
        "agenda": case.agenda,
        "subject": case.subject,
        "status": group.label("status", case.status),
        "channel": group.label("channel", case.channel),
        "category": group.label("category", case.category),
        "unit": case.unit,
        "district": regions.regencies().get(case.district, case.district),
        "province": regions.provinces().get(case.province, case.province),
        "sent": group.day(case.sent),
        "due": group.day(case.due),
        "closed": group.day(case.closed),
        "handled": here,
        "risk": _risk(group),
        "tags": ", ".join(handling.tags(group.work.vault, case)),
        "merged": ", ".join(one.name for one in group.cases[1:]),
        "printed-by": group.names.full(group.work.vault.officer.login),
        "printed-on": group.day(group.work.today),
    }
    yield Fields([(group.word(name), [visible(value)]) for name, value in found.items() if value])


def _risk(group: Group) -> str:
    rule = rules.load(group.work.settings)
    decided = next(iter(risk.of_case(group.work, group.case))).decided or {}
    words = (
        f"{group.label('risk_about', about)}: {group.label('risk', str(rule.level(estimate)))}"
        for about, estimate in decided.items()
    )
    return "; ".join(words)
