"""Bodies of requests: JSON that is called JSON, and none where an act takes none.

What is sent to an act without a body all the same is not ignored: it may be meant as a condition.
"""

from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import Request

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import UnknownOptionError
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave_edge.refused import Refusal, RefusedError

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
"""Media types that a page of ours sends."""


def takes(media_type: str = "application/json") -> dict[str, Any]:
    """Describe a route that reads its body itself: ``openapi_extra=takes()``."""
    kind = "string" if media_type.startswith("text/") else "object"
    return {"requestBody": {"required": True, "content": {media_type: {"schema": {"type": kind}}}}}


def media_type(request: Request) -> str:
    """Return what the caller calls the body, without parameters and in small letters; empty for nothing."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request, *, limits: Limits = DEFAULT_LIMITS) -> JsonObject:
    """Return the body as a JSON object, read strictly.

    Raises:
        RefusedError: 415, it is called something else than JSON: who sends it means something else, or is a
            form on a page of others. A body without a name is taken as it is.
        MalformedError: it is no JSON object.
    """
    kind = media_type(request)
    if kind not in ("", "application/json") and not kind.endswith("+json"):
        detail = f"a body here is application/json, not {kind[:60]!a}"
        raise RefusedError(detail, Refusal.MEDIA_TYPE, code="media_type_unsupported")
    return parse_object(await request.body(), limits=limits)


async def check_no_body(request: Request) -> None:
    """Check that a request says nothing: no body, an empty object, or a page's form with its token alone.

    Raises:
        MalformedError: the body is no JSON object.
        UnknownOptionError: there is something in it.
    """
    if request.headers.get("content-type", "").startswith(FORMS):
        names = [name for name in await request.form() if name != "csrf"]
    else:
        content = (await request.body()).strip()
        names = list(parse_object(content, limits=DEFAULT_LIMITS)) if content else []
    if names:
        detail = f"{names[0][:60]!r} is not known here: this act takes no body"
        raise UnknownOptionError(detail, path=join("", names[0]))


NoBody = Annotated[None, Depends(check_no_body)]
"""A parameter of a route that takes no body; it stands behind the one that says who may."""
