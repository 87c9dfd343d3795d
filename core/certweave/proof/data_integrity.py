"""Embedded proofs: their form, sets and chains of them, and making them.

Follows Verifiable Credential Data Integrity 1.0 (https://www.w3.org/TR/vc-data-integrity/): §2.1 the members
of a proof, §4.2 to §4.5 adding and verifying, §2.1.2 chains. The suites themselves are modules beside this
one. Whose key it is, and whether it may be used for the purpose, is decided in examine.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    MalformedError,
    MalformedProofError,
    UndecidedError,
    UnsupportedError,
)
from certweave.keys.model import PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.suites.registry import find_suite, get_suite, jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND, TYPE, Around, Hiding, Suite
from certweave.timestamps import format_timestamp, parse_timestamp


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


def parse_proofs(document: JsonObject, *, limits: Limits) -> tuple[JsonObject, tuple[Proof, ...]]:
    """Split a secured document into the document and its proofs, and check the form of each.

    A proof of an unknown suite is returned with ``known`` False. Every ``previousProof`` must exist, ids
    must differ, and a chain must end (§4.5).

    Raises:
        MalformedProofError: no proof at all, or one lacks a member or has one of the wrong form.
        InvalidError: the chain is broken (``previous_proof_missing``, ``proof_id_repeated``,
            ``proof_chain_loop``).
        UndecidedError: more proofs than ``limits`` allow.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    found = document.get("proof")
    if isinstance(found, list):
        if len(found) > limits.proofs:
            detail = f"the document has more than {limits.proofs} proofs"
            raise UndecidedError(detail, code="limit_proofs", path="/proof", cause=Cause.LIMIT)
        proofs = tuple(_parse_proof(one, join("/proof", index)) for index, one in enumerate(found))
    else:
        proofs = (_parse_proof(found, "/proof"),)
    if not proofs:
        raise MalformedProofError("an empty list of proofs proves nothing", code="proof_empty", path="/proof")
    _check_chain(proofs)
    return unsecured, proofs


def check_proof_options(proof: Proof, *, purpose: str, now: datetime, limits: Limits) -> None:
    """Check what a proof of a known suite says about itself (§4.4 step 5, verification contract).

    Raises:
        UnsupportedError: an unknown suite (``suite_unsupported``).
        InvalidError: made for another purpose (``proof_purpose``), in the future (``proof_from_future``),
            or no longer in force (``proof_expired``); a base proof, which is for the holder alone
            (``sd_base_proof``).
        MalformedProofError: what is inside the ``proofValue`` cannot be read.
    """
    _require_known(proof)
    if proof.purpose != purpose:
        detail = f"the proof was made for the purpose {proof.purpose[:60]!a}, not {purpose}"
        raise InvalidError(detail, code="proof_purpose", path=join(proof.path, "proofPurpose"))
    if proof.created is not None and proof.created - now > limits.clock_skew:
        detail = "the proof says that it was made in the future"
        raise InvalidError(detail, code="proof_from_future", path=join(proof.path, "created"))
    if proof.expires is not None and proof.expires <= now:
        raise InvalidError("the proof has expired", code="proof_expired", path=join(proof.path, "expires"))
    _check_value(proof, limits)


def _check_value(proof: Proof, limits: Limits) -> None:
    check = get_suite(proof.suite).check
    if check is None:
        return
    try:
        check(proof.value, limits)
    except CertweaveError as error:
        error.path = join(proof.path, "proofValue")
        raise


