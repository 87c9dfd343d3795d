"""The ledger's own identity, made at its first start, and the right to invite others."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from certweave.keys.model import Signer
from certweave_edge.accounts import Directory
from certweave_edge.identity import Identities
from certweave_edge.ledger_client import ABSENT, LedgerError, make_etag
from certweave_edge.refused import Refusal, RefusedError
from certweave_ledger.ports import Author, Namespace, Shelf, Store
from certweave_ledger.service.logs import Condition, Logs, check_namespace

OPERATOR: Final = "ledger"
"""The organisation that runs the ledger: it owns the host's own DID, and it alone invites."""
_ACTOR: Final = "service:ledger"


class OwnPublisher:
    """How the ledger publishes on itself: by the same rules as everybody."""

    def __init__(self, logs: Logs, shelf: Shelf) -> None:
        self._logs = logs
        self._shelf = shelf

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        """Publish a whole log; see ``certweave_edge.ledger_client.Publisher``."""
        condition = Condition(if_none_match=ABSENT) if etag is None else Condition(if_match=etag)
        try:
            return self._logs.take(OPERATOR, path, log, condition, actor=_ACTOR).etag
        except RefusedError as error:
            raise LedgerError(
                error.detail, code="ledger_refused", status=int(error.refusal), refusal=error.code
            ) from None

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        """Return the published log with its ETag, or None."""
        found = self._shelf.find_log(path)
        return None if found is None else (found.log, make_etag(found.log))


class Own:
    """Who the ledger is."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def did(self) -> str:
        """Return the ledger's DID."""
        return self._identities.did_of(OPERATOR)

    def signer(self) -> Signer:
        """Return the ledger's assertion key that is in force."""
        return self._identities.signer(OPERATOR)

    def rotate(self) -> None:
        """Change the ledger's keys; receipts are signed again when they are asked for."""
        self._identities.rotate_identity(OPERATOR)

    def found(self, directory: Directory, store: Store, *, host: str, now: datetime) -> None:
        """Make the operator's organisation, its namespace and the ledger's DID, where they are missing."""
        if directory.find_organisation(OPERATOR) is None:
            directory.add_organisation(OPERATOR, "Ledger", now=now)
        store.invite(OPERATOR, "", author=Author(_ACTOR, now))
        self._identities.create_identity(OPERATOR, host=host, path="", ledger=None)


class Invitations:
    """Which organisation may write where."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def invite(self, org: str, invited: str, name: str, *, actor: str) -> None:
        """Give the namespace ``name`` to the organisation ``invited``.

        Raises:
            RefusedError: ``not_operator`` (403), ``org_unknown`` (404), ``namespace_taken`` (409).
            MalformedError: ``namespace_malformed``.
        """
        if org != OPERATOR:
            detail = "only who runs this ledger invites others"
            raise RefusedError(detail, Refusal.FORBIDDEN, code="not_operator")
        check_namespace(name)
        self._store.invite(invited, name, author=Author(actor, self._clock()))

    def list(self, org: str) -> tuple[Namespace, ...]:
        """Return the namespaces of an organisation."""
        return self._store.namespaces(org)
