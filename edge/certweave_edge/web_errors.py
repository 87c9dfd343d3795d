"""Errors on the wire: problem details for programs, a page with the same words for people.

The table is in ``problem.py``; this module only registers it with FastAPI and picks the form.
"""

import logging
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from certweave.encoding.pointer import join
from certweave.errors import CertweaveError, MalformedError, UnknownOptionError
from certweave_edge.i18n import mark
from certweave_edge.negotiate import wants_html
from certweave_edge.problem import MEDIA_TYPE, Problem, problem_of, status_problem

_LOG: Final = logging.getLogger("certweave.web")
_MOST_ERRORS = 20
_OBJECT: Final = "a JSON object is expected here"
_WORDS: Final = {
    "json_invalid": "the body is not JSON",
    "missing": "this is missing",
    "extra_forbidden": "nothing of this name is known here",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "string_type": "a text is expected here",
    "int_type": "a whole number is expected here",
    "int_parsing": "a whole number is expected here",
    "list_type": "an array is expected here",
}
"""Our words for what Pydantic says most often about bodies and parameters."""


class LoginNeededError(Exception):
    """A page was asked for without a session; the answer is the login page. Never leaves the web layer."""


def answer_problem(request: HTTPConnection, problem: Problem) -> Response:
    """Return a problem in the form that the caller reads."""
    state = request.scope.setdefault("state", {})
    state["code"] = problem.code
    members = problem.to_json(state.get("request_id", ""))
    pages = getattr(getattr(request.scope.get("app"), "state", None), "pages", None)
    headers = {**problem.headers, "Vary": "Accept"}
    if pages is not None and wants_html(request):
        context = {"problem": members, "wait": problem.wait}
        page = "" if request.scope.get("method") in {"GET", "HEAD"} else "/"
        answer: Response = pages.render(request, "kit/error.html", context, status=problem.status, page=page)
        answer.headers.update(headers)
        return answer
    return JSONResponse(members, problem.status, headers, MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Register every handler."""
    app.add_exception_handler(CertweaveError, _on_certweave)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(LoginNeededError, _on_login_needed)


async def _on_certweave(request: Request, error: Exception) -> Response:
    if not isinstance(error, CertweaveError):
        raise error
    return answer_problem(request, problem_of(error))


async def _on_validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()[:_MOST_ERRORS]
    unknown = bool(errors) and errors[0]["type"] == "extra_forbidden"
    places = [_place(item["loc"], _WORDS.get(item["type"], item["msg"])) for item in errors]
    first = places[0] if places else {"detail": "the request cannot be read", "path": None}
    return answer_problem(
        request,
        Problem(
            400,
            "It cannot be read",
            str(first["detail"]),
            "request_malformed",
            UnknownOptionError.problem if unknown else MalformedError.problem,
            first["path"],
            more={"errors": places},
        ),
    )


def _place(location: Sequence[int | str], message: str) -> dict[str, Any]:
    """Return where and what, without the value: it may be a secret in the wrong field."""
    where, *rest = location
    message = message[:1].lower() + message[1:]
    if where == "body":
        # FastAPI gives the offset of a JSON syntax error as the place; that is no pointer.
        pointer = None if any(isinstance(step, int) for step in rest[:1]) else join("", *rest)
        return {"detail": message, "path": pointer}
    named = ".".join(str(step) for step in rest)
    return {"detail": f"{where} parameter {named}: {message}", "path": None}


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    words = {404: "There is no such address here.", 405: mark("This address does not take that method.")}
    problem = status_problem(error.status_code, words.get(error.status_code))
    problem.headers.update(error.headers or {})
    return answer_problem(request, problem)


async def _on_database(request: Request, error: Exception) -> Response:
    # The driver's name for it, never its words: they quote the statement.
    cause = getattr(error, "orig", error)
    _LOG.error(
        "request=%s database=%s %s",
        request.scope.get("state", {}).get("request_id", "-"),
        type(cause).__name__,
        getattr(cause, "sqlite_errorname", getattr(cause, "sqlstate", "-")),
    )
    problem = status_problem(503, mark("The database did not answer. Trying again may help."))
    problem.headers["Retry-After"] = "5"
    return answer_problem(request, problem)


async def _on_login_needed(request: Request, error: Exception) -> Response:
    root = request.scope.get("root_path", "")
    here = request.url.path.removeprefix(root) if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return RedirectResponse(f"{root}/login?next={quote(here + query)}", 303)
