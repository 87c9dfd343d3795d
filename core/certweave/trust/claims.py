"""What a credential claims that trust depends on: its types, schemes, processes, classes, places and dates.

Reads UNTP 0.7.0 (https://uncefact.github.io/spec-untp/) and, by their plain names, the members of our
extension that bound a certificate (``certificationScope``, ``transaction``) or an authorisation
(``issuerApproval``).
Shapes are checked elsewhere; a member that states something unreadable is refused here, never passed over.
"""

import re
from collections.abc import Collection, Iterable, Iterator
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

APPROVAL = "issuerApproval"
"""The member of an authority's attestation that says what it allows."""

_ABOUT_GOODS = frozenset(
    (
        *("certificationScope", "transaction", "inventoryConformance"),
        *("laboratoryResult", "labelRelease", "delegation"),
    )
)
"""The members of an attestation that say something of goods, sites or deeds."""

_KINDS = {"schemeOwnerApproval": "approval", "accreditation": "accreditation"}
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


def claim_of(document: JsonObject, known: Collection[str] = ()) -> Extent:
    """Return what a conformity credential claims: the attestation's scheme, and what our extension adds.

    Whoever goes by criteria of a ``known`` scheme claims that scheme, whichever else is named. Sites that are
    certified by somebody else's certificate are not part of this one's claim. Facilities count wherever they
    are named, in UNTP's assessments as well.

    Raises:
        InvalidError: not one subject.
        MalformedError: a member that states part of the claim cannot be read.
    """
    subject = subject_of(document)
    scope, path = _part(subject, "certificationScope"), join(_SUBJECT, "certificationScope")
    sites = list(_objects(scope, "sites", path))
    own = [(site, place) for site, place in sites if site.get("role") != "separatelyCertified"]
    goods, place_of_goods = _part(subject, "transaction"), join(_SUBJECT, "transaction")
    classes = [_stated(scope, "productClasses", path)]
    for line, place in _objects(goods, "productLines", place_of_goods):
        if "productClass" in line:
            classes.append(_names([line["productClass"]], join(place, "productClass")))
    return Extent(
        schemes=_schemes(subject) | (_stated(scope, "schemes", path) or frozenset()) | _used(subject, known),
        processes=_union(_stated(site, "processes", place) for site, place in own),
        product_classes=_union(classes),
        regions=_union(_countries(site, place) for site, place in (*own, *_assessed_sites(subject))),
        valid_from=_moment(document, "validFrom", ""),
        valid_until=_moment(document, "validUntil", ""),
    )


def grant_of(document: JsonObject) -> Extent:
    """Return what an authority's credential allows: its ``issuerApproval``, else its own scheme and period.

    Where the approval states dates, both they and the credential's own period bound the grant.

    Raises:
        InvalidError: not one subject.
        MalformedError: a member of the approval cannot be read.
    """
    subject = subject_of(document)
    approval, path = _part(subject, APPROVAL), join(_SUBJECT, APPROVAL)
    schemes = _stated(approval, "schemes", path)
    starts = [_moment(document, "validFrom", ""), _moment(approval, "startDate", path)]
    ends = [_moment(document, "validUntil", ""), _moment(approval, "endDate", path, end=True)]
    return Extent(
        schemes=_schemes(subject) if schemes is None else schemes,
        processes=_stated(approval, "processes", path),
        product_classes=_stated(approval, "productClasses", path),
        regions=_stated(approval, "regions", path),
        valid_from=max((start for start in starts if start is not None), default=None),
        valid_until=min((end for end in ends if end is not None), default=None),
    )


def authorises(document: JsonObject) -> bool:
    """Return whether an authority's credential can authorise: its own certificates of goods and sites do not.

    Whoever holds one of those must not become a certifier by it.
    """
    return APPROVAL in subject_of(document) or not certifies(document)


