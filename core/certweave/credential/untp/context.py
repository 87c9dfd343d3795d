"""The UNTP 0.7.0 JSON-LD context, generated from our models.

Target: https://vocabulary.uncefact.org/untp/0.7.0/context/, JSON-LD 1.1. Nothing is copied: the models name
members, classes and code lists, and the rules below say how UNTP writes each kind down. The result is pinned
by the digest of the published document (``credential.contexts``).
"""

from collections.abc import Iterable
from functools import cache

from certweave.credential.untp.base import SCHEMA_ORG, UntpModel
from certweave.credential.untp.conformity import (
    ConformityAssessment,
    ConformityAttestation,
    ConformityProfile,
    ConformityScheme,
)
from certweave.credential.untp.credentials import CREDENTIALS, RegisteredIdentity
from certweave.credential.untp.events import LifecycleEvent, MakeEvent, ModifyEvent, MoveEvent
from certweave.credential.untp.facts import Member, members_of
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.parties import (
    Claim,
    CredentialIssuer,
    Criterion,
    Facility,
    Party,
    Product,
    Regulation,
    Standard,
)
from certweave.credential.untp.values import (
    Characteristics,
    ConformityTopic,
    IdentifierScheme,
    IssuingSoftware,
    PerformanceMetric,
    RenderTemplate2024,
    SoftwareVendor,
)
from certweave.encoding.strict_json import JsonObject

ENTITIES: tuple[type[UntpModel], ...] = (
    RenderTemplate2024,
    IdentifierScheme,
    Party,
    CredentialIssuer,
    ConformityTopic,
    PerformanceMetric,
    Criterion,
    Regulation,
    Standard,
    Claim,
    Facility,
    ConformityScheme,
    ConformityProfile,
    Product,
    ConformityAssessment,
    ConformityAttestation,
    LifecycleEvent,
    MakeEvent,
    MoveEvent,
    ModifyEvent,
    RegisteredIdentity,
)
_NAME = {"@id": "schema:name"}
_DESCRIPTION = {"@id": "schema:description"}


@cache
def _context() -> JsonObject:
    terms: JsonObject = {
        "untp": UNTP,
        "schema": SCHEMA_ORG,
        "renderMethodPrefix": "https://w3id.org/vc/render-method#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "@protected": True,
        "@version": 1.1,
        "type": "@type",
        "id": "@id",
        "issuingSoftware": _identified(Member("issuingSoftware", (IssuingSoftware,), None, False)),
    }
    for name in CREDENTIALS:
        terms[name] = _typed(name, {"@vocab": f"{UNTP}{name}#"})
    for model in ENTITIES:
        terms[model.class_name()] = _typed(model.class_name(), _body(model))
    entity = {"@vocab": f"{UNTP}Entity#", "name": _NAME, "description": _DESCRIPTION}
    # Published so: the one type whose definition is left open.
    terms["Entity"] = _typed("Entity", entity) | {"@protected": False}
    return {"@context": terms}


def make_untp_context() -> JsonObject:
    """Return a fresh copy of the UNTP 0.7.0 context document."""
    return _copy(_context())


def _copy(value: JsonObject) -> JsonObject:
    return {key: _copy(item) if isinstance(item, dict) else item for key, item in value.items()}


def _typed(name: str, body: JsonObject) -> JsonObject:
    return {"@protected": True, "@id": f"untp:{name}", "@context": {"@protected": True, **body}}


def _body(model: type[UntpModel]) -> JsonObject:
    """Return the terms of a class: its fallback vocabulary, where it has one, and its members."""
    start: JsonObject = {"@vocab": f"{UNTP}{model.class_name()}#"} if model.own_vocabulary else {}
    return start | _terms(members_of(model).values())


def _terms(members: Iterable[Member]) -> JsonObject:
    terms = ((member.name, _term(member)) for member in members if member.name not in ("id", "type"))
    return {name: term for name, term in terms if term is not None}


def _term(member: Member) -> JsonObject | None:
    """Return the definition of one member: a value, a reference to an entity, a code or a literal.

    None for a member that an outer context defines.
    """
    if member.classes:
        return _class_term(member)
    term = member.term
    if term is None:
        return None
    definition: JsonObject = {"@id": term.iri or f"{term.prefix}{member.name}"}
    if term.vocabulary is not None:
        return definition | {
            "@type": "@vocab",
            "@context": {"@protected": True, "@vocab": term.vocabulary},
        }
    return definition if term.datatype is None else definition | {"@type": term.datatype}


def _class_term(member: Member) -> JsonObject:
    model, name = member.classes[0], f"untp:{member.name}"
    if model is Characteristics:
        return {"@id": name, "@context": {"@vocab": f"{UNTP}Characteristics#"}}
    if model in (IssuingSoftware, SoftwareVendor):
        return _identified(member)
    if model is IdentifierScheme:
        # The scheme's own URI is a value here, not the identity of the node.
        inner = {"@protected": True, "id": {"@id": "untp:id", "@type": "xsd:anyURI"}, "name": _NAME}
        return {"@id": name, "@type": "@id", "@context": inner}
    if model.shape == "entity":
        reference: JsonObject = {"@id": name, "@type": "@id"}
        return reference | {"@container": "@set"} if model is ConformityTopic else reference
    return {"@protected": True, "@id": name, "@context": {"@protected": True, **_body(model)}}


def _identified(member: Member) -> JsonObject:
    """Return the definition of software and its vendor: identified nodes, described where they are used."""
    body = _body(member.classes[0])
    return {"@id": f"untp:{member.name}", "@type": "@id", "@context": {"@protected": True, **body}}
