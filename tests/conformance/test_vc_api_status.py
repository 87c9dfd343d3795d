"""Bitstring Status List 1.0 over the VC API: entries, lists and changes, as the suite of W3C expects them."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.benches import GONE, PUBLIC, V1, Benches, credential, open_benches

from certweave.limits import DEFAULT_LIMITS
from certweave.status.bitstring import decode_list
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.service.conformance_status import BenchLists

NAME = "bitstring"
ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


@pytest.fixture
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


def change(benches: Benches, **body: Any) -> Any:
    return benches.issuer.post(f"/conformance/{NAME}/credentials/status", json=body)


def test_the_entries(benches: Benches) -> None:
    entries = benches.issued(NAME)["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
    for entry in entries:
        assert entry["type"] == "BitstringStatusListEntry"
        assert entry["id"] != entry["statusListCredential"]
        assert isinstance(entry["statusListIndex"], str)
        assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]


@pytest.mark.parametrize(
    "accept", ["application/ld+json,application/json", "application/vc", "*/*", "text/html"]
)
def test_the_list(benches: Benches, accept: str) -> None:
    did = benches.did(NAME)
    for entry in benches.issued(NAME)["credentialStatus"]:
        path = entry["statusListCredential"].removeprefix(PUBLIC)
        answer = benches.issuer.get(path, headers={"accept": accept})
        assert answer.status_code == 200
        assert ("json" in answer.headers["content-type"]) is ("json" in accept)
        found = answer.json()
        assert found["@context"][0] == "https://www.w3.org/ns/credentials/v2"
        assert found["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert found["id"] == entry["statusListCredential"]
        assert found["issuer"] == did
        subject = found["credentialSubject"]
        assert subject["type"] == "BitstringStatusList"
        assert subject["statusPurpose"] == entry["statusPurpose"]
        assert subject["encodedList"].startswith("u")
        assert len(decode_list(subject["encodedList"], limits=DEFAULT_LIMITS)) >= 16 * 1024


def test_a_list_of_another_time_is_not_that_of_now(benches: Benches) -> None:
    path = benches.issued(NAME)["credentialStatus"][0]["statusListCredential"].removeprefix(PUBLIC)
    answer = benches.issuer.get(f"{path}?timestamp=2026-01-01T00%3A00%3A00Z")
    assert (answer.status_code, answer.json()["code"]) == (404, "status_list_not_then")


def test_no_place_is_given_twice(benches: Benches) -> None:
    places = {benches.issued(NAME)["credentialStatus"][0]["statusListIndex"] for _ in range(5)}
    assert len(places) == 5


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_a_set_bit_takes_validity_away_and_that_of_a_suspension_gives_it_back(
    benches: Benches, purpose: str
) -> None:
    made = benches.issued(NAME)
    assert benches.verify(made).status_code == 200
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
    assert change(benches, credentialId=made["id"], credentialStatus=entry).status_code == 200
    assert benches.verify(made).status_code == 422
    # A suspension ends, a withdrawal does not.
    back = change(benches, credentialId=made["id"], credentialStatus=entry, status=False)
    assert back.status_code == benches.verify(made).status_code == (200 if purpose == "suspension" else 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"credentialId": "urn:x:1"}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": []}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": {"statusPurpose": "revocation"}}, 400),
        ({"credentialId": 5, "credentialStatus": {"type": "BitstringStatusListEntry"}}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": {"type": "X", "statusPurpose": "revocation"}}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": ENTRY | {"statusMessage": []}}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": ENTRY, "indexAllocator": "x"}, 400),
        ({"credentialId": "urn:x:1", "credentialStatus": ENTRY}, 404),
    ],
)
def test_a_bad_change_is_refused(benches: Benches, body: dict[str, Any], status: int) -> None:
    assert change(benches, **body).status_code == status


def test_a_purpose_that_has_no_list_is_refused(benches: Benches) -> None:
    made = benches.issued(NAME)
    for entry in (ENTRY | {"statusPurpose": "message"}, {"type": ENTRY["type"]}):
        assert change(benches, credentialId=made["id"], credentialStatus=entry).status_code == 422
    assert benches.issuer.get(f"/conformance/{NAME}/status/message").status_code == 404


def test_who_names_a_place_of_its_own_is_refused(benches: Benches) -> None:
    status = {"type": "BitstringStatusListEntry", "statusListIndex": True}
    answer = benches.issue(NAME, credential(benches.did(NAME), credentialStatus=status))
    assert (answer.status_code, answer.json()["path"]) == (422, "/credential/credentialStatus")


def test_version_1_1_has_a_place_too(benches: Benches) -> None:
    made = benches.issued(NAME, version=V1)
    assert benches.verify(made).status_code == 200
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}
    assert change(benches, credentialId=made["id"], credentialStatus=entry).status_code == 200
    assert benches.verify(made).status_code == 422


def test_without_an_id_it_has_a_place_that_nobody_can_change(benches: Benches) -> None:
    made = benches.issued(NAME, id=GONE)
    assert benches.verify(made).status_code == 200
    assert change(benches, credentialId="", credentialStatus=ENTRY).status_code == 400


def test_a_name_of_the_callers_stands_for_a_credential_without_an_id(benches: Benches) -> None:
    sent = credential(benches.did(NAME), id=GONE)
    answer = benches.issue(NAME, sent, options={"credentialId": "urn:example:mine"})
    made = answer.json()["verifiableCredential"]
    assert "id" not in made
    assert change(benches, credentialId="urn:example:mine", credentialStatus=ENTRY).status_code == 200
    assert benches.verify(made).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"statusListIndex": "1"}, 422),
        ({"statusListCredential": "https://x.example/list"}, 422),
        ({"id": "urn:example:another"}, 422),
    ],
)
def test_a_place_that_is_named_is_that_of_the_credential(
    benches: Benches, changes: dict[str, str], status: int
) -> None:
    made = benches.issued(NAME)
    named = made["credentialStatus"][0] | changes
    answer = change(benches, credentialId=made["id"], credentialStatus=named, status=True)
    assert (answer.status_code, benches.verify(made).status_code) == (status, 422 if status == 200 else 200)


def test_when_every_place_is_taken_it_says_so() -> None:
    lists = BenchLists(lambda purpose: f"https://x.example/{purpose}", size=2)
    taken = [lists.reserve(f"urn:example:{number}")[0]["statusListIndex"] for number in range(2)]
    assert taken == ["0", "1"]
    with pytest.raises(RefusedError) as caught:
        lists.reserve(None)
    assert (caught.value.refusal, caught.value.code) == (Refusal.BUSY, "status_busy")


def test_other_issuers_keep_no_lists(benches: Benches) -> None:
    assert "credentialStatus" not in benches.issued("eddsa-jcs-2022")
    assert benches.issuer.get("/conformance/eddsa-jcs-2022/status/revocation").status_code == 404


def test_of_several_under_one_name_none_is_left_standing(benches: Benches) -> None:
    several = [benches.issued(NAME) for _ in range(3)]
    assert len({made["id"] for made in several}) == 1
    named = {**several[1]["credentialStatus"][1]}
    assert change(benches, credentialId=several[0]["id"], credentialStatus=named).status_code == 200
    assert [benches.verify(made).status_code for made in several] == [200, 422, 200]
    assert change(benches, credentialId=several[0]["id"], credentialStatus=ENTRY).status_code == 200
    assert [benches.verify(made).status_code for made in several] == [422, 422, 422]
