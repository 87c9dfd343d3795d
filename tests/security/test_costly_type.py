"""Attack: the type of a credential has thousands of rules, each of which meets thousands of claims."""

import json

from tests.support.cost import spent, start
from tests.support.selective import by_hand
from tests.support.world import World, outcome

from certweave.encoding.strict_json import JsonObject

TYPE = "https://types.example/lot"


def found(claims: JsonObject, rules: list[JsonObject]) -> str:
    world = World()
    issuer = world.party("issuer")
    world.documents[TYPE] = json.dumps({"vct": TYPE, "claims": rules}).encode()
    token = by_hand(issuer, {"iss": issuer.did, "vct": TYPE, **claims}, "dc+sd-jwt")
    return outcome(world.examine(token), "rules")


def test_the_work_is_bounded() -> None:
    rules: list[JsonObject] = [{"path": ["a", None, number]} for number in range(1, 2900)]
    begun = start()
    assert found({"a": [[0] for _ in range(6000)]}, rules) == "undecided:limit"
    # All of it would be some fifteen seconds.
    assert spent(begun) < 2


def test_many_rules_for_many_claims_are_no_attack() -> None:
    claims = {f"c{number}": number for number in range(2000)}
    assert found(claims, [{"path": [name], "mandatory": True} for name in claims]) == "valid:rules_holds"
    lots = {"lots": [{"kg": number} for number in range(4000)]}
    assert found(lots, [{"path": ["lots", None, "kg"]}, {"path": ["lots", None]}]) == "valid:rules_holds"
