"""The corpus: one file for each thing that a stranger may send, named ``READER.NAME.ext``.

``python -m tests.torture.corpus`` makes the files anew: our own code, keys that everybody knows, fixed times
and salts. They are committed, so that a case of ``make torture`` is the same case for everybody.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from certweave.did.key import make_did_key, make_did_key_method
from certweave.did.webvh.twin import make_twin
from certweave.did.webvh.write import rotate_log
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.exchange.dcql import make_query
from certweave.exchange.vci_metadata import Configuration, make_issuer_metadata
from certweave.exchange.vci_offer import TransactionCode, make_offer
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import make_receipt
from certweave.proof.cose import STARTS
from certweave.proof.data_integrity import add_proof
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.binding import bind_sd_jwt
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt, sign_presentation_sd_jwt
from certweave.proof.suites.bbs_2023_values import Feature
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Around, Suite
from certweave.proof.vc_cose import envelope_cose, sign_presentation_cose
from certweave.proof.vc_jwt import envelope, sign_presentation_jwt
from certweave.proof.ways import WAYS, secure_credential
from certweave.status.bitstring import make_bits, make_status_list
from certweave.status.reasons import Action
from certweave.status.record import StatusRecord, sign_record
from certweave.status.token_list import make_statuses, sign_token_list
from certweave.status.token_list_cwt import sign_token_list_cwt
from tests.support.certificates import extension_document
from tests.support.committing import show
from tests.support.did_logs import LATER, day, private_key, simple_log
from tests.support.did_logs import signer as log_signer
from tests.support.disclosing import derive, entropy, secure
from tests.support.keys import BY_ALGORITHM, ED25519, P256, P384
from tests.support.selective import as_json
from tests.support.shared import ROOT
from tests.support.status import LEDGER, status_list
from tests.support.status import signer as ledger_signer
from tests.support.suites import NOW, contexts, draft
from tests.support.trust import POLICY
from tests.torture.scenes import TYPE
from tests.torture.shopping import documents
from tests.torture.vouching import scenes

FOLDER: Final = ROOT / "tests/torture/corpus"
ASKED: Final = Expectation("https://verifier.example", "n-1")
LIST_URL: Final = "https://certs.example/status/1"
FIRST: Final = simple_log(next_keys=[private_key(2).public])
LOG: Final = rotate_log(FIRST.did, FIRST.log, signer=log_signer(2), time=day(1))
TYPES: Final = ("TransactionCertificate", "LabelRelease")
Files = dict[str, bytes]


def of_key(key: PrivateKey) -> KeySigner:
    """Return a signer by the did:key of ``key``."""
    return KeySigner(make_did_key_method(key.public), key)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _secure(document: JsonObject, way: str, signer: KeySigner, *pointers: str) -> Any:
    return secure_credential(
        document,
        signer,
        way=way,
        contexts=contexts(),
        limits=DEFAULT_LIMITS,
        now=NOW,
        entropy=entropy(way),
        pointers=pointers,
    )


def _credentials() -> Files:
    """One credential for each way and key, in VCDM 2.0; 1.1 and UNTP where they differ."""
    found: Files = {}
    for way in WAYS.values():
        for algorithm in way.algorithms:
            key = BY_ALGORITHM.get(algorithm)
            if key is None:
                continue
            pointers = ("/credentialSubject/name",) if way.pointers == "withhold" else ()
            secured = _secure(draft(key), way.name, of_key(key), *pointers)
            name = f"credential.{way.name}-{algorithm.value}"
            if isinstance(secured, dict):
                found[f"{name}.json"] = _dump(secured)
            else:
                found[f"{name}.txt" if isinstance(secured, str) else f"{name}.cbor"] = (
                    secured.encode() if isinstance(secured, str) else secured
                )
    found["credential.sd-jwt-as-json.json"] = _dump(as_json(found["credential.vc+sd-jwt-Ed25519.txt"]))
    for suite in ("ecdsa-sd-2023", "bbs-2023"):
        found[f"credential.{suite}-base.json"] = _dump(secure(suite))
        found[f"credential.{suite}-derived.json"] = _dump(derive(suite, "/credentialSubject/boats/0"))
    found["credential.bbs-2023-holder-binding.json"] = _dump(show(Feature.HOLDER_BINDING))
    return found | _older() | _legacy() | _untp() | _bodies()


def _older() -> Files:
    found: Files = {}
    for suite in ("Ed25519Signature2020", "eddsa-jcs-2022", "eddsa-rdfc-2022"):
        document = draft(ED25519, issuanceDate="2026-01-01T00:00:00Z")
        document["@context"] = ["https://www.w3.org/2018/credentials/v1"]
        document["credentialSubject"] = {"id": "https://id.example/1"}
        del document["validFrom"]
        found[f"credential.1-1-{suite}.json"] = _dump(_secure(document, suite, of_key(ED25519)))
    return found


def _legacy() -> Files:
    """Tokens of VCDM 1.1's time: the credential or presentation is a claim beside the others."""
    older = draft(P256, issuanceDate="2026-01-01T00:00:00Z", credentialSubject={"id": "https://id.example/1"})
    older["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    del older["validFrom"]
    issuer, start = older["issuer"], int(NOW.timestamp())
    times = {"nbf": start - 9, "iat": start, "exp": start + 10**6}
    shown = draft(ED25519, credentialSubject={"id": issuer, "name": "Bale 1"})
    presented = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": issuer,
        "verifiableCredential": [envelope(_secure(shown, "vc+jwt", of_key(ED25519)))],
    }
    asked = {"aud": ASKED.audience, "nonce": ASKED.nonce, "iat": start}
    made = {
        "credential.legacy-1-1": ("Credential", {"vc": older, "iss": issuer, **times}),
        "credential.legacy-2-0": ("Credential", {"vc": draft(P256), "iss": issuer}),
        "presentation.legacy": ("Presentation", {"vp": presented, "iss": issuer, **asked}),
    }
    return {
        f"{name}.json": _dump(
            {
                "@context": "https://www.w3.org/ns/credentials/v2",
                "id": f"data:application/jwt,{sign_compact(_dump(claims), {'typ': 'JWT'}, of_key(P256))}",
                "type": f"EnvelopedVerifiable{kind}",
            }
        )
        for name, (kind, claims) in made.items()
    }