def verify_proof(
    unsecured: JsonObject, proof: Proof, key: PublicKey, *, all_proofs: Sequence[Proof], around: Around
) -> JsonObject:
    """Verify one proof of a set or chain (§4.5); the caller verifies those in ``previous`` as well.

    Returns:
        The document as it was signed, without any proof; its ``@context`` is that of the proof, if any.

    Raises:
        UnsupportedError: an unknown suite.
        InvalidError: a previous proof is missing, the contexts or the kind of key do not fit.
        InvalidSignatureError: the signature does not match.
        UndecidedError: the suite reads JSON-LD, and a context is not pinned.
    """
    _require_known(proof)
    bound = _with_previous(unsecured, [one.raw for one in find_previous(proof, all_proofs)])
    try:
        verified = get_suite(proof.suite).verify(bound, proof.options, proof.value, key, around)
    except CertweaveError as error:
        error.path = proof.path if error.path is None else error.path
        raise
    return {name: value for name, value in verified.items() if name != "proof"}


def find_previous(proof: Proof, all_proofs: Sequence[Proof]) -> tuple[Proof, ...]:
    """Return the proofs that ``proof`` builds on, in the order of the document.

    Raises:
        InvalidError: one of them does not exist (``previous_proof_missing``).
    """
    if not proof.previous:
        return ()
    found = tuple(one for one in all_proofs if one.id is not None and one.id in proof.previous)
    missing = set(proof.previous) - {one.id for one in found}
    if missing:
        detail = f"there is no proof {min(missing)[:80]!a}, on which this one builds"
        path = join(proof.path, "previousProof")
        raise InvalidError(detail, code="previous_proof_missing", path=path)
    return found


def add_proof(
    document: JsonObject,
    signer: Signer,
    *,
    suite: Suite,
    around: Around,
    created: datetime | None,
    purpose: str,
    challenge: str | None = None,
    domain: str | None = None,
    expires: datetime | None = None,
    proof_id: str | None = None,
    previous_proof: str | Sequence[str] | None = None,
    hiding: Hiding | None = None,
) -> JsonObject:
    """Return ``document`` with one more proof of ``suite`` (§4.2, §4.3).

    A proof that others shall build on needs a ``proof_id``, a URL; ``previous_proof`` names those that this
    one builds on. ``hiding`` is for suites of selective disclosure.

    Raises:
        InvalidError: a previous proof does not exist, the key does not fit the suite, or the suite refuses
            what JSON-LD would drop.
        MalformedError: the document has no canonical form.
        UndecidedError: the suite reads JSON-LD, and a context is not pinned.
    """
    options: JsonObject = {"type": suite.type}
    if suite.type == TYPE:
        options["cryptosuite"] = suite.name
    optional = {
        "created": format_timestamp(created) if created is not None else None,
        "verificationMethod": signer.method,
        "proofPurpose": purpose,
        "id": proof_id,
        "expires": format_timestamp(expires) if expires is not None else None,
        "challenge": challenge,
        "domain": domain,
        "previousProof": previous_proof if isinstance(previous_proof, str | None) else list(previous_proof),
    }
    options |= {name: value for name, value in optional.items() if value is not None}
    document = _with_context(document, suite)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    existing = _existing(document)
    names = _texts(options, "previousProof", "/proof")
    matching = [raw for raw in existing if raw.get("id") in names]
    missing = set(names) - {raw.get("id") for raw in matching}
    if missing:
        detail = f"there is no proof {min(missing)[:80]!a} to build on"
        raise InvalidError(detail, code="previous_proof_missing", path="/proof")
    proof = suite.create(_with_previous(unsecured, matching), options, signer, around, hiding)
    return {**unsecured, "proof": [*existing, proof] if existing else proof}


def add_jcs_proof(
    document: JsonObject,
    signer: Signer,
    *,
    created: datetime,
    purpose: str,
    challenge: str | None = None,
    domain: str | None = None,
) -> JsonObject:
    """Return ``document`` with one more proof of the suite over plain JSON that fits the key.

    For what we sign without a choice of suite: it needs no context. Raises as ``add_proof``.
    """
    return add_proof(
        document,
        signer,
        suite=jcs_suite(signer.algorithm),
        around=NOTHING_AROUND,
        created=created,
        purpose=purpose,
        challenge=challenge,
        domain=domain,
    )


