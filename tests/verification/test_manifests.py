"""What a site says that it is: its root, its manifest, its release; and how the root signs a manifest."""

import ast
import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from dropbox.ceremony import authority, manifests, recovery
from dropbox.crypto.private.private_files import Cost
from dropbox.crypto.site_manifest import open_manifest
from dropbox.errors import MalformedError, NotFoundError, RefusedError, UntrustedError
from dropbox.limits import MANIFEST_SETTINGS_MAX_BYTES
from dropbox.settings.installation import Settings, load
from dropbox.settings.public import SHOWN, decode_public, encode_public
from dropbox.verification import cli
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.manifest import Answer, SiteManifest, parse_manifest_body, split_manifest
from tests.support.desks import TODAY, FakeInspectorate
from tests.support.server import PROJECT
from tests.verification.altered import Alter, Asked, Given
from tests.verification.conftest import Signed, codes, signed_by
from tests.verification.test_altered_site import SCRIPT, at, one_byte

MANIFEST = "/data/manifes"
# Of the settings' attributes, those that pages' code uses and no visitor sees.
UNSEEN = {
    *(
        "database",
        "root_pub",
        "sealer_signature",
        "manifest",
        "accept",
        "health",
        "file",
        "store_bytes",
        "tidy_seconds",
    ),
    *("store_files_percent", "store_unfinished_percent", "today", "night", "missing_contacts", "old_contacts"),
}


def giving(data: bytes, path: str = MANIFEST) -> Alter:
    """Another body at one address."""

    def alter(asked: Asked, given: Given) -> None:
        if asked.path == path:
            given.with_body(data)

    return alter


def said(signed: Signed, **changes: object) -> bytes:
    """The site's manifest, signed with other values."""
    manifest = parse_manifest_body(split_manifest(signed.manifest)[0])
    return signed_by(signed.inspectorate, dataclasses.replace(manifest, **changes))  # type: ignore[arg-type]


def of_root(signed: Signed, anchor: RootAnchor) -> SiteManifest:
    """The site's manifest, as a site under another root would propose it."""
    manifest = parse_manifest_body(split_manifest(signed.manifest)[0])
    root_pub = Answer(hashlib.sha256(anchor.encode()).digest(), fixed=True)
    return dataclasses.replace(
        manifest, instance=anchor.instance, answers={**manifest.answers, "/data/root.pub": root_pub}
    )


def test_another_key_is_named(signed: Signed) -> None:
    """A site under another root, and a manifest that another root signed, are named before anything is compared."""
    other = FakeInspectorate()
    assert codes(signed.look(anchor=other.anchor)) == {("other-root", "/data/root.pub")}
    manifest = parse_manifest_body(split_manifest(signed.manifest)[0])
    verdict = signed.look(giving(signed_by(other, manifest)))
    assert codes(verdict) == {("manifest-forged", MANIFEST)}
    assert verdict.exit_code == 4


def test_an_old_release_is_named(signed: Signed) -> None:
    """By a version below this program's, and by a number below that of the manifest that is known."""
    assert codes(signed.look(giving(said(signed, version="0.0.9")))) == {("old-release", MANIFEST)}
    known = said(signed, number=4)
    verdict = signed.look(known=known)
    assert codes(verdict) == {("old-release", MANIFEST)}
    assert verdict.exit_code == 4


def test_two_manifests_with_one_number_are_named(signed: Signed) -> None:
    """Whoever was shown another manifest under the same number was deceived, or is."""
    assert codes(signed.look(known=said(signed, made=TODAY + 1))) == {("two-manifests", MANIFEST)}


def test_another_program_is_named(signed: Signed) -> None:
    """The root named another program under this version."""
    assert codes(signed.look(giving(said(signed, program=bytes(32))))) == {("other-program", MANIFEST)}


