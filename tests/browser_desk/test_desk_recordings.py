"""Recordings at the desk, in both browsers: heard and seen, sought, locked, and written to no disk."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from triage_world import new_thread

from tests.browser.chromium import ARGUMENTS, program
from tests.browser_desk.office import FIRST, PASSPHRASE, Office
from tests.browser_js.browsers import Chromium, Firefox, Window
from tests.support.desk_process import RunningDesk
from tests.support.server import children_of, wait_until

SECONDS = 40
MEDIA = "document.querySelector('recording-player video, recording-player audio')"
# Loudness of what the browser decoded: 0 if it plays silence.
LISTEN = f"""void (() => {{
  const context = new AudioContext(), analyser = context.createAnalyser();
  context.createMediaElementSource({MEDIA}).connect(analyser);
  analyser.connect(context.destination);
  void context.resume();
  setInterval(() => {{
    const heard = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(heard);
    document.body.dataset.loudness = Math.max(...heard.map(Math.abs));
  }}, 100);
}})()"""
# Colour in the middle of the picture that the browser shows now.
COLOUR = f"""(() => {{
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  canvas.width = canvas.height = 1;
  pen.drawImage({MEDIA}, 0, 0, 1, 1);
  return Array.from(pen.getImageData(0, 0, 1, 1).data).slice(0, 3);
}})()"""

# What a failing test says about the player.
STATE = f"""(one => [one.currentTime, one.paused, one.readyState, one.networkState, one.error?.message, one.currentSrc,
  Array.from({{length: one.buffered.length}}, (_, n) => [one.buffered.start(n), one.buffered.end(n)]),
  document.querySelector('[data-said]')?.innerText])({MEDIA})"""


def ffmpeg(*options: str) -> bytes:
    """What ffmpeg writes."""
    return subprocess.run(["ffmpeg", "-v", "error", *options, "pipe:1"], capture_output=True, check=True).stdout


def film() -> bytes:
    """Half red, half blue, with a tone; larger than it is played."""
    half = SECONDS // 2
    colours = [f"color={name}:size=1280x720:rate=10:duration={half}" for name in ("red", "blue")]
    inputs = [part for one in (*colours, f"sine=440:duration={SECONDS}") for part in ("-f", "lavfi", "-i", one)]
    joined = ("-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    return ffmpeg(*inputs, *joined, *coded, "-movflags", "frag_keyframe+empty_moov", "-f", "mp4")


def sound() -> bytes:
    """A tone, as a dictaphone writes it."""
    return ffmpeg("-f", "lavfi", "-i", f"sine=440:duration={SECONDS}", "-c:a", "wmav2", "-f", "asf")


@dataclass(frozen=True)
class Room:
    """A browser before a desk whose first case has a film and a sound; `temporary` is where the browser may write."""

    office: Office
    desk: RunningDesk
    window: Window
    temporary: Path

    def open_file(self, message: int) -> Window:
        """Open a file of the case, unlocking the desk if it is locked."""
        self.window.open(f"{self.desk.address}/buka")
        if self.window.count("#passphrase"):
            self.window.write("#officer", FIRST)
            self.window.write("#passphrase", PASSPHRASE)
            self.window.click("main button[type=submit]")
            self.window.wait("nav")
        self.window.open(f"{self.desk.address}/kasus/1/berkas/{message}")
        self.window.wait("recording-player[data-is-ready]")
        return self.window


FILM, SOUND = 2, 3  # messages of the case


# The workstation has Firefox; the other one in the long runs.
@pytest.fixture(scope="module", params=[pytest.param("chromium", marks=pytest.mark.soak), "firefox"])
def room(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """One for all tests of a browser, which may play without a press."""
    folder = tmp_path_factory.mktemp("recordings")
    office, kept = Office.make(folder), folder / "temporary"
    kept.mkdir()
    with office.world.open() as vault:
        thread = new_thread()
        files = (("rapat.mp4", film()), ("rekaman.wma", sound()))
        blobs = [office.world.file(thread, number, data, name) for number, (name, data) in enumerate(files, 1)]
        office.world.take(vault, [office.world.report(thread), *blobs])
    if request.param == "firefox":
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", str(kept))
            window: Window = Firefox(folder / "gecko.log", {"media.autoplay.default": 0})
    else:
        arguments = [*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
        context = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=program(), args=arguments
        )
        window = Chromium(context.pages[0])
    try:
        with office.open() as desk:
            window.open(desk.link)
            yield Room(office, desk, window, kept)
    finally:
        window.close()


def plays(window: Window, after: float) -> None:
    """Wait until the recording has played beyond a time."""
    wait_until(
        f"it plays at {after} s", lambda: window.look(f"{MEDIA}.currentTime") > after, 60, lambda: window.look(STATE)
    )


def is_heard(window: Window) -> bool:
    """Whether Chromium decodes more than silence; of Firefox (it needs a loudspeaker) whether it has sound."""
    if isinstance(window, Firefox):  # mozHasAudio is there for a film alone
        return bool(window.look(f"{MEDIA}.mozCaptureStream().getAudioTracks().length"))
    return float(window.look("document.body.dataset.loudness ?? 0")) > 0.01


def seek(window: Window, seconds: float) -> None:
    """Move the bar."""
    moved = f"one.value = {seconds}, one.dispatchEvent(new Event('input')), one.dispatchEvent(new Event('change'))"
    window.look(f"void (one => {{ {moved} }})(document.querySelector('[data-seek]'))")


def sandboxes(desk: RunningDesk) -> list[int]:
    """Processes of the desk's worker: the launchers of sandboxes."""
    return [process for worker in children_of(desk.process.pid) for process in children_of(worker)]


