"""Loads the pinned JSON-LD contexts: W3C's from the JSON-LD library's bundle, ours from the schemas package.

No network. An operator's own contexts come from a folder: files named by the SHA-256 of their RFC 8785 form,
listed in ``contexts.json`` as a map from URL to file name.
"""

import json
from functools import cache
from pathlib import Path

from pyld.documentloader.frozen import BUNDLED_CONTEXTS

from certweave.credential.contexts import PINS, ContextStore
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave_schemas.load import load_context_digests, load_contexts

LISTING = "contexts.json"


@cache
def load_context_store(extra_dir: Path | None = None) -> ContextStore:
    """Return the store of all pinned contexts, those of ``extra_dir`` included; read once for each folder.

    Raises:
        InvalidError: ``context_pin`` where a document is not the pinned one.
        MalformedError: where the operator's listing cannot be read.
    """
    documents: dict[str, JsonObject] = {
        url: json.loads(path.read_bytes()) for url, path in BUNDLED_CONTEXTS.items() if url in PINS
    }
    documents.update(load_contexts())
    store = ContextStore.from_documents(documents, raw_digests=load_context_digests())
    return store if extra_dir is None else _add_folder(store, extra_dir)


def _add_folder(store: ContextStore, folder: Path) -> ContextStore:
    listing = folder / LISTING
    if not listing.exists():
        return store
    for url, name in parse_object(listing.read_bytes(), limits=DEFAULT_LIMITS).items():
        if not isinstance(name, str) or Path(name).name != name:
            raise MalformedError(f"{LISTING} names no file for {url}", code="context_listing")
        store = store.plus(url, parse_object((folder / name).read_bytes(), limits=DEFAULT_LIMITS))
    return store
