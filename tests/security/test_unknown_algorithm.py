"""An algorithm that we do not know: undecided, never valid and never a guess."""

import json

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.examine.report import Verdict


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("ES256K", "undecided:unsupported"),
        ("XX999", "undecided:unsupported"),
        ("ML-DSA-65", "undecided:unsupported"),
        ("HS256", "invalid"),
        ("none", "invalid"),
        ("NONE", "invalid"),
    ],
)
def test_header_algorithm(algorithm: str, expected: str) -> None:
    world = World()
    fa = world.party("fa")
    header, payload, signature = fa.issue(plain_credential(fa)).decode().split(".")
    changed = {**json.loads(base64url_decode(header)), "alg": algorithm}
    token = f"{base64url_encode(json.dumps(changed).encode())}.{payload}.{signature}"
    report = world.examine(token.encode())
    assert outcome(report, "proof").startswith(expected), report.checks
    assert report.verdict is not Verdict.VALID


def test_unknown_suite_of_an_embedded_proof() -> None:
    world = World()
    fa = world.party("fa")
    secured = json.loads(fa.embed(plain_credential(fa)))
    secured["proof"]["cryptosuite"] = "falcon-jcs-2030"
    report = world.examine(json.dumps(secured).encode())
    assert outcome(report, "proof") == "undecided:unsupported"
    assert "falcon-jcs-2030" in next(check.detail for check in report.checks if check.step == "proof")
