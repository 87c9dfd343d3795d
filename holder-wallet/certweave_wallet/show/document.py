"""The pages of one document: for its holder, for everybody where it is published, and as a printed card."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.exchange.vci_metadata import SD_JWT_VC
from certweave.proof.sd_jwt.vcld import LD
from certweave_edge.kit import kit_of
from certweave_wallet.here import wallet_of
from certweave_wallet.ports import Act, Holding, Origin, Standing
from certweave_wallet.service.presenting import DISCLOSING, withholdable
from certweave_wallet.show.contents import tell
from certweave_wallet.show.words import ACTS, REASONS, kind_of, party_of, state_of, steps_of, ways_to

_ABOUT_THE_TOKEN: Final = frozenset(
    {"iss", "sub", "iat", "nbf", "exp", "jti", "vct", "vct#integrity", "aka_vcts", "cnf", "status", "aud"}
)


def certificate_page(
    request: Request,
    holding: Holding,
    history: Sequence[Act],
    *,
    member: bool,
    error: MalformedError | None = None,
) -> Response:
    """Return the page of a document; who is no member sees the document and who says it, nothing else.

    ``error`` is what was wrong with the form of its withdrawal.
    """
    tools = wallet_of(request).tools
    outcome, words = state_of(holding, tools.clock())
    contents, complete = tell(told_of(holding), kit_of(request).pages.languages.choose(request))
    report = None if holding.looked is None else holding.looked.report
    data = {
        "org": holding.org,
        "holding": holding,
        "kind": kind_of(holding),
        "party": party_of,
        "outcome": outcome,
        "words": words,
        "contents": contents,
        "complete": complete,
        "withholdable": ways_to(withholdable(holding, tools)) if member else [],
        "in_part": holding.form in DISCLOSING,
        "steps": [] if report is None else steps_of(report),
        "tokens": kit_of(request).directory.name_tokens(holding.org) if member else {},
        "history": [(act, ACTS.get(act.act, act.act)) for act in history],
        "member": member,
        "own": holding.origin is Origin.OWN,
        "current": holding.standing is Standing.CURRENT,
        "reasons": REASONS,
        "address": public_address(request, holding),
        "checker": tools.verifier_url,
        "holder": tools.name_of(holding.org),
        "error": error,
    }
    status = 200 if error is None else 400
    page = f"/orgs/{holding.org}/credentials/{holding.credential_id}"
    return kit_of(request).pages.render(request, "wallet/document.html", data, status=status, page=page)


def told_of(holding: Holding) -> JsonObject:
    """Return a document as its contents are told: of an SD-JWT VC what stands in it, or what it claims."""
    if holding.form != SD_JWT_VC:
        return holding.document
    inner = holding.document.get(LD)
    if isinstance(inner, dict):
        return inner
    claims = {name: value for name, value in holding.document.items() if name not in _ABOUT_THE_TOKEN}
    return {"credentialSubject": claims}


def card_page(request: Request, holding: Holding) -> Response:
    """Return a card to print: for somebody without a phone, whose certificate others read by its code."""
    data = {
        "org": holding.org,
        "holding": holding,
        "kind": kind_of(holding),
        "party": party_of,
        "for_whom": _for_whom(holding),
        "address": public_address(request, holding),
        "holder": wallet_of(request).tools.name_of(holding.org),
    }
    return kit_of(request).pages.render(request, "wallet/card.html", data)


def public_address(request: Request, holding: Holding) -> str:
    """Return where others read a document: with its holder where published, else with its issuer."""
    if holding.published:
        return wallet_of(request).tools.address(f"/orgs/{holding.org}/credentials/{holding.credential_id}")
    return holding.url


def _for_whom(holding: Holding) -> str:
    """Return whom a card is for: who lets another act, else who it was issued to, else its subject."""
    subject = told_of(holding).get("credentialSubject")
    one = subject[0] if isinstance(subject, list) and subject else subject
    if not isinstance(one, dict):
        return ""
    delegation = one.get("delegation")
    principal = delegation.get("principal") if isinstance(delegation, dict) else None
    for found in (principal, one.get("issuedToParty"), one):
        name = found.get("name", found.get("registeredName")) if isinstance(found, dict) else None
        if isinstance(name, str):
            return name
    return ""
