"""An organisation's did:webvh: made, rotated, extended and published, its keys in the keystore.

Follows did:webvh 1.0, "Create" and "Update" (https://identity.foundation/didwebvh/v1.0/), always with
pre-rotation. Every version is stored before it is sent: if the ledger is down nothing is lost, and
``publish_pending`` sends it again. Old keys sign on until the version without them has arrived.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from certweave.did.document import make_absolute
from certweave.did.history import History
from certweave.did.key import make_did_key_method
from certweave.did.webvh.entry import PLACEHOLDER
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.write import (
    MethodTemplate,
    create_log,
    make_document,
    make_location,
    rotate_log,
)
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Algorithm, KeySigner, PublicKey
from certweave.keys.multikey import parse_multikey
from certweave.trust.policy import LEDGER_SERVICE
from certweave_edge import clock as system_clock
from certweave_edge.identity_store import PENDING, PUBLISHED, Identity, IdentityStore, no_identity
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerError, LedgerInfo, Publisher
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database

ASSERTION: Final = "assertionMethod"
AUTHENTICATION: Final = "authentication"
_UPDATE: Final = "update"
_WAIT: Final = timedelta(seconds=5)
"""Two versions in one second have to wait for the next; a clock that is further behind is wrong."""
_OWN_LOG: Final = timedelta(days=1)
"""Our own log is read a day ahead, so that a clock that was set back is told apart from a broken log."""


class Identities:
    """The DIDs of the organisations of one service."""

    def __init__(
        self,
        database: Database,
        keystore: Keystore,
        publisher: Publisher,
        *,
        clock: Callable[[], datetime] = system_clock.now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make them.

        Args:
            database: with the shared tables.
            keystore: where the keys are made and kept.
            publisher: usually a ``LedgerClient``.
            clock: the present moment.
            pause: waits for a number of seconds; a test moves its clock instead.
        """
        self.store = IdentityStore(database)
        self._keystore = keystore
        self._publisher = publisher
        self._clock = clock
        self._pause = pause

    def create_identity(
        self,
        org: str,
        *,
        host: str,
        path: str,
        ledger: LedgerInfo | None,
        services: Sequence[JsonObject] = (),
        also_known_as: Sequence[str] = (),
        algorithm: Algorithm = Algorithm.ED25519,
    ) -> Identity:
        """Make an organisation's DID and publish it; one that is there already is returned as it is.

        One that could not be published, at a place that was a mistake, gives way to one at another place.

        Args:
            org: whose it is; registered in this service's directory.
            host: of the DID, such as ``LedgerInfo.did_host``; with ``:port`` where it has one.
            path: of the DID, such as ``fa`` or ``orgs/fa``; the ledger must have invited its namespace.
            ledger: whose receipts count for this organisation; None for the ledger's own DID only.
            services: more entries of the DID document; ids may be ``#fragment``.
            also_known_as: other names of the organisation.
            algorithm: of the assertion and authentication keys.

        Raises:
            RefusedError: ``identity_elsewhere``, the organisation has a DID at another place.
            LedgerError: not published; it is kept, and ``publish_pending`` tries again.
        """
        if self._is_there(org, host, path):
            return self.publish_pending(org)
        now = self._clock()
        update, following = (self._new(org, _UPDATE, Algorithm.ED25519, now) for _ in range(2))
        keys = {name: self._new(org, name, algorithm, now) for name in (ASSERTION, AUTHENTICATION)}
        location = _location(host, path)
        name = f"did:webvh:{PLACEHOLDER}:{location}"
        written = create_log(
            make_document(
                location,
                _templates(keys),
                also_known_as=also_known_as,
                services=_absolute([*_ledger_service(ledger), *services], name),
            ),
            signer=self._updater(org, update),
            time=now,
            next_keys=[parse_multikey(following)],
        )
        made = Identity(
            org, written.did.text, host, path, written.log, None, update, following, *keys.values()
        )
        self.store.add_pending(org, made, None)
        return self.publish_pending(org)

    def rotate_identity(self, org: str) -> Identity:
        """Replace the assertion and authentication keys; the old ones leave the document and are erased.

        What the old keys signed stays valid where a receipt dates it: ask for receipts first.

        Raises:
            RefusedError: ``identity_missing``; ``clock_behind``.
            LedgerError: not published yet; until it is, the old keys sign on.
        """
        before, history = self._published(org)
        # Receipts and versions are dated to the second: in the next one, what was just dated is surely older.
        self._pause(1)
        now = self._clock()
        keys: dict[str, str] = {}
        for purpose, old in ((ASSERTION, before.assertion_key), (AUTHENTICATION, before.authentication_key)):
            keys[purpose] = self._new(org, purpose, parse_multikey(old).algorithm, now)
        document = history.versions[-1].document
        renewed = make_document(
            _location(before.host, before.path),
            _templates(keys),
            did=history.did,
            also_known_as=document.also_known_as,
            services=document.services,
        )
        return self._append(before, history, renewed, keys)

    def add_services(self, org: str, services: Sequence[JsonObject]) -> Identity:
        """Add entries to the document's services; one with the id of an old one takes its place.

        Raises:
            RefusedError: ``identity_missing``; ``clock_behind``.
            LedgerError: not published yet.
        """
        before, history = self._published(org)
        fresh = _absolute(services, before.did)
        ids = {service.get("id") for service in fresh}
        raw = history.versions[-1].document.raw
        old = [one for one in _absolute(raw.get("service", ()), before.did) if one.get("id") not in ids]
        if old + fresh == raw.get("service"):
            return before
        keys = {ASSERTION: before.assertion_key, AUTHENTICATION: before.authentication_key}
        return self._append(before, history, {**raw, "service": old + fresh}, keys)

    def publish_pending(self, org: str) -> Identity:
        """Publish what is pending, if anything is, and return the published identity.

        Safe to repeat, also when an earlier answer got lost on the way: what the ledger has counts.

        Raises:
            RefusedError: ``identity_missing``, there is neither a pending nor a published one.
            LedgerError: the ledger is down or refuses; ``ledger_diverged`` where it holds another history.
        """
        pending = self.store.find(org, PENDING)
        if pending is None:
            return self.identity(org)
        self.store.confirm(org, pending.log, self._send(pending))
        published = self.identity(org)
        self._retire_unused(published)
        return published

    def identity(self, org: str) -> Identity:
        """Return the published identity; raise ``RefusedError`` ``identity_missing`` where there is none."""
        found = self.store.find(org, PUBLISHED)
        if found is None:
            raise no_identity()
        return found

    def did_of(self, org: str) -> str:
        """Return the DID of an organisation; raises as ``identity``."""
        return self.identity(org).did

    def signer(self, org: str, purpose: str = ASSERTION) -> KeySigner:
        """Return what signs for an organisation, with its published key for a purpose.

        ``purpose`` is ``assertionMethod`` or ``authentication``; ``method`` of the signer is the full DID
        URL. Take a new one for each act, since keys rotate; one signer may sign a whole batch.

        Raises:
            RefusedError: ``identity_missing``.
        """
        found = self.identity(org)
        key = found.authentication_key if purpose == AUTHENTICATION else found.assertion_key
        return self._keystore.signer(org, key, f"{found.did}#{key}")

    def _is_there(self, org: str, host: str, path: str) -> bool:
        """Return whether the organisation has a DID at this place; forget one that never came to be."""
        published = self.store.find(org)
        known = published or self.store.find(org, PENDING)
        if known is None or (known.host, known.path) == (host, path):
            return known is not None
        if published is not None or self._publisher.get_log(known.path) is not None:
            detail = f"this organisation already is {known.did}"
            raise RefusedError(detail, Refusal.CONFLICT, code="identity_elsewhere")
        self.store.drop_pending(org, known.log)
        return False

    def _published(self, org: str) -> tuple[Identity, History]:
        """Return the published identity, after anything pending was published, and its folded log."""
        found = self.publish_pending(org)
        now = self._clock()
        return found, fold_log(found.did, found.log, fetched_at=now + _OWN_LOG, now=now + _OWN_LOG)

    def _append(
        self, before: Identity, history: History, document: JsonObject, keys: dict[str, str]
    ) -> Identity:
        moment = self._after(history.versions[-1].time)
        following = self._new(before.org, _UPDATE, Algorithm.ED25519, moment)
        written = rotate_log(
            before.did,
            before.log,
            signer=self._updater(before.org, before.next_key),
            time=moment,
            next_keys=[parse_multikey(following)],
            document=document,
        )
        made = replace(
            before,
            log=written.log,
            update_key=before.next_key,
            next_key=following,
            assertion_key=keys[ASSERTION],
            authentication_key=keys[AUTHENTICATION],
        )
        self.store.add_pending(before.org, made, before.log)
        return self.publish_pending(before.org)

    def _send(self, pending: Identity) -> str:
        """Send a pending log and return its ETag; look at what is there when it does not fit."""
        try:
            return self._publisher.put_log(pending.path, pending.log, pending.etag)
        except LedgerError as error:
            if error.status not in (409, 412):
                raise
            there = self._publisher.get_log(pending.path)
            if there is None:
                raise
        log, etag = there
        if log == pending.log:
            return etag
        if not pending.log.startswith(log):
            detail = "the ledger holds another history of this DID than we do"
            raise LedgerError(detail, code="ledger_diverged", status=409)
        return self._publisher.put_log(pending.path, pending.log, etag)

    def _after(self, last: datetime | None) -> datetime:
        """Return the time of the next version: later than the last by a second, and never in the future."""
        now = self._clock()
        if last is None or now > last:
            return now
        if last - now > _WAIT:
            detail = "the last version of this DID is later than our clock; set the clock"
            raise RefusedError(detail, Refusal.BUSY, code="clock_behind", retry_after=60)
        self._pause((last - now).total_seconds() + 1)
        return self._clock()

    def _new(self, org: str, purpose: str, algorithm: Algorithm, now: datetime) -> str:
        return self._keystore.create_key(org, purpose, algorithm, now=now)

    def _updater(self, org: str, key: str) -> KeySigner:
        return self._keystore.signer(org, key, make_did_key_method(parse_multikey(key)))

    def _retire_unused(self, published: Identity) -> None:
        """Erase the keys that this DID once had and has no more, also where a crash left some over."""
        pending = self.store.find(published.org, PENDING)
        needed = published.keys | (pending.keys if pending is not None else frozenset())
        for purpose in (ASSERTION, AUTHENTICATION, _UPDATE):
            for record in self._keystore.keys(published.org, purpose):
                # Only what the log names: other keys belong to a change under way, or to another service.
                named = record.key_id.encode() in published.log
                if named and record.retired is None and record.key_id not in needed:
                    self._keystore.retire(published.org, record.key_id, now=self._clock())


def _location(host: str, path: str) -> str:
    name, _, port = host.partition(":")
    return make_location(name, port=int(port) if port else None, path=path.split("/") if path else ())


def _templates(keys: dict[str, str]) -> list[MethodTemplate]:
    return [MethodTemplate(_public(key), (purpose,)) for purpose, key in keys.items()]


def _public(key: str) -> PublicKey:
    return parse_multikey(key)


def _ledger_service(ledger: LedgerInfo | None) -> list[JsonObject]:
    if ledger is None:
        return []
    endpoint = {"did": ledger.did, "receipts": ledger.receipts}
    return [{"id": "#ledger", "type": LEDGER_SERVICE, "serviceEndpoint": endpoint}]


def _absolute(services: Sequence[JsonObject], did: str) -> list[dict[str, Any]]:
    return [{**one, "id": make_absolute(str(one.get("id", "")), did)} for one in services]
