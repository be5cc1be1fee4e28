"""Names the desks of the site: which are known, which can be written to today, who reads there."""

from collections.abc import Iterable

from dropbox.errors import StorageBusyError
from dropbox.web.base.current import keyring, language, site
from dropbox.web.base.messages import message


def desks_context() -> list[dict[str, str]]:
    """Return the desks of the keyring, or of the settings while there is none, in the order of the settings.

    Also while the store cannot be asked: the page that says so is made of this too.
    """
    lang = language()
    try:
        held = keyring().names()
    except StorageBusyError:
        held = []
    names = sorted(held or site().settings.desks, key=place_of)
    return [{"name": name, "label": desk_label(name), "reads": desk_reads(name, lang)} for name in names]


def place_of(name: str) -> int:
    """Return the place of a desk in the lists that people read: as in the settings; behind them if unknown there."""
    order = list(site().settings.desks)
    return order.index(name) if name in order else len(order)


def known_desks() -> list[str]:
    """Return the names of all desks that have keys here or a section in the settings, sorted."""
    return sorted({*site().settings.desks, *keyring().names()})


def closed_desks(names: Iterable[str]) -> dict[str, str]:
    """Return a sentence for each of these desks that nobody can write to today, by name."""
    open_now = keyring().open_desks(site().utc_day())
    return {name: f"{desk_label(name)}: {message('desk-closed')}" for name in names if name not in open_now}


def desk_label(name: str) -> str:
    """Return the label of a desk in the request's language; its name when the settings do not know it."""
    desk = site().settings.desks.get(name)
    return desk.label[language()] if desk else name


def desk_reads(name: str, lang: str) -> str:
    """Return who reads at a desk, as the settings say it in a language; empty when they do not know the desk."""
    desk = site().settings.desks.get(name)
    return desk.reads[lang] if desk else ""


def closed_reason() -> str:
    """Return why no report can be sent now (`closed` or `keys-expired`), or an empty string while one can."""
    here = site()
    if not here.settings.intake_open:
        return "closed"
    return "" if keyring().open_desks(here.utc_day()) else "keys-expired"
