"""What VCALM wants in the answer to a verification beside our report: problem details, and results by member.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/), VerifyCredentialResult and VerifyPresentationResult. Results go
by our steps: where several proofs, statuses or members are judged in one step, all of them bear its outcome.
One of them may have held, but that is nothing to build on.
"""

from collections.abc import Iterator
from typing import Any, Final

from certweave.encoding.strict_json import JsonObject
from certweave.examine.problems import problem_type
from certweave.examine.report import Check, Outcome, Report, Step, Verdict
from certweave.exchange.vc_api import VerifyRequest

_SINGLE: Final = {"validFrom": Step.VALIDITY, "validUntil": Step.VALIDITY}
_SEVERAL: Final = {"credentialSchema": Step.RULES, "credentialStatus": Step.STATUS}
_PROOF: Final = (Step.PROOF, Step.KEY, Step.SIGNATURE)


def answer_members(report: Report, asked: VerifyRequest | None) -> dict[str, Any]:
    """Return ``verified``, and what the options of the request ask for; None for bytes without any."""
    members: dict[str, Any] = {"verified": report.verdict is Verdict.VALID}
    options = None if asked is None else asked.options
    if options is None or options.wants("returnProblemDetails", default=True):
        members["problemDetails"] = problem_details(report)
    if asked is None or options is None:
        return members
    if options.wants("returnCredential"):
        members["credential"] = asked.secured
    if options.wants("returnPresentation"):
        members["verifiablePresentation"] = asked.secured
    if options.wants("returnResults"):
        given = asked.secured if isinstance(asked.secured, dict) else {}
        shown = report.checks[0].step is Step.HOLDER
        members["results"] = _presentation(report, given, asked) if shown else _credential(report, given)
    return members


def problem_details(report: Report) -> list[JsonObject]:
    """Return the checks that made the verdict, each as problem details (RFC 9457)."""
    return [_problem(check) for check in report.decisive()]


def _problem(check: Check) -> JsonObject:
    kind = problem_type(check)
    return {
        "type": kind.uri,
        "title": kind.title,
        "detail": check.detail,
        "code": check.code,
        "path": check.path,
    }


def _credential(report: Report, given: JsonObject) -> JsonObject:
    document = report.document or given
    results: JsonObject = {
        name: {"verified": _holds(report, step), "input": document[name]}
        for name, step in _SINGLE.items()
        if name in document
    }
    for name, step in _SEVERAL.items():
        if name in document:
            results[name] = list(_each(document[name], _holds(report, step)))
    results["proof"] = _proofs(report, given)
    return results


def _presentation(report: Report, given: JsonObject, asked: VerifyRequest) -> JsonObject:
    own: JsonObject = {
        name: {"verified": _holds(report, step), "input": asked.options.raw[name]}
        for name, step in (("challenge", Step.NONCE), ("domain", Step.AUDIENCE))
        if name in asked.options.raw
    }
    document = report.document or given
    if "holder" in document:
        own["holder"] = {"verified": _holds(report, Step.HOLDER), "input": document["holder"]}
    own["proof"] = _proofs(report, given)
    shown = document.get("verifiableCredential", [])
    items = shown if isinstance(shown, list) else [shown]
    inner = [
        {
            "verified": one.verdict is Verdict.VALID,
            "credential": item,
            "problemDetails": problem_details(one),
            "results": _credential(one, item if isinstance(item, dict) else {}),
        }
        for one, item in zip(report.credentials, items, strict=False)
    ]
    return {"presentation": own, "credentials": inner}


def _proofs(report: Report, given: JsonObject) -> list[JsonObject]:
    """Return a result for each proof inside; an enveloping one is no object, and has none of its own."""
    return list(_each(given.get("proof", []), _holds(report, *_PROOF)))


def _each(value: Any, verified: bool) -> Iterator[JsonObject]:
    for item in value if isinstance(value, list) else [value]:
        yield {"verified": verified, "input": item}


def _holds(report: Report, *steps: Step) -> bool:
    return all(report.check(step).outcome is Outcome.VALID for step in steps)
