"""Pictures lose what they tell and keep every pixel, judged by Pillow, which reads them with another implementation."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms

from tests.support.picture_samples import (
    CANARY,
    EXIF,
    ICC,
    TURNED,
    bare_exif,
    jpeg_segments,
    photo,
    pixels,
    png_chunks,
    profile,
    riff_chunks,
    saved,
    silent,
    telling,
)

JavaScript = Callable[..., Any]
TELLING = {name: (picture, told) for name, picture, told in telling()}
SILENT = dict(silent())


@pytest.mark.parametrize("name", TELLING)
def test_cleaned_picture_tells_nothing_and_looks_the_same(javascript: JavaScript, name: str) -> None:
    """What it told is named; what is left has its pixels and is turned as before, and cleaning it changes nothing."""
    picture, told = TELLING[name]
    found = javascript("check", picture=picture)
    assert found["state"] == "found"
    assert told <= set(found["tells"])
    cleaned = found["bytes"]
    assert CANARY.encode() not in cleaned
    assert len(cleaned) < len(picture)
    assert pixels(cleaned) == pixels(picture)
    before, after = Image.open(io.BytesIO(picture)), Image.open(io.BytesIO(cleaned))
    turned = before.getexif().get(0x0112, 1)
    assert dict(after.getexif()) == ({} if turned == 1 else {0x0112: turned})
    assert not {"comment", "xmp", "photoshop", "Author", "Comment"} & set(after.info)
    assert javascript("check", picture=cleaned)["state"] == "silent"


@pytest.mark.parametrize("name", SILENT)
def test_picture_that_tells_nothing_is_left_alone(javascript: JavaScript, name: str) -> None:
    """Nothing is asked about it, and there is no other file in its place."""
    assert javascript("check", picture=SILENT[name]) == {"state": "silent", "tells": [], "bytes": None}


def test_what_stays_of_each_format(javascript: JavaScript) -> None:
    """Nothing but what the allow-lists name."""
    jpeg = jpeg_segments(javascript("check", picture=TELLING["profile.jpg"][0])["bytes"])
    assert {marker for marker, _ in jpeg} == {0xE0, 0xE1, 0xE2, 0xDB, 0xC0, 0xC4}
    assert [body for marker, body in jpeg if marker == 0xE1] == [EXIF + bare_exif()]
    cmyk = jpeg_segments(javascript("check", picture=TELLING["cmyk.jpg"][0])["bytes"])
    assert [body[:5] for marker, body in cmyk if marker == 0xEE] == [b"Adobe"]
    animated = png_chunks(javascript("check", picture=TELLING["animated.png"][0])["bytes"])
    assert set(animated) == {b"IHDR", b"acTL", b"fcTL", b"IDAT", b"fdAT", b"eXIf", b"IEND"}
    moving = riff_chunks(javascript("check", picture=TELLING["animated.webp"][0])["bytes"])
    assert set(moving) == {b"VP8X", b"ANIM", b"ANMF", b"EXIF"}
    assert (moving[b"VP8X"][0], moving[b"EXIF"]) == (0x02 | 0x08, bare_exif(TURNED))


def test_profile_keeps_colours_and_loses_names(javascript: JavaScript) -> None:
    """LittleCMS computes the same colours from the bare profile, and finds no name, date or maker in it."""
    named = profile((b"mmod", b"mmod\0\0\0\0" + CANARY.encode()))
    cleaned = javascript("check", picture=saved(photo(), "JPEG", icc_profile=named))["bytes"]
    (bare,) = [body[len(ICC) + 2 :] for marker, body in jpeg_segments(cleaned) if marker == 0xE2]
    assert len(bare) < len(named)
    assert bare[24:36] == bytes(12)
    assert bare[40:56] == bytes(16)
    for text in (b"desc", b"cprt", b"mluc", b"text", CANARY.encode()):
        assert text not in bare
    lab = ImageCms.createProfile("LAB")
    one, other = (
        ImageCms.profileToProfile(photo(), ImageCms.ImageCmsProfile(io.BytesIO(data)), lab, outputMode="LAB")
        for data in (named, bare)
    )
    assert one is not None
    assert other is not None
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("name", ["baseline.jpg", "animated.png", "animated.webp"])
def test_truncated_picture_is_said_to_be_broken(javascript: JavaScript, name: str) -> None:
    """Wherever it is cut off: nothing is made up, and the reporter decides."""
    picture = TELLING[name][0]
    for length in (20, len(picture) // 2, len(picture) - 1):
        assert javascript("check", picture=picture[:length]) == {"state": "broken", "tells": [], "bytes": None}


@pytest.mark.parametrize(
    ("start", "state"),
    [
        (b"%PDF-1.7\n", "office"),
        (b"PK\3\4\x14\0", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "office"),
        (b"\0\0\0\x18ftypheic", "media"),
        (b"\0\0\0\x18ftypmp42", "media"),
        (b"II*\0", "media"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "media"),
        (b"Catatan", "unknown"),
        (b"", "silent"),
    ],
)
def test_other_files_are_told_apart(javascript: JavaScript, start: bytes, state: str) -> None:
    """By their first bytes; none of them is changed."""
    picture = start + bytes(100) if start else b""
    assert javascript("check", picture=picture) == {"state": state, "tells": [], "bytes": None}
