"""Which suites there are, what is asked of each, and the file by which all of them find us.

A suite of W3C reads ``localConfig.cjs`` in its own folder: implementations with their addresses, chosen by
tags (https://github.com/w3c/vc-test-suite-implementations). One such file does for all suites.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

NAME: Final = "Certweave"
CONFIG: Final = "localConfig.cjs"


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite: its folder, the least number of tests that have to pass, and why others fail, by place."""

    folder: str
    bar: int
    known: Mapping[str, str] = field(default_factory=dict)


_OLD_DIGEST: Final = (
    "the digests that it calls right are those of a context revision of before the Recommendation; "
    "compared with the published one, as the specification wants, they are wrong"
)
_OTHER_KEY: Final = (
    "the credential that it calls valid names one did:key as its issuer and is signed by another; "
    "nothing says that the issuer signed it"
)

SUITES: Final = (
    Suite("vc-data-model-2.0-test-suite", 64, {"tests/5-advanced-concepts.js#2": _OLD_DIGEST}),
    Suite("vc-di-eddsa-test-suite", 57),
    Suite("vc-di-ecdsa-test-suite", 130),
    Suite("vc-di-bbs-test-suite", 80),
    Suite("vc-bitstring-status-list-test-suite", 19),
    Suite("vc-di-ed25519signature2020-test-suite", 29, {"tests/20-verify.js#11": _OTHER_KEY}),
    Suite("vc-api-issuer-test-suite", 13),
    Suite("vc-api-verifier-test-suite", 18),
    Suite("did-resolution-mocha-test-suite", 29),
)

TAGS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "eddsa-rdfc-2022": ("eddsa-rdfc-2022", "vc2.0"),
        "eddsa-jcs-2022": ("eddsa-jcs-2022",),
        "ecdsa-rdfc-2019": ("ecdsa-rdfc-2019",),
        "ecdsa-jcs-2019": ("ecdsa-jcs-2019",),
        "ecdsa-sd-2023": ("ecdsa-sd-2023",),
        "bbs-2023": ("bbs-2023",),
        "Ed25519Signature2020": ("Ed25519Signature2020", "vc-api"),
        "vc+jwt": ("EnvelopingProof",),
        "vc+sd-jwt": (),  # no suite asks for these two over HTTP
        "vc+cose": (),
    }
)
"""A suite of ours → the tags under which test suites look for its issuers and verifiers."""
STATUS: Final = ("BitstringStatusList",)
"""The tags of the issuer that is named ``bitstring``, whatever its suite."""

_SUPPORTS: Final = {"vc": ["1.1", "2.0"]}
_EVERY_TAG: Final = (*(tag for tags in TAGS.values() for tag in tags), *STATUS)


def make_config(base: str, issuers: Sequence[Mapping[str, str]]) -> str:
    """Return the text of ``localConfig.cjs``; ``issuers`` is what ``{base}/issuer/conformance`` lists."""
    found = [_issuer(base, one) for one in issuers]
    verifiers = [_endpoint(f"{base}/verifier/conformance/credentials/verify", tag) for tag in _EVERY_TAG]
    implementation = {
        "name": NAME,
        "implementation": NAME,
        "issuers": found,
        "verifiers": verifiers,
        "vpVerifiers": [
            _endpoint(f"{base}/verifier/conformance/presentations/verify", tag)
            for tag in ("vc2.0", "EnvelopingProof")
        ],
        "didResolvers": [
            {
                "id": "urn:uuid:6f1ed002-ab41-43f4-a2a6-0c1b2d3e4f51",
                "endpoint": f"{base}/ledger/1.0/identifiers",
                "tags": ["did-resolution"],
                "supportedDids": {"valid": [{"did": issuers[0]["id"], "resolutionOptions": {}}]},
            }
        ],
        "vcHolders": [
            {
                "id": "urn:uuid:6f1ed002-ab41-43f4-a2a6-0c1b2d3e4f50",
                "endpoint": f"{base}/wallet/conformance/credentials/derive",
                "tags": ["vcHolder", "ecdsa-sd-2023", "bbs-2023"],
            }
        ],
    }
    settings = {"enableInteropTests": False, "testAllImplementations": False}
    config = {"settings": settings, "implementations": [implementation]}
    return f"module.exports = {json.dumps(config, indent=2)};\n"


def _issuer(base: str, one: Mapping[str, str]) -> dict[str, Any]:
    name = one["name"]
    return {
        "id": one["id"],
        "endpoint": f"{base}/issuer/conformance/{name}/credentials/issue",
        "tags": list(STATUS if name == "bitstring" else TAGS.get(one["suite"], ())),
        "supportedEcdsaKeyTypes": [one["key"]],
        "supports": _SUPPORTS,
    }


def _endpoint(address: str, tag: str) -> dict[str, Any]:
    curves = ["P-256"] if tag == "ecdsa-sd-2023" else ["P-256", "P-384"]
    return {
        "id": "did:example:verifier",
        "endpoint": address,
        "tags": [tag],
        "supportedEcdsaKeyTypes": curves,
        "supports": _SUPPORTS,
    }


def find_suites(folder: Path) -> list[tuple[Suite, Path]]:
    """Return the suites that lie in a folder, with their places."""
    return [(suite, folder / suite.folder) for suite in SUITES if (folder / suite.folder).is_dir()]
