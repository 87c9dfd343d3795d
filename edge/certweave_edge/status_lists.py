"""Status lists of the organisations here: places given once, bits that follow signed records.

Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/): a list is served signed, as it
stands or, by the query parameter ``timestamp``, as it stood; each version is kept. For tokens that are no W3C
credentials the same places are served as a token status list (draft-ietf-oauth-status-list,
https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/), at an address of its own, and only as of now.
What a record is and which bit follows from it is core's (``status.record``, ``status.bitstring``); routes and
rights are the service's.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from certweave.errors import MalformedError
from certweave.keys.model import Signer
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import VC_JWT, sign_credential_jwt
from certweave.status.bitstring import MINIMUM_ENTRIES, get_bit, make_bits, make_status_list, set_bit
from certweave.status.record import StatusRecord, bit_of, parse_signed_record
from certweave.status.token_list import TYP, Status, make_statuses, set_status, sign_token_list
from certweave.timestamps import parse_timestamp
from certweave_edge.clock import entropy as system_entropy
from certweave_edge.refused import NoStatusListError, Refusal, RefusedError
from certweave_edge.sql import Database
from certweave_edge.status_tables import changes, lists, places, versions
from certweave_edge.tables import organisations

EMBEDDED: Final = "application/vc"
"""The list with an embedded proof; the other form is ``application/vc+jwt``."""
FORMS: Final = (EMBEDDED, VC_JWT)
TOKEN_LIST: Final = f"application/{TYP}"
"""The same places as a token status list, at another address."""
LIFE: Final = timedelta(days=30)
"""How long a signed list may be used; a list that nobody asks for need not be signed again sooner."""
FRESH: Final = timedelta(days=10)
"""Signed again when less than this is left, so that nobody gets a copy that is about to expire."""
TTL: Final = timedelta(minutes=5)
"""How long a verifier may go on with its copy: a suspension reaches everybody within this time."""
TRIES: Final = 20
"""Callers wait for each other; should two still meet at one place, the constraint has one try again."""
_TOKEN_BITS: Final = 2
"""Good, withdrawn and suspended do not fit into one."""
_HALF_BITS: Final = 9
_MASK: Final = (1 << _HALF_BITS) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """One bit of one list, reserved for one credential."""

    number: int
    index: int
    url: str
    purpose: str


@dataclass(frozen=True, slots=True)
class SignedList:
    """A signed list as it goes on the wire."""

    content: bytes
    media_type: str
    since: datetime


class StatusLists:
    """The lists of every organisation in one database. Threads may share it."""

    def __init__(
        self,
        database: Database,
        *,
        address: Callable[[str, int], str],
        signer: Callable[[str], Signer],
        entropy: Callable[[int], bytes] = system_entropy,
        size: int = MINIMUM_ENTRIES,
    ) -> None:
        """Prepare; lists are opened when the first place is reserved.

        Args:
            database: opened with ``STATUS`` among its tables.
            address: the public URL of an organisation's list, which is also its id.
            signer: who signs for an organisation now.
            entropy: where the order of places comes from.
            size: entries of a list that are given out; a list always has at least 131,072.
        """
        self._database = database
        self._address = address
        self._signer = signer
        self._entropy = entropy
        self._size = size

    def reserve_index(self, org: str, purpose: str, *, now: datetime) -> Place:
        """Reserve a place for one credential: two callers never get the same.

        Raises:
            RefusedError: 503, too many at once.
        """
        for _ in range(TRIES):
            try:
                with self._database.write() as to:
                    number, index = self._take(to, org, purpose, now)
            except IntegrityError:
                continue  # somebody else took it all the same
            return Place(number, index, self._address(org, number), purpose)
        raise RefusedError("too many certificates at once", Refusal.BUSY, code="status_busy", retry_after=1)

    def apply_record(self, to: Connection, org: str, place: Place, token: str, *, now: datetime) -> None:
        """Keep a signed record, from whose effect on the bit follows it; within the act's own transaction.

        Raises:
            CertweaveError: the record cannot be read or contradicts itself.
            RefusedError: 409 where another record came in between.
        """
        record, _ = parse_signed_record(token, limits=DEFAULT_LIMITS)
        mine = _at(place, org)
        entry = to.execute(select(func.count()).select_from(changes).where(mine)).scalar_one()
        row = {
            "org": org,
            "number": place.number,
            "place": place.index,
            "entry": entry + 1,
            "certificate": record.certificate,
            "record": token,
            "known": now,
            "since": max(now, record.effective_from),
        }
        try:
            to.execute(insert(changes).values(row))
        except IntegrityError:
            raise RefusedError(
                "this certificate was changed at the same moment; look again",
                Refusal.CONFLICT,
                code="act_raced",
            ) from None

    def records(self, org: str, place: Place) -> tuple[str, ...]:
        """Return the signed records of one place, in the order taken."""
        query = select(changes.c.record).where(_at(place, org)).order_by(changes.c.entry)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def find_list(
        self, org: str, number: int, *, form: str, now: datetime, at: datetime | None = None
    ) -> SignedList | None:
        """Return the signed list if it need not be made: a cheap read.

        Raises:
            RefusedError: 404, no such list, or not at that time.
        """
        with self._database.read() as connection:
            return self._kept(connection, org, self._span(connection, org, number, at or now, now), form)

    def load_list(
        self, org: str, number: int, *, form: str, now: datetime, at: datetime | None = None
    ) -> SignedList:
        """Return the list as it stands or, with ``at``, as it stood; it is signed where it must be.

        Raises:
            RefusedError: 404, no such list, or not at that time.
        """
        with self._database.read() as connection:
            span = self._span(connection, org, number, at or now, now)
            kept = self._kept(connection, org, span, form)
            if kept is not None:
                return kept
            bits = _bits(connection, org, number, span.since, self._size)
        signer = self._signer(org)
        address = self._address(org, number)
        if form == TOKEN_LIST:
            content = _make_tokens(address, bits, span, signer, now=now)
        else:
            content = _make_list(address, bits, span, signer, form=form, now=now)
        row = {
            "org": org,
            "number": number,
            "form": form,
            "since": span.since,
            "changes": span.changes,
            "until": span.until(LIFE),
            "method": signer.method,
            "content": content,
        }
        try:
            with self._database.write() as to:
                to.execute(insert(versions).values(row))
        except IntegrityError:  # made by somebody else meanwhile; theirs is as good, and one is served
            return self.load_list(org, number, form=form, now=now, at=at)
        return SignedList(content, form, span.since)

    def _take(self, to: Connection, org: str, purpose: str, now: datetime) -> tuple[int, int]:
        found = self._find_open(to, org, purpose)
        if found is None:
            # One opens, the others wait and find it; SQLite has them wait anyway.
            to.execute(select(organisations.c.org).where(organisations.c.org == org).with_for_update())
            found = self._find_open(to, org, purpose)
        if found is None:
            self._open(to, org, purpose, now)
            return self._take(to, org, purpose, now)
        number, seed, used = found
        index = shuffle(used, seed, self._size)
        to.execute(insert(places).values(org=org, number=number, place=index))
        to.execute(update(lists).where(_of(lists, org, number)).values(used=used + 1))
        return number, index

    def _find_open(self, to: Connection, org: str, purpose: str) -> tuple[int, bytes, int] | None:
        """Return a list with free places, which nobody else takes from until we are done."""
        mine = (lists.c.org == org) & (lists.c.purpose == purpose) & (lists.c.used < self._size)
        query = select(lists.c.number, lists.c.seed, lists.c.used).where(mine).order_by(lists.c.number)
        found = to.execute(query.limit(1).with_for_update()).one_or_none()
        return None if found is None else (found.number, found.seed, found.used)

    def _open(self, to: Connection, org: str, purpose: str, now: datetime) -> None:
        last = to.execute(select(func.max(lists.c.number)).where(lists.c.org == org)).scalar_one()
        row = {
            "org": org,
            "number": (last or 0) + 1,
            "purpose": purpose,
            "seed": self._entropy(32),
            "used": 0,
        }
        to.execute(insert(lists).values({**row, "created": now}))

    def _span(
        self, connection: Connection, org: str, number: int, moment: datetime, now: datetime
    ) -> "_Span":
        mine = select(lists.c.purpose, lists.c.created).where(_of(lists, org, number))
        found = connection.execute(mine).one_or_none()
        if found is None:
            raise NoStatusListError("there is no such status list", code="status_list_unknown")
        purpose, created = found
        if moment < created or moment > now + DEFAULT_LIMITS.clock_skew:
            raise NoStatusListError("there is no list of that time", code="status_list_not_then")
        all_changes = _of(changes, org, number)
        before = select(func.max(changes.c.since), func.count()).where(
            all_changes & (changes.c.since <= moment)
        )
        after = select(func.min(changes.c.since)).where(all_changes & (changes.c.since > moment))
        last, count = connection.execute(before).one()
        following = connection.execute(after).scalar_one()
        return _Span(number, purpose, moment, last or created, count, following)

    def _kept(self, connection: Connection, org: str, span: "_Span", form: str) -> SignedList | None:
        """Return a version that speaks for the span under today's key: a retired one proves nothing."""
        mine = (
            _of(versions, org, span.number)
            & (versions.c.form == form)
            & (versions.c.since == span.since)
            & (versions.c.changes == span.changes)
            & (versions.c.until >= span.until(FRESH))
            & (versions.c.method == self._signer(org).method)
        )
        query = select(versions.c.content).where(mine).order_by(versions.c.version.desc()).limit(1)
        content = connection.execute(query).scalar_one_or_none()
        return None if content is None else SignedList(content, form, span.since)


