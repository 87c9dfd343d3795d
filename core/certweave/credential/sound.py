"""Whether every term of a credential holds, told in one walk where nothing is out of the ordinary.

Says yes only where ``credential.terms`` would find nothing to refuse, and ``credential.renamed`` nothing in a
document that is not UNTP's; of a UNTP credential only where its model and our extension would not either.
What is wrong, and where, is theirs to say.
"""

from collections.abc import Callable
from functools import cache

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject


def is_sound(document: JsonObject, version: str | None, *, contexts: ContextStore) -> bool:
    """Tell whether terms certainly hold; ``version`` is that of UNTP, None where a document is not UNTP's."""
    fits = _find_plain() if version is None else _find_untp()
    return fits(document, contexts=contexts)


# What only such documents need is loaded when the first of them comes.
@cache
def _find_plain() -> Callable[..., bool]:
    from certweave.canon.known import defines_all_plainly

    return defines_all_plainly


@cache
def _find_untp() -> Callable[..., bool]:
    from certweave.credential.untp.known import fits_untp

    return fits_untp
