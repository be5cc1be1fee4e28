"""Bad input: named and set aside, or taken as text; nothing is lost, and the rest comes in."""

import hashlib
import io
import os
import random
import re
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import HOSTILE, LONG_TEXT, SCRIPT, STRUCTURES, seal_raw
from triage_world import SETTINGS, TODAY, Blob, World, all_files, dump, new_thread, published, take_raw

from dropbox.errors import MalformedError
from dropbox.triage.access import identity
from dropbox.triage.cases import casebook
from dropbox.triage.casework import duplicates, inbox, protection, search
from dropbox.triage.casework.extract import extract
from dropbox.triage.exchange.publish import publish
from dropbox.triage.intake import importing
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import EXPORT_HEAD_BYTES, ExportedBlob, ExportWriter
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import u32


def test_records_of_hostile_structure_are_set_aside_by_name(world: World, vault: Vault) -> None:
    """Sealed with the real key, each is named with its reason, kept, and given a receipt; the report comes in."""
    bad = {what: seal_raw(world, content) for what, content in STRUCTURES.items()}
    good = world.report(new_thread())
    blobs = [*bad.values(), good]
    random.Random(1).shuffle(blobs)  # noqa: S311  a reproducible order, not a secret
    done = world.take(vault, blobs)
    assert (done.opened, len(done.aside), done.is_whole) == (1, len(bad), True)
    for what, blob in bad.items():
        assert any(blob.short in line and "damaged" in line for line in done.aside), what
    assert not any(line != "".join(filter(str.isprintable, line)) for line in done.aside)
    assert len(list(vault.blobs.iterdir())) == len(blobs)
    assert published(world, vault).receipts == {blob.sha256 for blob in blobs}


def test_names_nobody_knows_change_nothing(world: World, vault: Vault) -> None:
    """A newer sealer may send more: 3 000 foreign names beside a report are no fault and open nothing."""
    foreign = {f"y-{number}": b"\xff" * 9 for number in range(3000)}
    world.take(vault, [world.report(new_thread(), "Asli", record=foreign)])
    (case,) = casebook.all_cases(vault)
    assert set(casebook.texts(vault, case)[0].fields) == {"channel", "category", "what", "who", "where"}


def test_bundles_of_others_are_refused_whole(world: World, vault: Vault, tmp_path: Path) -> None:
    """Another inspectorate's export, a signed return, and what calls itself an export: nothing is changed."""
    other = World(tmp_path / "other")
    other.create()
    with other.open() as theirs:
        returned = publish(Work(theirs, SETTINGS, TODAY))
    before, files = dump(vault), all_files(vault.folder)
    for raw in (other.export([other.report(new_thread())]), returned, b"DBXE" + os.urandom(99), b"DBXE"):
        with pytest.raises(MalformedError):
            take_raw(vault, raw)
    assert (dump(vault), all_files(vault.folder)) == (before, files)


def test_blobs_of_another_station_harm_nobody(world: World, vault: Vault, tmp_path: Path) -> None:
    """Carried in our own export: another instance's is named, one for keys that are not ours is counted."""
    other = World(tmp_path / "other")
    other.create()
    foreign, good = other.report(new_thread()), world.report(new_thread())
    strange = world.report(new_thread(), key=other.public["itjen"][epoch_of(TODAY)])
    done = world.take(vault, [foreign, strange, good])
    assert (done.opened, done.other_desks, len(done.aside)) == (1, 1, 1)
    assert foreign.short in done.aside[0]
    assert "another instance" in done.aside[0]


def test_replays_open_nothing_twice(world: World, vault: Vault) -> None:
    """A blob under many ids, an old export after a newer one, a message sealed anew: one case, and named."""
    thread = new_thread()
    blob = world.report(thread, "satu")
    first = world.export([blob, replace(blob, id=os.urandom(32)), replace(blob, id=bytes(32))], number=9)
    done = take_raw(vault, first)
    assert (done.opened, done.known) == (1, 2)
    take_raw(vault, world.export([], number=10))
    assert take_raw(vault, first).known == 3
    done = world.take(vault, [world.report(thread, "satu")], number=11)
    assert (done.opened, len(done.aside)) == (0, 1)
    assert "replay" in done.aside[0]
    assert [len(casebook.texts(vault, case)) for case in casebook.all_cases(vault)] == [1]
    assert vault.count("export number") == 11


