"""A document is exchanged after others fixed its bytes: an event or a sale, not only what a claim cites."""

import pytest
from tests.support.shirt import Shirt
from tests.support.telling import tell

from certweave.encoding.multihash import make_digest_multibase
from certweave.examine.report import Verdict


def _fix(shirt: Shirt, name: str, content: bytes) -> None:
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    link = next(one for one in links if one["linkURL"] == shirt.url(name))
    link["digestMultibase"] = make_digest_multibase(content)


def _fix_input(shirt: Shirt, _: str, content: bytes) -> None:
    drawn = shirt.attestation("deal-yarn")["transaction"]["inputs"][0]
    drawn["digestMultibase"] = make_digest_multibase(content)


WAYS = {
    "an event": ("event-ginning", _fix),
    "a sale": ("deal-yarn", _fix),
    "drawn": ("deal-fibre", _fix_input),
}


@pytest.mark.parametrize("exchanged", [False, True], ids=["as linked", "exchanged"])
@pytest.mark.parametrize("way", WAYS)
def test_a_link_with_a_digest_leads_to_the_very_bytes(way: str, exchanged: bool) -> None:
    shirt = Shirt()
    name, fix = WAYS[way]
    content = shirt.signers[name].issue(shirt.documents[name])
    fix(shirt, name, content)
    if exchanged:
        shirt.documents[name]["name"] = "Another story"
    answer = tell(shirt.publish())
    assert answer.verdict is (Verdict.INVALID if exchanged else Verdict.VALID)
    assert "Another story" not in str(answer.to_json())
