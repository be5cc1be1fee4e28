"""The list of parts of a package, and the list of a release that the root signs."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.model.bom import Bom

from dropbox.packaging import sums
from dropbox.packaging.parts import parts_of
from dropbox.packaging.roles import DEBIANS, ROLES
from tests.support.server import PROJECT

MOMENT = 1_700_000_000
SHA = "ab" * 32


def library(
    site: Path,
    name: str,
    *,
    pure: bool = True,
    inner: dict[str, Any] | None = None,
    licence: str = "License-Expression: MIT\n",
) -> dict[str, Any]:
    """A library as pip leaves it; returns its entry of pip's report."""
    notes = site / f"{name}-1.dist-info"
    (notes / "sboms").mkdir(parents=True)
    (notes / "METADATA").write_text(f"Name: {name}\nVersion: 1\n{licence}")
    (notes / "WHEEL").write_text(f"Root-Is-Purelib: {str(pure).lower()}\n")
    if inner:
        (notes / "sboms/inner.cdx.json").write_text(json.dumps(inner))
    return {"metadata": {"name": name}, "download_info": {"archive_info": {"hashes": {"sha256": SHA}}}}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Three libraries: one of Python alone, one that says what was compiled into it, and one that does not."""
    inside = {"type": "library", "name": "openssl", "version": "4", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    inner = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [inside]}
    entries = [
        library(tmp_path, "Plain_Name"),
        library(tmp_path, "open", pure=False, inner=inner),
        library(tmp_path, "closed", pure=False),
    ]
    report(tmp_path, *entries)
    return tmp_path


def report(site: Path, *entries: dict[str, Any]) -> None:
    """Pip's report of an installation, next to the libraries."""
    (site / "report.json").write_text(json.dumps({"version": "1", "install": entries}))


def listed(site: Path, role: str = "server") -> dict[str, Any]:
    """The list of a package with these libraries."""
    text = parts_of(role, DEBIANS[0], site, site / "report.json", "0.2.0", MOMENT)
    Bom.from_json(json.loads(text))  # type: ignore[attr-defined]  # CycloneDX's own reader takes it
    found: dict[str, Any] = json.loads(text)
    return found


def test_each_library_is_listed_with_its_hash_and_licence(site: Path) -> None:
    """Name, version, package address, licence and the hash of the wheel that pip took."""
    (found,) = [one for one in listed(site)["components"] if one["name"] == "Plain_Name"]
    assert (found["purl"], found["version"]) == ("pkg:pypi/plain-name@1", "1")
    assert found["hashes"] == [{"alg": "SHA-256", "content": SHA}]
    assert found["licenses"] == [{"license": {"id": "MIT"}}]


def test_what_is_compiled_into_a_library_is_listed_or_said_to_be_unknown(site: Path) -> None:
    """A wheel's own list is taken over; machine code without a list is marked."""
    parts = {one["name"]: one for one in listed(site)["components"]}
    assert [one["name"] for one in parts["open"]["components"]] == ["openssl"]
    assert parts["closed"]["properties"][0]["value"] == "not listed by the wheel"
    assert "properties" not in parts["Plain_Name"]
    assert "properties" not in parts["open"]


def test_the_scripts_libraries_are_listed(site: Path) -> None:
    """Each library that the build packs into the scripts, in the version that npm's lock file has."""
    package = json.loads((PROJECT / "dropbox/web/browser/package.json").read_text("utf-8"))
    found = {one["name"]: one["version"] for one in listed(site)["components"] if "pkg:npm/" in one.get("purl", "")}
    assert found == package["dependencies"]


@pytest.mark.parametrize("role", ROLES)
def test_what_debian_brings_is_no_part_of_the_package(site: Path, role: str) -> None:
    """Packages of Debian have the scope `optional` and say what is not known of them; everything else is required."""
    scopes = {one.get("purl", "pkg:data/")[:8]: one["scope"] for one in listed(site, role)["components"]}
    assert scopes.pop("pkg:deb/") == "optional"
    assert set(scopes.values()) == {"required"}
    notes = [one.get("properties") for one in listed(site, role)["components"] if one["scope"] == "optional"]
    assert all(note[0]["name"] == "dropbox-itjen:version-and-licence" for note in notes)


def test_a_library_that_pip_did_not_report_stops_the_release(site: Path) -> None:
    """What is installed and what pip says that it took must be the same."""
    library(site, "stranger")
    with pytest.raises(RuntimeError, match="does not fit"):
        listed(site)


@pytest.mark.parametrize("told", ["", "License: \n"])
def test_a_library_without_a_licence_stops_the_release(tmp_path: Path, told: str) -> None:
    """Its name is said, so that somebody reads its licence and writes it down."""
    report(tmp_path, library(tmp_path, "silent", licence=told))
    with pytest.raises(RuntimeError, match="no licence is known of: silent;"):
        listed(tmp_path)


def test_a_part_without_a_licence_stops_the_release(tmp_path: Path) -> None:
    """A part that a wheel lists without a licence is named with its library."""
    inner = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    inside = [{"type": "library", "name": "silent", "version": "4"}]
    report(tmp_path, library(tmp_path, "open", pure=False, inner=inner | {"components": inside}))
    with pytest.raises(RuntimeError, match="no licence is known of: open>silent;"):
        listed(tmp_path)


def test_a_free_name_of_a_licence_stays_a_name(tmp_path: Path) -> None:
    """What is no SPDX expression, and is not in the table, is listed in the library's own words."""
    report(tmp_path, library(tmp_path, "vague", licence="License: do as you like\n"))
    (found,) = [one for one in listed(tmp_path)["components"] if one["name"] == "vague"]
    assert found["licenses"] == [{"license": {"name": "do as you like"}}]


def test_the_same_libraries_give_the_same_list(site: Path) -> None:
    """Two builds write the same bytes: no clock, no random number."""
    assert listed(site) == listed(site)
    text = [parts_of("root", DEBIANS[1], site, site / "report.json", "0.2.0", MOMENT) for _ in range(2)]
    assert text[0] == text[1]


def test_the_list_of_a_release_names_every_file(tmp_path: Path) -> None:
    """sha256sum reads the list, and sees a file that was changed; an old signature is taken away with its list."""
    (tmp_path / "debian12/root").mkdir(parents=True)
    (tmp_path / "debian12/root/a.deb").write_bytes(b"a")
    (tmp_path / "wheel").mkdir()
    (tmp_path / "wheel/b.whl").write_bytes(b"b")
    (tmp_path / "release.sha256.sig").write_bytes(b"of an older list")
    made = sums.write(tmp_path)
    assert [line.split("  ")[1] for line in made.read_text().splitlines()] == ["debian12/root/a.deb", "wheel/b.whl"]
    assert not (tmp_path / "release.sha256.sig").exists()
    check = ["sha256sum", "--check", "--strict", "--quiet", made.name]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "wheel/b.whl").write_bytes(b"c")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1
