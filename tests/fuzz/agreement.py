"""Compares three readers on mutated objects that are signed and sealed again: Python, JavaScript, the third reader.

    python -m tests.fuzz.agreement [--share N] [--figures FILE] [FAMILY …]

Rule: all take an object and give the same values, or all refuse it for the same class of reasons. Within a class they
may stop at different checks, since the program's errors name classes and sentences, not stages. An export whose server
certificate does not hold is refused by all, and the class may differ: FORMAT ("Export") lets a reader look at the
certificate at once or after the end.
"""

import argparse
import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.crypto.exports import open_server_certificate
from dropbox.errors import DamagedError, MalformedError, NotForThisKeyError, UntrustedError
from dropbox.wire.keyring import parse_anchor
from tests.fuzz.read_signed import entry_values
from tests.fuzz.read_values import Values
from tests.fuzz.reading import read
from tests.fuzz.remaking import FAMILIES, Vector, mutants

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "crypto")]
from third_reader import secret, signed  # noqa: E402
from third_reader.grammar import Stop  # noqa: E402
from third_reader.vectors import run  # noqa: E402
from vector_stages import STAGES  # noqa: E402

# Objects of a family in the long run; together 100 000. A family costs as much as its cryptography does.
OBJECTS = dict.fromkeys(FAMILIES, 3250)
_CLASSES = {
    MalformedError: "malformed",
    UntrustedError: "untrusted",
    DamagedError: "damaged",
    NotForThisKeyError: "not-for-this-key",
}
_OF_ACCEPTED = {"malformed": "blob-refused", "slots": "blob-refused", "early": "epoch-early", "ended": "epoch-ended"}
_TAKEN = {"ok", "member", "wrong", "none"}
_NUMBERS = {"day", "next", "texts", "files"}


def _class(family: str, stage: str) -> str:
    """The class of a stage."""
    if family == "accepted":
        return _OF_ACCEPTED.get(stage, stage)
    if stage == "blob":  # of an export: the hash of a blob
        return "damaged"
    return _CLASSES[STAGES[stage][0]] if stage in STAGES else stage  # type: ignore[index]


class Browser:
    """A process that reads objects with JavaScript, one after the other."""

    def __init__(self) -> None:
        """Start it."""
        command = ["node", str(_TESTS / "js/agreement.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, vector: Vector) -> tuple[str, Values]:
        """The class and the values of an object."""
        asked = {"family": vector.folder, "header": vector.header, "data": vector.data.hex()}
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        return _class(vector.folder, answer["stage"]), answer["values"]

    def close(self) -> None:
        """End it."""
        with self._process:  # closes what it reads from, and waits
            pass


def _third(vector: Vector) -> tuple[str, Values]:
    """What the third reader says, in the words of `reading`."""
    header = {key: value for key, value in vector.header.items() if key != "file-repeat"}
    vector = Vector(vector.folder, header, vector.data)
    if vector.folder == "keys":  # its runner compares with the seeds of the vector
        try:
            bundle = signed.read_keys(vector.data, vector.trust())
        except Stop as stop:
            return stop.stage, {}
        hashes = " ".join(f"{epoch}={value.hex()}" for epoch, value in bundle.hashes.items())
        head = bundle.signed.head
        place = {"desk": head.desk, "number": str(head.number), "made": str(head.made)}
        return "ok", {**place, "previous": bundle.previous.hex(), "hashes": hashes}
    stage, values = run(vector)
    if vector.folder == "secret" and stage == "ok":
        code = secret.read_code(vector.hex("code-hex").decode())
        indices = secret.read_words(vector.hex("words-hex").decode(), code)
        values["code"], values["words"] = (
            "-".join(code[at : at + 4] for at in (0, 4, 8, 12)),
            " ".join(secret.words()[at] for at in indices),
        )
    if vector.folder == "board" and stage == "ok":
        values |= _entries(values)
    if vector.folder == "blob" and stage in ("ok", "member"):
        values["kind"] = bytes.fromhex(values["record.kind"]).decode()
        values["sent"] = str(int(values["record.sent"], 16))
        values = {"name": "", "type": ""} | values
    if "statement" in values:
        values["statement-hex"] = values["statement"].encode().hex()
    return stage, values


def _entries(values: Values) -> Values:
    entries: dict[int, dict[str, str | int]] = {}
    for key in [key for key in values if key.startswith("entry.")]:
        _, at, name = key.split(".", 2)
        value = values.pop(key)
        if name in _NUMBERS:
            entries.setdefault(int(at), {})[name] = int(value, 16)
        elif name in ("kind", "status", "text"):
            entries.setdefault(int(at), {})[name] = bytes.fromhex(value).decode()
    return entry_values([entries[at] for at in sorted(entries)])


@dataclass
class Compared:
    """How often all three said what; and each object on which they differ, with what each said."""

    said: Counter[str] = field(default_factory=Counter)
    differ: list[dict[str, object]] = field(default_factory=list)


def _agree(vector: Vector, program: tuple[str, Values], third: tuple[str, Values]) -> bool:
    (said, mine), (other, theirs) = program, third
    if vector.folder == "export" and said not in _TAKEN and not _has_certificate(vector):
        return other not in _TAKEN
    if said != other:
        return False
    if said not in _TAKEN:  # what came whole before the damage
        return mine.get("good-blobs", "0") == theirs.get("good-blobs", "0")
    return mine.items() <= theirs.items()


def _has_certificate(vector: Vector) -> bool:
    """Whether the certificate in an export's head holds by itself."""
    try:
        open_server_certificate(parse_anchor(vector.hex("anchor")), vector.data[33:167])
    except (MalformedError, UntrustedError):
        return False
    return True


def compare(vectors: Iterable[Vector], browser: Browser) -> Compared:
    """Read objects three times."""
    compared = Compared()
    for vector in vectors:
        program, script = read(vector), browser.read(vector)
        stage, values = _third(vector)
        third = _class(vector.folder, stage)
        compared.said[program[0]] += 1
        if program != script or not _agree(vector, program, (third, values)):
            given = {"family": vector.folder, "header": vector.header, "data": vector.data.hex()}
            compared.differ.append(given | {"said": [program, script, (stage, values)]})
    return compared


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """A browser until the block ends."""
    browser = Browser()
    try:
        yield browser
    finally:
        browser.close()


def main() -> None:
    """Compare, and print a line for each family."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0, help="of the objects of OBJECTS")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--figures", type=Path, help="a file that gets a line of JSON for each family")
    parser.add_argument("--differing", type=Path, help="a file that gets each object on which they differ")
    parser.add_argument("families", nargs="*")
    asked = parser.parse_intermixed_args()
    with browsing() as browser:
        for family in asked.families or FAMILIES:
            count = int(OBJECTS[family] * asked.share)
            compared = compare(mutants(family, count, asked.seed), browser)
            line = {"family": family, "objects": count, "said": compared.said, "differ": len(compared.differ)}
            print(json.dumps(line), flush=True)
            if asked.figures:
                with asked.figures.open("a") as file:
                    file.write(json.dumps(line) + "\n")
            if asked.differing:
                with asked.differing.open("a") as file:
                    file.writelines(json.dumps(one) + "\n" for one in compared.differ)


if __name__ == "__main__":
    main()
