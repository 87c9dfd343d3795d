"""Evidence in the middle of an examination: a document of each kind is a member of the corpus, to be mutated.

A scene is a credential with all that an examination of it looks at. Some are honest: with the document as it
is the verdict is valid, and a mutated one may only be believed where it says the same. In the others, named
``bad-…``, the document is why the credential is *not* valid; no mutation of it may make it so.

Everything follows from fixed keys and times (Ed25519 throughout), so that the members which are committed are
those of the scenes. Each scene has a party of its own: what one of them published proves nothing in another.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.did.webvh.write import MethodTemplate, make_document
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need
from certweave.examine.examine import examine
from certweave.examine.report import Report, Verdict
from certweave.examine.report_json import report_json
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS as LIMITS
from certweave.log.receipt import secured_digest
from certweave.proof.cose import STARTS, parse_sign1
from certweave.proof.data_integrity import add_proof
from certweave.proof.jose import parse_compact
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around
from certweave.proof.vc_cose import sign_credential_cose
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.status.bitstring import make_bits, make_status_list, set_bit
from certweave.status.token_list import make_statuses, set_status, sign_token_list
from certweave.status.token_list_cwt import sign_token_list_cwt
from certweave.trust.policy import INTEGRITY, Policy
from tests.support.selective import entropy
from tests.support.world import LEDGER_HOST, Party, World, contexts, plain_credential

INDEX: Final = 7
CONTEXT_URL: Final = "https://mill.example/context"
CONTEXT: Final[JsonObject] = {
    "@context": {
        "@protected": True,
        "mass": {
            "@id": "https://mill.example/terms#mass",
            "@type": "http://www.w3.org/2001/XMLSchema#integer",
        },
        "Bale": {
            "@id": "https://mill.example/terms#Bale",
            "@context": {"lot": "https://mill.example/terms#lot"},
        },
        "parts": {"@id": "https://mill.example/terms#parts", "@container": "@list"},
    }
}
SCHEMA: Final[JsonObject] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {"credentialSubject": {"properties": {"name": {"type": "string", "maxLength": 20}}}},
    "required": ["credentialSubject"],
}
TYPE: Final = "https://types.example/bale"


@dataclass(frozen=True, slots=True)
class Scene:
    """A credential, its evidence, and which document of that is mutated.

    Attributes:
        source: the credential.
        need: names the document that is the member of the corpus.
        evidence: all of it, the honest document included.
        world: the time of the examination, and who published what.
        exact: how the document must still read to be believed: as JSON, ``bytes`` byte for byte, None where
            nobody signed it, so that a change may change what is believed.
        policy: whom the examiner trusts.
    """

    source: bytes
    need: Need
    evidence: Evidence
    world: World
    exact: Callable[[bytes], tuple[str, ...]] | None
    policy: Policy

    @property
    def content(self) -> bytes:
        """The honest document, or the one that says no."""
        if self.need.kind is Kind.CONTEXT:
            return json.dumps(CONTEXT).encode()
        found = self.evidence.find(self.need)
        return found.content if isinstance(found, Fetched) else b""

    def examine(self, content: bytes) -> Report:
        """Examine the credential with another document in that place."""
        known, pinned = self.evidence, contexts()
        if self.need.kind is Kind.CONTEXT:
            pinned = pinned.plus(CONTEXT_URL, parse_object(content, limits=LIMITS))
        else:
            found = known.find(self.need)
            if isinstance(found, Fetched):
                known = known.plus({self.need: replace(found, content=content)})
        return examine(
            self.source, known, policy=self.policy, now=self.world.clock, limits=LIMITS, contexts=pinned
        )

    def believed(self, content: bytes) -> tuple[str, ...] | None:
        """Return what the credential and the document say where both are believed."""
        report = self.examine(content)
        json.dumps(report_json(report))
        if report.verdict is not Verdict.VALID or report.document is None:
            return None
        return (canonicalize(report.document).decode(), *self._said(content))

    def _said(self, content: bytes) -> tuple[str, ...]:
        try:
            return self.exact(content) if self.exact else ()
        except CertweaveError as error:
            # It was believed; that it cannot be read must not look as if it had been turned away.
            return (f"unreadable: {error.code}",)


def _as_json(content: bytes) -> tuple[str, ...]:
    """Return a document or the claims of a token in canonical form; a message as its payload.

    Of a document with its proof inside, without that, and under the contexts that the proof names.
    """
    text = content.strip()
    if content[:1] in STARTS:
        text = parse_sign1(content, limits=LIMITS).payload
    elif not text.startswith(b"{"):
        text = parse_compact(text.strip(b'"'), limits=LIMITS).payload
    document = parse_object(text, limits=LIMITS)
    proof = document.pop("proof", None)
    named = proof[0] if isinstance(proof, list) and proof else proof
    if isinstance(named, dict) and "@context" in named:
        document["@context"] = named["@context"]
    return (canonicalize(document).decode(),)


def as_log(content: bytes) -> tuple[str, ...]:
    """Return the entries of a log without their proofs, in canonical form."""
    entries = [parse_object(line, limits=LIMITS) for line in content.splitlines() if line.strip()]
    return tuple(canonicalize({**entry, "proof": None}).decode() for entry in entries)


def _as_bytes(content: bytes) -> tuple[str, ...]:
    return (hashlib.sha256(content).hexdigest(),)


def make_scene(
    world: World, source: bytes, kind: Kind, url: str, exact: Any = _as_json, *, policy: Policy = INTEGRITY
) -> Scene:
    """Return the scene of an examination under ``policy``, in which the document at ``url`` is mutated."""
    report = world.examine(source, policy=policy)
    need = Need(kind, url)
    if kind is not Kind.CONTEXT and not isinstance(world.evidence.find(need), Fetched):
        raise ValueError(f"the examination does not look at {url}: {report.checks}")
    return Scene(source, need, world.evidence, world, exact, policy)


def _listed(party: Party, url: str, *, bad: bool) -> JsonObject:
    bits = make_bits()
    if bad:
        set_bit(bits, INDEX, True)
    now = party.world.clock
    return make_status_list(
        url,
        issuer=party.did,
        purpose="suspension",
        bits=bits,
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )


def _over_statements(document: JsonObject, party: Party) -> bytes:
    around = Around(contexts(), LIMITS)
    signed = add_proof(
        document,
        party.signer,
        suite=get_suite("eddsa-rdfc-2022"),
        around=around,
        created=party.world.clock,
        purpose="assertionMethod",
    )
    return json.dumps(signed).encode()


_SECURE: Final[dict[str, Callable[[JsonObject, Party], bytes]]] = {
    "jcs": lambda it, party: party.embed(it),
    "rdfc": _over_statements,
    "jwt": lambda it, party: sign_credential_jwt(it, party.signer, issued_at=party.world.clock).encode(),
    "cose": lambda it, party: sign_credential_cose(it, party.signer, issued_at=party.world.clock),
}


def _begin(name: str) -> tuple[World, Party]:
    world = World()
    party = world.party(name)
    world.clock += timedelta(hours=2)
    return world, party


def _status(way: str, name: str, *, bad: bool) -> Scene:
    world, fa = _begin(name)
    url = f"https://certs.example/{name}"
    world.documents[url] = _SECURE[way](_listed(fa, url, bad=bad), fa)
    entry = {**fa.entry(INDEX), "statusListCredential": url}
    return make_scene(world, fa.issue(plain_credential(fa, credentialStatus=entry)), Kind.STATUS, url)


def _token_status(name: str, *, bad: bool) -> Scene:
    """An SD-JWT VC whose claim ``status`` leads to a token status list."""
    world, fa = _begin(name)
    url = f"https://certs.example/{name}"
    statuses = make_statuses(32, 2)
    set_status(statuses, INDEX, 1 if bad else 0, 2)
    signed = sign_token_list(url, fa.signer, data=statuses, bits=2, issued_at=world.clock)
    world.documents[url] = signed.encode()
    place = {"status_list": {"idx": INDEX, "uri": url}}
    return make_scene(world, _claims(fa, status=place), Kind.STATUS, url)


def _message_status(name: str, *, bad: bool) -> Scene:
    """A COSE message whose claim ``status`` leads to a token status list in CBOR."""
    world, fa = _begin(name)
    url = f"https://certs.example/{name}"
    statuses = make_statuses(32, 2)
    set_status(statuses, INDEX, 1 if bad else 0, 2)
    now = world.clock
    world.documents[url] = sign_token_list_cwt(url, fa.signer, data=statuses, bits=2, issued_at=now)
    place: JsonObject = {"status_list": {"idx": INDEX, "uri": url}}
    source = sign_credential_cose(plain_credential(fa), fa.signer, issued_at=now, status=place)
    return make_scene(world, source, Kind.STATUS, url, _as_payload)


def _as_payload(content: bytes) -> tuple[str, ...]:
    return (parse_sign1(content, limits=LIMITS).payload.hex(),)


def _claims(party: Party, **more: Any) -> bytes:
    claims = {"iss": party.did, "vct": "urn:example:bale", "name": "A bale", **more}
    return sign_sd_jwt_vc(
        claims, party.signer, issued_at=party.world.clock, hidden=["/name"], entropy=entropy()
    ).encode()


def _log(name: str, *, bad: bool) -> Scene:
    world, fa = _begin(name)
    fa.rotate()
    world.clock += timedelta(hours=1)
    key = world.new_key() if bad else fa.key
    signer = KeySigner(f"{fa.did}#{key.public.multikey}", key)
    source = sign_credential_jwt(plain_credential(fa), signer, issued_at=world.clock).encode()
    return make_scene(world, source, Kind.DID, f"https://{LEDGER_HOST}/{name}/did.jsonl", as_log)


def _web(name: str, *, bad: bool) -> Scene:
    """An issuer by did:web alone, whose document nobody signed."""
    world, fa = _begin(name)
    did = f"did:web:{name}.example"
    document = make_document(f"{name}.example", [MethodTemplate(fa.key.public)])
    text = json.dumps(document).replace("did:webvh:{SCID}", "did:web")
    world.documents[f"https://{name}.example/.well-known/did.json"] = text.encode()
    key = world.new_key() if bad else fa.key
    signer = KeySigner(f"{did}#{fa.key.public.multikey}", key)
    source = sign_credential_jwt(
        {**plain_credential(fa), "issuer": did}, signer, issued_at=world.clock
    ).encode()
    return make_scene(world, source, Kind.DID, f"https://{name}.example/.well-known/did.json", None)


def _twin(name: str, *, bad: bool) -> Scene:
    """An issuer by the did:web that is the twin of a did:webvh."""
    world, fa = _begin(name)
    did = f"did:web:{LEDGER_HOST}:{name}"
    key = world.new_key() if bad else fa.key
    signer = KeySigner(f"{did}#{fa.key.public.multikey}", key)
    source = sign_credential_jwt(
        {**plain_credential(fa), "issuer": did}, signer, issued_at=world.clock
    ).encode()
    return make_scene(world, source, Kind.DID, f"https://{LEDGER_HOST}/{name}/did.json", None)


def _receipt(name: str, *, bad: bool, ledger: bool = False) -> Scene:
    """A key that was retired since, and a receipt of before; or one that came too late."""
    world, fa = _begin(name)
    source = fa.issue(plain_credential(fa), receipt=not bad)
    world.clock += timedelta(days=10)
    fa.rotate()
    world.clock += timedelta(days=10)
    if bad:
        world.date(source.decode())
    if ledger:
        return make_scene(world, source, Kind.DID, f"https://{LEDGER_HOST}/ledger-itself/did.jsonl", as_log)
    url = f"{world.receipts_url}/{secured_digest(source.decode()).hex()}"
    return make_scene(world, source, Kind.RECEIPT, url)


def _sri(content: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _schema(name: str, *, bad: bool, digest: bool = True) -> Scene:
    world, fa = _begin(name)
    url = f"https://schemas.example/{name}"
    content = json.dumps({"$id": url, **SCHEMA}).encode()
    world.documents[url] = content
    entry: JsonObject = {"id": url, "type": "JsonSchema"}
    if digest:
        entry["digestSRI"] = _sri(content)
    document = plain_credential(fa, credentialSchema=entry)
    document["credentialSubject"]["name"] = "A" * (21 if bad else 20)
    return make_scene(world, fa.issue(document), Kind.SCHEMA, url, _as_bytes if digest else None)


def _type(name: str, *, bad: bool, digest: bool = True) -> Scene:
    world, fa = _begin(name)
    rules = [{"path": ["name"], "mandatory": True}, {"path": ["grade"], "mandatory": bad}]
    content = json.dumps({"vct": TYPE, "name": "A bale", "claims": rules}).encode()
    world.documents[TYPE] = content
    integrity = {"vct#integrity": _sri(content)} if digest else {}
    return make_scene(
        world, _claims(fa, vct=TYPE, **integrity), Kind.TYPE, TYPE, _as_bytes if digest else None
    )


def _web_issuer(name: str, *, bad: bool) -> Scene:
    world, fa = _begin(name)
    address = f"https://{name}.example"
    keys = {"keys": [{**make_public_jwk(fa.key.public), "kid": "key-1"}]}
    url = f"{address}/.well-known/jwt-vc-issuer"
    world.documents[url] = json.dumps({"issuer": address, "jwks": keys}).encode()
    signer = KeySigner("key-1", world.new_key() if bad else fa.key)
    claims = {"iss": address, "vct": "urn:example:bale", "name": "A bale"}
    source = sign_sd_jwt_vc(claims, signer, issued_at=world.clock, hidden=(), entropy=entropy()).encode()
    return make_scene(world, source, Kind.ISSUER, url, None)


def _context(name: str) -> Scene:
    """A context that the operator pinned, under a signature over statements."""
    world, fa = _begin(name)
    document = plain_credential(fa)
    document["@context"].append(CONTEXT_URL)
    document["credentialSubject"] |= {"type": "Bale", "mass": 7, "lot": "L1", "parts": [1, 2]}
    pinned = contexts().plus(CONTEXT_URL, CONTEXT)
    signed = add_proof(
        document,
        fa.signer,
        suite=get_suite("eddsa-rdfc-2022"),
        around=Around(pinned, LIMITS),
        created=world.clock,
        purpose="assertionMethod",
    )
    return make_scene(world, json.dumps(signed).encode(), Kind.CONTEXT, CONTEXT_URL, None)


@cache
def scenes() -> dict[str, Scene]:
    """Return every scene by its name; names with ``rdfc`` are those whose documents make statements."""
    found: dict[str, Scene] = {}
    for bad in (False, True):
        word = "bad-" if bad else ""
        for way in _SECURE:
            found[f"{word}status-{way}"] = _status(way, f"{word}status-{way}", bad=bad)
        for name, make in _BOTH.items():
            found[f"{word}{name}"] = make(f"{word}{name}", bad=bad)
    found["ledger"] = _receipt("ledger", bad=False, ledger=True)
    found["schema-alone"] = _schema("schema-alone", bad=False, digest=False)
    found["type-alone"] = _type("type-alone", bad=False, digest=False)
    found["context-rdfc"] = _context("context")
    return found


_BOTH: Final[dict[str, Callable[..., Scene]]] = {
    "status-token": _token_status,
    "status-cwt": _message_status,
    "log": _log,
    "web": _web,
    "twin": _twin,
    "receipt": _receipt,
    "schema": _schema,
    "type": _type,
    "web-issuer": _web_issuer,
}