def _untp() -> Files:
    found: Files = {}
    for kind in TYPES:
        document = extension_document(kind)
        document["issuer"]["id"] = make_did_key(ED25519.public)
        del document["credentialStatus"]
        for way in ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"):
            secured = _secure(document, way, of_key(ED25519))
            ending = "json" if isinstance(secured, dict) else "txt"
            found[f"credential.untp-{kind}-{way}.{ending}"] = (
                _dump(secured) if isinstance(secured, dict) else secured.encode()
            )
    return found


def _bodies() -> Files:
    token = _secure(draft(P256), "vc+jwt", of_key(P256))
    message = _secure(draft(P256), "vc+cose", of_key(P256))
    one = _around(draft(ED25519), "eddsa-jcs-2022", ED25519, "assertionMethod", proof_id="urn:x:1")
    chain = _around(one, "eddsa-rdfc-2022", ED25519, "assertionMethod", previous_proof="urn:x:1")
    return {
        "credential.envelope.json": _dump({"verifiableCredential": envelope(token)}),
        "credential.envelope-cose.json": _dump(envelope_cose(message)),
        "credential.chain.json": _dump(chain),
    }


def _around(document: JsonObject, suite: str, key: PrivateKey, purpose: str, **more: Any) -> JsonObject:
    found: Suite = SUITES[suite]
    around = Around(contexts(), DEFAULT_LIMITS)
    return add_proof(document, of_key(key), suite=found, around=around, created=NOW, purpose=purpose, **more)


