"""Writes the list of parts of a package (SBOM) as CycloneDX 1.6 JSON (ECMA-424): what is in it, by whom it is licensed.

Rule: what is listed was read from what was installed, never from what was asked for: pip's own report, the libraries'
metadata, the lists that wheels bring of what is compiled into them (PEP 770), npm's lock file. Where a wheel is silent,
`untold.toml` names licences and parts, and such a part says so. The same content gives the same bytes. What Debian
installs next to the package has the scope `optional`: it is no part of these bytes.
"""

import base64
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from dropbox.packaging.environment import libraries
from dropbox.packaging.roles import PROJECT, Debian, dpkg_file, package_name
from dropbox.packaging.untold import INNER_LICENCES, compiled_into

_SCRIPTS: Final = PROJECT / "dropbox/web/browser/package-lock.json"
_LICENCE: Final = "AGPL-3.0-or-later AND CC0-1.0 AND MIT AND MPL-2.0"  # as pyproject.toml has it (PEP 639)
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:dropbox-itjen:parts")
_OF_DEBIAN: Final = "not known to the release: apt chooses the version, /usr/share/doc has the licence"
_DATA: Final = (  # NOTICES.md, "Data of others"
    ("Noto Sans and Noto Naskh Arabic", "2.004", "OFL-1.1"),
    ("cahyadsn/wilayah", "b7ad440", "MIT"),
)


def parts_of(role: str, debian: Debian, site: Path, report: Path, version: str, moment: int) -> str:
    """Return the list of parts of a role's package, as JSON.

    Args:
        role: one of ROLES.
        debian: the release that the package is for.
        site: folder of the libraries that pip installed.
        report: what pip wrote about that installation (`pip install --report`, version 1).
        version: of the project.
        moment: seconds since 1970: the time that the list names.

    Raises:
        RuntimeError: a library is installed of which pip's report does not know, or the reverse; a part of the package
            has no licence, or a part of a library not the version that it should hold.
    """
    name = package_name(role)
    whole = _component(name, f"{version}+deb{debian.number}", _LICENCE, kind=ComponentType.APPLICATION)
    bom = Bom(
        serial_number=uuid.uuid5(_SPACE, f"{name} {whole.version} {moment}"),
        metadata=BomMetaData(component=whole, timestamp=datetime.fromtimestamp(moment, UTC)),
    )
    bom.components.update(_python(site, report))
    bom.components.update(_scripts())
    bom.components.update(_component(*one, kind=ComponentType.DATA) for one in _DATA)
    bom.components.update(_debian(role, debian))
    bom.register_dependency(whole, bom.components)
    if nameless := sorted(_without_licence(bom.components)):
        raise RuntimeError(f"no licence is known of: {', '.join(nameless)}; see untold.toml")
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _without_licence(components: Iterable[Component], inside: str = "") -> Iterable[str]:
    """Return `library>part` of each part of the package without a licence; Debian's packages bring their own."""
    for one in components:
        if not one.licenses and one.scope != ComponentScope.OPTIONAL:
            yield inside + one.name
        yield from _without_licence(one.components, f"{inside}{one.name}>")


def _component(
    name: str,
    version: str | None,
    licence: str,
    *,
    kind: ComponentType = ComponentType.LIBRARY,
    purl: PackageURL | None = None,
    sha: HashType | None = None,
    scope: ComponentScope = ComponentScope.REQUIRED,
) -> Component:
    return Component(
        name=name,
        version=version,
        type=kind,
        scope=scope,
        purl=purl,
        bom_ref=str(purl) if purl else f"{name}@{version}",
        hashes=[sha] if sha else [],
        licenses=_licences(licence),
    )


def _licences(told: str) -> list[License]:
    """Return an SPDX id or expression where it is one, else the name as it was told; none for "" and "?"."""
    return [LicenseFactory().make_from_string(told)] if told not in {"", "?"} else []


