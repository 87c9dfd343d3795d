"""Attacks on every way to secure a credential, sent to the verifier service as a stranger would send them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.forging import text, token
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    PRESENTED,
    SHOWN,
    credential,
    forge,
    inside,
    is_message,
    is_token,
    present,
    presented,
    shown,
    signer_of,
    with_message,
    with_proof,
    with_token,
)
from tests.support.suites import NOW
from tests.support.verifier import Service, open_verifier
from tests.support.world import World

from certweave.proof.vc_cose import envelope_cose
from certweave.proof.vc_jwt import envelope

THIEF = {"id": "https://thief.example", "name": "Bale 1"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("verifier")
    with open_verifier(World(clock=NOW), folder) as opened:
        yield opened


def ask(service: Service, body: Any, *, kind: str = "credential", **options: Any) -> tuple[Any, ...]:
    """Send a body; return status, ``verified``, verdict, code and path."""
    named = f"verifiable{kind.capitalize()}"
    sent = body if isinstance(body, bytes) else text({named: body, "options": options})
    answer = service.client.post(
        f"/{kind}s/verify", content=sent, headers={"content-type": "application/json"}
    )
    said = answer.json()
    return (answer.status_code, *(said.get(name) for name in ("verified", "verdict", "code", "path")))


def unsigned(way: str, data: bytes) -> bytes:
    """Take the signature away as far as the form stays whole."""
    if is_token(way):
        return with_token(data, lambda it: f"{it.rpartition('.')[0]}.")
    if is_message(way):
        return with_message(data, lambda it: [*it[:3], b""])
    return with_proof(data, lambda it: {**it, "proofValue": ""})


@pytest.mark.parametrize("way", SHOWN)
def test_a_signature_is_needed(service: Service, way: str) -> None:
    assert ask(service, inside(way, shown(way)))[:2] == (200, True)
    found = ask(service, inside(way, unsigned(way, shown(way))))
    place = "/verifiableCredential"
    if way in EMBEDDED:
        assert found == (422, False, "invalid", "proof_malformed", f"{place}/proof/proofValue")
    else:
        assert found == (422, False, "invalid", "signature_form", place)


@pytest.mark.parametrize("way", PRESENTED)
def test_a_holders_signature_is_needed(service: Service, way: str) -> None:
    def shown_as(data: bytes) -> Any:
        if is_message(way):
            return envelope_cose(data, presentation=True)
        return envelope(data.decode(), presentation=True) if is_token(way) else json.loads(data)

    asked = {"domain": ASKED.audience, "challenge": ASKED.nonce}
    honest, spoilt = presented(way), unsigned(way, presented(way))
    assert ask(service, shown_as(honest), kind="presentation", **asked)[:2] == (200, True)
    found = ask(service, shown_as(spoilt), kind="presentation", **asked)
    assert found[:3] == (422, False, "invalid")
    assert found[3] in {"signature_form", "proof_malformed"}
    for other in ({**asked, "challenge": "n-2"}, {**asked, "domain": "https://thief.example"}):
        found = ask(service, shown_as(honest), kind="presentation", **other)
        assert found[:3] == (422, False, "invalid")
        assert found[3] in {"nonce_wrong", "audience_wrong"}


FRAMES: dict[str, tuple[Callable[[Any], Any], tuple[Any, ...]]] = {
    "a body in a body": (
        lambda it: {"verifiableCredential": it},
        (400, False, "invalid", "input_form", "/verifiableCredential"),
    ),
    "a body with claims beside": (
        lambda it: {"verifiableCredential": it, "credentialSubject": THIEF},
        (400, False, "invalid", "input_form", "/verifiableCredential"),
    ),
    "the subject of a frame": (
        lambda it: {**credential("vc+jwt"), "credentialSubject": it},
        (422, False, "invalid", "proof_missing", "/verifiableCredential/proof"),
    ),
    "in a list": (lambda it: [it], (400, None, None, "vc_api_malformed", "/verifiableCredential")),
}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("name", FRAMES)
def test_what_stands_around_was_not_signed(service: Service, way: str, name: str) -> None:
    frame, found = FRAMES[name]
    assert ask(service, frame(inside(way, shown(way)))) == found


ALGORITHMS = [
    ("none", "invalid", "alg_refused"),
    ("HS256", "invalid", "alg_refused"),
    ("ES256", "invalid", "alg_key_mismatch"),
    ("RS256", "undecided", "alg_unsupported"),
]


@pytest.mark.parametrize("way", ["vc+jwt", "vc+sd-jwt"])
@pytest.mark.parametrize(("alg", "verdict", "code"), ALGORITHMS)
def test_the_algorithm_is_that_of_the_key(
    service: Service, way: str, alg: str, verdict: str, code: str
) -> None:
    spoilt = inside(way, forge(way, credential(way), alg=alg))
    assert ask(service, spoilt) == (422, False, verdict, code, "/verifiableCredential")


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_member_stands_once(service: Service, way: str) -> None:
    body = text({"verifiableCredential": {**json.loads(shown(way)), "2": THIEF}})
    found = ask(service, body.replace(b'"2"', b'"credentialSubject"'))
    assert found[:1] + found[3:] == (400, "json_duplicate_member", "/verifiableCredential")


def test_a_presentation_is_no_credential_and_the_other_way_round(service: Service) -> None:
    signed = token(credential("vc+jwt"), signer_of("vc+jwt"), typ="vp+jwt")
    for body, kind in (
        (presented("vp+jwt").decode(), "credential"),
        (shown("vc+jwt").decode(), "presentation"),
        (signed, "credential"),
        (json.loads(presented("ecdsa-jcs-2019")), "credential"),
        (json.loads(shown("ecdsa-jcs-2019")), "presentation"),
    ):
        found = ask(service, body, kind=kind)
        assert found[0] in {400, 422}
        assert found[1] is not True


@pytest.mark.parametrize("way", SHOWN)
def test_a_credential_alone_is_nobodys_presentation(service: Service, way: str) -> None:
    found = ask(service, inside(way, shown(way)), kind="presentation", challenge=ASKED.nonce)
    assert found[:2] == (400, False)
    stripped = inside(way, unsigned(way, shown(way)))
    spoilt = json.loads(present("ecdsa-jcs-2019", stripped))
    found = ask(service, spoilt, kind="presentation", challenge=ASKED.nonce, domain=ASKED.audience)
    assert found[:3] == (422, False, "invalid")
    assert str(found[4]).startswith("/verifiablePresentation")
