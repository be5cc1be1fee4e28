"""What wheels do not tell of themselves, against the lock files and the libraries that are installed here."""

import importlib.metadata
import json
import re
import sysconfig
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pi_heif
import pypdfium2
import pytest
import sqlcipher3
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.license import DisjunctiveLicense

from dropbox.packaging import untold
from dropbox.packaging.parts import parts_of
from dropbox.packaging.roles import DEBIANS, ROLES
from tests.support.server import PROJECT

# Some wheels' own lists are of an older CycloneDX.
pytestmark = pytest.mark.filterwarnings("ignore::cyclonedx.schema.deprecation.BaseSchemaDeprecationWarning")
INSTALLED = Path(sysconfig.get_paths()["platlib"])


def locked(role: str) -> set[str]:
    """The libraries that a role's package holds."""
    return set(re.findall(r"^([a-z0-9-]+)==", (PROJECT / f"requirements-{role}.lock").read_text("utf-8"), re.MULTILINE))


def normal(name: str) -> str:
    """The normal name of a library (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(folder: Path, role: str) -> dict[str, dict[str, Any]]:
    """The list of the package that a role's libraries would make, as they are installed here: libraries by name."""
    site = folder / "site"
    site.mkdir()
    for path in INSTALLED.iterdir():
        name, _, kind = path.name.partition("-")
        if not kind.endswith(".dist-info") or normal(name) in locked(role):
            (site / path.name).symlink_to(path)
    sha = {"archive_info": {"hashes": {"sha256": "ab" * 32}}}
    taken = [{"metadata": {"name": name}, "download_info": sha} for name in locked(role)]
    (folder / "report.json").write_text(json.dumps({"version": "1", "install": taken}))
    text = parts_of(role, DEBIANS[0], site, folder / "report.json", "0.2.0", 1_700_000_000)
    return {normal(one["name"]): one for one in json.loads(text)["components"] if one["scope"] == "required"}


@pytest.mark.parametrize("role", ROLES)
def test_every_part_of_a_package_has_a_licence_of_spdx(tmp_path: Path, role: str) -> None:
    """Of each library and of each part inside, the list has an identifier or an expression, no free name."""
    for library in listed(tmp_path, role).values():
        for one in (library, *library.get("components", [])):
            assert one["licenses"], one["name"]
            assert all("expression" in told or "id" in told["license"] for told in one["licenses"]), one


def test_the_parts_that_the_dependencies_page_names_are_listed(tmp_path: Path) -> None:
    """What stands there behind "with" is a part inside of a library of the server or of the workstation."""
    (tmp_path / "server").mkdir()
    (tmp_path / "workstation").mkdir()
    found = listed(tmp_path / "server", "server") | listed(tmp_path / "workstation", "workstation")
    page = (PROJECT / "dropbox/DEPENDENCIES.md").read_text("utf-8")
    rows = [row for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) if " with " in row and "nodejs" not in row]
    assert len(rows) == 6
    for row in rows:
        libraries, _, parts = row.partition(" with ")
        inside = [
            part["name"] for name in re.findall(r"`(.+?)`", libraries) for part in found[name].get("components", [])
        ]
        assert {name.lower() for name in parts.split(" and ")} <= {name.lower() for name in inside}, row


def test_versions_are_those_that_the_libraries_say() -> None:
    """Of SQLCipher, libheif, libde265 and PDFium the version read from bytes is the one that they tell when asked."""
    found = {
        part.name: part.version
        for library in ("pi-heif", "pypdfium2", "sqlcipher3")
        for part in untold.compiled_into(INSTALLED, library)
    }
    ((cipher,),) = sqlcipher3.connect(":memory:").execute("PRAGMA cipher_version").fetchall()
    decoder = pi_heif.libheif_info()["decoders"]["libde265"]
    assert found["SQLCipher"] == cipher.partition(" ")[0]
    assert found["libheif"] == pi_heif.libheif_version()
    assert found["libde265"] == decoder.rpartition(" ")[2]
    assert found["PDFium"] == pypdfium2.version.PDFIUM_INFO.version.partition("@")[0]


def test_a_version_that_is_not_found_stops_the_release(tmp_path: Path) -> None:
    """Bytes without the pattern, with two versions, or no such file: the part is named."""
    place = tmp_path / "sqlcipher3/_sqlite3.abi3.so"
    place.parent.mkdir()
    for content in (None, b"nothing", b"\0OpenSSL 3.6.0 1\0OpenSSL 3.6.1 1"):
        if content is not None:
            place.write_bytes(content)
        with pytest.raises(RuntimeError, match="one version of OpenSSL in sqlcipher3"):
            list(untold.compiled_into(tmp_path, "sqlcipher3"))


def test_the_table_is_needed() -> None:
    """Each line is of a library of a package that has no expression of its own, and each licence is one of SPDX."""
    names = {name for role in ROLES for name in locked(role)}
    assert set(untold.LICENCES) <= names
    assert {one.partition(">")[0] for one in untold.INNER_LICENCES} <= names
    for name in untold.LICENCES:
        told = HeaderParser().parsestr(importlib.metadata.distribution(name).read_text("METADATA") or "")
        assert told["License-Expression"] is None, name
    parts = [part for name in names for part in untold.compiled_into(INSTALLED, name)]
    assert len(parts) > 10
    for licence in (*untold.LICENCES.values(), *untold.INNER_LICENCES.values(), *(part.licence for part in parts)):
        made = LicenseFactory().make_from_string(licence)
        assert not isinstance(made, DisjunctiveLicense) or made.id == licence
