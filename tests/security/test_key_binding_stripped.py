"""Attack: taking the key binding off, or putting one on where the issuer bound nothing."""

import pytest
from tests.support.selective import ASKED, NONCE, VERIFIER, Make, bind, ietf, w3c
from tests.support.world import World, outcome

from certweave.examine.expectation import Expectation
from certweave.examine.report import Verdict


@pytest.mark.parametrize("expect", [ASKED, Expectation(VERIFIER), Expectation(nonce=NONCE)])
@pytest.mark.parametrize("make", [w3c, ietf])
def test_a_bound_credential_is_nothing_without_its_binding(make: Make, expect: Expectation) -> None:
    world = World()
    token = make(world.party("issuer"), bound=True)
    report = world.examine(token.encode(), expect=expect)
    assert (report.verdict, outcome(report, "holder")) == (Verdict.INVALID, "invalid:key_binding_missing")


def test_without_its_key_it_is_no_presentation_at_all() -> None:
    """Withholding ``cnf`` is no way round: without it, nothing binds the token to anybody."""
    world = World()
    report = world.examine(ietf(world.party("issuer")).encode(), expect=ASKED)
    assert outcome(report, "read") == "invalid:presentation_expected"


@pytest.mark.parametrize("make", [w3c, ietf])
def test_a_binding_to_no_key(make: Make) -> None:
    world = World()
    shown = bind(make(world.party("issuer")), world)
    for expect in (ASKED, Expectation()):
        assert outcome(world.examine(shown, expect=expect), "proof") == "invalid:cnf_missing"


def test_a_binding_that_does_not_hold_is_not_ignored() -> None:
    world = World()
    token = ietf(world.party("issuer"), bound=True)
    shown = bind(token, world).decode()
    forged = shown[:-4] + ("AAAA" if not shown.endswith("AAAA") else "BBBB")
    assert outcome(world.examine(forged.encode()), "proof").startswith("invalid:")
