"""Names the officers of a practice vault: made-up people, one for each role, all with one passphrase that is no secret.

Rule: a folder is shown as practice only if its root is a demo's, so that no page ever shows a real passphrase.
"""

from pathlib import Path
from typing import Final

from dropbox.errors import DropboxError
from dropbox.triage.vault.officer import OFFICERS, NewOfficer
from dropbox.triage.vault.vault import ANCHOR
from dropbox.wire.keyring import parse_anchor

DESK: Final = "latihan"  # no real desk: each case, agenda number and paper carries the word
PASSPHRASE: Final = "latihan saja, bukan rahasia"  # noqa: S105  shown on the page that asks for it
# The first adds the others. Invented names: none of their parts is a common word or a post (matching.names).
PEOPLE: Final = tuple(
    NewOfficer(login, name, (role,), PASSPHRASE, unit)
    for login, name, role, unit in (
        ("laksmi", "Laksmiwati Adisuryani", "irjen", ""),
        ("ratna", "Ratnawulan Kertapati", "petugas-penerima", "Bagian PHP dan Dumas"),
        ("bayu", "Bayuaji Suryaningrat", "verifikator", "Bagian PHP dan Dumas"),
        ("sekar", "Sekarningsih Widyantara", "penelaah", "Inspektorat II"),
        ("darma", "Darmawangsa Pranatayuda", "inspektur", "Inspektorat II"),
        ("galuh", "Galuhsari Mandalawangi", "pengawas", ""),
    )
)


def is_practice(folder: Path) -> bool:
    """Return whether the vault of a folder is for practice: a demo's root signed its certificate."""
    try:
        return parse_anchor((folder / ANCHOR).read_bytes()).demo
    except (OSError, DropboxError):
        return False


def has_practice_people(folder: Path) -> bool:
    """Return whether PEOPLE can open the vault of a folder, which then may show their passphrase."""
    logins = {path.stem for path in (folder / OFFICERS).glob("*.key")}
    return is_practice(folder) and {one.login for one in PEOPLE} <= logins