def test_an_export_cut_anywhere_keeps_what_came_before(world: World, vault: Vault) -> None:
    """In every part of it; the whole one brings the rest, and nothing twice."""
    cases = 0
    for number, part in enumerate(_PARTS):
        one, two = world.report(new_thread()), world.report(new_thread())
        export = world.export([one, two], number=number + 1)
        start = EXPORT_HEAD_BYTES
        second = start + 73 + len(one.data)
        cut = {"first": start, "second": second, "trailer": second + 73 + len(two.data), "end": len(export)}
        at = cut[part[0]] + part[1]
        done = take_raw(vault, export[:at])
        came = (at >= second) + (at >= cut["trailer"])
        assert (done.opened, done.is_whole) == (came, False), part
        assert "truncated" in done.notes[0], part
        done = take_raw(vault, export)
        assert (done.opened, done.known, done.is_whole) == (2 - came, came, True), part
        cases += 2
        assert len(casebook.all_cases(vault)) == cases


_PARTS = [
    ("first", 0), ("first", 1), ("first", 20), ("first", 36), ("first", 60), ("first", 73), ("first", 74),
    ("second", -1), ("second", 0), ("second", 1), ("second", 40), ("second", 73), ("second", 1000), ("trailer", -1),
    ("trailer", 0), ("trailer", 1), ("trailer", 2), ("trailer", 5), ("trailer", 12), ("end", -32), ("end", -1),
]  # fmt: skip


def test_an_export_cut_in_its_head_is_refused(world: World, vault: Vault) -> None:
    """Before its first blob there is nothing to keep."""
    export, before = world.export([]), dump(vault)
    for at in range(EXPORT_HEAD_BYTES):
        with pytest.raises(MalformedError):
            take_raw(vault, export[:at])
    assert dump(vault) == before


def _tiny(world: World, count: int, good: Blob) -> Callable[[int], bytes]:
    """A reader of an export of so many blobs of a few bytes and one report, made while it is read."""

    def pieces() -> Iterator[bytes]:
        writer = ExportWriter()
        yield writer.head(world.server.head(count % 1000 + 1, TODAY))
        for number in range(count):
            data = b"DBXB"[: number % 5] + number.to_bytes(4, "big")
            yield from writer.blob(ExportedBlob(os.urandom(32), len(data), hashlib.sha256(data).digest()), [data])
        yield from writer.blob(ExportedBlob(good.id, len(good.data), good.sha256), [good.data])
        yield writer.trailer({}, lambda sha256: world.server.key.sign_export(world.anchor.instance, sha256))

    source, rest = pieces(), b""

    def read(wanted: int) -> bytes:
        nonlocal rest
        rest = rest or next(source, b"")
        piece, rest = rest[:wanted], rest[wanted:]
        return piece

    return read


