"""What a Data Integrity suite is to the rest: its names, its keys, and the two things that it does.

Verifiable Credential Data Integrity 1.0 §3 (https://www.w3.org/TR/vc-data-integrity/#cryptographic-suites).
Every suite is a module beside this one, a file of stages that ends with its ``SUITE``; registry.py lists all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from certweave.credential.contexts import ContextStore
from certweave.encoding.multibase import decode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedProofError, UnsupportedError
from certweave.keys.entropy import Entropy
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.limits import DEFAULT_LIMITS, Limits

TYPE: Final = "DataIntegrityProof"
"""The type of a proof that names its suite in ``cryptosuite``."""

DATA_INTEGRITY: Final = (
    "https://w3id.org/security/data-integrity/v2",
    "https://w3id.org/security/data-integrity/v1",
    "https://www.w3.org/ns/credentials/v2",
)
"""Contexts that give the terms of a DataIntegrityProof a meaning (§2.4.2; v1 is that of earlier drafts)."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What a suite may look at beside document, proof and key.

    Attributes:
        contexts: the pinned contexts, for suites over RDF.
        limits: bounds for canonicalisation and for what a proofValue holds.
        audience: who examines, as that one calls itself: a pseudonym is good for one who asks, and no other;
            None where nobody said.
    """

    contexts: ContextStore
    limits: Limits
    audience: str | None = None


NOTHING_AROUND: Final = Around(ContextStore({}, "none"), DEFAULT_LIMITS)
"""For suites over plain JSON, which look at no context: with it, a suite over RDF finds nothing pinned."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a holder sends to an issuer of ``bbs-2023``, who binds a base proof to it without seeing inside.

    Attributes:
        feature: what the holder asks for: a feature option of the suite but ``baseline``.
        with_proof: ``commitment_with_proof``.
        signer_nym_entropy: the issuer's part of the secret behind pseudonyms, a number in 32 bytes, where the
            same holder shall have the same pseudonyms again; otherwise None, and one is drawn.
    """

    feature: str
    with_proof: bytes
    signer_nym_entropy: bytes | None = None


@dataclass(frozen=True, slots=True)
class Hiding:
    """What a suite of selective disclosure is given beside, when it makes a base proof.

    Attributes:
        entropy: returns as many random bytes as it is asked for.
        mandatory_pointers: JSON Pointers to what every disclosure must show.
        commitment: what the holder sent, for the base proof to be bound to its secrets; None for none.
    """

    entropy: Entropy
    mandatory_pointers: tuple[str, ...] = ()
    commitment: Commitment | None = None


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """How a derived proof names its holder to who asked; only a proof that verifies says the truth.

    Attributes:
        name: the same each time for the one who asks, another for every other; 48 bytes.
        header: what the holder bound the proof to, such as a nonce.
    """

    name: bytes
    header: bytes

    @property
    def nonce(self) -> str | None:
        """What it was bound to, as a text; None where it is none."""
        try:
            return self.header.decode()
        except UnicodeDecodeError:
            return None


Create = Callable[[Json, Json, Signer, Around, Hiding | None], JsonObject]
Verify = Callable[[Json, Json, bytes, PublicKey, Around], JsonObject]


@dataclass(frozen=True, slots=True)
class Suite:
    """One cryptographic suite.

    Attributes:
        name: the ``cryptosuite``; of a suite that is a proof type of its own, that type.
        algorithms: the keys that it works with.
        create: takes the document without proofs (those that a chain builds on are put in), the options,
            a signer, what lies around and, for selective disclosure, ``Hiding``; returns the options with
            ``proofValue`` and what else the suite adds. Raises InvalidError ``suite_key_mismatch`` for
            another kind of key, ``term_unknown`` and others for what JSON-LD would drop.
        verify: takes the document, the options (the proof without ``proofValue``), the decoded proofValue,
            the key and what lies around; returns the document as it was signed, with the ``@context`` of
            the signature. Raises InvalidSignatureError, InvalidError, UndecidedError.
        type: the ``type`` of its proofs.
        contexts: contexts of which one must be in the document, because JSON-LD reads the proof by it; the
            first is appended where none is there. Empty for suites that look at no context.
        bases: the Multibase headers that its proofValue may have: z (base58btc), u (base64url).
        created_required: whether a proof without ``created`` is malformed.
        selective: whether ``create`` takes ``Hiding``, and makes a proof for the holder only.
        check: reads a decoded proofValue that is shown to a verifier, as far as this goes without document
            and key; raises MalformedProofError, InvalidError, UndecidedError. None where nothing is inside.
        pseudonym: reads from such a proofValue the pseudonym of its holder, if there is one; None for suites
            without pseudonyms.
    """

    name: str
    algorithms: tuple[Algorithm, ...]
    create: Create
    verify: Verify
    type: str = TYPE
    contexts: tuple[str, ...] = ()
    bases: str = "z"
    created_required: bool = False
    selective: bool = False
    check: Callable[[bytes, Limits], object] | None = None
    pseudonym: Callable[[bytes, Limits], Pseudonym | None] | None = None

    def parse_value(self, text: str) -> bytes:
        """Decode a ``proofValue``.

        Raises:
            MalformedProofError: it is not Multibase, or of a base that is not this suite's.
        """
        if not text.startswith(tuple(self.bases)):
            names = " or ".join(_BASES[base] for base in self.bases)
            raise MalformedProofError(f"the proofValue of this suite is {names} Multibase")
        return decode_multibase(text)


_BASES: Final = {"z": "base58btc", "u": "base64url"}


def require_suite(options: Json, name: str) -> None:
    """Check that proof options are those of a DataIntegrityProof of the suite ``name``.

    Stricter than the suites' texts, which join the two conditions with "and": either one being wrong means
    that the options are not the suite's.

    Raises:
        UnsupportedError: ``suite_unsupported``.
    """
    if options.get("type") != TYPE or options.get("cryptosuite") != name:
        raise UnsupportedError(f"not a {TYPE} with cryptosuite {name}", code="suite_unsupported")


def require_algorithm(algorithm: Algorithm, name: str, allowed: tuple[Algorithm, ...]) -> None:
    """Check that a key is of a kind that the suite ``name`` works with.

    Raises:
        InvalidError: ``suite_key_mismatch``.
    """
    if algorithm not in allowed:
        wanted = " or ".join(one.value for one in allowed)
        detail = f"{name} needs a key for {wanted}, not one for {algorithm.value}"
        raise InvalidError(detail, code="suite_key_mismatch")
