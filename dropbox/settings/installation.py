"""Reads the installation's settings: one TOML file over the packaged defaults, into a frozen value.

Rule: an unknown name, a wrong type or a number out of range stops the program with a sentence that says what to do.
"""

import datetime
import importlib.resources
import os
import re
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from dropbox.errors import ConfigurationError
from dropbox.limits import CONTACT_DAYS, FILE_MAX_BYTES, FILES_PER_FORM_MAX, MIB, NIGHT_HOUR, TIDY_SECONDS_MAX
from dropbox.settings.business_days import WorkDays
from dropbox.settings.contacts import Contact, contacts_of
from dropbox.settings.courier import Courier, courier_of
from dropbox.settings.courier_page import CourierPage, courier_page_of
from dropbox.settings.workstation import Workstation, workstation_of

LANGUAGES: Final = ("id", "en")
ACCEPTABLE: Final = ("root-user", "open-folders", "open-address", "swap")
_SOCKET_MAX: Final = 107  # bytes of a path: unix(7)
_OWN_LISTS: Final = ("desks.", "roles.", "offices.", "referral_targets.")
_WHOLE: Final = ("service_days", "review_days", "retention_days")


@dataclass(frozen=True)
class Desk:
    """A desk's label and a description of its readers, by language."""

    label: Mapping[str, str]
    reads: Mapping[str, str]


@dataclass(frozen=True)
class Settings:
    """Everything that an administrator may set."""

    site_name: Mapping[str, str]
    tab: Mapping[str, str]
    office: Mapping[str, str]
    quick_exit_url: str
    onion: str  # host, or empty
    address: str  # scheme and host of the site, or empty
    content: Path | None  # folder of the pages that are the installation's own
    sealer_signature: Path | None
    manifest: Path | None  # the root's manifest of the site
    security_contact: str  # a URI, or empty
    security_until: datetime.date | None  # last day of the contact
    database: str
    root_pub: Path
    intake_open: bool
    form_file: Path | None  # the optional part of the form, where it is not the packaged one
    zone: zoneinfo.ZoneInfo
    return_days: int
    workdays: WorkDays
    service_days: Mapping[str, int]
    desks: Mapping[str, Desk]
    contacts: Mapping[str, Contact | None]  # of bodies that help; None: not confirmed
    file_max_bytes: int
    files_max: int
    tidy_seconds: int
    store_bytes: int  # 0: as much as the disk holds
    store_files_percent: int
    store_unfinished_percent: int
    workstation: Workstation
    courier: Courier
    courier_page: CourierPage
    accept: frozenset[str] = frozenset()  # of ACCEPTABLE: what production would refuse otherwise
    health: Path | None = None  # socket at which the running server says whether it is well
    file: Path | None = None  # where these settings stand

    def today(self, now: datetime.datetime | None = None) -> datetime.date:
        """Return today's date in the installation's time zone."""
        return (now or datetime.datetime.now(datetime.UTC)).astimezone(self.zone).date()

    def night(self, now: datetime.datetime | None = None) -> int:
        """The day number of the date in the installation's zone, where days begin at NIGHT_HOUR."""
        begun = (now or datetime.datetime.now(datetime.UTC)) - datetime.timedelta(hours=NIGHT_HOUR)
        return (self.today(begun) - datetime.date(1970, 1, 1)).days

    @property
    def missing_contacts(self) -> list[str]:
        """The names of contacts that nobody has confirmed: pages on violence and protection lack them."""
        return [name for name, contact in self.contacts.items() if contact is None]

    @property
    def old_contacts(self) -> list[str]:
        """The names of contacts that were confirmed more than a year ago: numbers change."""
        since = self.today() - datetime.timedelta(days=CONTACT_DAYS)
        return [name for name, contact in self.contacts.items() if contact and contact.date < since]

    def after_working_days(self, start: datetime.date, days: int) -> datetime.date:
        """Return the date that is `days` working days after the start."""
        return self.workdays.after(start, days)

    def working_days_between(self, start: datetime.date, end: datetime.date) -> int:
        """Return the number of working days after the start, up to and with the end; 0 when the end is not later."""
        return self.workdays.between(start, end)

    def is_working_day(self, date: datetime.date) -> bool:
        """Return whether the date is a working day: Monday to Friday, no holiday, joint leave or other day off."""
        return self.workdays.is_worked(date)


