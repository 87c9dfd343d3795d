"""Entering, approving and issuing certificates, and fetching their receipts.

Every call that makes something carries the issuer's own number: the same number with the same content gives
the same certificate, other content is refused.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.credential.build import make_status_entry
from certweave.credential.catalogue import Catalogue
from certweave.credential.holder import holder_of
from certweave.credential.vcdm import validity
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import parse_receipt, secured_digest
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import VC_JWT, envelope, sign_credential_jwt
from certweave.status.reasons import Action
from certweave.status.record import State, next_state
from certweave_edge.ledger_client import LedgerError
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.ports import Certificate, Query, Signed
from certweave_issuer.service.compose import Draft, compose
from certweave_issuer.service.kinds import KINDS, VC_API, Kind
from certweave_issuer.service.office import LOG, Office, raced

EMBEDDED: Final = "application/vc"
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_BATCH: Final = 1000
MAX_ID: Final = 500
"""Characters of an id by which certificates are looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a certificate is made from: ``scheme`` is the id of a catalogue's scheme, or None."""

    kind: str
    number: str
    scheme: str | None
    data: JsonObject

    @property
    def content(self) -> str:
        """The SHA-256 of what is said, in hexadecimal: by it a repeated call is known."""
        said = {"kind": self.kind, "scheme": self.scheme, "data": self.data}
        return hashlib.sha256(canonicalize(said)).hexdigest()


