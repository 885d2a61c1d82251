"""An OpenStreetMap extract read by hand: blobs, dense nodes and ways, with no library but zlib.

The format is that of the OpenStreetMap wiki, "PBF Format". Slow, and good for a second opinion on small extracts.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WIRE_64, WIRE_BYTES, WIRE_32 = 1, 2, 5


@dataclass
class Extract:
    """Nodes (in units of 1e-7 degrees) and ways (node ids, tags)."""

    nodes: dict[int, tuple[int, int]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], dict[str, str]]] = field(default_factory=dict)


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
            yield key >> 3, value
            continue
        size = 8 if wire == WIRE_64 else 4
        if wire == WIRE_BYTES:
            size, at = varint(data, at)
        yield key >> 3, data[at : at + size]
        at += size


def packed(data: bytes, *, signed: bool = False, delta: bool = False) -> list[int]:
    out, at, last = [], 0, 0
    while at < len(data):
        value, at = varint(data, at)
        if signed:
            value = (value >> 1) ^ -(value & 1)
        last = last + value if delta else value
        out.append(last)
    return out


def read(path: Path) -> Extract:
    extract, raw, at = Extract(), path.read_bytes(), 0
    while at < len(raw):
        (size,) = struct.unpack(">I", raw[at : at + 4])
        header = dict(fields(raw[at + 4 : at + 4 + size]))
        at += 4 + size
        blob = dict(fields(raw[at : at + header[3]]))
        at += header[3]
        if header[1] == b"OSMData":
            _block(zlib.decompress(blob[3]) if 3 in blob else blob[1], extract)
    return extract


def _block(data: bytes, extract: Extract) -> None:
    parts = list(fields(data))
    words = [v.decode() for k, v in fields(next(v for k, v in parts if k == 1))]
    settings = {k: v for k, v in parts if k in (17, 19, 20)}
    assert settings.get(17, 100) == 100
    assert not settings.get(19)
    assert not settings.get(20)
    for group in (v for k, v in parts if k == 2):
        for kind, item in fields(group):
            if kind == 1:
                node = dict(fields(item))
                extract.nodes[_zigzag(node[1])] = (_zigzag(node[9]), _zigzag(node[8]))
            if kind == 2:
                dense = dict(fields(item))
                ids, lats, lons = (packed(dense[k], signed=True, delta=True) for k in (1, 8, 9))
                extract.nodes.update(zip(ids, zip(lons, lats, strict=True), strict=True))
            elif kind == 3:
                way = dict(fields(item))
                tags = dict(zip(*([words[i] for i in packed(way.get(k, b""))] for k in (2, 3)), strict=True))
                extract.ways[way[1]] = (packed(way.get(8, b""), signed=True, delta=True), tags)


def _zigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
