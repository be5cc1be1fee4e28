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
        """Plain, URL, percent, hex, UTF-16; base64 of UTF-8 and UTF-16, three alignments, both alphabets."""
        plain, wide = self.text.encode(), self.text.encode("utf-16-le")
        shapes = {
            "plain": plain,
            "upper": self.text.upper().encode(),
            "lower": self.text.lower().encode(),
            "url": urllib.parse.quote_plus(self.text).encode(),
            "url space": urllib.parse.quote(self.text, safe="").encode(),
            "percent": "".join(f"%{byte:02x}" for byte in plain).encode(),
            "PERCENT": "".join(f"%{byte:02X}" for byte in plain).encode(),
            "hex": plain.hex().encode(),
            "HEX": plain.hex().upper().encode(),
            "utf-16-le": wide,
            "utf-16-be": self.text.encode("utf-16-be"),
        }
        for name, encoded in (("", plain), ("-utf-16", wide)):
            for alignment, core in enumerate(_base64_cores(encoded)):
                shapes[f"base64{name}/{alignment}"] = core
                shapes[f"base64url{name}/{alignment}"] = core.replace(b"+", b"-").replace(b"/", b"_")
        return shapes

    def found_in(self, data: bytes) -> list[str]:
        """The names of the shapes that the data holds."""
        return [name for name, shape in self.shapes().items() if shape in data]
