"""Writes the part of the settings that visitors of the site can see as one canonical text, and reads it back.

    public settings = JSON of UTF-8: names sorted, no spaces, integers alone as numbers
                      {"settings": tables of settings.toml, "form": text or "", "content": {file name: text}}
    a table whose order is shown (desks, service_days, …) is a list of [name, value]

Rule: what a page shows is in it (a test compares the pages' code with SHOWN), and nothing that the site keeps to
itself: no path, no address of a database, no user, no address of the courier.
"""

import json
import re
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from dropbox.errors import ConfigurationError, MalformedError
from dropbox.settings.contacts import Contact
from dropbox.settings.installation import LANGUAGES, Settings, from_table

# Attributes of Settings whose values are in the text.
SHOWN: Final = frozenset(
    """site_name tab office quick_exit_url onion address security_contact security_until intake_open zone return_days
    service_days desks contacts file_max_bytes files_max content form_file workstation""".split()  # noqa: SIM905
)
_MIB: Final = 1024 * 1024
_NAME: Final = re.compile(r"[a-z]{1,32}\.toml")  # of a content page
_ORDERED: Final = ("desks", "contacts", "referral_targets", "service_days")  # whole, and in the order of the settings


def encode_public(settings: Settings) -> bytes:
    """Return the canonical text of what visitors can see; raises ConfigurationError for a file that cannot be read."""
    value = {"settings": _tables(settings), "form": _text(settings.form_file), "content": _contents(settings.content)}
    return _canonical(value)


def decode_public(untrusted: bytes, folder: Path) -> Settings:
    """Return settings that show what a canonical text says; all else is as in the packaged defaults.

    Args:
        untrusted: the text.
        folder: an empty folder, into which the installation's own form and content pages are written.

    Raises:
        MalformedError: it is not the canonical text of public settings.
        ConfigurationError: a value is not allowed.
    """
    try:
        value = json.loads(untrusted.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
        _check(_canonical(value) == untrusted and set(value) == {"settings", "form", "content"})
        table = _merged(value["settings"])
        form, content = value["form"], value["content"]
        for name, text in content.items():
            _check(bool(_NAME.fullmatch(name)))
            _write(folder / "content" / name, text)
        if form:
            _write(folder / "form.toml", form)
        settings = from_table(table, folder)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MalformedError("settings.public") from None
    return replace(
        settings,
        content=folder / "content" if content else None,
        form_file=folder / "form.toml" if form else None,
    )


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _refuse(_number: str) -> None:
    raise ValueError


def _check(is_sound: bool) -> None:  # noqa: FBT001
    if not is_sound:
        raise ValueError


def _defaults() -> dict[str, Any]:
    return tomllib.loads((resources.files("dropbox.settings") / "settings.toml").read_text("utf-8"))


def _merged(tables: dict[str, Any]) -> dict[str, Any]:
    """The packaged defaults, with the public tables over them; an unknown table or name raises ValueError."""
    merged = _defaults()
    for name, table in tables.items():
        if name in _ORDERED:
            merged[name] = dict(table)
            _check(len(merged[name]) == len(table))
        else:
            _check(set(table) <= set(merged[name]))
            merged[name] |= table
    referral = merged["referral"]  # names of the defaults' bodies, of which this installation may have others
    referral["law_enforcement"] = [name for name in referral["law_enforcement"] if name in merged["referral_targets"]]
    return merged


def _tables(settings: Settings) -> dict[str, Any]:
    named = {"name": settings.site_name, "tab": settings.tab, "office": settings.office}
    site: dict[str, Any] = {f"{key}_{lang}": words[lang] for key, words in named.items() for lang in LANGUAGES}
    site |= {name: getattr(settings, name) for name in ("quick_exit_url", "onion", "address", "security_contact")}
    site["security_until"] = settings.security_until.isoformat() if settings.security_until else ""
    targets = settings.workstation.referral_targets
    return {
        "site": site,
        "intake": {"open": settings.intake_open},
        "time": {"zone": settings.zone.key, "return_days": settings.return_days},
        "service_days": [[name, days] for name, days in settings.service_days.items()],
        "desks": [
            [name, {f"{key}_{lang}": words[lang] for key, words in _words_of(desk) for lang in LANGUAGES}]
            for name, desk in settings.desks.items()
        ],
        "contacts": [[name, _contact(contact)] for name, contact in settings.contacts.items()],
        "limits": {"file_mib": settings.file_max_bytes // _MIB, "files": settings.files_max},
        "referral_targets": [
            [name, {f"label_{lang}": words[lang] for lang in LANGUAGES}] for name, words in targets.items()
        ],
    }


def _words_of(desk: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401
    return ("label", desk.label), ("reads", desk.reads)


def _contact(contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return dict.fromkeys(("number", "address", "source", "date"), "")
    return {
        "number": contact.number,
        "address": contact.address,
        "source": contact.source,
        "date": contact.date.isoformat(),
    }


def _text(path: Path | None) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig") if path else ""
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("settings.unreadable") from None


def _contents(folder: Path | None) -> dict[str, str]:
    return {path.name: _text(path) for path in sorted(folder.glob("*.toml"))} if folder else {}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
