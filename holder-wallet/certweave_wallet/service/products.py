"""Product addresses: what a brand registers, and what its host answers to whoever reads the code.

GS1 Digital Link paths and RFC 9264 link sets (``product.address``, ``product.links``). Only what the
organisation publishes is named. Where nothing is known of an item, its batch answers, else its model, and the
list says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.product.address import ProductAddress, make_product_address, parse_product_address
from certweave.product.links import (
    LINKSET_ASKED,
    LinkContext,
    ProductLink,
    Relation,
    find_relation,
    make_linkset,
)
from certweave_edge.refused import Refusal, RefusedError
from certweave_wallet.ports import ExtraLink, Holding, Product
from certweave_wallet.service.documents import Documents
from certweave_wallet.service.presenting import public_part
from certweave_wallet.service.reading import media_type_of
from certweave_wallet.service.tools import Tools, unknown

_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")
RELATIONS: Final[Mapping[str, Relation]] = {
    "DigitalProductPassport": Relation.PASSPORT,
    "DigitalConformityCredential": Relation.CONFORMITY,
    "DigitalFacilityRecord": Relation.FACILITY,
    "DigitalTraceabilityEvent": Relation.EVENT,
    "DigitalIdentityAnchor": Relation.IDENTITY,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What answers an address: ``exact`` tells whether it is the very thing that was asked for."""

    address: ProductAddress
    host: str
    contexts: tuple[LinkContext, ...]
    page: str
    exact: bool

    def linkset(self) -> JsonObject:
        """Return the list of links, finest first."""
        return make_linkset(self.contexts)

    def find_link(self, asked: str) -> ProductLink:
        """Return the first link of a relation, as ``linkType`` names it.

        Raises:
            RefusedError: 404 ``link_unknown``.
        """
        relation = find_relation(asked) or next((one for one in Relation if one.value == asked), None)
        for context in self.contexts:
            for link in context.links:
                if link.relation is relation:
                    return link
        raise unknown("link of this product", "link_unknown")


