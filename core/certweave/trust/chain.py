"""Step ``trust``: do authorities that the policy trusts vouch for this issuer, for this claim, at this time?

Two chains lead to a certifier: a scheme owner approves it for the scheme, an accreditation body or an
authority accredits it for processes and places. Which of them a scheme demands is in the policy. The
certificate points to the authorities' credentials by UNTP 0.7.0 ``authorisation``
(https://uncefact.github.io/spec-untp/); a supplier's DID document points to its identity anchor. Those
credentials arrive here examined: nothing is fetched, and no signature is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, InvalidError, UndecidedError
from certweave.trust.claims import (
    ANCHOR,
    CONFORMITY,
    SUPPLIER_ISSUED,
    Extent,
    authorises,
    claim_of,
    grant_of,
    kind_of_grant,
    party_of,
    subject_of,
    types_of,
)
from certweave.trust.policy import ROLES_OF, Chain, Policy, Role, Root, is_web_address

ANCHOR_SERVICES = frozenset({"LinkedCredential", "IdentityAnchor"})
"""Types of the service by which a DID document links credentials about its subject."""

_AUTHORISATION = "/credentialSubject/authorisation"
_SCHEME = "/credentialSubject/referenceScheme/id"
_FROM_WHOM = {
    Chain.APPROVAL: "approval by the owner of the scheme",
    Chain.ACCREDITATION: "accreditation by an accreditation body or authority",
}


@dataclass(frozen=True, slots=True)
class AuthorityLink:
    """Where an authority's credential is said to be; ``authority_id`` is whose it is said to be."""

    url: str
    digest: str | None
    path: str
    authority_id: str | None


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority's credential, examined under the same policy.

    ``verdict`` is ``valid``, ``invalid`` or ``undecided``; ``issuer`` is None until its signature held, and
    ``document`` is there only when the verdict is valid. The caller holds the bytes against the link's
    digest; where they differ, the verdict is invalid.
    """

    url: str
    verdict: str
    issuer: str | None
    document: JsonObject | None
    reason: str
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class TrustFinding:
    """Why an issuer is trusted for a credential; ``names`` are the entries of the policy behind it.

    ``roots`` are those by whose authorisation it is, with what each gave. ``known_as`` is what those call the
    issuer who vouch for it, whatever it calls itself; empty where they do not say. ``ended`` is when the
    first of these authorisations ended, after the credential began by its own account; None while all last.
    """

    kind: Literal["direct", "chains", "identity"]
    words: str
    names: tuple[str, ...]
    roots: tuple[tuple[Chain, Root], ...] = ()
    known_as: str = ""
    ended: datetime | None = None


def authority_links(document: JsonObject) -> tuple[AuthorityLink, ...]:
    """Return the links from ``credentialSubject.authorisation[*].endorsementEvidence``, each address once.

    An endorsement without a link to evidence proves nothing and is passed over.
    """
    subjects = document.get("credentialSubject")
    listed = isinstance(subjects, list)
    found: dict[str, AuthorityLink] = {}
    for number, subject in enumerate(subjects if isinstance(subjects, list) else [subjects]):
        base = join("/credentialSubject", number) if listed else "/credentialSubject"
        endorsements = subject.get("authorisation") if isinstance(subject, dict) else None
        for place, endorsement in enumerate(endorsements if isinstance(endorsements, list) else []):
            link = _link_of(endorsement, join(base, "authorisation", place))
            if link is not None:
                found.setdefault(link.url, link)
    return tuple(found.values())


def anchor_links(services: Sequence[JsonObject]) -> tuple[AuthorityLink, ...]:
    """Return the credentials that a DID document's services link; what cannot be read links nothing."""
    found: dict[str, AuthorityLink] = {}
    for number, service in enumerate(services):
        kind, endpoint = service.get("type"), service.get("serviceEndpoint")
        kinds = {item for item in (kind if isinstance(kind, list) else [kind]) if isinstance(item, str)}
        if ANCHOR_SERVICES.isdisjoint(kinds):
            continue
        for url in endpoint if isinstance(endpoint, list) else [endpoint]:
            if is_web_address(url):
                path = join("/service", number, "serviceEndpoint")
                found.setdefault(url, AuthorityLink(url, None, path, None))
    return tuple(found.values())


def check_trust(
    document: JsonObject,
    issuer: str,
    *,
    policy: Policy,
    authorities: Mapping[str, Authority],
    now: datetime,
    signed: datetime | None = None,
) -> TrustFinding:
    """Return why ``issuer`` is trusted for ``document``.

    ``authorities`` are the examined credentials behind the links, by address; ``signed`` is when the issuer
    says that it signed.

    Raises:
        InvalidError: an authority's credential does not hold (``authority_invalid``), is about somebody else
            (``authority_not_on_issuer``) or does not cover the claim (``out_of_scope``).
        UndecidedError: nobody whom the policy trusts vouches (cause ``unknown_issuer``), or an authority's
            credential is itself undecided (its cause).
        MalformedError: a scope cannot be read.
    """
    if not policy.vouches:
        raise _unknown("this policy trusts nobody: it asks only who signed", "trust_not_asked", None)
    entry = policy.find_direct(issuer, document)
    if entry is not None:
        return TrustFinding(
            "direct",
            f"{entry.name} is trusted directly by the policy {policy.name}",
            (entry.name,),
            known_as=entry.name,
        )
    kinds = types_of(document)
    # A certificate is judged as one even where its type list claims to be something lighter as well.
    if CONFORMITY in kinds:
        return _check_certifier(document, issuer, policy, authorities, now=now, signed=signed)
    if not kinds.isdisjoint(SUPPLIER_ISSUED):
        return _check_identity(issuer, policy, authorities)
    raise _unknown("nobody whom the policy trusts vouches for the issuer", "issuer_unknown", "/issuer")


