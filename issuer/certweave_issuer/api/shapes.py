"""What the API takes and gives: request bodies, and certificates as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.exchange.vci_metadata import VC_JWT
from certweave.status.record import State
from certweave.timestamps import format_timestamp, parse_timestamp
from certweave_edge.bodies import read_json
from certweave_issuer.ports import Authorisation, Certificate, Deed, Profile, Query
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.register import WORDS, Registered
from certweave_issuer.service.standing import Ruling, address_of

PAGE: Final = 100


class Body(BaseModel):
    """A request body: every member is named, any other is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RevisionBody(Body):
    """What a certificate is to say."""

    kind: str
    scheme: str | None = None
    data: dict[str, Any]


class EntryBody(RevisionBody):
    """A certificate to be entered."""

    number: str


class ListQuery(Body):
    """Which certificates are listed; ``state`` is the one decided."""

    model_config = ConfigDict(extra="forbid", strict=False)

    state: State | None = None
    kind: str | None = None
    text: str = Field(default="", max_length=100)
    page: int = Field(default=1, ge=1, le=100_000)

    def query(self) -> Query:
        """Return it in the words of the service."""
        return Query(
            state=self.state, kind=self.kind, text=self.text, limit=PAGE, skip=(self.page - 1) * PAGE
        )


class RulingBody(Body):
    """A decision: ``typed`` repeats the number where something is taken away."""

    reason: str
    typed: str | None = None
    effectiveFrom: str | None = None  # noqa: N815
    knownSince: str | None = None  # noqa: N815

    def ruling(self) -> Ruling:
        """Return what is decided; raise ``MalformedError`` for a time that cannot be read."""
        return Ruling(
            reason=self.reason,
            typed=self.typed,
            effective_from=_moment(self.effectiveFrom, "/effectiveFrom"),
            known_since=_moment(self.knownSince, "/knownSince"),
        )


class CorrectionBody(RulingBody):
    """A correction: the data as they should have been."""

    data: dict[str, Any]


class RenewalBody(Body):
    """A renewal; without ``number`` it is the next version of the same number."""

    data: dict[str, Any]
    number: str | None = None


class OfferBody(Body):
    """An offer to a wallet, in a format; with ``txCode`` the holder has to type a code."""

    txCode: bool = False  # noqa: N815
    format: str = VC_JWT


class AuthorisationBody(Body):
    """A link to an authority's credential about this organisation."""

    name: str = Field(min_length=1)
    url: str
    digestMultibase: str  # noqa: N815
    authority: str
    authorityName: str = Field(min_length=1)  # noqa: N815


class ProfileBody(Body):
    """What an organisation is, and who vouches for it."""

    name: str = Field(min_length=1)
    role: str = "certifier"
    authorisations: list[AuthorisationBody] = Field(default_factory=list)

    def profile(self) -> Profile:
        """Return it in the words of the service."""
        return Profile(
            self.name,
            self.role,
            tuple(
                Authorisation(one.name, one.url, one.digestMultibase, one.authority, one.authorityName)
                for one in self.authorisations
            ),
        )


class IssueBody(Body):
    """VC-API: a credential to be signed."""

    credential: dict[str, Any]
    options: dict[str, Any] = Field(default_factory=dict)


async def read_strictly(request: Request) -> JsonObject:
    """Return the body as JSON read strictly: what is signed later must have one meaning only."""
    return await read_json(request)


StrictJson = Annotated[JsonObject, Depends(read_strictly)]
"""A route with a body model asks for this too, so that a doubled member is refused."""


def issuer_of(request: Request) -> Issuer:
    """Return the issuer that this app serves."""
    found = request.app.state.issuer
    if not isinstance(found, Issuer):
        raise TypeError("this app was not made by the issuer's make_app")
    return found


def certificate_json(certificate: Certificate, in_force: State) -> JsonObject:
    """Return a certificate as the API shows it; secrets and the signed bytes are not in it."""
    return {
        "org": certificate.org,
        "number": certificate.number,
        "version": certificate.version,
        "kind": certificate.kind,
        "type": certificate.type_name,
        "scheme": certificate.scheme,
        "name": certificate.name,
        "holder": certificate.holder,
        "holderName": certificate.holder_name,
        "state": certificate.state.value,
        "inForce": in_force.value,
        "words": WORDS[in_force],
        "url": address_of(certificate),
        "created": _text(certificate.created),
        "issued": _text(certificate.issued),
        "validFrom": _text(certificate.valid_from),
        "validUntil": _text(certificate.valid_until),
        "digest": certificate.digest,
        "receipt": _receipt_word(certificate),
        "receiptAt": _text(certificate.receipt_at),
        "predecessor": certificate.predecessor,
        "successor": certificate.successor,
    }


def detail_json(issuer: Issuer, certificate: Certificate) -> JsonObject:
    """Return a certificate with its data, document and history."""
    history = issuer.standing.history(certificate.org, certificate.number)
    return {
        **certificate_json(certificate, issuer.standing.in_force(certificate)),
        "data": certificate.data,
        "document": certificate.document,
        "records": list(issuer.standing.signed_records(certificate)),
        "history": history_json(history),
        "builtOn": [address_of(one) for one in issuer.standing.built_on(certificate)],
    }


def history_json(history: Sequence[Deed]) -> list[JsonObject]:
    """Return the lines of a history."""
    return [
        {
            "at": _text(one.at),
            "act": one.act,
            "actor": one.actor,
            "version": one.version,
            "reason": one.reason,
            "sentence": one.sentence,
            "effectiveFrom": _text(one.effective_from),
            "knownSince": _text(one.known_since),
            "successor": one.successor,
        }
        for one in history
    ]


def registered_json(line: Registered) -> JsonObject:
    """Return a line of the register."""
    return {
        "org": line.org,
        "issuer": line.issuer,
        "number": line.number,
        "name": line.name,
        "holder": line.holder,
        "holderName": line.holder_name,
        "scheme": line.scheme,
        "schemeName": line.scheme_name,
        "state": line.state.value,
        "words": line.words,
        "validFrom": _text(line.valid_from),
        "validUntil": _text(line.valid_until),
        "url": line.url,
    }


def profile_json(profile: Profile) -> JsonObject:
    """Return a profile."""
    return {
        "name": profile.name,
        "role": profile.role,
        "authorisations": [
            {
                "name": one.name,
                "url": one.url,
                "digestMultibase": one.digest,
                "authority": one.authority,
                "authorityName": one.authority_name,
            }
            for one in profile.authorisations
        ],
    }


def _receipt_word(certificate: Certificate) -> str | None:
    if certificate.digest is None:
        return None
    return "pending" if certificate.receipt is None else "there"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)


def _moment(text: str | None, path: str) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_timestamp(text)
    except MalformedError as error:
        raise MalformedError(error.detail, code="timestamp", path=path) from None