def _presentations() -> Files:
    """One presentation for each way, shown on request."""
    holder = of_key(P256)
    shown_one = draft(ED25519, credentialSubject={"id": make_did_key(P256.public), "name": "Bale 1"})
    token = _secure(shown_one, "vc+jwt", of_key(ED25519))
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": make_did_key(P256.public),
        "verifiableCredential": [envelope(token)],
    }
    asked: dict[str, Any] = {"issued_at": NOW, "audience": ASKED.audience, "nonce": ASKED.nonce}
    withheld = sign_presentation_sd_jwt(document, holder, entropy=entropy("vp"), **asked)
    found = {
        "presentation.vp+jwt.txt": sign_presentation_jwt(document, holder, **asked).encode(),
        "presentation.vp+cose.cbor": sign_presentation_cose(document, holder, **asked),
        "presentation.vp+sd-jwt.txt": withheld.encode(),
    }
    for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        shown = _around(document, suite, P256, "authentication", domain=ASKED.audience, challenge=ASKED.nonce)
        found[f"presentation.{suite}.json"] = _dump(shown)
    named = show(Feature.HOLDER_BINDING_PSEUDONYM, ASKED.audience or "")
    found["presentation.bbs-2023-pseudonym.json"] = _dump(
        _around(
            {**document, "verifiableCredential": [named]},
            "ecdsa-rdfc-2019",
            P256,
            "authentication",
            domain=ASKED.audience,
            challenge=ASKED.nonce,
        )
    )
    hidden = {"issued_at": NOW, "entropy": entropy("kb"), "holder": P256.public}
    w3c = sign_credential_sd_jwt(draft(P384), of_key(P384), hidden=["/credentialSubject/name"], **hidden)
    claims = {"iss": make_did_key(P384.public), "vct": "urn:example:certificate", "name": "A", "grade": "B"}
    ietf = sign_sd_jwt_vc(claims, of_key(P384), hidden=["/name", "/grade"], **hidden)
    for name, made in (("vc+sd-jwt", w3c), ("dc+sd-jwt", ietf)):
        bound = bind_sd_jwt(
            made,
            holder,
            audience=ASKED.audience or "",
            nonce=ASKED.nonce or "",
            issued_at=NOW,
            limits=DEFAULT_LIMITS,
        )
        found[f"presentation.{name}.txt"] = bound.encode()
        found[f"presentation.{name}-as-json.json"] = _dump(as_json(bound, general=name == "dc+sd-jwt"))
    return found


def _lists() -> Files:
    bits = make_bits()
    listed = make_status_list(
        LIST_URL,
        issuer=make_did_key(ED25519.public),
        purpose="revocation",
        bits=bits,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=9),
    )
    statuses = make_statuses(20, 2)
    token = sign_token_list(LIST_URL, of_key(P256), data=statuses, bits=2, issued_at=NOW)
    record = StatusRecord(
        certificate="https://cab.example/certificates/7",
        action=Action.WITHDRAW,
        reason="fraud",
        effective_from=NOW,
        decided_at=NOW,
        known_since=NOW,
    )
    receipt = make_receipt(bytes(32), at=NOW, signer=ledger_signer(), ledger=LEDGER)
    return {
        "credential.status-list.json": _dump(_secure(listed, "eddsa-rdfc-2022", of_key(ED25519))),
        "credential.status-list-jwt.txt": _secure(listed, "vc+jwt", of_key(ED25519)).encode(),
        "bits.bitstring.json": _dump(status_list()),
        "token-list.two-bits.txt": token.encode(),
        "token-list.in-cbor.cbor": sign_token_list_cwt(
            LIST_URL, of_key(P256), data=statuses, bits=2, issued_at=NOW
        ),
        "receipt.ledger.txt": receipt.encode(),
        "record.status.txt": sign_record(record, ledger_signer()).encode(),
        "log.webvh.jsonl": LOG.log,
        "twin.web.json": _dump(make_twin(LOG.history)),
        "document.webvh.json": _dump(LOG.history.versions[-1].document.raw),
    }


def _messages() -> Files:
    query = make_query("a", format="vc+jwt", types=(("https://t.example/T",),), claims=(("x", None, 0),))
    url = "https://issuer.example/a"
    configuration = Configuration("a", "vc+jwt", ("T",), ("https://c.example",), {"en": "A"}, ("EdDSA",))
    offer = make_offer(url, ["a"], code="c", transaction_code=TransactionCode("text", 4, "d"))
    metadata = make_issuer_metadata(
        url, [configuration], credential_endpoint=url, nonce_endpoint=url, names={"en": "A"}
    )
    did = make_did_key(P256.public)
    request = {
        "client_id": f"decentralized_identifier:{did}",
        "client_metadata": {"vp_formats_supported": {"jwt_vc_json": {}}},
        "dcql_query": query | {"credential_sets": [{"options": [["a"]]}]},
        "nonce": "n",
        "response_mode": "direct_post",
        "response_type": "vp_token",
        "response_uri": "https://verifier.example/r",
        "exp": 1,
    }
    proof = {"aud": url, "iat": 1, "nonce": "n"}
    signed = of_key(P256)
    return {
        "query.dcql.json": _dump(query),
        "offer.vci.json": _dump(offer),
        "metadata.vci.json": _dump(metadata),
        "request.vp.txt": sign_compact(_dump(request), {"typ": "oauth-authz-req+jwt"}, signed).encode(),
        "proof.vci.txt": sign_compact(_dump(proof), {"typ": "openid4vci-proof+jwt"}, signed).encode(),
        "response.vp.txt": b"vp_token=%7B%22a%22%3A%5B%22x.y.z%22%5D%7D&state=s",
        "token.vci.txt": b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code"
        b"&pre-authorized_code=c&tx_code=1234",
        "issue.vc-api.json": _dump(
            {"credential": draft(P256), "options": {"mandatoryPointers": ["/issuer"]}}
        ),
        "verify.vc-api.json": _dump({"verifiableCredential": draft(P256), "options": {"checks": ["proof"]}}),
        "derive.vc-api.json": _dump(
            {"verifiableCredential": secure("ecdsa-sd-2023"), "options": {"selectivePointers": ["/id"]}}
        ),
        "status.vc-api.json": _dump(
            {"credentialId": "a", "credentialStatus": [{"type": "BitstringStatusList", "status": "1"}]}
        ),
    }


