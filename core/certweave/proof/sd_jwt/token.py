"""Selective disclosure for JWT: taking an SD-JWT apart, and putting together what was disclosed.

Follows RFC 9901 (https://www.rfc-editor.org/rfc/rfc9901) §4 and §7.1; json_form.py puts the JSON
serialisation into the compact one. The signature of the token is that of a JWS (jose.py), key binding is in
binding.py, issuing and presenting in issue.py. What the claims mean, nobody here knows.

Stricter than the text: an empty salt, ``_sd_alg`` in a disclosure, and ``_sd`` or ``...`` anywhere but where
digests stand are refused, whoever wrote them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256, sha384, sha512
from typing import Any, Final

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, JsonValue, parse_json, parse_object
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    MalformedProofError,
    UndecidedError,
    UnsupportedError,
)
from certweave.limits import Limits
from certweave.proof.jose import Jws, parse_compact

DIGESTS: Final = "_sd"
ELEMENT: Final = "..."
HASH: Final = "_sd_alg"
RESERVED: Final = frozenset({DIGESTS, ELEMENT, HASH})
"""Claim names that carry digests; nothing else may bear them (§4.1, rule 7)."""

_HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "sha-256": sha256,
    "sha-384": sha384,
    "sha-512": sha512,
}
_WEAK: Final = ("sha-256-", "sha-1", "sha1", "md5", "md2")
"""Beginnings of names whose hashes are truncated or broken (§9.4)."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure (§4.2): the text that is hashed, and what it says.

    ``name`` is None for an array element.
    """

    text: str
    name: str | None
    value: JsonValue


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT taken apart; nothing in it has been verified.

    Attributes:
        jws: the token that the issuer signed.
        payload: its claims, digests included.
        disclosures: in the order in which they came.
        bound: the text that a key binding is about: everything up to and with the last ``~``.
        binding: the key binding token (§4.3); None where there is none.
    """

    jws: Jws
    payload: JsonObject
    disclosures: tuple[Disclosure, ...]
    bound: str
    binding: Jws | None


@dataclass(frozen=True, slots=True)
class Processed:
    """What an SD-JWT says with the disclosures that came along.

    Attributes:
        payload: the Processed SD-JWT Payload of §7.1: no digests, and no place for what was withheld.
        issued: the same with ``HIDDEN`` where an array element was withheld: positions are the issuer's.
        places: JSON Pointer into ``issued`` of everything that the issuer let the holder withhold, so far as
            it can be told; the disclosure, or None for an array element that was withheld.
        withheld: JSON Pointer of every object of which claims were withheld, or which has decoys.
    """

    payload: JsonObject
    issued: JsonObject
    places: Mapping[str, Disclosure | None]
    withheld: frozenset[str]


class Hidden:
    """Stands for an array element that was withheld, or is a decoy: nobody can tell."""

    def __repr__(self) -> str:
        """Name it in error messages and tests."""
        return "HIDDEN"


HIDDEN: Final = Hidden()


def parse_sd_jwt(token: str | bytes, *, limits: Limits) -> SdJwt:
    """Take the compact form apart (§4): issuer-signed JWT, disclosures, and perhaps a key binding.

    Raises:
        MalformedError: no ``~``, an empty part, or a part that is not what stands there.
        InvalidError: one disclosure came twice (``sd_disclosure_repeated``).
        UndecidedError: too long, or more disclosures than ``limits.disclosures``.
    """
    if len(token) > limits.credential_bytes:
        detail = f"the token has more than {limits.credential_bytes} characters"
        raise UndecidedError(detail, code="limit_bytes", cause=Cause.LIMIT)
    try:
        text = token if isinstance(token, str) else token.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedProofError("a token is ASCII", code="sd_jwt_malformed") from None
    head, tilde, rest = text.partition("~")
    if not tilde:
        raise MalformedProofError("an SD-JWT has a ~ after its token", code="sd_jwt_malformed")
    count = rest.count("~")
    if count > limits.disclosures:
        detail = f"it brings {count} disclosures; disclosures allows {limits.disclosures}"
        raise UndecidedError(detail, code="limit_disclosures", cause=Cause.LIMIT)
    *parts, last = rest.split("~")
    if len(set(parts)) != len(parts):
        raise InvalidError("one disclosure came twice", code="sd_disclosure_repeated")
    jws = parse_compact(head, limits=limits)
    return SdJwt(
        jws=jws,
        payload=parse_object(jws.payload, limits=limits),
        disclosures=tuple(parse_disclosure(part, limits=limits) for part in parts),
        bound=text[: len(text) - len(last)],
        binding=parse_compact(last, limits=limits) if last else None,
    )


