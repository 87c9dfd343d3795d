"""Every way to secure a presentation, in one table, and what a holder checks before one is signed.

VCDM 2.0 §4.13 (https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations), Data Integrity 1.0 and
VC-JOSE-COSE 1.0. VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/), Unknown Proof Types: a holder shows no proof
that it does not know, and never a base proof. Whether what is shown holds is for those who look at it.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.canon.rdf import to_quads
from certweave.credential.contexts import ContextStore
from certweave.credential.renamed import check_names
from certweave.credential.shapes import objects_of
from certweave.credential.terms import check_terms_generic
from certweave.credential.vcdm import Version, check_presentation, find_version
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError, UnsupportedError
from certweave.keys.entropy import Entropy
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner
from certweave.limits import Limits
from certweave.proof.data_integrity import add_proof, check_showable
from certweave.proof.sd_jwt.vc_sd_jwt import sign_presentation_sd_jwt
from certweave.proof.suites.registry import SUITES, get_suite
from certweave.proof.suites.suite import Around
from certweave.proof.vc_cose import (
    envelope_cose,
    is_cose_envelope,
    open_cose_envelope,
    sign_presentation_cose,
)
from certweave.proof.vc_jwt import check_envelope, envelope, is_envelope, open_envelope, sign_presentation_jwt

VP_JWT: Final = "vp+jwt"
VP_SD_JWT: Final = "vp+sd-jwt"
VP_COSE: Final = "vp+cose"
PRESENTING: Final[Mapping[str, tuple[Algorithm, ...]]] = MappingProxyType(
    {
        **{suite.name: suite.algorithms for suite in SUITES.values() if not suite.selective},
        **dict.fromkeys((VP_JWT, VP_SD_JWT, VP_COSE), JWS_ALGORITHMS),
    }
)
"""Way → kinds of key. Suites of selective disclosure are not among them: their proofs are for holders."""
_JUDGED_APART: Final = frozenset(("verifiableCredential", "proof"))


def check_presentable(document: JsonObject, *, contexts: ContextStore, limits: Limits) -> None:
    """Check the model of a presentation, its terms, and that each credential in it may be shown.

    Raises:
        MalformedError, InvalidError, UndecidedError: the first thing that a rule refuses;
            ``proof_given`` where it is signed already, ``sd_base_proof`` where a base proof would be shown.
    """
    if "proof" in document:
        raise InvalidError("it is signed already", code="proof_given", path="/proof")
    check_presentation(document)
    around = {name: value for name, value in document.items() if name not in _JUDGED_APART}
    check_terms_generic(around, contexts=contexts)
    check_names(around, contexts=contexts, limits=limits)
    to_quads(around, contexts=contexts, limits=limits)
    parse_object(canonicalize(document), limits=limits)  # what is signed can be read
    for path, credential in objects_of(document, "verifiableCredential"):
        try:
            _check_shown(credential, limits)
        except CertweaveError as error:
            error.path = path + (error.path or "")
            raise


def secure_presentation(
    document: JsonObject,
    signer: KeySigner,
    *,
    way: str,
    contexts: ContextStore,
    limits: Limits,
    now: datetime,
    entropy: Entropy,
    audience: str | None,
    nonce: str | None,
) -> JsonObject:
    """Secure a presentation for one audience and one nonce; ``way`` is a name of ``PRESENTING``.

    Returns:
        The presentation with a proof inside, or the envelope of a token or message (VCDM 2.0 §4.13).

    Raises:
        UnsupportedError: there is no such way (``suite_unsupported``).
        InvalidError: the key does not fit (``suite_key_mismatch``), or the model does not (``model_unfit``).
        MalformedError, InvalidError, UndecidedError: as ``check_presentable``.
    """
    _check_way(way, signer)
    check_presentable(document, contexts=contexts, limits=limits)
    if way in SUITES:
        return add_proof(
            document,
            signer,
            suite=get_suite(way),
            around=Around(contexts, limits),
            created=now,
            purpose="authentication",
            challenge=nonce,
            domain=audience,
        )
    if find_version(document) is Version.V1_1:
        detail = "tokens and messages secure presentations of VCDM 2.0; this one is of VCDM 1.1"
        raise InvalidError(detail, code="model_unfit", path="/@context/0")
    if way == VP_COSE:
        message = sign_presentation_cose(document, signer, issued_at=now, audience=audience, nonce=nonce)
        return envelope_cose(message, presentation=True)
    if way == VP_SD_JWT:
        token = sign_presentation_sd_jwt(
            document, signer, issued_at=now, audience=audience, nonce=nonce, entropy=entropy
        )
    else:
        token = sign_presentation_jwt(document, signer, issued_at=now, audience=audience, nonce=nonce)
    return envelope(token, presentation=True)


def _check_way(way: str, signer: KeySigner) -> None:
    if way not in PRESENTING:
        detail = f"there is no way {way[:60]!a} to secure a presentation"
        raise UnsupportedError(detail, code="suite_unsupported")
    if signer.algorithm not in PRESENTING[way]:
        detail = f"{way} does not work with a key for {signer.algorithm.value}"
        raise InvalidError(detail, code="suite_key_mismatch")


def _check_shown(credential: JsonObject, limits: Limits) -> None:
    if not is_envelope(credential):
        if "proof" not in credential:
            detail = "nothing secures this: there is no proof, and it is in no envelope"
            raise InvalidError(detail, code="proof_missing", path="/proof")
        check_showable(credential, limits=limits)
        return
    check_envelope(credential)
    if is_cose_envelope(credential):
        open_cose_envelope(credential)
    else:
        open_envelope(credential)
