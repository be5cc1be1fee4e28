"""Reads the made-up reports, and what the practice officers did with them, from reports.toml.

Rule: an unknown name in the file stops the reading: a practice vault never lacks a part unseen.
"""

import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dropbox.wire.blob import DETAIL


@dataclass(frozen=True)
class Later:
    """What a reporter sent afterwards, `days` before today: words, an act (`read`, `withdraw`), names of files."""

    days: int
    what: str = ""
    act: str = ""
    files: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """Return the record's texts by field name."""
        return {"what": flowing(self.what)} | ({"act": self.act} if self.act else {})


@dataclass(frozen=True)
class Report:
    """A made-up report, sent `days` before today; -1 for one that waits on the USB drive."""

    key: str
    days: int
    channel: str
    category: str
    what: str
    who: str
    where: str
    when: str = ""
    lang: str = "id"
    protection: str = ""
    identity: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    later: tuple[Later, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """Return the record's texts by field name, those that a report must have and those that are not empty."""
        texts = {name: flowing(getattr(self, name)) for name in ("channel", "category", "what", "who", "where")}
        more = {name: str(getattr(self, name)) for name in ("when", "protection", "identity")}
        texts |= {name: text for name, text in more.items() if text}
        return texts | {DETAIL + name: text for name, text in self.details.items()}


@dataclass(frozen=True)
class Letter:
    """What an officer entered `days` before today: a code of cases.origins, and one scanned file or none."""

    key: str
    days: int
    origin: str
    channel: str
    category: str
    what: str
    who: str
    where: str
    file: str = ""


@dataclass(frozen=True)
class Act:
    """What a practice officer did `days` before today; `values` are the arguments of the act by name."""

    days: int
    who: str
    act: str
    case: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """Everything that a practice vault is made of."""

    reports: tuple[Report, ...]
    letters: tuple[Letter, ...]
    acts: tuple[Act, ...]

    @property
    def oldest(self) -> int:
        """Return how many days before today the first report was sent."""
        return max(one.days for one in self.reports)


def flowing(text: str) -> str:
    """Return a text of the file as its writer typed it: broken lines are joined, paragraphs and lists stay."""
    return re.sub(r"(?<!\n)\n(?!\n|[0-9]+\. )", " ", text.strip())


def read() -> Content:
    """Return the content of reports.toml; raises TypeError or KeyError for an entry of another shape."""
    source = (importlib.resources.files("dropbox.triage.practice") / "reports.toml").read_text("utf-8")
    table = tomllib.loads(source)
    return Content(
        tuple(_report(one) for one in table["reports"]),
        tuple(Letter(**one) for one in table["letters"]),
        tuple(Act(one.pop("days"), one.pop("who"), one.pop("act"), one.pop("case", ""), one) for one in table["acts"]),
    )


def _report(table: dict[str, Any]) -> Report:
    later = tuple(Later(**one | {"files": tuple(one.get("files", ()))}) for one in table.pop("later", ()))
    return Report(**table | {"files": tuple(table.get("files", ())), "later": later})
