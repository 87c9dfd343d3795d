"""Deriving: from a credential that lets its holder choose, one that shows what the holder chose.

Verifiable Credential Data Integrity suites of selective disclosure: ecdsa-sd-2023 (VC-DI-ECDSA v1.0 §3.6.6,
https://www.w3.org/TR/vc-di-ecdsa/#add-derived-proof-ecdsa-sd-2023) and bbs-2023 (VC-DI-BBS §3.4.6,
https://www.w3.org/TR/vc-di-bbs/#add-derived-proof-bbs-2023). Other proofs of the credential are left out:
they were made over the whole, and hold for nothing less. The issuer's signature over the options and the
mandatory part is the verifier's to check; what the base proof says of each statement is checked here.

SD-JWT (RFC 9901 §7.2, https://www.rfc-editor.org/rfc/rfc9901) with the same pointers; whether the issuer's
signature holds is the verifier's to check again, and its key binding stands in ``sd_jwt.binding``.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from certweave.credential.vcdm import check_credential
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.keys.entropy import Entropy
from certweave.limits import Limits
from certweave.proof.data_integrity import parse_proofs
from certweave.proof.proof_members import Proof
from certweave.proof.sd_jwt.issue import present_sd_jwt
from certweave.proof.sd_jwt.sd_jwt_vc import is_sd_jwt_vc
from certweave.proof.sd_jwt.token import HIDDEN, parse_sd_jwt, process_sd_jwt
from certweave.proof.suites import bbs_2023, ecdsa_sd_2023
from certweave.proof.suites.bbs_2023_features import HolderSecrets
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.sd.selection import json_pointer_to_paths
from certweave.proof.suites.suite import Around
from certweave.proof.vc_jwt import strip_claims

ALWAYS_SHOWN: Final = (
    "/issuer",
    "/issuanceDate",
    "/expirationDate",
    "/validFrom",
    "/validUntil",
    "/credentialStatus",
    "/credentialSchema",
)
"""Without these a verifier cannot judge a credential; a holder who could leave one out could hide its end."""


def find_always_shown(document: JsonObject) -> tuple[str, ...]:
    """Return the pointers of ``ALWAYS_SHOWN`` that a document has: mandatory pointers fit to start from."""
    return tuple(pointer for pointer in ALWAYS_SHOWN if pointer[1:] in document)


def derive_credential(
    document: JsonObject,
    selective_pointers: Sequence[str],
    *,
    around: Around,
    entropy: Entropy,
    presentation_header: bytes = b"",
    holder: HolderSecrets | None = None,
    nym_domain: str | None = None,
) -> JsonObject:
    """Return a credential that shows the mandatory part and what the pointers select, with a derived proof.

    Args:
        document: a credential with one base proof.
        selective_pointers: JSON Pointers (RFC 6901) into it.
        around: contexts and limits.
        entropy: returns as many random bytes as it is asked for; bbs-2023 draws from it, and two proofs must
            never get the same bytes.
        presentation_header: bytes that a proof of bbs-2023 is bound to; ecdsa-sd-2023 has no place for them.
        holder: the secrets that its holder committed to, where the base proof is bound to some (bbs-2023).
        nym_domain: whom it is shown to, where the base proof gives pseudonyms: as the verifier calls itself.

    Raises:
        InvalidError: no base proof (``sd_no_base_proof``), or more than one (``sd_base_proofs``); a pointer
            leads to nothing (``sd_pointer_unmatched``) or into what is shown as a whole only
            (``sd_pointer_partial``); secrets or a ``nym_domain`` are missing, or there for nothing
            (``holder_secrets_unfit``, ``nym_domain_unfit``); nothing is selected (``sd_nothing_selected``),
            or too little for a credential (``sd_too_little``).
        InvalidSignatureError: the base proof is not one of this document and these secrets.
        MalformedError: not a JSON Pointer (``sd_pointer``), or the proof cannot be read.
        UndecidedError: a context is not pinned, or a limit.
    """
    unsecured, proofs = parse_proofs(document, limits=around.limits)
    base = _find_base(proofs)
    if base.suite == ecdsa_sd_2023.NAME:
        if presentation_header:
            detail = "ecdsa-sd-2023 binds a proof to nothing: it has no presentation header"
            raise InvalidError(detail, code="sd_presentation_header")
        if holder is not None or nym_domain is not None:
            detail = "ecdsa-sd-2023 binds a proof to no secret of its holder"
            raise InvalidError(detail, code="holder_secrets_unfit")
        derived = ecdsa_sd_2023.add_derived_proof(
            unsecured, base.options, base.value, selective_pointers, around
        )
    else:
        derived = bbs_2023.add_derived_proof(
            unsecured,
            base.options,
            base.value,
            selective_pointers,
            around,
            presentation_header=presentation_header,
            entropy=entropy,
            holder=holder,
            nym_domain=nym_domain,
        )
    _check_whole(derived)
    return derived


def derive_sd_jwt(token: str, selective_pointers: Sequence[str], *, limits: Limits) -> str:
    """Return an SD-JWT that shows what nobody can withhold and what the pointers select.

    A pointer is one into the claims as they were issued; to an object or an array, it shows all of it. (One
    disclosure at a time, whatever is hidden inside of it: ``present_sd_jwt``.)

    Raises:
        InvalidError: a pointer leads to nothing (``sd_pointer_unmatched``); too little is selected for a
            credential (``sd_too_little``); the token bears a key binding (``key_binding_present``).
        MalformedError: not a JSON Pointer (``sd_pointer``), or no SD-JWT.
        UndecidedError: a limit, or a hash that we do not have.
    """
    processed = process_sd_jwt(parse_sd_jwt(token, limits=limits), limits=limits)
    hidden = sorted(place for place, one in processed.places.items() if one is not None)
    shown: set[str] = set()
    for pointer in dict.fromkeys(selective_pointers):
        if not _leads_somewhere(json_pointer_to_paths(pointer), processed.issued):
            detail = f"the pointer {pointer[:80]!a} leads to nothing in the document"
            raise InvalidError(detail, code="sd_pointer_unmatched")
        shown.update(_hidden_around(pointer, hidden))
    derived = present_sd_jwt(token, shown, limits=limits)
    sd_jwt = parse_sd_jwt(derived, limits=limits)
    payload = process_sd_jwt(sd_jwt, limits=limits).payload
    if not is_sd_jwt_vc(sd_jwt.jws.header, payload):
        _check_whole(strip_claims(payload))
    return derived


def _hidden_around(pointer: str, hidden: Sequence[str]) -> Iterator[str]:
    """Yield those of the sorted places that a pointer leads through or to, or that are inside of its goal."""
    place, below = pointer, f"{pointer}/"
    while place:
        found = bisect_left(hidden, place)
        if hidden[found : found + 1] == [place]:
            yield place
        place = place.rpartition("/")[0]
    for number in range(bisect_left(hidden, below), len(hidden)):
        if not hidden[number].startswith(below):
            break
        yield hidden[number]


def _leads_somewhere(steps: Sequence[str], value: object) -> bool:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step in map(str, range(len(value))):
            value = value[int(step)]
        else:
            return False
    return value is not HIDDEN


def _check_whole(derived: JsonObject) -> None:
    """Check that what is shown is a credential still, so that the holder hears it before a verifier does."""
    try:
        check_credential({name: value for name, value in derived.items() if name != "proof"})
    except (MalformedError, InvalidError) as error:
        detail = f"too little is selected for a credential: {error.detail}"
        raise InvalidError(detail, code="sd_too_little", path=error.path) from None


def _find_base(proofs: Sequence[Proof]) -> Proof:
    found = [proof for proof in proofs if proof.known and SUITES[proof.suite].selective]
    if not found:
        detail = "no proof of this credential lets a part of it be shown: it has no base proof"
        raise InvalidError(detail, code="sd_no_base_proof", path="/proof")
    if len(found) > 1:
        detail = "more than one proof of this credential lets a part of it be shown; keep one"
        raise InvalidError(detail, code="sd_base_proofs", path="/proof")
    return found[0]
