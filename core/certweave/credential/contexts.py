"""The JSON-LD contexts that this project knows, each pinned by the digest of its RFC 8785 form.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) lets a URL decide what a signed member means; so no context is
taken from the network, and a document that is not the pinned one is refused. Documents arrive as arguments;
only UNTP's is made here, from our models. The W3C ones come with the JSON-LD library.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from certweave.canon.jcs import canonicalize
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, UndecidedError

_PINNED = """\
7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305 https://w3id.org/security/data-integrity/v2
38dd329a9a011facda06afc4ba43a121980eaedbd1f974268026d157926bc086 https://w3id.org/security/jwk/v1
be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc https://w3id.org/security/multikey/v1
fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691 https://w3id.org/security/suites/ed25519-2020/v1
eed16334842a5635257913b33acd1aeee29009eb188d855f9a1d0ceee4a8ae4d https://w3id.org/security/suites/jws-2020/v1
d87de2ce3ce407bcac481f8af31e211e54beb5cbd7dd459826ed0502302ee234 https://w3id.org/security/v1
38a9ef19cf3a75bf856202bd1ed4cbd55c985ad4a809eb7f4ef584ba9d51dc90 https://w3id.org/security/v2
b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247 https://www.w3.org/2018/credentials/v1
9fc257da5b37784ca2b07c3ad666f5ff9beea846a360ddd229fd0b44972015c8 https://www.w3.org/ns/cid/v1
b2fcebfbaf4e6beae2be370fda8a5f9f99c28540c798a75a8cdccc0fb1a12492 https://www.w3.org/ns/credentials/status/v1
b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf https://www.w3.org/ns/credentials/v2
a7e146c40fcec005d3f0f14ae745665f446da58d7914a9d8f733746686fad82b https://www.w3.org/ns/did/v1
3c0f6d7e6fdd4e54fc167c98a8ae232739c582fab845522bf81e7c67c881714f https://vocabulary.uncefact.org/untp/0.7.0/context/
46719eafd0ce71ed18c6c62c148a795006acf9c3019cf205aed69aa85648ac1a https://certweave.example/ns/v1/context.jsonld
"""

PINS: Mapping[str, str] = MappingProxyType(
    {url: digest for digest, url in (line.split() for line in _PINNED.splitlines())}
)
"""SHA-256 of the RFC 8785 form, in hexadecimal, by URL."""

PUBLISHED: Mapping[str, str] = MappingProxyType(
    {
        "https://www.w3.org/ns/credentials/v2": (
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
        )
    }
)
"""SHA-256 of the bytes as published (VCDM 2.0, Appendix B.1), in hexadecimal, by URL."""


def digest_context(document: JsonObject) -> str:
    """Return the SHA-256 of a context document's RFC 8785 form, in hexadecimal."""
    return hashlib.sha256(canonicalize(document)).hexdigest()


@dataclass(frozen=True, slots=True)
class ContextStore:
    """Pinned contexts by URL. Make one with ``from_documents``; treat what ``get`` returns as read-only.

    Attributes:
        documents: context documents by URL.
        digest: one digest over all pins; two stores that answer alike have the same.
        raw_digests: SHA-256 of the bytes as published, where known (for ``relatedResource``).
    """

    documents: Mapping[str, JsonObject]
    digest: str
    raw_digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_documents(
        cls,
        documents: Mapping[str, JsonObject],
        *,
        extra: Mapping[str, str] | None = None,
        raw_digests: Mapping[str, str] | None = None,
    ) -> "ContextStore":
        """Return a store of the given documents and UNTP's own.

        Args:
            documents: context documents by URL.
            extra: further pins, digest by URL; they cannot replace a built-in one.
            raw_digests: SHA-256 of the published bytes, by URL.

        Raises:
            InvalidError: ``context_pin`` where a document has no pin or is not the one that is pinned.
        """
        pins = {**(extra or {}), **PINS}
        given = {url: document for url, document in documents.items() if url != UNTP_CONTEXT}
        found = {UNTP_CONTEXT: PINS[UNTP_CONTEXT]}
        for url, document in given.items():
            found[url] = digest_context(document)
            if pins.get(url) != found[url]:
                raise _not_pinned(url)
        return cls(
            _WithUntp(given),
            _digest_all(found),
            MappingProxyType({**(raw_digests or {}), **PUBLISHED}),
        )

    def knows(self, url: str) -> bool:
        """Tell whether a context is pinned."""
        return url in self.documents

    def get(self, url: str) -> JsonObject:
        """Return a context document.

        Raises:
            UndecidedError: ``context_unpinned`` (cause ``unsupported``) where it is not pinned.
        """
        if url not in self.documents:
            raise UndecidedError(
                f"the context {url} is not pinned here", code="context_unpinned", cause=Cause.UNSUPPORTED
            )
        return self.documents[url]

    def plus(self, url: str, document: JsonObject) -> "ContextStore":
        """Return a store that knows one context more; the caller vouches for it.

        Raises:
            InvalidError: ``context_pin`` where the URL is pinned to another document, or it is no context.
        """
        if "@context" not in document:
            raise InvalidError(f"{url} is not a context document", code="context_pin")
        digest = digest_context(document)
        pinned = PINS.get(url) or (digest_context(self.documents[url]) if url in self.documents else digest)
        if pinned != digest:
            raise InvalidError(f"{url} is pinned to another document", code="context_pin")
        known = {**self.documents, url: document}
        digests = {known_url: digest_context(known[known_url]) for known_url in known}
        return ContextStore(MappingProxyType(known), _digest_all(digests), self.raw_digests)


class _WithUntp(Mapping[str, JsonObject]):
    """Context documents with UNTP's own, which is made, and held against its pin, when it is asked for."""

    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        self._documents = dict(documents)
        self._urls = (*documents, UNTP_CONTEXT)

    def __getitem__(self, url: str) -> JsonObject:
        if url == UNTP_CONTEXT and url not in self._documents:
            self._documents[url] = _make_untp()
        return self._documents[url]

    def __contains__(self, url: object) -> bool:
        return url in self._urls

    def __iter__(self) -> Iterator[str]:
        return iter(self._urls)

    def __len__(self) -> int:
        return len(self._urls)


def _make_untp() -> JsonObject:
    # Reads the shapes of UNTP's classes, which most documents do not need.
    from certweave.credential.untp.context import make_untp_context

    made = make_untp_context()
    if digest_context(made) != PINS[UNTP_CONTEXT]:  # pragma: no cover - only where the models were changed
        raise _not_pinned(UNTP_CONTEXT)
    return made


def _not_pinned(url: str) -> InvalidError:
    return InvalidError(f"{url} is not the pinned context", code="context_pin")


def _digest_all(digests: Mapping[str, str]) -> str:
    lines = "".join(f"{url} {digests[url]}\n" for url in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()