def test_a_film_is_seen_and_heard(room: Room) -> None:
    """It plays with picture and sound, within 854 × 480; after a move of the bar it shows what is there."""
    window = room.open_file(FILM)
    if isinstance(window, Chromium):
        window.look(LISTEN)
    window.click("[data-play]")
    plays(window, 0.5)
    assert window.look(f"[{MEDIA}.videoWidth, {MEDIA}.videoHeight]") == [854, 480]
    red, _, blue = window.look(COLOUR)
    assert (red > 200, blue < 60) == (True, True)
    wait_until("it is heard", lambda: is_heard(window))
    seek(window, SECONDS - 8)
    plays(window, SECONDS - 7.5)
    red, _, blue = window.look(COLOUR)
    assert (red < 60, blue > 200) == (True, True)
    assert window.text("[data-time]").endswith(f"/ 0:{SECONDS}")


def test_a_still_picture_has_every_pixel(room: Room) -> None:
    """The picture of a moment is as large as the film, though the film is played smaller."""
    window = room.open_file(FILM)
    window.click("[data-show-still]")
    size = "(one => [one.naturalWidth, one.naturalHeight])(document.querySelector('[data-still-picture]'))"
    wait_until("the still picture is there", lambda: window.look(size) == [1280, 720], 60)


def test_a_sound_is_heard_and_drawn(room: Room) -> None:
    """A WMA plays, twice as fast if that is chosen, and its waveform is there."""
    window = room.open_file(SOUND)
    # Firefox ends a sound that is not muted with an error as soon as it finds no loudspeaker.
    window.look(LISTEN if isinstance(window, Chromium) else f"void ({MEDIA}.muted = true)")
    chosen = "one.value = '2', one.dispatchEvent(new Event('change'))"
    window.look(f"void (one => {{ {chosen} }})(document.querySelector('[data-speed]'))")
    window.click("[data-play]")
    plays(window, 0.5)
    assert window.look(f"{MEDIA}.playbackRate") == 2
    wait_until("it is heard", lambda: is_heard(window))
    wait_until("the wave is drawn", lambda: window.look("document.querySelector('[data-wave]').naturalWidth") > 0)


def test_nothing_of_a_recording_is_written_to_a_disk(room: Room) -> None:
    """While Firefox plays, it has opened no temporary file, as it does for what it plays from an address."""
    window = room.open_file(FILM)
    window.click("[data-play]")
    plays(window, 2)
    assert not [path for path in room.temporary.rglob("mozilla-temp-*") if path.is_file()]
    if isinstance(window, Firefox):
        assert not any("mozilla-temp-" in name for name in _opened(window._driver.instance.runner.process_handler.pid))


def test_locking_ends_the_stream(room: Room) -> None:
    """After locking no sandbox is left, and the page says that the desk is locked instead of playing on."""
    window = room.open_file(FILM)
    seek(window, 1)
    window.look(f"void {MEDIA}.play()")
    plays(window, 1.5)
    wait_until("the stream waits for the page", lambda: len(sandboxes(room.desk)) == 1)
    window.look("void fetch('/kunci', {method: 'POST', body: new FormData(document.querySelector('form.lock'))})")
    wait_until("no sandbox is left", lambda: not sandboxes(room.desk))
    wait_until("it stops", lambda: window.look(f"{MEDIA}?.paused ?? true") is True, 60)


def _opened(process: int) -> list[str]:
    names = []
    for one in Path(f"/proc/{process}/fd").iterdir():
        try:
            names.append(str(one.readlink()))
        except OSError:
            continue
    return names
