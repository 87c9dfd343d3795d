"""DIDs and DID URLs as text, and the https addresses of did:web and did:webvh.

Follows DID Core 1.0 §3.1 and §3.2 (https://www.w3.org/TR/did-core/#did-syntax), the did:web method
(https://w3c-ccg.github.io/did-method-web/) and did:webvh 1.0, "Method-Specific Identifier" and "The DID to
HTTPS Transformation" (https://identity.foundation/didwebvh/v1.0/). Both methods get the stricter rules of
did:webvh: a host is a name with a dot (so ``localhost`` is none) and never an address. Percent-encoding in
a host is for letters beyond ASCII only, because ``%2E`` would give one place two names. Nothing is fetched.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from certweave.errors import InvalidError, MalformedError, UnsupportedError

MAX_DID_URL = 2048
"""Characters; longer texts are refused before a pattern sees them. Real ones stay below 300."""

_PCT = r"%[0-9A-Fa-f]{2}"
# Possessive, because no character of one part can begin the next: runs are read at once, never given back.
_IDCHAR = rf"(?:[A-Za-z0-9._-]++|{_PCT})"
_PCHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]++|{_PCT})"
_DID = re.compile(rf"did:([a-z0-9]+):((?:{_IDCHAR}*+:)*{_IDCHAR}++)")
_REST = re.compile(rf"((?:/{_PCHAR}*+)*+)(?:\?((?:{_PCHAR}|[/?])*+))?(?:#((?:{_PCHAR}|[/?])*+))?")
_HOST = re.compile(r"(.*?)(?:%3[Aa]([0-9]{1,5}))?")
_SCID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{46}")
_ADDRESS_LABEL = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


@dataclass(frozen=True, slots=True)
class Did:
    """A DID of any method. ``text`` is the whole, ``method_id`` what stands after the method's name."""

    method: str
    method_id: str
    text: str

    def __str__(self) -> str:
        """Return the DID itself."""
        return self.text


@dataclass(frozen=True, slots=True)
class DidUrl:
    """A DID and what follows it; ``query`` and ``fragment`` are None where their sign is absent."""

    did: Did
    path: str
    query: str | None
    fragment: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DidUrls:
    """Where a DID lies on the web: its document and, of a did:webvh, its log.

    ``base`` ends in ``/`` and has no ``.well-known``.
    """

    base: str
    log_url: str
    document_url: str


def parse_did(text: object) -> Did:
    """Read a DID without path, query and fragment (DID Core §3.1).

    Raises:
        MalformedError: not a DID.
    """
    match = _DID.fullmatch(text) if isinstance(text, str) and len(text) <= MAX_DID_URL else None
    if match is None or not isinstance(text, str):
        raise MalformedError(f"{_excerpt(text)} is not a DID", code="did_malformed")
    return Did(match[1], match[2], text)


def parse_did_url(text: object) -> DidUrl:
    """Read a DID URL (DID Core §3.2); the DID ends before the first ``/``, ``?`` or ``#``.

    Raises:
        MalformedError: not a DID URL.
    """
    if not isinstance(text, str) or len(text) > MAX_DID_URL:
        raise MalformedError(f"{_excerpt(text)} is not a DID URL", code="did_url_malformed")
    cut = min((at for sign in "/?#" if (at := text.find(sign)) >= 0), default=len(text))
    rest = _REST.fullmatch(text, cut)
    if rest is None:
        raise MalformedError(f"{_excerpt(text)} is not a DID URL", code="did_url_malformed")
    return DidUrl(parse_did(text[:cut]), rest[1], rest[2], rest[3], text)


def _excerpt(text: object) -> str:
    return f"{text[:200]!a}" if isinstance(text, str) else "what stands here"


