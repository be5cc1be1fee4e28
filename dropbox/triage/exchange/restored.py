"""What a restored vault does not know, and the ordered steps until it may publish again.

    restored → new station key, request → certificate of a higher serial → first publication (ends the mark)

Rule: nothing that the lost vault may have said under its own numbers is said again under the same: a restored vault is
a new station, and publishes nothing before the root has certified it. What was published or received since the backup
is unknown, and stays named as unknown.
"""

from pathlib import Path
from typing import Final

from dropbox.crypto.kdf import prf
from dropbox.crypto.private.desk_keys import StationKey
from dropbox.crypto.private.private_files import seal_below
from dropbox.disk.pieces import shred
from dropbox.disk.private import write_whole
from dropbox.errors import RefusedError
from dropbox.limits import NUMBERS_PER_SERIAL
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.tables import events
from dropbox.triage.tables.outgoing import tellings
from dropbox.triage.vault import anew
from dropbox.triage.vault.vault import CERTIFICATE, STATION_KEY, Vault, request_path, station_head
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.request import StationRequest, encode_request
from dropbox.wire.signed import parse_certificate, split_certificate

_DAY: Final = "restored day"  # 0: not restored, or its first publication has gone out since
_SERIAL: Final = "restored serial"  # the highest that the backup knew
_STATISTICS: Final = "statistics unknown"


def mark(vault: Vault, today: Day) -> None:
    """Mark a vault as restored; inside a transaction, before its keys are made anew."""
    path = vault.folder / CERTIFICATE
    serials = [vault.count(_SERIAL), -(-vault.count("published") // NUMBERS_PER_SERIAL)]
    if path.exists():
        serials.append(parse_certificate(split_certificate(path.read_bytes())[0]).serial)
    vault.put_count(_SERIAL, max(serials))
    # The lost vault may have published since the backup: what had not left by then may have left meanwhile.
    events.publish(vault.db, max(1, vault.count("published")))
    tellings.clear(vault.db)
    vault.put_count(_DAY, today)
    vault.put_count(_STATISTICS, today)
    anew.mark(vault, today)


def new_station(vault: Vault) -> Path:
    """Give the vault on the disk another station key, and the request for its certificate; returns the request.

    The opened vault keeps the old key: close it afterwards.
    """
    station = StationKey.generate()
    request = request_path(vault.folder, vault.desk)
    (vault.folder / CERTIFICATE).unlink(missing_ok=True)
    shred(vault.folder / STATION_KEY)
    sealed = seal_below(station_head(vault.desk), prf(vault.key, "station file"), station.seed)
    write_whole(vault.folder / STATION_KEY, sealed, replace=True)
    write_whole(request, encode_request(StationRequest(vault.desk, vault.instance, station.public)), replace=True)
    return request


def is_marked(vault: Vault) -> bool:
    """Whether the vault was restored and has not published since."""
    return vault.count(_DAY) > 0


def day(vault: Vault) -> Day:
    """The day of the restore while the mark stands, else 0."""
    return Day(vault.count(_DAY))


def steps(vault: Vault) -> list[str]:
    """What is to be done, in order, and what is unknown; nothing when the vault is not marked."""
    if not is_marked(vault):
        return []
    return [
        Sentence("restored.steps", day=date_of(vault.count(_DAY))),
        Sentence("restored.step-ceremony", name=request_path(vault.folder, vault.desk).name),
        Sentence("restored.step-certificate"),
        Sentence("restored.step-publish"),
        Sentence("restored.step-courier"),
        Sentence("restored.unknown"),
    ]


def check_serial(vault: Vault, serial: int) -> None:
    """Pass, if a publication under that serial cannot repeat a number of the lost station; raises RefusedError."""
    if is_marked(vault) and serial <= vault.count(_SERIAL):
        raise RefusedError("restored.certificate")


def end(vault: Vault) -> None:
    """Take the mark away: its first publication is made; inside that transaction."""
    if is_marked(vault):
        vault.put_count(_DAY, 0)


def knows_statistics(vault: Vault) -> bool:
    """Whether the vault knows which periods were told to the public."""
    return vault.count(_STATISTICS) == 0


def check_statistics(vault: Vault) -> None:
    """Pass, if it is known which periods the public was told; raises RefusedError."""
    if not knows_statistics(vault):
        raise RefusedError("restored.statistics")


def settle_statistics(vault: Vault) -> None:
    """The periods are known again; inside a transaction."""
    vault.put_count(_STATISTICS, 0)
