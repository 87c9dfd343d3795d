"""Where in a document something stands, by what it is: for errors over what a document states.

Statements (JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/) do not tell where they were written. A place is
named where only one is possible.
"""

from collections.abc import Callable, Iterator
from typing import Any

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject

Fits = Callable[[str | None, Any], bool]
"""Asked of each member, by name and value, and of each item of a list, whose name is None."""


def find_only_place(document: JsonObject, fits: Fits) -> str | None:
    """Return the place of the one member or item that fits, or None where there are none or several."""
    found = [path for path, name, value in walk(document) if fits(name, value)]
    return found[0] if len(found) == 1 else None


def walk(document: JsonObject) -> Iterator[tuple[str, str | None, Any]]:
    """Yield place, name and value of each member, and of each item of a list; contexts are passed over."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        inside: list[tuple[str, str | None, Any]] = []
        if isinstance(value, dict):
            inside = [(join(path, key), key, item) for key, item in value.items() if key != "@context"]
        elif isinstance(value, list):
            inside = [(join(path, at), None, item) for at, item in enumerate(value)]
        yield from inside
        waiting += [(place, item) for place, _, item in inside]
