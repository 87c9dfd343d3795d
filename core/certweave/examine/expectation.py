"""What the one who asked for a presentation expects to find in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expectation:
    """The audience and nonce that the request named; None where nothing was asked for.

    Without them the steps ``audience`` and ``nonce`` are not applicable, and a note says so: a presentation
    that was not asked for may be one that was made for somebody else.
    """

    audience: str | None = None
    nonce: str | None = None


NOTHING_EXPECTED = Expectation()
