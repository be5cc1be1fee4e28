"""Lists the modules whose checks are taken out, and all mutants of them.

Rule: what reads or verifies the bytes of FORMAT is in the list, and what an importer asks of a return. What only seals,
builds or compares inside a machine is not, nor what a site asks of a request: `dropbox/REVIEWING.md` names it.
"""

import json
import subprocess
import tomllib
from collections.abc import Container, Iterator
from pathlib import Path

from tests.mutants.python_checks import Mutant, mutants_of, names_of

ROOT = Path(__file__).parents[2]
PYTHON = (
    *(f"wire/{name}" for name in ("blob", "board", "bundle", "claim", "container", "dossier", "fields", "keyring")),
    *(
        f"wire/{name}"
        for name in ("log_statement", "manifest", "notice", "padding", "receipt", "receiver", "request", "server")
    ),
    *(f"wire/{name}" for name in ("signed", "statistics")),
    *(f"crypto/{name}" for name in ("answers", "claims", "exports", "kem", "key_bundle", "keyring", "log_statements")),
    *(f"crypto/{name}" for name in ("receivers", "secret", "signing", "site_manifest", "words")),
    *(f"crypto/private/{name}" for name in ("opening", "desk_keys", "receiver_keys", "courier_key")),
    *("courier/chain", "courier/checking", "courier/importing", "web/intake/acceptance"),
)
JAVASCRIPT = (
    *(f"crypto/{name}" for name in ("answers", "claims", "kem", "key-bundle", "keyring", "secret", "signing", "words")),
    *(f"wire/{name}" for name in ("board", "bundle", "claim", "fields", "keyring", "signed")),
    "published/boards",
)


def _python() -> Iterator[tuple[str, str]]:
    for name in PYTHON:
        path = f"dropbox/{name}.py"
        yield path, (ROOT / path).read_text("utf-8")


def python_names() -> Iterator[str]:
    """Yield the names of all mutants of the Python modules."""
    for path, source in _python():
        yield from names_of(path, source)


def python_mutants(chosen: Container[str] | None = None) -> Iterator[Mutant]:
    """Yield a mutant for each check of the Python modules, or for those of the chosen names."""
    for path, source in _python():
        yield from mutants_of(path, source, chosen)


def javascript_mutants() -> Iterator[Mutant]:
    """Yield a mutant for each check of the JavaScript modules."""
    paths = [f"dropbox/web/browser/src/{name}.js" for name in JAVASCRIPT]
    command = ["node", str(Path(__file__).with_name("javascript_checks.mjs")), *paths]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in found.splitlines():
        values = json.loads(line)
        yield Mutant(values["path"], values["line"], values["check"], values["source"])


def implied() -> dict[str, str]:
    """Return, by name of the mutant, why no vector can notice that a check was taken out."""
    listed = tomllib.loads(Path(__file__).with_name("implied.toml").read_text("utf-8"))
    return {f"{path}: {check}": reason for path, checks in listed.items() for check, reason in checks.items()}
