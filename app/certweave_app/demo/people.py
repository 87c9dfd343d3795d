"""Registers the demonstration's organisations, as an operator does before a service starts.

What ``certweave org add`` and ``certweave token new`` do by hand. The accounts lie in ``demo.json`` of the
data directory, so that a second start can print them again; the tokens live as long as the seeding.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from certweave_app.serve.front import Account, Place
from certweave_app.world.cast import BRAND_HOST, MEMBERS
from certweave_edge.accounts import Directory, Scope
from certweave_edge.clock import now
from certweave_edge.files import write_file

MARKER: Final = "demo.json"
ASKER: Final = "meadow"
"""The brand asks for certificates as well: it has an account at the verifier."""
_LIFE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the seeding may do: a token for each organisation, and one to ask for certificates."""

    of: Mapping[str, str]
    asker: str


def enrol(services: Mapping[str, FastAPI]) -> list[Account]:
    """Register every organisation with an account, and give the brand its host."""
    accounts = []
    for member in MEMBERS.values():
        accounts.append(_add(services, member.service, member.org, member.name, member.login))
    services["wallet"].state.wallet.products.add_host(ASKER, BRAND_HOST)
    asker = MEMBERS[ASKER]
    accounts.append(_add(services, "verifier", ASKER, asker.name, asker.login))
    return accounts


def give_tokens(services: Mapping[str, FastAPI]) -> Tokens:
    """Make the tokens of the seeding; they end by themselves within the hour."""
    held = {
        org: _token(services[member.service].state.kit.directory, org, Scope.ADMIN)
        for org, member in MEMBERS.items()
    }
    return Tokens(held, _token(services["verifier"].state.kit.directory, ASKER, Scope.READ))


def take_tokens(services: Mapping[str, FastAPI]) -> None:
    """End the tokens of the seeding."""
    for name in {"verifier", *(member.service for member in MEMBERS.values())}:
        directory: Directory = services[name].state.kit.directory
        for org in directory.organisations():
            for token in directory.tokens(org.org):
                if token.label == MARKER and token.revoked is None:
                    directory.revoke_token(org.org, token.token_id, now=now())


def save_demo(data: Path, accounts: Sequence[Account], places: Sequence[Place]) -> None:
    """Keep what a second start prints; its being there says that the seeding was finished."""
    text = json.dumps(
        {"accounts": [asdict(one) for one in accounts], "places": [asdict(one) for one in places]}
    )
    write_file(data / MARKER, text.encode() + b"\n")


def load_demo(data: Path) -> tuple[list[Account], list[Place]] | None:
    """Return what an earlier start kept, or None."""
    path = data / MARKER
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return [Account(**one) for one in kept["accounts"]], [Place(**one) for one in kept["places"]]


def _add(services: Mapping[str, FastAPI], service: str, org: str, name: str, login: str) -> Account:
    directory: Directory = services[service].state.kit.directory
    password = f"{org}-{secrets.token_hex(5)}"
    if directory.find_organisation(org) is None:
        directory.add_organisation(org, name, now=now())
    directory.add_account(org, login, password, [Scope.ADMIN], now=now())
    return Account(service, org, name, login, password)


def _token(directory: Directory, org: str, scope: Scope) -> str:
    return directory.make_token(org, [scope], label=MARKER, now=now(), expires=now() + _LIFE)
