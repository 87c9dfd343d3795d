"""UNTP models: strict reading, kept members, closed classes, and errors with their place."""

import copy
import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.support.certificates import extension_document
from tests.support.shared import shared
from tests.support.shirt import Shirt

from certweave.credential.untp.base import Picture
from certweave.credential.untp.conformity import ConformityAttestation, DigitalConformityCredential
from certweave.credential.untp.credentials import (
    CREDENTIALS,
    dump,
    read_credential,
)
from certweave.credential.untp.events import DigitalTraceabilityEvent, MakeEvent, MoveEvent
from certweave.credential.untp.facts import members_of
from certweave.credential.untp.values import Performance
from certweave.errors import InvalidError


def document() -> dict[str, Any]:
    return extension_document("TransactionCertificate")


def test_reads_into_types() -> None:
    credential = read_credential(document())
    assert isinstance(credential, DigitalConformityCredential)
    assert isinstance(credential.credential_subject, ConformityAttestation)
    assert credential.credential_subject.issued_to_party.id == "did:web:gin.example"
    assert credential.credential_status is not None
    assert credential.credential_status.status_list_index == 7


def test_events_are_told_apart_by_type() -> None:
    for name, kind in [("_battery_make", MakeEvent), ("_cathode_move", MoveEvent)]:
        path = shared(f"untp/0.7.0/samples/DigitalTraceabilityEvent{name}_instance.json")
        credential = read_credential(json.loads(path.read_text()))
        assert isinstance(credential, DigitalTraceabilityEvent)
        assert [type(event) for event in credential.credential_subject] == [kind]


CHANGES: list[tuple[str, Any, str]] = [
    ("/name", 5, "/name"),
    ("/id", "no url", "/id"),
    ("/validFrom", "2026-01-01", "/validFrom"),
    ("/validFrom", None, "/validFrom"),
    ("/issuer", "did:web:x.example", "/issuer"),
    ("/issuer/name", True, "/issuer/name"),
    ("/issuer/type", ["Party"], "/issuer"),
    ("/issuer/type", "CredentialIssuer", "/issuer/type"),
    ("/credentialStatus", [], "/credentialStatus"),
    ("/credentialStatus/statusPurpose", "withdrawal", "/credentialStatus/statusPurpose"),
    ("/credentialStatus/statusListIndex", -1, "/credentialStatus/statusListIndex"),
    ("/credentialStatus/statusListIndex", "07", "/credentialStatus/statusListIndex"),
    ("/credentialStatus/statusListIndex", 7.0, "/credentialStatus/statusListIndex"),
    ("/credentialSubject/assessorLevel", "friend", "/credentialSubject/assessorLevel"),
    ("/credentialSubject/issuedToParty", "did:web:x", "/credentialSubject/issuedToParty"),
    ("/credentialSubject/issuedToParty/registeredId", 5, "/credentialSubject/issuedToParty/registeredId"),
    ("/credentialSubject/profileScore", {"code": "a", "rank": "1"}, "/credentialSubject/profileScore/rank"),
    (
        "/credentialSubject/conformityAssessment",
        [{"id": "urn:x:1"}],
        "/credentialSubject/conformityAssessment/0/name",
    ),
    ("/renderMethod", {"type": ["RenderTemplate2024"]}, "/renderMethod"),
]


@pytest.mark.parametrize(("where", "value", "path"), CHANGES)
def test_refusals_name_their_place(where: str, value: Any, path: str) -> None:
    spoilt = document()
    *parents, last = where.split("/")[1:]
    place: Any = spoilt
    for token in parents:
        place = place[token]
    place[last] = value
    with pytest.raises(InvalidError) as caught:
        read_credential(spoilt)
    assert (caught.value.code, caught.value.path) == ("untp_model", path)


@pytest.mark.parametrize("member", ["id", "issuer", "validFrom", "name", "credentialSubject"])
def test_what_must_be_there(member: str) -> None:
    spoilt = document()
    del spoilt[member]
    with pytest.raises(InvalidError) as caught:
        read_credential(spoilt)
    assert (caught.value.code, caught.value.path) == ("untp_model", f"/{member}")


@pytest.mark.parametrize(
    "names", [[], ["VerifiableCredential"], list(CREDENTIALS), None, "DigitalProductPassport"]
)
def test_exactly_one_untp_type(names: Any) -> None:
    with pytest.raises(InvalidError) as caught:
        read_credential({**document(), "type": names})
    assert caught.value.code == "untp_type_missing"


@pytest.mark.parametrize("kind", [["LifecycleEvent"], [], "MakeEvent", {"MakeEvent": 1}, 5])
def test_an_event_says_what_it_is(kind: Any) -> None:
    spoilt = Shirt().documents["event-knitting"]
    read_credential(spoilt)
    spoilt["credentialSubject"][0]["type"] = kind
    with pytest.raises(InvalidError) as caught:
        read_credential(spoilt)
    assert (caught.value.code, caught.value.path) == ("untp_model", "/credentialSubject/0")


def test_status_index_as_string_of_digits_is_read() -> None:
    changed = document()
    changed["credentialStatus"]["statusListIndex"] = "94567"
    assert dump(read_credential(changed)) == changed


@pytest.mark.parametrize("name", ["link_url", "model_config", "model_fields", "__dict__", "", "type_"])
def test_members_with_awkward_names_are_kept(name: str) -> None:
    changed = document()
    changed[name] = {"kept": [1, 2.5, "x"]}
    changed["credentialSubject"]["issuedToParty"][name] = "kept"
    before = copy.deepcopy(changed)
    assert dump(read_credential(changed)) == before


PICTURES = [
    ("QUJD", True),
    ("QUI=", True),
    ("QQ==", True),
    ("QUJ", False),
    ("Q===", False),
    ("QU*D", False),
    ("QU\u00c4D", False),
]


@pytest.mark.parametrize(("text", "taken"), PICTURES)
def test_a_picture_is_base64(text: str, taken: bool) -> None:
    adapter = TypeAdapter[str](Picture)
    if taken:
        assert adapter.validate_python(text) == text
        return
    with pytest.raises(ValidationError, match="is not base64"):
        adapter.validate_python(text)


def test_a_measure_needs_its_metric() -> None:
    measure = {"value": 1, "unit": "KGM"}
    metric = {"id": "https://x.example/metric", "name": "Weight"}
    assert Performance.model_validate({"measure": measure, "metric": metric}).measure is not None
    with pytest.raises(ValidationError, match="a measure needs the metric"):
        Performance.model_validate({"measure": measure})


def test_numbers_stay_what_they_are() -> None:
    path = shared("untp/0.7.0/samples/DigitalProductPassport_battery_instance.json")
    original = json.loads(path.read_text())
    again = dump(read_credential(original))
    assert json.dumps(again, sort_keys=True) == json.dumps(original, sort_keys=True)


def test_facts_come_from_the_models() -> None:
    members = members_of(ConformityAttestation)
    assert {"issuedToParty", "assessorLevel", "conformityAssessment", "type"} <= set(members)
    assert members["conformityAssessment"].many
    assert not members["issuedToParty"].many
