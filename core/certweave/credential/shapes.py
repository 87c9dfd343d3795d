"""Shapes that recur in VCDM 2.0 and 1.1: one or many objects, things with a type, an id, texts, moments.

https://www.w3.org/TR/vc-data-model-2.0/ and https://www.w3.org/TR/vc-data-model-1.1/. The rules that use them
are in ``credential.vcdm`` and ``credential.vcdm_1_1``.
"""

import re
from datetime import datetime
from typing import Any

from certweave.canon.literals import LANGUAGE
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.timestamps import parse_timestamp

_LANGUAGE_VALUE = {
    "@value": (re.compile(r"(?s:.*)"), "a text"),
    "@language": (LANGUAGE, "a language tag (BCP 47)"),
    "@direction": (re.compile("ltr|rtl"), "ltr or rtl"),
}
"""The members of a language value object, each with its form, in a pattern and in words."""
_TEXTS_ONLY = {str}
CREDENTIAL = "VerifiableCredential"
OTHER_KINDS = frozenset(
    ("VerifiablePresentation", "EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation")
)
_KINDS = OTHER_KINDS | {CREDENTIAL}
"""The kinds of document that VCDM 2.0 has; each is read by rules of its own."""


def objects_of(document: JsonObject, member: str, base: str = "") -> list[tuple[str, JsonObject]]:
    """Return the objects of a member that holds one or a list of them, each with its place.

    Raises:
        InvalidError: ``shape`` where the member is there and is neither an object nor a list of objects.
    """
    if member not in document:
        return []
    value, path = document[member], join(base, member)
    if isinstance(value, dict):
        found = [(path, value)]
    elif isinstance(value, list) and value:
        found = [(join(path, number), item) for number, item in enumerate(value)]
    else:
        raise InvalidError(f"{member} is an object or a list of objects", code="shape", path=path)
    for place, item in found:
        if not isinstance(item, dict):
            raise InvalidError(f"{member} is an object or a list of objects", code="shape", path=place)
        if "@value" in item or "@list" in item:
            keyword = "@value" if "@value" in item else "@list"
            detail = f"{member} is an object, not a value or a list of JSON-LD"
            raise InvalidError(detail, code="shape", path=join(place, keyword))
    return found