@dataclass(frozen=True, slots=True)
class _Span:
    """The time around ``moment`` in which a list stood as it stood then, and how many changes led there."""

    number: int
    purpose: str
    moment: datetime
    since: datetime
    changes: int
    following: datetime | None
    """The next change, past or to come; None where none is known."""

    def until(self, life: timedelta) -> datetime:
        """Return until when a list signed for this time may be used: never beyond the next change."""
        end = self.moment + life
        return end if self.following is None else min(end, self.following)


def token_list_url(address: str) -> str:
    """Return where the places of the list at ``address`` are found as a token status list."""
    return f"{address}/tokens"


def parse_moment(text: str) -> datetime:
    """Read the ``timestamp`` of a request.

    Raises:
        MalformedError: not a date and time with zone.
    """
    try:
        # Some clients send a plus sign as it is, which a form-decoder turns into a blank.
        return parse_timestamp(text.replace(" ", "+"))
    except MalformedError as error:
        raise MalformedError(f"timestamp is {error.detail}", code="status_timestamp") from None


def shuffle(position: int, seed: bytes, size: int) -> int:
    """Return the place that is given as the ``position``-th: a permutation of ``size`` places.

    So an index does not tell how many certificates came before. Four Feistel rounds over 18 bits, walked
    until the result lies within the list.
    """
    value = position
    while True:
        left, right = value >> _HALF_BITS, value & _MASK
        for number in range(4):
            digest = hashlib.blake2b(bytes([number]) + right.to_bytes(2), key=seed, digest_size=2).digest()
            left, right = right, left ^ (int.from_bytes(digest) & _MASK)
        value = left << _HALF_BITS | right
        if value < size:
            return value


