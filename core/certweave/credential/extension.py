"""Our extension of UNTP 0.7.0: reading it, and the context that goes with it.

One versioned context, https://certweave.example/ns/v1/context.jsonld, no ``@vocab``, everything protected;
see docs/reference/credential-types.md. UN classes are extended only where the UN schema leaves them open.
"""

from functools import cache

from pydantic import ValidationError

from certweave.credential.extension_parts import PARTS, ExtensionPart
from certweave.credential.extension_rules import EXTENSION, is_of_holder
from certweave.credential.extension_values import ExtensionValue
from certweave.credential.untp.base import UntpModel
from certweave.credential.untp.credentials import find_null, model_error
from certweave.credential.untp.facts import Member, members_of
from certweave.credential.untp.term import Term
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import AbsentError, InvalidError

BASE_TYPE = "DigitalConformityCredential"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def find_extension_type(document: JsonObject) -> str | None:
    """Return the extension type that a credential names, or None.

    Raises:
        InvalidError: ``extension_type`` where it names more than one.
    """
    names = document.get("type")
    found = [name for name in PARTS if isinstance(names, list) and name in names]
    if len(found) > 1:
        raise InvalidError("a credential has one extension type", code="extension_type", path="/type")
    return found[0] if found else None


def read_extension(document: JsonObject) -> ExtensionPart | None:
    """Return what our extension says in a credential, or None where it says nothing.

    Raises:
        InvalidError: ``extension_type`` where type and content do not go together; ``extension_model`` with
            the place of the first thing that the model refuses.
    """
    subject = document.get("credentialSubject")
    content = subject if isinstance(subject, dict) else {}
    name = find_extension_type(document)
    for other in PARTS.values():
        if other.member in content and other.type_name != name:
            raise InvalidError(
                f"{other.member} belongs to the type {other.type_name}",
                code="extension_type",
                path=join("/credentialSubject", other.member),
            )
    if name is None:
        return None
    if BASE_TYPE not in document["type"]:
        raise InvalidError(f"{name} extends {BASE_TYPE}", code="extension_type", path="/type")
    part = PARTS[name]
    path = join("/credentialSubject", part.member)
    if part.member not in content:
        raise AbsentError(f"{name} says nothing", code="extension_model", path=path)
    null = find_null(content[part.member], path)
    if null is not None:
        raise InvalidError("a null says nothing: leave the member out", code="extension_model", path=null)
    try:
        found = part.model_validate(content[part.member])
    except ValidationError as error:
        raise model_error(error, content[part.member], code="extension_model", base=path) from error
    if name == "Delegation" and not is_of_holder(content[part.member], content):
        detail = "a delegation is issued to the delegate"
        raise InvalidError(detail, code="extension_model", path=f"{path}/delegate/id")
    return found


@cache
def _members() -> JsonObject:
    context: JsonObject = {"@version": 1.1, "@protected": True}
    for part in PARTS.values():
        context[part.type_name] = f"{EXTENSION}{part.type_name}"
    for part in PARTS.values():
        context[part.member] = {"@id": f"{EXTENSION}{part.member}", "@context": _scoped(part)}
    return context


def make_extension_context() -> JsonObject:
    """Return our extension's JSON-LD context document, from the models."""
    return {"@context": dict(_members())}


def _scoped(model: type[UntpModel]) -> JsonObject:
    inner: JsonObject = {"@protected": True}
    for name, member in members_of(model).items():
        if name not in ("id", "type", "name", "digestMultibase"):
            inner[name] = _definition(member)
    return inner


def _definition(member: Member) -> JsonObject:
    found: JsonObject = {"@id": f"{EXTENSION}{member.name}"}
    if member.classes:
        model = member.classes[0]
        if issubclass(model, ExtensionValue):
            return found | {"@context": _scoped(model)}
        return found | {"@type": "@id"}
    return found | _literal(member.term)


def _literal(term: Term | None) -> JsonObject:
    """Return what a literal's definition adds; one that names no type is a text."""
    if term is not None and term.iri == "@language":
        return {"@container": "@language"}
    datatype = (term and term.datatype) or "xsd:string"
    return {"@type": datatype.replace("xsd:", _XSD)}