def to_urls(did: Did) -> DidUrls:
    """Return the https addresses that a did:web or did:webvh names.

    Raises:
        InvalidError: codes ``did_host``, ``did_host_is_address``, ``did_port``, ``did_path``, ``did_scid``.
        UnsupportedError: another method.
    """
    if did.method not in ("web", "webvh"):
        raise UnsupportedError(f"did:{did.method} has no address on the web", code="did_method")
    parts = did.method_id.split(":")
    scid = parts.pop(0) if did.method == "webvh" else None
    if not parts:
        raise InvalidError("the DID names no host", code="did_host")
    authority = _read_authority(parts[0])
    path = "".join(_read_segment(segment) + "/" for segment in parts[1:])
    if scid is not None:
        _check_scid(scid)
    base = f"https://{authority}/{path}"
    folder = base if path else base + ".well-known/"
    return DidUrls(base, folder + "did.jsonl", folder + "did.json")


def scid_of(did: Did) -> str:
    """Return the SCID of a did:webvh, after its form was checked.

    Raises:
        InvalidError: another method, or not 46 characters of base58.
    """
    if did.method != "webvh":
        raise InvalidError("only a did:webvh has a self-certifying identifier", code="did_scid")
    scid = did.method_id.partition(":")[0]
    _check_scid(scid)
    return scid


def web_twin(did: Did) -> Did:
    """Return the did:web at the same place as a did:webvh ("Publishing a Parallel did:web DID")."""
    scid_of(did)
    return parse_did("did:web:" + did.method_id.partition(":")[2])


def _check_scid(scid: str) -> None:
    if not _SCID.fullmatch(scid):
        raise InvalidError("the self-certifying identifier is not 46 characters of base58", code="did_scid")


def _read_authority(text: str) -> str:
    """Return host and port as a URL has them."""
    match = _HOST.fullmatch(text)
    name, port = (match[1], match[2]) if match else (text, None)
    host = _read_host(name)
    if port is None:
        return host
    if not 1 <= int(port) <= 65535:
        raise InvalidError(f"there is no port {port}", code="did_port")
    return f"{host}:{int(port)}"


def _read_host(name: str) -> str:
    raw = unquote_to_bytes(name)
    if _names_address(raw):
        raise InvalidError("the host of the DID is an IP address", code="did_host_is_address")
    if any(byte < 0x80 for byte in bytes.fromhex("".join(re.findall(r"%(..)", name)))):
        raise InvalidError("the host of the DID hides an ASCII character behind %", code="did_host")
    host = _to_ascii(raw)
    if "." not in host or len(host) > 253:
        raise InvalidError("the host of the DID is not a full domain name", code="did_host")
    return host


def _names_address(raw: bytes) -> bool:
    # A URL reader takes a host for IPv4 as soon as its last label is a number (WHATWG URL §3.5), and a
    # several colons or a bracket can only be IPv6. The port was split off before.
    text = raw.decode("utf-8", "replace").rstrip(".")
    return text.count(":") > 1 or "[" in text or _ADDRESS_LABEL.fullmatch(text.rpartition(".")[2]) is not None


def _to_ascii(raw: bytes) -> str:
    import idna  # a DID that is a key names no host

    try:
        name = unicodedata.normalize("NFC", raw.decode("utf-8")).lower()
        # IDNA 2008 also judges plain labels: letters, digits and inner hyphens, 1 to 63 of them. Label by
        # label, because the library would take other full stops than the ASCII one for a dot.
        labels = [idna.alabel(label).decode("ascii") for label in name.split(".")]
    except (UnicodeError, ValueError):
        raise InvalidError("the host of the DID is not a domain name", code="did_host") from None
    # No character becomes a digit by this, so what named no address before names none now.
    return ".".join(labels)


def _read_segment(segment: str) -> str:
    """Return one segment of the path, decoded once, checked, and encoded as a URL has it."""
    try:
        text = unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidError("a path segment of the DID is not UTF-8", code="did_path") from None
    if text in ("", ".", "..") or text != text.strip():
        raise InvalidError("a path segment of the DID is empty, dots, or has blanks around", code="did_path")
    if any(character in "/\\" or unicodedata.category(character) == "Cc" for character in text):
        raise InvalidError("a path segment of the DID hides a slash or control character", code="did_path")
    return quote(text, safe="")
