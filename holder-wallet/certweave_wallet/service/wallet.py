"""The wallet's service as one value: what pages, API and the demonstration call."""

from dataclasses import dataclass
from typing import Self

from certweave_wallet.service.asking import Requests
from certweave_wallet.service.documents import Documents
from certweave_wallet.service.issuing import Issuing
from certweave_wallet.service.offers import Offers
from certweave_wallet.service.products import Products
from certweave_wallet.service.tools import Tools


@dataclass(frozen=True, slots=True)
class Wallet:
    """The parts of the service, on the same tools."""

    tools: Tools
    documents: Documents
    offers: Offers
    requests: Requests
    issuing: Issuing
    products: Products

    @classmethod
    def of(cls, tools: Tools) -> Self:
        """Put the parts together."""
        documents = Documents(tools)
        return cls(
            tools,
            documents,
            Offers(tools, documents),
            Requests(tools, documents),
            Issuing(tools, documents),
            Products(tools, documents),
        )