def check_contexts(document: JsonObject, first: str, words: str) -> None:
    """Check the ``@context``: an ordered list; the first is the URL of the version, others URLs or objects.

    Raises:
        InvalidError: ``context_first_wrong``, ``context_malformed``.
    """
    contexts = document.get("@context")
    if contexts == first:
        raise InvalidError("@context is a list", code="context_malformed", path="/@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != first:
        detail = f"there is no @context, where that of {words} comes first"
        if contexts:
            detail = f"the first @context is not that of {words}"
        raise InvalidError(detail, code="context_first_wrong", path="/@context/0")
    for number, item in enumerate(contexts):
        if number and not isinstance(item, dict) and not is_absolute_uri(item):
            path = join("/@context", number)
            raise InvalidError("a context is a URL or an object", code="context_malformed", path=path)


def types(document: JsonObject) -> tuple[str, ...]:
    """Return the types in their order (§4.5), or raise an error of code ``type_malformed``."""
    value = document.get("type")
    names = value if isinstance(value, list) else [value]
    if not names or "" in names or set(map(type, names)) != _TEXTS_ONLY:
        raise InvalidError("type is a name or a list of names", code="type_malformed", path="/type")
    return tuple(names)


def check_types(document: JsonObject, needed: str) -> None:
    """Check that there are types, and that one of them is the one that is needed."""
    if "type" not in document:
        raise InvalidError("there is no type", code="type_missing", path="/type")
    names = types(document)
    if needed not in names:
        raise InvalidError(f"the type does not name {needed}", code="type_missing", path="/type")
    kinds = _KINDS.intersection(names)
    if len(kinds) > 1:
        # Who takes it for the one looks for its issuer where who takes it for the other sees none.
        detail = f"a {needed} is not {min(kinds - {needed})} at the same time"
        raise InvalidError(detail, code="presentation_and_credential", path="/type")


def check_id(holder: JsonObject, path: str = "") -> None:
    """Check that an id, where there is one, is one URL."""
    if "id" in holder and not is_absolute_uri(holder["id"]):
        raise InvalidError("an id is one URL", code="id_malformed", path=join(path, "id"))


def party_id(value: Any, path: str, *, code: str) -> str:
    """Return the URL of a party: it is written alone, or is the ``id`` of an object."""
    inside = isinstance(value, dict)
    found = value.get("id") if inside else value
    if not isinstance(found, str) or not is_absolute_uri(found):
        place = join(path, "id") if inside else path
        raise InvalidError("a party is a URL, or an object with a URL as its id", code=code, path=place)
    return found


def issuer_id(document: JsonObject) -> str:
    """Return the URL of the issuer, written alone or as the ``id`` of an object (§4.7)."""
    if "issuer" not in document:
        raise InvalidError("a credential names its issuer", code="issuer_missing", path="/issuer")
    return party_id(document["issuer"], "/issuer", code="issuer_malformed")


def check_subjects(document: JsonObject) -> None:
    """Check that there are subjects (§4.8), each with claims, and an id that is one URL where it has one."""
    if "credentialSubject" not in document:
        raise InvalidError("a credential says something", code="subject_missing", path="/credentialSubject")
    for path, subject in objects_of(document, "credentialSubject"):
        check_id(subject, path)
        if not _says_something(subject):
            raise InvalidError("a subject without any claim", code="subject_empty", path=path)


def _says_something(subject: JsonObject) -> bool:
    return any(name[:1] != "@" and value is not None and value != [] for name, value in subject.items())


def moment(document: JsonObject, member: str) -> datetime | None:
    """Return a moment with its offset, None where it is not said; ``validity_malformed`` else."""
    if member not in document:
        return None
    try:
        return parse_timestamp(document[member])
    except MalformedError as error:
        detail = f"{member}: {error.detail}"
        raise InvalidError(detail, code="validity_malformed", path=f"/{member}") from error


def check_order(start: datetime | None, end: datetime | None, end_member: str) -> None:
    """Check that a period does not end before it begins."""
    if start is not None and end is not None and start > end:
        detail = f"{end_member} is before the beginning"
        raise InvalidError(detail, code="validity_reversed", path=f"/{end_member}")


def check_schemas(document: JsonObject) -> None:
    """Check that every schema says what it is, and where."""
    check_typed(document, "credentialSchema")
    for path, item in objects_of(document, "credentialSchema"):
        if not is_absolute_uri(item.get("id")):
            raise InvalidError("a schema has a URL as its id", code="schema_id", path=join(path, "id"))


def check_things(document: JsonObject, *members: str) -> None:
    """Check that every object of these members has a type, and an id that is one URL where it has one."""
    for member in members:
        if member in document:
            check_typed(document, member)
            for path, item in objects_of(document, member):
                check_id(item, path)


def check_typed(document: JsonObject, member: str) -> None:
    """Check that every object of a member says by its ``type`` what it is."""
    for path, item in objects_of(document, member):
        names = item.get("type")
        listed = names if isinstance(names, list) else [names]
        if not listed or not all(isinstance(name, str) and name for name in listed):
            raise InvalidError(f"{member} needs a type", code="type_missing", path=join(path, "type"))


def check_described(holder: JsonObject, path: str) -> None:
    """Check the name and description of an object."""
    for member in ("name", "description"):
        if member in holder and not isinstance(holder[member], str):
            _check_text(holder, member, path)


def _check_text(holder: JsonObject, member: str, base: str) -> None:
    """Check a text for people (VCDM 2.0 §11.1): a string, or language values with nothing else in them."""
    value, path = holder[member], join(base, member)
    items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    if not items:
        raise InvalidError(f"{member} is empty", code="text_malformed", path=path)
    for number, item in items:
        place = path if number is None else join(path, number)
        if isinstance(item, dict):
            _check_language_value(item, place)
        elif not isinstance(item, str):
            detail = f"{member} is a text, or an object with a text as its @value"
            raise InvalidError(detail, code="text_malformed", path=place)


def _check_language_value(item: JsonObject, path: str) -> None:
    unknown = next((key for key in item if key not in _LANGUAGE_VALUE), None)
    if unknown is not None:
        place = join(path, unknown)
        raise InvalidError(
            "such an object has @value, @language and @direction only", code="text_malformed", path=place
        )
    for key, (form, words) in _LANGUAGE_VALUE.items():
        value = item.get(key)
        if (key in item or key == "@value") and not (isinstance(value, str) and form.fullmatch(value)):
            raise InvalidError(f"{key} is {words}", code="text_malformed", path=join(path, key))


def digests_of(item: JsonObject, path: str) -> list[tuple[str, str]]:
    """Return name and text of each ``digestSRI`` and ``digestMultibase``, of which the latter may be a list.

    A list is of Data Integrity 1.0 §2.3 (https://www.w3.org/TR/vc-data-integrity/#resource-integrity).

    Raises:
        InvalidError: one is no text, or a list is empty (``related_resource_digest``).
    """
    found: list[tuple[str, str]] = []
    for name in ("digestSRI", "digestMultibase"):
        if name not in item:
            continue
        value = item[name]
        texts = value if name == "digestMultibase" and isinstance(value, list) else [value]
        if not texts or not all(isinstance(text, str) and text for text in texts):
            raise InvalidError("a digest is text", code="related_resource_digest", path=join(path, name))
        found.extend((name, text) for text in texts)
    return found
