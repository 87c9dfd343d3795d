"""The JSON of what a holder of ``bbs-2023`` keeps, and of what it sends to an issuer.

No specification has such forms; members are named as in the test vectors of VC-DI-BBS
(https://www.w3.org/TR/vc-di-bbs/#test-vectors), and bytes are hexadecimal, as there. An issuer's own
``signer_nym_entropy`` is no part of what a holder sends, who could otherwise choose it.
"""

from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.proof.suites.bbs_2023_features import HolderSecrets, parse_feature
from certweave.proof.suites.suite import Commitment


def commitment_json(commitment: Commitment) -> JsonObject:
    """Return what a holder sends."""
    return {"featureOption": str(commitment.feature), "commitmentWithProof": commitment.with_proof.hex()}


def parse_commitment(value: JsonObject) -> Commitment:
    """Read what a holder sent; whether the commitment holds is found when it is signed.

    Raises:
        MalformedError: another member than it has, one is missing, or of another form
            (``commitment_malformed``).
        InvalidError: there is no such feature (``bbs_feature``).
    """
    code = "commitment_malformed"
    if value.keys() != {"featureOption", "commitmentWithProof"}:
        detail = "a commitment is an object with featureOption and commitmentWithProof"
        raise MalformedError(detail, code=code)
    feature = value["featureOption"]
    if not isinstance(feature, str):
        raise MalformedError("featureOption is a text", code=code, path="/featureOption")
    return Commitment(parse_feature(feature), _read_bytes(value, "commitmentWithProof", code))


def secrets_json(secrets: HolderSecrets) -> JsonObject:
    """Return what a holder keeps, in the clear: for a file that nobody else reads."""
    found: JsonObject = {"secretProverBlind": secrets.secret_prover_blind.hex()}
    if secrets.holder_secret is not None:
        found["holderSecret"] = secrets.holder_secret.hex()
    if secrets.prover_nym is not None:
        found["proverNym"] = secrets.prover_nym.hex()
    return found


def parse_secrets(value: JsonObject) -> HolderSecrets:
    """Read what a holder kept.

    Raises:
        MalformedError: another member than it has, one is missing, or of another form
            (``holder_secrets_malformed``, ``nym_malformed``).
    """
    code = "holder_secrets_malformed"
    if not {"secretProverBlind"} <= value.keys() <= {"secretProverBlind", "holderSecret", "proverNym"}:
        detail = "a holder's secrets are an object with secretProverBlind, holderSecret and proverNym"
        raise MalformedError(detail, code=code)
    return HolderSecrets(
        _read_bytes(value, "secretProverBlind", code),
        _read_bytes(value, "holderSecret", code) if "holderSecret" in value else None,
        _read_bytes(value, "proverNym", code) if "proverNym" in value else None,
    )


def _read_bytes(value: JsonObject, name: str, code: str) -> bytes:
    text = value[name]
    try:
        found = bytes.fromhex(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.hex() != text:
        raise MalformedError(f"{name} is not hexadecimal", code=code, path=f"/{name}")
    return found
