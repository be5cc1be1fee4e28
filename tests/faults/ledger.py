"""What reporters sent, and what they were told: that it came, and what was answered.

Rule: what counts as acknowledged is what the site said to the reporter, and nothing else.
"""

import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass
class Report:
    """One report with its files.

    Attributes:
        desk: to whom.
        road: how it goes there, `form` or `sealed`.
        fields: all that was typed, by name; no other report has the same `what`.
        code: receipt code, and `words`: eight words; both empty before the review.
        files: SHA-256 by name.
        acknowledged: whether the report was.
        files_acknowledged: names of the files that were.
        blobs: SHA-256 of what the server has acknowledged, where the reporter sealed it.
        answers: whole texts that are for this reporter and that the server has acknowledged.
    """

    desk: str
    road: str
    fields: dict[str, str]
    code: str = ""
    words: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    acknowledged: bool = False
    files_acknowledged: set[str] = field(default_factory=set)
    blobs: set[bytes] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)

    @property
    def what(self) -> str:
        """The text that no other report has."""
        return self.fields["what"]


@dataclass
class Ledger:
    """All reports; `canary` is a word of each text, each name and each content of a file, and each answer."""

    canary: str = field(default_factory=lambda: f"kenari{secrets.token_hex(8)}")
    reports: list[Report] = field(default_factory=list)

    def new(self, desk: str, road: str) -> Report:
        """Note a report before the first byte of it is sent; each of its texts is its own."""
        typed = {
            "what": self.text(f"Laporan {secrets.token_hex(8)}."),
            "who": f"{self.canary} {secrets.token_hex(8)}",
            "where": f"Kantor {secrets.token_hex(8)} {self.canary}",
        }
        report = Report(desk, road, {"channel": "wbs", "category": "pungli"} | typed)
        self.reports.append(report)
        return report

    def text(self, beginning: str) -> str:
        """A text of some length, so that a half of it can be known."""
        return f"{beginning} {self.canary} Setiap bulan ada setoran. {secrets.token_hex(200)} selesai {self.canary}"

    def file(self, report: Report, size: int) -> tuple[str, bytes]:
        """Note a file of a report before it is sent; returns name and content."""
        name = f"{self.canary}-{len(report.files)}.txt"
        line = f"{self.canary} {secrets.token_hex(16)}\n".encode()
        content = (line * (size // len(line) + 1))[:size]
        report.files[name] = hashlib.sha256(content).digest()
        return name, content

    def secrets(self) -> list[str]:
        """What must not be on a disk: the canary, and of each report the code and the eight words."""
        known = [one for one in self.reports if one.code]
        return [
            self.canary,
            *(shape for one in known for shape in (one.code, one.code.replace("-", ""), one.words)),
        ]

    def count(self) -> tuple[int, int, int, int]:
        """(reports sent, reports acknowledged, files acknowledged, answers acknowledged)."""
        known = list(self.reports)
        return (
            len(known),
            sum(one.acknowledged for one in known),
            sum(len(one.files_acknowledged) for one in known),
            sum(len(one.answers) for one in known),
        )
