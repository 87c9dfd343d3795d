"""Which other certificates a document names, so that one can see what was built on a certificate."""

from certweave.encoding.strict_json import JsonObject, JsonValue

_NAMING = frozenset({"certificate", "linkURL"})
"""Members that hold the address of another certificate: ours, and UNTP's links."""
_LONGEST = 500


def linked_urls(document: JsonObject) -> list[str]:
    """Return the addresses that a document names as certificates, each once."""
    found: set[str] = set()
    left: list[JsonValue] = [document]
    while left:
        value = left.pop()
        if isinstance(value, list):
            left.extend(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name in _NAMING and isinstance(inner, str) and len(inner) <= _LONGEST:
                    found.add(inner)
                else:
                    left.append(inner)
    return sorted(found)
