"""Attack: documents built to exhaust the stack or the processor. Each must be turned away cheaply."""

import pytest
from tests.support.cost import spent, start

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import parse_json
from certweave.errors import Cause, CertweaveError, UndecidedError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import parse_compact

MIB = DEFAULT_LIMITS.credential_bytes
DEEP = {
    "arrays, never closed": "[" * MIB,
    "objects, never closed": '{"a":' * (MIB // 5),
    "arrays, closed": "[" * 10_000 + "]" * 10_000,
    "one more than allowed": "[" * 65 + "]" * 65,
    "behind a text with brackets": '["' + "]" * 1000 + '",' + "[" * 65 + "]" * 66,
    "behind escaped quotes": '["\\"]]]]]]]]]]",' + "[" * 65 + "]" * 66,
    "many members": "[" + "1," * 30_000 + "1]",
    "many names": "{" + ",".join(f'"{i}":1' for i in range(30_000)) + "}",
    "too many bytes": " " * (MIB + 1),
    "many empty arrays": "[" + "[]," * 30_000 + "[]]",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_documents(text: str) -> None:
    started = start()
    with pytest.raises(UndecidedError) as caught:
        parse_json(text, limits=DEFAULT_LIMITS)
    assert caught.value.cause is Cause.LIMIT
    assert caught.value.code.startswith("limit_")
    assert spent(started) < 1


def test_the_deepest_document_allowed_is_read_and_canonicalised() -> None:
    text = '{"a":' * 32 + "[" * 32 + "]" * 32 + "}" * 32
    assert canonicalize(parse_json(text, limits=DEFAULT_LIMITS)) == text.encode()


@pytest.mark.parametrize(
    "text", ['"' * MIB, "\\" * MIB, '"\\' * (MIB // 2), "-" * MIB, "1" * MIB, '"\\ud83d\\' * 90_000]
)
def test_long_nonsense_is_cheap(text: str) -> None:
    started = start()
    with pytest.raises(CertweaveError):
        parse_json(text[:MIB], limits=DEFAULT_LIMITS)
    assert spent(started) < 1


def test_a_deep_header() -> None:
    header = base64url_encode(b"[" * 5000)
    with pytest.raises(UndecidedError) as caught:
        parse_compact(f"{header}..", limits=DEFAULT_LIMITS)
    assert caught.value.cause is Cause.LIMIT
