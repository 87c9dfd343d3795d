"""The UNTP 0.7.0 context that we generate is the one that the UN publishes: same document, same expansion."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from tests.support.shared import or_skip, shared, shared_at_collection

from certweave.canon.jcs import canonicalize
from certweave.canon.jsonld import expand
from certweave.credential.contexts import PINS, digest_context
from certweave.credential.untp.context import make_untp_context
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave_edge.contexts import load_context_store

FOLDER = shared_at_collection("untp/0.7.0/samples")
SAMPLES = sorted(FOLDER.iterdir()) if FOLDER else []


def published() -> Any:
    return json.loads(shared("untp/0.7.0/context/untp-context.jsonld").read_text(encoding="utf-8"))


def test_generated_context_is_the_published_one() -> None:
    assert canonicalize(make_untp_context()) == canonicalize(published())
    assert PINS[UNTP_CONTEXT] == digest_context(published())


def test_w3c_context_of_the_bundle_is_the_one_untp_names() -> None:
    v2 = json.loads(shared("untp/0.7.0/vcdm/credentials-v2.jsonld").read_text(encoding="utf-8"))
    assert PINS["https://www.w3.org/ns/credentials/v2"] == digest_context(v2)


@pytest.mark.parametrize("path", or_skip(SAMPLES), ids=lambda path: path.stem)
def test_samples_expand_alike(path: Path) -> None:
    """Ours through our wrapper; the UN's own through the bare library and the published files."""
    document = json.loads(path.read_text(encoding="utf-8"))
    theirs = {
        UNTP_CONTEXT: published(),
        "https://www.w3.org/ns/credentials/v2": json.loads(
            shared("untp/0.7.0/vcdm/credentials-v2.jsonld").read_text(encoding="utf-8")
        ),
    }

    def load(url: str, _options: Any) -> dict[str, Any]:
        return {
            "contentType": "",
            "contextUrl": None,
            "documentUrl": url,
            "document": copy.deepcopy(theirs[url]),
        }

    expected = jsonld.expand(copy.deepcopy(document), {"documentLoader": load})
    assert expand(document, contexts=load_context_store()) == expected


def test_each_copy_is_fresh() -> None:
    first = make_untp_context()
    first["@context"]["Party"]["@context"].clear()
    assert digest_context(make_untp_context()) == PINS[UNTP_CONTEXT]
