"""Attack: a credential whose blank nodes nothing tells apart, so that to canonicalise it takes forever."""

import pytest
from tests.support.cost import spent, start
from tests.support.json_ld import V2, store

from certweave.canon.rdf import Hash, Quad, canonical_form
from certweave.canon.rdfc import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError
from certweave.limits import DEFAULT_LIMITS, Limits

KNOWS = "<urn:example:knows>"


def everybody_knows_everybody(size: int) -> list[Quad]:
    """Return a graph that no document can state: what a document calls a blank node is refused."""
    names = [f"_:n{number}" for number in range(size)]
    return [(one, KNOWS, other, None) for one in names for other in names if other != one]


def families(count: int, size: int) -> JsonObject:
    child: JsonObject = {"type": "urn:example:leaf"}
    return {"knows": [{"knows": [dict(child) for _ in range(size)]} for _ in range(count)]}


def twins_all_the_way_down(depth: int) -> JsonObject:
    found: JsonObject = {"type": "urn:example:leaf"}
    for _ in range(depth):
        found = {"knows": [dict(found), dict(found), dict(found)]}
    return found


@pytest.mark.parametrize("size", [10, 60])
def test_a_clique_is_a_limit(size: int) -> None:
    begun = start()
    with pytest.raises(UndecidedError) as caught:
        canonicalize(everybody_knows_everybody(size), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.cause) == ("limit_canonical", Cause.LIMIT)
    assert spent(begun) < 20


@pytest.mark.parametrize("subject", [families(2, 12), twins_all_the_way_down(6)], ids=["families", "twins"])
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


@pytest.mark.parametrize(
    ("quads", "steps"),
    [
        # From each of the two, both statements, then both orders of one; and the same from the other one.
        ([("_:a", KNOWS, "_:b", None), ("_:b", KNOWS, "_:a", None)], 2 * (2 + 2 + (2 + 2 + 2) + 2)),
        ([("_:a", KNOWS, "_:a", None), ("_:b", KNOWS, "_:b", None)], 2),
    ],
)
def test_every_step_is_counted(quads: list[Quad], steps: int) -> None:
    canonicalize(quads, hash_name=Hash.SHA256, limits=Limits(canonical_steps=steps))
    with pytest.raises(UndecidedError):
        canonicalize(quads, hash_name=Hash.SHA256, limits=Limits(canonical_steps=steps - 1))
