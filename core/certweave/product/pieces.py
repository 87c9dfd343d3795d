"""What a product's answer is put together from: examined documents, and careful readers of their members.

A document that failed a rule may have any shape, so nothing here trusts one: what is not there or has another
type reads as nothing. Names and texts are data, to be shown and never to be obeyed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from certweave.credential.shapes import types
from certweave.encoding.multihash import check_digest_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError
from certweave.examine.report import Outcome, Report, Step, Verdict
from certweave.product.links import Relation, find_relation

CREDENTIAL_MEDIA_TYPES: Final = frozenset(
    {
        "application/vc",
        "application/vc+jwt",
        "application/vc+ld+json",
        "application/ld+json",
        "application/json",
        "application/jwt",
    }
)
"""Media types of links that can be examined; a PDF beside them is for people."""

_RELATION_OF_TYPE: Final = {
    "DigitalProductPassport": Relation.PASSPORT,
    "DigitalConformityCredential": Relation.CONFORMITY,
    "DigitalFacilityRecord": Relation.FACILITY,
    "DigitalTraceabilityEvent": Relation.EVENT,
    "DigitalIdentityAnchor": Relation.IDENTITY,
}
MAX_TEXT: Final = 300
"""Characters of a text from a document that a page shows."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a document; ``digest`` (digestMultibase) where the linking party fixed its bytes."""

    url: str
    digest: str | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of the product: its bytes and the report on them, or why it could not be had."""

    url: str
    report: Report | None
    content: bytes | None = None
    reason: str = ""

    @property
    def document(self) -> JsonObject:
        """The signed document; empty until its signature held."""
        found = self.report.document if self.report is not None else None
        return found if found is not None else {}

    @property
    def verdict(self) -> Verdict:
        """The report's verdict; what could not be had is undecided."""
        return self.report.verdict if self.report is not None else Verdict.UNDECIDED

    @property
    def whole_verdict(self) -> Verdict:
        """The verdict, undecided for a part that holds: what was left out might not."""
        in_part = self.in_part and self.verdict is Verdict.VALID
        return Verdict.UNDECIDED if in_part else self.verdict

    @property
    def relation(self) -> Relation | None:
        """What the document says it is."""
        if not self.document:
            return None
        names = types(self.document)
        return next((found for name, found in _RELATION_OF_TYPE.items() if name in names), None)

    @property
    def in_part(self) -> bool:
        """Whether something may have been left out that was signed: a batch, or a failed assessment."""
        return self.report is not None and self.report.in_part

    @property
    def trusted(self) -> bool:
        """Whether it holds as a whole, and somebody whom the policy trusts vouches for who signed it."""
        return (
            self.report is not None
            and not self.in_part
            and self.verdict is Verdict.VALID
            and self.report.check(Step.TRUST).outcome is Outcome.VALID
        )

    @property
    def is_doubtful(self) -> bool:
        """Whether it does not hold, or that is open for more than that nobody vouches for who signed it."""
        return self.report is not None and (
            self.in_part or any(check.cause is not Cause.UNKNOWN_ISSUER for check in self.report.decisive())
        )

    @property
    def retracted(self) -> bool:
        """Whether all that is wrong with it is that its issuer, whom somebody vouches for, took it back."""
        if self.report is None or self.verdict is not Verdict.INVALID:
            return False
        only_status = all(check.step is Step.STATUS for check in self.report.decisive())
        return only_status and self.report.check(Step.TRUST).outcome is Outcome.VALID

    @property
    def subject(self) -> JsonObject:
        """The one subject, else nothing."""
        return next(iter(self.subjects), {})

    @property
    def subjects(self) -> list[JsonObject]:
        """All subjects."""
        return _subjects_of(self.document)

    @property
    def issuer(self) -> JsonObject:
        """Issuer with ``id`` and, where stated, ``name``: that by which those know it who vouch for it."""
        found = self.document.get("issuer")
        stated = found if isinstance(found, dict) else {"id": found} if isinstance(found, str) else {}
        known_as = self.report.known_as if self.report is not None else ""
        return {**stated, "name": known_as} if known_as else stated

    def fits(self, reference: Reference) -> bool:
        """Tell whether these are the bytes that the link fixed; a link without digest fixes none."""
        if reference.digest is None or self.content is None:
            return True
        try:
            check_digest_multibase(self.content, reference.digest)
        except CertweaveError:
            return False
        return True


