"""Showing a document: as everybody sees it, and in a presentation as those who ask see it.

OpenID for Verifiable Presentations 1.0 §6.4.1, §8 and appendix B
(https://openid.net/specs/openid-4-verifiable-presentations-1_0.html), RFC 9901 §4.3. An SD-JWT is shown with
the disclosures that were asked for and no others; to everybody, with none. The key that it is bound to
(``cnf``) must be one that the organisation signs with. What is bound to none is put into a presentation that
the organisation signs. Of a document with a base proof, what is derived from it. Others are shown whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError
from certweave.examine.reader import read
from certweave.exchange.dcql import CredentialQuery
from certweave.exchange.dcql_match import Held, find_places
from certweave.exchange.vci_metadata import LDP_VC, SD_JWT_VC, VC_SD_JWT
from certweave.exchange.vp_request import PresentationRequest
from certweave.exchange.vp_response import Presentation
from certweave.keys.model import PublicKey, Signer
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.derive import derive_sd_jwt
from certweave.proof.sd_jwt.binding import bind_sd_jwt, find_bound_key
from certweave.proof.sd_jwt.token import Processed, parse_sd_jwt, process_sd_jwt
from certweave.proof.vc_cose import envelope_cose
from certweave.proof.vc_jwt import CREDENTIALS_V2, envelope, sign_presentation_jwt
from certweave_edge.identity import ASSERTION, AUTHENTICATION
from certweave_wallet.ports import Holding
from certweave_wallet.service.base_proofs import derive_part, find_base, find_withholdable
from certweave_wallet.service.reading import VC_COSE, facts_of, secured_bytes
from certweave_wallet.service.tools import Tools

DISCLOSING: Final = (VC_SD_JWT, SD_JWT_VC)
"""Forms with disclosures."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Of what a holder could withhold: JSON Pointers of what is shown, and of what stays."""

    shown: tuple[str, ...]
    kept: tuple[str, ...]


def withholdable(holding: Holding, tools: Tools) -> tuple[str, ...]:
    """Return JSON Pointers of everything in a document that its holder may withhold."""
    base = find_base(holding.content, tools)
    if base is not None:
        least = _part(holding, (), tools).document
        return tuple(place for place in find_withholdable(base) if not _holds(least, place))
    if holding.form not in DISCLOSING:
        return ()
    return tuple(sorted(place for place, one in _process(holding, tools).places.items() if one is not None))


def public_part(holding: Holding, tools: Tools) -> Holding:
    """Return a document as everybody sees it: without what could be withheld, and without its report.

    Raises:
        InvalidError: what is left is no credential (``sd_too_little``).
    """
    return replace(_part(holding, (), tools), looked=None)


def part_for(query: CredentialQuery, holding: Holding, tools: Tools) -> Holding:
    """Return a document as those who ask see it: with what they ask for (DCQL, §6.4.1), and no more.

    Raises:
        InvalidError: what is left is no credential (``sd_too_little``).
    """
    base = find_base(holding.content, tools)
    if base is None and holding.form not in DISCLOSING:
        return holding
    return _part(holding, find_places(query, base or _process(holding, tools).issued), tools)


def choice_for(query: CredentialQuery, holding: Holding, tools: Tools) -> Choice:
    """Return what an answer would show of what could be withheld; raises as ``part_for``."""
    part, every = part_for(query, holding, tools), withholdable(holding, tools)
    shown = withholdable(part, tools)
    if holding.form not in DISCLOSING:
        shown = tuple(place for place in every if _holds(part.document, place))
    return Choice(shown, tuple(place for place in every if place not in shown))


def can_withhold(holding: Holding, tools: Tools) -> bool:
    """Tell whether a document is one of which a part can be shown."""
    return holding.form in DISCLOSING or find_base(holding.content, tools) is not None


def as_held(holding: Holding) -> Held:
    """Return a document as questions are matched with it.

    An SD-JWT VC is shown by its own key or not at all: without one it proves no holder (appendix B.3).
    """
    bound = holding.form != SD_JWT_VC or "cnf" in holding.document
    return Held(holding.credential_id, holding.form, frozenset(holding.expanded), holding.document, bound)


