"""The ledger's pages: what it is, and the story of one DID in plain words."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from certweave.did.syntax import parse_did
from certweave.errors import Cause, CertweaveError, UndecidedError
from certweave_edge.kit import kit_of, outbound
from certweave_edge.refused import RefusedError
from certweave_ledger.here import ledger_of
from certweave_ledger.service.ledger import Ledger
from certweave_ledger.service.story import tell

router = APIRouter()


@router.get("/", include_in_schema=False)
async def home(request: Request) -> Response:
    """What this ledger is."""
    ledger = ledger_of(request)
    dids, receipts = ledger.shelf.count()
    data = {"about": ledger.about(), "dids": dids, "receipts": receipts}
    return kit_of(request).pages.render(request, "ledger/home.html", data)


@router.get("/look", include_in_schema=False)
async def look(request: Request, did: Annotated[str, Query(max_length=2048)] = "") -> Response:
    """Tell the story of one DID."""
    ledger, name = ledger_of(request), did.strip()
    data = await outbound(request, lambda: find_story(ledger, name))
    return kit_of(request).pages.render(request, "ledger/look.html", {"did": name, **data})


def find_story(ledger: Ledger, did: str) -> dict[str, object]:
    """Return what the page of a DID says: its chapters, or why there are none."""
    told: dict[str, object] = {"outcome": "valid", "chapters": (), "here": False, "past": False, "detail": ""}
    try:
        name = parse_did(did)
        history = ledger.resolver.load(name)
    except RefusedError as error:
        return {**told, "outcome": "absent", "detail": error.detail}
    except UndecidedError as error:
        outcome = "undecided" if error.cause is Cause.UNREACHABLE else "unread"
        return {**told, "outcome": outcome, "detail": error.detail}
    except CertweaveError as error:
        return {**told, "outcome": "invalid", "detail": error.detail}
    here = ledger.logs.path_of(name) is not None
    return {**told, "chapters": tell(history), "here": here, "past": history.has_past}
