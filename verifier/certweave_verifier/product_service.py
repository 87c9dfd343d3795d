"""From a product's code to its answer: the list of links, the passport, everything that it refers to.

Only hosts that the operator lists are asked for products, and one check has one budget for all documents
together. What is told is ``certweave.product``'s; here it is fetched, examined under the verifier's policy
and kept for the next visitor. An outage of the brand's host never replaces an answer that was really found.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.encoding.multihash import check_digest_multibase
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.product.address import ProductAddress, parse_product_url
from certweave.product.answer import FORMAT, Message, Picture, ProductAnswer
from certweave.product.links import LINK_TYPE_QUERY, LinkContext, Relation, find_context, parse_linkset
from certweave.product.pieces import Piece, Reference, references_of
from certweave.product.tell import tell_nothing, tell_product
from certweave.timestamps import parse_timestamp
from certweave.trust.policy import Policy
from certweave_edge.gather import Find, examine_with, gather
from certweave_edge.refused import Refusal, RefusedError
from certweave_verifier.ports import Network
from certweave_verifier.product_store import ProductStore, Shown, Told

MOST_PIECES: Final = 48
"""Documents of one product: a long chain has some thirty. With more, the answer is open."""
ROUNDS: Final = 12
"""From the passport to events and certificates, and to those these draw from, sale by sale to the field."""
THREADS: Final = 4
FRESH: Final = timedelta(seconds=60)
"""An answer this young is not made again: a code in a shop window is scanned many times a minute."""
PICTURE_BYTES: Final = 20_000
"""The first view has 60 KB in all, the picture included."""
_FOLLOWED: Final = (Relation.CONFORMITY, Relation.EVENT, Relation.FACILITY)


@dataclass(slots=True)
class _Once:
    """Asks for each document once in a check, and shares the answer between its threads."""

    find: Find
    _known: dict[Need, Fetched | Unavailable | None] = field(default_factory=dict)
    _locks: dict[Need, Lock] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def __call__(self, need: Need) -> Fetched | Unavailable | None:
        with self._guard:
            lock = self._locks.setdefault(need, Lock())
        with lock:
            if need not in self._known:
                self._known[need] = self.find(need)
            return self._known[need]


@dataclass(slots=True)
class Turns:
    """One check of one product at a time: whoever comes second takes the first one's answer."""

    _locks: dict[tuple[str, str], tuple[Lock, int]] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def take(self, key: tuple[str, str]) -> Lock:
        """Return the lock of a product and count who wants it."""
        with self._guard:
            lock, users = self._locks.get(key, (Lock(), 0))
            self._locks[key] = (lock, users + 1)
            return lock

    def leave(self, key: tuple[str, str]) -> None:
        """Forget the lock once nobody wants it any more."""
        with self._guard:
            lock, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)


