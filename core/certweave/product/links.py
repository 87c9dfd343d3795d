"""The list of links behind a product address: what the brand's host gives, and what a reader makes of it.

RFC 9264 (https://www.rfc-editor.org/rfc/rfc9264) in JSON, in the shape of UNTP 0.7.0's linkset schema and
Identity Resolver specification (https://untp.unece.org/docs/0.7.0/specification/IdentityResolver) and of
the GS1-Conformant Resolver standard. That schema lets a relation be an IANA name or an address without a
fragment, so we write UNTP's relations as the addresses that its own 0.7.0 samples use for ``linkType``, and
read the other spellings that are about. The list is not signed: what it names is, and is examined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import Limits

LINKSET_MEDIA_TYPE: Final = "application/linkset+json"
LINK_TYPE_QUERY: Final = "linkType"
"""The query parameter of a resolver; ``?linkType=linkset`` (or ``all``) asks for the list itself."""
LINKSET_ASKED: Final = frozenset({"linkset", "all"})
_UNTP: Final = "https://test.uncefact.org/vocabulary/linkTypes/"
_UNTP_FRAGMENT: Final = "https://vocabulary.uncefact.org/untp/linkType#"
_GS1: Final = "https://gs1.org/voc/"
_MAX_LINKS: Final = 500


class Relation(StrEnum):
    """What a link leads to, in the short names of UNTP; the last three are GS1's."""

    PASSPORT = "dpp"
    CONFORMITY = "dcc"
    FACILITY = "dfr"
    EVENT = "dte"
    IDENTITY = "dia"
    DEFAULT = "defaultLink"
    PRODUCT_PAGE = "pip"
    CERTIFICATION = "certificationInfo"

    @property
    def url(self) -> str:
        """The relation as it is written in a list and, for UNTP's, in ``linkType`` of a document's links."""
        return (_GS1 if self in _OF_GS1 else _UNTP) + self.value


_OF_GS1: Final = frozenset({Relation.DEFAULT, Relation.PRODUCT_PAGE, Relation.CERTIFICATION})
_LONG: Final = {
    Relation.PASSPORT: "digitalProductPassport",
    Relation.CONFORMITY: "digitalConformityCredential",
    Relation.FACILITY: "digitalFacilityRecord",
    Relation.EVENT: "digitalTraceabilityEvent",
    Relation.IDENTITY: "digitalIdentityAnchor",
}
_GS1_SPELLINGS: Final = (_GS1, "http://gs1.org/voc/", "https://www.gs1.org/voc/", "https://ref.gs1.org/voc/")
_SPELLINGS: Final[dict[str, Relation]] = {
    **{relation.url: relation for relation in Relation},
    **{f"untp:{relation.value}": relation for relation in _LONG},
    **{_UNTP_FRAGMENT + name: relation for relation, name in _LONG.items()},
    **{_UNTP_FRAGMENT + relation.value: relation for relation in _LONG},
    **{prefix + relation.value: relation for relation in _OF_GS1 for prefix in _GS1_SPELLINGS},
    **{f"gs1:{relation.value}": relation for relation in _OF_GS1},
}


def find_relation(text: str) -> Relation | None:
    """Return the relation that an address, a short name or a ``linkType`` stands for, or None."""
    return _SPELLINGS.get(text)


@dataclass(frozen=True, slots=True)
class ProductLink:
    """One link; ``media_type`` is such as ``application/vc+jwt``, ``languages`` such as ``de-CH``."""

    relation: Relation
    href: str
    title: str
    media_type: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkContext:
    """The links of one address, the ``anchor``: of the item, the batch or the model."""

    anchor: str
    links: tuple[ProductLink, ...]
    description: str | None = None

    def of(self, relation: Relation) -> tuple[ProductLink, ...]:
        """Return the links of one relation, in their order."""
        return tuple(link for link in self.links if link.relation is relation)


def make_linkset(contexts: Sequence[LinkContext]) -> JsonObject:
    """Return the list for one or more addresses, finest first.

    UNTP relations stand as member names and, in UNTP's short form, in ``rel``, so that readers of either
    way find them.
    """
    return {"linkset": [_context(context) for context in contexts]}


def parse_linkset(document: JsonObject, *, limits: Limits) -> tuple[LinkContext, ...]:
    """Read a list; links of relations that we do not know are passed over.

    Raises:
        MalformedError: ``linkset_malformed`` with the place.
        UndecidedError: more links than anybody follows (cause ``limit``).
    """
    listed = document.get("linkset")
    if not isinstance(listed, list):
        raise _malformed("a list of links has the member linkset", "/linkset")
    found = []
    for number, item in enumerate(listed):
        path = join("/linkset", number)
        if not isinstance(item, dict) or not isinstance(item.get("anchor"), str):
            raise _malformed("each entry names its anchor", path)
        description = item.get("description", item.get("itemDescription"))
        words = description if isinstance(description, str) else None
        found.append(LinkContext(item["anchor"], tuple(_read_links(item, path)), words))
    if sum(len(context.links) for context in found) > min(_MAX_LINKS, limits.members):
        raise UndecidedError(
            f"the list has more than {_MAX_LINKS} links", code="limit_links", cause=Cause.LIMIT
        )
    return tuple(found)


def find_context(contexts: Sequence[LinkContext], addresses: Sequence[str]) -> LinkContext | None:
    """Return the first of ``addresses``, finest first, that has a passport in the list, or None."""
    for address in addresses:
        for context in contexts:
            if context.anchor == address and context.of(Relation.PASSPORT):
                return context
    return None


def _context(context: LinkContext) -> JsonObject:
    members: JsonObject = {"anchor": context.anchor}
    if context.description is not None:
        members["description"] = context.description
    for link in context.links:
        members.setdefault(link.relation.url, []).append(_link(link))
    return members


def _link(link: ProductLink) -> JsonObject:
    members: JsonObject = {"href": link.href, "title": link.title}
    if link.media_type is not None:
        members["type"] = link.media_type
    if link.languages:
        members["hreflang"] = list(link.languages)
    if link.relation in _LONG:
        members["rel"] = [f"untp:{link.relation.value}"]
    return members


def _read_links(item: JsonObject, path: str) -> list[ProductLink]:
    links: list[ProductLink] = []
    for name, targets in item.items():
        if name in {"anchor", "description", "itemDescription"}:
            continue
        if not isinstance(targets, list):
            raise _malformed("a relation has a list of links", join(path, name))
        for number, target in enumerate(targets):
            link = _read_link(name, target, join(path, name, number))
            if link is not None and link not in links:
                links.append(link)
    return links


def _read_link(name: str, target: Any, path: str) -> ProductLink | None:
    if not isinstance(target, dict) or not isinstance(target.get("href"), str):
        raise _malformed("a link has an href", path)
    further = target.get("rel", [])
    names = [name, *(further if isinstance(further, list) else [further])]
    relations = [_SPELLINGS[text] for text in names if isinstance(text, str) and text in _SPELLINGS]
    # A link that writes instead of reads, or an older version, is nothing to show (UNTP, versioned targets).
    if not relations or "predecessor-version" in names or "method" in target:
        return None
    title, media_type, languages = target.get("title"), target.get("type"), target.get("hreflang", [])
    return ProductLink(
        relations[0],
        target["href"],
        title if isinstance(title, str) else "",
        media_type if isinstance(media_type, str) else None,
        tuple(tag for tag in languages if isinstance(tag, str)) if isinstance(languages, list) else (),
    )


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="linkset_malformed", path=path)
