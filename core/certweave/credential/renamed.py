"""The rule for names: what a verdict acts on stands in the document under its own name.

Suites that sign statements do not sign names. Whoever holds a credential can say the same statements in other
words, by a context of their own, an IRI or another place, and the signature holds; a verifier that reads
``validUntil`` or ``credentialStatus`` as members then finds none, and one that knows a type by its name
applies no rule to it. So the statements about the document are counted against its members.

VC Data Integrity 1.0 §2.4.1 (https://www.w3.org/TR/vc-data-integrity/#validating-contexts) asks for contexts
that are known; this holds where contexts are written inline, too.
"""

from typing import Any, Final

from certweave.canon.jsonld import Contexts
from certweave.credential.untp.names import UNTP, UNTP_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.limits import Limits

_CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ROOTS: Final = frozenset(
    f"<{_CREDENTIALS}{name}>" for name in ("VerifiableCredential", "VerifiablePresentation")
)
_NAMES: Final = (
    *("issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate", "credentialStatus"),
    *("credentialSchema", "credentialSubject", "holder", "relatedResource", "termsOfUse", "evidence"),
)
_VOCABULARIES: Final = (_CREDENTIALS, UNTP, "https://certweave.example/ns/v1#")
_KEYWORDS: Final = frozenset(("@id", "@type", "@nest", "@included", "@graph", "id", "type"))
_READ: Final = {_TYPE: "type"} | {f"<{_CREDENTIALS}{name}>": name for name in _NAMES}


def check_names(document: JsonObject, *, contexts: Contexts, limits: Limits) -> None:
    """Check that every statement about the document that a verdict acts on is a member of it.

    Raises:
        InvalidError: one stands elsewhere, or under another name (``term_renamed``).
        InvalidError, UndecidedError: as ``canon.rdf.to_quads``.
    """
    if not _is_plain(document):
        check_names_at_length(document, contexts=contexts, limits=limits)


def check_names_at_length(document: JsonObject, *, contexts: Contexts, limits: Limits) -> None:
    """Check the same, raise the same, by what the document states."""
    from certweave.canon.rdf import to_quads  # few documents have contexts of their own

    _check_keywords(document)
    bare = {name: value for name, value in document.items() if name != "proof"}
    quads = [quad for quad in to_quads(bare, contexts=contexts, limits=limits) if quad[3] is None]
    name = document.get("id")
    about = {f"<{name}>"} if isinstance(name, str) else set()
    if not about:
        about = {quad[0] for quad in quads if quad[1] == _TYPE and quad[2] in _ROOTS}
    stated: dict[str, set[str]] = {}
    for subject, predicate, value, _ in quads:
        if subject in about and predicate in _READ:
            stated.setdefault(_READ[predicate], set()).add(value)
    _check_version(document, stated.get("type", set()))
    for term, values in stated.items():
        if not _says_all(document.get(term, []), values, term, _prefixes(document)):
            detail = f"it says more about its {term} than the member of that name does"
            raise InvalidError(detail, code="term_renamed", path=f"/{term}")


def _check_version(document: JsonObject, kinds: set[str]) -> None:
    """A type of UNTP has the rules of the version whose context stands in the document."""
    of_untp = any(kind.startswith(f"<{UNTP}") for kind in kinds)
    if of_untp and UNTP_CONTEXT not in (document.get("@context") or ()):
        detail = "it is of a type of UNTP, whose context it does not name"
        raise InvalidError(detail, code="term_renamed", path="/@context")


def _kinds_of(stated: set[str]) -> set[str]:
    """Return the types that our rules know by name: in these vocabularies, the last part of the IRI."""
    iris = [text[1:-1] for text in stated]
    found = {iri[len(one) :] for iri in iris for one in _VOCABULARIES if iri.startswith(one)}
    return found - {""}  # the vocabulary itself, which no rule knows as a type


def _prefixes(document: JsonObject) -> dict[str, str]:
    """Return what the document's own contexts may shorten ids by."""
    listed = document.get("@context")
    inline = [one for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, dict)]
    return {key: item for one in inline for key, item in one.items() if isinstance(item, str)}


def _says_all(value: Any, stated: set[str], term: str, prefixes: dict[str, str]) -> bool:
    """Tell whether a member stands for all that is stated: by ids, and by number where there are none."""
    items = value if isinstance(value, list) else [value]
    names = {item.get("id") for item in items if isinstance(item, dict)} | {
        i for i in items if isinstance(i, str)
    }
    if term == "type":
        return len(stated) <= len(names) and _kinds_of(stated) <= names
    iris = {text[1:-1] for text in stated if text.startswith("<")}
    texts = [name.partition(":") for name in names if isinstance(name, str)]
    names |= {prefixes[prefix] + rest for prefix, _, rest in texts if prefix in prefixes}
    nameless = sum(1 for item in items if not isinstance(item, dict) or item.get("id") is None)
    return iris <= names and len(stated) - len(iris) <= nameless


def _check_keywords(value: Any, *, inside: bool = False) -> None:
    """Refuse contexts that give keywords other names: ids under those would be seen by nobody."""
    if isinstance(value, list):
        for item in value:
            _check_keywords(item, inside=inside)
    elif isinstance(value, dict):
        for key, item in value.items():
            means = item.get("@id") if isinstance(item, dict) else item
            usual = means in (key, f"@{key}") or key.startswith("@")
            if inside and not usual and isinstance(means, str) and means in _KEYWORDS:
                raise InvalidError(
                    f"{key!a} is another name for {means}", code="term_renamed", path="/@context"
                )
            _check_keywords(item, inside=inside or key == "@context")


def _is_plain(document: JsonObject) -> bool:
    """Tell whether nothing in a document can stand for what it does not say: the usual case, told quickly."""
    listed = document.get("@context")
    for one in listed if listed.__class__ is list else (listed,):
        if one.__class__ is not str:
            return False
    root_id = document.get("id")
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if value.__class__ is list:
            waiting += [item for item in value if item.__class__ is dict or item.__class__ is list]
            continue
        if value is not document and (
            "@context" in value or (root_id is not None and len(value) > 1 and value.get("id") == root_id)
        ):
            return False
        for key, item in value.items():
            if ":" in key:
                return False
            if item.__class__ is dict or item.__class__ is list:
                waiting.append(item)
    return True
