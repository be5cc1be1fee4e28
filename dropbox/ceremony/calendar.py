"""Lists by day what must be renewed: the root, certificates, lists of revocations, weekly keys, help numbers, shares.

Rule: it needs public files only (root.pub, serials.txt, revocations, returns, settings) and no passphrase; what a file
was not named for is said, never taken for good. What the root signed is in its records; what a desk has installed is in
its return alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.ceremony.authority import SERVER_NAME, IssuedCertificate
from dropbox.ceremony.recovery import Records, read_records
from dropbox.disk.small import read_small
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import (
    CERTIFICATE_WARN_DAYS,
    CONTACT_DAYS,
    EPOCH_DAYS,
    EPOCHS_AHEAD,
    RETURN_BUNDLE_MAX_BYTES,
    REVOCATIONS_DAYS,
    ROOT_WARN_DAYS,
)
from dropbox.sentences.catalogue import Sentence
from dropbox.settings import installation
from dropbox.wire.bundle import parse_return
from dropbox.wire.calendar import Day, date_of, day_of, epoch_last_day
from dropbox.wire.keyring import parse_key_bundle
from dropbox.wire.signed import Certificate, Revocations, parse_object, parse_revocations, read_certificate

_YEAR: Final = 365
_KEYS_WARN_DAYS: Final = EPOCHS_AHEAD * EPOCH_DAYS // 2  # a return each week keeps far above this


@dataclass(frozen=True)
class Due:
    """Something to renew: from day `act` on, before the end of day `last`."""

    act: Day
    last: Day
    what: Sentence


@dataclass(frozen=True)
class Calendar:
    """What must be renewed, the next first, and sentences on what could not be seen in the files that were named."""

    due: tuple[Due, ...]
    unseen: tuple[Sentence, ...]


@dataclass(frozen=True)
class _Seen:
    """What a desk's return shows; its signature is not verified.

    Attributes:
        desk: its code.
        installed: the station's certificate.
        listed: the list of revocations that the station has; None if the return has none.
        keys_last: day on which the last weekly key ends.
    """

    desk: str
    installed: Certificate
    listed: Revocations | None
    keys_last: Day


def calendar_of(
    folder: Path, returns: Sequence[Path], config: Path | None, drilled: Day | None, today: Day
) -> Calendar:
    """Return all that must be renewed.

    Args:
        folder: the root's folder, or a copy of its public files.
        returns: the desks' newest returns, for the end of their weekly keys, and for the certificate and the list of
            revocations that each desk has installed; their signatures are not verified.
        config: the server's settings, for its desks, help numbers and the security contact; None: the last two are not
            listed, and the desks are those of the packaged settings.
        drilled: day number of the last drill, from its minutes; None: the next one is not listed.
        today: day number.

    Raises:
        NotFoundError, TooLargeError, MalformedError, UntrustedError, RefusedError: see `recovery.read_records`.
        ConfigurationError: the settings cannot be read.
        RefusedError: also if the drill is later than today.
    """
    if drilled is not None and drilled > today:
        raise RefusedError("calendar.drill-later")
    records = read_records(folder)
    seen = {one.desk: one for one in map(_seen, returns)}
    settings = installation.load(config)
    newest = _newest(records)
    found = [*_of_root(records), *_of_certificates(records, newest), *_missing(records, settings, today)]
    unseen = []
    for name, one in seen.items():
        found += _of_desk(one, records, newest.get(name))
        if one.installed.serial > records.last_serial:
            unseen.append(Sentence("calendar.records-older", desk=name, serial=one.installed.serial))
        elif one.listed and one.listed.number > records.listed.number:
            unseen.append(Sentence("calendar.records-older-list", desk=name, number=one.listed.number))
    if desks := sorted(newest.keys() - {SERVER_NAME} - seen.keys()):
        unseen.append(Sentence("calendar.unseen-desks", desks=", ".join(desks)))
    if drilled is None:
        unseen.append(Sentence("calendar.unseen-drill"))
    else:
        due = Day(drilled + _YEAR)
        found.append(Due(Day(due - CERTIFICATE_WARN_DAYS), due, Sentence("calendar.drill")))
    if config:
        found += _of_settings(settings, today)
    else:
        unseen.append(Sentence("calendar.unseen-settings"))
    return Calendar(tuple(sorted(found, key=lambda one: (one.act, one.last))), tuple(unseen))


def page(found: Calendar, today: Day) -> list[str]:
    """Return the lines of the calendar, to print."""
    lines: list[str] = [Sentence("calendar.title", day=date_of(today))]
    for one in found.due:
        code = "calendar.over" if one.last < today else "calendar.now" if one.act <= today else "calendar.later"
        lines.append(Sentence(code, act=date_of(one.act), last=date_of(one.last), what=one.what))
    return [*lines, *found.unseen, Sentence("calendar.again")]


def _of_root(records: Records) -> Iterator[Due]:
    last = records.anchor.last
    yield Due(Day(last - ROOT_WARN_DAYS), last, Sentence("calendar.root"))
    made = records.listed.made
    end = Day(made + REVOCATIONS_DAYS)
    yield Due(Day(end - CERTIFICATE_WARN_DAYS), end, Sentence("calendar.list", number=records.listed.number))


def _newest(records: Records) -> dict[str, IssuedCertificate]:
    """Return the certificate with the highest serial of each desk, and of the server."""
    newest: dict[str, IssuedCertificate] = {}
    for one in records.issued:
        newest[one.desk] = max(newest.get(one.desk, one), one, key=lambda found: found.serial)
    return newest


def _of_certificates(records: Records, newest: Mapping[str, IssuedCertificate]) -> Iterator[Due]:
    for desk, one in newest.items():
        if one.key in records.listed.keys:
            day = Day(records.listed.keys[one.key])
            yield Due(day, day, Sentence("calendar.revoked", serial=one.serial, desk=desk))
            continue
        code = "calendar.server" if desk == SERVER_NAME else "calendar.desk"
        what = Sentence(code, serial=one.serial, desk=desk)
        yield Due(Day(one.last - CERTIFICATE_WARN_DAYS), Day(one.last), what)


def _missing(records: Records, settings: installation.Settings, today: Day) -> Iterator[Due]:
    """Return what was never certified: it is due today."""
    certified = {one.desk for one in records.issued}
    for desk in sorted(settings.desks.keys() - certified):
        yield Due(today, today, Sentence("calendar.never-desk", desk=desk))
    if SERVER_NAME not in certified:
        yield Due(today, today, Sentence("calendar.never-server"))


def _seen(path: Path) -> _Seen:
    parsed = parse_object(read_small(path, RETURN_BUNDLE_MAX_BYTES))
    if parsed.label != "return":
        raise MalformedError("calendar.not-return", name=path.name)
    bundle = parse_return(parsed.body)
    keys = [parse_key_bundle(one.body) for one in map(parse_object, bundle.objects) if one.label == "keys"]
    epochs = [epoch for one in keys for epoch in one.epochs]
    if not epochs:
        raise MalformedError("calendar.no-keys", name=path.name)
    listed = parse_revocations(bundle.revocations)[0] if bundle.revocations else None
    return _Seen(bundle.head.desk, read_certificate(parsed.certificate), listed, epoch_last_day(max(epochs)))


def _of_desk(seen: _Seen, records: Records, newest: IssuedCertificate | None) -> Iterator[Due]:
    """Return when a desk's weekly keys end, and what the root signed that the desk had not installed in its return."""
    desk, last = seen.desk, seen.keys_last
    yield Due(Day(last - _KEYS_WARN_DAYS), last, Sentence("calendar.keys", desk=desk))
    if newest and seen.installed.serial < newest.serial:
        last = Day(min(seen.installed.last, records.listed.keys.get(seen.installed.station, seen.installed.last)))
        what = Sentence("calendar.not-installed", desk=desk, serial=seen.installed.serial, newest=newest.serial)
        yield Due(Day(last - CERTIFICATE_WARN_DAYS), last, what)
    number, made, held = (seen.listed.number, seen.listed.made, seen.listed.keys) if seen.listed else (0, 0, {})
    if number < records.listed.number:
        last = Day(made + REVOCATIONS_DAYS)
        unknown = [day for key, day in records.listed.keys.items() if key not in held]  # it trusts these until then
        act = Day(min([*unknown, last - CERTIFICATE_WARN_DAYS]))
        what = Sentence("calendar.list-not-installed", desk=desk, number=number, newest=records.listed.number)
        yield Due(act, last, what)


def _of_settings(settings: installation.Settings, today: Day) -> Iterator[Due]:
    for name, contact in settings.contacts.items():
        if contact is None:
            yield Due(today, today, Sentence("calendar.contact-missing", name=name))
            continue
        last = Day(day_of(contact.date) + CONTACT_DAYS)
        yield Due(Day(last - CERTIFICATE_WARN_DAYS), last, Sentence("calendar.contact", name=name))
    if settings.security_until:
        last = day_of(settings.security_until)
        yield Due(Day(last - CERTIFICATE_WARN_DAYS), last, Sentence("calendar.security"))
    else:
        yield Due(today, today, Sentence("calendar.security-missing"))
