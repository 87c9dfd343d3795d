"""What is looked for in documents: the certificates that one names, and the places of a scope certificate."""

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


def named_places(document: JsonObject) -> str:
    """Return the names, towns and countries of the sites of a scope certificate, one a line."""
    subject = document.get("credentialSubject")
    scope = subject.get("certificationScope") if isinstance(subject, dict) else None
    sites = scope.get("sites") if isinstance(scope, dict) else None
    found: list[str] = []
    for site in sites if isinstance(sites, list) else ():
        facility = site.get("facility") if isinstance(site, dict) else None
        if isinstance(facility, dict):
            found += _texts(facility, ("name",))
            for part in (facility.get("address"), facility.get("countryOfOperation")):
                found += _texts(part, ("addressLocality", "addressRegion", "countryCode", "countryName"))
    return "\n".join(dict.fromkeys(found)).replace("\0", "")


def _texts(value: object, members: tuple[str, ...]) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [value[name] for name in members if isinstance(value.get(name), str)]
