"""Attack: an SD-JWT as JSON, where members that nobody signed stand beside those that somebody did."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.forging import Finding, finding
from tests.support.selective import ASKED, as_json, bind, entropy, ietf, shorten, w3c
from tests.support.world import Party, World

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.vc_jwt import envelope

Change = Callable[[JsonObject], JsonObject]
Whole = Callable[[JsonObject], JsonObject | bytes]
VALID: Finding = ("valid", "", "", None)
HEAD = "/header"


def header(**changes: Any) -> Change:
    """Return a change of the unprotected header; ``...`` takes a parameter away."""

    def change(it: JsonObject) -> JsonObject:
        full = {**it["header"], **changes}
        return {**it, "header": {name: value for name, value in full.items() if value is not ...}}

    return change


def protected(**changes: Any) -> Change:
    def change(it: JsonObject) -> JsonObject:
        full = {**json.loads(base64url_decode(it["protected"])), **changes}
        kept = {name: value for name, value in full.items() if value is not ...}
        return {**it, "protected": base64url_encode(json.dumps(kept).encode())}

    return change


def disclosed(change: Callable[[list[str]], list[str]]) -> Change:
    return lambda it: header(disclosures=change(it["header"]["disclosures"]))(it)


def general(it: JsonObject) -> JsonObject:
    one = {name: it[name] for name in ("protected", "header", "signature")}
    return {"payload": it["payload"], "signatures": [one]}


def judge(change: Whole, *, bound: bool) -> Finding:
    """Return what is found of a changed SD-JWT VC that shows two of three claims, asked for where bound."""
    world = World()
    issuer = world.party("issuer")
    token = ietf(issuer, "/name", "/grade", "/more", more="M", bound=True)
    shown: str | bytes = shorten(token, "/name", "/grade")
    made = change(as_json(bind(str(shown), world) if bound else shown))
    source = made if isinstance(made, bytes) else json.dumps(made).encode()
    return finding(world.examine(source, expect=ASKED) if bound else world.examine(source))


EXTRA = base64url_encode(b'["salt", "admin", true]')
READ = "read"
STRIPPED: Finding = ("invalid", "holder", "key_binding_missing", "/cnf")
TOO_MANY = [f"{EXTRA}{number}" for number in range(DEFAULT_LIMITS.disclosures + 1)]

BARE: dict[str, tuple[Whole, Finding]] = {
    "honest": (lambda it: it, VALID),
    "honest, in a list": (general, VALID),
    "with one disclosure less": (disclosed(lambda them: them[1:]), VALID),
    "in another order": (disclosed(lambda them: them[::-1]), VALID),
    "with another disclosure": (
        disclosed(lambda them: [*them, EXTRA]),
        ("invalid", READ, "sd_disclosure_unreferenced", None),
    ),
    "with a disclosure twice": (
        disclosed(lambda them: [*them, them[0]]),
        ("invalid", READ, "sd_disclosure_repeated", None),
    ),
    "with a disclosure that is two": (
        disclosed(lambda them: ["~".join(them)]),
        ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/disclosures"),
    ),
    "with disclosures without end": (
        disclosed(
            lambda them: [*them, *(f"{EXTRA}{number}" for number in range(DEFAULT_LIMITS.disclosures))]
        ),
        ("undecided", READ, "limit_disclosures", None),
    ),
    "with disclosures beside the header": (
        lambda it: {**it, "header": {}, **it["header"]},
        ("undecided", READ, "form_unsupported", None),
    ),
    "with a claim beside the payload": (lambda it: {**it, "admin": True, "iss": "did:web:x"}, VALID),
    "with the algorithm none": (protected(alg="none"), ("invalid", "proof", "alg_refused", None)),
    "with an algorithm that nobody signed": (
        lambda it: header(alg="EdDSA")(protected(alg=...)(it)),
        ("invalid", "proof", "header_malformed", None),
    ),
    "with an algorithm twice": (
        header(alg="none"),
        ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/alg"),
    ),
    "with a type that nobody signed": (
        lambda it: header(typ="vc+sd-jwt")(protected(typ=...)(it)),
        ("invalid", "proof", "typ_wrong", None),
    ),
    "with a key that nobody signed": (header(jwk={"kty": "OKP"}, x5c=["x"], jku="https://x.example"), VALID),
    "with something critical": (
        header(crit=["b64"]),
        ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/crit"),
    ),
    "with a payload of its own": (
        lambda it: {**it, "payload": base64url_encode(b"{}")},
        ("invalid", READ, "sd_disclosure_unreferenced", None),
    ),
    "with a part in the part before": (
        lambda it: {**it, "protected": f"{it['protected']}.{it['payload']}"},
        ("invalid", READ, "jws_malformed", None),
    ),
    "with everything in the signature": (
        lambda it: {**it, "signature": f"{it['signature']}~{it['header']['disclosures'][0]}"},
        ("invalid", READ, "base64url", None),
    ),
    "without a signature": (
        lambda it: {**it, "signature": ""},
        ("invalid", "signature", "signature_form", None),
    ),
    "with nothing that signs": (
        lambda it: {name: it[name] for name in it if name != "signature"},
        ("invalid", READ, "input_form", None),
    ),
    "with a payload elsewhere": (
        lambda it: {name: it[name] for name in it if name != "payload"},
        ("invalid", READ, "input_form", None),
    ),
    "with two signatures": (
        lambda it: {**general(it), "signatures": general(it)["signatures"] * 2},
        ("undecided", READ, "form_unsupported", None),
    ),
    "with a signature and a list of them": (
        lambda it: {**it, **general(it)},
        ("invalid", READ, "sd_jwt_malformed", "/signatures"),
    ),
    "with a list of none": (
        lambda it: {**general(it), "signatures": []},
        ("invalid", READ, "sd_jwt_malformed", "/signatures"),
    ),
    "with two headers": (
        lambda it: json.dumps(it).replace('"header"', '"header": {}, "header"').encode(),
        ("invalid", READ, "json_duplicate_member", None),
    ),
    "in a list of its own": (
        lambda it: json.dumps([it]).encode(),
        ("invalid", READ, "input_form", None),
    ),
    "as a credential": (
        lambda it: {**it, "type": ["VerifiableCredential"]},
        ("invalid", "model", "context_first_wrong", "/@context/0"),
    ),
}


@pytest.mark.parametrize("name", BARE)
def test_members_that_nobody_signed(name: str) -> None:
    change, expected = BARE[name]
    assert judge(change, bound=False) == expected


BOUND: dict[str, tuple[Whole, Finding]] = {
    "honest": (lambda it: it, VALID),
    "honest, in a list": (general, VALID),
    "with one disclosure less": (
        disclosed(lambda them: them[1:]),
        ("invalid", "proof", "key_binding_mismatch", None),
    ),
    "in another order": (
        disclosed(lambda them: them[::-1]),
        ("invalid", "proof", "key_binding_mismatch", None),
    ),
    "without its binding": (header(kb_jwt=...), STRIPPED),
    "with an empty binding": (header(kb_jwt=""), ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/kb_jwt")),
    "with no binding": (header(kb_jwt=None), ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/kb_jwt")),
    "with its binding beside the header": (
        lambda it: {**it, "kb_jwt": it["header"].pop("kb_jwt")},
        STRIPPED,
    ),
    "with its binding among the disclosures": (
        lambda it: header(disclosures=[it["header"].pop("kb_jwt")])(it),
        ("invalid", READ, "sd_disclosure_malformed", None),
    ),
    "with a disclosure in its binding": (
        lambda it: header(kb_jwt=f"{EXTRA}~{it['header']['kb_jwt']}")(it),
        ("invalid", READ, "sd_jwt_malformed", f"{HEAD}/kb_jwt"),
    ),
    "with the token as its binding": (
        lambda it: header(kb_jwt=f"{it['protected']}.{it['payload']}.{it['signature']}")(it),
        ("invalid", "proof", "typ_wrong", None),
    ),
}


@pytest.mark.parametrize("name", BOUND)
def test_a_key_binding(name: str) -> None:
    change, expected = BOUND[name]
    assert judge(change, bound=True) == expected


def test_a_thief_names_the_key_of_another() -> None:
    """In the header that nobody signs; the token is the thief's own."""
    world = World()
    issuer, thief = world.party("issuer"), world.party("thief")
    claims = {"iss": issuer.did, "vct": "urn:example:certificate", "name": "A"}
    token = sign_sd_jwt_vc(claims, thief.signer, issued_at=world.clock, hidden=["/name"], entropy=entropy())
    made = as_json(token)
    verdict, step, code, _ = finding(world.examine(json.dumps(made).encode()))
    assert (verdict, step, code) == ("invalid", "key", "foreign_signer")
    nameless = protected(kid=...)(made)
    forged = header(kid=issuer.signer.method)(nameless)
    verdict, step, _, _ = finding(world.examine(json.dumps(forged).encode()))
    assert (verdict, step) == ("invalid", "signature")


def present(holder: Party, inner: Any) -> bytes:
    made: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [inner],
    }
    shown = add_jcs_proof(made, holder.signer, created=holder.world.clock, purpose="authentication")
    return json.dumps(shown).encode()


def test_inside_of_something_else_it_comes_in_an_envelope() -> None:
    """VCDM 2.0 §4.13: what a presentation holds is a credential or an envelope, and an envelope a token."""
    world = World()
    issuer = world.party("issuer")
    token = w3c(issuer, "/credentialSubject/name", credentialSubject={"id": issuer.did, "name": "A bale"})
    inside = as_json(token)
    assert finding(world.examine(json.dumps(inside).encode())) == VALID
    assert finding(world.examine(present(issuer, envelope(token)))) == VALID
    shown = finding(world.examine(present(issuer, inside)))
    assert shown == ("invalid", "model", "presented_not_credential", "/verifiableCredential/0")
    wrapped = {**envelope(token), "id": f"data:application/vc+sd-jwt,{json.dumps(inside)}"}
    found = finding(world.examine(json.dumps(wrapped).encode()))
    assert found == ("invalid", READ, "envelope_malformed", "/id")
