"""Requests for certificates: OpenID4VP 1.0, asked by an organisation, answered by any wallet.

https://openid.net/specs/openid-4-verifiable-presentations-1_0.html §5 (request objects by reference, GET) and
§8 (``direct_post``). Making and reading a request needs the scope ``read``; the wallet has only the link.
"""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.errors import CertweaveError
from certweave.examine.report import Verdict
from certweave.examine.report_json import report_json
from certweave.exchange.form import make_error
from certweave.exchange.vp_request import MEDIA_TYPE
from certweave.timestamps import format_timestamp
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import public, require
from certweave_edge.bodies import FORMS, takes
from certweave_edge.kit import outbound
from certweave_edge.qr import qr_svg
from certweave_edge.refused import Refusal, RefusedError
from certweave_verifier.guard import asking_of, check_room
from certweave_verifier.service.asking import Question, Result, shown_documents

router = APIRouter(tags=["ask"])


class Ask(BaseModel):
    """What is asked for: a preset, or a DCQL query of one's own; and why."""

    model_config = ConfigDict(extra="forbid")

    purpose: str
    preset: str | None = None
    dcql_query: dict[str, Any] | None = None


@router.post("/requests", status_code=201, summary="Ask for a certificate")
async def ask(request: Request, body: Ask, who: Annotated[Principal, require(Scope.READ)]) -> Response:
    """Make a request; the answer has its link, and the same as a code to be scanned."""
    asking = asking_of(request)

    def work() -> Question:
        return asking.ask(
            who.org, actor=who.actor, purpose=body.purpose, preset=body.preset, query=body.dcql_query
        )

    question = await outbound(request, work)
    return JSONResponse(_question_json(question), 201, {"Location": question.request_uri})


@router.get("/requests/{request_id}", summary="The signed request, for a wallet")
async def request_object(request: Request, request_id: str) -> Response:
    """Return the request object; 410 once it is answered or over."""
    token = await run_in_threadpool(asking_of(request).request_object, request_id)
    return Response(token, media_type=MEDIA_TYPE)


@router.post(
    "/responses/{request_id}",
    summary="The answer of a wallet",
    openapi_extra={
        **public("a wallet answers a request that it was given; state and nonce tie it to that"),
        **takes(FORMS[0]),
    },
)
async def response(request: Request, request_id: str) -> Response:
    """Take ``vp_token`` and ``state``, or ``error`` and ``state``, form-encoded."""
    body = await request.body()
    asking = asking_of(request)
    check_room(request)
    try:
        return JSONResponse(await outbound(request, lambda: asking.take(request_id, body)))
    except CertweaveError as error:
        if isinstance(error, RefusedError) and error.refusal is Refusal.BUSY:
            raise
        status = int(error.refusal) if isinstance(error, RefusedError) else 400
        request.state.code = error.code
        return JSONResponse({**make_error(error, fallback="invalid_request"), "code": error.code}, status)


@router.get("/requests/{request_id}/result", summary="What came of a request")
async def result(
    request: Request, request_id: str, who: Annotated[Principal, require(Scope.READ)]
) -> Response:
    """Return the state of a request, and once it is answered the reports."""
    found = await run_in_threadpool(asking_of(request).result, who.org, request_id)
    return JSONResponse(result_json(found))


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "id": question.asked.request_id,
        "client_id": question.asked.client_id,
        "request_uri": question.request_uri,
        "openid4vp": question.link,
        "qr": qr_svg(question.link, label="openid4vp"),
        "purpose": question.asked.purpose,
        "expires": format_timestamp(question.asked.expires),
    }


def result_json(found: Result) -> dict[str, Any]:
    """Return a result as JSON; claims are only in it where they are valid."""
    return {
        "id": found.asked.request_id,
        "purpose": found.asked.purpose,
        "state": found.state,
        "verdict": found.asked.verdict,
        "error": found.asked.error,
        "created": format_timestamp(found.asked.created),
        "expires": format_timestamp(found.asked.expires),
        "answered": format_timestamp(found.asked.answered) if found.asked.answered else None,
        "presentations": [
            {
                "query": shown.query_id,
                "verdict": shown.verdict,
                # Whoever shows a credential by its key binding holds a key, and names nobody.
                "holder": answer.report.subject if answer.report.credentials else None,
                "report": report_json(answer.report),
                "credentials": [
                    document
                    for document in shown_documents(answer.report)
                    if answer.report.verdict is Verdict.VALID
                ],
            }
            for shown, answer in found.answers
        ],
    }
