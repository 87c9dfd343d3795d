"""Attack: a presentation that was made for a thief's domain beside ours is shown to us, or to the thief.

Data Integrity 1.0 §4.4: the domain of a proof has to be the expected one, and no other beside it. Of a token,
the audience that was asked for has to be among those that it names (RFC 7519 §4.1.3).
"""

import json
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge, message, token
from tests.support.showing import ASKED, EMBEDDED, PRESENTED, inside, presentation, shown, signer_of
from tests.support.suites import contexts

from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import TYPE, Around

US, THIEF = ASKED.audience, "https://thief.example"
VALID: Finding = ("valid", "", "", None)
WRONG: Finding = ("invalid", "audience", "audience_wrong", None)


def made_for(way: str, domain: Any) -> bytes:
    """Return a presentation whose proof names a domain as it is given."""
    document = presentation(way, inside(way, shown(way)))
    suite = SUITES[way]
    options = {
        "type": suite.type,
        "created": "2026-03-12T10:00:00Z",
        "verificationMethod": signer_of(way).method,
        "proofPurpose": "authentication",
        "challenge": ASKED.nonce,
        "domain": domain,
    }
    if suite.type == TYPE:
        options["cryptosuite"] = suite.name
    if suite.contexts:
        document["@context"].append(suite.contexts[0])
    if suite.name != "Ed25519Signature2020":
        document["@context"] = document["@context"][:1]
    proof = suite.create(document, options, signer_of(way), Around(contexts(), DEFAULT_LIMITS), None)
    return json.dumps({**document, "proof": proof}).encode()


@pytest.mark.parametrize("way", [way for way in PRESENTED if way in EMBEDDED])
@pytest.mark.parametrize(
    ("domain", "found"),
    [
        (US, VALID),
        ([US], VALID),
        ([US, US], VALID),
        ([US, THIEF], WRONG),
        ([THIEF, US], WRONG),
        (THIEF, WRONG),
        (f"{US}/", WRONG),
        (str(US).upper(), WRONG),
        ([], ("invalid", "proof", "proof_malformed", "/proof/domain")),
    ],
    ids=str,
)
def test_of_a_proof(way: str, domain: Any, found: Finding) -> None:
    assert finding(judge(made_for(way, domain), expect=ASKED)) == found


@pytest.mark.parametrize(
    ("audience", "found"),
    [
        (US, VALID),
        ([US, THIEF], VALID),
        ([THIEF], WRONG),
        (f"{US}/", WRONG),
        ([], ("invalid", "proof", "claim_malformed", "/aud")),
        (None, WRONG),
    ],
    ids=str,
)
def test_of_a_token_or_a_message(audience: Any, found: Finding) -> None:
    inner = inside("vc+jwt", shown("vc+jwt"))
    document = presentation("vp+jwt", inner)
    claims = {"nonce": ASKED.nonce} if audience is None else {"nonce": ASKED.nonce, "aud": audience}
    signer = signer_of("vp+jwt")
    assert finding(judge(token({**document, **claims}, signer, typ="vp+jwt"), expect=ASKED)) == found
    assert finding(judge(token({**document, **claims}, signer, typ="vp+sd-jwt") + "~", expect=ASKED)) == found
    labelled: dict[int, Any] = {10: str(ASKED.nonce).encode()}
    if audience is not None:
        labelled[3] = audience
    source = message(document, signer, {16: "application/vp+cose", 15: labelled})
    assert finding(judge(source, expect=ASKED)) == found
