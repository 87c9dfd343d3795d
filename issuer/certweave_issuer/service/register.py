"""The public register: scope certificates only, with their present state; and what an organisation is here.

Who buys how much from whom is nobody's business: other certificates are found by their number or link only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from certweave.did.syntax import parse_did
from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.pointer import join
from certweave.errors import InvalidError, MalformedError
from certweave.status.record import State
from certweave_edge.i18n import mark
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.ports import Authorisation, Certificate, Profile
from certweave_issuer.service.office import Office
from certweave_issuer.service.standing import Standing, address_of

PAGE: Final = 50
ROLES: Final = ("certifier", "scheme_owner", "accreditation_body", "register", "laboratory", "authority")
WORDS: Final = {
    State.DRAFT: mark("is being prepared"),
    State.APPROVED: mark("is approved and not issued yet"),
    State.ISSUED: mark("is in force"),
    State.SUSPENDED: mark("is suspended: it is not to be accepted until it is reinstated"),
    State.WITHDRAWN: mark("was withdrawn: it is not to be accepted any more"),
    State.SUPERSEDED: mark("was replaced by a newer certificate"),
    State.EXPIRED: mark("has expired"),
}
"""What a state means, for people; to be translated where it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One line of the register."""

    org: str
    issuer: str
    number: str
    name: str
    holder: str | None
    holder_name: str
    scheme: str | None
    scheme_name: str
    state: State
    words: str
    valid_from: datetime | None
    valid_until: datetime | None
    url: str
    certificate: Certificate


class Register:
    """What the public may look up, and the profiles behind it."""

    def __init__(self, office: Office, standing: Standing) -> None:
        self._office = office
        self._standing = standing

    def search(self, text: str = "", *, org: str | None = None, page: int = 1) -> tuple[Registered, ...]:
        """Return scope certificates whose number, name or holder contains a text, by holder."""
        skip = (max(1, page) - 1) * PAGE
        found = self._office.store.register(org, text[:100], PAGE, skip)
        names = {org: self._office.profile(org).name for org in {one.org for one in found}}
        return tuple(self._line(one, names[one.org]) for one in found)

    def look_up(self, org: str, number: str) -> Registered:
        """Return the scope certificate with this number, latest version; 404 ``not_registered``."""
        versions = self._office.store.versions(org, number)
        found = next((one for one in reversed(versions) if one.public), None)
        if found is None:
            raise RefusedError(
                "the register has no such certificate", Refusal.NOT_FOUND, code="not_registered"
            )
        return self._line(found, self._office.profile(org).name)

    def profile(self, org: str) -> Profile:
        """Return what an organisation is here."""
        return self._office.profile(org)

    def save_profile(self, org: str, profile: Profile, *, actor: str) -> Profile:
        """Set what an organisation is, and which authorisations its certificates carry.

        Raises:
            InvalidError: an unknown role, or an authority that is no DID.
        """
        self._office.profile(org)
        if profile.role not in ROLES:
            raise InvalidError(f"a role is one of {', '.join(ROLES)}", code="role_unknown", path="/role")
        _check_authorisations(profile.authorisations)
        self._office.store.save_profile(org, profile, actor=actor, now=self._office.clock())
        return profile

    def authorisation(self, certificate: Certificate, authority_name: str) -> Authorisation:
        """Return the link under which another organisation's certificates name this approval."""
        if certificate.token is None:
            raise RefusedError("it is not issued yet", Refusal.CONFLICT, code="not_issued")
        issuer = certificate.document["issuer"]
        return Authorisation(
            name=certificate.name,
            url=address_of(certificate),
            digest=make_digest_multibase(certificate.token.encode()),
            authority=issuer["id"] if isinstance(issuer, dict) else issuer,
            authority_name=authority_name,
        )

    def _line(self, found: Certificate, issuer: str) -> Registered:
        state = self._standing.in_force(found)
        scheme = self._office.catalogues.get(found.scheme or "")
        return Registered(
            org=found.org,
            issuer=issuer,
            number=found.number,
            name=found.name,
            holder=found.holder,
            holder_name=found.holder_name,
            scheme=found.scheme,
            scheme_name="" if scheme is None else scheme.scheme.name,
            state=state,
            words=WORDS[state],
            valid_from=found.valid_from,
            valid_until=found.valid_until,
            url=address_of(found),
            certificate=found,
        )


def _check_authorisations(authorisations: Sequence[Authorisation]) -> None:
    for number, one in enumerate(authorisations):
        place = join("/authorisations", number)
        if not one.url.startswith("https://"):
            raise InvalidError("an authorisation lies at an https address", code="link", path=f"{place}/url")
        if not one.digest.startswith(("z", "u")):
            raise InvalidError("the digest is Multibase, z or u", code="link", path=f"{place}/digest")
        try:
            parse_did(one.authority)
        except MalformedError as error:
            raise InvalidError(error.detail, code="authority_no_did", path=f"{place}/authority") from None
