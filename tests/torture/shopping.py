"""The shopper's page: a signed document of a product says anything that the data model allows.

Its makers are no friends: whoever may sign a passport or a certificate may write what they like into it. The
page must not break, whatever that is; what it says is for other tests.
"""

import json
from dataclasses import replace
from functools import cache
from typing import Final

from certweave.credential.vcdm import check_credential
from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS as LIMITS
from certweave.product.pieces import Piece
from certweave.product.tell import tell_product
from tests.support.shirt import ADDRESS, HOST, Shirt
from tests.support.telling import gather

TOLD: Final = ("passport", "organic", "laboratory", "deal-yarn", "event-dyeing")
"""The documents that are mutated, by their names behind the shirt."""


@cache
def _shirt() -> tuple[Shirt, dict[str, Piece]]:
    shirt = Shirt().publish()
    passport, pieces = gather(shirt, shirt.policy)
    return shirt, {piece.url.rpartition("/")[2]: piece for piece in (passport, *pieces)}


def documents() -> dict[str, bytes]:
    """Return the honest documents, unsigned."""
    return {name: json.dumps(_shirt()[1][name].document).encode() for name in TOLD}


def tell(name: str, data: bytes) -> None:
    """Tell of the shirt with another document in the place of one."""
    document = parse_object(data, limits=LIMITS)
    check_credential(document)
    shirt, pieces = _shirt()
    report = pieces[name].report
    if report is not None:
        pieces = {**pieces, name: replace(pieces[name], report=report._replace(document=document))}
    passport, *others = pieces.values()
    answer = tell_product(ADDRESS, passport, others, host=HOST, found=ADDRESS, now=shirt.world.clock)
    json.dumps(answer.to_json())
