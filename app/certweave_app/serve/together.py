"""The four services in one process: settings that fit together, tokens for the ledger, the host map.

Each service has its own database, keystore and accounts, as if it ran alone. The other three are members of
the ledger; their tokens are made anew at each start and kept nowhere.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp

from certweave_app.cli.frame import MisuseError
from certweave_app.serve.front import Landing, make_front
from certweave_app.serve.members import make_token
from certweave_app.serve.parts import PACKAGES, make_service, own_variables, read_settings
from certweave_edge.files import PUBLIC_FILE, make_directory, write_file
from certweave_edge.settings import HOST_MAP
from certweave_edge.settings_base import BaseSettings, Environment, variable

LEDGER: Final = "ledger"
_LABEL: Final = "serve all"


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``serve all`` was asked.

    Attributes:
        data: where everything is kept.
        local: the address of this process on this machine, such as ``http://127.0.0.1:8080``.
        public_url: the address that others use; None takes the variable, else ``local``.
        hosts: more hosts that are served here, as the host map has them.
        settings: of single services, beside their variables.
        conformance: whether to open issuers for test suites; None takes the variable.
    """

    data: Path
    local: str
    public_url: str | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    conformance: bool | None = None


def make_all(
    plan: Plan,
    environ: Mapping[str, str],
    *,
    landing: Landing,
    wrap: Callable[[str, ASGIApp], ASGIApp] = lambda _, app: app,
) -> tuple[ASGIApp, Mapping[str, FastAPI]]:
    """Return the app of all four, and the four.

    Raises:
        CertweaveError: a setting is unsafe; a database or keystore does not open.
        MisuseError: one database for all.
    """
    _check_databases(environ)
    make_directory(plan.data)
    public_url = plan.public_url or environ.get(variable("public_url")) or plan.local
    services: dict[str, FastAPI] = {}
    for name in PACKAGES:
        given: dict[str, object] = {"data": plan.data, "public_url": public_url, "prefix": f"/{name}"}
        given["conformance"] = plan.conformance
        if name == "issuer" and variable("verifier_url") not in own_variables(name, environ):
            given["verifier_url"] = f"{public_url}/verifier"
        given |= plan.settings.get(name, {})
        if name != LEDGER:
            token = make_token(services[LEDGER], name, _LABEL)
            given |= {"ledger_url": f"{plan.local}/{LEDGER}", "ledger_token": token}
        settings = read_settings(name, environ, **given)
        if name == LEDGER and settings.environment is Environment.DEVELOPMENT:
            write_host_map(plan, settings)
        services[name] = make_service(name, settings)
    https = public_url.startswith("https://")
    return make_front(services, landing=landing, https=https, wrap=wrap), services


def write_host_map(plan: Plan, ledger: BaseSettings) -> None:
    """Write where this machine finds the hosts that are served here; what the operator wrote stays."""
    path = plan.data / HOST_MAP
    there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    here = {
        str(getattr(ledger, "did_host", "")): f"{plan.local}/{LEDGER}/dids",
        urlsplit(ledger.public_url).netloc: plan.local,
        **plan.hosts,
    }
    text = json.dumps({**there, **here}, indent=2, sort_keys=True)
    write_file(path, text.encode() + b"\n", mode=PUBLIC_FILE)


def _check_databases(environ: Mapping[str, str]) -> None:
    urls = [own_variables(name, environ).get(variable("database_url")) for name in PACKAGES]
    named = [url for url in urls if url]
    if len(named) != len(set(named)):
        wanted = ", ".join(f"CERTWEAVE_{name.upper()}_DATABASE_URL" for name in PACKAGES)
        raise MisuseError(f"each service has a database of its own: set {wanted}")
