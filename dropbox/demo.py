"""Runs `dropbox demo`: makes a root, two desks and a server's database in one folder, to try everything on one machine.

Rule: the root's signature marks everything as a demo, and nothing is written outside the folder. Only a demo has
private keys and a server on one machine; a server in production refuses all of it.
"""

import datetime
import json
import secrets
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from dropbox.ceremony import authority
from dropbox.crypto.private.private_files import Cost
from dropbox.crypto.signing import root_fingerprint
from dropbox.crypto.words import fingerprint_words, word_list
from dropbox.disk.passphrases import read_passphrase
from dropbox.disk.paths import is_folder, is_there
from dropbox.disk.private import guard_process, private_folder, read_private, write_whole
from dropbox.errors import ConfigurationError, DropboxError, RefusedError
from dropbox.limits import EPOCH_DAYS, EPOCHS_AHEAD, ROOT_DAYS, SERVER_CERTIFICATE_DAYS
from dropbox.sentences.catalogue import words_of
from dropbox.sentences.parser import PORT_MAX, Parser, between
from dropbox.settings import installation
from dropbox.triage.access import officers
from dropbox.triage.exchange.publish import publish
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import CERTIFICATE, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import parse_return
from dropbox.wire.calendar import Day, day_of
from dropbox.wire.keyring import RootAnchor, parse_anchor
from dropbox.wire.request import StationRequest
from dropbox.wire.server import ServerCertificate, parse_server_certificate, parse_server_request
from dropbox.wire.signed import parse_certificate, parse_object, split_certificate

DESKS: Final = ("itjen", "irjen")
CONFIG: Final = "dropbox.toml"
LOGIN: Final = "kepala"
PASSPHRASE: Final = "passphrase"  # noqa: S105  the name of a file
# Further officers of each desk, to try what needs a second officer: login, name, role, unit. The part after the comma
# is not part of a name: otherwise a report with the word "demo" would exclude them.
OTHERS: Final = (
    ("verifikator", "Marlina Tobing, demo", "verifikator", "Sekretariat Itjen"),
    ("inspektur", "Darmanto Kusnadi, demo", "inspektur", "Inspektorat Wilayah V"),
    ("pengawas", "Yuliana Watimena, demo", "pengawas", ""),
)
STICK: Final = "stick"  # folder in place of the courier's USB drive: holds exports and reply bundles
SERVER_CERTIFICATE: Final = "server.cert"
_DESK_PORT: Final = 8400
_UNFINISHED: Final = "unfinished"  # exists while the folder is being made: its content may be deleted
_PASSPHRASE_WORDS: Final = 6  # 66 random bits
_COST: Final = Cost(1, 8, 1)  # Argon2's minimum: the passphrases are stored next to the files that they open
# No longer than the epoch keys that are published with it: one date shows whether a demo still works.
_CERTIFICATE_DAYS: Final = (EPOCHS_AHEAD - 1) * EPOCH_DAYS
_SETTINGS: Final = """\
# The demo. Never for real reports: every key of it lies on this machine.
[server]
database = "sqlite:///server/dropbox.db"
root_pub = "keys/root.pub"

[workstation]
stick = {stick}
"""


def run(argv: list[str]) -> int:
    """Run `dropbox demo`; returns the exit code, raises DropboxError."""
    parser = Parser(prog="dropbox demo", description=words_of("help.demo-about"))
    parser.add_argument("--dir", type=Path, metavar="DIR", default=Path(".demo"), help=words_of("help.demo-folder"))
    parser.add_argument("--port", type=between(1, PORT_MAX), default=8000, help=words_of("help.demo-port"))
    options = parser.parse_args(argv)
    guard_process()
    sys.stdout.write("\n".join(make_demo(options.dir, options.port)) + "\n")
    return 0


def make_demo(folder: Path, port: int) -> list[str]:
    """Make the demo, or renew what has expired, or do nothing; returns lines that say what to try.

    Args:
        folder: a new folder, or the folder of a demo.
        port: port of the site, for the lines.

    Raises:
        RefusedError: the folder is used for something else, the demo has an earlier format, or its root has expired.
        ConfigurationError: a step failed; the next call starts again.
    """
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    if not is_there(folder / CONFIG):
        _make(folder, today)
    else:
        _refuse_earlier_format(folder)
        _renew(folder, [desk for desk in DESKS if not _is_good(folder, desk, today)], today)
    return _advice(folder, port)


