"""Prepares the process from which all others are forked: it has the site's templates, and ends with the tests.

Rule: imported by that process alone; what it makes is equal for every site (tests/conftest.py keeps it).
"""

import ctypes
import signal
import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401  its cache of compiled templates
from dropbox.web.app import create_app
from dropbox.web.base.templates import compile_all
from dropbox.web.base.view import TEMPLATES
from tests.support.desks import make_site

PR_SET_PDEATHSIG = 1  # linux/prctl.h

ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
with tempfile.TemporaryDirectory(prefix="faults-", dir="/tmp") as folder:
    site, _ = make_site(Path(folder))
    compile_all(create_app(site).extensions[TEMPLATES])
    site.store.close()
