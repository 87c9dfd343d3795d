"""The four services by name, and how each is told its settings and made.

``serve all`` gives every service a path of its own and reads ``CERTWEAVE_ISSUER_X`` before ``CERTWEAVE_X``;
a service alone stands at the root of its port.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from fastapi import FastAPI

from certweave_edge.settings_base import PREFIX, BaseSettings, variable

PACKAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ledger": "certweave_ledger",
        "issuer": "certweave_issuer",
        "wallet": "certweave_wallet",
        "verifier": "certweave_verifier",
    }
)
"""Service → its package, in the order in which they start: the others ask the ledger."""


POLICY: Final = "policy.json"
_JUDGES: Final = frozenset({"wallet", "verifier"})
"""Services that read ``policy.json`` of the data directory, where there is one and no other is named."""


def read_settings(service: str, environ: Mapping[str, str], **given: Any) -> BaseSettings:
    """Return the checked settings of a service; an argument that is not None wins over its variable.

    Raises:
        MalformedError: a variable cannot be read.
        InvalidError: together they are unsafe in production.
    """
    data = given.get("data")
    named = variable("policy") in own_variables(service, environ)
    if service in _JUDGES and not named and isinstance(data, Path) and (data / POLICY).exists():
        given = {"policy": data / POLICY, **given}
    make = cast(Callable[..., BaseSettings], _module(service, "settings").make_settings)
    return make(own_variables(service, environ), **given)


def make_service(service: str, settings: BaseSettings) -> FastAPI:
    """Return the app of a service; it opens its database and its keystore.

    Raises:
        RefusedError: ``database_in_use``: another process has its database.
        KeystoreError: its keystore does not open.
    """
    return cast(FastAPI, _module(service, "app").make_app(settings))


def own_variables(service: str, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment as one service sees it: its own variables stand for the common ones."""
    mine = f"{PREFIX}{service.upper()}_"
    named = {
        PREFIX + name.removeprefix(mine): value for name, value in environ.items() if name.startswith(mine)
    }
    return {**environ, **named}


def _module(service: str, name: str) -> Any:
    return import_module(f"{PACKAGES[service]}.{name}")
