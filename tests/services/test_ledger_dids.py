"""The ledger's DIDs: published, continued, read, ended, resolved."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.twin import check_twin
from certweave_edge.accounts import Scope
from certweave_edge.web import unguarded
from tests.services.conftest import Clock
from tests.services.ledger import World, code, open_ledger
from tests.support.web import respond, serving

KEY = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with open_ledger(tmp_path, clock) as opened:
        yield opened


def resolve(
    world: World, did: str, accept: str = "application/did-resolution", **query: Any
) -> dict[str, object]:
    answer = world.client.get(f"/1.0/identifiers/{did}", headers={"accept": accept}, params=query)
    return {"status": answer.status_code, "type": answer.headers["content-type"], **answer.json()}


def error_of(found: dict[str, object]) -> dict[str, object]:
    metadata = found["didResolutionMetadata"]
    assert isinstance(metadata, dict)
    return dict(metadata["error"])


def test_every_writing_route_has_a_scope(world: World) -> None:
    assert unguarded(world.app) == []


def test_a_did_is_published_continued_and_read(world: World) -> None:
    first = world.make()
    made = world.publish("fa", "fa", first)
    assert (made.status_code, made.json()) == (201, {"did": first.did.text})
    second = world.extend(first, seed=2)
    assert world.publish("fa", "fa", second).status_code == 200
    answer = world.client.get("/dids/fa/did.jsonl")
    assert (answer.content, answer.headers["content-type"]) == (second.log, "text/jsonl; charset=utf-8")
    assert "public" in answer.headers["cache-control"]
    tag = {"if-none-match": answer.headers["etag"]}
    assert world.client.get("/dids/fa/did.jsonl", headers=tag).status_code == 304
    twin = world.client.get("/dids/fa/did.json")
    assert twin.json()["id"] == "did:web:ledger.example:fa"
    check_twin(twin.json(), second.history)


def test_paths_have_several_segments_below_the_invited_one(world: World) -> None:
    written = world.make("fa/mills/north")
    assert world.publish("fa", "fa/mills/north", written).status_code == 201
    assert resolve(world, written.did.text)["status"] == 200


def test_a_repeated_publication_is_taken_as_what_it_is(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    again = world.send("fa", "fa", first.log, if_none_match="*")
    assert (again.status_code, again.json()["did"]) == (200, first.did.text)


def test_a_deactivated_did_has_a_log_and_no_document(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    assert world.publish("fa", "fa", world.end(first, seed=2)).status_code == 200
    assert world.client.get("/dids/fa/did.jsonl").status_code == 200
    assert code(world.client.get("/dids/fa/did.json")) == (410, "did_deactivated")
    found = resolve(world, first.did.text)
    assert (found["status"], found["didDocument"]) == (410, None)
    assert resolve(world, first.did.text, versionNumber="1")["status"] == 200


@pytest.mark.parametrize("name", ["fa/did.jsonl", "fa/did.json", "fa/did-witness.json"])
def test_what_is_not_there_is_not_found(world: World, name: str) -> None:
    assert world.client.get(f"/dids/{name}").status_code == 404


def test_the_ledger_has_an_identity_of_its_own(world: World, clock: Clock) -> None:
    about = world.client.get("/about").json()
    log = world.client.get("/dids/.well-known/did.jsonl").content
    history = fold_log(about["did"], log, fetched_at=clock(), now=clock())
    assert history.versions[0].document.services == ()
    assert about["receipts"] == "http://127.0.0.1:8000/receipts"
    assert about["didHost"] == "ledger.example"
    assert resolve(world, about["did"])["status"] == 200


def test_a_second_start_keeps_the_identity(tmp_path: Path, clock: Clock) -> None:
    with open_ledger(tmp_path, clock) as world:
        did = world.client.get("/about").json()["did"]
    with open_ledger(tmp_path, clock) as world:
        assert world.client.get("/about").json()["did"] == did


def test_versions_can_be_asked_for(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    before = world.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    second = world.extend(first, seed=2)
    world.publish("fa", "fa", second)
    did, ids = first.did.text, [version.version_id for version in second.history.versions]

    def version(**query: str) -> object:
        metadata = resolve(world, did, **query)["didDocumentMetadata"]
        return metadata["versionId"] if isinstance(metadata, dict) else None

    assert version() == ids[1]
    assert (
        version(versionTime=before) == version(versionNumber="1") == version(versionId=str(ids[0])) == ids[0]
    )
    assert resolve(world, did, versionNumber="3")["status"] == 404
    assert resolve(world, did, versionNumber="1", versionTime=before)["status"] == 400
    for query in ({"versionTime": "yesterday"}, {"versionNumber": "0"}, {"versionNumber": "٣"}):
        found = resolve(world, did, **query)
        assert (found["status"], found["type"]) == (400, "application/did-resolution")
        assert error_of(found)["type"] == "https://www.w3.org/ns/did#INVALID_OPTIONS"


def test_accept_decides_the_form(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    did = first.did.text
    for accept in ("application/did-resolution", "*/*"):
        found = resolve(world, did, accept)
        assert found["type"] == "application/did-resolution"
        assert found["didResolutionMetadata"] == {"contentType": "application/did"}
    found = resolve(world, did, "application/did+json")
    assert (found["type"], found["id"]) == ("application/did+json", did)
    assert resolve(world, did, "text/turtle")["status"] == 406


def test_the_form_of_before_has_words_for_errors(world: World) -> None:
    form = 'application/ld+json;profile="https://w3id.org/did-resolution"'
    found = resolve(world, "did:example:1", form)
    assert (found["status"], found["type"]) == (501, form)
    assert found["@context"] == "https://w3id.org/did-resolution/v1"
    assert found["didResolutionMetadata"]["error"] == "methodNotSupported"  # type: ignore[index]
    assert "didDocument" in resolve(world, KEY, form)


@pytest.mark.parametrize(
    ("did", "query", "status", "name"),
    [
        ("not-a-did", {}, 400, "INVALID_DID"),
        ("did:example", {}, 400, "INVALID_DID"),
        (f"{KEY}%23key", {}, 400, "INVALID_DID"),
        ("did:example:1", {}, 501, "METHOD_NOT_SUPPORTED"),
        ("did:web:ledger.example:nobody", {}, 404, "NOT_FOUND"),
        ("did:web:127-0-0-1.invalid", {}, 500, "INTERNAL_ERROR"),
        (KEY, {"versionNumber": "2"}, 404, "NOT_FOUND"),
        (KEY, {"expandRelativeUrls": "true"}, 501, "FEATURE_NOT_SUPPORTED"),
        (KEY, {"versionId": ["1", "2"]}, 400, "INVALID_OPTIONS"),
    ],
)
def test_an_error_has_the_type_and_the_status_of_the_binding(
    world: World, did: str, query: dict[str, Any], status: int, name: str
) -> None:
    found = resolve(world, did, **query)
    error = error_of(found)
    assert (found["status"], error["status"]) == (status, status)
    assert error["type"] == f"https://www.w3.org/ns/did#{name}"
    assert {"title", "detail"} <= error.keys()
    assert (found["didDocument"], found["didDocumentMetadata"]) == (None, {})


def test_other_methods_and_hosts(world: World) -> None:
    assert resolve(world, KEY)["status"] == 200
    assert resolve(world, "did:example:1")["status"] == 501
    assert resolve(world, "did")["status"] == 400
    assert resolve(world, "did:web:ledger.example:nobody")["status"] == 404
    world.publish("fa", "fa", world.make())
    found = resolve(world, "did:web:ledger.example:fa")
    document = found["didDocument"]
    assert isinstance(document, dict)
    assert document["id"] == "did:web:ledger.example:fa"


def test_a_host_that_does_not_answer_decides_nothing(world: World) -> None:
    found = resolve(world, "did:web:127-0-0-1.invalid")
    assert found["status"] == 500
    assert "says nothing about the DID" in json.dumps(found)


def test_dids_elsewhere_are_asked_for_through_the_host_map(tmp_path: Path, clock: Clock) -> None:
    document = {"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:web:mill.example"}

    def answer(handler: object) -> None:
        respond(handler, json.dumps(document).encode())  # type: ignore[arg-type]

    with serving(answer) as base:
        (tmp_path / "host-map.json").write_text(json.dumps({"mill.example": base}))
        with open_ledger(tmp_path, clock) as world:
            assert resolve(world, "did:web:mill.example")["didDocument"] == document


def test_a_port_in_a_did_is_kept(world: World) -> None:
    found = resolve(world, "did:web:no.invalid%3A8443")
    assert found["status"] == 500


def test_the_operator_invites(world: World) -> None:
    def invite(org: str, namespace: str, by: str = "ledger") -> tuple[int, str]:
        body = {"organisation": org, "namespace": namespace}
        return code(world.client.post(f"/orgs/{by}/namespaces", json=body, headers=world.bearer("ledger")))

    assert invite("fa", "fibre") == (201, "")
    assert invite("fa", "fibre") == (201, "")
    assert invite("other", "fibre") == (409, "namespace_taken")
    assert invite("nobody", "nobody") == (404, "org_unknown")
    for name in ("", ".well-known", "Fibre", "a/b"):
        assert invite("fa", name) == (400, "namespace_malformed")
    listed = world.client.get("/orgs/fa/namespaces", headers=world.bearer("fa")).json()["namespaces"]
    assert [one["namespace"] for one in listed] == ["fa", "fibre"]


def test_nobody_invites_themselves(world: World) -> None:
    token = world.app.state.directory.make_token("fa", [Scope.ADMIN], label="t", now=world.clock())
    answer = world.client.post(
        "/orgs/fa/namespaces",
        json={"organisation": "fa", "namespace": "more"},
        headers={"authorization": f"Bearer {token}"},
    )
    assert code(answer) == (403, "not_operator")
