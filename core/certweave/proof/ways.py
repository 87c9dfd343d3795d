"""Every way to secure a credential, in one table: tokens and messages first, then Data Integrity suites.

``secure_credential`` asks first whether a credential may be signed (``credential.signable``). A ``Way``
by itself does nothing but secure, for those who have asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.credential.signable import check_signable
from certweave.credential.vcdm_1_1 import CONTEXT as CONTEXT_1_1
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError
from certweave.keys.entropy import Entropy
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner, PublicKey
from certweave.limits import Limits
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import find_always_shown
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.suites.registry import JCS, SUITES
from certweave.proof.suites.suite import Around, Commitment, Hiding, Suite
from certweave.proof.vc_cose import envelope_cose, sign_credential_cose
from certweave.proof.vc_jwt import envelope, sign_credential_jwt


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be secured, and with what.

    Attributes:
        document: the credential, with its issuer.
        signer: the key and the name of its verification method.
        contexts: the pinned contexts.
        limits: bounds for canonicalisation.
        now: the time of signing.
        entropy: the source of random bytes, for salts and blinding.
        pointers: JSON Pointers: what the way's ``pointers`` says. What a verifier needs to judge a credential
            (``derive.ALWAYS_SHOWN``) is mandatory, said or not.
        holder: the key that whoever presents the credential has to prove; None where none is named. Only for
            ways that bind.
        commitment: what its holder sent, to bind it to secrets that only they know; None where nothing was.
            Only for ways that commit.
    """

    document: JsonObject
    signer: KeySigner
    contexts: ContextStore
    limits: Limits
    now: datetime
    entropy: Entropy
    pointers: tuple[str, ...] = ()
    holder: PublicKey | None = None
    commitment: Commitment | None = None


Secured = JsonObject | str | bytes
LDP_VC: Final = "ldp_vc"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to secure a credential.

    Attributes:
        name: the media type without ``application/``, or the cryptosuite.
        algorithms: the kinds of key that it works with.
        make: secures; returns an object, a token or a message.
        envelop: puts the token or message into its JSON envelope; None for embedded proofs.
        pointers: what the JSON Pointers of an order mean to it, or None: ``mandatory``, what every disclosure
            must show; ``withhold``, what the holder may keep to itself.
        format: what OpenID4VCI 1.0 (appendix A) calls it where a wallet is given one, our extensions
            included; None where nothing is said of it.
        binds: whether it can name the key of the holder.
        commits: whether it can bind to what the holder committed to.
        states: whether it signs statements, and refuses what they would leave out.
    """

    name: str
    algorithms: tuple[Algorithm, ...]
    make: Callable[[Order], Secured]
    envelop: Callable[[Secured], JsonObject] | None = None
    pointers: str | None = None
    format: str | None = None
    binds: bool = False
    commits: bool = False
    states: bool = False


def _embedded(suite: Suite) -> Way:
    def make(order: Order) -> JsonObject:
        shown = dict.fromkeys((*find_always_shown(order.document), *order.pointers))
        return add_proof(
            order.document,
            order.signer,
            suite=suite,
            around=Around(order.contexts, order.limits),
            created=order.now,
            purpose="assertionMethod",
            hiding=Hiding(order.entropy, tuple(shown), order.commitment) if suite.selective else None,
        )

    return Way(
        suite.name,
        suite.algorithms,
        make,
        pointers="mandatory" if suite.selective else None,
        # Appendix A.1.2 means suites that canonicalise RDF.
        format=None if suite.name in JCS else LDP_VC,
        commits=suite.pseudonym is not None,
        states=suite.name not in JCS,
    )


def _require_v2(order: Order) -> None:
    """VC-JOSE-COSE 1.0 §3 secures documents of VCDM 2.0; its media types promise one to every reader."""
    contexts = order.document.get("@context")
    if isinstance(contexts, list) and CONTEXT_1_1 in contexts[:1]:
        detail = "tokens and messages secure credentials of VCDM 2.0; this one is of VCDM 1.1"
        raise InvalidError(detail, code="model_unfit", path="/@context/0")


def _sign_jwt(order: Order) -> str:
    _require_v2(order)
    return sign_credential_jwt(order.document, order.signer, issued_at=order.now)


def _sign_cose(order: Order) -> bytes:
    _require_v2(order)
    return sign_credential_cose(order.document, order.signer, issued_at=order.now)


def _sign_sd_jwt(order: Order) -> str:
    _require_v2(order)
    return sign_credential_sd_jwt(
        order.document,
        order.signer,
        issued_at=order.now,
        hidden=order.pointers,
        entropy=order.entropy,
        holder=order.holder,
    )


def _envelop(secured: Secured) -> JsonObject:
    if isinstance(secured, bytes):
        return envelope_cose(secured)
    return envelope(secured) if isinstance(secured, str) else secured


JWT: Final = "vc+jwt"
SD_JWT: Final = "vc+sd-jwt"
WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        way.name: way
        for way in (
            Way(JWT, JWS_ALGORITHMS, _sign_jwt, _envelop, format=JWT),
            Way(
                SD_JWT,
                JWS_ALGORITHMS,
                _sign_sd_jwt,
                _envelop,
                pointers="withhold",
                format=SD_JWT,
                binds=True,
            ),
            Way("vc+cose", JWS_ALGORITHMS, _sign_cose, _envelop),
            *(_embedded(suite) for suite in SUITES.values()),
        )
    }
)
"""Every way by its name, in the order in which they are offered."""


def secure_credential(
    document: JsonObject,
    signer: KeySigner,
    *,
    way: str,
    contexts: ContextStore,
    limits: Limits,
    now: datetime,
    entropy: Entropy,
    pointers: tuple[str, ...] = (),
    holder: PublicKey | None = None,
    commitment: Commitment | None = None,
) -> Secured:
    """Secure a credential that may be signed; ``way`` is a name of ``WAYS``, the rest as in ``Order``.

    Returns:
        The credential with a proof inside, a compact token, or a COSE message, as the way has it.

    Raises:
        UnsupportedError: there is no such way (``suite_unsupported``), or it names no holder's key
            (``holder_unsupported``).
        InvalidError: the key does not fit (``suite_key_mismatch``), the model does not (``model_unfit``), or
            the way binds to no commitment (``commitment_unfit``), or to none that does not hold
            (``commitment_wrong``).
        MalformedError, InvalidError, UndecidedError: as ``credential.signable.check_signable``.
    """
    found = WAYS.get(way)
    if found is None:
        raise UnsupportedError(
            f"there is no way {way[:60]!a} to secure a credential", code="suite_unsupported"
        )
    if signer.algorithm not in found.algorithms:
        detail = f"{found.name} does not work with a key for {signer.algorithm.value}"
        raise InvalidError(detail, code="suite_key_mismatch")
    if holder is not None and not found.binds:
        raise UnsupportedError(f"{found.name} names no key of a holder", code="holder_unsupported")
    if commitment is not None and not found.commits:
        raise InvalidError(f"{found.name} binds to no commitment of a holder", code="commitment_unfit")
    check_signable(document, contexts=contexts, limits=limits, stated=found.states)
    order = Order(document, signer, contexts, limits, now, entropy, pointers, holder, commitment)
    return found.make(order)