def find_signer(org: str, key: PublicKey, tools: Tools) -> Signer | None:
    """Return what signs for an organisation with just this key; None where it does not have it."""
    signers = (tools.identities.signer(org, purpose) for purpose in (AUTHENTICATION, ASSERTION))
    return next((signer for signer in signers if signer.public == key), None)


def can_show(holding: Holding, tools: Tools) -> bool:
    """Tell whether the key that a document is bound to, if any, is one that its organisation signs with."""
    try:
        key = bound_key(holding.content, holding.form, tools)
    except CertweaveError:
        return False
    return key is None or find_signer(holding.org, key, tools) is not None


def bound_key(content: bytes, form: str, tools: Tools) -> PublicKey | None:
    """Return the key that an SD-JWT is bound to; None where there is none, and for other forms.

    Raises:
        CertweaveError: as ``find_bound_key``.
    """
    if form not in DISCLOSING:
        return None
    return find_bound_key(parse_sd_jwt(content, limits=tools.limits).payload)


def present(
    part: Holding, query: CredentialQuery, request: PresentationRequest, tools: Tools
) -> Presentation:
    """Return a presentation of a document, or of a part, made for one request.

    Without a proof of its holder only where the request wants none.

    Raises:
        InvalidError: it is bound to a key that is no longer ours (``cnf_foreign``).
    """
    if not query.holder_binding:
        return _bare(part, tools)
    key = bound_key(part.content, part.form, tools)
    if key is None:
        return _presentation(part, request, tools)
    signer = find_signer(part.org, key, tools)
    if signer is None:
        raise unbound()
    return bind_sd_jwt(
        part.content.decode("ascii"),
        signer,
        audience=request.client_id,
        nonce=request.nonce,
        issued_at=tools.clock(),
        limits=tools.limits,
    )


def unbound() -> InvalidError:
    """Return the error for a document that is bound to a key which its organisation does not sign with."""
    detail = "this document is bound to a key that is not, or no longer, yours; ask its issuer for it again"
    return InvalidError(detail, code="cnf_foreign", path="/cnf")


def shown_object(holding: Holding, tools: Tools) -> JsonObject | None:
    """Return a secured document as a JSON object; None for an SD-JWT VC, which has no such form."""
    if holding.form == LDP_VC:
        return parse_object(holding.content, limits=tools.limits)
    if holding.form == VC_COSE:
        return envelope_cose(holding.content)
    return None if holding.form == SD_JWT_VC else envelope(holding.content.decode("ascii"))


def _bare(part: Holding, tools: Tools) -> Presentation:
    if part.form in (LDP_VC, VC_COSE):
        return shown_object(part, tools) or {}
    return part.content.decode("ascii")


def _presentation(part: Holding, request: PresentationRequest, tools: Tools) -> Presentation:
    """Return a presentation that the organisation signs: with an embedded proof, or as a token."""
    signer, now = tools.identities.signer(part.org, AUTHENTICATION), tools.clock()
    made: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": tools.identities.did_of(part.org),
        "verifiableCredential": [shown_object(part, tools)],
    }
    if part.form == LDP_VC:
        return add_jcs_proof(
            made,
            signer,
            created=now,
            purpose=AUTHENTICATION,
            challenge=request.nonce,
            domain=request.client_id,
        )
    return sign_presentation_jwt(made, signer, issued_at=now, audience=request.client_id, nonce=request.nonce)


def _process(holding: Holding, tools: Tools) -> Processed:
    return process_sd_jwt(parse_sd_jwt(holding.content, limits=tools.limits), limits=tools.limits)


def _part(holding: Holding, pointers: Sequence[str], tools: Tools) -> Holding:
    """Return a document with what the pointers select; what is said about it is read from what is left."""
    base = find_base(holding.content, tools)
    if base is not None:
        left = derive_part(base, pointers, tools)
        content = secured_bytes(left)
    elif holding.form in DISCLOSING:
        content = derive_sd_jwt(holding.content.decode("ascii"), pointers, limits=tools.limits).encode()
        left = read(content, limits=tools.limits).document
    else:
        return holding
    facts = facts_of(holding.form, left, issuer=holding.issuer, contexts=tools.contexts)
    return replace(holding, content=content, **facts)


def _holds(document: JsonObject, place: str) -> bool:
    value: object = document
    for step in place.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True
