"""Where an organisation's DID log lies with the names of its keys: what is published, and what is pending.

A version is stored as pending before anyone sees it, so that the keys it commits to are never lost; once the
ledger has it, it takes the place of the published one. The private keys are in the keystore.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, conflict
from certweave_edge.tables import identities, organisations

PENDING = "pending"
PUBLISHED = "published"
_UNDER_WAY = "a change of this organisation's DID is still under way"


@dataclass(frozen=True, slots=True)
class Identity:
    """One state of an organisation's DID.

    Attributes:
        path: of the DID below its host, ``fa`` or ``orgs/fa``; empty for the host itself.
        log: the whole did.jsonl.
        etag: of the published log; of a pending one, that of the log it replaces.
        update_key: key id of what signed the last version.
        next_key: key id of what that version commits to.
        assertion_key: key id of what signs credentials.
        authentication_key: key id of what signs presentations and requests.
    """

    org: str
    did: str
    host: str
    path: str
    log: bytes
    etag: str | None
    update_key: str
    next_key: str
    assertion_key: str
    authentication_key: str

    @property
    def keys(self) -> frozenset[str]:
        """All key ids that this state needs."""
        return frozenset((self.update_key, self.next_key, self.assertion_key, self.authentication_key))


class IdentityStore:
    """The identities of every organisation, in a service's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, org: str, state: str = PUBLISHED) -> Identity | None:
        """Return the published or the pending identity of an organisation, or None."""
        mine = (identities.c.org == org) & (identities.c.state == state)
        with self._database.read() as connection:
            row = connection.execute(select(identities).where(mine)).one_or_none()
        if row is None:
            return None
        return Identity(**{name: value for name, value in row._mapping.items() if name != "state"})

    def all_pending(self) -> tuple[str, ...]:
        """Return the organisations that have something to publish."""
        query = select(identities.c.org).where(identities.c.state == PENDING).order_by(identities.c.org)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def add_pending(self, org: str, identity: Identity, base: bytes | None) -> None:
        """Keep what is about to be published, if ``base`` is what is published now (None: nothing is).

        Of two callers at once one gets ``identity_pending`` (409): both would have continued the same log.
        """
        row = {name: getattr(identity, name) for name in identity.__slots__}
        published = (identities.c.org == org) & (identities.c.state == PUBLISHED)
        with conflict(_UNDER_WAY, code="identity_pending"), self._database.write() as to:
            _lock(to, org)
            if to.execute(select(identities.c.log).where(published)).scalar_one_or_none() != base:
                raise RefusedError(_UNDER_WAY, Refusal.CONFLICT, code="identity_pending")
            to.execute(insert(identities).values({**row, "org": org, "state": PENDING}))

    def confirm(self, org: str, log: bytes, etag: str) -> None:
        """Let the pending identity take the place of the published one, in one transaction.

        Only if ``log`` is still what is pending: a second caller that confirms the same changes nothing.
        """
        mine = identities.c.org == org
        pending = mine & (identities.c.state == PENDING) & (identities.c.log == log)
        with self._database.write() as to:
            _lock(to, org)
            if to.execute(select(identities.c.org).where(pending)).one_or_none() is None:
                return
            to.execute(delete(identities).where(mine & (identities.c.state == PUBLISHED)))
            to.execute(update(identities).where(pending).values(state=PUBLISHED, etag=etag))

    def drop_pending(self, org: str, log: bytes) -> None:
        """Forget what is pending, if it is still this log."""
        pending = (identities.c.org == org) & (identities.c.state == PENDING) & (identities.c.log == log)
        with self._database.write() as to:
            to.execute(delete(identities).where(pending))


def _lock(to: Connection, org: str) -> None:
    """Let one change of an organisation's identity wait for the other; SQLite does so by itself."""
    to.execute(select(organisations.c.org).where(organisations.c.org == org).with_for_update())


def no_identity() -> RefusedError:
    """Return the error for an organisation that has no published DID."""
    return RefusedError(
        "this organisation has no published DID yet", Refusal.CONFLICT, code="identity_missing"
    )
