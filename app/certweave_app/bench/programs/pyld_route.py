"""eddsa-rdfc-2022 as most Python projects have it: PyLD canonicalises, cryptography signs. No other check."""

import hashlib
import json
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric import ed25519
from pyld import jsonld
from turns import gather, serve


def make(setup):
    """Return issuing and verifying."""
    contexts, key = setup["contexts"], ed25519.Ed25519PrivateKey.generate()
    public, credential = key.public_key(), setup["credential"]

    def load(url, _options=None):
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": contexts[url]}

    def digest(document):
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()

    proof = {
        "@context": credential["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": setup["issued"],
        "verificationMethod": "did:key:zBench#zBench",
        "proofPurpose": "assertionMethod",
    }

    def issue():
        return key.sign(digest(proof) + digest(credential))

    signature, text = issue(), json.dumps(credential)
    return issue, lambda: public.verify(signature, digest(proof) + digest(json.loads(text)))


if __name__ == "__main__":
    serve("PyLD", version("PyLD"), lambda setup: gather({"eddsa-rdfc-2022": make}, setup))
