"""The UNTP 0.7.0 JSON-LD context, made from the shapes of our models.

Target: https://vocabulary.uncefact.org/untp/0.7.0/context/, JSON-LD 1.1. Nothing is copied: the models name
members, classes and code lists, and the rules below say how UNTP writes each kind down. The result is pinned
by the digest of the published document (``credential.contexts``).
"""

from functools import cache

from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP
from certweave.credential.untp.shapes import CODE_LIST, Shape, find_shape, is_class
from certweave.credential.untp.term import SCHEMA_ORG, TERMS, Term
from certweave.encoding.strict_json import JsonObject

ENTITIES = (
    "RenderTemplate2024",
    "IdentifierScheme",
    "Party",
    "CredentialIssuer",
    "ConformityTopic",
    "PerformanceMetric",
    "Criterion",
    "Regulation",
    "Standard",
    "Claim",
    "Facility",
    "ConformityScheme",
    "ConformityProfile",
    "Product",
    "ConformityAssessment",
    "ConformityAttestation",
    "LifecycleEvent",
    "MakeEvent",
    "MoveEvent",
    "ModifyEvent",
    "RegisteredIdentity",
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
        "issuingSoftware": _identified("issuingSoftware", "IssuingSoftware"),
    }
    for name in CREDENTIAL_NAMES:
        terms[name] = _typed(name, {"@vocab": f"{UNTP}{name}#"})
    for name in ENTITIES:
        terms[name] = _typed(name, _body(find_shape(name)))
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


def _body(shape: Shape) -> JsonObject:
    """Return the terms of a class: its fallback vocabulary, where it has one, and its members."""
    start: JsonObject = {"@vocab": f"{UNTP}{shape.name}#"} if "own_vocabulary" in shape.words else {}
    terms = ((name, _term(name, kind)) for name, kind in shape.members.items() if name not in ("id", "type"))
    return start | {name: term for name, term in terms if term is not None}


def _term(name: str, kind: str) -> JsonObject | None:
    """Return the definition of one member: a value, a reference to an entity, a code or a literal.

    None for a member that an outer context defines.
    """
    if is_class(kind):
        return _class_term(name, kind)
    term = Term(vocabulary=f"{UNTP}{kind[1:]}") if kind.startswith(CODE_LIST) else TERMS.get(kind)
    if term is None:
        return None
    definition: JsonObject = {"@id": term.iri or f"{term.prefix}{name}"}
    if term.vocabulary is not None:
        return definition | {
            "@type": "@vocab",
            "@context": {"@protected": True, "@vocab": term.vocabulary},
        }
    return definition if term.datatype is None else definition | {"@type": term.datatype}


def _class_term(name: str, kind: str) -> JsonObject:
    shape, iri = find_shape(kind), f"untp:{name}"
    if kind == "Characteristics":
        return {"@id": iri, "@context": {"@vocab": f"{UNTP}Characteristics#"}}
    if kind in ("IssuingSoftware", "SoftwareVendor"):
        return _identified(name, kind)
    if kind == "IdentifierScheme":
        # The scheme's own URI is a value here, not the identity of the node.
        inner = {"@protected": True, "id": {"@id": "untp:id", "@type": "xsd:anyURI"}, "name": _NAME}
        return {"@id": iri, "@type": "@id", "@context": inner}
    if shape.is_entity:
        reference: JsonObject = {"@id": iri, "@type": "@id"}
        return reference | {"@container": "@set"} if kind == "ConformityTopic" else reference
    return {"@protected": True, "@id": iri, "@context": {"@protected": True, **_body(shape)}}


def _identified(name: str, kind: str) -> JsonObject:
    """Return the definition of software and its vendor: identified nodes, described where they are used."""
    body = _body(find_shape(kind))
    return {"@id": f"untp:{name}", "@type": "@id", "@context": {"@protected": True, **body}}
