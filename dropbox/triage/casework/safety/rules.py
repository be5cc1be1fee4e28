"""Reads risk.toml: by which answers a risk is proposed, and what follows from its level.

    level = high where likelihood × severity >= levels.high, medium where >= levels.medium, else low     (each 1 to 3)

Rule: the file is read once for a process; a file with an unknown name or number stops the program with its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from dropbox.errors import ConfigurationError
from dropbox.settings import policy_files
from dropbox.settings.installation import LANGUAGES, Settings
from dropbox.triage.tables.safety.risks import HIGH, LOW, MEDIUM
from dropbox.wire.blob import DETAIL

FILE: Final = "risk.toml"
REPORTER, MATTER = ABOUT = ("reporter", "matter")
LEVELS: Final[Mapping[str, int]] = {"low": LOW, "medium": MEDIUM, "high": HIGH}
SCALE: Final = (1, 2, 3)
CATEGORY, PROTECTION, SAFEGUARDING = DESK_FIELDS = ("category", "protection", "safeguarding")  # the desk knows these
YES: Final = "yes"
_BETWEEN: Final = ","  # the codes of several options in one answer
_RUPIAH: Final = re.compile(r"([0-9][0-9., ]*)\s*(ribu|juta|jt|miliar|milyar|triliun)?", re.IGNORECASE)
_WORDS: Final = {"": 1, "ribu": 10**3, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9, "triliun": 10**12}
_PART: Final = re.compile(r"([0-9]+)[.,]([0-9]{1,2})")
_CENTS: Final = re.compile(r"[.,][0-9]{2}$")
_DIGITS_MAX: Final = 18
_LOOK_DAYS_MAX: Final = 365
_NAMES: Final = frozenset(("about", "field", "is", "least", "likelihood", "severity"))


class Estimate(NamedTuple):
    """Likelihood and severity of a harm, each of SCALE."""

    likelihood: int
    severity: int


@dataclass(frozen=True)
class Rule:
    """What it is about (of ABOUT), the answer, the codes or least rupiah, and what it proposes (0: nothing)."""

    about: str
    field: str
    codes: tuple[str, ...]
    least: int
    likelihood: int
    severity: int


@dataclass(frozen=True)
class Follows:
    """What follows from a level: working days for the first look, who may be summoned, who is asked (by language)."""

    look_days: int
    summon: Mapping[str, str]
    ask: Mapping[str, str]


@dataclass(frozen=True)
class Rules:
    """The whole file. `follows`: by what it is about and level."""

    confirmed: bool
    medium: int
    high: int
    unanswered: Mapping[str, Estimate]
    rules: tuple[Rule, ...]
    follows: Mapping[tuple[str, int], Follows]

    def level(self, estimate: Estimate) -> int:
        """Return the level (LOW, MEDIUM, HIGH) of an estimate."""
        product = estimate.likelihood * estimate.severity
        return HIGH if product >= self.high else MEDIUM if product >= self.medium else LOW


def load(settings: Settings) -> Rules:
    """Return the rules of the installation; raises ConfigurationError for an invalid file."""
    return _load(settings.workstation.policy_folder)


def codes_in(rule: Rule, answer: str) -> tuple[str, ...]:
    """Return for which of its codes a rule applies to an answer as it was sealed; "" for its amount."""
    if rule.codes:
        given = {code.strip() for code in answer.split(_BETWEEN)}
        return tuple(code for code in rule.codes if code in given)
    return ("",) if rupiah(answer) >= rule.least else ()


def rupiah(untrusted: str) -> int:
    """Return the highest amount in a text such as `Rp1.500.000` or `1,5 miliar`; 0 if it names none."""
    return max((_amount(digits.strip(), word.lower()) for digits, word in _RUPIAH.findall(untrusted)), default=0)


def _amount(digits: str, word: str) -> int:
    part = _PART.fullmatch(digits)
    if word and part:  # 1,5 miliar
        return int(part[1][:_DIGITS_MAX] + part[2]) * _WORDS[word] // int(10 ** len(part[2]))
    return int(re.sub(r"[^0-9]", "", _CENTS.sub("", digits))[:_DIGITS_MAX]) * _WORDS[word]


@lru_cache(maxsize=8)
def _load(folder: Path | None) -> Rules:
    table = policy_files.load_from(folder, FILE)
    try:
        return Rules(
            policy_files.is_confirmed(table, FILE),
            _number(table["levels"]["medium"], 9),
            _number(table["levels"]["high"], 9),
            {about: _estimate(table["unanswered"][about]) for about in ABOUT},
            tuple(_rule(rule) for rule in table["rules"]),
            {
                (about, level): _follows(table["follows"][about][name])
                for about in ABOUT
                for name, level in LEVELS.items()
            },
        )
    except (KeyError, TypeError, ValueError):
        raise ConfigurationError("settings.risk", file=FILE) from None


def _estimate(table: Mapping[str, Any]) -> Estimate:
    return Estimate(_number(table["likelihood"], SCALE[-1]), _number(table["severity"], SCALE[-1]))


def _rule(table: Mapping[str, Any]) -> Rule:
    codes = tuple(str(code) for code in table.get("is", ()))
    least = table.get("least", 0)
    proposed = [_number(table.get(name, 0), SCALE[-1], 0) for name in ("likelihood", "severity")]
    if set(table) - _NAMES or table["about"] not in ABOUT or bool(codes) == bool(least) or not any(proposed):
        raise ValueError
    if not table["field"].startswith(DETAIL) and table["field"] not in DESK_FIELDS:
        raise ValueError
    return Rule(table["about"], table["field"], codes, _number(least, 10**_DIGITS_MAX, 0), *proposed)


def _follows(table: Mapping[str, Any]) -> Follows:
    summon, ask = ({one: str(table[f"{name}_{one}"]) for one in LANGUAGES} for name in ("summon", "ask"))
    return Follows(_number(table["look_days"], _LOOK_DAYS_MAX), summon, ask)


def _number(value: Any, most: int, least: int = 1) -> int:  # noqa: ANN401  as TOML has it
    if type(value) is not int or not least <= value <= most:
        raise ValueError
    return int(value)