def parse_disclosure(text: str, *, limits: Limits) -> Disclosure:
    """Read one disclosure (§4.2.1, §4.2.2): salt, perhaps a claim name, and the value.

    Raises:
        MalformedError: not base64url of a JSON array of two or three, or the salt or name is no text
            (``sd_disclosure_malformed``).
        InvalidError: the claim name is one that carries digests (``sd_claim_reserved``).
        UndecidedError: a limit was reached.
    """
    try:
        parts = parse_json(base64url_decode(text), limits=limits)
    except UndecidedError:
        raise
    except CertweaveError as error:
        raise _malformed(f"a disclosure cannot be read: {error.detail}") from None
    if not isinstance(parts, list) or len(parts) not in (2, 3):
        raise _malformed("a disclosure is an array of salt, name and value, or of salt and value")
    if not isinstance(parts[0], str) or not parts[0]:
        raise _malformed("the salt of a disclosure is a text that is not empty")
    if len(parts) == 2:
        return Disclosure(text, None, parts[1])
    name = parts[1]
    if not isinstance(name, str):
        raise _malformed("the claim name of a disclosure is a text")
    if name in RESERVED:
        detail = f"a disclosure bears the claim name {name!r}, which is reserved for digests"
        raise InvalidError(detail, code="sd_claim_reserved")
    return Disclosure(text, name, parts[2])


def find_hash(payload: JsonObject) -> Callable[[bytes], Any]:
    """Return the hash that ``_sd_alg`` names, SHA-256 where it is absent (§4.1.1): an allow-list.

    Raises:
        MalformedError: it is no text.
        InvalidError: a truncated or broken hash (``sd_alg_refused``).
        UnsupportedError: another one (``sd_alg_unsupported``).
    """
    name = payload.get(HASH, "sha-256")
    if not isinstance(name, str) or not name:
        raise MalformedProofError("_sd_alg is the name of a hash", code="sd_jwt_malformed", path=f"/{HASH}")
    if name in _HASHES:
        return _HASHES[name]
    if name.lower().startswith(_WEAK):
        detail = f"the hash {name[:40]!a} does not protect what it stands for"
        raise InvalidError(detail, code="sd_alg_refused", path=f"/{HASH}")
    raise UnsupportedError(
        f"the hash {name[:40]!a} is not one we know", code="sd_alg_unsupported", path=f"/{HASH}"
    )


def digest_of(text: str, payload: JsonObject) -> str:
    """§4.2.3 Hashing Disclosures: over the ASCII of the base64url text, and in base64url again."""
    digest: bytes = find_hash(payload)(text.encode("ascii")).digest()
    return base64url_encode(digest)


def process_sd_jwt(sd_jwt: SdJwt, *, limits: Limits) -> Processed:
    """§7.1, steps 3 to 5: put every disclosure where its digest stands.

    The signature is verified elsewhere, before or after: nothing is fetched here, and the work is bounded.

    Raises:
        MalformedError: ``_sd`` or ``...`` carries no digests (``sd_digests_malformed``).
        InvalidError: ``sd_digest_repeated``, ``sd_disclosure_unreferenced``, ``sd_disclosure_kind``,
            ``sd_claim_exists``, ``sd_claim_reserved``, ``sd_alg_refused``.
        UndecidedError: what comes out is deeper or larger than the limits allow.
        UnsupportedError: the hash is not one we know.
    """
    find_hash(sd_jwt.payload)  # what was withheld is protected by it, too
    work = _Work({digest_of(one.text, sd_jwt.payload): one for one in sd_jwt.disclosures}, limits)
    top = {name: value for name, value in sd_jwt.payload.items() if name != HASH}
    issued = work.object(top, "", 1)
    if work.waiting:
        detail = "a disclosure came along that the issuer did not sign for"
        raise InvalidError(detail, code="sd_disclosure_unreferenced")
    payload = _without_hidden(issued)
    return Processed(payload, issued, work.places, frozenset(work.withheld))


