"""Attack: a member twice, so that the signer's reader sees one value and the verifier's the other."""

import pytest

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import parse_json
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import parse_compact


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"issuer": "did:web:good.example", "issuer": "did:web:evil.example"}', ""),
        (r'{"issuer": "did:web:good.example", "\u0069ssuer": "did:web:evil.example"}', ""),
        ('{"issuer": {"id": "a", "name": "b", "id": "c"}}', "/issuer"),
        ('{"credentialSubject": [{"id": "a"}, {"id": "a", "id": "a"}]}', "/credentialSubject/1"),
        ('{"proof": {"proofValue": "z1", "proofValue": "z2"}, "x": {"y": 1, "y": 2}}', "/proof"),
        ('{"a": {"b": 1, "b": 2}, "a": 1}', ""),
        ('{"": 1, "": 2}', ""),
    ],
)
def test_duplicate_members(text: str, path: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(text, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.path) == ("json_duplicate_member", path)


def test_duplicate_members_in_a_header() -> None:
    header = base64url_encode(b'{"alg": "EdDSA", "alg": "none"}')
    with pytest.raises(MalformedError) as caught:
        parse_compact(f"{header}.e30.", limits=DEFAULT_LIMITS)
    assert caught.value.code == "json_duplicate_member"
