"""Attack: a claim says another thing than the document, or ends before it; readers take what suits them.

The signer is in league. Claims stand in the payload of a token, in the protected header of a message, beside
the document in a token of VCDM 1.1's time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge, message, token
from tests.support.selective import entropy
from tests.support.showing import LEGACY, TEXT, credential, legacy, signer_of
from tests.support.suites import NOW

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt, sign_presentation_sd_jwt
from certweave.proof.vc_cose import sign_credential_cose, sign_presentation_cose
from certweave.proof.vc_jwt import sign_credential_jwt, sign_presentation_jwt

LABELS = {"iss": 1, "sub": 2, "aud": 3, "exp": 4, "nbf": 5, "iat": 6, "nonce": 10}
SECONDS = int(NOW.timestamp())
SKEW = 300
ISSUER = str(credential("vc+jwt")["issuer"])
ID = "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"


def claiming(way: str, claims: JsonObject, **members: Any) -> bytes:
    """Return a credential with claims where a way has them."""
    document = credential(way, id=ID, **members)
    signer = signer_of(way)
    if way == "vc+cose":
        labelled = {LABELS[name]: value for name, value in claims.items()}
        return message(document, signer, {16: "application/vc+cose", 15: labelled})
    if way == LEGACY:
        return legacy(token({"vc": document, **claims}, signer, typ="JWT"))
    made = token({**document, **claims}, signer, typ=way)
    return (made + "~" if way == "vc+sd-jwt" else made).encode()


def refused(step: str, code: str, name: str) -> Finding:
    return ("invalid", step, code, f"/{name}")


CLAIMS: list[tuple[str, Any, Finding]] = [
    ("iss", ISSUER, ("valid", "", "", None)),
    ("sub", ISSUER, ("valid", "", "", None)),  # the subject is the issuer here
    ("jti", ID, ("valid", "", "", None)),
    ("iss", f"{ISSUER}#a", refused("proof", "claim_mismatch", "iss")),
    ("iss", ISSUER.upper(), refused("proof", "claim_mismatch", "iss")),
    ("iss", "did:web:evil.example", refused("proof", "claim_mismatch", "iss")),
    ("sub", "did:web:evil.example", refused("proof", "claim_mismatch", "sub")),
    ("jti", "urn:uuid:0", refused("proof", "claim_mismatch", "jti")),
    ("iss", [ISSUER], refused("proof", "claim_malformed", "iss")),
    ("iss", "", refused("proof", "claim_malformed", "iss")),
    ("sub", {"id": ISSUER}, refused("proof", "claim_malformed", "sub")),
    ("aud", [], refused("proof", "claim_malformed", "aud")),
    ("aud", [""], refused("proof", "claim_malformed", "aud")),
    ("exp", SECONDS - 1, refused("validity", "expired", "exp")),
    ("exp", SECONDS, refused("validity", "expired", "exp")),
    ("exp", SECONDS + 1, ("valid", "", "", None)),
    ("exp", -1, refused("validity", "expired", "exp")),
    ("exp", 0, refused("validity", "expired", "exp")),
    ("nbf", SECONDS, ("valid", "", "", None)),
    ("nbf", SECONDS + 1, refused("validity", "not_yet_valid", "nbf")),
    ("iat", SECONDS + SKEW, ("valid", "", "", None)),
    ("iat", SECONDS + SKEW + 1, refused("proof", "proof_from_future", "iat")),
    *((name, str(SECONDS), refused("proof", "claim_malformed", name)) for name in ("exp", "nbf", "iat")),
    *((name, True, refused("proof", "claim_malformed", name)) for name in ("exp", "nbf", "iat")),
    *((name, None, refused("proof", "claim_malformed", name)) for name in ("exp", "nbf", "iat")),
    *((name, [SECONDS], refused("proof", "claim_malformed", name)) for name in ("exp", "nbf", "iat")),
    *((name, 2**53 - 1, refused("proof", "claim_malformed", name)) for name in ("exp", "nbf", "iat")),
]
CASES = [(way, *case) for way in TEXT for case in CLAIMS if case[0] != "jti" or way != "vc+cose"]


@pytest.mark.parametrize(("way", "name", "value", "found"), CASES)
def test_a_claim(way: str, name: str, value: Any, found: Finding) -> None:
    assert finding(judge(claiming(way, {name: value}))) == found


@pytest.mark.parametrize("way", TEXT)
def test_a_claim_does_not_make_a_credential_last(way: str) -> None:
    over = {"validUntil": (NOW - timedelta(days=1)).isoformat().replace("+00:00", "Z")}
    early = {"validFrom": (NOW + timedelta(days=1)).isoformat().replace("+00:00", "Z")}
    far = {"exp": SECONDS + 10**9}
    assert finding(judge(claiming(way, far, **over))) == refused("validity", "expired", "validUntil")
    long_ago = {"nbf": SECONDS - 10**9}
    found = finding(judge(claiming(way, long_ago, **early)))
    assert found == refused("validity", "not_yet_valid", "validFrom")


@pytest.mark.parametrize("name", ["exp", "nbf", "iat", "iss", "sub"])
def test_a_claim_of_a_message_in_both_places(name: str) -> None:
    """In the header and in the document: both, and not the better one."""
    good: JsonObject = {"exp": SECONDS + 9, "nbf": SECONDS - 9, "iat": SECONDS, "iss": ISSUER, "sub": ISSUER}
    assert judge(claiming("vc+cose", {name: good[name]}, **{name: good[name]})).verdict == "valid"
    for one, other in ((good[name], 1), (1, good[name]), (good[name], None)):
        found = finding(judge(claiming("vc+cose", {name: one}, **{name: other})))
        assert found[0] == "invalid"
        assert found[1:] in {
            ("proof", "claim_mismatch", f"/{name}"),
            ("proof", "claim_malformed", f"/{name}"),
        }


@pytest.mark.parametrize("way", ["vc+jwt", "vc+sd-jwt", "vc+cose"])
def test_several_subjects_and_one_claim(way: str) -> None:
    """``sub`` names one of them, and nobody else."""
    several = [{"id": "urn:a:1", "name": "A"}, {"id": "urn:a:2", "name": "B"}]
    for name, verdict in (("urn:a:1", "valid"), ("urn:a:2", "valid"), ("urn:a:3", "invalid")):
        assert judge(claiming(way, {"sub": name}, credentialSubject=several)).verdict == verdict


@pytest.mark.parametrize("way", TEXT)
def test_a_subject_without_a_name(way: str) -> None:
    """A token of VCDM 1.1's time lends the subject its name (§6.3.1); others have to say it themselves."""
    source = claiming(way, {"sub": "did:example:me"}, credentialSubject={"name": "A"})
    if way == LEGACY:
        report = judge(source)
        assert report.verdict == "valid"
        assert report.document is not None
        assert report.document["credentialSubject"]["id"] == "did:example:me"
    else:
        assert finding(judge(source)) == refused("proof", "claim_mismatch", "sub")


