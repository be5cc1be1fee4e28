"""Says who a login is, as a paper names them: name, post and unit.

Rule: an officer who has left keeps their name; a login that nobody ever had becomes "".
"""

from dropbox.settings.installation import Settings
from dropbox.triage.tables import officers
from dropbox.triage.tables.database import Database


class Names:
    """The officers of a vault by login.

    Args:
        db: of the vault.
        settings: of the installation: labels of the roles.
        language: `id` or `en`.
    """

    def __init__(self, db: Database, settings: Settings, language: str) -> None:
        self._rows = {row.login: row for row in officers.everybody(db)}
        self._roles, self._language = settings.workstation.roles, language

    def short(self, login: str) -> str:
        """Return the officer's name, such as `Bayuaji Suryaningrat`."""
        return self._rows[login].name if login in self._rows else ""

    def full(self, login: str) -> str:
        """Return name, post and unit, such as `Bayuaji Suryaningrat, Verifikator, Bagian PHP dan Dumas`."""
        if login not in self._rows:
            return ""
        row = self._rows[login]
        posts = [self._roles[role].label[self._language] for role in row.roles if role in self._roles]
        return ", ".join(filter(None, (row.name, *posts, row.unit)))
