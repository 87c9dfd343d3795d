"""The ledger's routes for programs. Reading is open to all and cheap; writing needs a token."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.did.resolution import make_error
from certweave.errors import CertweaveError
from certweave.timestamps import format_timestamp
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import require
from certweave_edge.bodies import takes
from certweave_edge.kit import outbound
from certweave_edge.negotiate import choose
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.web import public_bytes
from certweave_ledger.here import ledger_of
from certweave_ledger.ports import SignedReceipt
from certweave_ledger.service.logs import WELL_KNOWN, Condition
from certweave_ledger.service.resolver import Resolution, parse_selection, refuse

router = APIRouter()
RESULT_TYPE = "application/did-resolution"
JSON_LD_TYPE = "application/ld+json"
DOCUMENT_TYPES = ("application/did+json", "application/did", "application/did+ld+json", "application/json")
OPEN = {"Access-Control-Allow-Origin": "*", "Vary": "Accept"}
_IDENTIFIERS = "/1.0/identifiers/"
_JSON_LD_PROFILE = f'{JSON_LD_TYPE};profile="https://w3id.org/did-resolution"'


class ReceiptRequest(BaseModel):
    """Digests to be dated: SHA-256 in 64 lower-case hexadecimal digits each."""

    digests: list[str] = Field(description="At most 1000")


class Invitation(BaseModel):
    """Who may write where: the namespace is the first segment of the paths of DIDs."""

    organisation: str
    namespace: str


@router.get("/about")
async def about(request: Request) -> Response:
    """What this ledger is."""
    return JSONResponse(ledger_of(request).about(), headers=OPEN)


@router.get("/dids/{path:path}/did.jsonl")
async def read_log(request: Request, path: str) -> Response:
    """The log of a did:webvh."""
    ledger = ledger_of(request)
    found = ledger.logs.find(_folder(path))
    return public_bytes(request, found.log, "text/jsonl", max_age=ledger.did_max_age)


@router.get("/dids/{path:path}/did.json")
async def read_twin(request: Request, path: str) -> Response:
    """The document of the parallel did:web."""
    ledger = ledger_of(request)
    twin = ledger.logs.find_twin(_folder(path))
    return public_bytes(request, twin, "application/did+json", max_age=ledger.did_max_age)


@router.get("/dids/{path:path}/did-witness.json")
async def read_witness(path: str) -> Response:
    """Witness proofs; there are none here."""
    raise RefusedError(
        "the DIDs of this ledger have no witnesses", Refusal.NOT_FOUND, code="witness_unsupported"
    )


@router.put(
    "/dids/{path:path}/did.jsonl",
    openapi_extra=takes("text/jsonl"),
    responses={
        201: {"description": "the DID is new here"},
        409: {"description": "not a continuation of what is there, or the ETag is another"},
        422: {"description": "the log does not fold, or its DID belongs elsewhere"},
    },
)
async def put_log(request: Request, path: str, who: Annotated[Principal, require(Scope.KEYS)]) -> Response:
    """Publish the whole log of a did:webvh."""
    condition = Condition(request.headers.get("if-match", ""), request.headers.get("if-none-match", ""))
    log, ledger = await request.body(), ledger_of(request)
    taken = await run_in_threadpool(ledger.logs.take, who.org, _folder(path), log, condition, actor=who.actor)
    return JSONResponse({"did": taken.did}, 201 if taken.created else 200, {"ETag": taken.etag})


@router.post("/receipts")
def request_receipts(
    request: Request, body: ReceiptRequest, who: Annotated[Principal, require(Scope.ISSUE)]
) -> dict[str, list[dict[str, str]]]:
    """Date digests."""
    made = ledger_of(request).receipts.request(who.org, body.digests, actor=who.actor)
    return {"receipts": [_receipt(one) for one in made]}


@router.get("/receipts/{digest}")
async def read_receipt(request: Request, digest: str) -> Response:
    """The receipt for a digest."""
    found = ledger_of(request).receipts.find(digest)
    return public_bytes(request, found.token.encode(), "application/jwt", max_age=60)


@router.get(_IDENTIFIERS + "{did:path}")
async def resolve(
    request: Request,
    did: str,
    version_id: Annotated[str | None, Query(alias="versionId")] = None,
    version_time: Annotated[str | None, Query(alias="versionTime")] = None,
    version_number: Annotated[str | None, Query(alias="versionNumber")] = None,
) -> Response:
    """Resolve a DID (W3C DID Resolution)."""
    form = choose(request.headers.get("accept", ""), [RESULT_TYPE, JSON_LD_TYPE, *DOCUMENT_TYPES])
    if form is None:
        found = Resolution(make_error("representationNotSupported", "this resolver answers in JSON only"))
        return _resolved(found, RESULT_TYPE)
    try:
        select = parse_selection(request.query_params.multi_items())
    except CertweaveError as error:
        return _resolved(refuse(error), form)
    name, resolver = _as_sent(request, did), ledger_of(request).resolver
    return _resolved(await outbound(request, lambda: resolver.resolve(name, select)), form)


def _resolved(found: Resolution, form: str) -> Response:
    """Return a resolution result, or its document, in the form that was asked for."""
    if form == JSON_LD_TYPE:
        return JSONResponse(found.to_json_ld(), found.status, OPEN, _JSON_LD_PROFILE)
    if form in DOCUMENT_TYPES and found.document is not None:
        return JSONResponse(found.document, found.status, OPEN, form)
    return JSONResponse(found.to_json(), found.status, OPEN, RESULT_TYPE)


@router.post("/orgs/{org}/namespaces", status_code=201)
def invite(
    request: Request, org: str, body: Invitation, who: Annotated[Principal, require(Scope.ADMIN)]
) -> dict[str, str]:
    """Invite an organisation to a namespace."""
    ledger_of(request).invitations.invite(org, body.organisation, body.namespace, actor=who.actor)
    return {"organisation": body.organisation, "namespace": body.namespace}


@router.get("/orgs/{org}/namespaces")
def namespaces(
    request: Request, org: str, who: Annotated[Principal, require(Scope.READ)]
) -> dict[str, list[dict[str, Any]]]:
    """Where an organisation may write."""
    found = ledger_of(request).invitations.list(org)
    return {
        "namespaces": [{"namespace": one.name, "invited": format_timestamp(one.invited)} for one in found]
    }


def _receipt(one: SignedReceipt) -> dict[str, str]:
    return {"digest": one.digest, "receipt": one.token, "at": format_timestamp(one.at)}


def _folder(path: str) -> str:
    """Return the path of a DID; its files lie in ``.well-known`` where the DID is the host itself."""
    return "" if path == WELL_KNOWN else path


def _as_sent(request: Request, decoded: str) -> str:
    """Return the DID as it was sent: a port in it is written ``%3A``, which routing has decoded."""
    raw = request.scope.get("raw_path", b"").decode("ascii", "replace").partition(_IDENTIFIERS)[2]
    return raw if raw.startswith("did:") else decoded
