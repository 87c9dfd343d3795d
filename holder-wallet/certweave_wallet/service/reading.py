"""From secured bytes to a document in the wallet, and the examination that it goes through first."""

import json
import secrets
from datetime import datetime
from typing import Any

from certweave.canon.jsonld import expand_types
from certweave.credential.contexts import ContextStore
from certweave.credential.shapes import issuer_id, types
from certweave.credential.vcdm import validity
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, UndecidedError
from certweave.examine.evidence import Evidence
from certweave.examine.reader import read
from certweave.examine.reading import Form
from certweave.examine.report import Outcome, Report, Verdict
from certweave.examine.report_json import report_json
from certweave.exchange.vci_metadata import LDP_VC, VC_JWT
from certweave_edge.gather import examine_with
from certweave_wallet.ports import Holding, Looked, Network, Origin
from certweave_wallet.service.tools import Tools

PLAIN_TYPE = "VerifiableCredential"


def look_at(tools: Tools, network: Network, content: bytes) -> Report:
    """Examine a document by the wallet's policy, fetching what that needs."""
    report, _ = examine_with(
        content,
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
    org: str, content: bytes, document: JsonObject, report: Report, *, now: datetime, tools: Tools
) -> Holding:
    """Return a received document as it is kept."""
    reading = read(content, limits=tools.limits)
    return describe(
        org,
        f"~{secrets.token_hex(12)}",
        content,
        document,
        origin=Origin.RECEIVED,
        form=VC_JWT if reading.form is Form.JWT else LDP_VC,
        added=now,
        looked=looked(report),
        contexts=tools.contexts,
    )


def describe(
    org: str,
    credential_id: str,
    content: bytes,
    document: JsonObject,
    *,
    origin: Origin,
    form: str,
    added: datetime,
    contexts: ContextStore,
    **more: Any,
) -> Holding:
    """Return a document with what lists and matching need of it; ``more`` are further members."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    names = types(unsecured)
    issuer = unsecured["issuer"]
    since, until = validity(unsecured)
    url = unsecured.get("id")
    return Holding(
        org=org,
        credential_id=credential_id,
        origin=origin,
        url=url if isinstance(url, str) else "",
        form=form,
        content=content,
        document=unsecured,
        types=names,
        expanded=_expand(names, unsecured, contexts),
        kind=next((name for name in names if name != PLAIN_TYPE), PLAIN_TYPE),
        name=text_of(unsecured.get("name")) or "",
        issuer=issuer_id(unsecured),
        issuer_name=(text_of(issuer.get("name")) or "") if isinstance(issuer, dict) else "",
        valid_from=since,
        valid_until=until,
        added=added,
        **more,
    )


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
