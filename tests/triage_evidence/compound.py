"""Writes compound files (MS-CFB, version 3) with streams at the root."""

import struct

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LEAST = 4096  # a shorter stream would be in the mini stream


def compound(streams: dict[str, bytes], class_id: bytes = bytes(16)) -> bytes:
    """A compound file; a short stream gets zeros behind it."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    bodies = [streams[name].ljust(_LEAST, b"\0") for name in names]
    sectors = [-(-len(body) // _SECTOR) for body in bodies]
    entries = -(-(len(names) + 1) // 4)
    table: list[int] = []
    starts = []
    for count in (entries, *sectors):
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + count), _END]
    tables = 1
    while len(table) + tables > 128 * tables:
        tables += 1
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6),
        *(0, tables, 0, 0, _LEAST, _END, 0, _END, 0),
    )
    head += struct.pack("<109I", *range(len(table), len(table) + tables), *[_FREE] * (109 - tables))
    table += [_FAT] * tables + [_FREE] * (128 * tables - len(table) - tables)
    out = [head[:48] + struct.pack("<I", starts[0]) + head[52:]]
    directory = _entry("Root Entry", 5, 1 if names else _FREE, _END, 0, class_id)
    for number, name in enumerate(names, 1):
        following = number + 1 if number < len(names) else _FREE
        directory += _entry(name, 2, _FREE, starts[number], len(bodies[number - 1]), right=following)
    out.append(directory.ljust(entries * _SECTOR, b"\0"))
    out += [body.ljust(count * _SECTOR, b"\0") for body, count in zip(bodies, sectors, strict=True)]
    out.append(struct.pack(f"<{len(table)}I", *table))
    return b"".join(out)


def _entry(
    name: str, kind: int, child: int, start: int, size: int, class_id: bytes = bytes(16), right: int = _FREE
) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sI16xIQ",
        *(raw, len(raw) + 2, kind, 1, _FREE, right, child, class_id, 0, start, size),
    )
