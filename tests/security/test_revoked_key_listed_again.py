"""Attack: a revoked key is dropped and listed again, so that what its thief signed holds once more."""

from collections.abc import Callable

import pytest
from tests.support.did_logs import LATER, day, private_key, signer, simple_log
from tests.support.suites import contexts

from certweave.did.syntax import to_urls
from certweave.did.webvh.write import update_log
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need
from certweave.examine.examine import examine
from certweave.examine.report import Step
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.trust.policy import INTEGRITY

Change = Callable[[JsonObject], JsonObject]


def revoked(document: JsonObject) -> JsonObject:
    (method,) = document["verificationMethod"]
    return {**document, "verificationMethod": [{**method, "revoked": "2025-01-02T12:00:00Z"}]}


def dropped(document: JsonObject) -> JsonObject:
    return {**document, "verificationMethod": [], "assertionMethod": [], "authentication": []}


def revoked_for_login(document: JsonObject) -> JsonObject:
    return {**revoked(document), "assertionMethod": []}


def as_it_was(document: JsonObject) -> JsonObject:
    return document


WAYS: dict[str, tuple[tuple[Change, ...], str]] = {
    "never revoked": ((dropped, as_it_was), "key_holds"),
    "revoked": ((revoked,), "signed_after_retirement"),
    "left out again": ((revoked, as_it_was), "signed_after_retirement"),
    "dropped in between": ((revoked, dropped, as_it_was), "signed_after_retirement"),
    "revoked while listed for something else": ((revoked_for_login, as_it_was), "signed_after_retirement"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_revocation_stays(way: str) -> None:
    changes, code = WAYS[way]
    written = simple_log()
    first = written.history.versions[0].document.raw
    for number, change in enumerate(changes, start=2):
        time, document = day(number), change(first)
        written = update_log(written.did, written.log, signer=signer(1), time=time, document=document)
    did, key = written.did.text, private_key(9)
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did,
        "credentialSubject": {"id": "https://id.example/1", "name": "A bale of cotton"},
    }
    thief = KeySigner(f"{did}#{key.public.multikey}", key)
    token = sign_credential_jwt(credential, thief, issued_at=day(9))
    url = to_urls(written.did).log_url
    report = examine(
        token.encode(),
        Evidence({Need(Kind.DID, url): Fetched(written.log, url, "", LATER)}),
        policy=INTEGRITY,
        now=LATER,
        limits=DEFAULT_LIMITS,
        contexts=contexts(),
    )
    assert report.check(Step.KEY).code == code
