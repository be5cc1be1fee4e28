"""Who may open the vault.

Rule: an officer who has left stays as inactive, because the log names them. Private keys are not here.
"""

from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database

_COLUMNS: Final = "login, name, unit, roles, lang, active, public"


class Row(NamedTuple):
    """An officer. `public`: the X25519 key (32 bytes) to which identities are sealed."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    lang: str
    active: bool
    public: bytes


def _select(db: Database, where: str, order: str, /, **values: str) -> list[Row]:
    rows = db.execute(f"select {_COLUMNS} from officers where {where} order by {order}", values)
    return [
        Row(login, name, unit, tuple(roles.split()), lang, bool(active), bytes(public))
        for login, name, unit, roles, lang, active, public in rows
    ]


def everybody(db: Database) -> list[Row]:
    """Return everybody who ever had a login, by login."""
    return _select(db, "1", "login")


def active(db: Database) -> list[Row]:
    """Return who may work at the desk now, in the order in which they came."""
    return _select(db, "active", "number")


def active_of(db: Database, login: str) -> Row | None:
    """Return the active officer of a login."""
    found = _select(db, "active and login = :login", "login", login=login)
    return found[0] if found else None


def add(db: Database, new: Row) -> None:
    """Keep a new officer, who is active and has the first language; inside a transaction."""
    values = {"login": new.login, "name": new.name, "unit": new.unit, "public": new.public}
    db.execute(
        "insert into officers (login, name, unit, roles, public) values (:login, :name, :unit, :roles, :public)",
        values | {"roles": " ".join(new.roles)},
    )


def change(db: Database, row: Row) -> None:
    """Set name, unit, language and roles of an officer; inside a transaction."""
    values = {"login": row.login, "name": row.name, "unit": row.unit, "lang": row.lang, "roles": " ".join(row.roles)}
    db.execute(
        "update officers set name = :name, unit = :unit, lang = :lang, roles = :roles where login = :login", values
    )


def change_language(db: Database, login: str, lang: str) -> None:
    """Set the language of an officer's pages; inside a transaction."""
    db.execute("update officers set lang = :lang where login = :login", {"login": login, "lang": lang})


def deactivate(db: Database, login: str) -> None:
    """Let an officer open the vault no more; inside a transaction."""
    db.execute("update officers set active = 0 where login = :login", {"login": login})