def _require_known(proof: Proof) -> None:
    if not proof.known:
        detail = f"the suite {proof.suite[:60]!a} is not one we verify"
        raise UnsupportedError(detail, code="suite_unsupported", path=proof.path)


def _with_context(document: JsonObject, suite: Suite) -> JsonObject:
    """§2.4.2 Context Injection: append what gives the suite's terms a meaning, where nothing there does."""
    found = document.get("@context", [])
    known = found if isinstance(found, list) else [found]
    if not suite.contexts or any(url in known for url in suite.contexts):
        return document
    return {**document, "@context": [*known, suite.contexts[0]]}


def _existing(document: JsonObject) -> list[JsonObject]:
    found = document.get("proof", [])
    proofs = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in proofs):
        raise MalformedProofError("a proof is an object", path="/proof")
    return proofs


def _with_previous(unsecured: JsonObject, matching: list[JsonObject]) -> JsonObject:
    # §4.3 step 6 and §4.5 step 3.3. The text sets an empty list where nothing matches; for suites that
    # canonicalise JSON this would differ from the published vectors of a single proof, so we set none.
    return {**unsecured, "proof": matching} if matching else unsecured


def _parse_proof(raw: Any, path: str) -> Proof:
    if not isinstance(raw, dict) or not raw:
        raise MalformedProofError("a proof is an object, not empty", path=path)
    kind = _text(raw, "type", path)
    named = _text(raw, "cryptosuite", path) if kind == TYPE else _optional_text(raw, "cryptosuite", path)
    suite = named if kind == TYPE and named is not None else kind
    # These two bind the proofs of a chain together, so they must be right in every suite.
    name, previous = _optional_text(raw, "id", path), _texts(raw, "previousProof", path)
    if name is not None and not is_absolute_uri(name):
        raise MalformedProofError("the id of a proof is a URL", path=join(path, "id"))
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
        domains=_texts(raw, "domain", path),
        previous=previous,
    )


def _method(raw: JsonObject, path: str) -> str:
    method, place = _text(raw, "verificationMethod", path), join(path, "verificationMethod")
    if method.startswith("https://") and is_absolute_uri(method):
        detail = "the verification method is not a DID URL, and we find keys nowhere else"
        raise UnsupportedError(detail, code="method_unsupported", path=place)
    if not method.startswith("did:"):
        # Stricter than §2.1, which takes any URL: under no other does anybody find a key.
        raise MalformedProofError("the verification method is neither a DID URL nor https", path=place)
    if "#" not in method:
        raise MalformedProofError("the verification method names no key", path=place)
    return method


def _value(suite: Suite, raw: JsonObject, path: str) -> bytes:
    try:
        return suite.parse_value(_text(raw, "proofValue", path))
    except CertweaveError as error:
        if error.path is None:
            error.path = join(path, "proofValue")
        raise


def _check_chain(proofs: tuple[Proof, ...]) -> None:
    """Check that ids differ, that every previous proof exists, and that following them comes to an end."""
    names = [proof.id for proof in proofs if proof.id is not None]
    if len(set(names)) != len(names):
        raise InvalidError("two proofs have the same id", code="proof_id_repeated", path="/proof")
    waiting = {one.path: {it.path for it in find_previous(one, proofs)} for one in proofs if one.previous}
    while waiting:
        settled = {path for path, previous in waiting.items() if not previous & waiting.keys()}
        if not settled:
            raise InvalidError("proofs build on each other in a loop", code="proof_chain_loop", path="/proof")
        waiting = {path: previous for path, previous in waiting.items() if path not in settled}


def _text(raw: JsonObject, name: str, path: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedProofError(f"{name} of a proof is a text, not empty", path=join(path, name))
    return value


def _optional_text(raw: JsonObject, name: str, path: str) -> str | None:
    return _text(raw, name, path) if name in raw else None


def _texts(raw: JsonObject, name: str, path: str) -> tuple[str, ...]:
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