def test_what_cannot_be_judged_is_not_called_the_same(signed: Signed) -> None:
    """A newer release, no manifest, and pages that this machine makes otherwise: exit code 3, and why."""
    newer = signed.look(giving(said(signed, version="99.0")))
    assert (codes(newer), newer.exit_code) == ({("newer-release", MANIFEST)}, 3)
    answers = dict(parse_manifest_body(split_manifest(signed.manifest)[0]).answers)
    answers["/lapor"] = dataclasses.replace(answers["/lapor"], sha256=bytes(32))
    machine = signed.look(giving(said(signed, answers=answers)))
    assert (codes(machine), machine.exit_code) == ({("other-machine", "/lapor")}, 3)

    def none(asked: Asked, given: Given) -> None:
        if asked.path == MANIFEST:
            given.status = "404 Not Found"

    missing = signed.look(none)
    assert (codes(missing), missing.exit_code) == ({("manifest-missing", MANIFEST)}, 3)
    assert signed.look(none, known=signed.manifest).exit_code == 4


def test_another_hash_of_a_script_is_named(signed: Signed) -> None:
    """A signed manifest that names another script than its release has is different, and so is that script."""
    answers = dict(parse_manifest_body(split_manifest(signed.manifest)[0]).answers)
    answers[SCRIPT] = dataclasses.replace(answers[SCRIPT], sha256=bytes(32))
    manifest = said(signed, answers=answers)

    def alter(asked: Asked, given: Given) -> None:
        giving(manifest)(asked, given)
        at(SCRIPT, one_byte)(asked, given)

    verdict = signed.look(alter)
    assert {("other-file", MANIFEST), ("body", SCRIPT)} <= codes(verdict)
    assert verdict.exit_code == 4


def test_the_root_signs_no_other_hash_of_a_file(signed: Signed, tmp_path: Path) -> None:
    """A proposal that names the installed program and another script, one script less or another root is refused."""
    anchor = authority.make_root(
        tmp_path / "root", demo=True, today=TODAY, days=10, passphrase="kata sandi uji", cost=Cost(1, 8, 1)
    )
    root = authority.open_root(tmp_path / "root", "kata sandi uji")
    own = of_root(signed, anchor)
    changed = {**own.answers, SCRIPT: dataclasses.replace(own.answers[SCRIPT], sha256=bytes(32))}
    fewer = {path: answer for path, answer in own.answers.items() if path != SCRIPT}
    other_root = {**own.answers, "/data/root.pub": dataclasses.replace(own.answers["/data/root.pub"], sha256=bytes(32))}
    for answers in (changed, fewer, other_root):
        with pytest.raises(RefusedError) as refused:
            manifests.sign(root, dataclasses.replace(own, answers=answers).encode())
        assert refused.value.code == "manifest.other-files"
    assert manifests.is_first(root)


def test_a_site_gives_out_only_a_manifest_that_fits(signed: Signed) -> None:
    """With other settings than the signed ones /kunci shows no words; with the signed ones it does."""
    from dropbox.web.pages.manifest import read_manifest

    assert read_manifest(signed.site) is not None
    other = dataclasses.replace(signed.site, settings=dataclasses.replace(signed.site.settings, return_days=9))
    assert read_manifest(other) is None
    assert b"data-manifest-words" in signed.server.app.test_client().get("/kunci").data


