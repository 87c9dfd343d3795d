"""Step ``history`` for an issuer of SD-JWT VC that is a web address: the keys that it publishes now.

Follows draft-ietf-oauth-sd-jwt-vc (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/) §4, JWT VC
Issuer Metadata. Such an issuer has no past: what the address says now is all there is, as with did:web.
"""

from typing import Any
from urllib.parse import urlsplit

from certweave.did.document import DidDocument, VerificationMethod
from certweave.did.history import History, Version
from certweave.did.syntax import Did
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidHistoryError,
    MalformedError,
    UndecidedError,
    UnsupportedError,
)
from certweave.examine.course import Course
from certweave.examine.evidence import Fetched, Kind, Need
from certweave.examine.identity import Identity, check_asked, staleness
from certweave.keys.jwk import parse_public_jwk
from certweave.timestamps import format_timestamp

MAX_KEYS = 64
"""In one key set. Each costs reading a key."""
_WELL_KNOWN = "/.well-known/jwt-vc-issuer"


def metadata_url(issuer: str) -> str:
    """§4: put the well-known path between host and path of an issuer's address.

    Raises:
        UnsupportedError: it is neither a DID nor an https address (``issuer_unsupported``).
        InvalidHistoryError: an address that is not just host and path (``issuer_address``).
    """
    if not issuer.startswith("https://"):
        detail = f"the issuer is neither a DID nor an https address: {issuer[:80]!a}"
        raise UnsupportedError(detail, code="issuer_unsupported", path="/iss")
    try:
        parts = urlsplit(issuer)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.username is not None or "?" in issuer or "#" in issuer or not issuer.isascii():
        detail = "the address of an issuer has a host and a path, and nothing else"
        raise InvalidHistoryError(detail, code="issuer_address", path="/iss")
    return f"https://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"


def find_web_issuer(issuer: str, course: Course) -> Identity:
    """Return the keys of an issuer that is a web address.

    Raises:
        NeedsEvidenceError: its metadata, or the keys that they refer to, are missing.
        InvalidHistoryError: the metadata are about another issuer (``issuer_mismatch``).
        MalformedError: they are not of the form of §4.2 (``issuer_metadata``).
        UndecidedError: more keys than ``MAX_KEYS`` (``limit_keys``).
    """
    url = metadata_url(issuer)
    need = Need(Kind.ISSUER, url)
    found = check_asked(course.look_up(Kind.ISSUER, url, "the issuer's metadata"), need)
    raw = parse_object(found.content, limits=course.situation.limits)
    if raw.get("issuer") != issuer:
        detail = "the metadata at the issuer's address are about another issuer"
        raise InvalidHistoryError(detail, code="issuer_mismatch", path="/iss")
    if ("jwks" in raw) == ("jwks_uri" in raw):
        raise _malformed("the issuer's metadata hold keys or say where they are, one of the two")
    oldest = (found.fetched_at, need)
    if "jwks_uri" in raw:
        keys_url = raw["jwks_uri"]
        if not isinstance(keys_url, str) or not keys_url.startswith("https://"):
            raise _malformed("jwks_uri is an https address")
        need = Need(Kind.ISSUER, keys_url)
        keys = check_asked(course.look_up(Kind.ISSUER, keys_url, "the issuer's keys"), need)
        key_set: Any = parse_object(keys.content, limits=course.situation.limits)
        oldest = min(oldest, (keys.fetched_at, need))
    else:
        key_set = raw["jwks"]
    history = History(Did("https", issuer[8:], issuer), (_version(issuer, key_set),), has_past=False)
    words = "the issuer's identity has no past: its address says only which keys hold now"
    _note_time(found, course)
    return Identity(issuer, history, words, staleness(*oldest, course))


def _version(issuer: str, key_set: Any) -> Version:
    listed = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(listed, list) or not listed:
        raise _malformed("the issuer's keys are a JWK set, not empty")
    if len(listed) > MAX_KEYS:
        detail = f"the issuer has more than {MAX_KEYS} keys"
        raise UndecidedError(detail, code="limit_keys", path="/iss", cause=Cause.LIMIT)
    methods = tuple(_method(issuer, number, item) for number, item in enumerate(listed))
    names = tuple(method.id for method in methods)
    if len(set(names)) != len(names):
        raise _malformed("two keys of the issuer have one kid")
    document = DidDocument(
        id=issuer,
        raw={},
        methods=methods,
        relationships={"assertionMethod": names},
        controllers=(),
        also_known_as=(),
        services=(),
    )
    return Version(None, None, None, document)


def _method(issuer: str, number: int, item: Any) -> VerificationMethod:
    """Read one key; one that we cannot use is kept with its problem."""
    if not isinstance(item, dict):
        raise _malformed("a key of the issuer is an object")
    kid = item.get("kid", f"key {number}")
    if not isinstance(kid, str) or not kid:
        raise _malformed("the kid of a key is a text")
    raw: JsonObject = item
    try:
        return VerificationMethod(f"{issuer}#{kid}", "JsonWebKey", issuer, parse_public_jwk(item), raw)
    except CertweaveError as error:
        return VerificationMethod(f"{issuer}#{kid}", "JsonWebKey", issuer, None, raw, problem=error)


def _note_time(found: Fetched, course: Course) -> None:
    situation = course.situation
    if found.fetched_at - situation.now > situation.limits.clock_skew:
        then, seen = format_timestamp(situation.now), format_timestamp(found.fetched_at)
        course.note("history_none_then", f"whether the key of {seen} was there on {then}, nobody can tell")


def _malformed(detail: str) -> MalformedError:
    return MalformedError(detail, code="issuer_metadata", path="/iss")
