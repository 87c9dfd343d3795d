"""Every version of one DID, and when each of its keys was good.

Joins key and time: a key is what an id *and* its material are together, so an id that got new material
still answers for the old. The rules are those of docs/reference/verdicts.md, "When was it signed?". There
is no clock here: ``now`` is an argument, and versions later than it do not exist for the answer.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from certweave.did.document import DidDocument, VerificationMethod, find_method
from certweave.did.syntax import Did, parse_did, web_twin
from certweave.errors import CertweaveError, InvalidError, InvalidHistoryError
from certweave.keys.model import PublicKey


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a DID. ``version_id``, ``number`` and ``time`` are None where the DID has no past."""

    version_id: str | None
    number: int | None
    time: datetime | None
    document: DidDocument
    deactivated: bool = False


class KeyPeriod(NamedTuple):
    """The last unbroken time in which one key stood under one relationship.

    Attributes:
        method_id: absolute DID URL.
        key: the public key.
        since: time of the first version of this period; None where the DID has no past.
        retired: from when on the key is no longer good; None while it is in force.
        reason: ``in_force``, ``removed``, ``deactivated``, ``revoked`` or ``expired``.
    """

    method_id: str
    key: PublicKey
    since: datetime | None
    retired: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class LogParameters:
    """The did:webvh parameters after the last version of a log."""

    scid: str
    update_keys: tuple[str, ...] = ()
    next_key_hashes: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = 3600
    watchers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a DID, oldest first; never empty.

    Attributes:
        has_past: False for did:key, did:jwk and a lone did:web, whose document says only what holds now.
        parameters: what governs the next entry; None without a past.
    """

    did: Did
    versions: tuple[Version, ...]
    has_past: bool
    parameters: LogParameters | None = None
    _others: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note under which other name the DID answers."""
        object.__setattr__(self, "_others", _other_names(self.did, self.versions))

    def at(self, now: datetime) -> Version:
        """Return the version in force at ``now``.

        Raises:
            InvalidHistoryError: the DID did not exist yet (``no_version_at_time``).
        """
        for version in reversed(self.versions):
            if _holds(version, now):
                return version
        raise InvalidHistoryError("the DID did not exist yet at that time", code="no_version_at_time")

    def find_key(self, method_url: str | None, relationship: str, *, now: datetime) -> KeyPeriod:
        """Return the newest key of ``method_url``; see ``find_keys``."""
        return self.find_keys(method_url, relationship, now=now)[0]

    def find_keys(self, method_url: str | None, relationship: str, *, now: datetime) -> tuple[KeyPeriod, ...]:
        """Return every key that ``method_url`` was under ``relationship``, the one in force first.

        ``method_url`` may be None where the version in force has exactly one method for the purpose. The id
        of the parallel did:web counts as that of the did:webvh when the document names it in alsoKnownAs.

        Raises:
            InvalidError: ``kid_missing``, ``key_unknown``, ``key_wrong_relationship``, or the method is
                somebody else's or broken.
            UnsupportedError: its kind of key is not one we implement.
            InvalidHistoryError: the DID did not exist yet.
        """
        if self.has_past:
            self.at(now)
        method_id = self._only_method(relationship, now) if method_url is None else self._own(method_url)
        periods = _collect(self.versions, method_id, relationship, now)
        if not periods:
            raise self._why_not(method_id, relationship, now)
        if len(periods) > 1:
            # In force before retired, then the latest retired first.
            periods.sort(key=lambda one: (one.retired is None, one.retired and one.retired.timestamp()))
        return tuple(periods[::-1])

    def _own(self, method_url: str) -> str:
        owner, sign, fragment = method_url.partition("#")
        return f"{self.did.text}{sign}{fragment}" if owner == "" or owner in self._others else method_url

    def _only_method(self, relationship: str, now: datetime) -> str:
        alive = [one for one in self.versions if _holds(one, now) and not one.deactivated]
        methods = set(alive[-1].document.relationships.get(relationship, ())) if alive else set()
        if len(methods) != 1:
            detail = f"no key is named, and the DID has {len(methods)} methods for {relationship}"
            raise InvalidError(detail, code="kid_missing")
        return methods.pop()

    def _why_not(self, method_id: str, relationship: str, now: datetime) -> CertweaveError:
        """Return the error for a method without a usable key, the newest version's reason first."""
        answer: CertweaveError = InvalidError(
            f"the DID never had a method {method_id[:200]}", code="key_unknown"
        )
        for version in self.versions:
            if not _holds(version, now):
                break
            try:
                find_method(version.document, method_id, relationship).require_key()
            except CertweaveError as error:
                if error.code != "key_unknown":
                    answer = error
        return answer


