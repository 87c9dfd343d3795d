"""Every claim is under the signature: changing any one of them is seen."""

import json
from typing import Any

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.examine.report import Verdict

CHANGES: list[tuple[str, Any]] = [
    ("name", "A better bale"),
    ("validFrom", "2020-01-01T00:00:00Z"),
    ("validUntil", "2099-01-01T00:00:00Z"),
    ("credentialSubject", {"id": "did:example:thief"}),
    ("id", "https://certs.example/credentials/2"),
    ("credentialStatus", None),
]


@pytest.mark.parametrize(("member", "value"), CHANGES, ids=[name for name, _ in CHANGES])
@pytest.mark.parametrize("form", ["token", "embedded"])
def test_a_changed_member(form: str, member: str, value: Any) -> None:
    world = World()
    fa = world.party("fa")
    document = plain_credential(fa, name="A bale", credentialStatus=fa.entry(1))
    if form == "token":
        header, payload, signature = fa.issue(document).decode().split(".")
        claims = _changed(json.loads(base64url_decode(payload)), member, value)
        source = f"{header}.{base64url_encode(json.dumps(claims).encode())}.{signature}".encode()
    else:
        source = json.dumps(_changed(json.loads(fa.embed(document)), member, value)).encode()
    report = world.examine(source)
    assert outcome(report, "signature") == "invalid:signature_mismatch"
    assert report.verdict is Verdict.INVALID
    assert report.document is None


def _changed(document: dict[str, Any], member: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {name: item for name, item in document.items() if name != member}
    return {**document, member: value}
