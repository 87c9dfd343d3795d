"""Attack: adding a disclosure that the issuer never signed for, to gain a claim."""

import json
from typing import Any

import pytest
from tests.support.selective import Make, bind, ietf, w3c
from tests.support.world import World, outcome

from certweave.encoding.multibase import base64url_encode
from certweave.examine.report import Verdict

EXTRA = base64url_encode(json.dumps(["salt", "accredited", True]).encode())
ELEMENT = base64url_encode(json.dumps(["salt", "organic"]).encode())


@pytest.mark.parametrize("extra", [EXTRA, ELEMENT])
@pytest.mark.parametrize("make", [w3c, ietf])
def test_a_claim_cannot_be_added(make: Make, extra: str) -> None:
    world = World()
    token = make(world.party("issuer"), bound=True)
    assert world.examine(token.encode()).verdict is Verdict.VALID
    for forged in (f"{token}{extra}~".encode(), bind(f"{token}{extra}~", world)):
        assert outcome(world.examine(forged), "read") == "invalid:sd_disclosure_unreferenced"


def test_a_disclosure_whose_parent_is_withheld_stands_nowhere() -> None:
    world = World()
    address: dict[str, Any] = {"address": {"city": "Izmir"}}
    token = ietf(world.party("issuer"), "/address", "/address/city", **address)
    head, *disclosures, _ = token.split("~")
    inner, outer = disclosures
    assert world.examine(f"{head}~{inner}~{outer}~".encode()).verdict is Verdict.VALID
    assert outcome(world.examine(f"{head}~{inner}~".encode()), "read") == "invalid:sd_disclosure_unreferenced"
