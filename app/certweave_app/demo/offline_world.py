"""The world of ``certweave demo --offline-samples``: a ledger, a certifier, seven certificates.

Made with the same functions as everything else and with fresh keys; only the places are invented (RFC 2606
names). Time is that of the call and of the year before it. Nothing is written here, and no service runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from certweave.credential.build import make_attestation, make_credential, make_issuer, make_status_entry
from certweave.credential.build_parts import make_party, make_reference
from certweave.did.key import make_did_key, make_did_key_method
from certweave.did.syntax import to_urls
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    create_log,
    make_document,
    make_location,
    rotate_log,
)
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.report import Verdict
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.log.receipt import make_receipt, secured_digest
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.status.bitstring import make_bits, make_status_list, set_bit
from certweave.trust.policy import LedgerSource, Policy, TrustedIssuer
from certweave_edge.clock import entropy

HOST = "ledger.example"
RECEIPTS = f"https://{HOST}/receipts"
LIST = "https://fibre.example/status/1"
SILENT = "https://silent.example/status/1"
SUSPENDED = 3
TYPE = "DigitalConformityCredential"
SCHEME = make_reference("ConformityScheme", "https://ofs.example/scheme", "Organic Fibre Standard")
GIN = make_party("https://gin.example", "Sunrise Gin")


@dataclass(frozen=True, slots=True)
class Scene:
    """One certificate: a file name, what the story is, and the answer that it should get."""

    name: str
    story: str
    token: bytes
    expected: Verdict


@dataclass(frozen=True, slots=True)
class World:
    """All that is on the stage."""

    scenes: tuple[Scene, ...]
    evidence: Evidence
    policy: Policy
    logs: Mapping[str, bytes]


@dataclass(slots=True)
class Actor:
    """An organisation with a did:webvh; ``signer`` is its key of the moment."""

    name: str
    written: WrittenLog
    signer: KeySigner
    following: PrivateKey
    services: tuple[JsonObject, ...] = ()

    @property
    def did(self) -> str:
        """Its identity."""
        return self.written.did.text

    def rotate(self, at: datetime) -> None:
        """Retire the key and take a new one."""
        fresh, following = _new_key(), _new_key()
        document = make_document(
            make_location(HOST, path=[self.name]),
            [MethodTemplate(fresh.public)],
            did=self.written.did,
            services=self.services,
        )
        self.written = rotate_log(
            self.written.did,
            self.written.log,
            signer=_own_signer(self.following),
            time=at,
            next_keys=[following.public],
            document=document,
        )
        self.following = following
        self.signer = KeySigner(f"{self.did}#{fresh.public.multikey}", fresh)


@dataclass(slots=True)
class Stage:
    """What was gathered so far, as if fetched ``now``."""

    now: datetime
    found: dict[Need, Fetched | Unavailable] = field(default_factory=dict)

    def put(self, kind: Kind, url: str, content: bytes, media_type: str) -> None:
        """Remember a document."""
        self.found[Need(kind, url)] = Fetched(content, url, media_type, self.now)

    def miss(self, kind: Kind, url: str, reason: str, status: int = 0) -> None:
        """Remember an attempt that failed."""
        self.found[Need(kind, url)] = Unavailable(reason, self.now, status)


def make_world(now: datetime) -> World:
    """Return the world as it is at ``now``: one year old, the certifier's key changed a month ago."""
    founded, retired = now - timedelta(days=365), now - timedelta(days=30)
    ledger = _found("ledger", founded)
    endpoint = {"did": ledger.did, "receipts": RECEIPTS}
    service = {"id": "#ledger", "type": "CertweaveLedger", "serviceEndpoint": endpoint}
    certifier = _found("fibre-assurance", founded, service)
    stage = Stage(now)
    scenes = _old_scenes(certifier, ledger, stage, retired - timedelta(days=60))
    certifier.rotate(retired)
    scenes = (*_new_scenes(certifier, now), *scenes)
    for actor in (ledger, certifier):
        stage.put(Kind.DID, _log_url(actor), actor.written.log, "text/jsonl")
    stage.put(Kind.STATUS, LIST, _status_list(certifier, now), "application/vc+jwt")
    stage.miss(Kind.STATUS, SILENT, "no answer in 5 s")
    for scene in scenes:
        if scene.name != "spoilt":
            stage.found.setdefault(*_no_receipt(scene.token, now))
    policy = Policy(
        "buyers of organic cotton",
        issuers=(TrustedIssuer(certifier.did, "Fibre Assurance", (TYPE,)),),
        ledgers=(LedgerSource(ledger.did, RECEIPTS),),
    )
    logs = {actor.name: actor.written.log for actor in (ledger, certifier)}
    return World(scenes, Evidence(stage.found), policy, logs)


