"""The list of an organisation's certificates, and the record of who did what."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave.status.record import State
from certweave_edge.accounts import Principal, Scope
from certweave_edge.audit import acts
from certweave_edge.auth import page
from certweave_edge.kit import kit_of
from certweave_issuer.pages.desk import PageRoute, issuer_of, page_of, words_of
from certweave_issuer.pages.words import OUTCOMES, STATES, act_words, actor_words
from certweave_issuer.ports import Query as Wanted
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.kinds import KINDS, VC_API, kind_words

router = APIRouter(tags=["pages"], route_class=PageRoute)

PAGE: Final = 50
Reader = Annotated[Principal, page(Scope.READ)]


class Asked(BaseModel):
    """What the address of a list says; a state or kind that we do not have narrows nothing."""

    state: str = Field(default="", max_length=20)
    kind: str = Field(default="", max_length=20)
    text: str = Field(default="", max_length=100)
    page: int = Field(default=1, ge=1, le=10_000)

    def wanted(self) -> Wanted:
        """Return it in the words of the service."""
        return Wanted(
            state=State(self.state) if self.state in set(State) else None,
            kind=self.kind if self.kind in {*KINDS, VC_API} else None,
            text=self.text.strip(),
            limit=PAGE,
            skip=(self.page - 1) * PAGE,
        )


@router.get("/orgs/{org}/", include_in_schema=False)
@router.get("/orgs/{org}/certificates", include_in_schema=False)
async def list_certificates(
    request: Request,
    org: str,
    who: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """List certificates, newest first, narrowed by what the address says."""
    issuer = issuer_of(request)
    context = await run_in_threadpool(_listed, issuer, org, asked.wanted(), asked.page)
    return page_of(request, "list.html", {**context, "org": org, "may_issue": who.may(Scope.ISSUE)})


def _listed(issuer: Issuer, org: str, wanted: Wanted, page: int) -> dict[str, Any]:
    found, total = issuer.certificates.listed(org, wanted)
    rows = []
    for one in found:
        state = issuer.standing.in_force(one)
        word, shape = STATES[state], OUTCOMES[state]
        rows.append({"certificate": one, "kind": kind_words(one.kind), "word": word, "outcome": shape})
    counts = []
    for state in State:
        _, many = issuer.certificates.listed(org, Wanted(state=state, limit=1))
        counts.append({"state": state.value, "word": STATES[state], "count": many})
    last = max(1, -(-total // PAGE))
    return {
        "rows": rows,
        "total": total,
        "counts": [one for one in counts if one["count"]],
        "everything": sum(one["count"] for one in counts),
        "wanted": wanted,
        "kinds": [(kind.name, kind.words) for kind in KINDS.values()] + [(VC_API, kind_words(VC_API))],
        "states": [(state.value, STATES[state]) for state in State],
        "page": page,
        "last": last,
        "links": {number: _address(wanted, number) for number in (page - 1, page + 1)},
        "profile": issuer.office.profile(org),
    }


def _address(wanted: Wanted, page: int) -> str:
    asked = {"state": wanted.state, "kind": wanted.kind, "text": wanted.text, "page": page}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


@router.get("/orgs/{org}/record", include_in_schema=False)
async def show_record(request: Request, org: str, who: Reader) -> Response:
    """Show who did what, newest first."""
    words = words_of(request)
    directory = kit_of(request).directory
    done = await run_in_threadpool(acts, directory.database, org)
    tokens = await run_in_threadpool(directory.name_tokens, org)
    rows = [
        {
            "at": one.at,
            "who": actor_words(one.actor, words, tokens),
            "what": act_words(one.act),
            "on": one.target,
        }
        for one in done
    ]
    return page_of(request, "record.html", {"rows": rows, "org": org})
