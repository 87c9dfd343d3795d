"""Reads pictures of our QR codes back: those that we write, and those that a browser takes of a page."""

import struct
import zlib


def read_png(png: bytes) -> memoryview:
    """Read our black and white PNG, one bit a pixel, or a screenshot in RGB, as shades of grey."""
    width, height, depth, colours = struct.unpack(">IIBB", png[16:26])
    wide = {(1, 0): 1, (8, 2): 3}.get((depth, colours))
    if wide is None:
        raise ValueError("this is neither one of our codes nor a screenshot")
    stride = (width + 7) // 8 if depth == 1 else width * wide
    pixels = bytearray()
    above = bytes(stride)
    raw = zlib.decompress(_image_data(png))
    for y in range(height):
        how, *line = raw[y * (stride + 1) : (y + 1) * (stride + 1)]
        above = _unfilter(how, line, above, wide)
        if depth == 1:
            pixels += bytes(255 * (above[x // 8] >> (7 - x % 8) & 1) for x in range(width))
        else:
            pixels += above[1::3]  # green is enough of black on white
    return memoryview(pixels).cast("B", (height, width))


def _image_data(png: bytes) -> bytes:
    """Return what the IDAT chunks of a PNG hold (PNG, third edition, 11.2.3)."""
    found, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + size]
        at += size + 12
    return found


def _unfilter(how: int, line: list[int], above: bytes, wide: int) -> bytes:
    """Return a row as it was before it was filtered (PNG, third edition, 9.2)."""
    done = bytearray()
    for x, value in enumerate(line):
        left = done[x - wide] if x >= wide else 0
        corner = above[x - wide] if x >= wide else 0
        guess = (0, left, above[x], (left + above[x]) // 2, _paeth(left, above[x], corner))[how]
        done.append((value + guess) % 256)
    return bytes(done)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))
