"""The store of product addresses: which host belongs to whom, and what lies behind an address."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from certweave_edge import audit
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, conflict
from certweave_wallet.ports import ExtraLink, Product
from certweave_wallet.store.tables import hosts, products

_TAKEN = "this host belongs to another organisation, or to none yet"


class ProductStore:
    """The part of ``ports.Store`` about products."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_host(self, org: str, host: str, *, now: datetime) -> None:
        """See ``Store.add_host``."""
        with conflict(_TAKEN, code="host_taken"), self._database.write() as to:
            known = to.execute(select(hosts.c.org).where(hosts.c.host == host)).scalar_one_or_none()
            if known != org:
                to.execute(insert(hosts).values(host=host, org=org, added=now))

    def find_owner(self, host: str) -> str | None:
        """See ``Store.find_owner``."""
        with self._database.read() as connection:
            return connection.execute(select(hosts.c.org).where(hosts.c.host == host)).scalar_one_or_none()

    def hosts(self, org: str) -> Sequence[str]:
        """See ``Store.hosts``."""
        query = select(hosts.c.host).where(hosts.c.org == org).order_by(hosts.c.host)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def put_product(self, org: str, product: Product, *, actor: str, now: datetime) -> None:
        """See ``Store.put_product``."""
        lot, serial = product.lot or "", product.serial or ""
        same = (products.c.host == product.host) & (products.c.gtin == product.gtin)
        same &= (products.c.lot == lot) & (products.c.serial == serial) & (products.c.org == org)
        links = [asdict(link) for link in product.links]
        row = {**asdict(product), "org": org, "lot": lot, "serial": serial, "links": links}
        with conflict(_TAKEN, code="host_taken"), self._database.write() as to:
            if to.execute(select(hosts.c.host).where(_mine(org, product.host))).one_or_none() is None:
                raise RefusedError(_TAKEN, Refusal.CONFLICT, code="host_taken")
            to.execute(delete(products).where(same))
            to.execute(insert(products).values(row))
            target = "/".join(filter(None, (product.host, product.gtin, lot, serial)))
            audit.record(to, org, actor, "product.register", target, now=now)

    def products(self, org: str) -> Sequence[Product]:
        """See ``Store.products``."""
        return self._all(products.c.org == org)

    def find_products(self, host: str | None, gtin: str) -> Sequence[Product]:
        """See ``Store.find_products``."""
        mine = products.c.gtin == gtin
        return self._all(mine if host is None else mine & (products.c.host == host))

    def _all(self, condition: Any) -> Sequence[Product]:
        query = select(products).where(condition)
        order = (products.c.host, products.c.gtin, products.c.lot, products.c.serial)
        with self._database.read() as connection:
            return [_product(row) for row in connection.execute(query.order_by(*order))]


def _mine(org: str, host: str) -> Any:
    return (hosts.c.host == host) & (hosts.c.org == org)


def _product(row: Row[Any]) -> Product:
    values = dict(row._mapping)
    links = tuple(ExtraLink(**link) for link in values.pop("links"))
    values.update(lot=row.lot or None, serial=row.serial or None)
    return Product(**values, links=links)