@pytest.mark.parametrize("count", [2000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_flood_of_tiny_blobs(world: World, vault: Vault, count: int) -> None:
    """Each is named, the report behind them comes in; work grows with their number, memory only by their names."""
    statements = [0]

    def count_statement(_: str) -> None:
        statements[0] += 1

    vault.db.set_trace_callback(count_statement)
    importing.import_export(Work(vault, SETTINGS, TODAY), _tiny(world, count // 2, world.report(new_thread())))
    half, statements[0] = statements[0], 0
    tracemalloc.start()
    try:
        done = importing.import_export(Work(vault, SETTINGS, TODAY), _tiny(world, count, world.report(new_thread())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    vault.db.set_trace_callback(None)
    assert (done.opened, done.known, len(done.aside)) == (1, count // 2, count - count // 2)
    assert statements[0] < 3 * half
    assert peak < (32 << 20) + 1000 * count


def test_texts_of_every_kind_come_back_unchanged(world: World, vault: Vault) -> None:
    """Markup, direction signs, NUL and 100 kB in every field and code: kept and found as they are, but a language."""
    long = (HOSTILE * (100_000 // len(HOSTILE.encode()) - 1)) + "palinghujung"
    fields = dict.fromkeys(("what", "who", "where", "when", "protection"), long)
    fields |= {"channel": HOSTILE, "category": long}
    record = {name: text.encode() for name, text in (fields | {"lang": HOSTILE}).items()}
    blob = world.report(new_thread(), record=record)
    done = world.take(vault, [blob])
    assert (done.opened, done.aside) == (1, [])
    (case,) = casebook.all_cases(vault)
    assert casebook.texts(vault, case)[0].fields == fields
    assert casebook.texts(vault, case)[0].lang == ""
    assert protection.of_case(vault, case) == []
    assert [hit.number for hit in search.search(Work(vault, SETTINGS, TODAY), "palinghujung")] == [case.number]
    assert inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter()).total == 1
    assert duplicates.suggest(Work(vault, SETTINGS, TODAY), case) == []
    shown = published(world, vault)
    assert shown.receipts == {blob.sha256}


def test_codes_of_nonsense_are_no_codes(world: World, vault: Vault) -> None:
    """Channel and category that nobody knows stand in the report as they came; the case counts as not yet sorted."""
    thread = new_thread()
    world.take(vault, [world.report(thread, record={"channel": HOSTILE.encode(), "category": b"sihir", "lang": b"xx"})])
    (case,) = casebook.all_cases(vault)
    assert (case.channel, case.category) == ("", "tidak-tahu")
    assert casebook.language(vault, case) == "id"
    assert casebook.texts(vault, case)[0].fields["category"] == "sihir"


def test_junk_in_protection_and_identity(world: World, vault: Vault) -> None:
    """Unknown codes ask for nothing; who the reporter is stays sealed, whatever it is made of."""
    junk = {
        "protection": f"{SCRIPT}, career,CAREER,, ,legal\0,{LONG_TEXT}",
        "identity": f"kenarimerah {HOSTILE} {LONG_TEXT}",
    }
    world.take(vault, [world.report(new_thread(), record={name: text.encode() for name, text in junk.items()})])
    (case,) = casebook.all_cases(vault)
    assert [request.kind for request in protection.of_case(vault, case)] == ["career"]
    assert len(identity.numbers(vault, case)) == 1
    assert "kenarimerah" not in repr(dump(vault))
    assert b"kenarimerah" not in b"".join(path.read_bytes() for path in all_files(vault.folder, vault.copy_folder))


@pytest.mark.parametrize("sent", [0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2_932_896])
def test_dates_of_other_ages(world: World, vault: Vault, sent: int) -> None:
    """Zero, the year 9999 and what a signed number would call negative: kept near the week of the key."""
    thread = new_thread()
    record = {"sent": u32(sent)}
    world.take(vault, [world.report(thread, record=record), world.file(thread, 1, b"x", record=record)])
    (case,) = casebook.all_cases(vault)
    assert TODAY - 8 <= case.sent <= TODAY
    assert case.sent < case.due <= TODAY + 30
    assert published(world, vault).timeline(world, thread)


@pytest.mark.parametrize(("number", "day"), [(2**64 - 1, 2**32 - 1), (0, 0), (2**63, TODAY + 9999)])
def test_an_export_of_another_age_destroys_nothing(world: World, vault: Vault, number: int, day: int) -> None:
    """A signed export with a number or a date that cannot be: the report comes in, and every key stays."""
    keys = {path.name for path in (vault.folder / "epochs").iterdir()}
    export = world.export([world.report(new_thread())], number=number, day=day, held={0: 2**32 - 1, 2**32 - 1: 1})
    assert take_raw(vault, export).opened == 1
    assert {path.name for path in (vault.folder / "epochs").iterdir()} == keys
    assert published(world, vault).receipts


NAMES = [
    "CON", "nul.txt", "../x", "a/../../etc/passwd", "/etc/passwd", "..\\..\\x", ".bashrc", "-rf", "", "x" * 10_000,
    "a\0b", "a\nb\x1b[2J", "\u202egpj.exe", "manifest.json", f"{SCRIPT}.pdf", "$(reboot).sh", "a" * 9000 + ".jpg",
]  # fmt: skip


def _bomb() -> bytes:
    """A zip in a zip, a thousand times larger than it looks, with a name that leads out."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("../../../x", bytes(10 << 20))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(99):
            made.writestr(f"../{number}.zip", inner.getvalue())
    return outer.getvalue()


def test_files_are_bytes_whatever_they_are_called(world: World, vault: Vault, tmp_path: Path) -> None:
    """Names that lead out, command or have 10 000 signs, and a bomb inside: opaque, whole, and one file each."""
    thread, bomb = new_thread(), _bomb()
    blobs = [world.file(thread, number, bomb + u32(number), name) for number, name in enumerate(NAMES, 1)]
    done = world.take(vault, [world.report(thread), *blobs])
    assert (done.opened, done.aside) == (len(NAMES) + 1, [])
    (case,) = casebook.all_cases(vault)
    given = [re.sub(r"[\x00-\x1f\x7f/\\]", "_", name[-255:]) or "-" for name in NAMES]
    assert [file.name for file in casebook.files(vault, case)] == given
    out = tmp_path / "out" / "case"
    assert extract(vault, case, out).failed == []
    written = {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert len(written) == len(NAMES) + 1
    for number, path in enumerate(sorted(written - {out / "manifest.json"}), 1):
        assert path.parent == out
        assert path.read_bytes() == bomb + u32(number)
        assert re.match(r"[0-9]{2}-", path.name)
        assert all(unicodedata.category(sign)[0] != "C" for sign in path.name)
        assert len(path.name.encode()) <= 120