def _python(site: Path, report: Path) -> Iterable[Component]:
    """Return a part for each library of Python, with what its wheel lists as compiled into it."""
    installed = json.loads(report.read_text("utf-8"))["install"]
    wheels = {
        canonicalize_name(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"]
        for one in installed
    }
    found = [one for one in libraries(site) if one[0] != "dropbox-itjen"]
    if {canonicalize_name(name) for name, _, _ in found} != set(wheels):
        raise RuntimeError("pip's report does not fit the libraries that are installed")
    for name, version, licence in found:
        purl = PackageURL("pypi", None, canonicalize_name(name), version)
        sha = HashType(alg=HashAlgorithm.SHA_256, content=wheels[canonicalize_name(name)])
        part = _component(name, version, licence, purl=purl, sha=sha)
        part.components.update(_listed_by_wheel(site, purl))
        if not part.components and _has_machine_code(site, purl):
            part.properties.add(Property(name="dropbox-itjen:compiled-into-it", value="not listed by the wheel"))
        part.components.update(_named_by_project(site, purl))
        yield part


def _notes(site: Path, purl: PackageURL) -> Path:
    """Return the folder of a library's metadata (PEP 376)."""
    found = site.glob(f"*-{purl.version}.dist-info")
    (folder,) = [one for one in found if canonicalize_name(one.name.partition("-")[0]) == purl.name]
    return folder


def _has_machine_code(site: Path, purl: PackageURL) -> bool:
    """Whether a library's wheel was built for one kind of machine."""
    return "Root-Is-Purelib: true" not in (_notes(site, purl) / "WHEEL").read_text("utf-8")


def _named_by_project(site: Path, purl: PackageURL) -> Iterable[Component]:
    """Return what `untold.toml` names of what is compiled into a library."""
    for one in compiled_into(site, purl.name):
        yield Component(
            name=one.name,
            version=one.version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("generic", None, one.name.lower(), one.version),
            bom_ref=BomRef(f"{purl}#{one.name}" + (f"@{one.version}" if one.version else "")),
            licenses=_licences(one.licence),
            properties=[Property(name="dropbox-itjen:named-by", value="the project, not the wheel")],
        )


def _listed_by_wheel(site: Path, purl: PackageURL) -> Iterable[Component]:
    """Return what a wheel's own lists name (PEP 770), once each, without the wheel itself."""
    seen = set()
    for path in sorted((_notes(site, purl) / "sboms").glob("*.json")):
        inner: Any = Bom.from_json(json.loads(path.read_text("utf-8")))  # type: ignore[attr-defined]  # serializable's
        for one in _flat(inner.components):
            ref = f"{purl}#{one.name}@{one.version}"
            if ref not in seen and canonicalize_name(one.name) != purl.name:
                seen.add(ref)
                yield Component(
                    name=one.name,
                    version=one.version,
                    type=one.type,
                    purl=one.purl,
                    bom_ref=BomRef(ref),
                    hashes=one.hashes,
                    licenses=one.licenses or _licences(INNER_LICENCES.get(f"{purl.name}>{one.name}", "")),
                )


def _flat(components: Iterable[Component]) -> Iterable[Component]:
    for one in components:
        yield one
        yield from _flat(one.components)


def _scripts() -> Iterable[Component]:
    """Return the libraries that the build packs into the scripts of the site (NOTICES.md), from npm's lock file."""
    locked = json.loads(_SCRIPTS.read_text("utf-8"))["packages"]
    for place, one in sorted(locked.items()):
        if place and not one.get("dev") and not one.get("optional"):
            name = place.removeprefix("node_modules/")
            space, _, short = name.rpartition("/")
            purl = PackageURL("npm", space or None, short, one["version"])
            digest = base64.b64decode(one["integrity"].removeprefix("sha512-"), validate=True).hex()
            sha = HashType(alg=HashAlgorithm.SHA_512, content=digest)
            yield _component(name, one["version"], one["license"], purl=purl, sha=sha)


def _debian(role: str, debian: Debian) -> Iterable[Component]:
    """Return what the package needs of Debian, by the first name of each alternative."""
    text = dpkg_file(role, "control", {"PYTHON": debian.python, "VERSION": "", "MAINTAINER": ""}) or ""
    (needs,) = [line.partition(":")[2] for line in text.splitlines() if line.startswith("Depends:")]
    for name in sorted({need.split("|")[0].split("(")[0].strip() for need in needs.split(",")}):
        purl = PackageURL("deb", "debian", name, None, {"distro": debian.suite})
        part = _component(name, None, "", purl=purl, scope=ComponentScope.OPTIONAL)
        part.properties.add(Property(name="dropbox-itjen:version-and-licence", value=_OF_DEBIAN))
        yield part