def _small() -> Files:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://schemas.example/1",
        "type": "object",
        "properties": {"name": {"type": "string", "pattern": "^[A-Z]", "maxLength": 9}},
        "allOf": [{"$ref": "#/$defs/a"}],
        "$defs": {"a": {"required": ["name"], "additionalProperties": {"type": ["number", "string"]}}},
    }
    link = {"href": "https://w.example/1", "type": "application/vc+jwt", "title": "A", "hreflang": ["en"]}
    links = {
        "linkset": [
            {
                "anchor": "https://id.example/01/09506000134352",
                "https://gs1.org/voc/certificationInfo": [link],
            }
        ]
    }
    quads = (
        b'<https://a.example/1> <https://a.example/p> "x\\u00e9"@en .\n'
        b'_:b0 <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <https://a.example/g> .\n'
        b"_:b0 <https://a.example/q> _:b1 .\n_:b1 <https://a.example/q> _:b0 .\n"
    )
    return {
        "policy.full.json": _dump(POLICY.to_json()),
        "schema.2020-12.json": _dump(schema),
        "links.linkset.json": _dump(links),
        "quads.small.txt": quads,
        "type.metadata.json": _dump(
            {
                "vct": TYPE,
                "extends": "https://types.example/goods",
                "extends#integrity": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "display": [{"locale": "en", "name": "A bale"}],
                "claims": [{"path": ["lots", None, "mass"], "mandatory": True, "sd": "never", "svg_id": "a"}],
            }
        ),
        "cbor.sd-value.cbor": b"\x83\x01\xa2\x01\x02\x03\x41\x00\x82\x18\x64\xf5",
        "address.product.txt": b"https://id.example/01/09506000134352/10/ABC/21/17",
        "multikey.ed25519.txt": ED25519.public.multikey.encode(),
        "multikey.p384.txt": P384.public.multikey.encode(),
        **{f"jwk.{one.value}.json": _dump(make_public_jwk(key.public)) for one, key in BY_ALGORITHM.items()},
        "did.web.txt": b"did:web:a.example%3A8443:path:x#key-1",
        "did.key.txt": make_did_key_method(P256.public).encode(),
    }


def _evidence() -> Files:
    found: Files = {}
    for name, scene in scenes().items():
        start = scene.content[:1]
        ending = "json" if start == b"{" else "cbor" if start in STARTS else "txt"
        ending = "jsonl" if scene.need.url.endswith(".jsonl") else ending
        found[f"evidence.{name}.{ending}"] = scene.content
    return found | {f"product.{name}.json": data for name, data in documents().items()}


PARTS: Final[tuple[Callable[[], Files], ...]] = (
    *(_credentials, _presentations, _lists, _messages, _small),
    _evidence,
)


def load_corpus(folder: Path = FOLDER) -> dict[str, bytes]:
    """Return every member of the corpus by its file's name, in a fixed order."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def make_corpus() -> Files:
    """Make every member anew."""
    return {name: data for part in PARTS for name, data in part().items()}


__all__ = ["ASKED", "LATER", "LIST_URL", "LOG", "NOW", "Algorithm", "load_corpus", "make_corpus"]

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.iterdir():
        stale.unlink()
    for name, data in make_corpus().items():
        (FOLDER / name).write_bytes(data)
