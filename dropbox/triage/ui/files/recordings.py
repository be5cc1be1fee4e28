"""Plays a reporter's recording: its stream in pieces, a still picture, a strip of pictures, a waveform.

    rekaman.webm?mulai=S                    begins a stream at S seconds: first piece, header X-Stream with its name
    rekaman.webm?aliran=NAME&potong=N       piece N of it; empty at the end
    rekaman.webm?mulai=S&utuh=1             WHOLE_FILM or WHOLE_SOUND seconds as one file, for a page without scripts
    rekaman.webm?samaran=N                  likewise, as the redacted copy of that number leaves
    rekaman/diam.png?mulai=S                the picture at S seconds with all its pixels

Rule: what reaches the browser was decoded and encoded anew in the sandbox, and is written to no disk: the page puts the
pieces together in memory, and a whole file is small enough for the browser's own memory.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, request

from dropbox.errors import NotFoundError
from dropbox.triage.cases import casebook
from dropbox.triage.evidence import findings, jobs, kinds
from dropbox.triage.evidence.cover import NOTHING
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Picture
from dropbox.triage.redaction import burning, saved
from dropbox.triage.ui import file_words
from dropbox.triage.ui.files.pane import admitted
from dropbox.triage.ui.files.places import file_at, requested
from dropbox.triage.ui.files.player import Player
from dropbox.triage.ui.view import desk, vault, work

ENDPOINTS: Final = ("recording", "recording-still", "recording-strip", "recording-wave")
# Firefox keeps what it plays from an address in memory only up to 8 MB, and writes the rest to a file.
WHOLE_FILM, WHOLE_SOUND = 30, 600  # seconds
_STREAM: Final = "X-Stream"
_GONE: Final = 410
_REFUSED: Final = 409


def _player(number: int, message: int) -> Player:
    """Return the player of a recording, opened for it if another or none is there."""
    place = requested(number, message)
    admitted(file_at(place))
    stored = casebook.file_of(vault(), place.case, place.number)
    chosen = int(_number("samaran"))
    recipe = saved.of_number(vault(), place.case, stored.sha256, place.part, chosen) if chosen else None
    if recipe is not None and request.endpoint != "recording":
        raise NotFoundError("evidence.no-such-part")  # pictures of it would show what is covered
    key = (place.case.number, place.number, place.part, recipe.sha256 if recipe else b"")
    if recipe is not None and not request.args.get("aliran"):
        saved.look(work(), place.case, place.number, recipe)
    kept = desk().kept
    if isinstance(kept, Player) and kept.key == key:
        return kept
    found = findings.finding(vault(), stored, place.part)
    if found is None or found.kind.family != kinds.MEDIA:
        raise NotFoundError("evidence.no-such-part")
    desk().keep(None)  # so that two files are never in memory
    cover = burning.cover(recipe.recipe) if recipe else NOTHING
    opened = Player(key, Viewer(work(), place.case, place.number, place.part), found.facts, cover)
    desk().keep(opened)
    return opened


def _stream(number: int, message: int) -> Response:
    """Return a piece of a stream; plain words if there is none."""
    player = _player(number, message)
    name = request.args.get("aliran", "")
    start = min(_number("mulai"), float(player.seconds))
    headers = {}
    try:
        with desk().aside(is_alone=False):
            if name:
                data = player.more(name, int(_number("potong")))
            elif request.args.get("utuh"):
                data = player.whole(start, start + (WHOLE_FILM if "video" in player.facts else WHOLE_SOUND))
            else:
                headers[_STREAM], data = player.begin(start, int(_number("film")), int(_number("suara")))
    except NotFoundError:
        return Response(status=_GONE)
    except UnreadableError as error:
        return Response(str(file_words.STATES[error.reason]), _REFUSED, mimetype="text/plain")
    return Response(data, mimetype="video/webm" if "video" in player.facts else "audio/webm", headers=headers)


def _still(number: int, message: int) -> Response:
    start, film = _number("mulai"), int(_number("film"))
    return _drawn(_player(number, message), lambda source: jobs.still(source, start, film))


def _strip(number: int, message: int) -> Response:
    player = _player(number, message)
    return _drawn(player, lambda source: jobs.strip(source, player.seconds))


def _wave(number: int, message: int) -> Response:
    player, sound = _player(number, message), int(_number("suara"))
    return _drawn(player, lambda source: jobs.wave(source, player.seconds, sound))


def _drawn(player: Player, draw: Callable[[int], Picture]) -> Response:
    with desk().aside():
        data = player.picture(draw)
    return Response(data, mimetype="image/png")


def _number(name: str) -> float:
    """Return a number of the address, 0 if it is not one: seconds, or the number of a track or piece."""
    text = request.args.get(name, "")
    return float(text) if len(text) <= 12 and text.replace(".", "", 1).isdecimal() and text.isascii() else 0.0


def register(app: Flask) -> None:
    """Add the routes."""
    rules: tuple[tuple[str, str, Any], ...] = (
        ("rekaman.webm", "recording", _stream),
        ("rekaman/diam.png", "recording-still", _still),
        ("rekaman/pita.png", "recording-strip", _strip),
        ("rekaman/gelombang.png", "recording-wave", _wave),
    )
    for path, name, view in rules:
        app.add_url_rule(f"/kasus/<int:number>/berkas/<int:message>/{path}", name, view)
