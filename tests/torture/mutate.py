"""One seeded change to some bytes, made at the depth at which the format means something.

A mutation walks into what it finds: JSON into a member, a token into a segment, base64url and multibase into
what they hold, CBOR into its byte strings; and changes something there, so that the frames around still fit.
Every choice comes from the ``Random`` that is given: the same seed makes the same case.
"""

import json
import re
from random import Random
from typing import Any, Final

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.multibase import (
    base64url_decode,
    base64url_encode,
    decode_multibase,
    encode_multibase,
)
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS

COMPACT: Final = re.compile(rb"\A[A-Za-z0-9_-]+(?:[.~][A-Za-z0-9_-]*){1,12}\Z")
ENCODED: Final = re.compile(r"\A[A-Za-z0-9_-]{8,}\Z")
TWICE: Final = "\x7ftwice"
"""Stands before the name of a member that is to come twice; taken away in the text."""
NUMBERS: Final = (
    *(0, -0.0, -1, 1, 1.0, 2**31, 2**53 - 1, 2**53, 2**53 + 1, -(2**63), 2**64, 10**400),
    *(1e308, 5e-324, 0.1, float("inf"), float("nan")),
)
LOOK_ALIKES: Final = str.maketrans("aeiopcyxsT", "аеіорсухѕТ")
WORDS: Final = (
    *("", "id", "type", "@id", "@type", "@context", "@graph", "@value", "@included", "@reverse", "proof"),
    *("https://[", "//]", "https://\u2100.example/"),
    *("issuer", "holder", "name", "status", "\x00", "\ud800", "\u202e", "a" * 300, "https://x.example/", "#"),
    *(
        "none",
        "HS256",
        "EdDSA",
        "ES256",
        "did:key:",
        "2026-02-30T00:00:00Z",
        "__class__",
        "$ref",
        "_sd",
        "...",
    ),
)


def mutate(data: bytes, other: bytes, random: Random) -> tuple[bytes, str]:
    """Return ``data`` changed once to three times, and the name of the (first) change.

    ``other`` is another member of the corpus, to splice with.
    """
    kinds = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if random.random() < 0.05:
            data, kind = _splice(data, other, random), "splice"
        else:
            data, kind = _inside(data, random, depth=0)
        kinds.append(kind)
    return data, kinds[0]


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def _inside(data: bytes, random: Random, *, depth: int) -> tuple[bytes, str]:
    """Change ``data`` by the format that it has, or, once in five times, as bytes."""
    if depth < 5 and random.random() < 0.8:
        if COMPACT.match(data):
            return _compact(data, random, depth)
        if data[:1] in b'{["':
            try:
                value = json.loads(data)
            except (ValueError, RecursionError):
                lines = data.splitlines(keepends=True)
                return _lines(lines, random, depth) if len(lines) > 1 else _as_bytes(data, random)
            return _as_json(value, random, depth)
        found = _as_cbor(data, random, depth)
        if found is not None:
            return found
    return _as_bytes(data, random)


def _as_bytes(data: bytes, random: Random) -> tuple[bytes, str]:
    kind = random.choice(("flip", "flip", "byte", "insert", "delete", "truncate", "repeat"))
    at = random.randrange(len(data)) if data else 0
    size = random.choice((1, 1, 2, 8, 40))
    if not data or kind == "insert":
        return data[:at] + random.randbytes(size) + data[at:], "insert"
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :], kind
    if kind == "byte":
        return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :], kind
    if kind == "delete":
        return data[:at] + data[at + size :], kind
    if kind == "repeat":
        return data[: at + size] + data[at:], kind
    return (data[:at] if random.random() < 0.5 else data[at:]), kind


def _lines(lines: list[bytes], random: Random, depth: int) -> tuple[bytes, str]:
    """Change one of several JSON texts, as in a log; or drop, double or swap some."""
    at, kind = (
        random.randrange(len(lines)),
        random.choice(("inside", "inside", "inside", "drop", "double", "swap")),
    )
    if kind == "inside":
        lines[at], found = _inside(lines[at].rstrip(b"\n"), random, depth=depth + 1)
        return b"\n".join(line.rstrip(b"\n") for line in lines) + b"\n", f"line/{found}"
    if kind == "drop":
        del lines[at]
    elif kind == "double":
        lines.insert(at, lines[at])
    else:
        to = random.randrange(len(lines))
        lines[at], lines[to] = lines[to], lines[at]
    return b"".join(lines), f"line-{kind}"


def _compact(data: bytes, random: Random, depth: int) -> tuple[bytes, str]:
    """Change a segment of a token, inside or out; or drop, double or swap segments."""
    pieces = re.split(rb"([.~])", data)
    at = random.randrange(0, len(pieces), 2)
    kind = random.choice(("base64url", "base64url", "base64url", "drop", "double", "swap"))
    if kind == "base64url":
        try:
            inner, found = _inside(base64url_decode(pieces[at].decode()), random, depth=depth + 1)
        except CertweaveError:
            return _as_bytes(data, random)
        pieces[at] = base64url_encode(inner).encode() + random.choice((b"", b"", b"", b"="))
        return b"".join(pieces), f"base64url/{found}"
    if kind == "swap":
        to = random.randrange(0, len(pieces), 2)
        pieces[at], pieces[to] = pieces[to], pieces[at]
    elif kind == "drop":
        del pieces[at : at + 2]
    else:
        pieces[at:at] = pieces[at : at + 2]
    return b"".join(pieces), f"segment-{kind}"


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found.append((value, key))
        if len(found) < 3000:
            _places(item, found)
    return found


