"""Describes what a job reads, and counts what it leaves out, guesses or repairs.

Rule: what a reader leaves out is noted here, so that the page, the command and the dossier can name it.
"""

from dataclasses import dataclass, field


@dataclass
class Reading:
    """One file that a job reads.

    Attributes:
        family: how it is read (evidence.kinds).
        code: its kind (evidence.kinds).
        most: bytes of the result, at most; 0 where the result has a fixed size.
        facts: numbers by the names of evidence.replies.FACTS.
    """

    family: str
    code: str
    most: int = 0
    facts: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, count: int = 1) -> None:
        """Add to the number that a name has."""
        self.facts[name] = self.facts.get(name, 0) + count
