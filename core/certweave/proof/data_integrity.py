"""Embedded proofs: sets and chains of them, verifying and making them.

Follows Verifiable Credential Data Integrity 1.0 (https://www.w3.org/TR/vc-data-integrity/): §4.2 to §4.5
adding and verifying, §2.1.2 chains. The members of one proof are in proof_members.py, the suites in modules
of their own. Whose key it is, and whether it may be used for the purpose, is decided in examine.
"""

from collections.abc import Sequence
from datetime import datetime

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    MalformedProofError,
    UndecidedError,
    UnsupportedError,
)
from certweave.keys.model import PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.proof_members import Proof, check_claims, parse_proof, texts_of
from certweave.proof.suites.registry import get_suite, jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND, TYPE, Around, Hiding, Suite
from certweave.timestamps import format_timestamp


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
        proofs = tuple(parse_proof(one, join("/proof", index)) for index, one in enumerate(found))
    else:
        proofs = (parse_proof(found, "/proof"),)
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


def check_showable(document: JsonObject, *, limits: Limits) -> None:
    """Check that whoever holds a credential may show its proofs: it knows each, and none is a base proof.

    Raises:
        UnsupportedError: an unknown suite (``suite_unsupported``).
        InvalidError: a base proof, which is for the holder alone (``sd_base_proof``).
        MalformedProofError: there is no proof, or one cannot be read.
    """
    for proof in parse_proofs(document, limits=limits)[1]:
        _require_known(proof)
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
    if "proof" not in verified:
        return verified
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
        InvalidError: a previous proof does not exist, ``proof_id`` is taken, the key does not fit the suite,
            or the suite refuses what JSON-LD would drop.
        MalformedError: the document has no canonical form, ``proof_id`` is no URL, or a text is empty.
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
    check_claims(options, "/proof")
    document = _with_context(document, suite)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    existing = _existing(document)
    proof = suite.create(
        _with_previous(unsecured, _find_matching(existing, options)), options, signer, around, hiding
    )
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


def _find_matching(existing: list[JsonObject], options: JsonObject) -> list[JsonObject]:
    """§4.3 steps 4 and 5: return the proofs that a new one builds on, and check that its id is its own."""
    if "id" in options and any(raw.get("id") == options["id"] for raw in existing):
        raise InvalidError("another proof has this id already", code="proof_id_repeated", path="/proof/id")
    names = texts_of(options, "previousProof", "/proof")
    matching = [raw for raw in existing if raw.get("id") in names]
    missing = set(names) - {raw.get("id") for raw in matching}
    if missing:
        detail = f"there is no proof {min(missing)[:80]!a} to build on"
        raise InvalidError(detail, code="previous_proof_missing", path="/proof")
    return matching


def _with_previous(unsecured: JsonObject, matching: list[JsonObject]) -> JsonObject:
    # §4.3 step 6 and §4.5 step 3.3. The text sets an empty list where nothing matches; for suites that
    # canonicalise JSON this would differ from the published vectors of a single proof, so we set none.
    return {**unsecured, "proof": matching} if matching else unsecured


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
