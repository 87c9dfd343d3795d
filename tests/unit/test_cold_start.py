"""What a verification loads, and what it leaves alone: most of the time that the command takes are imports.

``certweave bench`` measures that time (act ``start``); these are the modules it hangs on.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.certificates import extension_document
from tests.support.untp import full_document
from tests.support.ways import show, signer_for

from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.strict_json import JsonObject

FORMS = "certweave.examine.forms"
SUITES = "certweave.proof.suites"
TABLES = "certweave.canon.compiled"
SHAPES = "certweave.credential.untp.known"
DATA_INTEGRITY = "certweave.proof.data_integrity"
_EXAMINE = ("binding", "presentation", "receipts", "standing", "vouching")
_SUITES = ("bbs_2023", "ecdsa_jcs_2019", "ecdsa_rdfc_2019", "ecdsa_sd_2023", "ed25519_signature_2020")
OPTIONAL = frozenset(
    {
        *("cryptography", "httpx", "jsonschema_rs", "jwcrypto", "nacl", "pydantic", "pyld", "rfc8785"),
        *(
            "certweave.credential.json_schema",
            "certweave.credential.untp.base",
            TABLES,
            SHAPES,
            DATA_INTEGRITY,
        ),
        *(f"certweave.examine.{name}" for name in _EXAMINE),
        *(f"{FORMS}.{name}" for name in ("cose", "embedded", "jwt", "sd_jwt")),
        *(f"certweave.keys.{name}" for name in ("bbs", "ecdsa", "ed25519")),
        *(f"{SUITES}.{name}" for name in (*_SUITES, "eddsa_jcs_2022", "eddsa_rdfc_2022")),
    }
)
"""What some verifications need and others do not; more of it may come, and none may be loaded for nothing."""
ED25519 = {"certweave.keys.ed25519", "nacl"}
ECDSA = {"certweave.keys.ecdsa", "cryptography"}
EMBEDDED = {f"{FORMS}.embedded", DATA_INTEGRITY}
OVER_JSON = {f"{SUITES}.eddsa_jcs_2022"}
OVER_STATEMENTS = {TABLES, f"{SUITES}.eddsa_rdfc_2022", f"{SUITES}.eddsa_jcs_2022"}
CASES = [
    ("plain", "vc+jwt", {TABLES, f"{FORMS}.jwt"} | ED25519),
    ("plain", "vc+cose", {TABLES, f"{FORMS}.cose"} | ED25519),
    ("plain", "vc+sd-jwt", {TABLES, f"{FORMS}.sd_jwt", "certweave.examine.binding"} | ED25519),
    ("plain", "eddsa-jcs-2022", {TABLES} | EMBEDDED | OVER_JSON | ED25519),
    ("plain", "eddsa-rdfc-2022", EMBEDDED | OVER_STATEMENTS | ED25519),
    ("plain", "ecdsa-jcs-2019", {TABLES, f"{SUITES}.ecdsa_jcs_2019"} | EMBEDDED | OVER_JSON | ECDSA),
    ("passport", "vc+jwt", {SHAPES, f"{FORMS}.jwt"} | ED25519),
    ("passport", "eddsa-jcs-2022", {SHAPES} | EMBEDDED | OVER_JSON | ED25519),
    ("certificate", "vc+jwt", {SHAPES, f"{FORMS}.jwt"} | ED25519),
    ("certificate", "eddsa-rdfc-2022", {SHAPES} | EMBEDDED | OVER_STATEMENTS | ED25519),
    ("passport", "eddsa-rdfc-2022", {SHAPES} | EMBEDDED | OVER_STATEMENTS | ED25519),
]
"""Document, way of securing, and what of the above its verification loads."""


def _document(name: str, issuer: str) -> JsonObject:
    if name == "passport":
        passport = full_document("DigitalProductPassport", depth=3)
        del passport["credentialStatus"], passport["validUntil"]
        speaker = {"type": ["CredentialIssuer"], "id": issuer, "name": "Mill"}
        return passport | {"id": "https://mill.example/passports/7", "issuer": speaker}
    if name == "certificate":
        certificate = extension_document("ScopeCertificate")
        del certificate["credentialStatus"]
        return certificate | {"issuer": {**certificate["issuer"], "id": issuer}}
    return {
        "@context": [VCDM_2_CONTEXT],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "did:web:subject.example"},
    }


VERIFY = "['verify', sys.argv[1], '--at', '2026-06-02']"
PROGRAM = (
    f"import sys; from certweave_app.cli.main import main; code = main({VERIFY});"
    "print(*sys.modules, file=sys.stderr); sys.exit(code)"
)


@pytest.mark.parametrize(("name", "way", "loaded"), CASES)
def test_a_verification_loads_what_it_needs_and_no_more(
    name: str, way: str, loaded: set[str], tmp_path: Path
) -> None:
    signer = signer_for(way)
    document = _document(name, signer.method.partition("#")[0])
    path = tmp_path / "credential"
    path.write_bytes(show(document, signer, way, now=datetime(2026, 6, 1, tzinfo=UTC)))
    done = subprocess.run([sys.executable, "-c", PROGRAM, path], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("VALID"), done.stdout + done.stderr
    assert set(done.stderr.split()) & OPTIONAL == loaded


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"]], ids=" ".join)
def test_help_loads_nothing_of_all_this(arguments: list[str]) -> None:
    program = PROGRAM.replace(VERIFY, repr(arguments))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & OPTIONAL == set()
