"""Questions for credentials: the Digital Credentials Query Language, read.

OpenID for Verifiable Presentations 1.0 §6, §7 and appendices B.1 and B.3.5
(https://openid.net/specs/openid-4-verifiable-presentations-1_0.html). Credentials of other formats may be
asked for; they are then never found. Answering is in dcql_match.py. ``trusted_authorities`` names
frameworks that we have no part in: such a question is read, and no credential answers it.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.form import Form
from certweave.limits import DEFAULT_LIMITS, Limits

PathPart = str | int | None
Value = str | int | bool

W3C_FORMATS: Final = ("vc+jwt", "vc+sd-jwt", "vc+cose", "ldp_vc", "jwt_vc_json")
"""Formats whose ``meta`` holds ``type_values``."""
SD_JWT_VC: Final = "dc+sd-jwt"
"""The format whose ``meta`` holds ``vct_values`` (appendix B.3.5)."""
MAX_CLAIMS: Final = 256
"""Claims, alternatives and sets of one question; work grows with their product."""

_FORM: Final = Form(code="query_malformed", oauth="invalid_request")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """One claim that is asked for: where it is (§7), and the values it may have, or None for any."""

    id: str | None
    path: tuple[PathPart, ...]
    values: tuple[Value, ...] | None


@dataclass(frozen=True, slots=True)
class CredentialQuery:
    """One credential that is asked for (§6.1).

    Attributes:
        id: names it in the answer.
        type_values: alternatives of expanded types, each of which must be there; empty for any type.
        claims: all of them are wanted, or, where there are ``claim_sets``, one set of them by id.
        multiple: whether several credentials may answer.
        holder_binding: whether a presentation is wanted, not just the credential.
        authorities: how many ``trusted_authorities`` it is restricted to; we can apply none.
        vct_values: alternatives of the type of an SD-JWT VC; empty for other formats.
    """

    id: str
    format: str
    type_values: tuple[frozenset[str], ...]
    claims: tuple[ClaimQuery, ...]
    claim_sets: tuple[tuple[str, ...], ...]
    multiple: bool
    holder_binding: bool
    authorities: int
    vct_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialSet:
    """Alternatives, each a list of credential queries (§6.2), first the preferred."""

    options: tuple[tuple[str, ...], ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question. Without ``sets``, every credential is required."""

    credentials: tuple[CredentialQuery, ...]
    sets: tuple[CredentialSet, ...]

    def find(self, query_id: str) -> CredentialQuery | None:
        """Return the credential query of that id, or None."""
        return next((one for one in self.credentials if one.id == query_id), None)


def make_query(
    query_id: str,
    *,
    format: str,
    types: tuple[tuple[str, ...], ...],
    claims: tuple[tuple[PathPart, ...], ...],
) -> JsonObject:
    """Return the question for one credential of any of these expanded types, with these claims.

    Raises:
        ExchangeError: what would be asked is no question by ``parse_query``.
    """
    asked: JsonObject = {"id": query_id, "format": format, "meta": {"type_values": [list(t) for t in types]}}
    if claims:
        asked["claims"] = [{"path": list(path)} for path in claims]
    query: JsonObject = {"credentials": [asked]}
    parse_query(query, limits=DEFAULT_LIMITS)
    return query


def parse_query(obj: Any, *, limits: Limits) -> Query:
    """Read a DCQL query (§6); unknown properties are ignored, as it demands.

    Raises:
        ExchangeError: ``invalid_request``, with the place.
    """
    query = _FORM.object(obj, "/dcql_query")
    path = "/dcql_query"
    asked = _FORM.array(query, "credentials", path)
    if len(asked) > limits.credentials:
        raise _FORM.refusal(f"at most {limits.credentials} credentials in one question", path)
    place = join(path, "credentials")
    credentials = tuple(_parse_credential(one, join(place, n), limits) for n, one in enumerate(asked))
    ids = {one.id for one in credentials}
    if len(ids) != len(credentials):
        raise _FORM.refusal("two credential queries have one id", place)
    sets: tuple[CredentialSet, ...] = ()
    if "credential_sets" in query:
        place = join(path, "credential_sets")
        listed = _few(_FORM.array(query, "credential_sets", path), place)
        sets = tuple(_parse_set(one, ids, join(place, n)) for n, one in enumerate(listed))
    return Query(credentials, sets)


