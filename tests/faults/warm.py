"""Compiles the site's templates where all processes are forked from, so that a site that is started again has them.

Rule: imported by the forking process alone; what it makes is equal for every site (tests/conftest.py keeps it).
"""

import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401  its cache of compiled templates
from dropbox.web.app import create_app
from dropbox.web.base.templates import compile_all
from dropbox.web.base.view import TEMPLATES
from tests.support.desks import make_site

with tempfile.TemporaryDirectory(prefix="faults-", dir="/tmp") as folder:
    site, _ = make_site(Path(folder))
    compile_all(create_app(site).extensions[TEMPLATES])
    site.store.close()