def test_the_command_says_it_in_words_and_json(
    signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code, the finding and the numbers; hostile bytes do not reach the terminal."""
    (tmp_path / "root.pub").write_bytes(FakeInspectorate().anchor.encode())
    signed.server.begin(giving(signed.manifest))
    assert cli.run([signed.server.url, "--root", str(tmp_path / "root.pub"), "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found["findings"]] == ["other-root"]
    assert cli.run([signed.server.url, "--root", str(tmp_path / "root.pub")]) == 4
    assert "DIFFERENT /data/root.pub" in capsys.readouterr().out


def test_the_root_signs_no_number_twice(signed: Signed, tmp_path: Path) -> None:
    """What it signed verifies; a lower number and another instance are refused, also by a root that was rebuilt."""
    anchor = authority.make_root(
        tmp_path / "root", demo=True, today=TODAY, days=10, passphrase="kata sandi uji", cost=Cost(1, 8, 1)
    )
    root = authority.open_root(tmp_path / "root", "kata sandi uji")
    manifest = parse_manifest_body(split_manifest(signed.manifest)[0])
    own = of_root(signed, anchor)
    assert manifests.is_first(root)
    assert recovery.read_records(root.folder).numbers == (0, 1, 0)
    assert open_manifest(anchor, manifests.sign(root, own.encode())) == own
    for number in (3, 2):
        with pytest.raises(RefusedError):
            manifests.sign(root, dataclasses.replace(own, number=number).encode())
    with pytest.raises(RefusedError):
        manifests.sign(root, dataclasses.replace(manifest, number=9).encode())
    records = recovery.read_records(root.folder)
    recovery.check_newest(records, 0, 1, 3)
    for told in ((0, 1, 2), (0, 1, 4), (0, 1, 0)):
        with pytest.raises(RefusedError):
            recovery.check_newest(records, *told)
    recovery.write_root(tmp_path / "again", root.key, records, "kata sandi uji", Cost(1, 8, 1))
    again = authority.open_root(tmp_path / "again", "kata sandi uji")
    with pytest.raises(RefusedError):
        manifests.sign(again, own.encode())
    (again.folder / "site-manifest").unlink()
    with pytest.raises(NotFoundError):
        manifests.sign(again, dataclasses.replace(own, number=9).encode())
    shown = "\n".join(manifests.lines(own.encode()))
    assert "https://www.bmkg.go.id/" in shown
    assert "installed here" in shown


def test_a_damaged_manifest_is_refused(signed: Signed) -> None:
    """Each cut, each byte behind it, addresses out of order and another instance are refused."""
    anchor = signed.inspectorate.anchor
    for data in (signed.manifest[:-1], signed.manifest + b"x", b"", signed.manifest[:40]):
        with pytest.raises(MalformedError):
            open_manifest(anchor, data)
    body = bytearray(signed.manifest)
    body[60] ^= 1
    with pytest.raises(UntrustedError):
        open_manifest(anchor, bytes(body))
    with pytest.raises(UntrustedError):
        open_manifest(anchor, said(signed, instance=bytes(16)))
    manifest = parse_manifest_body(split_manifest(signed.manifest)[0])
    for changes in ({"answers": {}}, {"number": 0}, {"settings": bytes(MANIFEST_SETTINGS_MAX_BYTES + 1)}):
        with pytest.raises(MalformedError):
            dataclasses.replace(manifest, **changes).encode()  # type: ignore[arg-type]


def test_public_settings_show_what_pages_show(tmp_path: Path) -> None:
    """Settings that are read back show the same, an installation's own page, desks and contacts too, in their order."""
    (tmp_path / "isi").mkdir()
    packaged = PROJECT / "dropbox/web/content/access.toml"
    (tmp_path / "isi" / "access.toml").write_text(packaged.read_text("utf-8").replace("sebanyak", "semua"), "utf-8")
    file = tmp_path / "dropbox.toml"
    file.write_text(
        '[site]\ncontent = "isi"\nonion = ""\n[desks.audit]\nlabel_id = "A"\nlabel_en = "A"\nreads_id = "B"\n'
        'reads_en = "B"\n[contacts.sapa]\nnumber = "129"\nsource = "x"\ndate = "2026-01-02"\n',
        "utf-8",
    )
    settings = load(file)
    (tmp_path / "out").mkdir()
    shown = encode_public(settings)
    again = decode_public(shown, tmp_path / "out")
    assert encode_public(again) == shown
    assert list(again.desks) == list(settings.desks)
    assert again.contacts == settings.contacts
    assert str(tmp_path) not in shown.decode()
    for damaged in (shown + b" ", shown.replace(b'"open":true', b'"open":1.5'), b"[]", b"{}", b"\xff"):
        with pytest.raises(MalformedError):
            decode_public(damaged, tmp_path / "out")


def test_no_page_shows_a_setting_that_is_not_in_the_manifest() -> None:
    """Each attribute of the settings that the site's code reads is public, or known to be shown to nobody."""
    names = {one.name for one in dataclasses.fields(Settings)} | {"today", "night"}
    used = {
        node.attr
        for path in (PROJECT / "dropbox/web").rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in names and "settings" in ast.unparse(node.value).lower()
    }
    assert {"site_name", "onion", "desks"} <= used
    assert used - SHOWN - UNSEEN == set()
    assert not SHOWN & UNSEEN


def test_manifests_have_one_encoding(signed: Signed) -> None:
    """What is parsed is encoded to the same bytes."""
    body = split_manifest(signed.manifest)[0]
    assert isinstance(parse_manifest_body(body), SiteManifest)
    assert parse_manifest_body(body).encode() == body
