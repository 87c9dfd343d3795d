"""A whole ecosystem in memory, behind the production fetch port.

Parties have real keys, real did:webvh logs, real status lists; the ledger dates what it is shown. Only the
network and the clock are ours: ``world.fetch`` answers a Need, ``world.clock`` is the time.

    world = World()
    fa = world.party("fa")
    token = fa.issue(conformity(fa, ege))
    world.clock += timedelta(days=400)
    report = world.examine(token)
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from certweave.credential.contexts import ContextStore
from certweave.did.webvh.twin import make_twin
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    create_log,
    deactivate_log,
    make_document,
    make_location,
    rotate_log,
)
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.examine import examine
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import Report
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.log.receipt import make_receipt, secured_digest
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import sign_credential_jwt, sign_presentation_jwt
from certweave.status.bitstring import make_bits, make_status_list, set_bit
from certweave.trust.policy import INTEGRITY, Policy
from certweave_edge.contexts import load_context_store

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LEDGER_HOST = "ledger.example"


@dataclass
class Party:
    """An organisation with a did:webvh, one signing key at a time, and one status list."""

    world: "World"
    name: str
    written: WrittenLog = field(init=False)
    key: PrivateKey = field(init=False)
    past_keys: list[KeySigner] = field(default_factory=list)
    services: list[JsonObject] = field(default_factory=list)
    bits: bytearray = field(default_factory=make_bits)
    list_since: datetime = field(init=False)
    old_lists: list[tuple[datetime, bytes]] = field(default_factory=list)
    purpose: str = "suspension"

    def __post_init__(self) -> None:
        """Found the party: keys, and the first version of its log."""
        self.key = self.world.new_key()
        self._update = self.world.new_key()
        self._next = self.world.new_key()
        location = make_location(LEDGER_HOST, path=[self.name])
        document = make_document(location, [MethodTemplate(self.key.public)], services=self.services)
        self.written = create_log(
            document,
            signer=KeySigner("#", self._update),
            time=self.world.clock,
            next_keys=[self._next.public],
        )
        self.list_since = self.world.clock

    @property
    def did(self) -> str:
        return self.written.did.text

    @property
    def signer(self) -> KeySigner:
        return KeySigner(f"{self.did}#{self.key.public.multikey}", self.key)

    @property
    def list_url(self) -> str:
        return f"https://certs.example/{self.name}/status/1"

    def entry(self, index: int) -> JsonObject:
        """Return the status entry to put into a credential."""
        return {
            "type": "BitstringStatusListEntry",
            "statusPurpose": self.purpose,
            "statusListIndex": index,
            "statusListCredential": self.list_url,
        }

    def issue(self, document: JsonObject, *, receipt: bool = True) -> bytes:
        """Secure a credential as vc+jwt; the ledger dates it unless told otherwise."""
        token = sign_credential_jwt(document, self.signer, issued_at=self.world.clock)
        if receipt:
            self.world.date(token)
        return token.encode()

    def embed(self, document: JsonObject) -> bytes:
        """Secure a document with an embedded eddsa-jcs-2022 proof."""
        secured = add_jcs_proof(document, self.signer, created=self.world.clock, purpose="assertionMethod")
        return json.dumps(secured).encode()

    def present(self, credentials: list[JsonObject], *, audience: str | None, nonce: str | None) -> bytes:
        """Present credentials as vp+jwt."""
        presentation: JsonObject = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": self.did,
            "verifiableCredential": credentials,
        }
        token = sign_presentation_jwt(
            presentation, self.signer, issued_at=self.world.clock, audience=audience, nonce=nonce
        )
        return token.encode()

    def set_status(self, index: int, value: bool) -> None:
        """Set or clear a bit; the list as it was stays to be asked for by its time."""
        self.old_lists.append((self.list_since, self._list_bytes()))
        set_bit(self.bits, index, value)
        self.list_since = self.world.clock

    def rotate(self) -> KeySigner:
        """Replace update and signing keys; return the retired signing key, as a thief would hold it."""
        retired = self.signer
        self.past_keys.append(retired)
        self.key = self.world.new_key()
        self._update, self._next = self._next, self.world.new_key()
        document = make_document(
            make_location(LEDGER_HOST, path=[self.name]),
            [MethodTemplate(self.key.public)],
            did=self.written.did,
            services=self.services,
        )
        self.written = rotate_log(
            self.written.did,
            self.written.log,
            signer=KeySigner("#", self._update),
            time=self.world.clock,
            next_keys=[self._next.public],
            document=document,
        )
        return retired

    def deactivate(self) -> None:
        """Give the identity up."""
        self.written = deactivate_log(
            self.written.did, self.written.log, signer=KeySigner("#", self._next), time=self.world.clock
        )

    def documents(self) -> Mapping[str, bytes]:
        """Return what this party publishes, by address."""
        base = f"https://{LEDGER_HOST}/{self.name}"
        found = {f"{base}/did.jsonl": self.written.log, self.list_url: self._list_bytes()}
        if not self.written.history.versions[-1].deactivated:
            found[f"{base}/did.json"] = json.dumps(make_twin(self.written.history)).encode()
        return found

    def list_at(self, when: datetime) -> bytes | None:
        """Return the status list as it stood at ``when``."""
        lists = [*self.old_lists, (self.list_since, self._list_bytes())]
        return next((content for since, content in reversed(lists) if since <= when), None)

    def _list_bytes(self) -> bytes:
        document = make_status_list(
            list_url=self.list_url,
            issuer=self.did,
            purpose=self.purpose,
            bits=bytes(self.bits),
            valid_from=self.list_since,
            valid_until=self.list_since + timedelta(days=3650),
        )
        return self.embed(document)


@dataclass
class World:
    """All parties, the ledger's receipts, and the clock."""

    clock: datetime = START
    parties: dict[str, Party] = field(default_factory=dict)
    receipts: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    fetched: list[Need] = field(default_factory=list)
    _seeds: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Found the ledger, which has a DID like everybody else."""
        self.ledger = self.party("ledger-itself")

    @property
    def receipts_url(self) -> str:
        return f"https://{LEDGER_HOST}/receipts"

    def new_key(self) -> PrivateKey:
        """Return a fresh key; the same sequence in every run."""
        seed = sha256(f"world {next(self._seeds)}".encode()).digest()
        return make_private_key(Algorithm.ED25519, entropy=lambda size: seed[:size])

    def party(self, name: str) -> Party:
        """Return a party, founded at the present time of the world."""
        services: list[JsonObject] = []
        if self.parties:
            endpoint = {"did": self.ledger.did, "receipts": self.receipts_url}
            services = [{"id": "#ledger", "type": "CertweaveLedger", "serviceEndpoint": endpoint}]
        self.parties[name] = Party(self, name, services=services)
        return self.parties[name]

    def date(self, secured: str | bytes | JsonObject) -> None:
        """Let the ledger give a receipt, now."""
        digest = secured_digest(secured)
        token = make_receipt(digest, at=self.clock, signer=self.ledger.signer, ledger=self.ledger.did)
        self.receipts[digest.hex()] = token.encode()

    def fetch(self, need: Need) -> Fetched | Unavailable:
        """The production fetch port."""
        self.fetched.append(need)
        host = need.url.split("/")[2]
        if host in self.down or need.url in self.down:
            return Unavailable("no answer in 5 s", self.clock)
        content = self._find(need.url)
        if content is None:
            return Unavailable("not found", self.clock, 404)
        return Fetched(content, need.url, "application/octet-stream", self.clock)

    def _find(self, url: str) -> bytes | None:
        if url.startswith(self.receipts_url + "/"):
            return self.receipts.get(url.rsplit("/", 1)[1])
        address, _, query = url.partition("?timestamp=")
        for party in self.parties.values():
            if query and address == party.list_url:
                return party.list_at(datetime.fromisoformat(query.replace("%3A", ":")))
            found = party.documents().get(address)
            if found is not None:
                return found
        return self.documents.get(url)

    def examine(
        self,
        source: bytes,
        *,
        policy: Policy = INTEGRITY,
        at: datetime | None = None,
        expect: Expectation = NOTHING_EXPECTED,
        limits: Limits = DEFAULT_LIMITS,
        offline: bool = False,
        evidence: Evidence | None = None,
    ) -> Report:
        """Examine as the edge does: fetch what the report needs until nothing new is named."""
        known = evidence or Evidence()
        for _ in range(limits.fetches):
            report = examine(
                source,
                known,
                policy=policy,
                now=at or self.clock,
                limits=limits,
                contexts=contexts(),
                expect=expect,
            )
            wanted = report.needs - known.documents.keys()
            if offline or not wanted:
                self.evidence = known
                return report
            known = known.plus({need: self.fetch(need) for need in wanted})
        raise AssertionError("the examination never came to rest")


def contexts() -> ContextStore:
    """Return the contexts that the project pins."""
    return load_context_store(None)


def code_of(report: Report, step: str) -> str:
    """Return the code of one step, which ``outcome`` leaves out where it is undecided."""
    return next(check.code for check in report.checks if check.step == step)


def outcome(report: Report, step: str) -> str:
    """Return ``outcome:code`` of one step, or the cause where it is undecided."""
    check = next(check for check in report.checks if check.step == step)
    return f"{check.outcome}:{check.cause or check.code}"


def plain_credential(issuer: Party, holder: str = "did:example:holder", **more: Any) -> JsonObject:
    """Return a small W3C credential without UNTP, for tests of proofs and time."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": "https://certs.example/credentials/1",
        "issuer": issuer.did,
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {"id": holder, "name": "A bale of cotton"},
        **more,
    }


__all__ = ["CertweaveError", "Kind", "Need", "Party", "World", "contexts", "outcome", "plain_credential"]