class Certificates:
    """Certificates from draft to issued."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def create(self, org: str, entry: Entry, *, actor: str) -> Certificate:
        """Enter a certificate as a draft, or return the one that was entered before with this content.

        Raises:
            RefusedError: 409 ``number_taken``, the number stands for something else; ``identity_missing``.
            InvalidError: the data break a rule; ``path`` is the place in the data.
            MalformedError: the number or a date cannot be read.
        """
        check_number(entry.number)
        known = self._same(org, entry)
        if known is not None:
            return known
        made = self.draft(org, entry, actor=actor)
        try:
            self._office.store.add_certificate(org, made, act="create", actor=actor)
        except RefusedError:
            # Two calls at once: if the other said the same, both get its certificate.
            known = self._same(org, entry)
            if known is None:
                raise
            return known
        return made

    def revise(self, org: str, entry: Entry, *, actor: str) -> Certificate:
        """Enter a draft anew: until it is approved, it may say something else under the same number.

        Raises:
            RefusedError: 404; 409 ``not_draft``, it was approved already.
            InvalidError, MalformedError: as ``create``.
        """
        old = self._office.certificate(org, entry.number)
        if old.content == entry.content:
            return old
        made = replace(self.draft(org, entry, actor=actor), key=old.key, version=old.version)
        kind, now = find_kind(entry.kind), self._office.clock()
        if old.state is not State.DRAFT or old.kind != kind.name:
            raise _not_draft()
        made = replace(made, document=self._compose_again(made, kind, None, now))
        if not self._office.store.revise(org, made, actor=actor, now=now):
            raise _not_draft()
        return self._office.certificate(org, entry.number)

    def preview(self, org: str, entry: Entry) -> JsonObject:
        """Return the credential as it would be, without keeping anything; raises as ``create``."""
        return self.draft(org, entry, actor="").document

    def approve(self, org: str, number: str, *, actor: str) -> Certificate:
        """Approve a draft; one that is approved or issued already is returned as it is.

        Raises:
            RefusedError: 404; 403 ``four_eyes``, who entered it may not approve it.
            InvalidError: ``status_transition``.
        """
        found = self._office.certificate(org, number)
        if found.state in {State.APPROVED, State.ISSUED}:
            return found
        next_state(found.state, Action.APPROVE)
        self.check_eyes(found, actor)
        self._office.store.approve(org, found.key, actor=actor, now=self._office.clock())
        return self._office.certificate(org, number)

    def issue(self, org: str, number: str, *, actor: str) -> Certificate:
        """Sign an approved certificate and ask for its receipt; an issued one is returned as it is.

        Without a ledger it is issued all the same; the receipt is fetched later.

        Raises:
            RefusedError: 404; ``identity_missing``.
            InvalidError: ``status_transition``; what ``create`` refuses.
        """
        found = self._office.certificate(org, number)
        if found.state is not State.ISSUED:
            next_state(found.state, Action.ISSUE)
            signed = self.sign(found)
            if not self._office.store.sign(org, found.key, signed, actor=actor):
                found = self._office.certificate(org, number)
                if found.state is not State.ISSUED:
                    raise raced()
            LOG.info("issued org=%s key=%s", org, found.key)
        self.fetch_receipts(org)
        return self._office.certificate(org, number)

    def show(self, org: str, number: str, version: int | None = None) -> Certificate:
        """Return a version; where its receipt is missing, the ledger is asked again now and then."""
        found = self._office.certificate(org, number, version)
        if found.digest is not None and found.receipt is None and self._may_retry(org):
            self.fetch_receipts(org)
            found = self._office.certificate(org, number, version)
        return found

    def listed(self, org: str, query: Query) -> tuple[tuple[Certificate, ...], int]:
        """Return one page of certificates, newest first, and how many there are in all."""
        return self._office.store.certificates(org, query)

    def published(self, org: str, key: str) -> Certificate:
        """Return what lies at an address: only what was issued; 404 ``credential_unknown``."""
        found = self._office.store.find_by_key(org, key)
        if found is None or found.token is None:
            raise RefusedError("there is no such credential", Refusal.NOT_FOUND, code="credential_unknown")
        return found

    def receipt(self, org: str, key: str) -> str:
        """Return the stored receipt of a credential; 404 ``receipt_pending`` where the ledger is awaited."""
        found = self.published(org, key)
        if found.receipt is None:
            raise RefusedError("its receipt is not there yet", Refusal.NOT_FOUND, code="receipt_pending")
        return found.receipt

    def fetch_receipts(self, org: str) -> int:
        """Ask the ledger for every receipt that is missing; return how many are still missing."""
        office = self._office
        lacking = office.store.lacking_receipts(org, _BATCH)
        if not lacking or office.ledger is None:
            return len(lacking)
        try:
            answers = office.ledger.request_receipts([bytes.fromhex(digest) for digest in lacking])
            found = {digest.hex(): (token, _dated(token, digest)) for digest, token in answers.items()}
        except LedgerError as error:
            LOG.warning("receipts_pending org=%s count=%s code=%s", org, len(lacking), error.code)
            return len(lacking)
        except CertweaveError as error:
            LOG.error("receipt_refused org=%s code=%s", org, error.code)
            return len(lacking)
        office.store.add_receipts(org, found)
        return len(lacking) - len(found)

    def draft(
        self, org: str, entry: Entry, *, actor: str, version: int = 1, predecessor: str | None = None
    ) -> Certificate:
        """Return a certificate that is not kept yet; raises as ``create``."""
        kind, office = find_kind(entry.kind), self._office
        now = office.clock()
        key = self._make_key(entry.number, version, public=kind.name == "scope")
        draft = Draft(
            kind=kind,
            scheme=self._scheme(entry.scheme),
            data=entry.data,
            url=office.addresses.credential(org, key),
            did=office.identities.did_of(org),
            profile=office.profile(org),
            now=now,
        )
        document = compose(draft, contexts=office.contexts)
        return make_certificate(org, entry, document, key, actor=actor, now=now, version=version, kind=kind)

    def ready(
        self, org: str, entry: Entry, document: JsonObject, *, actor: str, type_name: str
    ) -> Certificate:
        """Return a certificate, not kept yet, around a document that came ready-made; its id may be ours."""
        key = self._make_key(entry.number, 1, public=False)
        named = {**document}
        named.setdefault("id", self._office.addresses.credential(org, key))
        kind = Kind(VC_API, type_name, "")
        return make_certificate(
            org, entry, named, key, actor=actor, now=self._office.clock(), version=1, kind=kind
        )

    def sign(self, made: Certificate) -> Signed:
        """Return a certificate signed, with a place in a status list unless it names somebody else's."""
        office, org = self._office, made.org
        now = office.clock()
        place = None
        document = made.document
        if "credentialStatus" not in document:
            kind = KINDS.get(made.kind)
            purpose = "suspension" if kind is None else kind.purpose
            place = office.lists.reserve_index(org, purpose, now=now)
            entry = make_status_entry(place.url, place.index, purpose=purpose)
            if made.media_type == EMBEDDED:
                entry["statusListIndex"] = str(place.index)  # W3C writes a string, UNTP an integer
            if kind is not None:
                document = self._compose_again(made, kind, entry, now)
            else:
                document = {**document, "credentialStatus": entry}
        signer = office.identities.signer(org)
        if made.media_type == VC_JWT:
            token = sign_credential_jwt(document, signer, issued_at=now)
        else:
            secured = add_jcs_proof(document, signer, created=now, purpose="assertionMethod")
            token = json.dumps(secured, ensure_ascii=False, separators=(",", ":"))
        digest = secured_digest(token if made.media_type == VC_JWT else json.loads(token)).hex()
        return Signed(
            document=document,
            place=place,
            token=token,
            digest=digest,
            issued=now,
            valid_from=validity(document)[0],
            media_type=made.media_type,
        )

    def check_eyes(self, made: Certificate, actor: str) -> None:
        """Raise ``RefusedError`` 403 where who entered a certificate may not decide on it alone."""
        if self._office.four_eyes and made.created_by == actor:
            raise RefusedError(
                "somebody else than who entered it must approve it", Refusal.FORBIDDEN, code="four_eyes"
            )

    def _compose_again(
        self, made: Certificate, kind: Kind, status: JsonObject | None, now: datetime
    ) -> JsonObject:
        """The organisation's DID, name or authorisations may be others than when it was entered."""
        office = self._office
        draft = Draft(
            kind=kind,
            scheme=self._scheme(made.scheme),
            data=made.data,
            url=office.addresses.credential(made.org, made.key),
            did=office.identities.did_of(made.org),
            profile=office.profile(made.org),
            now=now,
        )
        return compose(draft, contexts=office.contexts, status=status)

    def _same(self, org: str, entry: Entry) -> Certificate | None:
        """Return the certificate of this number if it says the same; 409 if the number says another."""
        versions = self._office.store.versions(org, entry.number)
        for found in versions:
            if found.content == entry.content:
                return found
        if versions:
            raise RefusedError(
                "there is already a certificate with this number, and it says something else",
                Refusal.CONFLICT,
                code="number_taken",
                path="/number",
            )
        return None

    def _make_key(self, number: str, version: int, *, public: bool) -> str:
        named = number if version == 1 else f"{number}~v{version}"
        return named if public else f"{named}~{self._office.secret()}"

    def _scheme(self, scheme: str | None) -> Catalogue | None:
        if scheme is None:
            return None
        found = self._office.catalogues.get(scheme)
        if found is None:
            raise InvalidError("this scheme is in no catalogue here", code="scheme_unknown", path="/scheme")
        return found

    def _may_retry(self, org: str) -> bool:
        try:
            self._office.retries.spend(org, now=self._office.clock())
        except RefusedError:
            return False
        return True


