"""Prepares the process from which all others are forked: it has the site's templates, and ends with the tests.

Rule: imported by that process alone; what it makes is equal for every site (tests/conftest.py keeps it).
"""

import ctypes
import os
import signal
import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401  its cache of compiled templates
from dropbox import cli, demo
from dropbox.web.app import create_app
from dropbox.web.base.templates import compile_all
from dropbox.web.base.view import TEMPLATES
from tests.support.desks import make_site

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _fork(*argv: object) -> None:
    """Run a command of the demo in a process of its own, without one more start of Python."""
    child = os.fork()
    if not child:
        os._exit(cli.main([str(word) for word in argv]))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
demo._dropbox = _fork
with tempfile.TemporaryDirectory(prefix="faults-", dir="/tmp") as folder:
    site, _ = make_site(Path(folder))
    compile_all(create_app(site).extensions[TEMPLATES])
    site.store.close()
