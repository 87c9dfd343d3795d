"""Bodies of acts that take none. What is sent all the same is not ignored: it may be meant as a condition."""

from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import parse_object
from certweave.errors import UnknownOptionError
from certweave.limits import DEFAULT_LIMITS

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
"""Media types that a page of ours sends."""


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