def _make(folder: Path, today: Day) -> None:
    if is_there(folder / _UNFINISHED):
        shutil.rmtree(folder)
    if is_folder(folder) and any(folder.iterdir()):
        raise RefusedError("demo.folder-used")
    private_folder(folder)
    write_whole(folder / _UNFINISHED, b"")
    passphrase = _new_passphrase(folder, PASSPHRASE)
    others = [
        NewOfficer(login, name, (role,), _new_passphrase(folder, f"{PASSPHRASE}-{login}"), unit)
        for login, name, role, unit in OTHERS
    ]
    anchor = authority.make_root(
        folder / "root", demo=True, today=today, days=ROOT_DAYS, passphrase=passphrase, cost=_COST
    )
    write_whole(private_folder(folder / "keys") / authority.ANCHOR_FILE, anchor.encode(), mode=0o644)
    private_folder(folder / "server")
    # Under another name until everything is done: dropbox.toml exists only in a whole demo.
    config = folder / f"{CONFIG}.new"
    stick = private_folder(folder / STICK).resolve()
    write_whole(config, _SETTINGS.format(stick=json.dumps(str(stick))).encode(), mode=0o644)
    _dropbox("store", "upgrade", "--config", config)
    for desk in DESKS:
        vault, copy = _vault(folder, desk), folder / f"vault-{desk}.copy"
        first = NewOfficer(LOGIN, "Sutarjo Wibisana, demo", ("irjen",), passphrase)
        with create_vault(vault, copy=copy, desk=desk, anchor=anchor, first=first, cost=_COST) as opened:
            for other in others:
                officers.add(Work(opened, installation.load(config), today), other, _COST)
        _certify_and_publish(folder, desk, config, passphrase, today)
    _certify_server(folder, config, passphrase, today)
    config.rename(folder / CONFIG)
    (folder / _UNFINISHED).unlink()


def _new_passphrase(folder: Path, name: str) -> str:
    passphrase = "-".join(secrets.choice(word_list()) for _ in range(_PASSPHRASE_WORDS))
    write_whole(folder / name, passphrase.encode() + b"\n")
    return passphrase


def _refuse_earlier_format(folder: Path) -> None:
    """Refuse a demo of an earlier format: it holds nothing that must be converted."""
    try:
        for desk in DESKS:
            parse_return(parse_object(_first_return(folder, desk).read_bytes()).body)
        _server_certificate(folder)
        for login, *_ in OTHERS:
            read_passphrase(folder / f"{PASSPHRASE}-{login}")
    except (OSError, DropboxError):
        raise RefusedError("demo.old", folder=folder) from None


def _renew(folder: Path, desks: list[str], today: Day) -> None:
    passphrase = read_passphrase(folder / PASSPHRASE)
    if _server_certificate(folder).last < today + EPOCH_DAYS:
        _certify_server(folder, folder / CONFIG, passphrase, today)
    for desk in desks:
        _certify_and_publish(folder, desk, folder / CONFIG, passphrase, today)


def _vault(folder: Path, desk: str) -> Path:
    return folder / f"vault-{desk}"


def _anchor(folder: Path) -> RootAnchor:
    return parse_anchor((folder / "keys" / authority.ANCHOR_FILE).read_bytes())


def _is_good(folder: Path, desk: str, today: Day) -> bool:
    """Return whether the desk's certificate, and so its epoch keys, are valid for another week."""
    body, _ = split_certificate(read_private(_vault(folder, desk) / CERTIFICATE))
    return today + EPOCH_DAYS <= parse_certificate(body).last


