"""Reads the data of this package: contexts, JSON Schemas, catalogues. It judges nothing.

Nothing else is read, and nothing outside the package. Callers in core get these as arguments.
"""

import hashlib
import json
from pkgutil import get_data

CERTWEAVE_CONTEXT = "https://certweave.example/ns/v1/context.jsonld"
_CONTEXTS = {CERTWEAVE_CONTEXT: "certweave-v1.jsonld"}


def _read(folder: str, name: str) -> bytes:
    # importlib.resources would do the same and load zipfile on the way, which takes 20 ms.
    data = get_data("certweave_schemas", f"{folder}/{name}")
    if data is None:
        raise FileNotFoundError(f"{folder}/{name} is not in the package certweave_schemas")
    return data


def _names(folder: str) -> list[str]:
    from importlib.resources import files

    found = files("certweave_schemas").joinpath(folder).iterdir()
    return sorted(item.name for item in found if item.name.endswith(".json"))


def load_contexts() -> dict[str, dict[str, object]]:
    """Return our own JSON-LD contexts by URL."""
    return {url: json.loads(_read("contexts", name)) for url, name in _CONTEXTS.items()}


def load_context_digests() -> dict[str, str]:
    """Return the SHA-256, in hexadecimal, of the bytes of our own contexts by URL."""
    return {url: hashlib.sha256(_read("contexts", name)).hexdigest() for url, name in _CONTEXTS.items()}


def load_schemas() -> dict[str, dict[str, object]]:
    """Return the JSON Schemas of the extension types by their ``$id``."""
    schemas = [json.loads(_read("schema", name)) for name in _names("schema")]
    return {schema["$id"]: schema for schema in schemas}


def load_schema_bytes() -> dict[str, bytes]:
    """Return the same schemas as bytes, as they are published and digested."""
    raw = [_read("schema", name) for name in _names("schema")]
    return {json.loads(data)["$id"]: data for data in raw}


def load_catalogues() -> dict[str, dict[str, object]]:
    """Return the catalogues by the id of their scheme."""
    catalogues = [json.loads(_read("catalogue", name)) for name in _names("catalogue")]
    return {catalogue["scheme"]["id"]: catalogue for catalogue in catalogues}
