"""Reads our own QR codes back."""

import struct
import zlib


def read_png(png: bytes) -> memoryview:
    """Read our black and white PNG: one bit a pixel, rows as they are or as a change of the row above."""
    width, height, depth = struct.unpack(">IIB", png[16:25])
    if depth != 1:
        raise ValueError("this is not one of our codes")
    begin = png.index(b"IDAT")
    size = int.from_bytes(png[begin - 4 : begin])
    rows = zlib.decompress(png[begin + 4 : begin + 4 + size])
    stride = (width + 7) // 8 + 1
    pixels = bytearray()
    row = bytes(stride - 1)
    for y in range(height):
        how, *line = rows[y * stride : (y + 1) * stride]
        row = bytes(line) if how == 0 else bytes((a + b) % 256 for a, b in zip(row, line, strict=True))
        pixels += bytes(255 * (row[x // 8] >> (7 - x % 8) & 1) for x in range(width))
    return memoryview(pixels).cast("B", (height, width))
