"""VCDM 1.1: each rule that differs from 2.0, as a change to a good credential; and that it is examined."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.credential.vcdm import Version, check_credential, check_presentation, find_version, validity
from certweave.errors import InvalidError, UnsupportedError
from certweave.examine.report import Step, Verdict

V1 = "https://www.w3.org/2018/credentials/v1"
GONE = object()
SERVICE = {"id": "https://x.example/refresh", "type": "ManualRefreshService2018"}


def credential(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [V1],
        "id": "https://x.example/credentials/1",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:issuer.example",
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2026-12-31T23:59:59+05:30",
        "credentialSubject": {"id": "did:web:holder.example"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"expirationDate": GONE},
        {"id": GONE},
        {"issuer": {"id": "did:web:issuer.example", "name": "a name"}},
        {"credentialSubject": [{"id": "did:a:b"}, {"id": "did:a:c"}]},
        {"refreshService": SERVICE, "termsOfUse": {"type": "IssuerPolicy"}, "evidence": [{"type": "Seen"}]},
        {"credentialStatus": {"id": "https://x.example/status/1", "type": "StatusList2021Entry"}},
        {"credentialSchema": {"id": "https://x.example/schema", "type": "JsonSchemaValidator2018"}},
    ],
)
def test_good_credentials(changes: dict[str, Any]) -> None:
    check_credential(credential(**changes))


@pytest.mark.parametrize("member", ["validFrom", "validUntil", "relatedResource"])
def test_members_of_2_0_are_not_judged(member: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        check_credential(credential(**{member: "2026-01-01T00:00:00Z"}))
    assert (caught.value.code, caught.value.path) == ("member_of_other_version", f"/{member}")


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"@context": V1}, "context_first_wrong", "/@context/0"),
        ({"@context": [V1, 5]}, "context_malformed", "/@context/1"),
        ({"issuanceDate": GONE}, "issuance_missing", "/issuanceDate"),
        ({"issuanceDate": "2026-01-01T00:00:00"}, "validity_malformed", "/issuanceDate"),
        ({"expirationDate": 5}, "validity_malformed", "/expirationDate"),
        ({"expirationDate": "2025-12-31T00:00:00Z"}, "validity_reversed", "/expirationDate"),
        ({"credentialStatus": {"type": "StatusList2021Entry"}}, "id_malformed", "/credentialStatus/id"),
        ({"refreshService": {"type": "ManualRefreshService2018"}}, "id_malformed", "/refreshService/id"),
        ({"credentialSchema": {"type": "JsonSchemaValidator2018"}}, "schema_id", "/credentialSchema/id"),
        ({"termsOfUse": {"id": "https://x.example/1"}}, "type_missing", "/termsOfUse/type"),
        ({"evidence": {"type": "Seen", "id": 5}}, "id_malformed", "/evidence/id"),
        ({"type": ["Other"]}, "type_missing", "/type"),
        ({"id": ["https://a.example"]}, "id_malformed", "/id"),
        ({"issuer": None}, "issuer_malformed", "/issuer"),
        ({"credentialSubject": {}}, "subject_empty", "/credentialSubject"),
    ],
)
def test_rules(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_credential(credential(**changes))
    if (
        code == "context_first_wrong"
    ):  # a context that is no list is judged as version 1.1, which wants a list
        assert caught.value.code == "context_malformed"
        return
    assert (caught.value.code, caught.value.path) == (code, path)


def test_its_dates_are_its_validity() -> None:
    assert validity(credential()) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 12, 31, 18, 29, 59, tzinfo=UTC),
    )
    assert find_version(credential()) is Version.V1_1
    assert find_version({"@context": []}) is Version.V2_0


def test_a_presentation_of_version_1_1() -> None:
    document = {"@context": [V1], "type": ["VerifiablePresentation"], "verifiableCredential": [credential()]}
    check_presentation(document)
    with pytest.raises(InvalidError, match="a party is a URL"):
        check_presentation({**document, "holder": 5})


def _issued(world: World, **changes: Any) -> bytes:
    fa = world.party("fa")
    subject = {"id": "did:example:somebody"}
    bare = {"issuer": fa.did, "issuanceDate": "2026-01-01T00:00:00Z", "credentialSubject": subject}
    return fa.issue(credential(**{**bare, **changes}))


def test_it_is_examined_and_the_version_named() -> None:
    report = World().examine(_issued(World()))
    assert report.verdict is not Verdict.VALID  # another world: its issuer is unknown there
    world = World()
    report = world.examine(_issued(world))
    assert report.verdict is Verdict.VALID, [check.detail for check in report.decisive()]
    assert "1.1" in report.check(Step.MODEL).detail


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"issuanceDate": "2026-12-01T00:00:00Z"}, "not_yet_valid", "/issuanceDate"),
        ({"expirationDate": "2026-02-01T00:00:00Z"}, "expired", "/expirationDate"),
        ({"weight": 5}, "term_unknown", "/weight"),
        (
            {"credentialStatus": {"id": "urn:x:1", "type": "StatusList2021Entry"}},
            "status_type_unknown",
            "/credentialStatus/type",
        ),
    ],
)
def test_it_is_judged_by_its_own_members(changes: dict[str, Any], code: str, path: str) -> None:
    world = World()
    report = world.examine(_issued(world, **changes))
    assert report.verdict is not Verdict.VALID
    assert (code, path) in {(check.code, check.path) for check in report.checks}


def test_its_context_does_not_excuse_the_members_of_2_0() -> None:
    world = World()
    fa = world.party("fa")
    document = plain_credential(fa) | {"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}
    assert outcome(world.examine(fa.issue(document)), "model") == "undecided:unsupported"
