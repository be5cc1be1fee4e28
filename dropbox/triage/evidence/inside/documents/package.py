"""Opens documents that are ZIP archives of XML parts (OOXML: ECMA-376 part 2; OpenDocument: part 2).

Rule: a part that is damaged is noted, and takes only itself; no external entity and no link is followed.
"""

import posixpath
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from dropbox.triage.evidence.inside import office
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

START, TEXT, END = 1, 2, 3
_SECONDS_MAX: Final = 45  # of the 60 that the job has: what was read until then is kept
_UNPACKED_MAX: Final = 1 << 30  # bytes of all parts; one with 500 000 rows has 100 MiB
_RATIO_MAX: Final = 200  # sheets of equal cells compress about 60:1
_PART_BOMB: Final = 64 << 20
_DEPTH_MAX: Final = 10_000
_RELATIONS: Final = "/relationships"
_ELSEWHERE: Final = re.compile(
    r"(?:https?|ftp|smb|dav|webdav)s?:|file:/{2,}(?!/|[a-z]:|localhost)|\\\\|//", re.IGNORECASE
)


class Event(NamedTuple):
    """The start (START, name, attributes), the end (END, name) or the letters (TEXT, letters) of an element."""

    what: int
    name: str
    attributes: dict[str, str]


class Relation(NamedTuple):
    """What a part refers to: last word of the relation's type, part name or address, whether it is outside."""

    kind: str
    target: str
    is_external: bool


def is_elsewhere(address: str) -> bool:
    """Return whether opening the address would use a network: a server's address, not a path of one machine."""
    return bool(_ELSEWHERE.match(address.strip()))


class Package:
    """The parts of the document on standard input.

    Raises:
        CannotError: `damaged`: not a ZIP archive; `bomb`: its sizes are out of proportion.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._archive = office.open_archive()
        self._left = _UNPACKED_MAX
        self._until = time.monotonic() + _SECONDS_MAX
        self.names: Final = dict.fromkeys(self._archive.namelist())
        self._read: set[str] = set()

    @property
    def unread(self) -> list[str]:
        """Return the names of the XML parts that nobody has asked for yet."""
        return [name for name in self.names if name.endswith(".xml") and name not in self._read]

    def skip(self, name: str) -> None:
        """Count a part as read."""
        self._read.add(name)

    def size(self, name: str) -> int:
        """Return the unpacked bytes of a part, as the archive claims them."""
        return self._archive.getinfo(name).file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes.

        Raises:
            CannotError: `bomb`: it unpacks to far more than it is, `too-large`: all parts together are too much.
        """
        packed, unpacked = self._archive.getinfo(name).compress_size, 0
        for piece in office.unpack(self._archive, name, [_UNPACKED_MAX]):
            unpacked += len(piece)
            self._left -= len(piece)
            if unpacked > _PART_BOMB and unpacked > _RATIO_MAX * max(packed, 1):
                raise CannotError("bomb")
            if self._left < 0:
                raise CannotError("too-large")
            yield piece

    def events(self, name: str) -> Iterator[Event]:
        """Yield what an XML part has, in order; a missing part has nothing, a damaged one what is before the damage.

        Local names only; attributes of relationships have "r:" before theirs.

        Raises:
            CannotError: see pieces; `bomb` also for entities that grow beyond expat's bound.
        """
        self._read.add(name)
        if name not in self.names:
            return
        found: list[Event] = []
        parser = _parser(found)
        try:
            for piece in self.pieces(name):
                if time.monotonic() > self._until:
                    self._reading.facts["unfinished"] = 1
                    return
                parser.Parse(piece, False)  # noqa: FBT003  expat has no keyword for it
                yield from found
                found.clear()
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_AMPLIFICATION_LIMIT_BREACH]:
                raise CannotError("bomb") from None
            self._reading.note("broken-parts")
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            self._reading.note("broken-parts")
        yield from found

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a part refers to, by the identifiers of its relations; `name` is "" for the whole package."""
        folder, _, base = name.rpartition("/")
        found: dict[str, Relation] = {}
        for what, element, given in self.events(f"{folder}/_rels/{base}.rels".lstrip("/")):
            if what == START and element == "Relationship":
                kind = given.get("Type", "").rpartition("/")[2]
                target, is_external = given.get("Target", ""), given.get("TargetMode", "").lower() == "external"
                if not is_external:
                    target = unquote(posixpath.normpath(posixpath.join("/", folder, target))).lstrip("/")
                    target = self._spelled(target)
                found[given.get("Id", str(len(found)))] = Relation(kind, target, is_external)
        return found

    def related(self, name: str, *kinds: str) -> list[str]:
        """Return the names of the parts to which a part has a relation of one of the kinds."""
        found = self.relations(name).values()
        return [one.target for one in found if one.kind in kinds and not one.is_external]

    def main_part(self, fallback: str) -> str:
        """Return the name of the part that holds the document."""
        return next(iter(self.related("", "officeDocument")), fallback)

    def _spelled(self, target: str) -> str:
        """Return the name as the archive has it: names of parts are compared without regard to case."""
        if target in self.names:
            return target
        return next((name for name in self.names if name.lower() == target.lower()), target)


def _parser(found: list[Event]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH_MAX:
            raise CannotError("too-large")
        found.append(Event(START, name.rpartition(" ")[2], {_local(key): value for key, value in given.items()}))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Event(END, name.rpartition(" ")[2], {}))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda letters: found.append(Event(TEXT, letters, {}))
    return parser


def _local(key: str) -> str:
    space, _, name = key.rpartition(" ")
    return f"r:{name}" if space.endswith(_RELATIONS) else name
