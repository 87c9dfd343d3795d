"""Loads the pinned JSON-LD contexts: W3C's from the JSON-LD library's bundle, ours from the schemas package.

No network. An operator's own contexts come from a folder: files named by the SHA-256 of their RFC 8785 form,
listed in ``contexts.json`` as a map from URL to file name.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from certweave.credential.contexts import ContextStore, digest_context
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.files import make_directory, write_file
from certweave_schemas.load import load_context_digests, load_contexts

LISTING = "contexts.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
STATUS = "https://www.w3.org/ns/credentials/status/v1"
CID = "https://www.w3.org/ns/cid/v1"
_DID = "https://www.w3.org/ns/did/v1"
_CREDENTIALS = "https://www.w3.org/ns/credentials/v2"

BUNDLED = {
    "https://w3id.org/security/suites/ed25519-2020/v1": "security-ed25519-2020-v1.jsonld",
    "https://w3id.org/security/suites/jws-2020/v1": "security-jws-2020-v1.jsonld",
    "https://w3id.org/security/v1": "security-v1.jsonld",
    "https://w3id.org/security/v2": "security-v2.jsonld",
    "https://www.w3.org/2018/credentials/v1": "credentials-v1.jsonld",
    _CREDENTIALS: "credentials-v2.jsonld",
    _DID: "did-v1.jsonld",
}
"""Files of the JSON-LD library's bundle. Read where they lie, because importing the library takes 40 ms."""


@cache
def load_context_store(extra_dir: Path | None = None) -> ContextStore:
    """Return the store of all pinned contexts, those of ``extra_dir`` included; read once for each folder.

    Raises:
        InvalidError: ``context_pin`` where a document is not the pinned one.
        MalformedError: where the operator's listing cannot be read.
    """
    documents: dict[str, JsonObject] = {
        url: json.loads((_bundle() / name).read_bytes()) for url, name in BUNDLED.items()
    }
    documents[DATA_INTEGRITY] = _data_integrity(documents[_CREDENTIALS])
    documents[STATUS] = _status(documents[_CREDENTIALS])
    documents.update(_keys(documents[_DID]))
    documents.update(load_contexts())
    store = ContextStore.from_documents(documents, raw_digests=load_context_digests())
    return store if extra_dir is None else _add_folder(store, extra_dir)


_SECURITY = "https://w3id.org/security#"
_IDENTIFIED = {"id": "@id", "type": "@type", "@protected": True}


def _data_integrity(credentials: JsonObject) -> JsonObject:
    """Return the context of Data Integrity 1.0, whose terms that of VCDM 2.0 repeats word for word.

    https://www.w3.org/TR/vc-data-integrity/#vocabulary; that it is the published one, its digest says.
    """
    proof = {"@id": f"{_SECURITY}proof", "@type": "@id", "@container": "@graph"}
    terms = {**_IDENTIFIED, "proof": proof}
    return {"@context": {**terms, "DataIntegrityProof": credentials["@context"]["DataIntegrityProof"]}}


def _status(credentials: JsonObject) -> JsonObject:
    """Return the context of Bitstring Status List 1.0 §5.2, which that of VCDM 2.0 repeats word for word."""
    shared = ("@protected", "id", "type", "BitstringStatusListCredential")
    lists = ("BitstringStatusList", "BitstringStatusListEntry")
    return {"@context": {name: credentials["@context"][name] for name in shared + lists}}


def _keys(did: JsonObject) -> dict[str, JsonObject]:
    """Return the contexts of two kinds of key, and that of Controlled Identifiers: of DIDs and these keys.

    https://www.w3.org/TR/cid-1.0/#json-ld-context, https://www.w3.org/TR/vc-data-integrity/#vocabulary; that
    they are the published ones, their digests say.
    """
    multikey = {"Multikey": _key("Multikey", "KeyMultibase", f"{_SECURITY}multibase")}
    jwk = {"JsonWebKey": _key("JsonWebKey", "KeyJwk", "@json")}
    return {
        "https://w3id.org/security/multikey/v1": {"@context": {**_IDENTIFIED, **multikey}},
        "https://w3id.org/security/jwk/v1": {"@context": {**_IDENTIFIED, **jwk}},
        CID: {"@context": {**did["@context"], **multikey, **jwk}},
    }


def _key(kind: str, member: str, form: str) -> JsonObject:
    """Return the term of a kind of key, whose public and secret parts stand in members of one form."""
    moment = "http://www.w3.org/2001/XMLSchema#dateTime"
    terms = {
        **_IDENTIFIED,
        "controller": {"@id": f"{_SECURITY}controller", "@type": "@id"},
        "revoked": {"@id": f"{_SECURITY}revoked", "@type": moment},
        "expires": {"@id": f"{_SECURITY}expiration", "@type": moment},
        f"public{member}": {"@id": f"{_SECURITY}public{member}", "@type": form},
        f"secret{member}": {"@id": f"{_SECURITY}secret{member}", "@type": form},
    }
    return {"@id": f"{_SECURITY}{kind}", "@context": terms}


def _bundle() -> Path:
    found = find_spec("pyld")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the JSON-LD library pyld is not installed", name="pyld")
    return Path(found.submodule_search_locations[0], "documentloader", "frozen", "bundled")


def _add_folder(store: ContextStore, folder: Path) -> ContextStore:
    listing = folder / LISTING
    if not listing.exists():
        return store
    for url, name in parse_object(listing.read_bytes(), limits=DEFAULT_LIMITS).items():
        if not isinstance(name, str) or Path(name).name != name:
            raise MalformedError(f"{LISTING} names no file for {url}", code="context_listing")
        store = store.plus(url, parse_object((folder / name).read_bytes(), limits=DEFAULT_LIMITS))
    return store


def save_context(folder: Path, url: str, document: JsonObject) -> None:
    """Pin one more context in an operator's folder, which is made where it is missing.

    Raises:
        MalformedError: where the listing that is there cannot be read.
        OSError: where the folder cannot be written.
    """
    make_directory(folder)
    listing = folder / LISTING
    names = parse_object(listing.read_bytes(), limits=DEFAULT_LIMITS) if listing.exists() else {}
    name = digest_context(document)
    # The listing comes last: what it names is there.
    write_file(folder / name, json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n")
    write_file(listing, json.dumps({**names, url: name}, indent=2, sort_keys=True).encode() + b"\n")
    load_context_store.cache_clear()
