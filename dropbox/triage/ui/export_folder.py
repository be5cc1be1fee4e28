"""The one folder into which the pages write: copies of files, and letters.

Rule: nothing leaves through the browser: it would keep a copy in a folder and a list that nobody empties. What is
written lies in workstation.export_folder, which its owner alone may enter, and the page says to delete it.
"""

import contextlib
from pathlib import Path

from dropbox.disk.private import private_folder
from dropbox.errors import ConfigurationError, StorageFullError
from dropbox.settings.installation import Settings
from dropbox.triage.casework.extract import outside_the_vault
from dropbox.triage.vault.work import Work


def shown(settings: Settings) -> Path:
    """Where the folder is, or will be, for the eye."""
    place = settings.workstation.export_folder
    with contextlib.suppress(RuntimeError):  # "~" of nobody
        return place.expanduser()
    return place


def folder(work: Work) -> Path:
    """The folder, made if needed.

    Raises:
        RefusedError: it lies in the vault or in its second copy.
        ConfigurationError: others may enter it, or its place cannot be found.
        StorageFullError: it could not be made.
    """
    try:
        return private_folder(outside_the_vault(work.vault, work.settings.workstation.export_folder.expanduser()))
    except RuntimeError:
        raise ConfigurationError("settings.export-folder") from None
    except OSError as error:
        raise StorageFullError("export.folder-unwritable", system=error.errno) from None
