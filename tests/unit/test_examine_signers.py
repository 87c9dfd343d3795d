"""Which key a signature is held against, where a document names none, or a DID had several under one name."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.support.did_logs import LOCATION, private_key, signer
from tests.support.forging import Finding, finding, judge, token
from tests.support.keys import ED25519, P256, P384
from tests.support.suites import draft
from tests.support.suites import sign as sign_with
from tests.support.world import World, plain_credential

from certweave.did.syntax import Did
from certweave.did.webvh.write import MethodTemplate, create_log, make_document, rotate_log
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Kind, Need
from certweave.keys.model import KeySigner, PrivateKey
from certweave.proof.suites.registry import SUITES

ADDRESS = "https://issuer.example/"
FIRST = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"


def credential(issuer: Any) -> JsonObject:
    return {**draft(ED25519), "issuer": issuer}


def presentation(**members: Any) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        **members,
    }


@pytest.mark.parametrize(
    ("payload", "typ", "expected"),
    [
        (credential(draft(ED25519)["issuer"]), "vc+jwt", ("valid", "", "", None)),
        (credential(ADDRESS), "vc+jwt", ("undecided", "key", "method_unsupported", None)),
        (credential({"id": ADDRESS}), "vc+jwt", ("undecided", "key", "method_unsupported", None)),
        (presentation(holder=draft(ED25519)["issuer"]), "vp+jwt", ("valid", "", "", None)),
        (presentation(holder=ADDRESS), "vp+jwt", ("undecided", "key", "method_unsupported", None)),
        (presentation(), "vp+jwt", ("invalid", "key", "holder_missing", "/holder")),
        (presentation(holder={}), "vp+jwt", ("invalid", "model", "holder_malformed", "/holder/id")),
    ],
)
def test_a_token_that_names_no_key(payload: JsonObject, typ: str, expected: Finding) -> None:
    """The one key of a DID that is a key will do; there is none to be found for anybody else."""
    source = token(payload, KeySigner("", ED25519), typ=typ, kid=None)
    assert finding(judge(source)) == expected


def log_of(world: World, *keys: PrivateKey) -> str:
    """Publish a DID that had one key after the other under one name; return the method."""

    def document(key: PrivateKey, did: Did | None = None) -> JsonObject:
        return make_document(LOCATION, [MethodTemplate(key.public, fragment="k")], did=did)

    written = create_log(document(keys[0]), signer=signer(1), time=world.clock)
    for number, key in enumerate(keys[1:], start=1):
        written = rotate_log(
            written.did,
            written.log,
            signer=signer(number),
            time=world.clock + timedelta(days=number),
            update_keys=[private_key(number + 1).public],
            document=document(key, written.did),
        )
    world.documents["https://ledger.cotton.example/issuers/mill/did.jsonl"] = written.log
    world.clock += timedelta(days=9)
    return f"{written.did.text}#k"


ED = private_key(9)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((P256, ED), ("valid", "", "")),
        ((P256, P384, ED), ("valid", "", "")),
        ((ED, P256), ("undecided", "key", "signing_time_unproven")),
        ((ED, P256, P384), ("undecided", "key", "signing_time_unproven")),
        ((private_key(8), P256), ("invalid", "signature", "signature_mismatch")),
        ((P256,), ("invalid", "key", "alg_key_mismatch")),
        ((P256, P384), ("invalid", "key", "alg_key_mismatch")),
    ],
)
def test_keys_of_other_kinds_under_one_name(keys: tuple[PrivateKey, ...], expected: tuple[str, ...]) -> None:
    world = World()
    method = log_of(world, *keys)
    document = {**plain_credential(world.ledger), "issuer": method.partition("#")[0]}
    report = world.examine(token(document, KeySigner(method, ED), typ="vc+jwt").encode())
    assert finding(report)[:3] == expected


@pytest.mark.parametrize("previous", [None, FIRST, [FIRST]])
def test_a_proof_that_builds_on_one_which_nobody_here_can_verify(previous: str | list[str] | None) -> None:
    """Beside it, it is only noted; under it, it is a part of what was signed."""
    suite = SUITES["eddsa-jcs-2022"]
    known = sign_with(draft(ED25519), suite, ED25519, proof_id=FIRST)
    unknown = {**known["proof"], "cryptosuite": "future-2031"}
    signed = sign_with({**known, "proof": unknown}, suite, ED25519, previous_proof=previous)
    report = judge(signed)
    if previous is None:
        assert finding(report) == ("valid", "", "", None)
        assert [note.path for note in report.notes if note.code == "suite_unknown"] == ["/proof/0"]
    else:
        assert finding(report) == ("undecided", "proof", "suite_unsupported", "/proof/0")


def test_another_proof_needs_an_identity_as_fresh_as_the_first() -> None:
    world = World()
    fa, gin = world.party("fa"), world.party("gin")
    both = gin.embed(json.loads(fa.embed(plain_credential(fa))))
    assert finding(world.examine(both)) == ("valid", "", "", None)
    before = world.evidence
    world.clock += timedelta(days=3)
    assert finding(world.examine(both)) == ("valid", "", "", None)
    old = Need(Kind.DID, "https://ledger.example/gin/did.jsonl")
    mixed = Evidence({**world.evidence.documents, old: before.documents[old]})
    report = world.examine(both, evidence=mixed, offline=True)
    assert finding(report) == ("undecided", "signature", "did_stale", None)
    assert report.needs == {old}
