"""VC-API: credentials that come ready-made, and their status.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/), issuer part. Our own member of ``options`` is
``certificateNumber``; without a number, the content is its own number, so that a repeated call gives the same
credential.
"""

from typing import Final

from certweave.credential.extension import find_extension_type, read_extension
from certweave.credential.shapes import issuer_id
from certweave.credential.signable import check_signable
from certweave.credential.terms import untp_version
from certweave.credential.untp.credentials import find_model, read_credential
from certweave.credential.vcdm import Version, check_credential, find_version
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError, UnknownOptionError
from certweave.exchange.vc_api import StatusChange, parse_status_request
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.suite import TYPE
from certweave.status.reasons import NOT_STATED, Action
from certweave.status.record import State
from certweave.timestamps import format_timestamp
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.ports import Certificate
from certweave_issuer.service.certificates import (
    EMBEDDED,
    Certificates,
    Entry,
    check_number,
    with_media_type,
)
from certweave_issuer.service.kinds import VC_API
from certweave_issuer.service.office import Office
from certweave_issuer.service.proof_context import with_proof_context, with_status_context
from certweave_issuer.service.resources import check_resources
from certweave_issuer.service.standing import Ruling, Standing

_OPTIONS: Final = frozenset({"certificateNumber", "credentialId", "mandatoryPointers"})
"""Options that are known; any other might be meant as a restriction. Everything signed here is mandatory."""


class VcApi:
    """The issuer's two calls of VC-API."""

    def __init__(self, office: Office, certificates: Certificates, standing: Standing) -> None:
        self._office = office
        self._certificates = certificates
        self._standing = standing

    def issue(self, org: str, credential: JsonObject, options: JsonObject, *, actor: str) -> Certificate:
        """Sign a ready-made credential: UNTP's as enveloped ``vc+jwt``, others with an embedded proof.

        Raises:
            InvalidError: a rule of VCDM, UNTP or the terms says no; ``path`` is the place in the request.
            UnknownOptionError: an option that is not known.
            RefusedError: 409 ``number_taken``; ``identity_missing``.
        """
        number = _read_number(options, credential)
        untp = untp_version(credential) is not None
        if not untp and not self._office.allow_non_untp:
            raise InvalidError(
                "only UNTP credentials are issued here", code="type_not_issued", path="/credential/type"
            )
        entry = Entry(kind=VC_API, number="", scheme=None, data=credential)
        entry = Entry(kind=VC_API, number=number or f"vc-{entry.content[:32]}", scheme=None, data=credential)
        known = self._known(org, entry)
        if known is None:
            try:
                document = self._complete(org, credential, untp=untp)
                made = self._certificates.ready(
                    org, entry, document, actor=actor, type_name=_type_name(document)
                )
                self._check(made.document, untp=untp)
            except CertweaveError as error:
                error.path = None if error.path is None else "/credential" + error.path
                raise
            made = made if untp else with_media_type(made, EMBEDDED)
            known = self._keep(org, entry, made, actor)
        if known.state is State.DRAFT:
            self._office.store.approve(org, known.key, actor=actor, now=self._office.clock())
        if known.token is None:
            return self._certificates.issue(org, entry.number, actor=actor)
        return known

    def set_status(self, org: str, request: JsonObject, *, actor: str) -> Certificate:
        """Change the status of a credential by its id.

        ``status`` true sets the bit of the purpose, false clears it. ``reason`` is a code of ours: every
        decision here has one, be it that none is stated.

        Raises:
            MalformedError: a member is missing or has the wrong form.
            RefusedError: 404 ``credential_unknown``.
            InvalidError: the decision is not allowed in its state.
        """
        asked = parse_status_request({name: value for name, value in request.items() if name != "reason"})
        if len(asked.changes) > 1:
            detail = "one status is changed at a time"
            raise MalformedError(detail, code="status_request", path="/credentialStatus")
        change = asked.changes[0]
        purpose = change.purpose or "suspension"
        found = self._find(org, asked.credential_id)
        _check_place(change, found)
        if found.place is not None and purpose not in {found.place.purpose, "revocation"}:
            raise InvalidError(
                f"it has no status for {purpose[:40]}", code="status_purpose", path="/credentialStatus"
            )
        stop = Action.WITHDRAW if purpose == "revocation" else Action.SUSPEND
        action = stop if change.value else Action.REINSTATE
        ruling = Ruling(reason=_read_reason(request), typed=found.number)
        return self._standing.decide_on(found, action, ruling, actor=actor)

    def _complete(self, org: str, credential: JsonObject, *, untp: bool) -> JsonObject:
        """Fill in what is the issuer's to say: itself, and the time."""
        did, profile = self._office.identities.did_of(org), self._office.profile(org)
        issuer = credential.get("issuer")
        if "issuer" in credential and issuer_id(credential) != did:
            raise InvalidError(f"here the issuer is {did}", code="issuer_not_ours", path="/issuer")
        document = {**credential}
        if issuer is None or (untp and isinstance(issuer, str)):
            ours: JsonObject = {"type": ["CredentialIssuer"], "id": did, "name": profile.name}
            document["issuer"] = ours if untp else did
        if find_version(credential) is Version.V1_1:
            document.setdefault("issuanceDate", format_timestamp(self._office.clock()))
            document = with_proof_context(document, TYPE)
            document = with_status_context(document)
        if untp:
            document.setdefault("validFrom", format_timestamp(self._office.clock()))
            if "credentialStatus" in credential:
                raise InvalidError(
                    "the issuer gives the place in the status list",
                    code="status_given",
                    path="/credentialStatus",
                )
        return document

    def _check(self, document: JsonObject, *, untp: bool) -> None:
        check_credential(document)
        if "proof" in document:
            raise InvalidError("it is signed already", code="proof_given", path="/proof")
        if untp:
            read_credential(document)
            read_extension(document)
        check_signable(document, contexts=self._office.contexts, limits=DEFAULT_LIMITS)
        check_resources(document, contexts=self._office.contexts, fetch=self._office.fetch())

    def _known(self, org: str, entry: Entry) -> Certificate | None:
        found = self._office.store.find_certificate(org, entry.number)
        if found is not None and found.content != entry.content:
            raise RefusedError(
                "there is already a certificate with this number, and it says something else",
                Refusal.CONFLICT,
                code="number_taken",
                path="/options/certificateNumber",
            )
        return found

    def _keep(self, org: str, entry: Entry, made: Certificate, actor: str) -> Certificate:
        try:
            self._office.store.add_certificate(org, made, act="create", actor=actor)
        except RefusedError:
            known = self._known(org, entry)
            if known is None:
                raise
            return known
        return made

    def _find(self, org: str, wanted: str) -> Certificate:
        prefix = self._office.addresses.credential(org, "")
        found = self._office.store.find_by_key(org, wanted.removeprefix(prefix))
        if found is None and not wanted.startswith(prefix):
            found = self._office.store.find_by_id(org, wanted)
        if found is None:
            raise RefusedError(
                "there is no such credential",
                Refusal.NOT_FOUND,
                code="credential_unknown",
                path="/credentialId",
            )
        return found