def text_of(value: Any, *path: str) -> str:
    """Return a text inside of objects, shortened for a page; empty where there is none."""
    return id_of(value, *path)[:MAX_TEXT]


def id_of(value: Any, *path: str) -> str:
    """Return a text inside of objects as it stands there, to be compared; empty where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def object_of(value: Any, name: str) -> JsonObject:
    """Return a member that is an object, else an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def objects_of(value: Any, name: str) -> list[JsonObject]:
    """Return the objects of a member that is a list."""
    found = value.get(name) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def host_of(url: str) -> str:
    """Return the host of an address, empty where it has none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def ids_of(items: Iterable[JsonObject]) -> frozenset[str]:
    """Return the ids that objects have."""
    return frozenset(found for item in items if isinstance(found := item.get("id"), str) and found)


def number_of(value: Any, name: str) -> float | int | None:
    """Return a member that is a number, else None."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def evidence_of(claim: JsonObject) -> tuple[Reference, ...]:
    """Return the certificates that a claim cites and that can be examined."""
    return tuple(found for link in objects_of(claim, "evidence") if (found := _reference(link, stated=False)))


def references_of(document: JsonObject) -> tuple[Reference, ...]:
    """Return everything that a passport, event, record or certificate refers to, each address once."""
    found: dict[str, Reference] = {}
    for subject in _subjects_of(document):
        for claim in objects_of(subject, "performanceClaim"):
            for reference in evidence_of(claim):
                found.setdefault(reference.url, reference)
        for reference in _linked(subject):
            found.setdefault(reference.url, reference)
    return tuple(found.values())


def steps_of(document: JsonObject) -> tuple[Reference, ...]:
    """Return the events and certificates by which a document tells where something came from.

    What a claim cites is not among them: the claim stands or falls with it.
    """
    links = (link for subject in _subjects_of(document) for link in _linked(subject))
    return tuple(link for link in links if link.relation in (Relation.EVENT, Relation.CONFORMITY))


def _subjects_of(document: JsonObject) -> list[JsonObject]:
    subject = document.get("credentialSubject")
    return [item for item in (subject if isinstance(subject, list) else [subject]) if isinstance(item, dict)]


def _linked(subject: JsonObject) -> Iterator[Reference]:
    for place in (subject, object_of(subject, "producedAtFacility")):
        for link in objects_of(place, "relatedDocument"):
            if found := _reference(link, stated=True):
                yield found
    for drawn in objects_of(object_of(subject, "transaction"), "inputs"):
        url, digest = drawn.get("certificate"), drawn.get("digestMultibase")
        if isinstance(url, str) and url.startswith("https://"):
            yield Reference(url, digest if isinstance(digest, str) else None, Relation.CONFORMITY)


def _reference(link: JsonObject, *, stated: bool) -> Reference | None:
    """Read a link; with ``stated`` only one that says it leads to a credential."""
    url, digest, media_type = link.get("linkURL"), link.get("digestMultibase"), link.get("mediaType")
    kind = link.get("linkType")
    relation = find_relation(kind) if isinstance(kind, str) else None
    if not isinstance(url, str) or not url.startswith("https://"):
        return None
    readable = media_type is None or text_of(link, "mediaType") in CREDENTIAL_MEDIA_TYPES
    if not readable or (relation is None and (kind is not None or stated)):
        return None
    return Reference(url, digest if isinstance(digest, str) else None, relation)
