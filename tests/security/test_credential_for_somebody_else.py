"""Attack: a credential that its issuer made for one verifier is shown to another.

RFC 7519 §4.1.3, ``aud``; Data Integrity 1.0 §2.1, ``domain`` of a proof.
"""

import json
from typing import Any

import pytest
from tests.support.forging import finding, judge, message, token
from tests.support.keys import P256
from tests.support.selective import ASKED as ASKED_FOR_KEY
from tests.support.selective import VERIFIER, bind, ietf
from tests.support.showing import ASKED, credential, inside, present, signer_of
from tests.support.suites import sign
from tests.support.world import World

from certweave.keys.jwk import make_public_jwk
from certweave.proof.suites.registry import SUITES

WAYS = ("vc+jwt", "vc+sd-jwt", "vc+cose")


def made_for(way: str, audience: Any) -> bytes:
    """Return a credential that names whom it is for."""
    document, signer = credential(way), signer_of(way)
    if way == "vc+cose":
        return message(document, signer, {16: "application/vc+cose", 15: {3: audience}})
    made = token({**document, "aud": audience}, signer, typ=way)
    return (made + "~" if way == "vc+sd-jwt" else made).encode()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("audience", "found"),
    [
        (ASKED.audience, ("valid", "", "", None)),
        (["https://other.example", ASKED.audience], ("valid", "", "", None)),
        ("https://other.example", ("invalid", "holder", "audience_wrong", "/verifiableCredential/0/aud")),
        (f"{ASKED.audience}/", ("invalid", "holder", "audience_wrong", "/verifiableCredential/0/aud")),
        ([], ("invalid", "holder", "claim_malformed", "/verifiableCredential/0/aud")),
    ],
    ids=["us", "us, too", "another", "nearly us", "nobody"],
)
def test_in_a_presentation(way: str, audience: Any, found: tuple[str, ...]) -> None:
    shown = present("vp+jwt", inside(way, made_for(way, audience)))
    assert finding(judge(shown, expect=ASKED)) == found


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_asks_the_report_names_them(way: str) -> None:
    report = judge(made_for(way, "https://other.example"))
    assert report.verdict == "valid"
    assert [(note.code, note.path) for note in report.notes] == [("audience_named", "/aud")]


@pytest.mark.parametrize(
    ("audience", "found"),
    [
        (VERIFIER, ("valid", "", "", None)),
        ("https://other.example", ("invalid", "audience", "audience_wrong", "/aud")),
    ],
)
def test_under_a_key_binding_for_us(audience: str, found: tuple[str, ...]) -> None:
    world = World()
    issuer = world.party("issuer")
    shown = bind(ietf(issuer, aud=audience, cnf={"jwk": make_public_jwk(P256.public)}), world)
    assert finding(world.examine(shown, expect=ASKED_FOR_KEY)) == found


SUITE_NAMES = ("eddsa-jcs-2022", "ecdsa-rdfc-2019")


def proven_for(suite: str, *domains: Any) -> bytes:
    """Return a credential with a proof for each of some domains; None is for everybody."""
    document = credential(suite)
    for domain in domains:
        document = sign(document, SUITES[suite], signer_of(suite).private, domain=domain)
    return json.dumps(document).encode()


@pytest.mark.parametrize("suite", SUITE_NAMES)
@pytest.mark.parametrize(
    ("domains", "place"),
    [
        ([None], None),
        ([ASKED.audience], None),
        ([["https://other.example", ASKED.audience]], None),
        (["https://other.example"], "/proof/domain"),
        ([f"{ASKED.audience}/"], "/proof/domain"),
        ([ASKED.audience, "https://other.example"], "/proof/1/domain"),
    ],
    ids=["everybody", "us", "us, too", "another", "nearly us", "a proof for another"],
)
def test_by_the_domain_of_a_proof(suite: str, domains: list[Any], place: str | None) -> None:
    shown = present(suite, inside(suite, proven_for(suite, *domains)))
    found = finding(judge(shown, expect=ASKED))
    if place is None:
        assert found == ("valid", "", "", None)
    else:
        assert found == ("invalid", "holder", "audience_wrong", f"/verifiableCredential/0{place}")
    assert judge(shown).verdict == "valid"


def test_where_nobody_asks_the_report_names_a_domain() -> None:
    report = judge(proven_for("eddsa-jcs-2022", "https://other.example"))
    assert report.verdict == "valid"
    assert [(note.code, note.path) for note in report.notes] == [("audience_named", "/proof/domain")]
