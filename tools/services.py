"""Writes the pages of addresses and of settings from the services themselves."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certweave_app.serve.parts import PACKAGES, make_service, read_settings
from certweave_edge.auth import PUBLIC, SCOPE
from certweave_edge.settings_base import BaseSettings, describe_settings
from certweave_issuer.settings import IssuerSettings
from certweave_ledger.settings import LedgerSettings
from certweave_verifier.settings import VerifierSettings
from certweave_wallet.settings import WalletSettings

SETTINGS: dict[str, type[BaseSettings]] = {
    "Ledger": LedgerSettings,
    "Issuer": IssuerSettings,
    "Wallet": WalletSettings,
    "Verifier": VerifierSettings,
}

SETTINGS_HEAD = """# Settings

Each service reads its settings once, at the start: a command-line argument wins over the environment
variable, and that over the default. Nothing else reads the environment. Settings are frozen; a change
needs a restart.

In `production` a service refuses to start with a plain-http public address, without a keystore
passphrase, or with a secret that is a well-known word. Under `serve all`, `CERTWEAVE_ISSUER_X` is read
before `CERTWEAVE_X` by the issuer, and so for each service.

This page comes from the code (`make docs`); a test keeps it true.
"""

SETTINGS_FOOT = """## Members of a ledger that runs alone

`CERTWEAVE_MEMBER_NAME=TOKEN` makes NAME a member of the ledger, with the namespace NAME and this token,
which the other service is given as `CERTWEAVE_LEDGER_TOKEN`. It has 32 random characters or more. `serve
all` needs none of this.

## The data directory

`ledger.sqlite`, `issuer.sqlite`, `wallet.sqlite`, `verifier.sqlite`; `keys/` with a keystore for each
service; `host-map.json` (which hosts are found at another address), `policy.json` (whom wallet and
verifier trust), `contexts/` (pinned JSON-LD contexts), `samples.json` (certificates that the check page
offers to try).

## Databases

SQLite is the default: one file per service in the data directory, with one process that writes to it. A
second process is refused by name and told about PostgreSQL. Set
`CERTWEAVE_DATABASE_URL=postgresql://user@host/name` to move; nothing else changes. Tables are made at the
first start; from the first change of a table on, Alembic migrations move them. Each service has a
database of its own: with `serve all`, set `CERTWEAVE_LEDGER_DATABASE_URL` and so for the others.

## Keys

Private keys lie in `keys` below the data directory, sealed with AES-256-GCM under a key that scrypt makes
from the passphrase. Without a passphrase they lie open, which is possible in `development` only and is
logged as a warning.
"""

URLS_HEAD = """# Addresses

Every address of the four services, as `serve all` has them; a service alone drops the first segment.
*Needs* is the scope of the token or account; *open* says why anybody may change something; otherwise
anybody may read. Each service describes itself at `/openapi.json`. An act that takes no body refuses what is
sent in one, `option_unknown`.

This page comes from the code (`make docs`); a test keeps it true.

## At the root

| address | what |
|---|---|
| GET `/` | the front page, which leads everywhere |
| GET `/health` | whether the process runs |
| GET `/01/{rest}` | a product's code; the wallet answers |
| GET `/.well-known/openid-credential-issuer/issuer/orgs/{org}` | the issuer's metadata (OID4VCI 1.0) |
| GET `/.well-known/oauth-authorization-server/issuer/orgs/{org}` | the same for its tokens (RFC 8414) |
"""


def settings_page() -> str:
    """Return the page of settings: those of every service, then what each has beside them."""
    common = {row.variable for row in describe_settings(BaseSettings)}
    parts = [SETTINGS_HEAD, *_table("Every service", BaseSettings, frozenset())]
    for name, kind in SETTINGS.items():
        parts += _table(name, kind, frozenset(common))
    return "\n".join([*parts, SETTINGS_FOOT])


def urls_page() -> str:
    """Return the page of addresses, from what each service's OpenAPI description says."""
    parts = [URLS_HEAD]
    with tempfile.TemporaryDirectory() as folder:
        for service in PACKAGES:
            parts += [f"## {service.capitalize()}", "", "| address | needs | what |", "|---|---|---|"]
            parts += [*_rows(service, Path(folder)), ""]
    return "\n".join(parts)


def _table(title: str, kind: type[BaseSettings], known: frozenset[str]) -> Iterator[str]:
    yield f"## {title}\n\n| variable | default | meaning |\n|---|---|---|"
    for row in describe_settings(kind):
        if row.variable not in known:
            yield f"| `{row.variable}` | `{row.default}` | {row.meaning} |"
    yield ""


def _rows(service: str, folder: Path) -> Iterator[str]:
    app = make_service(service, read_settings(service, {}, data=folder, prefix=f"/{service}"))
    try:
        paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
        for path in sorted(paths):
            for method, operation in paths[path].items():
                needs = operation.get(SCOPE) or (f"open: {operation[PUBLIC]}" if PUBLIC in operation else "")
                yield f"| {method.upper()} `/{service}{path}` | {needs} | {_words(operation)} |"
    finally:
        app.state.kit.directory.database.close()


def _words(operation: dict[str, Any]) -> str:
    """Return what a route does: its summary, or the first line of its description where it has none."""
    summary: str = operation.get("summary", "")
    made_up = operation.get("operationId", "").startswith(summary.lower().replace(" ", "_"))
    description: str = operation.get("description", "")
    return description.partition("\n")[0].rstrip(".") if made_up and description else summary
