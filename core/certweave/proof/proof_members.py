"""One embedded proof: its members and their form.

Follows Verifiable Credential Data Integrity 1.0 §2.1 (https://www.w3.org/TR/vc-data-integrity/#proofs). Sets
and chains of proofs, and verifying, are in data_integrity.py. Whose key it is, is decided in examine.
"""

from datetime import datetime
from typing import Any, NamedTuple

from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, MalformedError, MalformedProofError, UnsupportedError
from certweave.proof.suites.registry import find_suite
from certweave.proof.suites.suite import TYPE, Suite
from certweave.timestamps import parse_timestamp


class Proof(NamedTuple):
    """One proof, read but not verified.

    Attributes:
        raw: the proof as it stands in the document.
        path: where it stands there.
        known: whether its suite is one that we verify; the rest is read only as far as it goes otherwise.
        suite: the name of the cryptosuite, or the type of a proof that has none.
        id: its name in a chain, or None.
        method: the verification method, a DID URL.
        purpose: for example assertionMethod.
        value: the decoded proofValue.
        created: the claimed time of signing, or None.
        expires: when the proof ends, or None.
        challenge: the answer to a request for a presentation, or None.
        domains: for whom the proof was made.
        previous: the ids of the proofs that it secures together with the document.
    """

    raw: JsonObject
    path: str
    known: bool
    suite: str
    id: str | None = None
    method: str = ""
    purpose: str = ""
    value: bytes = b""
    created: datetime | None = None
    expires: datetime | None = None
    challenge: str | None = None
    domains: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()

    @property
    def options(self) -> JsonObject:
        """The proof without its ``proofValue``: what was hashed along with the document."""
        return {name: value for name, value in self.raw.items() if name != "proofValue"}


def parse_proof(raw: Any, path: str) -> Proof:
    """Read one proof, which stands at ``path``; of an unknown suite, only what binds it to others.

    Raises:
        MalformedProofError: a member is missing or has the wrong form.
        UnsupportedError: the verification method is an https address (``method_unsupported``).
    """
    if not isinstance(raw, dict) or not raw:
        raise MalformedProofError("a proof is an object, not empty", path=path)
    kind = _text(raw, "type", path)
    named = _text(raw, "cryptosuite", path) if kind == TYPE else _optional_text(raw, "cryptosuite", path)
    suite = named if kind == TYPE and named is not None else kind
    # These two bind the proofs of a chain together, so they must be right in every suite.
    name, previous = _id(raw, path), texts_of(raw, "previousProof", path)
    found = find_suite(kind, suite)
    if found is None:
        return Proof(raw, path, known=False, suite=suite, id=name, previous=previous)
    _optional_text(raw, "nonce", path)
    if found.created_required:
        _text(raw, "created", path)
    return Proof(
        raw,
        path,
        known=True,
        suite=suite,
        id=name,
        method=_method(raw, path),
        purpose=_text(raw, "proofPurpose", path),
        value=_value(found, raw, path),
        created=_moment(raw, "created", path),
        expires=_moment(raw, "expires", path),
        challenge=_optional_text(raw, "challenge", path),
        domains=texts_of(raw, "domain", path),
        previous=previous,
    )


def check_claims(options: JsonObject, path: str) -> None:
    """Check the form of what a signer lets a proof say; the suite and the key are our own.

    Raises:
        MalformedProofError: ``id`` is no URL, or another member is not a text, or is empty.
    """
    _id(options, path)
    _text(options, "proofPurpose", path)
    _optional_text(options, "challenge", path)
    texts_of(options, "domain", path)


def _id(raw: JsonObject, path: str) -> str | None:
    name = _optional_text(raw, "id", path)
    if name is not None and not is_absolute_uri(name):
        raise MalformedProofError("the id of a proof is a URL", path=join(path, "id"))
    return name


def _method(raw: JsonObject, path: str) -> str:
    method = _text(raw, "verificationMethod", path)
    if method.startswith("did:") and "#" in method:
        return method
    place = join(path, "verificationMethod")
    if method.startswith("https://") and is_absolute_uri(method):
        detail = "the verification method is not a DID URL, and we find keys nowhere else"
        raise UnsupportedError(detail, code="method_unsupported", path=place)
    if not method.startswith("did:"):
        # Stricter than §2.1, which takes any URL: under no other does anybody find a key.
        raise MalformedProofError("the verification method is neither a DID URL nor https", path=place)
    raise MalformedProofError("the verification method names no key", path=place)


def _value(suite: Suite, raw: JsonObject, path: str) -> bytes:
    try:
        return suite.parse_value(_text(raw, "proofValue", path))
    except CertweaveError as error:
        if error.path is None:
            error.path = join(path, "proofValue")
        raise


def _text(raw: JsonObject, name: str, path: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedProofError(f"{name} of a proof is a text, not empty", path=join(path, name))
    return value


def _optional_text(raw: JsonObject, name: str, path: str) -> str | None:
    return _text(raw, name, path) if name in raw else None


def texts_of(raw: JsonObject, name: str, path: str) -> tuple[str, ...]:
    """Read a member that is a text or an array of texts; absent is empty, an empty array is not allowed."""
    if name not in raw:
        return ()
    value = raw[name]
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) and text for text in texts):
        detail = f"{name} of a proof is a text or an array of texts"
        raise MalformedProofError(detail, path=join(path, name))
    return tuple(texts)


def _moment(raw: JsonObject, name: str, path: str) -> datetime | None:
    if name not in raw:
        return None
    try:
        return parse_timestamp(raw[name])
    except MalformedError as error:
        raise MalformedProofError(f"{name} of a proof: {error.detail}", path=join(path, name)) from None
