"""A random word that must not be found again, in any of the shapes in which it could have been written down."""

import base64
import secrets
import urllib.parse
from dataclasses import dataclass


def _base64_cores(plain: bytes) -> list[bytes]:
    """The symbols of base64 that do not depend on the neighbours, for each of the three alignments."""
    cores = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain).rstrip(b"=")
        start = -(-offset * 8 // 6)
        whole = (offset + len(plain)) * 8 // 6
        cores.append(encoded[start:whole])
    return cores


@dataclass(frozen=True)
class Canary:
    """Some text and its shapes."""

    text: str

    @classmethod
    def fresh(cls) -> "Canary":
        """A word that stands nowhere else."""
        return cls("kenari" + secrets.token_hex(12))

    def shapes(self) -> dict[str, bytes]:
        """Plain, URL, base64 (three alignments, both alphabets), hex, UTF-16."""
        plain = self.text.encode()
        shapes = {
            "plain": plain,
            "upper": self.text.upper().encode(),
            "url": urllib.parse.quote_plus(self.text).encode(),
            "hex": plain.hex().encode(),
            "HEX": plain.hex().upper().encode(),
            "utf-16-le": self.text.encode("utf-16-le"),
            "utf-16-be": self.text.encode("utf-16-be"),
        }
        for alignment, core in enumerate(_base64_cores(plain)):
            shapes[f"base64/{alignment}"] = core
            shapes[f"base64url/{alignment}"] = core.replace(b"+", b"-").replace(b"/", b"_")
        return shapes

    def found_in(self, data: bytes) -> list[str]:
        """The names of the shapes that the data holds."""
        return [name for name, shape in self.shapes().items() if shape in data]
