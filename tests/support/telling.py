"""A product's answer, told from the shirt's documents as published: fetched, examined, put together."""

from certweave.product.address import ProductAddress
from certweave.product.answer import ProductAnswer, Tone
from certweave.product.pieces import Piece, references_of
from certweave.product.tell import tell_product
from certweave.trust.policy import Policy
from tests.support.shirt import ADDRESS, HOST, Shirt


def gather(shirt: Shirt, policy: Policy) -> tuple[Piece, list[Piece]]:
    """Return the passport and all that can be found from it."""
    passport = _piece(shirt, shirt.url("passport"), policy)
    found: dict[str, Piece] = {}
    todo = list(references_of(passport.document))
    while todo:
        url = todo.pop().url
        if url not in found:
            found[url] = _piece(shirt, url, policy)
            todo += references_of(found[url].document)
    return passport, list(found.values())


def tell(shirt: Shirt, *, policy: Policy | None = None, found: ProductAddress = ADDRESS) -> ProductAnswer:
    """Return the answer to the shirt's code under the shopper's policy or another one.

    ``found`` is the address at which its passport was found.
    """
    policy = policy or shirt.policy
    passport, pieces = gather(shirt, policy)
    return tell_product(ADDRESS, passport, pieces, host=HOST, found=found, now=shirt.world.clock)


def keys(answer: ProductAnswer) -> list[str]:
    """Return what every claim comes to."""
    return [claim.standing.key for claim in answer.claims]


def tones(answer: ProductAnswer) -> list[Tone]:
    """Return the tone of each of the four answers."""
    return [item.tone for item in answer.questions]


def sentences(answer: ProductAnswer) -> list[list[str]]:
    """Return the sentences of each of the four answers."""
    return [[sentence.key for sentence in question.sentences] for question in answer.questions]


def _piece(shirt: Shirt, url: str, policy: Policy) -> Piece:
    host = url.split("/")[2]
    content = shirt.world.documents.get(url)
    if content is None or {host, url} & shirt.world.down:
        return Piece(url, None, reason="no answer in 5 s")
    return Piece(url, shirt.world.examine(content, policy=policy), content)
