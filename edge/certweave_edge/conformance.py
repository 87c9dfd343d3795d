"""What test suites need and nobody else should have: keys that sign for anybody, and a context of every word.

The context of examples (https://www.w3.org/ns/credentials/examples/v2) is a ``@vocab`` and nothing
else. So it is pinned only where the setting ``conformance`` is on, which production refuses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError, UnsupportedError
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
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


@dataclass(frozen=True, slots=True)
class Bench:
    """Somebody with a did:key who signs in one way, ``suite``, under an address with that ``name``."""

    name: str
    suite: str
    signer: KeySigner

    @property
    def did(self) -> str:
        """Who it is."""
        return make_did_key(self.signer.public)

    def to_json(self) -> JsonObject:
        """Return it as it is listed."""
        return {"name": self.name, "suite": self.suite, "key": self.signer.algorithm.value, "id": self.did}


def make_benches(
    ways: Mapping[str, Sequence[Algorithm]], *, entropy: Callable[[int], bytes]
) -> Iterator[Bench]:
    """Yield somebody with a new key for each way and each kind of key that it works with.

    The name is that of the way in small letters, with the curve where there is a choice. Kinds of key of
    which the library, an extra, is not installed are left out.
    """
    for way, algorithms in ways.items():
        for algorithm in algorithms:
            try:
                private = _make_key(algorithm, entropy)
            except UnsupportedError:
                continue
            curve = algorithm.value.lower().replace("-", "")
            name = way.lower().replace("+", "-")
            signer = KeySigner(make_did_key_method(private.public), private)
            yield Bench(name if len(algorithms) == 1 else f"{name}-{curve}", way, signer)


def _make_key(algorithm: Algorithm, entropy: Callable[[int], bytes]) -> PrivateKey:
    while True:
        try:
            return PrivateKey(algorithm, entropy(_KEY_BYTES.get(algorithm, 32)))
        except MalformedError:
            continue  # a number beyond the order of the curve, about once in 2^32


_KEY_BYTES: Final[Mapping[str, int]] = {"P-384": 48}
"""Bytes of a private key; 32 where nothing else is said."""