def _bits(connection: Connection, org: str, number: int, moment: datetime, size: int) -> bytearray:
    """Return the bits as they stood at ``moment``: by the records that were here by then."""
    query = (
        select(changes.c.place, changes.c.record)
        .where(_of(changes, org, number) & (changes.c.known <= moment))
        .order_by(changes.c.place, changes.c.entry)
    )
    bits = make_bits(max(size, MINIMUM_ENTRIES))
    for place, rows in groupby(connection.execute(query).all(), key=lambda row: row.place):
        if bit_of(_read([row.record for row in rows]), now=moment):
            set_bit(bits, place, True)
    return bits


def _read(tokens: Sequence[str]) -> list[StatusRecord]:
    return [parse_signed_record(token, limits=DEFAULT_LIMITS)[0] for token in tokens]


def _make_list(
    address: str, bits: bytearray, span: _Span, signer: Signer, *, form: str, now: datetime
) -> bytes:
    unsigned = make_status_list(
        address,
        issuer=signer.method.partition("#")[0],
        purpose=span.purpose,
        bits=bits,
        valid_from=span.since,
        valid_until=span.until(LIFE),
        ttl=TTL,
    )
    if form == VC_JWT:
        return sign_credential_jwt(unsigned, signer, issued_at=now).encode()
    secured = add_jcs_proof(unsigned, signer, created=now, purpose="assertionMethod")
    return json.dumps(secured, separators=(",", ":")).encode()


def _make_tokens(address: str, bits: bytearray, span: _Span, signer: Signer, *, now: datetime) -> bytes:
    """Return the same places as a token status list; a set bit is what the purpose of the list says of it."""
    status = Status.SUSPENDED if span.purpose == "suspension" else Status.INVALID
    data = make_statuses(len(bits) * 8, _TOKEN_BITS)
    for number, byte in enumerate(bits):
        for index in range(number * 8, number * 8 + 8) if byte else ():
            if get_bit(bits, index):
                set_status(data, index, status, _TOKEN_BITS)
    return sign_token_list(
        token_list_url(address),
        signer,
        data=data,
        bits=_TOKEN_BITS,
        issued_at=now,
        expires=span.until(LIFE),
        ttl=TTL,
    ).encode()


def _of(table: Any, org: str, number: int) -> Any:
    return (table.c.org == org) & (table.c.number == number)


def _at(place: Place, org: str) -> Any:
    return _of(changes, org, place.number) & (changes.c.place == place.index)
