"""Tokens before openvc-core, both ways: SD-JWT, status lists, and why plain ``vc+jwt`` cannot cross.

Its JWT are those of VCDM 1.1, with the credential in the claim ``vc`` and the issuer in ``iss``. VC-JOSE-COSE
§1.1.2.1 (https://www.w3.org/TR/vc-jose-cose/) forbids that claim in what it calls ``vc+jwt``, so no one token
is good for both. What crosses is tested: theirs are read as tokens of the older time.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from tests.support.keys import ED25519, P256
from tests.support.peers import ask_python
from tests.support.selective import entropy
from tests.support.world import World, outcome

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import Report, Verdict
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_sd_jwt
from certweave.proof.legacy_jwt import MEDIA_TYPE
from certweave.proof.sd_jwt.binding import bind_sd_jwt
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.vc_jwt import CREDENTIALS_V2, envelope, sign_credential_jwt
from certweave.status.token_list import make_statuses, set_status, sign_token_list

AUDIENCE, NONCE = "https://verifier.example", "n-1"
KEYS: Final = {"Ed25519": ED25519, "P-256": P256}
LIST: Final = "https://lists.example/1"
each_key = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)

PROGRAM: Final = """
import json, sys
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from openvc import VerificationPolicy, verify_credential
from openvc.keys import Ed25519SigningKey, P256SigningKey
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from openvc.status.issue import build_status_list_token, verify_status_list_token
from openvc.status.token_status_list import new_status_list, set_status

def key_of(held):
    secret = bytes.fromhex(held["secret"])
    if held["kind"] == "Ed25519":
        return Ed25519SigningKey(ed25519.Ed25519PrivateKey.from_private_bytes(secret), kid=held["method"])
    return P256SigningKey(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()), kid=held["method"])

def run(case):
    if case["action"] == "jwt":
        return VcJwtProofSuite().sign(case["document"], signing_key=key_of(case["key"]))
    if case["action"] == "sd-jwt":
        suite, holder = SdJwtVcProofSuite(), key_of(case["holder"])
        issued = suite.issue(
            case["claims"], signing_key=key_of(case["key"]), disclosable=case["hidden"],
            holder_jwk=holder.public_jwk(), decoys=2,
        )
        bound = suite.create_presentation(
            issued, holder_key=holder, audience=case["audience"], nonce=case["nonce"]
        )
        return [issued, bound]
    if case["action"] == "list":
        packed = new_status_list(64, bits=case["bits"])
        for index, status in case["statuses"]:
            set_status(packed, index, status, bits=case["bits"])
        return build_status_list_token(
            signing_key=key_of(case["key"]), uri=case["uri"], status_list=packed, bits=case["bits"], ttl=3600
        )
    policy = VerificationPolicy(
        audience=case.get("audience"), nonce=case.get("nonce"), require_key_binding="nonce" in case
    )
    try:
        found = verify_credential(case["token"], policy=policy, resolve_status_list_token=lambda uri: (
            verify_status_list_token(case["list"], public_key_jwk=case["listKey"], expected_uri=uri)
        ))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return found.credential

