"""The did:web beside a did:webvh: making its did.json, and telling whether one agrees with the log.

Follows did:webvh 1.0, "Publishing a Parallel did:web DID" and "DID URL Resolution"
(https://identity.foundation/didwebvh/v1.0/). A twin agrees when it means the same as the one we derive: it
may write ids relative or absolute, and may leave the implicit services out. The log decides, not the twin.
"""

from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.did.document import RELATIONSHIPS, make_absolute
from certweave.did.history import History, Version
from certweave.did.syntax import Did, scid_of, to_urls, web_twin
from certweave.did.webvh.entry import replace_text
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidHistoryError
from certweave.limits import DEFAULT_LIMITS, Limits

_LINKED_VP = "https://identity.foundation/linked-vp/contexts/v1"


def implicit_services(did: Did) -> list[JsonObject]:
    """Return the services ``#files`` and ``#whois`` that every did:webvh has without saying so."""
    base = to_urls(did).base
    return [
        {"id": f"{did.text}#files", "type": "relativeRef", "serviceEndpoint": base},
        {
            "@context": _LINKED_VP,
            "id": f"{did.text}#whois",
            "type": "LinkedVerifiablePresentation",
            "serviceEndpoint": base + "whois.vp",
        },
    ]


def resolved_document(did: Did, version: Version) -> JsonObject:
    """Return the document of a version with the implicit services that it does not define itself."""
    raw = version.document.raw
    services = list(version.document.services)
    own = {make_absolute(service["id"], did.text) for service in services}
    missing = [service for service in implicit_services(did) if service["id"] not in own]
    return {**raw, "service": services + missing}


def make_twin(history: History, *, limits: Limits = DEFAULT_LIMITS) -> JsonObject:
    """Return the did.json of the parallel did:web for the last version of ``history``.

    Raises:
        InvalidHistoryError: the DID is deactivated (``deactivated``), so there is nothing to publish.
    """
    last = history.versions[-1]
    if last.deactivated:
        raise InvalidHistoryError("a deactivated DID has no document to publish", code="deactivated")
    return _derive(history.did, last, limits)


def check_twin(web_document: JsonObject, history: History, *, limits: Limits = DEFAULT_LIMITS) -> None:
    """Hold a did:web document against the log of the did:webvh that it names as its twin.

    Both must name each other in alsoKnownAs, and the document must mean what the log derives.

    Raises:
        InvalidHistoryError: ``twin_differs``; ``path`` is the member that differs.
    """
    did = history.did
    web = web_twin(did).text
    last = history.versions[-1]
    if web not in last.document.also_known_as:
        detail = "the log does not name the did:web as another name of the same"
        raise InvalidHistoryError(detail, code="twin_differs", path="/alsoKnownAs")
    found = _meaning(web_document, did)
    expected = _meaning(_derive(did, last, limits), did)
    for name in sorted(found.keys() | expected.keys()):
        if name not in found or name not in expected or not _same(found[name], expected[name]):
            detail = f"the did:web document and the log of its twin differ in {name[:80]}"
            raise InvalidHistoryError(detail, code="twin_differs", path=join("", name))


def _derive(did: Did, version: Version, limits: Limits) -> JsonObject:
    scid = scid_of(did)
    document = resolved_document(did, version)
    derived = replace_text(document, f"did:webvh:{scid}:", "did:web:", limits=limits)
    web = web_twin(did).text
    names = [*derived.get("alsoKnownAs", []), did.text]
    derived["alsoKnownAs"] = [name for name in dict.fromkeys(names) if name != web]
    return derived


def _meaning(document: JsonObject, did: Did) -> JsonObject:
    """Return ``document`` in one spelling: ids absolute, other names sorted, implicit services left out."""
    web = web_twin(did).text
    plain = dict(document)
    for name in ("verificationMethod", *RELATIONSHIPS):
        if isinstance(plain.get(name), list):
            plain[name] = [_spell(item, web) for item in plain[name]]
    names = plain.get("alsoKnownAs")
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        plain["alsoKnownAs"] = sorted(set(names))
    services = plain.get("service")
    if isinstance(services, list):
        implied = [_spell_service(service, web) for service in _implicit_of_web(did)]
        plain["service"] = [
            service for service in (_spell_service(item, web) for item in services) if service not in implied
        ]
    # An empty list says what a missing one says.
    return {name: value for name, value in plain.items() if value != []}


def _implicit_of_web(did: Did) -> list[JsonObject]:
    web = web_twin(did).text
    return [
        {**service, "id": web + "#" + service["id"].rpartition("#")[2]} for service in implicit_services(did)
    ]


def _spell(item: Any, did: str) -> Any:
    if isinstance(item, str):
        return make_absolute(item, did)
    if isinstance(item, dict) and isinstance(item.get("id"), str):
        return {**item, "id": make_absolute(item["id"], did)}
    return item


def _spell_service(item: Any, did: str) -> Any:
    spelled = _spell(item, did)
    if isinstance(spelled, dict) and isinstance(spelled.get("serviceEndpoint"), str):
        return {**spelled, "serviceEndpoint": spelled["serviceEndpoint"].removesuffix("/")}
    return spelled


def _same(one: Any, other: Any) -> bool:
    return canonicalize(one) == canonicalize(other)
