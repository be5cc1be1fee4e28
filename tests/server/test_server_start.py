"""The server refuses to start where it would endanger reporters: exit 1, and one sentence that says what to do."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.wire.keyring import PRIVATE_FILE_LINE, parse_keyed_bundle
from tests.support.desks import FakeInspectorate
from tests.support.server import ACCEPTED, PROJECT, SiteFolder, inspectorate_of_today, serving

PRODUCTION = {"DROPBOX_ENV": "production"}


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation: the program lies apart from the checkout and from what lies about there."""
    folder = tmp_path / "installed"
    folder.mkdir()
    for name in ("dropbox", "templates"):
        (folder / name).symlink_to(PROJECT / name)
    (tmp_path / "home").mkdir()
    return PRODUCTION | {"PYTHONPATH": str(folder), "HOME": str(tmp_path / "home")}


def _assert_refused(site: SiteFolder, env: dict[str, str], *words: str, more: Sequence[str] = ()) -> None:
    ended = site.refuse(env, *more)
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("dropbox: ")
    for word in words:
        assert word in lines[0]


def _real(tmp_path: Path, inspectorate: FakeInspectorate | None = None, *, publish: bool = True) -> SiteFolder:
    anchored = inspectorate or inspectorate_of_today(demo=False)
    return SiteFolder(tmp_path / "site", anchored, ACCEPTED, publish=publish).make()


def test_production_with_a_real_root_starts(tmp_path: Path, installed: dict[str, str]) -> None:
    """The refusals below are not the only thing it can do."""
    site = _real(tmp_path)
    with serving(site, env=installed) as server:
        page = server.client.get("/lapor")
        assert page.status == 200
        assert not page.hooks("data-demo")
        limits = Path(f"/proc/{server.master}/limits").read_text("ascii")
        assert max(map(int, re.findall(r"^Max core file size +(\d+) +(\d+)", limits, re.MULTILINE)[0])) <= 1


def test_a_demo_root_is_no_production(tmp_path: Path, installed: dict[str, str]) -> None:
    """Demo keys are known to others."""
    _assert_refused(SiteFolder(tmp_path / "site").make(), installed, "demo", "ceremony")


@pytest.mark.parametrize("place", ["site/forgotten.key", "site/deep/er/root.key", "site/.git/root.key", "home/a.key"])
def test_a_private_file_in_reach_stops_it(tmp_path: Path, installed: dict[str, str], place: str) -> None:
    """A private key on the server is a lost key."""
    site = _real(tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PRIVATE_FILE_LINE + b"whatever")
    _assert_refused(site, installed, "private key", path.name)


def test_a_root_user_is_refused_unless_the_settings_say_so(tmp_path: Path, installed: dict[str, str]) -> None:
    """Run as root the server starts in production with `accept = ["root-user"]` alone; the sentence says that word."""
    site = SiteFolder(tmp_path / "site", inspectorate_of_today(demo=False), 'accept = ["swap"]\n').make()
    if os.geteuid() == 0:
        _assert_refused(site, installed, "runs as root", '"root-user"')
    else:
        with serving(site, env=installed) as server:
            assert server.client.get("/lapor").status == 200


def test_an_open_folder_or_address_is_refused(tmp_path: Path, installed: dict[str, str]) -> None:
    """A database that others may enter, and an address that others reach: each is named with its remedy."""
    site = _real(tmp_path)
    site.folder.chmod(0o755)
    _assert_refused(site, installed, "others may read", "chmod 700", '"open-folders"')
    site.folder.chmod(0o700)
    _assert_refused(site, installed, "--host", '"open-address"', more=["--host", "192.0.2.1"])


def test_without_a_keyring_it_does_not_start(tmp_path: Path, installed: dict[str, str]) -> None:
    """Nothing could be sealed."""
    _assert_refused(_real(tmp_path, publish=False), installed, "no keyring", "courier import")


def test_expired_certificates_stop_it(tmp_path: Path, installed: dict[str, str]) -> None:
    """The keys of a silent workstation run out."""
    today = inspectorate_of_today().today
    _assert_refused(_real(tmp_path, FakeInspectorate(demo=False, today=today - 200)), installed, "expired", "renew")


def test_an_expired_root_stops_it(tmp_path: Path, installed: dict[str, str]) -> None:
    """So does the end of the root."""
    today = inspectorate_of_today().today
    _assert_refused(_real(tmp_path, FakeInspectorate(demo=False, today=today - 1100)), installed, "root", "expired")


def test_a_keyring_under_another_root_stops_it(tmp_path: Path, installed: dict[str, str]) -> None:
    """The pinned root decides."""
    site = _real(tmp_path)
    (site.folder / "root.pub").write_bytes(inspectorate_of_today(demo=False).anchor.encode())
    _assert_refused(site, installed, "not signed under this root.pub")


def test_an_unsigned_keyring_stops_it(tmp_path: Path, installed: dict[str, str]) -> None:
    """A keyring whose signature was altered in the database is none."""
    site = _real(tmp_path, publish=False)
    with site.store() as store, store.transaction() as tx:
        for desk in site.inspectorate.desks.values():
            keyed = parse_keyed_bundle(desk.key_bundle())
            unsigned = replace(keyed, signed=keyed.signed[:-64] + bytes(64))
            store.published.put(tx, "keys", desk.name, 1, unsigned.encode())
    _assert_refused(site, installed, "not signed under this root.pub")


@pytest.mark.parametrize("value", ["prod", "Production", "produksi", " "])
def test_an_unknown_environment_stops_it(own_site: SiteFolder, value: str) -> None:
    """A slip of the pen must not turn the checks off."""
    _assert_refused(own_site, {"DROPBOX_ENV": value}, "DROPBOX_ENV")


def test_missing_parts_are_named(own_site: SiteFolder) -> None:
    """No root.pub, no store, no TOML, an unknown setting: each says what to do."""
    config = own_site.config.read_text("utf-8")
    own_site.config.write_text(config + "[limits]\nfile_mb = 5\n", "utf-8")
    _assert_refused(own_site, {}, "limits.file_mb")
    own_site.config.write_text("not toml", "utf-8")
    _assert_refused(own_site, {}, "not TOML")
    own_site.config.write_text(config, "utf-8")
    root = own_site.folder / "root.pub"
    kept = root.read_bytes()
    root.write_bytes(kept.replace(b"dropbox root key v1", PRIVATE_FILE_LINE.strip()))
    _assert_refused(own_site, {})
    root.unlink()
    _assert_refused(own_site, {}, "root.pub cannot be read")
    root.write_bytes(kept)
    (own_site.folder / "store.db").unlink()
    _assert_refused(own_site, {}, "no store")


def test_a_revoked_desk_does_not_keep_the_other_closed(tmp_path: Path, installed: dict[str, str]) -> None:
    """After a theft the server starts again with the desk that is left."""
    site = _real(tmp_path)
    thief = site.inspectorate.desks["irjen"].station.public
    with site.store() as store, store.transaction() as tx:
        store.published.put(tx, "revocations", "", 2, site.inspectorate.revocations(2, thief))
    with serving(site, env=installed) as server:
        assert server.client.get("/lapor").status == 200