@dataclass(frozen=True, slots=True)
class Products:
    """Answers about products. Threads may share it."""

    network: Network
    contexts: ContextStore
    clock: Callable[[], datetime]
    store: ProductStore
    policy: Policy
    hosts: frozenset[str]
    limits: Limits = DEFAULT_LIMITS
    turns: Turns = field(default_factory=Turns)

    def check_host(self, host: str) -> None:
        """Refuse a host that the operator does not list.

        Raises:
            RefusedError: 404; who may use this page for their products is the operator's to say.
        """
        if host not in self.hosts:
            raise RefusedError(
                "products of this host are not looked up here", Refusal.NOT_FOUND, code="product_host_unknown"
            )

    def last(self, host: str, address: ProductAddress) -> Told | None:
        """Return the last answer, however old, without asking anybody."""
        self.check_host(host)
        return self._find(host, address)

    def is_fresh(self, told: Told) -> bool:
        """Tell whether an answer is too young to be made again."""
        return self.clock() - told.at < FRESH

    def check(self, host: str, address: ProductAddress) -> Told:
        """Return the answer of now: fetched, examined and kept, within the budget of one check."""
        self.check_host(host)
        key = (host, address.path)
        turn = self.turns.take(key)
        try:
            with turn:
                last = self._find(host, address)
                if last is not None and self.is_fresh(last):
                    return last
                return self._check_now(host, address, last)
        finally:
            self.turns.leave(key)

    def picture(self, digest: str) -> Shown | None:
        """Return a picture that was signed for some product."""
        return self.store.find_picture(digest)

    def _find(self, host: str, address: ProductAddress) -> Told | None:
        told = self.store.find_answer(host, address.path)
        return told if told is not None and told.answer.get("format") == FORMAT else None

    def _check_now(self, host: str, address: ProductAddress, last: Told | None) -> Told:
        find = _Once(self.network.session())
        answer = self._tell(host, address, find)
        members = answer.to_json()
        shown = self._show(answer, members, find)
        told = Told(parse_timestamp(members["at"]), members)
        if answer.identity is None and answer.verdict is Verdict.UNDECIDED:
            # Nothing could be read: that must not take the place of what was found before, nor be kept.
            return last if last is not None else told
        self.store.keep_answer(host, address.path, told, shown)
        return told

    def _tell(self, host: str, address: ProductAddress, find: Find) -> ProductAnswer:
        now = self.clock()
        try:
            context, found = self._look_up(host, address, find)
        except _NothingError as nothing:
            return tell_nothing(address, nothing.message, host=host, now=now)
        link = context.of(Relation.PASSPORT)[0]
        passport, evidence = self._examine(Evidence(), find, Reference(link.href, None, Relation.PASSPORT))
        linked = [Reference(item.href, None, kind) for kind in _FOLLOWED for item in context.of(kind)]
        pieces = self._follow([*references_of(passport.document), *linked], passport, evidence, find)
        return tell_product(address, passport, pieces, host=host, found=found, now=self.clock())

    def _look_up(self, host: str, address: ProductAddress, find: Find) -> tuple[LinkContext, ProductAddress]:
        """Return the links behind a code, and the address they are for: the code's own or a coarser one."""
        url = f"{address.at(host)}?{LINK_TYPE_QUERY}=linkset"
        found = find(Need(Kind.CREDENTIAL, url))
        if not isinstance(found, Fetched):
            gone = found is not None and found.status in {404, 410}
            raise _NothingError("nothing_unknown" if gone else "nothing_unreachable", host)
        try:
            contexts = parse_linkset(parse_object(found.content, limits=self.limits), limits=self.limits)
        except CertweaveError:
            raise _NothingError("nothing_unreadable", host) from None
        context = find_context(contexts, [item.at(host) for item in address.fallbacks()])
        if context is None:
            raise _NothingError("nothing_unknown", host)
        return context, parse_product_url(context.anchor)[1]

    def _follow(
        self, references: Iterable[Reference], passport: Piece, evidence: Evidence, find: Find
    ) -> list[Piece]:
        """Fetch and examine what is referred to, and what that refers to, each document once."""
        pieces: dict[str, Piece] = {passport.url: passport}
        todo = list(references)
        for _ in range(ROUNDS):
            wanted: dict[str, Reference] = {}
            for reference in todo:
                if reference.url not in pieces and len(pieces) + len(wanted) <= MOST_PIECES:
                    wanted.setdefault(reference.url, reference)
            if not wanted:
                break
            gather([Need(Kind.CREDENTIAL, url) for url in sorted(wanted)], find)
            with ThreadPoolExecutor(min(THREADS, len(wanted))) as pool:
                found = list(pool.map(partial(self._examine, evidence, find), wanted.values()))
            for piece, more in found:
                pieces[piece.url] = piece
                evidence = evidence.plus(more.documents)
            todo = [item for piece, _ in found for item in references_of(piece.document)]
        del pieces[passport.url]
        return list(pieces.values())

    def _examine(self, evidence: Evidence, find: Find, reference: Reference) -> tuple[Piece, Evidence]:
        found = find(Need(Kind.CREDENTIAL, reference.url))
        if not isinstance(found, Fetched):
            reason = found.reason if found is not None else "nobody answered"
            return Piece(reference.url, None, reason=reason), evidence
        report, more = examine_with(
            found.content,
            evidence,
            policy=self.policy,
            now=self.clock(),
            limits=self.limits,
            contexts=self.contexts,
            fetch=find,
        )
        return Piece(reference.url, report, found.content), more

    def _show(self, answer: ProductAnswer, members: JsonObject, find: Find) -> Mapping[str, Shown]:
        """Put the digest of each picture into ``members``, and return the pictures by it."""
        shown: dict[str, Shown] = {}
        places = [(answer.identity.picture, members["identity"])] if answer.identity is not None else []
        places += [(label.picture, row) for label, row in zip(answer.labels, members["labels"], strict=True)]
        for picture, row in places:
            content = _read_picture(picture, find) if picture is not None else None
            if picture is None or content is None:
                row["picture"] = None
                continue
            digest = sha256(content).hexdigest()
            shown[digest] = Shown(picture.media_type, content)
            row["picture"] = {"label": picture.label, "digest": digest}
        return shown


class _NothingError(Exception):
    """Ends the look-up; never leaves this module."""

    def __init__(self, key: str, host: str) -> None:
        super().__init__(key)
        self.message = Message(key, {"host": host})


def _read_picture(picture: Picture, find: Find) -> bytes | None:
    """Return the picture's bytes where they are those that were signed, and small enough to be shown."""
    if picture.data is not None:
        try:
            content = base64.b64decode(picture.data, validate=True)
        except (binascii.Error, ValueError):
            return None
        return content if len(content) <= PICTURE_BYTES else None
    found = find(Need(Kind.CREDENTIAL, picture.url)) if picture.url else None
    if not isinstance(found, Fetched) or picture.digest is None or len(found.content) > PICTURE_BYTES:
        return None
    try:
        check_digest_multibase(found.content, picture.digest)
    except CertweaveError:
        return None
    return found.content