def _merge(base: dict[str, Any], over: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        place = f"{where}{name}"
        # Desks, roles and the like are the installation's own lists; anywhere else an unknown name is a typo.
        free = where.startswith(_OWN_LISTS)
        if name not in base and not free:
            raise ConfigurationError("settings.unknown-name", name=place)
        old = base.get(name)
        kind = dict if free and where in _OWN_LISTS else type(value) if old is None else type(old)
        if type(value) is not kind:
            raise ConfigurationError("settings.type", name=place, type=kind.__name__)
        is_whole = place in _WHOLE  # a status that is left out has no date
        merged[name] = _merge(old or {}, value, f"{place}.") if isinstance(value, dict) and not is_whole else value
    return merged


def _by_language(table: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    try:
        return {language: str(table[f"{name}_{language}"]) for language in LANGUAGES}
    except KeyError as missing:
        raise ConfigurationError("settings.missing", where=where, name=missing.args[0]) from None


def _find(name: str, folder: Path) -> Path:
    """Find a file of the settings: absolute, else next to the settings, else in the project's folder of keys."""
    path = Path(name)
    package = Path(__file__).parents[1]
    places = [folder / path, package.parent / "keys" / path, package / "_keys" / path]
    return path if path.is_absolute() else next((place for place in places if place.is_file()), places[0])


def _database(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_absolute():
        return prefix + str((folder / url.removeprefix(prefix)).resolve())
    return url


def _onion(host: str) -> str:
    if host and not re.fullmatch(r"[a-z2-7]{56}\.onion", host):
        raise ConfigurationError("settings.onion")
    return host


def _address(address: str) -> str:
    if address and not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", address):
        raise ConfigurationError("settings.address")
    return address


def _security(contact: str, until: str) -> datetime.date | None:
    """The last day of the contact for weaknesses, None without one."""
    if not contact and not until:
        return None
    if not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+|https://\S+", contact) or not re.fullmatch(r"\d{4}-\d\d-\d\d", until):
        raise ConfigurationError("settings.security-contact")
    try:
        return datetime.date.fromisoformat(until)
    except ValueError:
        raise ConfigurationError("settings.security-until") from None


def _accepted(words: Iterable[object]) -> frozenset[str]:
    accepted = frozenset(map(str, words))
    if not accepted <= set(ACCEPTABLE):
        raise ConfigurationError("settings.accept", words=", ".join(ACCEPTABLE))
    return accepted


def _socket(name: str, folder: Path) -> Path | None:
    path = (folder / name).resolve() if name else None
    if path and len(os.fsencode(path)) > _SOCKET_MAX:
        raise ConfigurationError("settings.health", most=_SOCKET_MAX)
    return path


def _dates(typed: Iterable[object]) -> frozenset[datetime.date]:
    return frozenset(datetime.date.fromisoformat(str(day)) for day in typed)


def load(path: Path | None = None) -> Settings:
    """Load the settings of a file (default: DROPBOX_CONFIG, else the packaged defaults); raises ConfigurationError."""
    defaults = tomllib.loads((importlib.resources.files("dropbox.settings") / "settings.toml").read_text("utf-8"))
    named = path or (Path(os.environ["DROPBOX_CONFIG"]) if os.environ.get("DROPBOX_CONFIG") else None)
    try:
        over = tomllib.loads(named.read_text("utf-8-sig")) if named else {}
    except OSError:
        raise ConfigurationError("settings.unreadable") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError("settings.not-toml", detail=str(error)) from None
    settings = from_table(_merge(defaults, over), named.resolve().parent if named else Path.cwd())
    return replace(settings, file=named.resolve() if named else None)


def from_table(table: Mapping[str, Any], folder: Path) -> Settings:
    """Build settings from a parsed table; relative paths start at the folder. Raises ConfigurationError."""
    limits, time = table["limits"], table["time"]
    if not 1 <= limits["file_mib"] <= FILE_MAX_BYTES // MIB:
        raise ConfigurationError("settings.file-mib")
    if not 1 <= limits["files"] <= FILES_PER_FORM_MAX:
        raise ConfigurationError("settings.files", most=FILES_PER_FORM_MAX)
    store = table["store"]
    if not 1 <= store["tidy_seconds"] <= TIDY_SECONDS_MAX:
        raise ConfigurationError("settings.tidy-seconds", most=TIDY_SECONDS_MAX)
    if not 0 < store["unfinished_percent"] <= store["files_percent"] <= 80:
        raise ConfigurationError("settings.percent")
    if store["budget_mib"] < 0 or (not store["budget_mib"] and table["server"]["database"].startswith("postgresql")):
        raise ConfigurationError("settings.budget")
    try:
        zone = zoneinfo.ZoneInfo(time["zone"])
        workdays = WorkDays(_dates(time["holidays"]), _dates(time["working"]), time["joint_leave"])
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):  # a part of a zone's name is a folder
        raise ConfigurationError("settings.time") from None
    if time["return_days"] < 1:
        raise ConfigurationError("settings.return-days")
    service_days = table["service_days"]
    if any(type(days) is not int or days < 1 for days in service_days.values()):
        raise ConfigurationError("settings.service-days")
    return Settings(
        site_name=_by_language(table["site"], "name", "site"),
        tab=_by_language(table["site"], "tab", "site"),
        office=_by_language(table["site"], "office", "site"),
        quick_exit_url=table["site"]["quick_exit_url"],
        onion=_onion(table["site"]["onion"]),
        address=_address(table["site"]["address"]),
        content=(folder / content).resolve() if (content := table["site"]["content"]) else None,
        sealer_signature=_find(signature, folder) if (signature := table["site"]["sealer_signature"]) else None,
        manifest=(folder / manifest).resolve() if (manifest := table["site"]["manifest"]) else None,
        security_contact=table["site"]["security_contact"],
        security_until=_security(table["site"]["security_contact"], table["site"]["security_until"]),
        database=_database(table["server"]["database"], folder),
        root_pub=_find(table["server"]["root_pub"], folder),
        intake_open=table["intake"]["open"],
        form_file=_find(form_file, folder) if (form_file := table["form"]["file"]) else None,
        zone=zone,
        return_days=time["return_days"],
        workdays=workdays,
        service_days=service_days,
        desks={
            name: Desk(_by_language(desk, "label", f"desks.{name}"), _by_language(desk, "reads", f"desks.{name}"))
            for name, desk in table["desks"].items()
        },
        contacts=contacts_of(table["contacts"], datetime.datetime.now(zone).date()),
        file_max_bytes=limits["file_mib"] * MIB,
        files_max=limits["files"],
        tidy_seconds=store["tidy_seconds"],
        store_bytes=store["budget_mib"] * MIB,
        store_files_percent=store["files_percent"],
        store_unfinished_percent=store["unfinished_percent"],
        workstation=workstation_of(table),
        courier=courier_of(table["courier"], folder),
        courier_page=courier_page_of(table["courier_page"], folder),
        accept=_accepted(table["server"]["accept"]),
        health=_socket(table["server"]["health"], folder),
    )
