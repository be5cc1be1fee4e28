"""What is shown once and kept nowhere: code and words of a report that was keyed in, on their way to a sheet of paper.

Rule: memory alone, the first look takes it away, and locking the desk drops the rest.
"""

from dataclasses import dataclass, field

from dropbox.crypto.secret import ReporterSecret
from dropbox.triage.tables.numbers import CaseNumber


@dataclass
class Handouts:
    """Secrets by the number of their case, with the reporter's language; and forms that were sent already."""

    _secrets: dict[int, tuple[ReporterSecret, str]] = field(default_factory=dict, repr=False)
    _sent: dict[str, int] = field(default_factory=dict)

    def put(self, case: CaseNumber, secret: ReporterSecret, lang: str) -> None:
        """Keep a secret until it is looked at."""
        self._secrets[case] = (secret, lang)

    def take(self, case: CaseNumber) -> tuple[ReporterSecret, str] | None:
        """(secret, language) at the first look, None from then on."""
        return self._secrets.pop(case, None)

    def waits(self, case: CaseNumber) -> bool:
        """Whether a secret was not looked at yet."""
        return case in self._secrets

    def sent(self, form: str) -> int | None:
        """The case that this very form has made already: a double click makes no second one."""
        return self._sent.get(form)

    def remember(self, form: str, case: CaseNumber) -> None:
        """A form has made its case."""
        self._sent[form] = case

    def drop(self) -> None:
        """Forget everything."""
        self._secrets.clear()
        self._sent.clear()