def _type_name(document: JsonObject) -> str:
    extension = find_extension_type(document)
    model = find_model(document)
    return extension or ("VerifiableCredential" if model is None else model.class_name())


def _read_number(options: JsonObject, credential: JsonObject) -> str | None:
    for name in options:
        if name not in _OPTIONS:
            raise UnknownOptionError(f"{name[:60]!r} is not known here", path=join("/options", name))
    if options.get("credentialId", credential.get("id")) != credential.get("id"):
        raise InvalidError(
            "here a credential is called by its own id, or the one that it gets",
            code="credential_id_unfit",
            path="/options/credentialId",
        )
    number = options.get("certificateNumber")
    if number is None:
        return None
    if not isinstance(number, str):
        raise MalformedError("it is a text", code="number_malformed", path="/options/certificateNumber")
    check_number(number)
    return number


def _read_reason(request: JsonObject) -> str:
    reason = request.get("reason", NOT_STATED)
    if not isinstance(reason, str) or not reason:
        raise MalformedError("reason is a text, not empty", code="status_request", path="/reason")
    return reason


def _check_place(change: StatusChange, certificate: Certificate) -> None:
    """Check that the caller means the status that the credential has."""
    status = certificate.document.get("credentialStatus")
    entries = [{}, *(status if isinstance(status, list) else [status])]  # the first: no place was named
    if not any(isinstance(entry, dict) and change.fits(entry) for entry in entries):
        detail = "the credential has another place in the status list"
        raise InvalidError(detail, code="status_place_wrong", path="/credentialStatus")
