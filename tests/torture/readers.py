"""What reads each kind of corpus member, and what a mutated one may still say.

A reader raises our own errors or returns what it *believes*: the verified documents, for what is signed;
nothing, for what is not (there only foreign exceptions are failures). A mutated member may be believed only
where what it says is what the original said. Said is compared as follows, and nothing else is let through:

- documents as their canonical JSON (RFC 8785): a number may be written in another way, a member may not move;
- documents under an RDF suite as their canonical N-Quads: a set of one is its member, and order is no matter;
- an SD-JWT without key binding may lose whole disclosures: its holder chooses, without signing anything;
- a DID log may end earlier: it then says what it said earlier;
- evidence in an examination: the credential, and the document where somebody signed for it (scenes.py);
- of a splice, what the other member said.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache, partial
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.canon.nquads import parse_nquads
from certweave.canon.rdf import canonical_form
from certweave.canon.rdfc import Hash
from certweave.canon.rdfc import canonicalize as canonicalize_quads
from certweave.credential.json_schema import check_against, check_schema, parse_schema
from certweave.credential.terms import check_terms
from certweave.credential.vcdm import check_credential, check_presentation
from certweave.did.document import parse_did_document
from certweave.did.history import KeyPeriod
from certweave.did.syntax import parse_did_url, to_urls
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.twin import check_twin
from certweave.encoding.cbor import decode_cbor
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, MissingEvidenceError
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import Report, Verdict
from certweave.examine.report_json import report_json
from certweave.exchange.dcql import parse_query
from certweave.exchange.vc_api import (
    parse_derive_request,
    parse_issue_request,
    parse_status_request,
    parse_verify_credential,
)
from certweave.exchange.vci_metadata import parse_issuer_metadata
from certweave.exchange.vci_offer import parse_offer
from certweave.exchange.vci_proof import parse_proof_jwt, verify_proof
from certweave.exchange.vci_token import parse_token_request
from certweave.exchange.vp_request import parse_request, verify_request
from certweave.exchange.vp_response import parse_response
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS as LIMITS
from certweave.log.receipt import check_receipt, parse_receipt, verify_receipt
from certweave.product.address import parse_product_url
from certweave.product.links import parse_linkset
from certweave.proof.cose import check_cose_header, verify_sign1
from certweave.proof.jose import check_header, parse_compact, verify_jws
from certweave.proof.sd_jwt.json_form import to_compact
from certweave.proof.sd_jwt.type_metadata import parse_type_metadata
from certweave.status.record import parse_signed_record
from certweave.status.token_list import TYP as LIST_TYP
from certweave.status.token_list import TokenEntry, read_token_status
from certweave.status.token_list_cwt import TYP as LIST_CWT
from certweave.status.token_list_cwt import parse_token_list_cwt
from certweave.trust.policy import INTEGRITY, parse_policy
from certweave_edge.contexts import load_context_store
from tests.support.keys import P256
from tests.support.status import LEDGER, read
from tests.support.status import signer as ledger_signer
from tests.torture.corpus import ASKED, LATER, LIST_URL, LOG, NOW
from tests.torture.scenes import TYPE
from tests.torture.shopping import tell
from tests.torture.vouching import scenes

Believed = tuple[str, ...] | None
Reader = Callable[[bytes], Believed]
CONTEXTS: Final = load_context_store(None)


class NotOurTextError(Exception):
    """The mutation is no text, and the thing under test takes text: nothing to ask."""


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NotOurTextError from None


def _canonical(document: JsonObject) -> str:
    return canonicalize(document).decode()


def _documents(report: Report) -> Iterator[str]:
    if report.document is not None:
        yield _canonical(report.document)
    for inner in report.credentials:
        yield from _documents(inner)


def _examined(data: bytes, expect: Expectation) -> Believed:
    report = examine(
        data, Evidence(), policy=INTEGRITY, now=NOW, limits=LIMITS, contexts=CONTEXTS, expect=expect
    )
    json.dumps(report_json(report))
    if report.verdict is not Verdict.VALID:
        return None
    return tuple(_documents(report))


def _credential(data: bytes) -> Believed:
    # The rules of the model and the terms see the document unsigned, too: the way of an issuer.
    if data[:1] == b"{":
        for rule in (check_credential, check_presentation, lambda one: check_terms(one, contexts=CONTEXTS)):
            try:
                rule(parse_object(data, limits=LIMITS))
            except CertweaveError:
                continue
    return _examined(data, NOTHING_EXPECTED)


def _log(data: bytes) -> Believed:
    history = fold_log(LOG.did, data, fetched_at=LATER, now=LATER)
    return tuple(_canonical(version.document.raw) for version in history.versions)


def _receipt(data: bytes) -> Believed:
    receipt, jws = parse_receipt(data, limits=LIMITS)
    verify_receipt(receipt, jws, KeyPeriod(receipt.method, ledger_signer().public, None, None, "in_force"))
    check_receipt(receipt, bytes(32), ledger=LEDGER, now=NOW, limits=LIMITS)
    return (receipt.digest.hex(), receipt.at.isoformat(), receipt.method)


def _token_list(data: bytes) -> Believed:
    if data[:1].isascii():
        jws = parse_compact(data, limits=LIMITS)
        check_header(jws.header, typ=LIST_TYP)
        payload = parse_object(jws.payload, limits=LIMITS)
        verify = partial(verify_jws, jws)
    else:
        message, payload = parse_token_list_cwt(data, limits=LIMITS)
        check_cose_header(message.header, typ=LIST_CWT)
        verify = partial(verify_sign1, message)
    entry = TokenEntry(3, LIST_URL)
    read_token_status(
        payload, entry, now=NOW, fetched_at=NOW, own_fetch=True, max_age=timedelta(1), limits=LIMITS
    )
    verify(P256.public)
    return (repr(sorted(payload.items())),)


def _request(data: bytes) -> Believed:
    request = parse_request(data, limits=LIMITS)
    verify_request(request, P256.public)
    return (repr(request),)


def _proof(data: bytes) -> Believed:
    proof = parse_proof_jwt(_text(data), limits=LIMITS)
    verify_proof(proof, P256.public)
    return (_canonical(parse_object(parse_compact(data, limits=LIMITS).payload, limits=LIMITS)),)


def _record(data: bytes) -> Believed:
    record, jws = parse_signed_record(data, limits=LIMITS)
    verify_jws(jws, ledger_signer().public)
    return (repr(record),)


def _quads(data: bytes) -> Believed:
    canonicalize_quads(parse_nquads(_text(data)), hash_name=Hash.SHA256, limits=LIMITS)
    return None


def _load(url: str) -> bytes:
    raise MissingEvidenceError(f"no schema at {url[:60]!a}", code="evidence_missing")


def _schema(data: bytes) -> Believed:
    schema = parse_schema(data, limits=LIMITS)
    check_schema(schema)
    check_against({"name": "Ab", "n": 1}, schema, load=_load, limits=LIMITS)
    return None


def _links(data: bytes) -> Believed:
    parse_linkset(parse_object(data, limits=LIMITS), limits=LIMITS)
    return None


def _did(data: bytes) -> Believed:
    to_urls(parse_did_url(_text(data)).did)
    return None


def _object(read_one: Callable[[JsonObject], object]) -> Reader:
    def run(data: bytes) -> None:
        read_one(parse_object(data, limits=LIMITS))

    return run


def _as_text(read_one: Callable[[str], object]) -> Reader:
    def run(data: bytes) -> None:
        read_one(_text(data))

    return run


def _as_data(read_one: Callable[[bytes], object]) -> Reader:
    def run(data: bytes) -> None:
        read_one(data)

    return run


READERS: Final[dict[str, Reader]] = {
    "credential": _credential,
    "presentation": lambda data: _examined(data, ASKED),
    "log": _log,
    "receipt": _receipt,
    "token-list": _token_list,
    "record": _record,
    "type": _as_data(lambda data: parse_type_metadata(data, TYPE, limits=LIMITS)),
    "request": _request,
    "proof": _proof,
    "bits": _object(read),
    "twin": _object(lambda one: check_twin(one, LOG.history)),
    "document": _object(lambda one: parse_did_document(one, did=LOG.did)),
    "policy": _object(parse_policy),
    "schema": _schema,
    "links": _links,
    "quads": _quads,
    "cbor": _as_data(lambda data: decode_cbor(data, limits=LIMITS)),
    "multikey": _as_text(parse_multikey),
    "jwk": _object(parse_public_jwk),
    "did": _did,
    "address": _as_text(parse_product_url),
    "query": _object(lambda one: parse_query(one, limits=LIMITS)),
    "offer": _object(parse_offer),
    "metadata": _object(lambda one: parse_issuer_metadata(one, issuer="https://issuer.example/a")),
    "response": _as_data(lambda data: parse_response(data, limits=LIMITS)),
    "token": _as_data(lambda data: parse_token_request(data, limits=LIMITS)),
    "issue": _object(parse_issue_request),
    "verify": _object(parse_verify_credential),
    "derive": _object(parse_derive_request),
    "status": _object(parse_status_request),
}
SIGNED: Final = frozenset(
    (
        *("credential", "presentation", "log", "receipt", "token-list", "request", "proof"),
        "record",
        "evidence",
    )
)


def reader_of(name: str) -> Reader:
    """Return the reader of the corpus member with this file name."""
    kind, _, rest = name.partition(".")
    member = rest.rpartition(".")[0]
    if kind == "product":
        return lambda data: tell(member, data)
    return scenes()[member].believed if kind == "evidence" else READERS[kind]


def said_by(name: str, data: bytes) -> frozenset[tuple[str, ...]]:
    """Return everything that a member may be believed to say, mutated or not (see above).

    Raises:
        CertweaveError: the member itself cannot be read: the corpus is broken.
    """
    kind = name.partition(".")[0]
    if kind not in SIGNED:
        return frozenset()
    said = reader_of(name)(data)
    found = set() if said is None else {said}
    if kind == "log" and said is not None:
        found |= {said[:count] for count in range(1, len(said))}
    if name == "credential.sd-jwt-as-json.json":
        data = to_compact(parse_object(data, limits=LIMITS), limits=LIMITS).encode()
    if kind == "credential" and b"~" in data[-1:]:
        token, *shown = data.removesuffix(b"~").split(b"~")
        for count in range(len(shown)):
            for kept in itertools.combinations(shown, count):
                less = reader_of(name)(b"~".join((token, *kept, b"")))
                found |= set() if less is None else {less}
    return frozenset(found)


@cache
def statements(documents: tuple[str, ...]) -> tuple[str, ...]:
    """Return documents as canonical N-Quads, the same for all that an RDF suite signs alike."""
    return tuple(
        canonical_form(json.loads(one), contexts=CONTEXTS, limits=LIMITS, hash_name=Hash.SHA256).text
        for one in documents
    )
