"""Attack: a token that says it needs no signature (RFC 8725 §2.1)."""

import pytest
from tests.support.keys import ED25519, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.errors import InvalidError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import check_header, parse_compact, verify_jws


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize(
    "signature", ["", "AAAA", base64url_encode(bytes(64))], ids=["none", "some", "zeros"]
)
def test_alg_none(alg: str, signature: str) -> None:
    header = base64url_encode(canonicalize({"alg": alg, "kid": signer().method, "typ": "vc+jwt"}))
    jws = parse_compact(f"{header}.{base64url_encode(b'{}')}.{signature}", limits=DEFAULT_LIMITS)
    for refuse in (
        lambda: check_header(jws.header, typ="vc+jwt"),
        lambda: verify_jws(jws, ED25519.public),
    ):
        with pytest.raises(InvalidError) as caught:
            refuse()
        assert caught.value.code == "alg_refused"
