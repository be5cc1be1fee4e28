"""Role × action: every cell of the settings' defaults, written out, so that a slip in the settings is seen."""

import pytest
from triage_world import SETTINGS, TODAY

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import ACTIONS, may
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

ROLES = ("petugas-penerima", "verifikator", "penelaah", "inspektur", "irjen", "pengawas")
# One column for each role, in that order: Y may, - may not.
TABLE = """
exchange.import     Y - - Y Y -
exchange.publish    Y - - Y Y -
case.read           Y Y Y Y Y -
case.classify       Y Y Y Y Y -
case.note           Y Y Y Y Y -
case.tag            Y Y Y Y Y -
case.assign         Y Y - Y Y -
disposition.finish  Y Y Y Y Y -
followup.record     - Y Y Y Y -
case.merge          - Y Y Y Y -
case.enter          Y Y - Y Y -
case.safeguarding   - Y - Y Y -
risk.decide         - Y Y Y Y -
file.preview        Y Y Y Y Y -
file.export         - Y Y Y Y -
file.original       - - - Y Y -
answer.ask          - Y Y Y Y -
answer.verify       Y Y - Y Y -
answer.review       - Y Y Y Y -
answer.clarify      - - Y Y Y -
answer.examine      - - - Y Y -
answer.refer        - - - Y Y -
answer.close        - - - Y Y -
answer.archive      - - - Y Y -
answer.message      Y Y Y Y Y -
refuse.propose      - Y Y Y Y -
refuse.approve      - - - Y Y -
refer.propose       - - Y Y Y -
refer.approve       - - - Y Y -
receiver.manage     - - - Y Y -
protection.manage   - Y Y Y Y -
measure.manage      - - - Y Y -
statement.write     - - Y Y Y -
claim.check         - - - Y Y -
letter.clear        - - - Y Y -
identity.seal       Y Y - Y Y -
identity.open       - - - Y Y -
notice.propose      - - - Y Y -
notice.approve      - - - Y Y -
conflict.lift       - - - Y Y -
delete.propose      - - - Y Y -
delete.approve      - - - - Y Y
hold.place          - - - Y Y -
hold-lift.propose   - - - Y Y -
hold-lift.approve   - - - - Y Y
epoch.propose       - - - Y Y -
epoch.approve       - - - - Y Y
unopened.propose    - - - Y Y -
unopened.approve    - - - - Y Y
export-reset.propose - - - Y Y -
export-reset.approve - - - - Y Y
officer.manage      - - - - Y -
phrase.edit         - - - Y Y -
log.read            - - - - Y Y
oversight.manage    - - - - Y Y
vault.care          Y - - Y Y -
prevention.manage   - - - Y Y -
register.export     Y - - Y Y -
overview.read       - - - Y Y -
statistics.read     Y Y Y Y Y Y
statistics.publish  - - - Y Y -
"""

CELLS = [
    (action, role, mark == "Y")
    for action, *marks in (line.split() for line in TABLE.strip().splitlines())
    for role, mark in zip(ROLES, marks, strict=True)
]


def _officer(*roles: str) -> Officer:
    return Officer("uji", "Uji", "", roles, "id", b"")


def test_the_table_is_complete() -> None:
    """Every act and every role of the defaults stands in it, once."""
    assert [action for action, *_ in CELLS[:: len(ROLES)]] == list(ACTIONS)
    assert list(SETTINGS.workstation.roles) == list(ROLES)


@pytest.mark.parametrize(("action", "role", "allowed"), CELLS)
def test_each_role_may_what_the_table_says(action: str, role: str, allowed: object) -> None:
    """And nothing else."""
    assert may(SETTINGS.workstation, _officer(role), action) is allowed


def test_the_settings_name_no_act_that_does_not_exist() -> None:
    """A misspelt act would silently allow nothing."""
    for role in SETTINGS.workstation.roles.values():
        assert role.actions <= set(ACTIONS)


def test_roles_add_up_and_unknown_ones_give_nothing() -> None:
    """Whoever has two roles may what either allows."""
    both = _officer("petugas-penerima", "pengawas")
    assert may(SETTINGS.workstation, both, "exchange.import")
    assert may(SETTINGS.workstation, both, "log.read")
    assert not any(may(SETTINGS.workstation, _officer("raja"), action) for action in ACTIONS)
    assert not any(may(SETTINGS.workstation, _officer(), action) for action in ACTIONS)
    with pytest.raises(ValueError, match="no such act"):
        may(SETTINGS.workstation, both, "case.burn")


def test_nobody_decides_alone() -> None:
    """Whatever takes two officers has a role that asks and a role that decides; the overseer asks for nothing."""
    for action in ("refuse", "delete", "epoch"):
        for half in ("propose", "approve"):
            assert any(allowed for name, _, allowed in CELLS if name == f"{action}.{half}")
    assert not any(may(SETTINGS.workstation, _officer("pengawas"), action) for action in ACTIONS if "propose" in action)
    assert not may(SETTINGS.workstation, _officer("pengawas"), "case.read")


def test_the_policy_asks_the_roles(vault: Vault) -> None:
    """An officer without the role is refused with a sentence that names the act."""
    permission.permit(Work(vault, SETTINGS, TODAY), "officer.manage")
    with pytest.raises(RefusedError, match="Asking the reporter"):
        permission.permit(Work(Vault(**vars(vault) | {"officer": _officer("pengawas")}), SETTINGS, TODAY), "answer.ask")
