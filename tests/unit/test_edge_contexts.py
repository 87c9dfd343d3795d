"""The bundled contexts are read where the JSON-LD library says they lie."""

from pyld.documentloader.frozen import BUNDLED_CONTEXTS

from certweave.credential.contexts import PINS
from certweave_edge.contexts import BUNDLED, _bundle


def test_the_table_agrees_with_the_library() -> None:
    assert {url: _bundle() / name for url, name in BUNDLED.items()} == {
        url: path for url, path in BUNDLED_CONTEXTS.items() if url in PINS
    }
