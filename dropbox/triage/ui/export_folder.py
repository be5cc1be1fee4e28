"""Provides the folder into which the pages write copies of files, and letters.

Rule: nothing leaves through the browser, which would keep a copy and a list of downloads. Files are written to
workstation.export_folder, which only its owner may enter, and the page says to delete them.
"""

import contextlib
import secrets
from pathlib import Path

from dropbox.disk.private import private_folder, write_whole
from dropbox.errors import ConfigurationError, StorageFullError
from dropbox.settings.installation import Settings
from dropbox.triage.casework.extract import outside_the_vault
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.work import Work


def shown(settings: Settings) -> Path:
    """Return the path of the folder as a page shows it."""
    place = settings.workstation.export_folder
    with contextlib.suppress(RuntimeError):  # "~" of a user without a home
        return place.expanduser()
    return place


def folder(work: Work) -> Path:
    """Return the folder; create it if needed.

    Raises:
        RefusedError: it is in the vault or in its second copy.
        ConfigurationError: others may enter it, or its place cannot be found.
        StorageFullError: it could not be created.
    """
    try:
        return private_folder(outside_the_vault(work.vault, work.settings.workstation.export_folder.expanduser()))
    except RuntimeError:
        raise ConfigurationError("settings.export-folder") from None
    except OSError as error:
        raise StorageFullError("export.folder-unwritable", system=error.errno) from None


def keep(place: Path, stem: str, data: bytes, kind: str = "pdf") -> str:
    """Write a file under a name of its own into `folder`; return the sentence that says so; raises as write_whole."""
    name = f"{stem}-{secrets.token_hex(4)}.{kind}"
    write_whole(place / name, data)
    return _("%(name)s ada di %(folder)s. Hapus bila sudah selesai.", name=name, folder=place)
