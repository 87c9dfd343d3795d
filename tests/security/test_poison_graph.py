"""Attack: a credential whose blank nodes nothing tells apart, so that to canonicalise it takes forever."""

import pytest
from tests.support.cost import spent, start
from tests.support.json_ld import V2, store

from certweave.canon.rdf import Hash, canonical_form
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError
from certweave.limits import DEFAULT_LIMITS


def everybody_knows_everybody(size: int) -> list[JsonObject]:
    names = [f"_:n{number}" for number in range(size)]
    return [{"id": name, "knows": [{"id": other} for other in names if other != name]} for name in names]


def twins_all_the_way_down(depth: int) -> JsonObject:
    found: JsonObject = {"type": "urn:example:leaf"}
    for _ in range(depth):
        found = {"knows": [dict(found), dict(found), dict(found)]}
    return found


@pytest.mark.parametrize(
    "subject",
    [everybody_knows_everybody(10), everybody_knows_everybody(60), twins_all_the_way_down(6)],
    ids=["clique", "large clique", "twins"],
)
def test_a_poison_graph_is_a_limit(subject: object) -> None:
    document: JsonObject = {
        "@context": [V2, {"knows": "urn:example:knows"}],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": subject,
    }
    begun = start()
    with pytest.raises(UndecidedError) as caught:
        canonical_form(document, contexts=store(), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.cause) == ("limit_canonical", Cause.LIMIT)
    assert spent(begun) < 20
