"""The check pages: paste, drop or link a credential, see the answer and save it; past checks; the policy.

The form works without JavaScript; with it the answer is filled into the page. An address that a visitor typed
is a stranger's: it must be https and public, unless the operator mapped its host.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.errors import MalformedError
from certweave.examine.report import Report, Verdict
from certweave.examine.report_json import report_json
from certweave.trust.policy import Policy
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import page, public, same_origin, visitor
from certweave_edge.bodies import NoBody
from certweave_edge.i18n import Translator
from certweave_edge.kit import kit_of, outbound
from certweave_edge.negotiate import wants_html
from certweave_edge.terms import find_title
from certweave_verifier.guard import check_room, check_visitor, checker_of
from certweave_verifier.pages import words
from certweave_verifier.ports import Kept
from certweave_verifier.service.checking import Answer, Checker, report_bytes
from certweave_verifier.service.summary import KINDS, facts, kind_of

router = APIRouter(tags=["pages"])

Visitor = Annotated[Principal | None, visitor()]
OPEN = public("verification is open to all, within a budget of hosts, bytes and seconds")


@router.get("/", summary="The check page")
async def show_form(request: Request, who: Visitor) -> Response:
    """Show where a credential can be pasted, dropped or linked."""
    return _form(request, link=request.query_params.get("link", ""))


@router.post("/checks", summary="Check a credential from a form", openapi_extra=OPEN)
async def check(request: Request, who: Visitor, _: Annotated[None, Depends(same_origin)]) -> Response:
    """Check what the form holds, keep the answer, and lead to it."""
    check_room(request)
    most = kit_of(request).settings.body_bytes
    async with request.form(max_files=1, max_fields=8, max_part_size=most) as form:
        source = await _pasted(form.get("file"), form.get("text"))
        link = str(form.get("link") or "").strip()
    try:
        work = _work(checker_of(request), source, link)
    except MalformedError as error:
        if not wants_html(request):
            raise
        return _form(request, link=link, text=source.decode("utf-8", "replace"), error=error)
    return await _answered(request, who, work)


@router.post("/checks/{check_id}/again", summary="Check the same once more", openapi_extra=OPEN)
async def check_again(
    request: Request, check_id: str, who: Visitor, _: Annotated[None, Depends(same_origin)], __: NoBody
) -> Response:
    """Check the same input again, with everything fetched anew."""
    check_room(request)
    checker = checker_of(request)
    kept = await run_in_threadpool(checker.find_kept, check_id, org=who.org if who else None)

    def work() -> Answer:
        before = checker.replay(kept.bundle)
        if before.source:
            return checker.answer(before.source, before.expect)
        return checker.answer_link(min(before.report.needs).url)

    return await _answered(request, who, work)


@router.get("/checks/{check_id}", summary="The answer to a check")
async def show_answer(request: Request, check_id: str, who: Visitor) -> Response:
    """Show a kept answer: as a page, or the report as JSON."""
    kept, answer = await _find(request, check_id, who)
    if not wants_html(request):
        return JSONResponse({"id": kept.check_id, **report_json(answer.report)}, headers={"Vary": "Accept"})
    return kit_of(request).pages.render(request, "verifier/answer.html", _answer_context(kept, answer))


@router.get("/checks/{check_id}/bundle", summary="The answer as a file that anyone can replay")
async def save_bundle(request: Request, check_id: str, who: Visitor) -> Response:
    """Return input, evidence, report and policy in one file."""
    kept = await run_in_threadpool(checker_of(request).find_kept, check_id, org=who.org if who else None)
    return _download(kept.bundle, "application/zip", f"check-{check_id[:8]}.cwbundle")


@router.get("/checks/{check_id}/report", summary="The report of a check")
async def save_report(request: Request, check_id: str, who: Visitor) -> Response:
    """Return the report as a JSON file."""
    _, answer = await _find(request, check_id, who)
    return _download(report_bytes(answer.report), "application/json", f"check-{check_id[:8]}.json")


@router.get("/checks", summary="Past checks of an organisation")
async def past_checks(request: Request, who: Annotated[Principal, page(Scope.READ)]) -> Response:
    """List what the organisation has checked."""
    kept = await run_in_threadpool(checker_of(request).store.checks, who.org)
    return kit_of(request).pages.render(request, "verifier/past.html", {"checks": kept})


@router.get("/policy", summary="Whom this verifier trusts, in words")
async def show_policy(request: Request, who: Visitor) -> Response:
    """Show the policy in words, or as JSON."""
    policy = checker_of(request).policy
    if not wants_html(request):
        return JSONResponse(policy.to_json(), headers={"Vary": "Accept"})
    pages = kit_of(request).pages
    context = _policy_context(policy, pages.languages.choose(request))
    return pages.render(request, "verifier/policy.html", context)


def _form(request: Request, *, link: str, text: str = "", error: MalformedError | None = None) -> Response:
    """Show the form, empty or as it was filled in, with what has to be mended."""
    context = {
        "samples": request.app.state.samples,
        "policy": checker_of(request).policy,
        "link": link[:2000],
        "pasted": text,
        "error": error,
    }
    status = 200 if error is None else 400
    return kit_of(request).pages.render(request, "verifier/check.html", context, status=status, page="/")


def _work(checker: Checker, source: bytes, link: str) -> Callable[[], Answer]:
    if source and link:
        detail = "give the certificate itself or its address, not both"
        raise MalformedError(detail, code="input_twice")
    if link:
        return lambda: checker.answer_link(link)
    if not source:
        detail = "there is nothing to check: paste a certificate, choose its file, or give its address"
        raise MalformedError(detail, code="input_empty")
    if source.lower().startswith((b"https://", b"http://")):
        pasted = source.decode("ascii", "replace")
        return lambda: checker.answer_link(pasted)
    return lambda: checker.answer(source)


async def _pasted(file: Any, text: Any) -> bytes:
    if isinstance(file, UploadFile):
        content = await file.read()
        if content:
            return content
    return str(text or "").strip().encode()


async def _answered(request: Request, who: Principal | None, work: Callable[[], Answer]) -> Response:
    await check_visitor(request, who)
    answer = await outbound(request, work)
    checker = checker_of(request)

    def keep() -> str:
        return checker.keep(answer, org=who.org if who else None, actor=who.actor if who else "")

    check_id = await run_in_threadpool(keep)
    if wants_html(request):
        return kit_of(request).pages.redirect(request, f"/checks/{check_id}")
    return JSONResponse({"id": check_id, **report_json(answer.report)}, headers={"Vary": "Accept"})


async def _find(request: Request, check_id: str, who: Principal | None) -> tuple[Kept, Answer]:
    checker = checker_of(request)
    kept = await run_in_threadpool(checker.find_kept, check_id, org=who.org if who else None)
    return kept, await run_in_threadpool(checker.replay, kept.bundle)


def _answer_context(kept: Kept, answer: Answer) -> dict[str, Any]:
    report = answer.report
    raw = answer.source.decode("utf-8", "replace")
    return {
        "kept": kept,
        "report": report,
        "sentence": words.sentence(report),
        "retry": words.may_help(report),
        "remedies": words.remedies(report),
        "parts": [_part(one) for one in (report, *report.credentials)],
        "raw": raw,
        "report_text": json.dumps(report_json(report), indent=2, ensure_ascii=False),
        "nobody_vouches": not answer.policy.vouches,
    }


def _part(report: Report) -> dict[str, Any]:
    """Return what the page says about a credential, or about the presentation around it."""
    return {
        "report": report,
        "rows": list(words.rows(report)),
        "facts": facts(report),
        "kind": kind_of(report.document) if report.document is not None and not report.credentials else "",
        "proven": report.verdict is not Verdict.INVALID,
    }


def _policy_context(policy: Policy, translator: Translator) -> dict[str, Any]:
    return {
        "policy": policy,
        "title": partial(find_title, translator),
        "kinds": KINDS,
        "status_hours": policy.max_age_status.total_seconds() / 3600,
        "did_hours": policy.max_age_did.total_seconds() / 3600,
        "policy_text": json.dumps(policy.to_json(), indent=2, ensure_ascii=False),
    }


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
