"""Changes bytes, texts, lists and records at random, near to what they were.

Rule: the same seed makes the same changes.
"""

import random
from collections.abc import Callable

_NUMBERS = (0, 1, 2, 7, 64, 65, 255, 256, 65535, 65536, 2**31, 2**32 - 1)
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHJKMNPQRSTVWXYZILOU -–\u00a0\t\n.,’é\u0130ıſK\ufeff"
_KINDS = (b"0123456789", b"abcdef", b"ghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Mutator:
    """Changes bytes and texts by one stream of choices."""

    def __init__(self, seed: str) -> None:
        """Begin the stream of a seed."""
        self.chance = random.Random(seed)  # noqa: S311  it repeats

    def data(self, body: bytes, other: bytes) -> bytes:
        """One to three changes: a bit, a number, a stretch removed, repeated or taken from elsewhere."""
        chance = self.chance
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(body) + 1)
            match chance.randrange(5):
                case 0 if body:
                    at %= len(body)
                    body = body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
                case 1:
                    size = chance.choice((1, 2, 4))
                    number = (chance.choice(_NUMBERS) % 256**size).to_bytes(size, "big")
                    body = body[:at] + number + body[at + size :]
                case 2:
                    body = body[:at] + body[at + chance.randint(1, 40) :]
                case 3:
                    body = body[:at] + body[at : at + chance.randint(1, 40)] + body[at:]
                case _:
                    start = chance.randrange(len(other) + 1)
                    body = body[:at] + other[start : start + chance.randint(1, 60)] + body[at:]
        return body

    def front(self, body: bytes, other: bytes, most: int) -> bytes:
        """The same within the first bytes alone: what follows is large and has no grammar."""
        return self.data(body[:most], other[:most]) + body[most:]

    def text(self, typed: str, words: list[str]) -> str:
        """One to three changes: a sign replaced, put in or left out, a word of a list, two parts swapped, case."""
        chance = self.chance
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(typed) + 1)
            match chance.randrange(6):
                case 0:
                    typed = typed[:at] + chance.choice(_SIGNS) + typed[at + 1 :]
                case 1:
                    typed = typed[:at] + chance.choice(_SIGNS) + typed[at:]
                case 2:
                    typed = typed[:at] + typed[at + 1 :]
                case 3:
                    typed = typed.upper() if chance.randrange(2) else typed.title()
                case 4:
                    parts = typed.split(" ")
                    parts[chance.randrange(len(parts))] = chance.choice(words)
                    typed = " ".join(parts)
                case _:
                    typed = typed[at:] + typed[:at]
        return typed

    def signs(self, lines: bytes) -> bytes:
        """One to three ASCII signs replaced by another of their kind: a text that keeps its form."""
        for _ in range(self.chance.randint(1, 3)):
            at = self.chance.randrange(len(lines))
            kind = next((kind for kind in _KINDS if lines[at] in kind), b"x\n :")
            lines = lines[:at] + bytes([self.chance.choice(kind)]) + lines[at + 1 :]
        return lines

    def items(self, items: list[bytes], change: Callable[[bytes], bytes]) -> list[bytes]:
        """Change one of some items, or leave one out, have one twice, or swap two."""
        if not items:
            return items
        chance, items = self.chance, list(items)
        at, to = chance.randrange(len(items)), chance.randrange(len(items))
        match chance.randrange(8):
            case 0:
                del items[at]
            case 1:
                items.insert(to, items[at])
            case 2:
                items[at], items[to] = items[to], items[at]
            case _:
                items[at] = change(items[at])
        return items

    def record(self, values: dict[str, bytes], other: dict[str, bytes]) -> dict[str, bytes]:
        """Change, leave out, rename or add values of a record."""
        chance, values = self.chance, dict(values)
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(sorted(values) or ["x"])
            match chance.randrange(6):
                case 0:
                    values.pop(name, None)
                case 1:
                    known = ("must-x", "x-1", "zukunft", "act", "when", "lang", "type", "name", "x-p1-name", "what")
                    values[chance.choice(known)] = chance.choice((b"", b"x", b"\xff", *other.values()))
                case 2:
                    values[name] = chance.choice(sorted(other.values()) or [b""])
                case 3:
                    values[name] = chance.choice((b"", b" \n", "\u202e\u0000é".encode(), b"a" * 300, b"id", b"file"))
                case _:
                    values[name] = self.data(values.get(name, b""), b"".join(other.values())[:200])
        return values
