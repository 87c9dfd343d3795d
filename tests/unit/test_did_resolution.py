"""Resolution results: versions by id, time and number, deactivation, errors as answers."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.did_logs import LATER, LOCATION, day, private_key, signer, simple_log

from certweave.did.history import make_single
from certweave.did.key import key_document, make_did_key
from certweave.did.resolution import Selection, resolution_error, resolve
from certweave.did.syntax import parse_did
from certweave.did.webvh.write import MethodTemplate, create_log, deactivate_log, make_document, update_log
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    InvalidHistoryError,
    MalformedError,
    MissingEvidenceError,
    UndecidedError,
    UnsupportedError,
)

FIRST = simple_log(ttl=60, watchers=["https://watch.example"])
SECOND = update_log(FIRST.did, FIRST.log, signer=signer(1), time=day(5), ttl=0)
GONE = deactivate_log(FIRST.did, SECOND.log, signer=signer(1), time=day(9))


def test_newest_version_is_the_answer() -> None:
    found = resolve(SECOND.history, now=LATER)
    metadata = found["didDocumentMetadata"]
    assert found["didDocument"]["id"] == FIRST.did.text
    assert [one["id"] for one in found["didDocument"]["service"]] == [
        f"{FIRST.did}#files",
        f"{FIRST.did}#whois",
    ]
    assert metadata == {
        "deactivated": False,
        "versionId": SECOND.history.versions[-1].version_id,
        "versionNumber": 2,
        "versionTime": "2025-01-06T00:00:00Z",
        "created": "2025-01-01T00:00:00Z",
        "updated": "2025-01-06T00:00:00Z",
        "scid": FIRST.did.method_id.partition(":")[0],
        "portable": False,
        "ttl": "0",
        "witness": {},
        "watchers": ["https://watch.example"],
    }


BY = [
    (Selection(version_number=1), 1),
    (Selection(version_id=FIRST.history.versions[0].version_id), 1),
    (Selection(version_time=day(5) - timedelta(seconds=1)), 1),
    (Selection(version_time=day(5)), 2),
    (Selection(version_time=LATER), 2),
    (Selection(version_number=2), 2),
]


@pytest.mark.parametrize(("select", "number"), BY)
def test_version_is_found_by_id_time_and_number(select: Selection, number: int) -> None:
    metadata = resolve(SECOND.history, now=LATER, select=select)["didDocumentMetadata"]
    assert metadata["versionNumber"] == number
    assert ("nextVersionId" in metadata) == (number == 1)


@pytest.mark.parametrize(
    ("select", "error"),
    [
        (Selection(version_number=3), "notFound"),
        (Selection(version_number=0), "notFound"),
        (Selection(version_id="1-x"), "notFound"),
        (Selection(version_time=day(-1)), "notFound"),
        (Selection(version_number=1, version_time=LATER), "invalidOptions"),
    ],
)
def test_version_that_is_not_there_is_an_error(select: Selection, error: str) -> None:
    found = resolve(SECOND.history, now=LATER, select=select)
    assert (found["didDocument"], found["didResolutionMetadata"]["error"]) == (None, error)


def test_version_after_now_does_not_exist() -> None:
    assert resolve(SECOND.history, now=day(4))["didDocumentMetadata"]["versionNumber"] == 1
    later = resolve(SECOND.history, now=day(4), select=Selection(version_number=2))
    assert later["didResolutionMetadata"]["error"] == "notFound"


def test_deactivated_did_has_no_document_but_its_past_has() -> None:
    assert resolve(GONE.history, now=LATER)["didDocument"] is None
    last = resolve(GONE.history, now=LATER, select=Selection(version_number=3))
    past = resolve(GONE.history, now=LATER, select=Selection(version_number=1))
    assert last["didDocument"] is None
    assert past["didDocument"]["id"] == FIRST.did.text
    assert all(one["didDocumentMetadata"]["deactivated"] for one in (last, past))


def test_explicit_service_takes_the_place_of_an_implicit_one() -> None:
    own = {"id": "#whois", "type": "LinkedVerifiablePresentation", "serviceEndpoint": "https://a.example/w"}
    methods = [MethodTemplate(private_key(9).public)]
    log = create_log(make_document(LOCATION, methods, services=[own]), signer=signer(1), time=day(0))
    services = resolve(log.history, now=LATER)["didDocument"]["service"]
    assert services[0] == own
    assert [one["type"] for one in services] == ["LinkedVerifiablePresentation", "relativeRef"]


def test_did_without_a_past_resolves_to_its_document() -> None:
    did = make_did_key(private_key(1).public)
    found = resolve(make_single(key_document(did)), now=LATER)
    assert found["didDocument"]["id"] == did
    assert found["didDocumentMetadata"] == {"deactivated": False}


ERRORS: list[tuple[CertweaveError, str]] = [
    (InvalidHistoryError("x", code="scid_mismatch"), "invalidDid"),
    (InvalidHistoryError("x", code="proof_suite_wrong"), "invalidProof"),
    (InvalidHistoryError("x", code="pre_rotation_violated"), "invalidParameters"),
    (InvalidHistoryError("x", code="no_version_at_time"), "notFound"),
    (InvalidError("x", code="did_host"), "invalidDid"),
    (MalformedError("x", code="did_malformed"), "invalidDid"),
    (MissingEvidenceError("x"), "notFound"),
    (UndecidedError("x", cause=Cause.LIMIT), "internalError"),
    (UnsupportedError("x", code="witness_unsupported"), "featureNotSupported"),
    (UnsupportedError("x", code="did_method_unsupported"), "methodNotSupported"),
    (UnsupportedError("x", code="did_method"), "methodNotSupported"),
]


@pytest.mark.parametrize(("error", "word"), ERRORS)
def test_error_becomes_an_answer(error: CertweaveError, word: str) -> None:
    found: dict[str, Any] = resolution_error(error)
    assert found["didDocument"] is None
    assert found["didResolutionMetadata"]["error"] == word
    assert found["didResolutionMetadata"]["problemDetails"]["code"] == error.code


def test_place_of_an_error_is_in_the_answer() -> None:
    error = InvalidHistoryError("x", code="scid_mismatch", path="/0/parameters/scid")
    assert resolution_error(error)["didResolutionMetadata"]["problemDetails"]["path"] == "/0/parameters/scid"
    assert parse_did(FIRST.did.text) == FIRST.did
