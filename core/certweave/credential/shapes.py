"""Shapes that recur in VCDM 2.0: one or many objects, objects with a type, texts with a language.

https://www.w3.org/TR/vc-data-model-2.0/. The rules that use them are in ``credential.vcdm``.
"""

from typing import Any

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

_LANGUAGE_MEMBERS = {"@value", "@language", "@direction"}


def objects_of(document: JsonObject, member: str, base: str = "") -> list[tuple[str, JsonObject]]:
    """Return the objects of a member that holds one or a list of them, each with its place.

    Raises:
        InvalidError: ``shape`` where the member is there and is neither an object nor a list of objects.
    """
    if member not in document:
        return []
    value, path = document[member], join(base, member)
    if isinstance(value, dict):
        return [(path, value)]
    if not isinstance(value, list) or not value:
        raise InvalidError(f"{member} is an object or a list of objects", code="shape", path=path)
    for number, item in enumerate(value):
        if not isinstance(item, dict):
            place = join(path, number)
            raise InvalidError(f"{member} is an object or a list of objects", code="shape", path=place)
    return [(join(path, number), item) for number, item in enumerate(value)]


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
        check_text(holder, member, path)


def check_text(holder: JsonObject, member: str, base: str = "") -> None:
    """Check a text for people (VCDM 2.0 §11.1): a string, or language values with nothing else in them."""
    if member not in holder:
        return
    value, path = holder[member], join(base, member)
    items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    if not items:
        raise InvalidError(f"{member} is empty", code="text_malformed", path=path)
    for number, item in items:
        place = path if number is None else join(path, number)
        if isinstance(item, dict):
            _check_language_value(item, place)
        elif not isinstance(item, str):
            raise InvalidError(f"{member} is text", code="text_malformed", path=place)


def _check_language_value(item: JsonObject, path: str) -> None:
    unknown = next((key for key in item if key not in _LANGUAGE_MEMBERS), None)
    if unknown is not None:
        place = join(path, unknown)
        raise InvalidError(
            "a text holds value, language and direction only", code="text_malformed", path=place
        )
    for key in ("@value", "@language", "@direction"):
        value: Any = item.get(key)
        wrong = not isinstance(value, str) if key in item or key == "@value" else False
        if wrong or (key == "@direction" and value not in (None, "ltr", "rtl")):
            raise InvalidError(
                f"{key} of a text has the wrong form", code="text_malformed", path=join(path, key)
            )