def _certify_and_publish(folder: Path, desk: str, config: Path, passphrase: str, today: Day) -> None:
    root = authority.open_root(folder / "root", passphrase)
    with Vault.open(_vault(folder, desk), LOGIN, passphrase) as vault:
        request = StationRequest(desk, vault.instance, vault.station_public)
        certificate = authority.certify(root, request, today=today, days=_CERTIFICATE_DAYS)
        vault.install_certificate(certificate, today)
        bundle = publish(Work(vault, installation.load(config), today))
    path = _first_return(folder, desk)
    write_whole(path, bundle, replace=True)
    _dropbox("courier", "import", path, "--config", config)


def _server_certificate(folder: Path) -> ServerCertificate:
    return parse_server_certificate((folder / SERVER_CERTIFICATE).read_bytes())[0]


def _certify_server(folder: Path, config: Path, passphrase: str, today: Day) -> None:
    request, certificate = folder / "server.request", folder / SERVER_CERTIFICATE
    request.unlink(missing_ok=True)
    _dropbox("courier", "request", request, "--config", config)
    root = authority.open_root(folder / "root", passphrase)
    days = min(SERVER_CERTIFICATE_DAYS, root.anchor.last - today)
    signed = authority.certify_server(root, parse_server_request(request.read_bytes()), today=today, days=days)
    write_whole(certificate, signed, replace=True)
    _dropbox("courier", "import", certificate, "--config", config)


def _first_return(folder: Path, desk: str) -> Path:
    return folder / f"first-return-{desk}"


def _dropbox(*arguments: str | Path) -> None:
    """Run a command of the server in its own process: modules of triage must not import the store."""
    done = subprocess.run(
        [sys.executable, "-m", "dropbox", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ConfigurationError("demo.failed", detail=done.stderr.strip())


def _program() -> str:
    """Return the shortest way to call this program from the current folder."""
    script = Path(sys.executable).with_name("dropbox")
    if not script.exists():
        return f"{shlex.quote(sys.executable)} -m dropbox"
    return shlex.quote(str(script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script))


def _advice(folder: Path, port: int) -> list[str]:
    dropbox = _program()
    stick = folder / STICK
    turn = next(n for n in range(1, 10_000) if not list(stick.glob(f"*-{n}")))

    def at(name: str) -> str:
        return shlex.quote(str(folder / name))

    config = f"--config {at(CONFIG)}"
    lines = [
        "",
        words_of("demo.warning", folder=at("")),
        words_of("demo.fingerprint", words=fingerprint_words(root_fingerprint(_anchor(folder)))),
        words_of("demo.site", port=port),
        "",
        words_of("demo.play"),
        "",
        words_of("demo.courier-out"),
        f"{dropbox} courier export {at(f'{STICK}/export-{turn}')} {config}",
        words_of("demo.pages"),
        f"{dropbox} triage serve --vault {at(f'vault-{DESKS[0]}')} --port {_DESK_PORT} {config}",
        words_of("demo.officer", login=LOGIN, role="irjen", file=at(PASSPHRASE)),
        *(
            words_of("demo.officer", login=login, role=role, file=at(f"{PASSPHRASE}-{login}"))
            for login, _, role, _ in OTHERS
        ),
        words_of("demo.by-commands"),
    ]
    for desk in DESKS:
        access = f"--vault {at(f'vault-{desk}')} --officer {LOGIN} --passphrase-file {at(PASSPHRASE)} {config}"
        lines += [
            words_of("demo.workstation", desk=desk),
            f"{dropbox} triage import {at(f'{STICK}/export-{turn}')} {access}",
            f"{dropbox} triage list {access}",
        ]
        if desk == DESKS[0]:
            lines += [
                f"{dropbox} triage show 1 {access}",
                f"{dropbox} triage extract 1 --to {at(f'case-{turn}')} {access}",
                f"echo 'Laporan Anda sedang ditelaah.' > {at('answer.txt')}",
                f"{dropbox} triage answer 1 --status TELAAH --text-file {at('answer.txt')} {access}",
            ]
        lines.append(f"{dropbox} triage publish {at(f'{STICK}/return-{desk}-{turn}')} {access}")
    lines.append(words_of("demo.courier-in"))
    lines += [f"{dropbox} courier import {at(f'{STICK}/return-{desk}-{turn}')} {config}" for desk in DESKS]
    return [*lines, ""]
