"""Attack: what JSON-LD would drop is not signed, and is read all the same."""

from typing import Any

import pytest
from tests.support.suites import PAIRS, draft, judge, name_of, sign

from certweave.errors import InvalidError
from certweave.keys.model import PrivateKey
from certweave.proof.suites.suite import Suite

RDF = [pair for pair in PAIRS if pair[0].contexts]
EACH = pytest.mark.parametrize(("suite", "key"), RDF, ids=name_of)


def at(document: dict[str, Any], place: str, **members: Any) -> dict[str, Any]:
    """Return a copy with members put into the object at ``place``, a name or nothing."""
    if not place:
        return {**document, **members}
    return {**document, place: {**document[place], **members}}


@EACH
@pytest.mark.parametrize("place", ["", "credentialSubject", "proof"])
@pytest.mark.parametrize(
    "members",
    [
        {"colour": "green"},
        {"colour": None, "shade": 1},
        {"сredentialStatus": {"type": "x"}},
        {"@colour": "green"},
        {"relative": {"id": "not-absolute"}},
    ],
    ids=["undefined", "null", "homoglyph", "keyword", "nested"],
)
def test_it_is_not_added_after_signing(
    suite: Suite, key: PrivateKey, place: str, members: dict[str, Any]
) -> None:
    signed = sign(draft(key), suite, key)
    assert judge(signed).verdict == "valid"
    assert judge(at(signed, place, **members)).verdict == "invalid"


@EACH
@pytest.mark.parametrize(
    "members",
    [
        {"colour": "green"},
        {"credentialSubject": {"id": "https://id.example/1", "colour": "green"}},
        {"credentialSubject": {"id": "bale-1"}},
        {"credentialSubject": {"id": "https://id.example/1", "type": "Bale"}},
        {"type": ["VerifiableCredential", "Bale"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"name": "https://evil.example/name"}]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"n": "https://n.example/"}], "n": 2**53},
    ],
    ids=["term", "inner term", "relative", "type", "credential type", "protected", "number"],
)
def test_it_is_not_signed(suite: Suite, key: PrivateKey, members: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        sign(draft(key, **members), suite, key)
