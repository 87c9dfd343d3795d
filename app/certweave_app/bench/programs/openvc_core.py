"""openvc-core, the closest peer in Python, by its one-call verification."""

import json
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from openvc import VerificationPolicy, verify_credential
from openvc.keys import Ed25519SigningKey, P256SigningKey
from openvc.multibase import encode_multibase
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from turns import gather, serve

POLICY = VerificationPolicy(require_status=False)


def signer(kind, private, prefix):
    """Return a key under its did:key, its DID and the name of its verification method."""
    text = encode_multibase(prefix + kind(private, kid="_").public_key_raw())
    did = f"did:key:{text}"
    return kind(private, kid=f"{did}#{text}"), did, f"{did}#{text}"


def ed25519_signer():
    """Return a new Ed25519 key."""
    return signer(Ed25519SigningKey, ed25519.Ed25519PrivateKey.generate(), bytes([0xED, 0x01]))


def p256_signer():
    """Return a new P-256 key."""
    return signer(P256SigningKey, ec.generate_private_key(ec.SECP256R1()), bytes([0x80, 0x24]))


def document(setup, did):
    """Return the credential with the key as its issuer."""
    issuer = setup["credential"]["issuer"]
    return {**setup["credential"], "issuer": {**issuer, "id": did} if isinstance(issuer, dict) else did}


def embedded(suite, make_signer, pyld=False):
    """Return a maker for an embedded proof."""

    def make(setup):
        key, did, method = make_signer()
        credential, extra = document(setup, did), setup["contexts"]
        options = {"signing_key": key, "verification_method": method}
        if pyld:
            options["extra_contexts"] = extra

        def issue():
            return suite.add_proof(credential, **options)

        text = json.dumps(issue())
        return issue, lambda: verify_credential(json.loads(text), policy=POLICY, extra_contexts=extra)

    return make


def token(suite):
    """Return a maker for a signed token."""

    def make(setup):
        key, did, _ = ed25519_signer()
        credential = document(setup, did)

        def issue():
            return suite.sign(credential, signing_key=key)

        secured = issue()
        return issue, lambda: verify_credential(secured, policy=POLICY)

    return make


MAKERS = {
    "vc+jwt": token(VcJwtProofSuite()),
    "eddsa-jcs-2022": embedded(EddsaJcsProofSuite(), ed25519_signer),
    "eddsa-rdfc-2022": embedded(DataIntegrityProofSuite(), ed25519_signer, pyld=True),
    "ecdsa-jcs-2019": embedded(EcdsaJcsProofSuite(), p256_signer),
    "ecdsa-rdfc-2019": embedded(EcdsaRdfcProofSuite(), p256_signer, pyld=True),
}

if __name__ == "__main__":
    serve("openvc-core", version("openvc-core"), lambda setup: gather(MAKERS, setup))
