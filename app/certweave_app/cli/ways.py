"""The ways to secure a credential that ``certweave issue`` offers: one table, tokens first, then suites."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suite import Around, Hiding, Suite
from certweave.proof.suites import SUITES
from certweave.proof.vc_cose import envelope_cose, sign_credential_cose
from certweave.proof.vc_jwt import envelope, sign_credential_jwt


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be secured, and with what.

    Attributes:
        document: the credential, with its issuer.
        signer: the key and the name of its verification method.
        contexts: the pinned contexts.
        now: the time of signing.
        entropy: the source of random bytes, for salts and blinding.
        pointers: JSON Pointers: what the way's ``pointers`` says.
    """

    document: JsonObject
    signer: KeySigner
    contexts: ContextStore
    now: datetime
    entropy: Callable[[int], bytes]
    pointers: tuple[str, ...] = ()


Secured = JsonObject | str | bytes


@dataclass(frozen=True, slots=True)
class Way:
    """One way to secure a credential.

    Attributes:
        name: what ``--secure`` takes.
        algorithms: the kinds of key that it works with.
        make: secures; returns an object, a token or a message.
        envelop: puts the token or message into its JSON envelope; None for embedded proofs.
        pointers: the option whose JSON Pointers it understands, or None.
    """

    name: str
    algorithms: tuple[Algorithm, ...]
    make: Callable[[Order], Secured]
    envelop: Callable[[Secured], JsonObject] | None = None
    pointers: str | None = None


def _embedded(suite: Suite) -> Way:
    def make(order: Order) -> JsonObject:
        return add_proof(
            order.document,
            order.signer,
            suite=suite,
            around=Around(order.contexts, DEFAULT_LIMITS),
            created=order.now,
            purpose="assertionMethod",
            hiding=Hiding(order.entropy, order.pointers) if suite.selective else None,
        )

    return Way(suite.name, suite.algorithms, make, pointers="--mandatory" if suite.selective else None)


def _sign_jwt(order: Order) -> str:
    return sign_credential_jwt(order.document, order.signer, issued_at=order.now)


def _sign_cose(order: Order) -> bytes:
    return sign_credential_cose(order.document, order.signer, issued_at=order.now)


def _envelop(secured: Secured) -> JsonObject:
    if isinstance(secured, bytes):
        return envelope_cose(secured)
    return envelope(secured) if isinstance(secured, str) else secured


JWT: Final = "vc+jwt"
WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        way.name: way
        for way in (
            Way(JWT, JWS_ALGORITHMS, _sign_jwt, _envelop),
            Way("vc+cose", JWS_ALGORITHMS, _sign_cose, _envelop),
            *(_embedded(suite) for suite in SUITES.values()),
        )
    }
)
"""Every way by its name, in the order in which help shows them."""
