"""Whatever signed documents say, a product's answer is told: no shape of theirs stops it."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.shirt import ADDRESS, HOST, SHIRT, Shirt

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import CREDENTIAL_STEPS, Check, Outcome, Report, Step
from certweave.product.pieces import Piece, references_of
from certweave.product.tell import tell_product

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORLD = Shirt()
TEXTS = st.sampled_from([SHIRT, "17", "https://w.example/1", "manufacturer", "KGM", "MakeEvent", "2026", ""])
VALUES = st.recursive(
    TEXTS | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False, width=16) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place inside a document's subject."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*path, key) for key, _ in items] + [
        place for key, item in items for place in places(item, (*path, key))
    ]


PLACES = [
    (name, ("credentialSubject", *place))
    for name, document in WORLD.documents.items()
    for place in places(document["credentialSubject"])
]


def spoil(documents: dict[str, JsonObject], name: str, place: tuple[Any, ...], value: Any) -> None:
    """Put a value into a place of a document."""
    at: Any = documents[name]
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value


def piece(name: str, document: JsonObject, outcome: Outcome) -> Piece:
    checks = tuple(
        Check(step, outcome if step is Step.RULES else Outcome.VALID, "code", "detail")
        for step in CREDENTIAL_STEPS
    )
    return Piece(WORLD.url(name), Report(checks, NOW, "p", document=document), b"{}")


@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3, unique_by=lambda one: one[0]
    ),
    st.sampled_from([Outcome.VALID, Outcome.INVALID]),
)
def test_an_answer_is_always_told(changes: list[tuple[Any, Any]], outcome: Outcome) -> None:
    documents = copy.deepcopy(WORLD.documents)
    # Deepest first, so that an earlier change does not take a later one's place away.
    for (name, place), value in sorted(changes, key=lambda change: -len(change[0][1])):
        spoil(documents, name, place, value)
    touched = {name for (name, _), _ in changes}
    pieces = [
        piece(name, document, outcome if name in touched else Outcome.VALID)
        for name, document in documents.items()
    ]
    passport = next(one for one in pieces if one.url == WORLD.url("passport"))
    answer = tell_product(
        ADDRESS,
        passport,
        [one for one in pieces if one is not passport],
        host=HOST,
        found=ADDRESS,
        now=NOW,
    )
    assert json.loads(json.dumps(answer.to_json())) == answer.to_json()
    for one in pieces:
        assert all(found.url.startswith("https://") for found in references_of(one.document))
