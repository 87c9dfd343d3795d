"""Offers and nonces in SQL: the ``OfferStore``. A step that happens once is one conditional update."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from certweave_edge.audit import record
from certweave_edge.clock import entropy
from certweave_edge.sql import Database
from certweave_issuer.ports import Offer
from certweave_issuer.store.tables import nonce_keys, nonces, offers

WALLET = "wallet"
"""The actor in the record of acts where a wallet with a code acted, not somebody with an account."""


class SqlOffers:
    """Implements ``ports.OfferStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_offer(self, org: str, offer: Offer, *, actor: str) -> None:
        """Keep a new offer."""
        row = {name: getattr(offer, name) for name in offer.__slots__} | {"org": org}
        with self._database.write() as to:
            to.execute(insert(offers).values(row))
            record(to, org, actor, "offer.make", offer.key, now=offer.created)

    def find_offer(self, org: str, offer_id: str) -> Offer | None:
        """Return an offer by its public id."""
        return self._find(_mine(org, offer_id))

    def find_by_code(self, org: str, code: bytes) -> Offer | None:
        """Return an offer by the hash of its code."""
        return self._find((offers.c.org == org) & (offers.c.code == code))

    def find_by_token(self, org: str, token: bytes) -> Offer | None:
        """Return an offer by the hash of its access token."""
        return self._find((offers.c.org == org) & (offers.c.token == token))

    def count_try(self, org: str, offer_id: str) -> int:
        """Count a try at the transaction code and return how many there were."""
        mine = _mine(org, offer_id)
        with self._database.write() as to:
            to.execute(update(offers).where(mine).values(tries=offers.c.tries + 1))
            return int(to.execute(select(offers.c.tries).where(mine)).scalar_one())

    def take(
        self,
        org: str,
        offer_id: str,
        token: bytes,
        *,
        client_id: str | None,
        expires: datetime,
        now: datetime,
    ) -> bool:
        """Give the offer's one access token."""
        mine = _mine(org, offer_id)
        free = mine & offers.c.taken.is_(None)
        values = {"taken": now, "token": token, "token_expires": expires, "client_id": client_id}
        with self._database.write() as to:
            done = bool(to.execute(update(offers).where(free).values(**values)).rowcount)
            if done:
                key = to.execute(select(offers.c.key).where(mine)).scalar_one()
                record(to, org, WALLET, "offer.take", key, now=now)
        return done

    def redeem(self, org: str, offer_id: str, *, now: datetime) -> None:
        """Note that the credential was fetched; asking again within the token's life changes nothing."""
        mine = _mine(org, offer_id)
        with self._database.write() as to:
            first = mine & offers.c.redeemed.is_(None)
            if to.execute(update(offers).where(first).values(redeemed=now)).rowcount:
                key = to.execute(select(offers.c.key).where(mine)).scalar_one()
                record(to, org, WALLET, "offer.redeem", key, now=now)

    def use_nonce(self, org: str, nonce: bytes, *, expires: datetime, now: datetime) -> bool:
        """Use a nonce up; False where it was used before."""
        try:
            with self._database.write() as to:
                to.execute(delete(nonces).where((nonces.c.org == org) & (nonces.c.expires < now)))
                to.execute(insert(nonces).values(org=org, nonce=nonce, expires=expires))
        except IntegrityError:
            return False
        return True

    def nonce_key(self, org: str) -> bytes:
        """Return the key of an organisation's nonces, made at first use."""
        query = select(nonce_keys.c.secret).where(nonce_keys.c.org == org)
        with self._database.read() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is not None:
            return bytes(found)
        try:
            with self._database.write() as to:
                to.execute(insert(nonce_keys).values(org=org, secret=entropy(32)))
        except IntegrityError:
            pass  # somebody else made it just now; theirs counts
        return self.nonce_key(org)

    def _find(self, mine: Any) -> Offer | None:
        with self._database.read() as connection:
            row = connection.execute(select(offers).where(mine)).one_or_none()
        return None if row is None else Offer(**row._mapping)


def _mine(org: str, offer_id: str) -> Any:
    return (offers.c.org == org) & (offers.c.offer_id == offer_id)
