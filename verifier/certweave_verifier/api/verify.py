"""The VC API of the verifier: verify a credential or a presentation, open to all, within a budget.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/). 200 means valid, where VCALM has it mean that the question was
answered: a caller that only looks at the status is not led astray. Everything else is a problem document
(RFC 9457) that holds the report, too: 400 where the input cannot be read, 422 where it is
invalid or undecided, which ``verdict`` tells apart. A token or a COSE message may be the whole body.
"""

from collections.abc import Set
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.errors import MalformedError, UnknownOptionError
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.problems import problem_type
from certweave.examine.report import Outcome, Report, Step, Verdict
from certweave.examine.report_json import report_json
from certweave.exchange.vc_api import VerifyRequest, parse_verify_credential, parse_verify_presentation
from certweave_edge.auth import public
from certweave_edge.bodies import media_type, read_json, takes
from certweave_edge.kit import outbound
from certweave_edge.problem import MEDIA_TYPE
from certweave_verifier.api.results import answer_members
from certweave_verifier.guard import check_room, checker_of
from certweave_verifier.service.checking import Checker

router = APIRouter(tags=["verify"])

_WAYS = ("", "+jwt", "+sd-jwt", "+cose")
CREDENTIAL_TYPES: Final = frozenset(f"application/vc{way}" for way in _WAYS)
PRESENTATION_TYPES: Final = frozenset(f"application/vp{way}" for way in _WAYS)
OPEN: Final = public("verification is open to all, within a budget of hosts, bytes and seconds")
_TITLES: Final = {Verdict.INVALID: "A rule says no", Verdict.UNDECIDED: "It could not be decided"}


@router.post("/credentials/verify", summary="Verify a credential", openapi_extra={**OPEN, **takes()})
async def verify_credential(request: Request) -> Response:
    """Verify ``{verifiableCredential, options?}``, or the bytes of one (``CREDENTIAL_TYPES``)."""
    return await judge_credential(request, checker_of(request))


@router.post("/presentations/verify", summary="Verify a presentation", openapi_extra={**OPEN, **takes()})
async def verify_presentation(request: Request) -> Response:
    """Verify ``{verifiablePresentation, options?}``, or the bytes of one (``PRESENTATION_TYPES``).

    ``options.domain`` is the audience that the presentation must name and ``options.challenge`` its nonce;
    of bare bytes they are query parameters of the same names.
    """
    return await judge_presentation(request, checker_of(request))


async def judge_credential(request: Request, checker: Checker) -> Response:
    """Read the body of ``credentials/verify``, have it checked, and answer."""
    body, asked = await request.body(), None
    _parameters(request, frozenset())
    if media_type(request) not in CREDENTIAL_TYPES:
        asked = parse_verify_credential(await read_json(request, limits=checker.limits))
    return await _verify(request, checker, body, NOTHING_EXPECTED, asked, presentation=False)


async def judge_presentation(request: Request, checker: Checker) -> Response:
    """Read the body of ``presentations/verify``, have it checked, and answer."""
    body, asked = await request.body(), None
    if media_type(request) in PRESENTATION_TYPES:
        query = _parameters(request, {"domain", "challenge"})
        expect = Expectation(query.get("domain"), query.get("challenge"))
    else:
        _parameters(request, frozenset())
        asked = parse_verify_presentation(await read_json(request, limits=checker.limits))
        expect = Expectation(asked.options.domain, asked.options.challenge)
    return await _verify(request, checker, body, expect, asked, presentation=True)


async def _verify(
    request: Request,
    checker: Checker,
    body: bytes,
    expect: Expectation,
    asked: VerifyRequest | None,
    *,
    presentation: bool,
) -> Response:
    check_room(request)
    report, _ = await outbound(request, lambda: checker.check(body, expect))
    if _is_presentation(report) is not presentation and report.check(Step.READ).outcome is Outcome.VALID:
        kind = "presentation" if presentation else "credential"
        raise MalformedError(f"this is no {kind}", code="input_form")
    return _answer(request, report, asked)


def _is_presentation(report: Report) -> bool:
    return report.checks[0].step is Step.HOLDER


def _answer(request: Request, report: Report, asked: VerifyRequest | None) -> Response:
    """Return a report as the VC API wants it."""
    members = {**report_json(report), **answer_members(report, asked)}
    if report.verdict is Verdict.VALID:
        return JSONResponse(members)
    first = next(report.decisive(), report.checks[0])
    status = 400 if report.check(Step.READ).outcome is Outcome.INVALID else 422
    request.state.code = first.code
    problem = {
        "type": problem_type(first).uri,
        "title": "It cannot be read" if status == 400 else _TITLES[report.verdict],
        "status": status,
        "detail": first.detail,
        "code": first.code,
        "path": first.path,
        "request": request.state.request_id,
    }
    return JSONResponse({**problem, **members}, status, media_type=MEDIA_TYPE)


def _parameters(request: Request, known: Set[str]) -> dict[str, str]:
    """Return the query parameters. One that is unknown, or stands twice, may be a restriction: refused."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known or name in found:
            detail = f"the parameter {name[:60]!r} is not known here, or stands twice"
            raise UnknownOptionError(detail)
        found[name] = value
    return found
