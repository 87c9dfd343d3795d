"""Acting for somebody without a wallet: a delegation in the same wallet opens it to her certificates."""

from datetime import timedelta
from typing import Any

import pytest

from certweave.encoding.strict_json import JsonObject
from tests.support.holding import Purse
from tests.support.issuing import SCHEME, Office, scope_data

FARMER = {"type": ["Party"], "id": "https://farmers.example/17", "name": "Ayşe"}


def certificate(office: Office) -> str:
    """Issue a scope certificate to the farmer, and return it."""
    made = office.issued("scope", "SC-1", scope_data(holder={"id": FARMER["id"], "name": "Ayşe"}))
    return office.client.get(office.path(made["url"])).text


def delegate(office: Office, purse: Purse, **changes: Any) -> None:
    """Let the mill act for the farmer."""
    party = {"type": ["Party"], "id": purse.did(), "name": "Sunrise Mill"}
    part: JsonObject = {
        "principal": FARMER,
        "delegate": party,
        "actions": ["hold", "present"],
        "schemes": [SCHEME],
        "startDate": "2026-01-01",
        "endDate": "2026-12-31",
        **changes,
    }
    data = {
        "name": "The mill acts for Ayşe",
        "holder": {"id": purse.did(), "name": "Sunrise Mill"},
        "validFrom": "2026-01-01",
        "idVerified": True,
        "delegation": part,
    }
    made = office.issued("delegation", "D-1", data)
    purse.keep(office.client.get(office.path(made["url"])).text.encode())


def keep(purse: Purse, token: str) -> Any:
    return purse.call("POST", "/orgs/mill/credentials", {"verifiableCredential": token})


def test_her_certificate_is_kept_by_a_delegation(office: Office, purse: Purse) -> None:
    token = certificate(office)
    assert keep(purse, token).json()["code"] == "holder_foreign"
    delegate(office, purse)
    kept = keep(purse, token)
    assert (kept.status_code, kept.json()["verdict"]) == (201, "valid")


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": ["present"]},
        {"endDate": "2026-03-01"},
        {"startDate": "2026-06-01"},
        {"principal": {"type": ["Party"], "id": "https://farmers.example/18", "name": "Ali"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_delegation_says_no_more_than_it_says(
    office: Office, purse: Purse, changes: dict[str, Any]
) -> None:
    delegate(office, purse, **changes)
    assert keep(purse, certificate(office)).json()["code"] == "holder_foreign"


def test_it_ends(office: Office, purse: Purse) -> None:
    delegate(office, purse)
    token = certificate(office)
    office.world.clock += timedelta(days=300)
    assert keep(purse, token).json()["code"] == "holder_foreign"
