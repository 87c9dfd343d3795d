"""Attack: contexts without end, each new, to fill the memory or to push out those that everybody needs."""

import pytest
from tests.support.json_ld import UNTP, V2, store

from certweave.canon.compiled import Plan, find_root
from certweave.canon.known import defines_all
from certweave.canon.rdf import to_quads
from certweave.canon.weight import MAX_CONTEXTS, check_context_weight
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError
from certweave.limits import DEFAULT_LIMITS


def document(number: int) -> JsonObject:
    terms = {f"t{number}x{k}": {"@id": f"urn:t:{k}", "@context": {"q": f"urn:q:{number}"}} for k in range(3)}
    return {
        "@context": [V2, terms],
        "type": ["VerifiableCredential", f"t{number}x0"],
        "issuer": {"id": "urn:i", "name": "x"},
        "q": "a",
        f"t{number}x1": {"q": "b"},
    }


def test_little_is_kept_of_nodes_that_strangers_make_up() -> None:
    for number in range(600):
        wide = {f"n{number}x{at}": at for at in range(2 if number % 2 else 200)}
        node = {"@context": [V2, {"@vocab": "urn:v:"}], "id": "urn:s", "type": f"T{number}", **wide}
        assert to_quads(node, contexts=store(), limits=DEFAULT_LIMITS)
    engine = find_root(store()).engine
    kept = {id(one): one for _, one in engine.planned}.values()
    assert 0 < len(engine.planned) <= 500
    assert sum(map(len, kept)) <= 500
    assert max(len(one.members) for plans in kept for one in plans.values() if isinstance(one, Plan)) <= 64
    assert max(len(table) for table, _ in engine.planned) <= 600


def test_little_is_kept_of_looks_at_them() -> None:
    for number in range(900):
        kinds = {"id": "urn:s", **{f"x{at}": "a" if number >> at & 1 else 1 for at in range(10)}}
        node = {"@context": [V2, {f"x{at}": f"urn:x:{at}" for at in range(10)}], "issuer": kinds}
        assert defines_all({**node, "type": "VerifiableCredential"}, contexts=store())
    engine = find_root(store()).engine
    kept = {id(one): one for _, one in engine.planned}.values()
    assert 0 < sum(map(len, kept)) <= len(engine.planned) <= 500


def test_contexts_of_strangers_are_forgotten_and_pinned_ones_kept() -> None:
    pinned = find_root(store()).with_urls((V2, UNTP))
    most = 0
    for number in range(700):
        assert to_quads(document(number), contexts=store(), limits=DEFAULT_LIMITS)
        most = max(most, find_root(store()).engine.made_of_written)
    assert 500 < most < 1_100
    assert len(find_root(store()).locals) < 600
    assert find_root(store()).with_urls((V2, UNTP)) is pinned


def within(context: object, nodes: int) -> JsonObject:
    return {"@context": context, "part": [{}] * (nodes - 1)}


def terms(count: int, definition: object) -> JsonObject:
    return {f"t{number}": definition for number in range(count)}


@pytest.mark.parametrize(
    ("most", "more"),
    [
        (within(["urn:x"] * MAX_CONTEXTS, 1), within(["urn:x"] * (MAX_CONTEXTS + 1), 1)),
        (within(terms(1000, "urn:t"), 100), within(terms(1001, "urn:t"), 100)),
        (within(terms(1000, "urn:t"), 100), within(terms(1000, "urn:t"), 101)),
        (within(terms(500, {"@id": "urn:t"}), 100), within(terms(500, {"@id": "urn:t"}), 101)),
        # One that an inline one imports weighs as a published one does, and so does one of a single term.
        (within({"@import": "urn:x"}, 332), within({"@import": "urn:x"}, 333)),
        (within({"t": {"@context": "urn:x"}}, 331), within({"t": {"@context": "urn:x"}}, 332)),
        (within({"t": {"@context": None}}, 50_000), within({"t": {"@context": None}}, 50_001)),
    ],
)
def test_what_is_defined_inside_times_what_it_governs_has_an_end(most: JsonObject, more: JsonObject) -> None:
    check_context_weight(most)
    with pytest.raises(UndecidedError) as caught:
        check_context_weight(more)
    assert (caught.value.code, caught.value.cause) == ("limit_contexts", Cause.LIMIT)
