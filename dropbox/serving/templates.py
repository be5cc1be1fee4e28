"""Finds the folder of the templates of all programs with pages."""

import importlib.resources
from pathlib import Path

from dropbox.errors import ConfigurationError


def template_folder() -> Path:
    """Return templates/ of an installed package, or of the checkout that an editable install points to.

    Raises:
        ConfigurationError: there is neither.
    """
    package = Path(str(importlib.resources.files("dropbox")))
    for folder in (package / "_templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise ConfigurationError("site.templates")
