"""Redacted recordings: a tone where somebody spoke, and black pictures."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY

from dropbox.errors import RefusedError
from dropbox.triage.cases import casebook
from dropbox.triage.redaction import leaving, saved
from dropbox.triage.redaction.recipe import Recipe, recipe
from dropbox.triage.redaction.saved import Draft
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]


def film(folder: Path) -> bytes:
    """Four seconds of white pictures and a low tone of 300 Hz."""
    path = folder / "film.mp4"
    made = ("-f", "lavfi", "-i", "color=white:size=64x64:rate=10", "-f", "lavfi", "-i", "sine=frequency=300")
    subprocess.run(["ffmpeg", "-v", "error", *made, "-t", "4", "-pix_fmt", "yuv420p", str(path)], check=True)
    return path.read_bytes()


def loudness(path: Path, second: float, wanted: str) -> float:
    """The mean volume (dB) of half a second, through a filter."""
    window = ("-ss", str(second), "-t", "0.5", "-i", str(path))
    done = subprocess.run(
        ["ffmpeg", "-nostdin", *window, "-vn", "-af", f"{wanted},volumedetect", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stderr.partition("mean_volume: ")[2].split(" dB")[0])


def light(path: Path, second: float, film: str = "0:v:0") -> int:
    """The brightest value of a film's picture at a time."""
    picture = ("-map", film, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-")
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-ss", str(second), "-i", str(path), *picture],
        capture_output=True,
        check=True,
    )
    return max(done.stdout)


def exported(vault: Vault, case: casebook.Case, chosen: Recipe, to: Path) -> Path:
    """The redacted copy in a folder."""
    work = Work(vault, SETTINGS, TODAY)
    one = saved.save(work, case, 1, "", Draft("KPK", chosen))
    return to / leaving.export(work, case, 1, one, to).name


def test_a_stretch_becomes_a_tone_and_black(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """From second 1 to 2.5 the voice is gone and the film black; before and after they are as they were."""
    case = take_files(("film.mp4", film(tmp_path)))
    copy = exported(vault, case, recipe(stretches=[(1000, 2500)], is_black=True), tmp_path / "out")
    low = "lowpass=f=500:p=2,lowpass=f=500:p=2,lowpass=f=500:p=2"
    voice = [loudness(copy, second, low) for second in (0.3, 1.5, 3.2)]
    assert voice[1] < voice[0] - 12
    assert abs(voice[2] - voice[0]) < 3
    assert loudness(copy, 1.5, "highpass=f=800") > voice[1]
    assert [light(copy, second) > 200 for second in (0.3, 1.5, 3.2)] == [True, False, True]


def test_black_where_the_film_has_ended_is_nothing_to_see(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """The sound is longer than the film: its stretch is covered, and the copy leaves."""
    short = ("-f", "lavfi", "-i", "color=white:size=64x64:rate=10:duration=1")
    sound = ("-f", "lavfi", "-i", "sine=frequency=300:duration=4")
    path = tmp_path / "film.mp4"
    subprocess.run(["ffmpeg", "-v", "error", *short, *sound, "-pix_fmt", "yuv420p", str(path)], check=True)
    case = take_files(("film.mp4", path.read_bytes()))
    copy = exported(vault, case, recipe(stretches=[(2500, 3500)], is_black=True), tmp_path / "out")
    assert loudness(copy, 3.0, "highpass=f=800") > loudness(copy, 0.5, "highpass=f=800")


def test_a_second_film_is_black_too(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A stretch covers every film of a recording."""
    films = ("-f", "lavfi", "-i", "color=white:size=64x64:rate=10:duration=3")
    path = tmp_path / "dua.mkv"
    maps = ("-map", "0", "-map", "1", "-pix_fmt", "yuv420p")
    subprocess.run(["ffmpeg", "-v", "error", *films, *films, *maps, str(path)], check=True)
    case = take_files(("dua.mkv", path.read_bytes()))
    copy = exported(vault, case, recipe(stretches=[(1000, 2000)], is_black=True), tmp_path / "out")
    assert light(copy, 1.5, "0:v:1") < 50 < light(copy, 0.5, "0:v:1")


def test_a_stretch_after_the_end_stops_the_copy(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """It would cover nothing: the times were mistyped."""
    case = take_files(("film.mp4", film(tmp_path)))
    with pytest.raises(RefusedError) as caught:
        exported(vault, case, recipe(stretches=[(60_000, 70_000)]), tmp_path / "out")
    assert caught.value.code == "redaction.no-such-stretch"
    assert not (tmp_path / "out").exists()
