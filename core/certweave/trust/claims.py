"""What a credential claims that trust depends on: its types, schemes, processes, classes, places and dates.

Reads UNTP 0.7.0 (https://uncefact.github.io/spec-untp/) and the members of our extension by their plain
names: ``sites[].processes``, ``productClasses`` and, on an authority's attestation, ``authorisedScope``.
Shapes are checked elsewhere; a member that states something unreadable is refused here, never passed over.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.timestamps import parse_timestamp

CONFORMITY = "DigitalConformityCredential"
ANCHOR = "DigitalIdentityAnchor"
SUPPLIER_ISSUED = frozenset({"DigitalProductPassport", "DigitalFacilityRecord", "DigitalTraceabilityEvent"})
"""What a supplier says about itself: UNTP has the holder of these be their issuer."""

_SUBJECT = "/credentialSubject"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a certificate claims, or an authority allows. None: not stated; empty: stated, and nothing."""

    schemes: frozenset[str]
    processes: frozenset[str] | None
    product_classes: frozenset[str] | None
    regions: frozenset[str] | None
    valid_from: datetime | None
    valid_until: datetime | None


def types_of(document: JsonObject) -> frozenset[str]:
    """Return the credential's types; none where the member is not as VCDM 2.0 has it."""
    kinds = document.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(kind for kind in listed if isinstance(kind, str))


def subject_of(document: JsonObject) -> JsonObject:
    """Return the one subject.

    Raises:
        InvalidError: there is none, or several: trust in one of them would not be trust in the others.
    """
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, dict):
        detail = "trust can be judged only for a credential with one subject"
        raise InvalidError(detail, code="trust_subject", path=_SUBJECT)
    return subject


def party_of(subject: JsonObject) -> str | None:
    """Return the id of the party that an attestation was issued to."""
    party = subject.get("issuedToParty")
    found = party.get("id") if isinstance(party, dict) else None
    return found if isinstance(found, str) else None


def claim_of(document: JsonObject) -> Extent:
    """Return what a conformity credential claims.

    Raises:
        InvalidError: not one subject.
        MalformedError: a member that states part of the claim cannot be read.
    """
    subject = subject_of(document)
    sites, path = subject.get("sites"), join(_SUBJECT, "sites")
    processes: set[str] = set()
    regions: set[str] = set()
    stated = False
    for number, site in enumerate(_items(sites, path) if sites is not None else []):
        if not isinstance(site, dict):
            raise _malformed("a site is an object", join(path, number))
        if "processes" in site:
            stated = True
            processes |= _names(site["processes"], join(path, number, "processes"))
        regions |= _countries(site, join(path, number))
    return Extent(
        schemes=_schemes(subject),
        processes=frozenset(processes) if stated else _stated(subject, "processes", _SUBJECT),
        product_classes=_stated(subject, "productClasses", _SUBJECT),
        regions=frozenset(regions) or None,
        valid_from=_moment(document, "validFrom", ""),
        valid_until=_moment(document, "validUntil", ""),
    )


def grant_of(document: JsonObject) -> Extent:
    """Return what an authority's credential allows: its ``authorisedScope``, else its own scheme and period.

    Where the scope states dates, both they and the credential's own period bound the grant.

    Raises:
        InvalidError: not one subject.
        MalformedError: a member of the scope cannot be read.
    """
    subject = subject_of(document)
    scope = subject.get("authorisedScope", {})
    path = join(_SUBJECT, "authorisedScope")
    if not isinstance(scope, dict):
        raise _malformed("authorisedScope is an object", path)
    schemes = _stated(scope, "schemes", path)
    starts = [_moment(document, "validFrom", ""), _moment(scope, "validFrom", path)]
    ends = [_moment(document, "validUntil", ""), _moment(scope, "validUntil", path, end=True)]
    return Extent(
        schemes=_schemes(subject) if schemes is None else schemes,
        processes=_stated(scope, "processes", path),
        product_classes=_stated(scope, "productClasses", path),
        regions=_stated(scope, "regions", path),
        valid_from=max((start for start in starts if start is not None), default=None),
        valid_until=min((end for end in ends if end is not None), default=None),
    )


def _schemes(subject: JsonObject) -> frozenset[str]:
    scheme = subject.get("referenceScheme")
    found = scheme.get("id") if isinstance(scheme, dict) else None
    return frozenset({found}) if isinstance(found, str) and found else frozenset()


def _stated(members: JsonObject, name: str, path: str) -> frozenset[str] | None:
    return _names(members[name], join(path, name)) if name in members else None


def _names(value: Any, path: str) -> frozenset[str]:
    """Read a list of URIs or codes; an object stands for its ``id``, else its ``code``."""
    names = set()
    for number, item in enumerate(_items(value, path)):
        name = item.get("id", item.get("code")) if isinstance(item, dict) else item
        if not isinstance(name, str) or not name:
            raise _malformed("a URI or a code is expected here", join(path, number))
        names.add(name)
    return frozenset(names)


def _countries(site: JsonObject, path: str) -> set[str]:
    """Return the ISO 3166 country codes that a site states, in whichever of UNTP's places."""
    found: set[str] = set()
    for holder in (site, site.get("facility")):
        if not isinstance(holder, dict):
            continue
        address = holder.get("address")
        for place, name in ((holder, "countryOfOperation"), (address, "addressCountry"), (holder, "country")):
            if isinstance(place, dict) and name in place:
                found.add(_country(place[name], join(path, name)))
    return found


def _country(value: Any, path: str) -> str:
    code = value.get("countryCode") if isinstance(value, dict) else value
    if not isinstance(code, str) or not code:
        raise _malformed("a country code is expected here", path)
    return code


def _items(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed("a list is expected here", path)
    return value


def _moment(members: JsonObject, name: str, path: str, *, end: bool = False) -> datetime | None:
    """Read a time, or a plain date: its first moment, or with ``end`` its last."""
    if name not in members:
        return None
    value = members[name]
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            start = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
            return start + timedelta(days=1, microseconds=-1) if end else start
        return parse_timestamp(value)
    except (MalformedError, ValueError, OverflowError):
        raise _malformed("a date or a time is expected here", join(path, name)) from None


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="scope_malformed", path=path)
