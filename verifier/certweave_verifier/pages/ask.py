"""The pages on which an organisation asks for a certificate and sees what came of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import page
from certweave_edge.kit import kit_of, outbound
from certweave_verifier.guard import asking_of, checker_of
from certweave_verifier.pages import words
from certweave_verifier.service.asking import PRESETS, Result
from certweave_verifier.service.summary import facts, kind_of

router = APIRouter(tags=["pages"])


@router.get("/asked", summary="Requests of an organisation, and the form for a new one")
async def show_asked(request: Request, who: Annotated[Principal, page(Scope.READ)]) -> Response:
    """Show what can be asked for, and what was."""
    asked = await run_in_threadpool(checker_of(request).store.requests, who.org)
    words_of = kit_of(request).pages.languages.choose(request).gettext
    context = {
        "presets": [(name, words_of(title)) for name, (title, _) in PRESETS.items()],
        "asked": asked,
        "now": kit_of(request).clock(),
        "can_ask": request.app.state.asking is not None,
    }
    return kit_of(request).pages.render(request, "verifier/asked.html", context)


@router.post("/asked", summary="Ask for a certificate from the form")
async def ask(
    request: Request,
    who: Annotated[Principal, page(Scope.READ)],
    preset: Annotated[str, Form(max_length=100)],
    purpose: Annotated[str, Form(max_length=500)],
) -> Response:
    """Make a request and lead to its page."""
    asking = asking_of(request)
    question = await outbound(
        request, lambda: asking.ask(who.org, actor=who.actor, purpose=purpose, preset=preset)
    )
    return kit_of(request).pages.redirect(request, f"/asked/{question.asked.request_id}")


@router.get("/asked/{request_id}", summary="A request and what came of it")
async def show_request(
    request: Request, request_id: str, who: Annotated[Principal, page(Scope.READ)]
) -> Response:
    """Show the code to scan while it waits, then the answer."""
    asking = asking_of(request)
    result = await run_in_threadpool(asking.result, who.org, request_id)
    context: dict[str, Any] = {
        "result": result,
        "question": asking.question(result.asked) if result.state == "waiting" else None,
        "answers": _answers(result),
    }
    return kit_of(request).pages.render(request, "verifier/request.html", context)


def _answers(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "report": answer.report,
            "sentence": words.sentence(answer.report),
            "remedies": words.remedies(answer.report),
            "parts": [
                {
                    "report": one,
                    "rows": list(words.rows(one)),
                    "facts": facts(one),
                    "kind": kind_of(one.document) if one.document is not None and not one.credentials else "",
                }
                for one in (answer.report, *answer.report.credentials)
            ],
        }
        for _, answer in result.answers
    ]
