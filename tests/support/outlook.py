"""Writes messages of Outlook: .msg files (MS-OXMSG) and TNEF (MS-OXTNEF)."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.compound_file import Tree, compound

Value = str | bytes | int
SUBJECT, BODY, HTML, SENDER, SENDER_ADDRESS, TO = 0x0037, 0x1000, 0x1013, 0x0C1A, 0x0C1F, 0x0E04
_NAME, _LONG_NAME, _TYPE, _DATA, _ADDRESS, _KIND, _SENT = 0x3001, 0x3707, 0x370E, 0x3701, 0x3003, 0x0C15, 0x0039


@dataclass
class Outlook:
    """A message.

    Attributes:
        values: by number of property.
        people: (name, address, 1 to, 2 copy) of each recipient.
        files: (name, bytes, or a message) of each attachment.
        sent: FILETIME; 0 if it is not stated.
        code_page: writes texts in it; 0: UTF-16.
    """

    values: Mapping[int, Value]
    people: Sequence[tuple[str, str, int]] = ()
    files: Sequence[tuple[str, "bytes | Outlook"]] = ()
    sent: int = 0
    code_page: int = 0

    def msg(self) -> bytes:
        """Return it as a .msg file."""
        return compound(self._tree(32))

    def _tree(self, head: int) -> Tree:
        fixed = {(0x3FFD, 0x0003): struct.pack("<II", self.code_page, 0)} if self.code_page else {}
        if self.sent:
            fixed[_SENT, 0x0040] = struct.pack("<Q", self.sent)
        tree: dict[str, bytes | Tree] = dict(self._streams(self.values))
        tree["__properties_version1.0"] = bytes(head) + _table(fixed)
        for number, (name, address, kind) in enumerate(self.people):
            streams = self._streams({_NAME: name, _ADDRESS: address})
            table = bytes(8) + _table({(_KIND, 0x0003): struct.pack("<II", kind, 0)})
            tree[f"__recip_version1.0_#{number:08X}"] = {**streams, "__properties_version1.0": table}
        for number, (name, content) in enumerate(self.files):
            branch: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(8), **self._streams({_LONG_NAME: name})}
            if isinstance(content, bytes):
                branch |= self._streams({_DATA: content})
            else:
                branch["__substg1.0_3701000D"] = content._tree(24)
            tree[f"__attach_version1.0_#{number:08X}"] = branch
        return tree

    def _streams(self, values: Mapping[int, Value]) -> dict[str, bytes]:
        made = {}
        for number, value in values.items():
            if isinstance(value, bytes):
                made[f"__substg1.0_{number:04X}0102"] = value
            elif self.code_page:
                made[f"__substg1.0_{number:04X}001E"] = str(value).encode(f"cp{self.code_page}")
            else:
                made[f"__substg1.0_{number:04X}001F"] = str(value).encode("utf-16-le")
        return made

    def tnef(self) -> bytes:
        """Return it as TNEF, with properties of the message and old attributes of its attachments."""
        made = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x00069003, _properties(self.values))
        for name, content in self.files:
            made += _attribute(2, 0x00069002, bytes(14))
            made += _attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
            made += _attribute(2, 0x0006800F, content if isinstance(content, bytes) else content.tnef())
        return made


def _table(fixed: Mapping[tuple[int, int], bytes]) -> bytes:
    return b"".join(struct.pack("<HHI", kind, number, 6) + value for (number, kind), value in fixed.items())


def _properties(values: Mapping[int, Value]) -> bytes:
    made = struct.pack("<I", len(values))
    for number, value in values.items():
        raw = value if isinstance(value, bytes) else str(value).encode("utf-16-le") + b"\0\0"
        kind = 0x0102 if isinstance(value, bytes) else 0x001F
        made += struct.pack("<HHII", kind, number, 1, len(raw)) + raw + bytes(-len(raw) % 4)
    return made


def _attribute(level: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
