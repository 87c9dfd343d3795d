"""SD-JWT in the JWS JSON Serialization: put into the compact form, and judged like it (RFC 9901 §8)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.conformance.test_rfc_9901 import BINDING, SHOWN
from tests.support.selective import ASKED, Make, as_json, bind, ietf, shorten, w3c
from tests.support.world import World

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.report_json import report_json
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import secured_digest
from certweave.proof.sd_jwt.binding import verify_key_binding
from certweave.proof.sd_jwt.json_form import is_json_form, to_compact
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt

FORMS = pytest.mark.parametrize("general", [False, True], ids=["flattened", "general"])
HEAD = "/header"


@FORMS
@pytest.mark.parametrize("token", [SHOWN, SHOWN + BINDING], ids=["bare", "bound"])
def test_the_published_example_as_json(token: str, general: bool) -> None:
    """§8.1: the digest of the key binding is over the compact form, which the JSON form stands for."""
    made = as_json(token, general=general)
    assert is_json_form(made)
    assert to_compact(made, limits=DEFAULT_LIMITS) == token
    found = parse_sd_jwt(token, limits=DEFAULT_LIMITS)
    if found.binding is not None:
        payload = process_sd_jwt(found, limits=DEFAULT_LIMITS).payload
        assert verify_key_binding(found, payload, limits=DEFAULT_LIMITS).nonce == "1234567890"


@FORMS
@pytest.mark.parametrize("make", [w3c, ietf])
def test_it_is_judged_as_its_compact_form_is(make: Make, general: bool) -> None:
    world = World()
    place = "/credentialSubject/name" if make is w3c else "/name"
    token = make(world.party("issuer"), place, bound=True)
    for shown in (token, shorten(token), bind(token, world), bind(shorten(token), world)):
        text = shown if isinstance(shown, str) else shown.decode()
        source = json.dumps(as_json(text, general=general)).encode()
        for expect in (ASKED, replace(ASKED, audience=None, nonce=None)):
            compact = report_json(world.examine(text.encode(), expect=expect))
            found = report_json(world.examine(source, expect=expect))
            assert _without_evidence(found) == _without_evidence(compact)


def _without_evidence(report: Any) -> Any:
    return {name: value for name, value in report.items() if name != "evidence"}


def test_a_receipt_is_about_what_the_issuer_signed() -> None:
    token = ietf(World().party("issuer"), "/name")
    compact = to_compact(as_json(shorten(token)), limits=DEFAULT_LIMITS)
    assert secured_digest(compact) == secured_digest(token)


def test_in_a_body_of_the_vc_api() -> None:
    world = World()
    token = w3c(world.party("issuer"), "/credentialSubject/name")
    source = json.dumps({"verifiableCredential": as_json(token)}).encode()
    assert world.examine(source).verdict == "valid"


def of(**changes: Any) -> JsonObject:
    return as_json(SHOWN + BINDING, **changes)


def beside(**members: Any) -> JsonObject:
    """Return the example with more in its unprotected header."""
    return of(header={**of()["header"], **members})


def test_what_nobody_signed_is_not_looked_at() -> None:
    """RFC 7515 §7.2: members and parameters that are not understood are ignored."""
    for made in (beside(kid="x", x5c=[1], jwk={}), {**of(), "more": 1}):
        assert to_compact(made, limits=DEFAULT_LIMITS) == SHOWN + BINDING
    bare = to_compact(of(header={"kb_jwt": BINDING}), limits=DEFAULT_LIMITS)
    assert bare == f"{SHOWN.partition('~')[0]}~{BINDING}"


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        (of(header=[]), "sd_jwt_malformed", HEAD),
        (of(header=...), "form_unsupported", None),
        (of(header={}), "form_unsupported", None),
        (of(protected=...), "sd_jwt_malformed", None),
        (of(protected=7), "sd_jwt_malformed", None),
        (of(signature=None), "sd_jwt_malformed", None),
        ({**of(), "payload": {}}, "sd_jwt_malformed", None),
        ({**of(), "payload": None}, "sd_jwt_malformed", None),
        (of(protected="e30.e30"), "jws_malformed", None),
        (of(protected="W10"), "json_not_object", None),
        (beside(alg="ES256"), "sd_jwt_malformed", f"{HEAD}/alg"),
        (beside(crit=["x"]), "sd_jwt_malformed", f"{HEAD}/crit"),
        (beside(disclosures="WyJhIiwxXQ"), "sd_jwt_malformed", f"{HEAD}/disclosures"),
        (beside(disclosures=[""]), "sd_jwt_malformed", f"{HEAD}/disclosures"),
        (beside(disclosures=[7]), "sd_jwt_malformed", f"{HEAD}/disclosures"),
        (beside(disclosures=["WyJhIiwxXQ~WyJiIiwxXQ"]), "sd_jwt_malformed", f"{HEAD}/disclosures"),
        (beside(disclosures=None), "sd_jwt_malformed", f"{HEAD}/disclosures"),
        (beside(kb_jwt=""), "sd_jwt_malformed", f"{HEAD}/kb_jwt"),
        (beside(kb_jwt=None), "sd_jwt_malformed", f"{HEAD}/kb_jwt"),
        (beside(kb_jwt=f"WyJhIiwxXQ~{BINDING}"), "sd_jwt_malformed", f"{HEAD}/kb_jwt"),
        ({**of(general=True), "signature": ""}, "sd_jwt_malformed", "/signatures"),
        ({**of(general=True), "header": {}}, "sd_jwt_malformed", "/signatures"),
        ({**of(general=True), "signatures": []}, "sd_jwt_malformed", "/signatures"),
        ({**of(general=True), "signatures": {}}, "sd_jwt_malformed", "/signatures"),
        ({**of(general=True), "signatures": [1]}, "sd_jwt_malformed", "/signatures"),
        ({**of(general=True), "signatures": of(general=True)["signatures"] * 2}, "form_unsupported", None),
        (of(general=True, header=5), "sd_jwt_malformed", "/signatures/0/header"),
        (of(general=True, signature=5), "sd_jwt_malformed", "/signatures/0"),
    ],
)
def test_what_is_no_sd_jwt_as_json(value: JsonObject, code: str, path: str | None) -> None:
    with pytest.raises(CertweaveError) as caught:
        to_compact(value, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.path) == (code, path)
