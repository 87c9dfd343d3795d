"""Attack: credentials that vouch for each other, or share a long log, cost more time than they have bytes."""

from dataclasses import replace

import pytest
from tests.support.cost import spent, start
from tests.support.world import World, code_of, outcome, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.examine.vouching import MAX_LINKS
from certweave.proof.vc_jwt import envelope
from certweave.trust.policy import Policy

TRUSTING = Policy("trusting")


def subject(urls: list[str]) -> JsonObject:
    links = [{"endorsementEvidence": {"linkURL": url}} for url in urls]
    return {"id": "did:example:a", "name": "x", "authorisation": links}


def web(world: World, size: int) -> bytes:
    """Let ``size`` credentials name each other as their authorities; return one that names them all."""
    issuer = world.party("issuer")
    urls = [f"https://certs.example/{number}" for number in range(size)]
    token = issuer.issue(plain_credential(issuer, credentialSubject=subject(urls)))
    for number, url in enumerate(urls):
        inner = plain_credential(issuer, credentialSubject=subject(urls), id=f"urn:certificate:{number}")
        world.documents[url] = issuer.issue(inner)
    return token


def test_authorities_in_a_circle_are_each_examined_once_at_each_depth() -> None:
    world = World()
    source = web(world, 12)
    begun = start()
    report = world.examine(source, policy=TRUSTING)
    # Every way on its own would be 12 + 12² + 12³ + 12⁴ examinations: a minute.
    assert spent(begun) < 15
    assert outcome(report, "trust").startswith("undecided:")


def test_many_authorities_are_a_limit() -> None:
    world = World()
    issuer = world.party("issuer")
    some = subject([f"https://certs.example/{number}" for number in range(MAX_LINKS)])
    report = world.examine(issuer.issue(plain_credential(issuer, credentialSubject=some)), policy=TRUSTING)
    assert outcome(report, "trust") == "undecided:unknown_issuer"
    world = World()
    report = world.examine(web(world, MAX_LINKS + 1), policy=TRUSTING)
    assert (outcome(report, "trust"), code_of(report, "trust")) == ("undecided:limit", "limit_authorities")
    assert not [need for need in world.fetched if need.kind == "credential"]


@pytest.mark.parametrize("broken", [False, True])
def test_a_long_log_is_folded_once_in_an_examination(broken: bool) -> None:
    world = World()
    issuer, holder = world.party("issuer"), world.party("holder")
    for _ in range(40):
        world.clock = world.clock.replace(second=world.clock.second + 1)
        issuer.rotate()
    shown = [issuer.issue(plain_credential(issuer, holder.did, id=f"urn:c:{n}")) for n in range(40)]
    if broken:
        issuer.written = replace(issuer.written, log=issuer.written.log + b"{}\n")
    source = holder.present([envelope(token.decode()) for token in shown], audience=None, nonce=None)
    begun = start()
    report = world.examine(source)
    # Forty folds of forty entries, twice, would be some ten seconds.
    assert spent(begun) < 5
    assert report.verdict == ("invalid" if broken else "valid")
