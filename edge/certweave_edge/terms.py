"""Words of a scheme's catalogue in the reader's language, by the versioned id that a document carries.

A UNTP name is one string in one language; the catalogues of ``certweave_schemas`` have it in three.
A catalogue is the reader's aid, never evidence: its word stands only where the signed name is its English
name for that id, or where an id was signed alone. Whatever else was signed is shown as it was signed.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from certweave_edge.i18n import Translator
from certweave_schemas.load import load_catalogues


def find_name(translator: Translator, identifier: str, signed: str) -> str:
    """Return the name of a scheme, profile, criterion, metric or topic, or ``signed`` as it is."""
    names = _names().get(identifier, {})
    return names.get(translator.lang, signed) if names.get("en") == signed else signed


def find_title(translator: Translator, identifier: str) -> str:
    """Return the name that a catalogue has for an id which was signed without a name; empty without one."""
    names = _names().get(identifier, {})
    return names.get(translator.lang) or names.get("en", "")


def find_grade(translator: Translator, scheme: str, signed: str) -> str:
    """Return a label's grade for the reader: a code of the scheme, or its English word; else ``signed``."""
    for grade in _catalogues().get(scheme, {}).get("labelGrades", []):
        if signed in {grade["value"], grade["label"].get("en")}:
            return str(grade["label"].get(translator.lang, signed))
    return signed


@cache
def _catalogues() -> Mapping[str, Any]:
    return load_catalogues()


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    return {key: names for one in _catalogues().values() for key, names in one["names"].items()}