def _parse_credential(value: Any, path: str, limits: Limits) -> CredentialQuery:
    one = _FORM.object(value, path)
    kind = _FORM.text(one, "format", path)
    if "meta" not in one:
        raise _FORM.refusal("meta is an object", join(path, "meta"))
    meta = _FORM.object(one["meta"], join(path, "meta"))
    claims = _parse_claims(one, path, limits)
    return CredentialQuery(
        id=_parse_id(one, path),
        format=kind,
        type_values=_parse_types(meta, join(path, "meta")) if kind in W3C_FORMATS else (),
        claims=claims,
        claim_sets=_parse_claim_sets(one, claims, path),
        multiple=_FORM.flag(one, "multiple", path, default=False),
        holder_binding=_FORM.flag(one, "require_cryptographic_holder_binding", path, default=True),
        authorities=_parse_authorities(one, path),
        vct_values=_parse_vct_values(meta, join(path, "meta")) if kind == SD_JWT_VC else (),
    )


def _parse_id(holder: JsonObject, path: str) -> str:
    value = holder.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _FORM.refusal("an id is letters, digits, _ and -", join(path, "id"))
    return value


def _parse_types(meta: JsonObject, path: str) -> tuple[frozenset[str], ...]:
    """Appendix B.1.1; §6.1 lets an empty ``meta`` stand for no constraint."""
    if not meta:
        return ()
    place = join(path, "type_values")
    found = []
    for number, value in enumerate(_few(_FORM.array(meta, "type_values", path), place)):
        found.append(frozenset(_FORM.texts({str(number): value}, str(number), place)))
    return tuple(found)


def _parse_vct_values(meta: JsonObject, path: str) -> tuple[str, ...]:
    """Appendix B.3.5; §6.1 lets an empty ``meta`` stand for no constraint."""
    if not meta:
        return ()
    _few(_FORM.array(meta, "vct_values", path), join(path, "vct_values"))
    return tuple(_FORM.texts(meta, "vct_values", path))


def _parse_claims(one: JsonObject, path: str, limits: Limits) -> tuple[ClaimQuery, ...]:
    if "claims" not in one:
        return ()
    place = join(path, "claims")
    listed = _few(_FORM.array(one, "claims", path), place)
    claims = tuple(
        _parse_claim(value, join(place, number), limits.depth) for number, value in enumerate(listed)
    )
    ids = [claim.id for claim in claims if claim.id is not None]
    if len(set(ids)) != len(ids):
        raise _FORM.refusal("two claims have one id", place)
    return claims


def _parse_claim(value: Any, path: str, depth: int) -> ClaimQuery:
    claim = _FORM.object(value, path)
    place = join(path, "path")
    parts = _FORM.array(claim, "path", path)
    if len(parts) > depth or not all(_is_part(part) for part in parts):
        raise _FORM.refusal("a path is made of texts, nulls and whole numbers from 0", place)
    values = None
    if "values" in claim:
        values = tuple(_few(_FORM.array(claim, "values", path), join(path, "values")))
        if not all(isinstance(value, str | int) for value in values):
            raise _FORM.refusal("values are texts, integers or booleans", join(path, "values"))
    return ClaimQuery(_parse_id(claim, path) if "id" in claim else None, tuple(parts), values)


def _is_part(part: Any) -> bool:
    return part is None or isinstance(part, str) or (type(part) is int and part >= 0)


def _parse_claim_sets(
    one: JsonObject, claims: tuple[ClaimQuery, ...], path: str
) -> tuple[tuple[str, ...], ...]:
    if "claim_sets" not in one:
        return ()
    place = join(path, "claim_sets")
    known = {claim.id for claim in claims}
    if None in known:
        raise _FORM.refusal("claim_sets go with claims that all have an id", place)
    return _parse_options(_FORM.array(one, "claim_sets", path), {str(name) for name in known}, place)


def _parse_set(value: Any, ids: set[str], path: str) -> CredentialSet:
    one = _FORM.object(value, path)
    options = _parse_options(_FORM.array(one, "options", path), ids, join(path, "options"))
    return CredentialSet(options, _FORM.flag(one, "required", path, default=True))


def _parse_options(values: list[Any], known: set[str], path: str) -> tuple[tuple[str, ...], ...]:
    options = []
    for number, value in enumerate(_few(values, path)):
        names = _FORM.texts({str(number): value}, str(number), path)
        if not set(names) <= known:
            raise _FORM.refusal("an alternative lists ids of this question", join(path, number))
        options.append(names)
    return tuple(options)


def _parse_authorities(one: JsonObject, path: str) -> int:
    if "trusted_authorities" not in one:
        return 0
    place = join(path, "trusted_authorities")
    listed = _FORM.array(one, "trusted_authorities", path)
    for number, value in enumerate(listed):
        authority = _FORM.object(value, join(place, number))
        _FORM.text(authority, "type", join(place, number))
        _FORM.texts(authority, "values", join(place, number))
    return len(listed)


def _few(values: list[Any], path: str) -> list[Any]:
    if len(values) > MAX_CLAIMS:
        raise _FORM.refusal(f"at most {MAX_CLAIMS} entries here", path)
    return values
