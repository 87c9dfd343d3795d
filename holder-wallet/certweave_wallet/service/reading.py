"""From secured bytes to a document in the wallet, and the examination that it goes through first."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from certweave.canon.jsonld import expand_types
from certweave.credential.contexts import ContextStore
from certweave.credential.shapes import issuer_id, types
from certweave.credential.vcdm import validity
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, UndecidedError, UnsupportedError
from certweave.examine.evidence import Evidence
from certweave.examine.model import SD_JWT_VC as CLAIMS
from certweave.examine.reader import read
from certweave.examine.reading import Form, Reading
from certweave.examine.report import Outcome, Report, Verdict
from certweave.examine.report_json import report_json
from certweave.exchange.vci_metadata import LDP_VC, SD_JWT_VC, VC_JWT, VC_SD_JWT
from certweave.proof.vc_jwt import claims
from certweave_edge.gather import examine_with
from certweave_wallet.ports import Holding, Looked, Network, Origin
from certweave_wallet.service.base_proofs import WHOLE, derive_part, find_base
from certweave_wallet.service.tools import Tools

PLAIN_TYPE: Final = "VerifiableCredential"
VC_COSE: Final = "vc+cose"
FORMATS: Final[Mapping[Form, str]] = MappingProxyType(
    {
        Form.JWT: VC_JWT,
        Form.SD_JWT: VC_SD_JWT,
        Form.COSE: VC_COSE,
        Form.SD_JWT_VC: SD_JWT_VC,
        Form.EMBEDDED: LDP_VC,
    }
)
"""The forms that are kept, by the names that OpenID4VCI and OpenID4VP have for them."""
TEXTS: Final = (VC_JWT, VC_SD_JWT, SD_JWT_VC)
"""Of these, those that are texts."""
_LAST_WORD: Final = re.compile("[/#:]")


def media_type_of(form: str) -> str:
    """Return the media type of the secured bytes of a form."""
    return "application/vc" if form == LDP_VC else f"application/{form}"


def read_kept(content: bytes, tools: Tools) -> tuple[Reading, bytes]:
    """Return a document that somebody handed over, as read and as it is kept: without its envelope.

    Raises:
        CertweaveError: it cannot be read.
        UnsupportedError: it is secured in a way that is not kept here (``form_unsupported``).
    """
    reading = read(content, limits=tools.limits)
    if reading.form not in FORMATS:
        # It would have to be shown again in forms that no protocol of the wallet has for it.
        raise UnsupportedError(f"{reading.words} is not kept here", code="form_unsupported")
    if isinstance(reading.secured, bytes):
        return reading, reading.secured
    return reading, reading.secured.encode() if isinstance(reading.secured, str) else content.strip()


def look_at(tools: Tools, network: Network, content: bytes) -> Report:
    """Examine a document by the wallet's policy, fetching what that needs.

    One with a base proof is examined by what shows all of it.
    """
    base = find_base(content, tools)
    report, _ = examine_with(
        content if base is None else secured_bytes(derive_part(base, WHOLE, tools)),
        Evidence(),
        policy=tools.policy,
        now=tools.clock(),
        limits=tools.limits,
        contexts=tools.contexts,
        fetch=network.find(),
    )
    return report


def looked(report: Report) -> Looked:
    """Return what is kept of a report."""
    return Looked(report.at, report.verdict.value, report_json(report))


def check_acceptable(report: Report) -> JsonObject:
    """Return the document of a report whose signature held and where no rule said no.

    What could not be decided, such as a status list that did not answer, does not keep a document out: the
    wallet shows it with that verdict. An unproven signature does.

    Raises:
        InvalidError: ``document_invalid``, with the step that spoke.
        UndecidedError: ``document_unproven``: the issuer's identity or signature could not be checked.
    """
    if report.credentials or any(check.step.number == "p1" for check in report.checks):
        raise InvalidError("this is a presentation, not a certificate", code="document_presentation")
    for check in report.checks:
        if check.outcome is Outcome.INVALID:
            detail = f"this document does not hold: {check.detail}"
            raise InvalidError(detail, code="document_invalid", path=check.path)
    if report.document is None or report.verdict is Verdict.INVALID:
        found = next((check for check in report.checks if check.outcome is Outcome.UNDECIDED), None)
        words = "" if found is None else f": {found.detail}"
        cause = None if found is None else found.cause
        raise UndecidedError(
            f"who signed this document could not be checked{words}", code="document_unproven", cause=cause
        )
    return report.document


def make_received(
    org: str, content: bytes, form: str, document: JsonObject, report: Report, *, now: datetime, tools: Tools
) -> Holding:
    """Return a received document as it is kept; ``document`` is that of the report which let it in."""
    said = document[CLAIMS] if form == SD_JWT_VC else document
    return Holding(
        org=org,
        credential_id=f"~{secrets.token_hex(12)}",
        origin=Origin.RECEIVED,
        form=form,
        content=content,
        added=now,
        looked=looked(report),
        **facts_of(form, said, issuer=document["issuer"], contexts=tools.contexts),
    )


def facts_of(
    form: str, document: JsonObject, *, contexts: ContextStore, issuer: Any = None
) -> dict[str, Any]:
    """Return the members of a ``Holding`` that follow from its document.

    Args:
        form: of the document.
        document: a credential, with or without its proof, or the claims of an SD-JWT VC.
        contexts: the pinned contexts, for the expanded types.
        issuer: who was found to speak, where an SD-JWT VC need not say so itself.
    """
    if form == SD_JWT_VC:
        return _facts_of_claims(document, issuer)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    names = types(unsecured)
    said = unsecured["issuer"]
    since, until = validity(unsecured)
    url = unsecured.get("id")
    return {
        "document": unsecured,
        "url": url if isinstance(url, str) else "",
        "types": names,
        "expanded": _expand(names, unsecured, contexts),
        "kind": next((name for name in names if name != PLAIN_TYPE), PLAIN_TYPE),
        "name": text_of(unsecured.get("name")) or "",
        "issuer": issuer_id(unsecured),
        "issuer_name": (text_of(said.get("name")) or "") if isinstance(said, dict) else "",
        "valid_from": since,
        "valid_until": until,
    }


def _facts_of_claims(document: JsonObject, issuer: Any) -> dict[str, Any]:
    """An SD-JWT VC: its type is a URL or a name; a document inside of it (SD-JWT VCLD) may say more."""
    said, inner = claims(document), document.get("ld")
    names = (document["vct"], *document.get("aka_vcts", ()))
    name = text_of(document.get("name")) or (text_of(inner.get("name")) if isinstance(inner, dict) else None)
    return {
        "document": document,
        "url": "",
        "types": names,
        "expanded": names,
        "kind": _LAST_WORD.split(names[0].rstrip("/"))[-1][:200],
        "name": name or "",
        "issuer": issuer if isinstance(issuer, str) else str(document.get("iss", "")),
        "issuer_name": "",
        "valid_from": said.nbf,
        "valid_until": said.exp,
    }


def text_of(value: Any) -> str | None:
    """Return a text, or the first of a language value object or a list of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return text_of(value.get("@value"))
    return text_of(value[0]) if isinstance(value, list) and value else None


def secured_bytes(credential: str | JsonObject) -> bytes:
    """Return the bytes of a credential as a protocol message carries it: a token, or an object."""
    if isinstance(credential, str):
        return credential.encode()
    return json.dumps(credential, separators=(",", ":"), ensure_ascii=False).encode()


def _expand(names: tuple[str, ...], document: JsonObject, contexts: ContextStore) -> tuple[str, ...]:
    try:
        return tuple(expand_types(names, document["@context"], contexts=contexts))
    except CertweaveError:
        return ()  # a context that we do not have: the document is kept, and answers no question by type
