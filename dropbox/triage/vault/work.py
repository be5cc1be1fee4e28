"""What every act at the workstation is done with: the open vault, the settings, and the day.

Rule: a request or command makes one `Work` and only hands it down; no function below asks a clock.
"""

from dataclasses import dataclass, replace

from dropbox.settings.installation import Settings
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import Day


@dataclass(frozen=True, slots=True)
class Work:
    """The context of one request or command.

    Attributes:
        vault: opened by the officer who acts.
        settings: of this installation.
        today: day number (days since 1970-01-01) in the settings' time zone.
    """

    vault: Vault
    settings: Settings
    today: Day

    def on(self, day: Day) -> "Work":
        """Return the same context on another day (day number)."""
        return replace(self, today=day)
