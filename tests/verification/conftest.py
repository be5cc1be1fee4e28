"""A site with a signed manifest, and a look at it."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox.crypto.site_manifest import SITE_MANIFEST, open_manifest
from dropbox.settings.installation import Settings, load
from dropbox.verification import verdict
from dropbox.verification.asking import Plan
from dropbox.verification.faces import FACES
from dropbox.verification.proposal import propose
from dropbox.verification.replica import Replica
from dropbox.verification.target import Target, target_of
from dropbox.verification.verdict import Verdict, verify_site
from dropbox.web.app import create_app
from dropbox.web.base.site import Site
from dropbox.wire.calendar import day_of
from dropbox.wire.manifest import SiteManifest, encode_manifest
from tests.support.desks import NOW, TODAY, FakeInspectorate, make_store
from tests.verification.altered import Alter, AlteredServer, nothing

FEW = tuple(face for face in FACES if face.name in ("tor-browser", "android"))


def signed_by(inspectorate: FakeInspectorate, manifest: SiteManifest) -> bytes:
    """What `dropbox keys sign-manifest` writes."""
    body = manifest.encode()
    return encode_manifest(body, inspectorate.root.sign(SITE_MANIFEST, manifest.instance, body))


@dataclass
class Signed:
    """A site that gives out its manifest, and the clock of both sides."""

    site: Site
    inspectorate: FakeInspectorate
    manifest: bytes
    server: AlteredServer
    now: Callable[[], datetime.datetime]

    def look(
        self,
        alter: Alter = nothing,
        known: bytes = b"",
        only: Sequence[str] = (),
        target: Target | None = None,
        **plan: object,
    ) -> Verdict:
        """Verify it while it is altered, with few faces and once, unless a test wants more.

        With `only`, these addresses alone (and those that no site has) are compared, and that this machine makes the
        pages of the manifest is taken for granted.
        """
        self.server.begin(alter)
        wanted = {"faces": FEW, "rounds": 1, "seconds": 60.0, "clock": self.now, **plan}
        anchor = wanted.pop("anchor", self.inspectorate.anchor)
        with pytest.MonkeyPatch.context() as patch:
            if only:
                answers = open_manifest(self.inspectorate.anchor, self.manifest).answers
                patch.setattr(verdict, "answers_of", lambda *_: answers)
                patch.setattr(Replica, "addresses", lambda _: sorted(only))
            return verify_site(Plan(target or target_of(self.server.url), anchor, **wanted), known)  # type: ignore[arg-type]


def codes(verdict: Verdict) -> set[tuple[str, str]]:
    """Code and address of each finding."""
    return {(one.code, one.address) for one in verdict.findings}


@dataclass
class Clock:
    """A time that a test sets."""

    now: datetime.datetime = NOW

    def __call__(self) -> datetime.datetime:
        return self.now


# Pages of both languages that show a day, a desk, a board or nothing of these, and what no page is.
SOME = (
    *("/", "/en/", "/lapor", "/en/lapor", "/status", "/kunci", "/en/kunci", "/statistik", "/batas"),
    *("/static/report.js", "/static/style.css", "/data/kunci", "/data/papan", "/pengunci.html"),
)


def make_signed(folder: Path, settings: Settings, clock: Callable[[], datetime.datetime], number: int = 3) -> Signed:
    """A site on a fresh store; its server is not started."""
    inspectorate = FakeInspectorate()
    store = make_store(folder)
    inspectorate.publish_keys(store)
    signed = signed_by(inspectorate, propose(settings, inspectorate.anchor, number, day_of(NOW.date())))
    (folder / "site.manifest").write_bytes(signed)
    site = Site(
        dataclasses.replace(settings, manifest=folder / "site.manifest"), inspectorate.anchor, store, clock=clock
    )
    with store.transaction() as tx:
        for desk in inspectorate.desks.values():
            store.published.put(tx, "board", desk.name, 1, desk.packed_board(1, [], TODAY))
    return Signed(site, inspectorate, signed, AlteredServer(create_app(site)), clock)


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The time of a module's site."""
    return Clock()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Signed]:
    """One site for the tests of a module, which put it back as it was."""
    made = make_signed(tmp_path_factory.mktemp("signed"), load(), clock)
    with made.server.running():
        yield made