print(json.dumps([run(case) for case in json.load(sys.stdin)]))
"""


def now() -> datetime:
    """Return the time of the call: the peers go by the clock, and a long run may come here late."""
    return datetime.now(UTC).replace(microsecond=0)


def ask(*cases: JsonObject) -> list[Any]:
    answer: list[Any] = ask_python(PROGRAM, stdin=list(cases))
    return answer


def held(key: PrivateKey) -> JsonObject:
    return {
        "kind": key.algorithm.value,
        "secret": key.secret.hex(),
        "method": make_did_key_method(key.public),
    }


def signer(key: PrivateKey) -> KeySigner:
    return KeySigner(make_did_key_method(key.public), key)


def credential(key: PrivateKey) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": make_did_key(key.public),
        "name": "Gekämmtes Garn",
        "description": "of organic cotton",
        "credentialSubject": {"id": "https://mill.example/lot/7"},
    }


def claims(key: PrivateKey) -> JsonObject:
    did = make_did_key(key.public)
    return {"iss": did, "vct": "urn:example:lot", "name": "Garn", "grade": "A", "size": {"kg": 7, "cones": 3}}


def judge(source: Any, expect: Expectation = NOTHING_EXPECTED, listed: str = "") -> Report:
    world = World(clock=now() + timedelta(minutes=2))  # they sign by the clock, while the test runs
    world.documents[LIST] = listed.encode()
    text = source if isinstance(source, str) else json.dumps(source)
    return world.examine(text.encode(), expect=expect)


def present(token: str, *pointers: str) -> str:
    shown = derive_sd_jwt(token, pointers, limits=DEFAULT_LIMITS)
    more: dict[str, Any] = {"audience": AUDIENCE, "nonce": NONCE, "limits": DEFAULT_LIMITS}
    return bind_sd_jwt(shown, signer(P256), issued_at=now(), **more)


@each_key
def test_they_accept_our_w3c_credentials_as_sd_jwt(key: PrivateKey) -> None:
    document, hidden = credential(key), ("/name", "/description")
    more: dict[str, Any] = {"issued_at": now(), "hidden": hidden, "entropy": entropy(), "holder": P256.public}
    token = sign_credential_sd_jwt(document, signer(key), **more)
    part = present(token, "/name")
    asked = {"action": "verify", "audience": AUDIENCE, "nonce": NONCE}
    whole, inside, shown, other = ask(
        {"action": "verify", "token": token},
        {"action": "verify", "token": envelope(token)},
        {**asked, "token": part},
        {**asked, "token": part, "nonce": "n-2"},
    )
    assert {name: whole[name] for name in document} == document
    assert inside == whole
    assert "description" not in shown
    assert shown["name"] == "Gekämmtes Garn"
    assert isinstance(other, str)


@each_key
def test_they_accept_our_sd_jwt_vc(key: PrivateKey) -> None:
    more: dict[str, Any] = {"issued_at": now(), "entropy": entropy(), "holder": P256.public}
    token = sign_sd_jwt_vc(claims(key), signer(key), hidden=("/name", "/size/kg"), **more)
    asked = {"action": "verify", "audience": AUDIENCE, "nonce": NONCE}
    whole, shown = ask({"action": "verify", "token": token}, {**asked, "token": present(token, "/size")})
    assert {name: whole[name] for name in claims(key)} == claims(key)
    assert "name" not in shown
    assert shown["size"] == {"kg": 7, "cones": 3}


@each_key
def test_we_accept_their_sd_jwt_vc(key: PrivateKey) -> None:
    order = {"action": "sd-jwt", "key": held(key), "holder": held(P256), "claims": claims(key)}
    [[issued, bound]] = ask({**order, "hidden": ["name", "size"], "audience": AUDIENCE, "nonce": NONCE})
    assert judge(issued).verdict is Verdict.VALID
    for expect, verdict in (
        (Expectation(AUDIENCE, NONCE), Verdict.VALID),
        (Expectation(AUDIENCE, "n-2"), Verdict.INVALID),
    ):
        assert judge(bound, expect).verdict is verdict
    part = judge(present(issued, "/size/kg"), Expectation(AUDIENCE, NONCE))
    assert part.verdict is Verdict.VALID
    assert part.document is not None
    assert "name" not in part.document["sdJwtVc"]
    assert part.document["sdJwtVc"]["size"] == {"kg": 7, "cones": 3}


STATUSES: Final = [(3, 0, "valid:status_holds"), (4, 1, "invalid:withdrawn"), (5, 2, "invalid:suspended")]


def with_status(key: PrivateKey, index: int) -> str:
    status = {"status_list": {"idx": index, "uri": LIST}}
    signed = {"issued_at": now(), "hidden": (), "entropy": entropy()}
    return sign_sd_jwt_vc({**claims(key), "status": status}, signer(key), **signed)  # type: ignore[arg-type]


@each_key
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_our_status_lists_are_read_alike(key: PrivateKey, bits: int) -> None:
    data = make_statuses(64, bits)
    for index, status, _ in STATUSES:
        set_status(data, index, status, bits)
    token = sign_token_list(LIST, signer(key), data=data, bits=bits, issued_at=now())
    order = {"action": "verify", "list": token, "listKey": make_public_jwk(key.public)}
    answers = ask(*({**order, "token": with_status(key, index)} for index, _, _ in STATUSES))
    assert [isinstance(answer, str) for answer in answers] == [False, True, True]
    for index, _, found in STATUSES:
        assert outcome(judge(with_status(key, index), listed=token), "status") == found


@each_key
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_their_status_lists_are_read_alike(key: PrivateKey, bits: int) -> None:
    statuses = [[index, status] for index, status, _ in STATUSES]
    [token] = ask({"action": "list", "key": held(key), "uri": LIST, "bits": bits, "statuses": statuses})
    for index, _, found in STATUSES:
        assert outcome(judge(with_status(key, index), listed=token), "status") == found


@each_key
def test_their_jwt_are_read_as_those_of_the_older_time_only(key: PrivateKey) -> None:
    [token] = ask({"action": "jwt", "key": held(key), "document": credential(key)})
    for source in (token, {**envelope(token), "id": f"data:{MEDIA_TYPE},{token}"}):
        report = judge(source)
        assert report.verdict is Verdict.VALID
        assert report.document == credential(key)
    assert outcome(judge(envelope(token)), "read") == "invalid:input_kind"


@each_key
def test_no_plain_jwt_is_good_for_both(key: PrivateKey) -> None:
    """They want ``iss``, which we could add, and the claim ``vc``, which the Recommendation forbids."""
    document = credential(key)
    bare = sign_credential_jwt(document, signer(key), issued_at=now())
    named = sign_credential_jwt({**document, "iss": document["issuer"]}, signer(key), issued_at=now())
    assert judge(bare).verdict is Verdict.VALID
    assert judge(named).verdict is Verdict.VALID
    first, second = ask({"action": "verify", "token": bare}, {"action": "verify", "token": named})
    assert "iss" in first
    assert "no embedded `vc` object" in second
