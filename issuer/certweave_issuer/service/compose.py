"""From what a clerk enters to the credential: by the scheme's catalogue and core's makers.

The data of a certificate (docs/reference/issuer.md) are few members; everything else comes from the
organisation, the catalogue and the kind. Errors point into the data, not into the credential.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from certweave.credential.build import (
    make_assessment,
    make_attestation,
    make_credential,
    make_endorsement,
    make_issuer,
)
from certweave.credential.build_parts import make_party, make_reference
from certweave.credential.catalogue import Catalogue, Form
from certweave.credential.contexts import ContextStore
from certweave.credential.terms import check_terms
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.timestamps import parse_timestamp
from certweave_issuer.ports import Authorisation, Profile
from certweave_issuer.service.kinds import ANCHOR, Kind

COMMON: Final = frozenset({"name", "description", "validFrom", "validUntil"})
ATTESTED: Final = frozenset(
    {
        "holder",
        "assessorLevel",
        "assessmentLevel",
        "assessmentDate",
        "idVerified",
        "conformance",
        "assessments",
    }
)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a document is made from."""

    kind: Kind
    scheme: Catalogue | None
    data: JsonObject
    url: str
    did: str
    profile: Profile
    now: datetime


def compose(draft: Draft, *, contexts: ContextStore, status: JsonObject | None = None) -> JsonObject:
    """Return the credential that the data describe, unsigned.

    Raises:
        InvalidError: a rule of the kind, the catalogue, UNTP or the extension says no; ``path`` is the place
            in the data.
        MalformedError: a date cannot be read.
    """
    _check_members(draft)
    starts, ends = period(draft.data)
    subject = _anchor(draft) if draft.kind.type_name == ANCHOR else _attestation(draft)
    try:
        document = make_credential(
            draft.kind.type_name,
            id=draft.url,
            issuer=make_issuer(draft.did, draft.profile.name),
            name=_text(draft.data, "name"),
            description=_find_text(draft.data, "description"),
            valid_from=starts or draft.now,
            valid_until=ends,
            subject=subject,
            status=status,
        )
        check_terms(document, contexts=contexts)
    except CertweaveError as error:
        error.path = place_in_data(error.path, draft.kind)
        raise
    return document


def place_in_data(path: str | None, kind: Kind) -> str | None:
    """Return where in the data something of the credential was entered; the credential's place otherwise."""
    if path is None:
        return None
    subject = "/credentialSubject"
    moved = {
        f"{subject}/issuedToParty": "/holder",
        f"{subject}/conformityAssessment": "/assessments",
        f"{subject}/assessorLevel": "/assessorLevel",
        f"{subject}/assessmentLevel": "/assessmentLevel",
        f"{subject}/{kind.member}": f"/{kind.member}",
    }
    if kind.type_name == ANCHOR:
        moved = {subject: "/identity"}
    for there, here in moved.items():
        if path == there or path.startswith(there + "/"):
            return here + path[len(there) :]
    return path


