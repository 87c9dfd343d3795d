"""VC-API (https://w3c-ccg.github.io/vc-api/), issuer part: issuing and changing the status."""

from fastapi import APIRouter
from starlette.requests import Request

from certweave.encoding.strict_json import JsonObject
from certweave_edge.bodies import takes
from certweave_edge.kit import outbound
from certweave_issuer.api.clerk import Clerk, Judge
from certweave_issuer.api.shapes import IssueBody, StrictJson, certificate_json, issuer_of
from certweave_issuer.service.certificates import secured_object

router = APIRouter()


@router.post("/orgs/{org}/credentials/issue", status_code=201, summary="VC-API: issue a credential")
async def issue(request: Request, org: str, who: Clerk, body: IssueBody, _: StrictJson) -> JsonObject:
    """Sign a ready-made credential: UNTP's enveloped as ``vc+jwt``, others with an embedded proof."""
    issuer = issuer_of(request)

    def work() -> JsonObject:
        made = issuer.vc_api.issue(org, body.credential, body.options, actor=who.actor)
        return {"verifiableCredential": secured_object(made)}

    return await outbound(request, work)


@router.post(
    "/orgs/{org}/credentials/status",
    summary="VC-API: change the status of a credential",
    openapi_extra=takes(),
)
def status(request: Request, org: str, who: Judge, body: StrictJson) -> JsonObject:
    """Set or clear the bit of a credential; ``reason`` is needed beside what VC-API names."""
    issuer = issuer_of(request)
    found = issuer.vc_api.set_status(org, body, actor=who.actor)
    return certificate_json(found, issuer.standing.in_force(found))