def certifies(document: JsonObject) -> bool:
    """Return whether a conformity credential says something of goods, sites or deeds."""
    subject = subject_of(document)
    found = subject.get("conformityAssessment")
    assessed = (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
    named = any(one.get("assessedProduct") or one.get("assessedFacility") for one in assessed)
    return named or not _ABOUT_GOODS.isdisjoint(subject)


def kind_of_grant(document: JsonObject) -> str | None:
    """Return which authorisation an authority's credential says it is: a value of ``Chain``, None if unsaid.

    Raises:
        InvalidError: not one subject.
        MalformedError: a kind that is not one of ours.
    """
    subject = subject_of(document)
    if APPROVAL not in subject:
        return None
    kind = _part(subject, APPROVAL).get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _malformed("the kind of an approval is not one we know", join(_SUBJECT, APPROVAL, "kind"))
    return _KINDS[kind]


def belongs_to(criterion: str, scheme: str) -> bool:
    """Return whether the id of a criterion lies below that of a scheme."""
    base = scheme.rstrip("/#")
    return bool(base) and criterion.startswith((f"{base}/", f"{base}#"))


def _used(subject: JsonObject, known: Collection[str]) -> frozenset[str]:
    """Return the known schemes by whose criteria a certificate goes; of one inside of another, the inner."""
    places = list(_objects(subject, "conformityAssessment", _SUBJECT))
    lists = [_objects(one, "assessmentCriteria", place) for one, place in places]
    lists.append(
        _objects(_part(subject, "referenceProfile"), "criterion", join(_SUBJECT, "referenceProfile"))
    )
    found: set[str] = set()
    for criterion in (item.get("id") for listed in lists for item, _ in listed):
        if isinstance(criterion, str):
            found.add(max((one for one in known if belongs_to(criterion, one)), key=len, default=""))
    return frozenset(found - {""})


def _assessed_sites(subject: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    for assessment, place in _objects(subject, "conformityAssessment", _SUBJECT):
        yield from _objects(assessment, "assessedFacility", place)
    if "inventoryConformance" in subject:
        path = join(_SUBJECT, "inventoryConformance")
        yield _part(subject, "inventoryConformance"), path


def _schemes(subject: JsonObject) -> frozenset[str]:
    scheme = subject.get("referenceScheme")
    found = scheme.get("id") if isinstance(scheme, dict) else None
    return frozenset({found}) if isinstance(found, str) and found else frozenset()


def _stated(members: JsonObject, name: str, path: str) -> frozenset[str] | None:
    return _names(members[name], join(path, name)) if name in members else None


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """Return everything stated in any part; None where no part states anything."""
    stated = [part for part in parts if part is not None]
    return frozenset().union(*stated) if stated else None


def _part(members: JsonObject, name: str, path: str = _SUBJECT) -> JsonObject:
    """Return an object inside, empty where it is absent."""
    part = members.get(name, {})
    if not isinstance(part, dict):
        raise _malformed("an object is expected here", join(path, name))
    return part


def _objects(members: JsonObject, name: str, path: str) -> Iterator[tuple[JsonObject, str]]:
    place = join(path, name)
    for number, item in enumerate(_items(members.get(name, []), place)):
        if not isinstance(item, dict):
            raise _malformed("an object is expected here", join(place, number))
        yield item, join(place, number)


def _names(value: Any, path: str) -> frozenset[str]:
    """Read a list of URIs or codes; an object stands for its ``id``, else its ``code``."""
    names = set()
    for number, item in enumerate(_items(value, path)):
        name = item.get("id", item.get("code")) if isinstance(item, dict) else item
        if not isinstance(name, str) or not name:
            raise _malformed("a URI or a code is expected here", join(path, number))
        names.add(name)
    return frozenset(names)


def _countries(site: JsonObject, path: str) -> frozenset[str] | None:
    """Return the ISO 3166 country codes that a site's facility states, in whichever of UNTP's places."""
    facility, place = _part(site, "facility", path), join(path, "facility")
    address = _part(facility, "address", place)
    found: set[str] = set()
    if "countryOfOperation" in facility:
        found.add(_country(facility["countryOfOperation"], join(place, "countryOfOperation")))
    if "addressCountry" in address:
        found.add(_country(address["addressCountry"], join(place, "address", "addressCountry")))
    return frozenset(found) or None


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
