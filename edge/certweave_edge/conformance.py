"""What test suites need and nobody else should have: a context that gives a meaning to every word.

The context of examples (https://www.w3.org/ns/credentials/examples/v2) is a ``@vocab`` and nothing
else. So it is pinned only where the setting ``conformance`` is on, which production refuses.
"""

from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave_edge.settings_base import BaseSettings, Environment

EXAMPLES: Final = {
    "https://www.w3.org/ns/credentials/examples/v2": "https://www.w3.org/ns/credentials/examples#",
}
"""Context of examples → the vocabulary to which all its terms belong."""


def with_examples(contexts: ContextStore) -> ContextStore:
    """Return the store with the contexts of examples; an operator's own pin of the same URL stays."""
    for url, vocabulary in EXAMPLES.items():
        if not contexts.knows(url):
            document: JsonObject = {"@context": {"@vocab": vocabulary}}
            contexts = contexts.plus(url, document)
    return contexts


def check_conformance(settings: BaseSettings) -> None:
    """Check that a part for test suites may be opened here.

    Raises:
        InvalidError: ``setting_conformance``: it was not asked for, or this is production.
    """
    if not settings.conformance or settings.environment is Environment.PRODUCTION:
        detail = "issuers that sign for anybody are not for production"
        raise InvalidError(detail, code="setting_conformance")
