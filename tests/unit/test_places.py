"""A finding names its place in the whole input, however deep the document stands in others."""

import json
from dataclasses import replace

import pytest
from tests.support.world import World, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.reader import read
from certweave.examine.report import Step
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_jwt import envelope


def _token(payload: str) -> str:
    header = json.dumps({"alg": "EdDSA", "typ": "vc+jwt", "kid": "did:example:a#b"})
    return f"{base64url_encode(header.encode())}.{base64url_encode(payload.encode())}.AAAA"


DOUBLE = _token('{"credentialSubject": {"a": 1, "a": 2}}')
CASES: list[tuple[JsonObject, str, str]] = [
    ({**envelope(DOUBLE), "id": "data:text/plain,x"}, "/id", "envelope_malformed"),
    (envelope(DOUBLE), "/credentialSubject", "json_duplicate_member"),
    (envelope("a.b"), "", "jws_malformed"),
]


@pytest.mark.parametrize(("inside", "place", "code"), CASES)
def test_a_broken_credential_is_placed(inside: JsonObject, place: str, code: str) -> None:
    world = World()
    holder = world.party("holder")
    shown = [envelope(holder.issue(plain_credential(holder, holder.did)).decode()), inside]
    report = world.examine(holder.present(shown, audience=None, nonce=None))
    check = report.credentials[1].checks[0]
    assert (check.code, check.path) == (code, f"/verifiableCredential/1{place}")
    body = json.dumps({"verifiableCredential": inside}).encode()
    found = world.examine(body).checks[0]
    assert (found.code, found.path) == (code, f"/verifiableCredential{place}")


@pytest.mark.parametrize("blank", [b"\x0b", b"\x0c", b"\xc2\xa0", b"\0"])
@pytest.mark.parametrize("before", [True, False])
def test_only_blanks_of_json_stand_around_it(blank: bytes, before: bool) -> None:
    text = World().party("fa").embed(plain_credential(World().party("fa")))
    assert read(b" \t\r\n" + text + b"\n", limits=DEFAULT_LIMITS)
    with pytest.raises(CertweaveError):
        read(blank + text if before else text + blank, limits=DEFAULT_LIMITS)


def test_a_place_in_the_issuers_log_is_told_in_words() -> None:
    world = World()
    holder, issuer = world.party("holder"), world.party("issuer")
    shown = [envelope(issuer.issue(plain_credential(issuer, holder.did)).decode())] * 2
    issuer.written = replace(issuer.written, log=issuer.written.log + b"{}\n")
    report = world.examine(holder.present(shown, audience=None, nonce=None))
    for number, one in enumerate(report.credentials):
        check = one.check(Step.HISTORY)
        assert (check.code, check.path) == ("entry_malformed", f"/verifiableCredential/{number}")
        assert check.detail.endswith("(at /1 of the identity's own document)")
        assert check.detail.count("(at ") == 1
