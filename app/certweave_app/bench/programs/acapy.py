"""acapy-agent: its Ed25519Signature2020, and the stages of its eddsa-jcs-2022, with a bare key."""

import asyncio
import json
from datetime import datetime
from importlib.metadata import version

from acapy_agent.utils.multiformats import multibase, multicodec
from acapy_agent.vc.data_integrity.cryptosuites import EddsaJcs2022
from acapy_agent.vc.data_integrity.models.options import DataIntegrityProofOptions
from acapy_agent.vc.data_integrity.models.proof import DataIntegrityProof
from acapy_agent.vc.ld_proofs import Ed25519Signature2020
from acapy_agent.vc.ld_proofs.crypto.key_pair import KeyPair
from acapy_agent.vc.vc_ld.issue import issue as issue_credential
from acapy_agent.vc.vc_ld.verify import verify_credential
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from turns import gather, serve

LOOP = asyncio.new_event_loop()


class BareKey(KeyPair):
    """A key without a wallet."""

    def __init__(self):
        """Make a new key, and its did:key."""
        super().__init__()
        self._private = ed25519.Ed25519PrivateKey.generate()
        self._public = self._private.public_key()
        text = multibase.encode(multicodec.wrap("ed25519-pub", self._public.public_bytes_raw()), "base58btc")
        self.did, self.method, self.text = f"did:key:{text}", f"did:key:{text}#{text}", text

    async def sign(self, message):
        """Sign bytes."""
        return self._private.sign(message)

    async def verify(self, message, signature):
        """Tell whether a signature matches."""
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def from_verification_method(self, verification_method):
        """Return this key: there is no other."""
        return self

    @property
    def has_public_key(self):
        """Tell that there is one."""
        return True

    @property
    def public_key(self):
        """Return its bytes."""
        return self._public.public_bytes_raw()


def document(setup, did):
    """Return the credential with the key as its issuer."""
    issuer = setup["credential"]["issuer"]
    return {**setup["credential"], "issuer": {**issuer, "id": did} if isinstance(issuer, dict) else did}


def signature_2020(setup):
    """Return issuing and verifying with Ed25519Signature2020."""
    key, issued = BareKey(), datetime.fromisoformat(setup["issued"])
    method = {
        "@context": "https://w3id.org/security/suites/ed25519-2020/v1",
        "id": key.method,
        "type": "Ed25519VerificationKey2020",
        "controller": key.did,
        "publicKeyMultibase": key.text,
    }
    controller = {
        "@context": ["https://www.w3.org/ns/did/v1", method["@context"]],
        "id": key.did,
        "assertionMethod": [method],
    }
    known = {**setup["contexts"], key.method: method, key.did: controller}
    credential = document(setup, key.did)
    credential["@context"] = [*credential["@context"], method["@context"]]

    def load(url, _options=None):
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": known[url]}

    def issue():
        suite = Ed25519Signature2020(key_pair=key, verification_method=key.method, date=issued)
        return LOOP.run_until_complete(
            issue_credential(credential=dict(credential), suite=suite, document_loader=load)
        )

    text = json.dumps(issue())

    def verify():
        suite = Ed25519Signature2020(key_pair=key)
        result = LOOP.run_until_complete(
            verify_credential(credential=json.loads(text), suites=[suite], document_loader=load)
        )
        if not result.verified:
            raise ValueError(str(result.errors))

    return issue, verify


def jcs(setup):
    """Return issuing and verifying by the stages of eddsa-jcs-2022; finding the key is left out."""
    key, suite = BareKey(), EddsaJcs2022.__new__(EddsaJcs2022)
    credential = document(setup, key.did)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": key.method,
        "proofPurpose": "assertionMethod",
        "created": setup["issued"],
    }

    def digest(source):
        read = DataIntegrityProofOptions.deserialize(dict(options))
        configuration = suite.proof_configuration(DataIntegrityProof.deserialize(dict(options)))
        return suite.hashing(suite.transformation(source, read), configuration)

    def issue():
        return key._private.sign(digest(credential))

    signature, text = issue(), json.dumps(credential)
    return issue, lambda: key._public.verify(signature, digest(json.loads(text)))


if __name__ == "__main__":
    makers = {"Ed25519Signature2020": signature_2020, "eddsa-jcs-2022": jcs}
    serve("acapy-agent", version("acapy-agent"), lambda setup: gather(makers, setup))