@dataclass(frozen=True, slots=True)
class Products:
    """Threads may share it; nothing here calls other hosts."""

    tools: Tools
    documents: Documents

    def add_host(self, org: str, host: str) -> None:
        """Let an organisation answer for a host; the operator does this, who knows whose host it is.

        Raises:
            MalformedError: ``host_malformed``.
            RefusedError: 409 ``host_taken``.
        """
        self.check_host(org, host)
        self.tools.store.add_host(org, host, now=self.tools.clock())

    def check_host(self, org: str, host: str) -> None:
        """Raise what ``add_host`` would raise for this host, be the organisation registered or not yet."""
        if not _HOST.fullmatch(host):
            raise MalformedError("a host is a name, with a port where it needs one", code="host_malformed")
        if self.tools.store.find_owner(host) not in (None, org):
            raise RefusedError(
                "this host belongs to another organisation", Refusal.CONFLICT, code="host_taken"
            )

    def hosts(self, org: str) -> Sequence[str]:
        """Return the hosts that an organisation answers for."""
        return self.tools.store.hosts(org)

    def register(
        self,
        org: str,
        *,
        gtin: str,
        passport: str,
        actor: str,
        host: str | None = None,
        lot: str | None = None,
        serial: str | None = None,
        name: str = "",
        links: Sequence[ExtraLink] = (),
    ) -> Product:
        """Put a passport and further links behind a product address; again replaces what was there.

        Args:
            org: the brand.
            gtin: 14 digits, the check digit right.
            passport: ``credential_id`` of a published passport.
            actor: who does it.
            host: one of the brand's hosts; None where it has exactly one.
            lot: of a batch.
            serial: of one item.
            name: of the product, as people read it; None takes the passport's.
            links: further documents and pages.

        Raises:
            MalformedError, InvalidError: the GTIN, a lot or a link cannot be; ``path`` names it.
            RefusedError: 404 ``document_unknown``; 409 ``host_taken``, ``document_private``.
        """
        address = make_product_address(gtin, lot=lot, serial=serial)
        chosen = self._host(org, host)
        holding = self._published(org, passport)
        if holding.kind != "DigitalProductPassport":
            raise InvalidError(
                "this document is no product passport", code="passport_other", path="/passport"
            )
        checked = tuple(self._check_link(org, link, f"/links/{place}") for place, link in enumerate(links))
        product = Product(
            org=org,
            host=chosen,
            gtin=address.gtin,
            lot=address.lot,
            serial=address.serial,
            name=name or holding.name,
            passport=passport,
            links=checked,
        )
        self.tools.store.put_product(org, product, actor=actor, now=self.tools.clock())
        return product

    def all(self, org: str) -> Sequence[Product]:
        """Return the products of an organisation."""
        return self.tools.store.products(org)

    def resolve(self, host: str, path: str) -> Found:
        """Return what answers a product address at a host; a host that is nobody's looks at every brand's.

        Raises:
            MalformedError, InvalidError: the path is no product address, or its check digit is wrong.
            RefusedError: 404 ``product_unknown``.
        """
        address = parse_product_address(path)
        known = self.tools.store.find_products(host, address.gtin)
        if not known:
            known = self.tools.store.find_products(None, address.gtin)
            if len({one.host for one in known}) != 1:
                raise unknown("product here", "product_unknown")
        by_address = {(one.lot, one.serial): one for one in known}
        wanted = [by_address.get((step.lot, step.serial)) for step in address.fallbacks()]
        found = [product for product in wanted if product is not None]
        if not found:
            raise unknown("product here", "product_unknown")
        host = found[0].host
        page = f"{self.tools.verifier_url.rstrip('/')}/p/{host}{address.path}"
        exact = wanted[0] is not None
        contexts = tuple(self._context(product, page, address, exact) for product in found)
        return Found(address, host, contexts, page, exact)

    def _context(self, product: Product, page: str, asked: ProductAddress, exact: bool) -> LinkContext:
        own = make_product_address(product.gtin, lot=product.lot, serial=product.serial)
        links = [
            ProductLink(Relation.DEFAULT, self._absolute(page), product.name, "text/html"),
            ProductLink(Relation.PRODUCT_PAGE, self._absolute(page), product.name, "text/html"),
        ]
        named = [product.passport, *(link.credential_id for link in product.links if link.credential_id)]
        shown = {one.credential_id: one for one in self.tools.store.published(product.org, named)}
        links += [
            _document_link(public_part(shown[name], self.tools))
            for name in dict.fromkeys(named)
            if name in shown
        ]
        links += [_plain_link(link) for link in product.links if link.href is not None]
        words = product.name
        if not exact:
            words = (
                f"{words}. Nothing more is known of this {asked.granularity}; this is its {own.granularity}"
            )
        return LinkContext(own.at(product.host), tuple(links), words)

    def _absolute(self, page: str) -> str:
        """Return the page's address with its host: links in a list are read far from here."""
        if page.startswith("/"):
            origin = "/".join(self.tools.address("/").split("/")[:3])
            return origin + page
        return page

    def _host(self, org: str, host: str | None) -> str:
        if host is not None:
            return host
        hosts = self.hosts(org)
        if len(hosts) != 1:
            detail = f"this organisation answers for {len(hosts)} hosts; name the one"
            raise RefusedError(detail, Refusal.CONFLICT, code="host_unclear", path="/host")
        return hosts[0]

    def _published(self, org: str, credential_id: str) -> Holding:
        holding = self.documents.find(org, credential_id)
        if not holding.published:
            detail = f"{credential_id} is not published, and nobody could read it; publish it first"
            raise RefusedError(detail, Refusal.CONFLICT, code="document_private")
        if not holding.url:
            detail = f"{credential_id} has no address of its own that a list of links could lead to"
            raise RefusedError(detail, Refusal.CONFLICT, code="document_unaddressed")
        return public_part(holding, self.tools)

    def _check_link(self, org: str, link: ExtraLink, path: str) -> ExtraLink:
        if (link.credential_id is None) == (link.href is None):
            detail = "a link leads to a document or to an address"
            raise MalformedError(detail, code="link_malformed", path=path)
        if link.credential_id is not None:
            self._published(org, link.credential_id)
            return link
        relation = find_relation(link.relation) or next(
            (one for one in Relation if one.value == link.relation), None
        )
        if relation is None or not (link.href or "").startswith("https://"):
            detail = "a link has a known relation and an https address"
            raise MalformedError(detail, code="link_malformed", path=path)
        return link


def wants_linkset(link_type: str | None) -> bool:
    """Tell whether ``linkType`` asks for the list itself."""
    return link_type in LINKSET_ASKED


def _document_link(holding: Holding) -> ProductLink:
    relation = next(
        (RELATIONS[name] for name in reversed(holding.types) if name in RELATIONS), Relation.CERTIFICATION
    )
    return ProductLink(relation, holding.url, holding.name, media_type_of(holding.form))


def _plain_link(link: ExtraLink) -> ProductLink:
    relation = find_relation(link.relation) or Relation(link.relation)
    return ProductLink(relation, link.href or "", link.title, link.media_type)