def period(data: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return from when to when the data say that it holds; a plain day is meant whole, in UTC.

    Raises:
        MalformedError: neither a day nor a moment with zone.
        InvalidError: it ends before it starts.
    """
    starts, ends = _moment(data, "validFrom", end=False), _moment(data, "validUntil", end=True)
    if starts is not None and ends is not None and ends <= starts:
        raise InvalidError("it ends before it starts", code="period", path="/validUntil")
    return starts, ends


def _check_members(draft: Draft) -> None:
    known = COMMON | {draft.kind.member}
    if draft.kind.type_name != ANCHOR:
        known |= ATTESTED
    for member in draft.data:
        if member not in known or not member:
            raise InvalidError(
                f"a certificate of this kind has no {member[:80]!r}",
                code="data_unknown",
                path=join("", member),
            )
    if draft.kind.member and not isinstance(draft.data.get(draft.kind.member), dict):
        path = join("", draft.kind.member)
        raise InvalidError(f"{draft.kind.member} is missing", code="data_missing", path=path)


def _anchor(draft: Draft) -> JsonObject:
    entered: JsonObject = draft.data["identity"]
    return {"type": ["RegisteredIdentity"], **entered}


def _attestation(draft: Draft) -> JsonObject:
    if draft.scheme is None:
        raise InvalidError("this kind of certificate names a scheme", code="scheme_missing", path="/scheme")
    holder = draft.data.get("holder")
    if not isinstance(holder, dict):
        raise InvalidError("holder is missing", code="data_missing", path="/holder")
    kind, form = draft.kind, draft.scheme.find_form(draft.kind.type_name)
    part = {kind.member: draft.data[kind.member]} if kind.member else None
    return make_attestation(
        f"{draft.url}#attestation",
        _text(draft.data, "name"),
        issued_to={"type": ["Party"], **holder},
        scheme=make_reference("ConformityScheme", draft.scheme.scheme.id, draft.scheme.scheme.name),
        assessor_level=draft.data.get("assessorLevel", kind.assessor_level),
        assessment_level=draft.data.get("assessmentLevel", kind.assessment_level),
        attestation_type=kind.attestation_type if form is None else form.attestation_type,
        profile=None if form is None else _profile(draft.scheme, form),
        assessments=_assessments(draft, form),
        authorisation=[_endorsement(one) for one in draft.profile.authorisations],
        extension=part,
    )


def _profile(scheme: Catalogue, form: Form) -> JsonObject:
    name = next(one.name for one in scheme.profiles if one.id == form.profile)
    return make_reference("ConformityProfile", form.profile, name)


def _endorsement(one: Authorisation) -> JsonObject:
    link = {
        "linkURL": one.url,
        "linkName": one.name,
        "digestMultibase": one.digest,
        "mediaType": "application/vc+jwt",
    }
    return make_endorsement(one.name, authority=make_party(one.authority, one.authority_name), evidence=link)


def _assessments(draft: Draft, form: Form | None) -> list[JsonObject]:
    """Return the assessments that were entered, else the one that the form of the scheme stands for."""
    entered = draft.data.get("assessments")
    if entered is not None:
        if not isinstance(entered, list) or not entered:
            raise InvalidError("assessments is a list, not empty", code="data_malformed", path="/assessments")
        return entered
    if form is None or draft.scheme is None:
        return []
    criteria = [one for url in form.criteria if (one := draft.scheme.find_criterion(url)) is not None]
    topics = {topic.id: topic for one in criteria for topic in one.conformity_topic or ()}
    part = draft.data.get(draft.kind.member, {})
    facilities, products = _assessed(part if isinstance(part, dict) else {})
    return [
        make_assessment(
            f"{draft.url}#assessment",
            _text(draft.data, "name"),
            criteria=[make_reference("Criterion", one.id, one.name) for one in criteria],
            date=draft.data.get("assessmentDate", draft.now.date().isoformat()),
            topics=[make_reference("ConformityTopic", one.id, one.name) for one in topics.values()],
            facilities=facilities,
            products=products,
            conformance=draft.data.get("conformance", True),
            id_verified=draft.data.get("idVerified", False),
        )
    ]


def _assessed(part: JsonObject) -> tuple[list[JsonObject], list[JsonObject]]:
    """Return the facilities and products that a part names; those certified elsewhere were not assessed."""
    sites = [one for one in _objects(part.get("sites")) if one.get("role") != "separatelyCertified"]
    facilities = [one["facility"] for one in (*sites, part) if isinstance(one.get("facility"), dict)]
    sample = part.get("sample")
    named = [one.get("product") for one in (*_objects(part.get("productLines")), part)]
    named.append(sample.get("ofBatch") if isinstance(sample, dict) else None)
    products = {
        one["id"]: make_reference("Product", one["id"], str(one.get("name", one["id"])))
        for one in named
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    return facilities, list(products.values())


def _objects(value: Any) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(data: Mapping[str, Any], member: str) -> str:
    value = data.get(member)
    if not isinstance(value, str) or not value.strip():
        raise InvalidError(f"{member} is missing", code="data_missing", path=join("", member))
    return value


def _find_text(data: Mapping[str, Any], member: str) -> str | None:
    return _text(data, member) if member in data else None


def _moment(data: Mapping[str, Any], member: str, *, end: bool) -> datetime | None:
    if member not in data:
        return None
    value = data[member]
    try:
        if isinstance(value, str) and len(value) == 10:
            day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
            return day + _DAY - timedelta(seconds=1) if end else day
        return parse_timestamp(value)
    except (ValueError, OverflowError, MalformedError):
        raise MalformedError(
            f"{member} is a day (2026-03-31) or a moment with zone", code="data_date", path=join("", member)
        ) from None
