"""The issuer: its parts, made together."""

from dataclasses import dataclass
from typing import Self

from certweave_issuer.service.certificates import Certificates
from certweave_issuer.service.offers import Offers
from certweave_issuer.service.office import Office
from certweave_issuer.service.register import Register
from certweave_issuer.service.standing import Standing
from certweave_issuer.service.vc_api import VcApi


@dataclass(frozen=True, slots=True)
class Issuer:
    """What routes and pages call."""

    office: Office
    certificates: Certificates
    standing: Standing
    register: Register
    offers: Offers
    vc_api: VcApi

    @classmethod
    def make(cls, office: Office) -> Self:
        """Return the issuer of an office."""
        certificates = Certificates(office)
        standing = Standing(office, certificates)
        return cls(
            office=office,
            certificates=certificates,
            standing=standing,
            register=Register(office, standing),
            offers=Offers(office, standing),
            vc_api=VcApi(office, certificates, standing),
        )
