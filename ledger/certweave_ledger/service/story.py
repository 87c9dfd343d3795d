"""The versions of a DID told as a story: what each of them changed, for people to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certweave.did.document import DidDocument
from certweave.did.history import History, Version


@dataclass(frozen=True, slots=True)
class Chapter:
    """One version: what it added and took away. Keys are named by the ends of their ids."""

    number: int
    time: datetime | None
    first: bool
    deactivated: bool
    keys_added: tuple[str, ...]
    keys_removed: tuple[str, ...]
    services_added: tuple[str, ...]
    services_removed: tuple[str, ...]


def tell(history: History) -> tuple[Chapter, ...]:
    """Return the chapters of a history, newest first."""
    chapters = [
        _chapter(version, None if index == 0 else history.versions[index - 1], index)
        for index, version in enumerate(history.versions)
    ]
    return tuple(reversed(chapters))


def _chapter(version: Version, before: Version | None, index: int) -> Chapter:
    keys, services = _keys(version.document), _services(version.document)
    old_keys = _keys(before.document) if before is not None else {}
    old_services = _services(before.document) if before is not None else {}
    return Chapter(
        number=version.number or index + 1,
        time=version.time,
        first=before is None,
        deactivated=version.deactivated,
        keys_added=_missing(keys, old_keys),
        keys_removed=tuple(old_keys.values()) if version.deactivated else _missing(old_keys, keys),
        services_added=_missing(services, old_services),
        services_removed=_missing(old_services, services),
    )


def _keys(document: DidDocument) -> dict[Any, str]:
    return {(method.id, method.key): _short(method.id.partition("#")[2]) for method in document.methods}


def _services(document: DidDocument) -> dict[Any, str]:
    return {repr(service): _kind(service.get("type")) for service in document.services}


def _missing(these: dict[Any, str], those: dict[Any, str]) -> tuple[str, ...]:
    return tuple(words for key, words in these.items() if key not in those)


def _kind(kind: Any) -> str:
    return ", ".join(str(one) for one in kind) if isinstance(kind, list) else str(kind)


def _short(fragment: str) -> str:
    return fragment if len(fragment) <= 16 else f"{fragment[:6]}…{fragment[-6:]}"
