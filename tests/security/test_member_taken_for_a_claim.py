"""What stands where a reader looks for something else: it must not vanish unjudged.

A token of VCDM 1.1 has its document in a claim: there, ``status`` and ``cnf`` are members of no meaning,
and no claims. An SD-JWT whose end was cut off looks like a plain token, with everything withheld.
"""

import json

import pytest
from tests.support.selective import by_hand
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.proof.jose import sign_compact

LIST = {"status_list": {"idx": 1, "uri": "https://certs.example/list"}}
MEMBERS: dict[str, JsonObject] = {"status": LIST, "cnf": {"jwk": {"kty": "OKP"}}}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_claim_inside_of_the_document(name: str) -> None:
    world = World()
    fa = world.party("fa")
    document = {**plain_credential(fa), name: MEMBERS[name]}
    token = sign_compact(json.dumps({"vc": document, "iss": fa.did}).encode(), {"typ": "JWT"}, fa.signer)
    assert outcome(world.examine(token.encode()), "read") == "invalid:claim_malformed"


@pytest.mark.parametrize("typ", [None, "vc+jwt"])
@pytest.mark.parametrize("pointer", ["/credentialStatus", "/credentialSubject/name", "/type/1"])
def test_an_sd_jwt_whose_end_was_cut_off(typ: str | None, pointer: str) -> None:
    world = World()
    fa = world.party("fa")
    claims = plain_credential(fa, credentialStatus=fa.entry(1))
    claims["type"] = ["VerifiableCredential", "https://types.example/bale"]
    whole = by_hand(fa, claims, typ, pointer)
    cut = whole.partition(b"~")[0]
    assert outcome(world.examine(cut), "read") == "invalid:sd_jwt_malformed"


@pytest.mark.parametrize("spelt", [r"\u005fsd", r"_s\u0064", r"\u002e.."])
def test_by_another_spelling(spelt: str) -> None:
    world = World()
    fa = world.party("fa")
    text = json.dumps(plain_credential(fa, name="SPELT")).replace('"name": "SPELT"', f'"{spelt}": []')
    token = sign_compact(text.encode(), {"typ": "vc+jwt"}, fa.signer)
    assert outcome(world.examine(token.encode()), "read") == "invalid:sd_jwt_malformed"


def test_dots_and_letters_in_texts_are_no_digests() -> None:
    world = World()
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, name="_sd", description="... ü"))
    assert world.examine(token).verdict is Verdict.VALID