def _new_scenes(certifier: Actor, now: datetime) -> tuple[Scene, ...]:
    yesterday = now - timedelta(days=1)
    good = _certify(certifier.did, certifier.signer, yesterday, 1)
    suspended = _certify(certifier.did, certifier.signer, yesterday, SUSPENDED)
    silent = _certify(certifier.did, certifier.signer, yesterday, 4, list_url=SILENT)
    stranger = _new_key()
    unknown = _certify(make_did_key(stranger.public), _own_signer(stranger), yesterday, 5, list_url=None)
    return (
        Scene("good", "a certificate as it should be", good, Verdict.VALID),
        Scene("spoilt", "the same, made out to somebody else", _spoil(good), Verdict.INVALID),
        Scene("suspended", "suspended by the certifier", suspended, Verdict.INVALID),
        Scene("silent", "its status list does not answer", silent, Verdict.UNDECIDED),
        Scene("unknown", "signed by somebody nobody vouches for", unknown, Verdict.UNDECIDED),
    )


def _old_scenes(certifier: Actor, ledger: Actor, stage: Stage, then: datetime) -> tuple[Scene, ...]:
    dated = _certify(certifier.did, certifier.signer, then, 6)
    undated = _certify(certifier.did, certifier.signer, then, 7)
    digest = secured_digest(dated)
    receipt = make_receipt(digest, at=then, signer=ledger.signer, ledger=ledger.did)
    stage.put(Kind.RECEIPT, f"{RECEIPTS}/{digest.hex()}", receipt.encode(), "application/jwt")
    return (
        Scene("dated", "key retired since; the ledger saw it before", dated, Verdict.VALID),
        Scene("undated", "key retired since; nobody saw it before", undated, Verdict.UNDECIDED),
    )


def _certify(did: str, signer: KeySigner, at: datetime, number: int, *, list_url: str | None = LIST) -> bytes:
    document = make_credential(
        TYPE,
        id=f"https://fibre.example/certificates/{number}",
        issuer=make_issuer(did, "Fibre Assurance"),
        name=f"Certificate {number}",
        valid_from=at,
        valid_until=at + timedelta(days=365),
        subject=make_attestation(
            f"https://fibre.example/attestations/{number}",
            "Organic cotton, ginning",
            issued_to=GIN,
            scheme=SCHEME,
            assessor_level="3rdParty",
            assessment_level="authority-peer",
            attestation_type="certification",
        ),
        status=make_status_entry(list_url, number, purpose="suspension") if list_url else None,
    )
    return sign_credential_jwt(document, signer, issued_at=at).encode()


def _spoil(token: bytes) -> bytes:
    """Make a certificate out to another gin and leave the signature as it was."""
    header, payload, signature = token.decode().split(".")
    changed = base64url_decode(payload).replace(b"Sunrise Gin", b"Sundown Gin")
    return ".".join((header, base64url_encode(changed), signature)).encode()


def _status_list(certifier: Actor, now: datetime) -> bytes:
    bits = make_bits()
    set_bit(bits, SUSPENDED, True)
    document = make_status_list(
        LIST,
        issuer=certifier.did,
        purpose="suspension",
        bits=bits,
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )
    return sign_credential_jwt(document, certifier.signer, issued_at=now).encode()


def _no_receipt(token: bytes, now: datetime) -> tuple[Need, Unavailable]:
    need = Need(Kind.RECEIPT, f"{RECEIPTS}/{secured_digest(token).hex()}")
    return need, Unavailable("not found", now, 404)


def _found(name: str, at: datetime, *services: JsonObject) -> Actor:
    update, following, key = _new_key(), _new_key(), _new_key()
    document = make_document(
        make_location(HOST, path=[name]), [MethodTemplate(key.public)], services=services
    )
    written = create_log(document, signer=_own_signer(update), time=at, next_keys=[following.public])
    signer = KeySigner(f"{written.did.text}#{key.public.multikey}", key)
    return Actor(name, written, signer, following, services)


def _log_url(actor: Actor) -> str:
    return to_urls(actor.written.did).log_url


def _new_key() -> PrivateKey:
    return make_private_key(Algorithm.ED25519, entropy=entropy)


def _own_signer(key: PrivateKey) -> KeySigner:
    return KeySigner(make_did_key_method(key.public), key)