def make_certificate(
    org: str,
    entry: Entry,
    document: JsonObject,
    key: str,
    *,
    actor: str,
    now: datetime,
    version: int,
    kind: Kind,
) -> Certificate:
    """Return a draft around a document."""
    starts, ends = validity(document)
    subject = document.get("credentialSubject")
    party = subject.get("issuedToParty", subject) if isinstance(subject, dict) else {}
    name = party.get("name", party.get("registeredName")) if isinstance(party, Mapping) else None
    holder = holder_of(document)
    if holder is not None and len(holder) > MAX_ID:
        raise InvalidError(f"an id has at most {MAX_ID} characters", code="holder_long", path="/holder/id")
    return Certificate(
        org=org,
        number=entry.number,
        version=version,
        key=key,
        kind=entry.kind,
        type_name=kind.type_name,
        scheme=entry.scheme,
        name=_shown(document.get("name", kind.type_name)),
        holder=holder,
        holder_name=_shown(name),
        data=entry.data,
        content=entry.content,
        document=document,
        state=State.DRAFT,
        valid_from=starts,
        valid_until=ends,
        created=now,
        created_by=actor,
    )


def check_number(number: str) -> None:
    """Raise ``MalformedError`` unless a text may be a certificate's number: it stands in addresses."""
    if _NUMBER.fullmatch(number) is None:
        raise MalformedError(
            "a number has letters, digits, dots, hyphens and underscores, at most 80",
            code="number_malformed",
            path="/number",
        )


def find_kind(name: str) -> Kind:
    """Return a kind by its name; raise ``InvalidError`` ``kind_unknown``."""
    if name not in KINDS:
        raise InvalidError(f"a kind is one of {', '.join(KINDS)}", code="kind_unknown", path="/kind")
    return KINDS[name]


def secured_object(certificate: Certificate) -> JsonObject:
    """Return an issued credential as a JSON object: enveloped, or with its embedded proof."""
    token = certificate.token or ""
    if certificate.media_type == VC_JWT:
        return envelope(token)
    found: JsonObject = json.loads(token)
    return found


def with_media_type(made: Certificate, media_type: str) -> Certificate:
    """Return a draft that is to be secured in another form."""
    return replace(made, media_type=media_type)


def _shown(text: object) -> str:
    """Return a text as lists show it; a database keeps no NUL."""
    return text[:500].replace("\0", "") if isinstance(text, str) else ""


def _not_draft() -> RefusedError:
    return RefusedError(
        "only a draft can be entered anew, as the same kind", Refusal.CONFLICT, code="not_draft"
    )


def _dated(token: str, digest: bytes) -> datetime:
    receipt, _ = parse_receipt(token, limits=DEFAULT_LIMITS)
    if receipt.digest != digest:
        raise InvalidError("the receipt is about other bytes", code="receipt_digest_mismatch")
    return receipt.at