def make_single(document: DidDocument) -> History:
    """Return the history of a DID that has no past: one version, of now."""
    return History(parse_did(document.id), (Version(None, None, None, document),), has_past=False)


@dataclass(slots=True)
class _Open:
    """A key as the walk over the versions sees it."""

    method: VerificationMethod
    key: PublicKey
    since: datetime | None
    retired: datetime | None = None
    reason: str = "in_force"


def _collect(
    versions: tuple[Version, ...], method_id: str, relationship: str, now: datetime
) -> list[KeyPeriod]:
    """Walk the versions up to ``now``; one id may have had several keys, each with its own periods."""
    if len(versions) == 1:  # of most: a key or a document that has no past
        method = _find(versions[0], method_id, relationship)
        if method is None or method.key is None:
            return []
        if method.revoked is None and method.expires is None:
            return [KeyPeriod(method.id, method.key, versions[0].time, None, "in_force")]
        return [_close(_Open(method, method.key, versions[0].time), method.revoked, now)]
    found: dict[PublicKey, _Open] = {}
    revoked: dict[PublicKey, datetime] = {}
    for version in versions:
        if not _holds(version, now):
            break
        for one in version.document.methods:
            # A revocation stays (Controlled Identifiers 1.0 §2.2), for whatever purpose the key is listed and
            # though it be dropped and listed again; a later version can only date it earlier.
            if one.id == method_id and one.key is not None and one.revoked is not None:
                revoked[one.key] = min(one.revoked, revoked.get(one.key, one.revoked))
        method = _find(version, method_id, relationship)
        for key, period in found.items():
            if period.retired is None and (method is None or method.key != key):
                period.retired = version.time
                period.reason = "deactivated" if version.deactivated else "removed"
        if method is None or method.key is None:
            continue
        known = found.get(method.key)
        if known is None or known.retired is not None:
            found[method.key] = _Open(method, method.key, version.time)
        else:
            known.method = method
    return [_close(period, revoked.get(period.key), now) for period in found.values()]


def _find(version: Version, method_id: str, relationship: str) -> VerificationMethod | None:
    if version.deactivated or method_id not in version.document.relationships.get(relationship, ()):
        return None
    for one in version.document.methods:
        if one.id == method_id:
            return one
    return None


def _close(period: _Open, revoked: datetime | None, now: datetime) -> KeyPeriod:
    """Apply what the method says about itself: the earliest end counts."""
    retired, reason = period.retired, period.reason
    for moment, word in ((revoked, "revoked"), (period.method.expires, "expired")):
        if moment is not None and moment <= now and (retired is None or moment < retired):
            retired, reason = moment, word
    return KeyPeriod(period.method.id, period.key, period.since, retired, reason)


def _holds(version: Version, now: datetime) -> bool:
    return version.time is None or version.time <= now


def _other_names(did: Did, versions: tuple[Version, ...]) -> frozenset[str]:
    if did.method != "webvh" or not versions:
        return frozenset()
    twin = web_twin(did).text
    return frozenset({twin}) & frozenset(versions[-1].document.also_known_as)
