"""What a credential points to is held against its digest before anything is signed.

VCDM 2.0 §5.3 (https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources). Pinned contexts are
known by their digest; anything else is fetched, where there is a network to ask. A digest that nobody could
compare is not signed.
"""

from certweave.credential.contexts import ContextStore
from certweave.credential.related import check_related_resources
from certweave.credential.shapes import objects_of
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError
from certweave.examine.evidence import Fetched, Kind, Need
from certweave_issuer.ports import Fetch


def check_resources(document: JsonObject, *, contexts: ContextStore, fetch: Fetch | None) -> None:
    """Compare the digest of every related resource with the resource.

    Args:
        document: a credential that holds by the rules of its model.
        contexts: the pinned contexts; some are known by the digest of their published bytes.
        fetch: fetches within the budget of a stranger; None where nothing is fetched.

    Raises:
        InvalidError: a resource is not the one that the digest is of.
        MalformedError, UnsupportedError: a digest is none, or of an algorithm that we do not compute.
        UndecidedError: ``related_resource_not_compared``: the resource could not be had.
    """
    left = check_related_resources(document, {}, digests=contexts.raw_digests)
    if not left:
        return
    at_hand: dict[str, bytes] = {}
    for path, item in objects_of(document, "relatedResource"):
        found = fetch(Need(Kind.CONTEXT, item["id"])) if fetch is not None and path in left else None
        if isinstance(found, Fetched):
            at_hand[item["id"]] = found.content
    left = check_related_resources(document, at_hand, digests=contexts.raw_digests)
    if left:
        detail = "this resource could not be had, so its digest could not be compared"
        raise UndecidedError(
            detail, code="related_resource_not_compared", cause=Cause.UNREACHABLE, path=left[0]
        )