@dataclass(slots=True)
class _Work:
    """The walk of §7.1 step 3; each digest counts once, so that no disclosure is put in twice."""

    waiting: dict[str, Disclosure]
    limits: Limits
    seen: set[str] = field(default_factory=set)
    places: dict[str, Disclosure | None] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    members: int = 0

    def value(self, value: Any, path: str, depth: int) -> Any:
        """Process one value that stands at ``path``."""
        if isinstance(value, dict):
            return self.object(value, path, depth + 1)
        if isinstance(value, list):
            return self.array(value, path, depth + 1)
        return value

    def object(self, source: JsonObject, path: str, depth: int) -> JsonObject:
        """Step 3.c.ii: claims that ``_sd`` stands for join those that are there."""
        self._count(len(source), depth)
        for name in (ELEMENT, HASH):
            if name in source:
                detail = f"the claim name {name!r} is reserved for digests"
                raise InvalidError(detail, code="sd_claim_reserved", path=join(path, name))
        digests = source.get(DIGESTS, [])
        if not isinstance(digests, list) or not all(isinstance(one, str) for one in digests):
            raise _not_digests("_sd is an array of digests", join(path, DIGESTS))
        self._count(len(digests), depth)
        found: JsonObject = {}
        for name, value in source.items():
            if name != DIGESTS:
                found[name] = self.value(value, join(path, name), depth)
        for digest in digests:
            disclosure = self._take(digest, join(path, DIGESTS))
            if disclosure is None:
                self.withheld.add(path)
            else:
                self._insert(found, disclosure, path, depth)
        return found

    def array(self, source: list[Any], path: str, depth: int) -> list[Any]:
        """Step 3.c.iii: an object of the one member ``...`` stands for an element."""
        self._count(len(source), depth)
        found: list[Any] = []
        for index, item in enumerate(source):
            place = join(path, index)
            if not isinstance(item, dict) or ELEMENT not in item:
                found.append(self.value(item, place, depth))
                continue
            digest = item[ELEMENT]
            if len(item) != 1 or not isinstance(digest, str):
                raise _not_digests("'...' stands alone in its object, and is one digest", place)
            disclosure = self._take(digest, place)
            if disclosure is not None and disclosure.name is not None:
                raise _wrong_kind("a disclosure with a claim name stands for an array element", place)
            self.places[place] = disclosure
            found.append(HIDDEN if disclosure is None else self.value(disclosure.value, place, depth))
        return found

    def _insert(self, found: JsonObject, disclosure: Disclosure, path: str, depth: int) -> None:
        name = disclosure.name
        if name is None:
            raise _wrong_kind("a disclosure without a claim name stands for a claim", path)
        place = join(path, name)
        if name in found:
            detail = f"a disclosure would overwrite the claim {name[:80]!a}"
            raise InvalidError(detail, code="sd_claim_exists", path=place)
        self._count(1, depth)
        self.places[place] = disclosure
        found[name] = self.value(disclosure.value, place, depth)

    def _take(self, digest: str, path: str) -> Disclosure | None:
        """Return the disclosure of ``digest``; step 4: no digest may stand twice, disclosed or not."""
        if digest in self.seen:
            raise InvalidError("one digest stands twice", code="sd_digest_repeated", path=path)
        self.seen.add(digest)
        return self.waiting.pop(digest, None)

    def _count(self, members: int, depth: int) -> None:
        self.members += members
        if self.members > self.limits.members:
            detail = f"with its disclosures it has more than {self.limits.members} members and items"
            raise UndecidedError(detail, code="limit_members", cause=Cause.LIMIT)
        if depth > self.limits.depth:
            detail = f"with its disclosures it nests more than {self.limits.depth} deep"
            raise UndecidedError(detail, code="limit_depth", cause=Cause.LIMIT)


def _without_hidden(value: Any) -> Any:
    """Step 3.d: what was withheld leaves no gap."""
    if isinstance(value, dict):
        return {name: _without_hidden(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_hidden(item) for item in value if item is not HIDDEN]
    return value


def _malformed(detail: str) -> MalformedProofError:
    return MalformedProofError(detail, code="sd_disclosure_malformed")


def _not_digests(detail: str, path: str) -> MalformedProofError:
    return MalformedProofError(detail, code="sd_digests_malformed", path=path)


def _wrong_kind(detail: str, path: str) -> InvalidError:
    return InvalidError(detail, code="sd_disclosure_kind", path=path)