def _link_of(endorsement: Any, path: str) -> AuthorityLink | None:
    if not isinstance(endorsement, dict) or not isinstance(endorsement.get("endorsementEvidence"), dict):
        return None
    evidence = endorsement["endorsementEvidence"]
    url = evidence.get("linkURL")
    if not is_web_address(url):
        return None
    digest, authority = evidence.get("digestMultibase"), endorsement.get("issuingAuthority")
    named = authority.get("id") if isinstance(authority, dict) else None
    return AuthorityLink(
        url,
        digest if isinstance(digest, str) else None,
        join(path, "endorsementEvidence", "linkURL"),
        named if isinstance(named, str) else None,
    )


def _check_certifier(
    document: JsonObject,
    issuer: str,
    policy: Policy,
    authorities: Mapping[str, Authority],
    *,
    now: datetime,
    signed: datetime | None,
) -> TrustFinding:
    claim = claim_of(document, policy.known_schemes)
    if not claim.schemes:
        raise _unknown("the certificate names no scheme", "scheme_unknown", _SCHEME)
    problems: list[CertweaveError] = []
    roots: dict[Chain, Root] = {}
    known_as = ""
    ends: list[datetime] = []
    for scheme in sorted(claim.schemes):
        chains = policy.schemes.get(scheme)
        if not chains:
            detail = f"the policy does not say whom the scheme {scheme[:200]} demands"
            problems.append(_unknown(detail, "scheme_unknown", _SCHEME))
        for chain in sorted(chains or ()):
            case = _Case(chain, scheme, claim, issuer, policy, now, signed)
            try:
                roots[chain], given = case.check(authority_links(document), authorities)
                known_as = known_as or _text(_object(subject_of(given), "issuedToParty"), "name")
                ends.append(grant_of(given).valid_until or now)
            except CertweaveError as error:
                problems.append(error)
    # All chains are demanded, so one refusal settles it, whatever else is unknown.
    for problem in sorted(problems, key=lambda error: isinstance(error, UndecidedError)):
        raise problem
    words = "; ".join(f"{chain} by {root.name}" for chain, root in roots.items())
    names = tuple(root.name for root in roots.values())
    ended = min((end for end in ends if end < now), default=None)
    return TrustFinding(
        "chains", f"the issuer has {words}", names, tuple(roots.items()), known_as, ended=ended
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One chain that one scheme demands of one issuer for one claim."""

    chain: Chain
    scheme: str
    claim: Extent
    issuer: str
    policy: Policy
    now: datetime
    signed: datetime | None

    def check(
        self, links: Sequence[AuthorityLink], authorities: Mapping[str, Authority]
    ) -> tuple[Root, JsonObject]:
        """Return the root behind the first authority that fits, and its credential; any one is enough.

        Where none fits, what is still open is told before what was refused: it might yet fit.
        """
        problems: list[CertweaveError] = []
        for link in links:
            authority = authorities.get(link.url)
            root = self._root_behind(link, authority)
            try:
                if authority is not None and root is not None:
                    return root, self._check_authority(link, authority, root)
                self._check_open(link, authority)
            except CertweaveError as error:
                problems.append(error)
        for problem in sorted(problems, key=lambda error: not isinstance(error, UndecidedError)):
            raise problem
        detail = (
            f"the {_FROM_WHOM[self.chain]} is missing: no link under authorisation leads to a trusted one"
        )
        raise _unknown(detail, "authority_missing", _AUTHORISATION)

    def _root_behind(self, link: AuthorityLink, authority: Authority | None) -> Root | None:
        """Return the root that issued the credential, else the one that the link claims did."""
        issued_by = authority.issuer if authority is not None else None
        root = self.policy.find_root(issued_by or link.authority_id or "", ROLES_OF[self.chain])
        return root if root is not None and self.scheme in root.schemes else None

    def _check_open(self, link: AuthorityLink, authority: Authority | None) -> None:
        """Raise where a credential whose issuer is not known yet might be the one that is wanted."""
        if authority is not None and (authority.verdict != "undecided" or authority.issuer is not None):
            return
        said_to_be_by = {root.id: root for root in self.policy.roots}.get(link.authority_id or "")
        if said_to_be_by is not None and said_to_be_by.role not in ROLES_OF[self.chain]:
            # The certifier itself says that this one is for another chain.
            return
        reason = authority.reason if authority is not None else "nobody has looked at it"
        cause = authority.cause if authority is not None else None
        detail = f"the {_FROM_WHOM[self.chain]} may be at {link.url[:200]}: {reason}"
        raise UndecidedError(detail, code="authority_undecided", path=link.path, cause=cause)

    def _check_authority(self, link: AuthorityLink, authority: Authority, root: Root) -> JsonObject:
        what = f"the {self.chain.value} by {root.name}"
        if authority.verdict == "undecided":
            detail = f"{what} is undecided: {authority.reason}"
            raise UndecidedError(detail, code="authority_undecided", path=link.path, cause=authority.cause)
        if authority.verdict != "valid" or authority.document is None or authority.issuer != root.id:
            detail = f"{what} does not hold: {authority.reason}"
            raise InvalidError(detail, code="authority_invalid", path=link.path)
        if CONFORMITY not in types_of(authority.document):
            raise InvalidError(f"{what} is no {CONFORMITY}", code="authority_invalid", path=link.path)
        subject = subject_of(authority.document)
        if party_of(subject) != self.issuer:
            detail = f"{what} is about somebody else than the issuer"
            raise InvalidError(detail, code="authority_not_on_issuer", path=link.path)
        if not authorises(authority.document):
            detail = f"{what} is a certificate of goods or sites, and authorises nobody"
            raise InvalidError(detail, code="out_of_scope", path=link.path)
        kind = kind_of_grant(authority.document)
        if kind is not None and kind != self.chain.value:
            raise InvalidError(f"{what} calls itself {kind}", code="out_of_scope", path=link.path)
        excess = next(self._excesses(grant_of(authority.document)), None)
        if excess is not None:
            raise InvalidError(f"{what} does not cover {excess}", code="out_of_scope", path=link.path)
        return authority.document

    def _excesses(self, grant: Extent) -> Iterator[str]:
        """Yield what the claim states beyond the grant. What either side leaves unsaid is not compared."""
        if self.scheme not in grant.schemes:
            yield f"the scheme {self.scheme[:200]}"
        for what, claimed, granted in (
            ("the process", self.claim.processes, grant.processes),
            ("the product class", self.claim.product_classes, grant.product_classes),
            ("the country", self.claim.regions, grant.regions),
        ):
            if claimed is not None and granted is not None:
                yield from (f"{what} {name[:200]}" for name in sorted(claimed - granted))
        when = self.claim.valid_from if self.claim.valid_from is not None else self.now
        if grant.valid_from is not None and when < grant.valid_from:
            yield "the start of the certificate: it came into force later"
        if grant.valid_until is not None and when > grant.valid_until:
            yield "the start of the certificate: it had ended before"
        if grant.valid_until is not None and self.signed is not None and self.signed > grant.valid_until:
            # A start that the signer wrote must not help the signer (docs/reference/verdicts.md).
            yield "the day on which the certificate was signed: it had ended before"


def _check_identity(issuer: str, policy: Policy, authorities: Mapping[str, Authority]) -> TrustFinding:
    """A supplier's own word: a trusted register must know who it is; nobody vouches for what it says."""
    problems: list[CertweaveError] = []
    for url in sorted(authorities):
        authority = authorities[url]
        root = policy.find_root(authority.issuer or "", frozenset({Role.REGISTER}))
        if root is None and authority.issuer is not None:
            continue
        try:
            if authority.verdict == "undecided":
                detail = f"the identity anchor may be at {url[:200]}: {authority.reason}"
                raise UndecidedError(detail, code="authority_undecided", cause=authority.cause)
            if root is not None and _is_anchor_of(issuer, authority, root):
                words = f"known identity: {root.name} knows the issuer, who says this about itself"
                registered = subject_of(authority.document or {})
                known_as = _text(registered, "registeredName")
                return TrustFinding("identity", words, (root.name,), known_as=known_as)
        except CertweaveError as error:
            problems.append(error)
    for problem in sorted(problems, key=lambda error: not isinstance(error, UndecidedError)):
        raise problem
    detail = "no identity anchor of a trusted register is linked from the issuer's DID document"
    raise _unknown(detail, "identity_anchor_missing", "/issuer")


def _is_anchor_of(issuer: str, authority: Authority, root: Root) -> bool:
    if authority.verdict != "valid" or authority.document is None:
        detail = f"the identity anchor by {root.name} does not hold: {authority.reason}"
        raise InvalidError(detail, code="authority_invalid")
    # Another credential of the register, or an anchor of somebody else, says nothing about this issuer.
    return ANCHOR in types_of(authority.document) and subject_of(authority.document).get("id") == issuer


def _object(members: JsonObject, name: str) -> JsonObject:
    found = members.get(name)
    return found if isinstance(found, dict) else {}


def _text(members: JsonObject, name: str) -> str:
    found = members.get(name)
    return found if isinstance(found, str) else ""


def _unknown(detail: str, code: str, path: str | None) -> UndecidedError:
    return UndecidedError(detail, code=code, path=path, cause=Cause.UNKNOWN_ISSUER)
