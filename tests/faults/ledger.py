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
        what: its text; no other report has it.
        code: receipt code, and `words`: eight words; both empty before the review.
        files: SHA-256 by name.
        acknowledged: whether the report was.
        files_acknowledged: names of the files that were.
        answers: texts that are for this reporter and that the server has acknowledged.
    """

    desk: str
    what: str
    code: str = ""
    words: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    acknowledged: bool = False
    files_acknowledged: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)


@dataclass
class Ledger:
    """All reports; `canary` is a word of each text, each name and each content of a file, and each answer."""

    canary: str = field(default_factory=lambda: f"kenari{secrets.token_hex(8)}")
    reports: list[Report] = field(default_factory=list)

    def new(self, desk: str) -> Report:
        """Note a report before the first byte of it is sent."""
        report = Report(desk, self.text(f"Laporan {secrets.token_hex(8)}."))
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

    def count(self) -> tuple[int, int, int, int]:
        """(reports sent, reports acknowledged, files acknowledged, answers acknowledged)."""
        known = list(self.reports)
        return (
            len(known),
            sum(one.acknowledged for one in known),
            sum(len(one.files_acknowledged) for one in known),
            sum(len(one.answers) for one in known),
        )
