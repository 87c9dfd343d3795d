"""The shopper's page at ``/p/{host}/01/{gtin}[/10/{lot}][/21/{serial}]``: whole without scripts.

The last answer is shown at once, with its age; the page then asks for a new one by itself. The same address
gives JSON to a program. Nothing is set in the browser, and no other host is asked.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.product.address import ProductAddress, parse_product_address
from certweave_edge.i18n import Translator
from certweave_edge.kit import kit_of, outbound
from certweave_edge.negotiate import wants_html
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.terms import find_grade, find_name
from certweave_edge.told import quote
from certweave_verifier import product_words as words
from certweave_verifier.guard import check_room
from certweave_verifier.product_service import Products
from certweave_verifier.product_store import Told

CACHING: Final = "private, max-age=30"
"""Nothing here is personal but the language; half a minute lets "back" work on a bad line."""
_OUTCOMES: Final = ("invalid", "undecided", "valid", "not_applicable")
_PICTURE_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # A drawing may hold a script; opened by itself, it must not run here.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


def product_routes(products: Products) -> APIRouter:
    """Return the routes of the shopper's page."""
    router = APIRouter()

    @router.get("/p/pictures/{digest}", include_in_schema=False)
    async def picture(digest: str) -> Response:
        found = await run_in_threadpool(products.picture, digest)
        if found is None:
            raise RefusedError("there is no such picture", Refusal.NOT_FOUND, code="picture_unknown")
        return Response(found.content, media_type=found.media_type, headers=_PICTURE_HEADERS)

    @router.get("/p/{host}/01/{rest:path}", summary="What can be said about a product, and who says it")
    async def product(request: Request, host: str, rest: str, check: str = "") -> Response:
        host = host.lower()
        try:
            address = _address(request)
        except (MalformedError, InvalidError) as error:
            return _mistyped(request, error)
        told = await run_in_threadpool(products.last, host, address)
        asked = check == "now" or told is None
        if told is None or (asked and not products.is_fresh(told)):
            check_room(request)
            told = await outbound(request, lambda: products.check(host, address))
        old = not products.is_fresh(told)
        state = "failed" if asked and old else "old" if old else "fresh"
        return _answer(request, told, state, now=products.clock())

    return router


def _mistyped(request: Request, error: MalformedError | InvalidError) -> Response:
    """Tell people that the code cannot be one; programs get the problem."""
    if not wants_html(request):
        raise error
    wrong_digit = error.code == "gtin_check_digit"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong_digit else HTTPStatus.BAD_REQUEST
    request.scope.setdefault("state", {})["code"] = error.code
    context = {"wrong_digit": wrong_digit}
    return kit_of(request).pages.render(request, "product/mistyped.html", context, status=status)


def _address(request: Request) -> ProductAddress:
    """Read the product's part of the path as it came: a slash inside a lot is percent-encoded there."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    _, _, rest = raw.decode("ascii", "replace").partition("/01/")
    return parse_product_address("/01/" + rest.partition("?")[0])


def _answer(request: Request, told: Told, state: str, *, now: datetime) -> Response:
    headers = {"Cache-Control": CACHING}
    if not wants_html(request):
        return JSONResponse(told.answer, headers={**headers, "Vary": "Accept"})
    pages = kit_of(request).pages
    context = _context(pages.languages.choose(request), told, state, now)
    page = pages.render(request, "product/page.html", context)
    page.headers.update(headers)
    return page


def _context(translator: Translator, told: Told, state: str, now: datetime) -> dict[str, Any]:
    answer = told.answer

    def say(message: JsonObject) -> str:
        return words.say(translator, message)

    return {
        "answer": answer,
        "state": state,
        "ago": words.ago(translator, told.at, now),
        "at": told.at,
        "address": answer["address"].removeprefix("https://"),
        "summary": say(answer["summary"]),
        "say": say,
        "claims": [_claim(translator, claim) for claim in answer["claims"]],
        "labels": [_label(translator, label) for label in answer["labels"]],
        "questions": [_question(translator, item) for item in answer["questions"]],
        "journey": [_knot(translator, knot) for knot in answer["journey"]],
        "compare": words.render(translator, {"things": answer["compare"], "any": True}),
        "sources": [_source(translator, source) for source in answer["sources"]],
        "subtitle": _subtitle(answer["identity"]),
    }


def _claim(translator: Translator, claim: JsonObject) -> JsonObject:
    level = words.ASSURANCE.get(claim["assurance"] or "")
    return {
        "title": claim["title"],
        "basis": words.say_all(translator, claim["basis"], " · "),
        "tone": claim["tone"],
        "words": words.say(translator, claim["standing"]),
        "weaknesses": [words.say(translator, weak) for weak in claim["weaknesses"]],
        "assurance": translator.gettext(level) if level and claim["tone"] == "valid" else "",
    }


def _label(translator: Translator, label: JsonObject) -> JsonObject:
    scheme = label.get("scheme_id", "")
    return {
        **label,
        "scheme": words.named(find_name(translator, scheme, label["scheme"]), label["scheme"]),
        "grade": words.named(find_grade(translator, scheme, label["grade"]), label["grade"]),
        "licence": quote(label["licence"]),
    }


def _question(translator: Translator, item: JsonObject) -> JsonObject:
    question = words.QUESTIONS[item["question"]]
    return {
        "outcome": item["tone"],
        "question": translator.gettext(question),
        "answer": _sentences(translator, item["sentences"]),
    }


def _sentences(translator: Translator, messages: list[JsonObject]) -> Markup:
    """Return messages as sentences: some of them end without a full stop, as they stand in a mark too."""
    told = (words.say(translator, message) for message in messages)
    return Markup(" ").join(text if text.endswith((".", "!", "?")) else text + "." for text in told if text)


def _knot(translator: Translator, knot: JsonObject) -> JsonObject:
    stage = words.STAGES.get(knot["stage"])
    return {
        "title": translator.gettext(stage) if stage else quote(knot["title"]),
        "text": words.say_all(translator, knot["sentences"], " · "),
        "hidden": knot["hidden"],
        "tone": knot["tone"],
    }


def _source(translator: Translator, source: JsonObject) -> JsonObject:
    kind = words.KINDS.get(source["kind"], words.KINDS["DigitalConformityCredential"])
    steps = {
        tone: [check["step"] for check in source["checks"] if check["outcome"] == tone] for tone in _OUTCOMES
    }
    return {
        "verdict": source["verdict"],
        "issuer": quote(source["issuer"]) if source["issuer"] else "",
        "kind": translator.gettext(kind),
        "steps": {tone: names for tone, names in steps.items() if names},
    }


def _subtitle(identity: JsonObject | None) -> list[tuple[str, Markup]]:
    """Return what stands below the name, as pairs of a word and a value."""
    if identity is None:
        return []
    pairs = [
        ("lot", identity["lot"]),
        ("serial", identity["serial"]),
        ("size", identity["size"]),
        ("maker", identity["maker"]),
    ]
    return [(name, quote(value)) for name, value in pairs if value]
