"""Selective disclosure for JWT: issuing with chosen disclosures, and presenting some of them.

Follows RFC 9901 (https://www.rfc-editor.org/rfc/rfc9901) §4 and §7.2. Places are JSON Pointers (RFC 6901)
into the claims as they were before anything was hidden. Which places a credential format forbids to hide is
said in vc_sd_jwt.py and sd_jwt_vc.py; the token is read in token.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.keys.entropy import Entropy, draw
from certweave.keys.model import Signer
from certweave.limits import Limits
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.token import (
    DIGESTS,
    ELEMENT,
    HASH,
    RESERVED,
    Disclosure,
    digest_of,
    parse_sd_jwt,
    process_sd_jwt,
)

_SALT_BYTES: Final = 16
"""§9.3 recommends 128 bits."""


def sign_sd_jwt(
    claims: JsonObject,
    signer: Signer,
    *,
    header: Mapping[str, str],
    hidden: Collection[str],
    entropy: Entropy,
    decoys: Mapping[str, int] | None = None,
    hash_name: str = "sha-256",
) -> str:
    """Return ``claims`` as an SD-JWT with every disclosure, as the holder gets it.

    Args:
        claims: what is signed; members that carry digests must not be in it.
        signer: the issuer's key.
        header: ``typ`` and ``cty`` of the token.
        hidden: places that the holder may withhold: object members and array elements, also inside of each
            other.
        entropy: where the salts come from.
        decoys: how many digests of nothing to add to the object or array at a place; "" is the whole.
        hash_name: what ``_sd_alg`` says.

    Raises:
        InvalidError: a place that is not there (``sd_place_unknown``), or a claim name that is reserved.
        UnsupportedError: the hash is not one we know.
        MalformedError: the claims have no JSON form.
    """
    work = _Issue({HASH: hash_name}, frozenset(hidden), dict(decoys or {}), entropy)
    payload = work.build(claims, "")
    left = sorted((work.hidden - work.hid) | (work.decoys.keys() - work.walked))
    if left:
        raise InvalidError("nothing to hide stands at this place", code="sd_place_unknown", path=left[0])
    if work.disclosures or decoys:
        payload[HASH] = hash_name
    token = sign_compact(canonicalize(payload), {**header}, signer)
    return "~".join([token, *work.disclosures, ""])


def present_sd_jwt(token: str, shown: Collection[str], *, limits: Limits) -> str:
    """Return the SD-JWT with only the disclosures of ``shown`` and of what they stand in (§7.2).

    Places are those of the claims as issued: an array element keeps its position, whatever else is
    withheld. Disclosing an object does not disclose what was hidden inside of it.

    Raises:
        InvalidError: nothing was hidden at a place (``sd_place_unknown``), or the token comes with a key
            binding already (``key_binding_present``).
        MalformedError, UndecidedError: as ``parse_sd_jwt`` and ``process_sd_jwt``.
    """
    sd_jwt = parse_sd_jwt(token, limits=limits)
    if sd_jwt.binding is not None:
        detail = "a holder is given an SD-JWT without a key binding"
        raise InvalidError(detail, code="key_binding_present")
    places = process_sd_jwt(sd_jwt, limits=limits).places
    chosen: set[str] = set()
    for place in shown:
        if places.get(place) is None:
            raise InvalidError("nothing is hidden at this place", code="sd_place_unknown", path=place)
        chosen.update(_texts_down_to(place, places))
    kept = [one.text for one in sd_jwt.disclosures if one.text in chosen]
    return "~".join([sd_jwt.jws.token, *kept, ""])


def _texts_down_to(place: str, places: Mapping[str, Disclosure | None]) -> set[str]:
    """Return the disclosures on the way to ``place``: one without the other would be refused (§4.2.6)."""
    found: set[str] = set()
    while place:
        one = places.get(place)
        if one is not None:
            found.add(one.text)
        place = place.rpartition("/")[0]
    return found


@dataclass(slots=True)
class _Issue:
    hash_of: JsonObject
    hidden: frozenset[str]
    decoys: dict[str, int]
    entropy: Entropy
    disclosures: list[str] = field(default_factory=list)
    hid: set[str] = field(default_factory=set)
    walked: set[str] = field(default_factory=set)

    def build(self, value: Any, path: str) -> Any:
        """Return ``value`` with digests instead of what is hidden in it, the innermost first."""
        if isinstance(value, dict):
            return self._object(value, path)
        if isinstance(value, list):
            return self._array(value, path)
        return value

    def _object(self, source: JsonObject, path: str) -> JsonObject:
        found: JsonObject = {}
        digests = self._decoys(path)
        for name, value in source.items():
            place = join(path, name)
            if name in RESERVED:
                detail = f"the claim name {name!r} is reserved for digests"
                raise InvalidError(detail, code="sd_claim_reserved", path=place)
            built = self.build(value, place)
            if place in self.hidden:
                digests.append(self._hide(place, [name, built]))
            else:
                found[name] = built
        if digests:
            # §4.2.4.1: the order must not tell where the claims stood.
            found[DIGESTS] = sorted(digests)
        return found

    def _array(self, source: list[Any], path: str) -> list[Any]:
        found: list[Any] = []
        for index, value in enumerate(source):
            place = join(path, index)
            built = self.build(value, place)
            found.append({ELEMENT: self._hide(place, [built])} if place in self.hidden else built)
        return [*found, *({ELEMENT: digest} for digest in self._decoys(path))]

    def _hide(self, place: str, said: list[Any]) -> str:
        self.hid.add(place)
        text = base64url_encode(canonicalize([self._salt(), *said]))
        self.disclosures.append(text)
        return digest_of(text, self.hash_of)

    def _decoys(self, path: str) -> list[str]:
        self.walked.add(path)
        return [digest_of(self._salt(), self.hash_of) for _ in range(self.decoys.get(path, 0))]

    def _salt(self) -> str:
        return base64url_encode(draw(self.entropy, _SALT_BYTES))
