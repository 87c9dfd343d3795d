"""Tokens and messages signed as they stand, by whoever wants to, and what an examination finds first.

Nothing here asks a rule of ours: an attack signs what no honest issuer would.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from certweave.encoding.cbor import CborValue, encode_cbor
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import Outcome, Report
from certweave.keys.model import Signer
from certweave.limits import DEFAULT_LIMITS
from certweave.trust.policy import INTEGRITY
from tests.support.suites import NOW, contexts

ALG: Final = {"EdDSA": -8, "ES256": -7, "ES384": -35, "ES512": -36}
"""Numbers of COSE for the algorithms of JOSE."""
Finding = tuple[str, str, str, str | None]
"""Verdict, step, code and path of the first check that is neither valid nor without an object."""


def text(value: Any) -> bytes:
    """Return a value as JSON; bytes are taken for JSON already."""
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()


def token(payload: Any, signer: Signer, header: Mapping[str, Any] | bytes | None = None, **more: Any) -> str:
    """Return a compact token over ``payload``; ``header`` is added to, or stands for, the usual one.

    A member of the header that is None is left out.
    """
    if not isinstance(header, bytes):
        usual = {"alg": signer.algorithm.jws, "kid": signer.method, **(header or {}), **more}
        header = text({name: value for name, value in usual.items() if value is not None})
    signing_input = f"{base64url_encode(header)}.{base64url_encode(text(payload))}"
    return f"{signing_input}.{base64url_encode(signer.sign(signing_input.encode()))}"


def message(
    payload: Any,
    signer: Signer,
    header: Mapping[Any, CborValue] | bytes | None = None,
    *,
    unprotected: CborValue = None,
) -> bytes:
    """Return a COSE_Sign1 over ``payload``; the header as in ``token``."""
    if not isinstance(header, bytes):
        usual = {1: ALG[signer.algorithm.jws], 4: signer.method.encode(), **(header or {})}
        header = encode_cbor({label: value for label, value in usual.items() if value is not None})
    body = text(payload)
    signature = signer.sign(encode_cbor(["Signature1", header, b"", body]))
    return b"\xd2" + encode_cbor([header, {} if unprotected is None else unprotected, body, signature])


def parts(compact: str | bytes) -> tuple[JsonObject, JsonObject, bytes]:
    """Return header, payload and signature of a compact token."""
    raw = compact if isinstance(compact, str) else compact.decode()
    header, payload, signature = (base64url_decode(part) for part in raw.split("."))
    return json.loads(header), json.loads(payload), signature


def judge(source: bytes | str | JsonObject, *, expect: Expectation = NOTHING_EXPECTED) -> Report:
    """Examine any form, without evidence."""
    data = source.encode() if isinstance(source, str) else text(source)
    return examine(
        data,
        Evidence(),
        policy=INTEGRITY,
        now=NOW,
        limits=DEFAULT_LIMITS,
        contexts=contexts(),
        expect=expect,
    )


def finding(report: Report) -> Finding:
    """Return what an examination found first, in the credentials that are shown as well."""
    for one in (report, *report.credentials):
        for check in one.checks:
            if check.outcome not in (Outcome.VALID, Outcome.NOT_APPLICABLE):
                return (str(report.verdict), check.step.value, check.code, check.path)
    return (str(report.verdict), "", "", None)
