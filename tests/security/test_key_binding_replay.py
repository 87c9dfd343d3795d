"""Attack: showing a key binding again, to somebody else, for another request, or with other disclosures."""

from datetime import timedelta

import pytest
from tests.support.keys import OTHER_ED25519, P384
from tests.support.selective import ASKED, NONCE, VERIFIER, Make, bind, ietf, shorten, w3c
from tests.support.world import World, outcome

from certweave.examine.expectation import Expectation
from certweave.examine.report import Verdict
from certweave.keys.model import PrivateKey


@pytest.mark.parametrize(
    ("expect", "step", "found"),
    [
        (Expectation(VERIFIER, "n-2"), "nonce", "invalid:nonce_wrong"),
        (Expectation("https://thief.example", NONCE), "audience", "invalid:audience_wrong"),
        (Expectation(VERIFIER + "/", NONCE), "audience", "invalid:audience_wrong"),
    ],
)
@pytest.mark.parametrize("make", [w3c, ietf])
def test_for_another_request_or_verifier(make: Make, expect: Expectation, step: str, found: str) -> None:
    world = World()
    shown = bind(make(world.party("issuer"), bound=True), world)
    assert world.examine(shown, expect=ASKED).verdict is Verdict.VALID
    report = world.examine(shown, expect=expect)
    assert (report.verdict, outcome(report, step)) == (Verdict.INVALID, found)


@pytest.mark.parametrize(
    ("later", "found"),
    [
        (timedelta(seconds=601), "invalid:key_binding_old"),
        (timedelta(seconds=-301), "invalid:key_binding_from_future"),
    ],
)
def test_long_after_or_before(later: timedelta, found: str) -> None:
    world = World()
    world.clock += timedelta(hours=1)
    token = ietf(world.party("issuer"), bound=True, nbf=1772355600)
    issued = world.clock
    world.clock = issued + timedelta(minutes=10)
    shown = bind(token, world)
    report = world.examine(shown, expect=ASKED, at=world.clock + later)
    assert outcome(report, "holder") == found


def test_with_other_disclosures() -> None:
    """The binding of a modest presentation does not serve for one that says more, or less."""
    world = World()
    token = ietf(world.party("issuer"), "/name", "/grade", bound=True)
    modest = shorten(token, "/name")
    binding = bind(modest, world).decode().removeprefix(modest)
    for other in (token, shorten(token), shorten(token, "/grade")):
        report = world.examine(f"{other}{binding}".encode(), expect=ASKED)
        assert outcome(report, "proof") == "invalid:key_binding_mismatch"


def test_on_another_credential_of_the_same_holder() -> None:
    world = World()
    issuer = world.party("issuer")
    first, second = ietf(issuer, bound=True), ietf(issuer, bound=True, grade="B")
    binding = bind(first, world).decode().removeprefix(first)
    report = world.examine(f"{second}{binding}".encode(), expect=ASKED)
    assert outcome(report, "proof") == "invalid:key_binding_mismatch"


@pytest.mark.parametrize("key", [OTHER_ED25519, P384])
def test_by_another_key(key: PrivateKey) -> None:
    world = World()
    shown = bind(ietf(world.party("issuer"), bound=True), world, key=key)
    assert outcome(world.examine(shown, expect=ASKED), "proof") == "invalid:alg_key_mismatch"
    assert world.examine(shown).verdict is Verdict.INVALID