def _as_json(value: Any, random: Random, depth: int) -> tuple[bytes, str]:
    root = [value]
    holder, key = random.choice(_places(root, []))
    kind = _change(holder, key, random, depth)
    separators = random.choice(((",", ":"), (", ", ": "), (" ,", "\t:\n")))
    escaped = random.random() < 0.3
    text = json.dumps(root[0] if root else None, ensure_ascii=escaped, separators=separators)
    plain = text.replace(TWICE, "").replace("\\u007ftwice", "")
    return plain.encode("utf-8", "surrogatepass"), f"json/{kind}"


def _change(holder: Any, key: Any, random: Random, depth: int) -> str:
    """Change what stands at ``key`` of ``holder``, in place; return what was done."""
    kinds = ["remove", "value", "number", "nest", "wrap", "word"]
    kinds += (
        ["double", "rename", "confusable-name", "add"] if isinstance(holder, dict) else ["repeat", "move"]
    )
    if isinstance(holder[key], str):
        kinds += ["text", "text", "encoded", "encoded", "encoded", "confusable-text"]
    kind = random.choice(kinds)
    value = holder[key]
    if kind == "remove":
        del holder[key]
    elif kind in ("rename", "confusable-name"):
        renamed = key.translate(LOOK_ALIKES) if kind == "confusable-name" else random.choice(WORDS)
        holder[renamed] = holder.pop(key)
    elif kind == "double":
        holder[TWICE + key] = value if random.random() < 0.5 else random.choice(WORDS)
    elif kind == "add":
        holder[random.choice(WORDS)] = random.choice((value, random.choice(WORDS), {}, None))
    elif kind == "repeat":
        holder.insert(random.randint(0, len(holder)), value)
    elif kind == "move":
        random.shuffle(holder)
    else:
        holder[key] = _other(value, kind, random, depth)
    return kind


def _other(value: Any, kind: str, random: Random, depth: int) -> Any:
    if kind == "number":
        return random.choice(NUMBERS)
    if kind == "nest":
        levels, as_list = random.choice((3, 20, 70, 300)), random.random() < 0.5
        for _ in range(levels):
            value = [value] if as_list else {"a": value}
        return value
    if kind == "wrap":
        return random.choice(([value], [value, value], {"id": value}, {"@value": value}, {"@id": value}))
    if kind == "word":
        return random.choice(WORDS)
    if kind == "confusable-text":
        return value.translate(LOOK_ALIKES)
    if kind == "text":
        return _as_bytes(value.encode("utf-8", "surrogatepass"), random)[0].decode("utf-8", "replace")
    if kind == "encoded":
        return _encoded(value, random, depth)
    return random.choice((None, True, False, "", [], {}, [[]], [None], {"": None}))


def _encoded(text: str, random: Random, depth: int) -> str:
    """Change what a text holds: a data URL, a token, multibase or base64url; else the text itself."""
    head, comma, rest = text.rpartition(",") if text.startswith("data:") else ("", "", text)
    try:
        if ENCODED.match(rest) and rest[0] in "uz" and not comma:
            inner = _inside(decode_multibase(rest), random, depth=depth + 1)[0]
            return encode_multibase(inner, "u" if rest[0] == "u" else "z")
        if ENCODED.match(rest):
            return (
                head + comma + base64url_encode(_inside(base64url_decode(rest), random, depth=depth + 1)[0])
            )
    except CertweaveError:
        pass
    changed = _inside(rest.encode("utf-8", "surrogatepass"), random, depth=depth + 1)[0]
    return head + comma + changed.decode("utf-8", "replace")


def _as_cbor(data: bytes, random: Random, depth: int) -> tuple[bytes, str] | None:
    """Change a CBOR value, the byte strings inside included; None where it is none that we write."""
    tag = data[:1] if data[:1] in (b"\xd2",) else b""
    head = data[:3] if data[:2] == b"\xd9\x5d" else tag
    try:
        root = [decode_cbor(data[len(head) :], limits=DEFAULT_LIMITS)]
    except CertweaveError:
        return None
    if not isinstance(root[0], list | dict):
        return None
    holder: Any
    holder, key = random.choice(_places(root, []))
    value = holder[key]
    if isinstance(value, bytes) and random.random() < 0.7:
        holder[key], kind = _inside(value, random, depth=depth + 1)
    else:
        kind = random.choice(("remove", "value", "type"))
        if kind == "remove" and holder is not root:
            del holder[key]
        elif kind == "type":
            holder[key] = random.choice((b"", "", 0, -1, 2**63, [], {}, None, True, [value], {1: value}))
        else:
            holder[key] = random.choice(
                (-7, -8, -35, -65535, 4, 5, "none", b"\x00" * 64, random.randbytes(64))
            )
    try:
        return head + encode_cbor(root[0]), f"cbor/{kind}"
    except CertweaveError:
        return None