TO_ONE: Any = {"issued_at": NOW, "audience": "a", "nonce": "n"}
SIGNED: dict[str, Callable[[JsonObject], object]] = {
    "vc+jwt": lambda one: sign_credential_jwt(one, signer_of("vc+jwt"), issued_at=NOW),
    "vc+cose": lambda one: sign_credential_cose(one, signer_of("vc+cose"), issued_at=NOW),
    "vc+sd-jwt": lambda one: sign_credential_sd_jwt(
        one, signer_of("vc+sd-jwt"), issued_at=NOW, hidden=(), entropy=entropy()
    ),
    "vp+jwt": lambda one: sign_presentation_jwt(one, signer_of("vc+jwt"), **TO_ONE),
    "vp+cose": lambda one: sign_presentation_cose(one, signer_of("vc+cose"), **TO_ONE),
    "vp+sd-jwt": lambda one: sign_presentation_sd_jwt(
        one, signer_of("vc+sd-jwt"), entropy=entropy(), **TO_ONE
    ),
}


@pytest.mark.parametrize("way", SIGNED)
def test_what_contradicts_itself_is_not_signed(way: str) -> None:
    owner = "issuer" if way.startswith("vc") else "holder"
    SIGNED[way]({owner: ISSUER, "iss": ISSUER})
    with pytest.raises(InvalidError) as caught:
        SIGNED[way]({owner: ISSUER, "iss": "did:web:evil.example"})
    assert (caught.value.code, caught.value.path) == ("claim_mismatch", "/iss")
