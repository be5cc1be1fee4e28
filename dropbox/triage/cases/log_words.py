"""Says in words what a line of the log says in codes, for the desk's page and the command.

Rule: an unknown code is shown as it is; a line holds no text of a report.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dropbox.settings.workstation import Workstation
from dropbox.vocabulary import vocabulary
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.signed import shown_number

_ACTIONS: Final = ("permission", "log_action")  # groups, the first that has the code
_NAMES: Final = "log_detail"
# Details whose values are codes with words, and their groups; `action detail` goes before `detail`.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "did": ("log_did",),
    "status": ("status",),
    "before": ("status",),
    "category": ("category",),
    "origin": ("origin",),
    "outcome": ("log_value", "protection_outcome"),
    "result": ("result", "measure_result"),
    "kind": ("protection", "measure", "party", "followup_kind", "recurrence", "file_kind"),
    "reason": ("exclusion_reason", "statement_change"),
    "identity.open reason": ("identity_reason",),
    "identity.notice reason": ("identity_reason",),
    "identity.notice why": ("identity_unannounced",),
    "hold.place reason": ("hold_reason",),
    "lock why": ("log_value",),
    "act": _ACTIONS,
    "mark": ("file_mark",),
    "said": ("said",),
    "state": ("file_state", "log_value"),
    "lang": ("language",),
}


def action(code: str, language: str) -> str:
    """Return the words of an act in a language (`id` or `en`)."""
    return _label(_ACTIONS, code, language)


def details(act: str, values: Mapping[str, Any], workstation: Workstation, language: str) -> Iterator[tuple[str, str]]:
    """Yield the words for the name and the value of each detail of a line that says something.

    Args:
        act: the code of the line's act.
        values: the details by name, codes and numbers.
        workstation: the settings, which name roles, units and bodies.
        language: `id` or `en`.
    """
    for name, code in values.items():
        if shown := _value(act, name, str(code), workstation, language):
            yield vocabulary.label(_NAMES, name, language), shown


def _value(act: str, name: str, code: str, workstation: Workstation, language: str) -> str:
    if name == "day":
        return date_of(Day(int(code))).isoformat()
    if (act, name) == ("exchange.publish", "number"):
        return shown_number(int(code))
    if name == "roles":
        held = (workstation.roles.get(role) for role in code.split())
        return ", ".join(role.label[language] if role else one for role, one in zip(held, code.split(), strict=True))
    named = {"office": workstation.offices, "target": workstation.referral_targets}.get(name, {}).get(code)
    return named[language] if named else _label(GROUPS.get(f"{act} {name}", GROUPS.get(name, ())), code, language)


def _label(groups: tuple[str, ...], code: str, language: str) -> str:
    group = next((group for group in groups if code in vocabulary.codes(group)), "")
    return vocabulary.label(group, code, language) if group else code
