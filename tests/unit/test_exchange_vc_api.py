"""VC API: the bodies that test suites and other programs send."""

from typing import Any

import pytest

from certweave.errors import MalformedError, UnknownOptionError
from certweave.exchange.vc_api import (
    StatusChange,
    make_create_response,
    parse_create_presentation,
    parse_derive_request,
    parse_issue_request,
    parse_status_request,
    parse_verify_credential,
    parse_verify_presentation,
)

CREDENTIAL = {"type": ["VerifiableCredential"]}


@pytest.mark.parametrize("extra", [{}, {"options": {}}, {"options": {"mandatoryPointers": []}}])
def test_options_may_be_absent_or_empty(extra: dict[str, Any]) -> None:
    assert parse_issue_request({"credential": CREDENTIAL} | extra).credential == CREDENTIAL


def test_options_are_read() -> None:
    options = {"mandatoryPointers": ["/issuer"], "credentialId": "https://a.example/1"}
    found = parse_issue_request({"credential": CREDENTIAL, "options": options}).options
    assert (found.mandatory_pointers, found.credential_id) == (("/issuer",), "https://a.example/1")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"credential": "x"},
        {"credential": {}},
        {"credential": CREDENTIAL, "options": None},
        {"credential": CREDENTIAL, "options": []},
        {"credential": CREDENTIAL, "options": {"mandatoryPointers": "x"}},
        {"credential": CREDENTIAL, "options": {"credentialId": 1}},
    ],
)
def test_a_spoilt_issue_request_is_malformed(body: Any) -> None:
    with pytest.raises(MalformedError):
        parse_issue_request(body)


@pytest.mark.parametrize("secured", ["x.y.z", CREDENTIAL])
def test_what_is_to_be_verified_is_a_token_or_an_object(secured: Any) -> None:
    assert parse_verify_credential({"verifiableCredential": secured}).secured == secured
    options = {"challenge": "c", "domain": "d"}
    found = parse_verify_presentation({"verifiablePresentation": secured, "options": options})
    assert (found.secured, found.options.challenge, found.options.domain) == (secured, "c", "d")


@pytest.mark.parametrize("value", [None, "", {}, [], 1])
def test_nothing_cannot_be_verified(value: Any) -> None:
    with pytest.raises(MalformedError):
        parse_verify_credential({"verifiableCredential": value})
    with pytest.raises(MalformedError):
        parse_verify_presentation({"verifiablePresentation": value})


def test_a_presentation_is_made() -> None:
    assert parse_create_presentation({"presentation": CREDENTIAL}).presentation == CREDENTIAL
    assert make_create_response("x") == {"verifiablePresentation": "x"}


ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


@pytest.mark.parametrize(
    ("status", "value"),
    [
        ({"credentialStatus": [ENTRY]}, True),
        ({"credentialStatus": ENTRY}, True),
        ({"credentialStatus": ENTRY, "status": False}, False),
        ({"credentialStatus": [ENTRY | {"status": "0"}]}, False),
        ({"credentialStatus": [ENTRY | {"status": "1"}], "status": False}, True),
    ],
)
def test_a_status_request_is_read(status: dict[str, Any], value: bool) -> None:
    found = parse_status_request({"credentialId": "https://a.example/1"} | status)
    assert found.credential_id == "https://a.example/1"
    assert found.changes == (StatusChange("revocation", value),)


@pytest.mark.parametrize(
    "change",
    [
        {"credentialId": ""},
        {"credentialStatus": []},
        {"credentialStatus": None},
        {"credentialStatus": [ENTRY, ENTRY]},
        {"credentialStatus": [{"statusPurpose": "revocation"}]},
        {"credentialStatus": [ENTRY | {"status": "yes"}]},
        {"credentialStatus": [ENTRY | {"status": 1}]},
        {"credentialStatus": [ENTRY] * 17},
    ],
)
def test_a_spoilt_status_request_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        parse_status_request({"credentialId": "https://a.example/1", "credentialStatus": [ENTRY]} | change)


ISSUE = {"credential": CREDENTIAL}
VERIFY = {"verifiableCredential": "x"}
DERIVE = {"verifiableCredential": CREDENTIAL}


@pytest.mark.parametrize(
    ("parse", "body", "path"),
    [
        (parse_issue_request, {**ISSUE, "more": 1}, "/more"),
        (parse_issue_request, {**ISSUE, "options": {"created": "x"}}, "/options/created"),
        (
            parse_issue_request,
            {**ISSUE, "options": {"challenge": "x"}},
            "/options/challenge",
        ),
        (
            parse_verify_credential,
            {**VERIFY, "options": {"domain": "x"}},
            "/options/domain",
        ),
        (
            parse_verify_credential,
            {**VERIFY, "options": {"returnPresentation": True}},
            "/options/returnPresentation",
        ),
        (
            parse_verify_credential,
            {**VERIFY, "options": {"checks": ["proof", "luck"]}},
            "/options/checks/1",
        ),
        (parse_verify_presentation, {"verifiablePresentation": "x", "presentation": {}}, "/presentation"),
        (
            parse_derive_request,
            {**DERIVE, "options": {"nonce": "x"}},
            "/options/nonce",
        ),
        (
            parse_create_presentation,
            {"presentation": CREDENTIAL, "options": {"created": "2026-03-12T09:00:00Z"}},
            "/options/created",
        ),
        (parse_status_request, {"credentialId": "a", "credentialStatus": ENTRY, "reason": "x"}, "/reason"),
        (
            parse_status_request,
            {"credentialId": "a", "credentialStatus": ENTRY | {"statusSize": 1}},
            "/credentialStatus/statusSize",
        ),
        (
            parse_status_request,
            {"credentialId": "a", "credentialStatus": [{"type": "X"}]},
            "/credentialStatus/0/type",
        ),
    ],
)
def test_what_is_not_known_is_refused(parse: Any, body: dict[str, Any], path: str) -> None:
    with pytest.raises(UnknownOptionError) as caught:
        parse(body)
    assert (caught.value.code, caught.value.path) == ("option_unknown", path)
    assert caught.value.problem == "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"


@pytest.mark.parametrize("commitment", [None, "x", [], {}])
def test_a_commitment_is_an_object(commitment: Any) -> None:
    given = {"featureOption": "pseudonym"}
    assert parse_issue_request({**ISSUE, "options": {"commitment": given}}).options.raw["commitment"] == given
    with pytest.raises(MalformedError):
        parse_issue_request({**ISSUE, "options": {"commitment": commitment}})


@pytest.mark.parametrize("options", [{"returnResults": "yes"}, {"checks": "proof"}, {"checks": [1]}])
def test_an_option_of_another_form_is_malformed(options: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        parse_verify_credential({**VERIFY, "options": options})
