"""Content negotiation (RFC 9110 §12.5.1): which of the forms we offer does the caller like best?"""

from collections.abc import Sequence

from starlette.requests import HTTPConnection


def choose(accept: str, offered: Sequence[str]) -> str | None:
    """Return the offered media type that an Accept header prefers, or None where it takes none of them.

    Offers of equal weight go by their order. An absent or empty header takes the first.
    """
    if not accept.strip():
        return offered[0]
    ranges = [_parse_range(part) for part in accept.split(",") if part.strip()]
    best = max(offered, key=lambda offer: _weight(offer, ranges))
    return best if _weight(best, ranges) > 0 else None


def wants_html(request: HTTPConnection) -> bool:
    """Return whether the caller is a browser: it names HTML and likes it at least as much as JSON."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept.lower() and choose(accept, ["text/html", "application/json"]) == "text/html"


def _parse_range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                weight = min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                weight = 0.0
    return name, weight


def _weight(offer: str, ranges: list[tuple[str, float]]) -> float:
    """Return the weight of the most specific range that covers an offer."""
    kind, _, _ = offer.partition("/")
    for pattern in (offer.lower(), f"{kind}/*", "*/*"):
        for name, weight in ranges:
            if name == pattern:
                return weight
    return 0.0
