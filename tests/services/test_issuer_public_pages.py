"""What anyone sees of the issuer in a browser: certificates at their address, and the register."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from certweave_issuer.ports import Query
from tests.services.test_issuer_clerk import transaction_data
from tests.support.issuing import Office, open_office, scope_data

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, verifier_url="https://check.example") as opened:
        yield opened


def read(office: Office, path: str) -> str:
    answer = office.client.get(path, headers=HTML)
    assert answer.status_code == 200
    return answer.text


def test_a_certificate_says_what_it_is_and_how_it_stands(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    page = read(office, office.path(made["url"]))
    for words in (
        "In force today, says Fibre Assurance. It ends on 28 February 2027.",
        "Gin hall 1",
        "Sunrise Gin",
        "Organic Fibre Standard",
        "Dated by the ledger on 12 March 2026",
        "https://check.example/?link=https%3A%2F%2Fcerts.example%2Forgs%2Ffa%2Fcredentials%2FSC-1",
        '<svg role="img"',
    ):
        assert words in page
    assert "noindex" not in page


def test_a_withdrawn_certificate_says_when_and_why(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    ruling = {"reason": "sites_closed", "typed": "SC-1"}
    office.call("POST", "/orgs/fa/certificates/SC-1/withdraw", ruling)
    page = read(office, office.path(made["url"]))
    assert "Withdrawn on 12 March 2026. The certified sites have closed." in page
    assert 'class="verdict invalid"' in page
    assert "Zurückgezogen am 12. März 2026." in read(office, office.path(made["url"]) + "?lang=de")


def test_a_corrected_certificate_leads_to_its_successor(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    body = {"reason": "error_in_certificate", "typed": "SC-1", "data": scope_data(name="Right now")}
    new = office.call("POST", "/orgs/fa/certificates/SC-1/correct", body).json()
    assert office.path(new["url"]) in read(office, office.path(made["url"]))


def test_a_transaction_is_found_by_its_address_alone(office: Office) -> None:
    made = office.issued("transaction", "TC-1", transaction_data())
    answer = office.client.get(office.path(made["url"]), headers=HTML)
    assert "Lint sold" in answer.text
    assert "980" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "TC-1" not in read(office, "/register")
    assert office.client.get("/register/fa/TC-1", headers=HTML).status_code == 404
    assert office.client.get("/orgs/fa/credentials/TC-1", headers=HTML).status_code == 404


def test_a_draft_is_seen_by_nobody(office: Office) -> None:
    office.call("POST", "/orgs/fa/certificates", {"kind": "scope", "number": "SC-1", "data": scope_data()})
    assert office.client.get("/orgs/fa/credentials/SC-1", headers=HTML).status_code == 404
    assert "The register is empty" in read(office, "/register")


@pytest.mark.parametrize("text", ["SC-1", "sunrise", "ginning", "hall 1", "IZMIR"])
def test_the_register_is_searched(office: Office, text: str) -> None:
    data = scope_data()
    data["certificationScope"]["sites"][0]["facility"]["countryOfOperation"] = {
        "countryCode": "TR",
        "countryName": "Türkiye, Izmir",
    }
    office.issued("scope", "SC-1", data)
    office.issued(
        "scope", "SX-2", scope_data(name="Other", holder={"id": "did:web:o.example", "name": "Loom"})
    )
    page = read(office, f"/register?text={text}")
    assert "/register/fa/SC-1" in page
    assert ("/register/fa/SX-2" in page) == (text == "hall 1")
    assert "In force" in page


def test_the_register_says_it_in_words_and_not_in_codes(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    page = read(office, "/register/fa/SC-1")
    assert "Cotton lint" in page
    assert '<td data-label="Code">lint</td>' not in page


def test_the_register_says_when_it_has_nothing(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    assert "The register has nothing with these words" in read(office, "/register?text=nobody")
    assert read(office, "/register/")


def test_a_name_is_text_and_never_a_tag(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data(name="<script>alert(1)</script>"))
    for path in ("/register", "/register/fa/SC-1", "/orgs/fa/credentials/SC-1"):
        assert "<script>alert" not in read(office, path)


def test_a_ready_made_credential_is_shown_as_it_is(tmp_path: Path) -> None:
    document: dict[str, object] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": [{"id": "did:web:a.example"}, {"id": "did:web:b.example"}],
    }
    with open_office(tmp_path, allow_non_untp=True) as office:
        document["issuer"] = office.did()
        assert office.call("POST", "/orgs/fa/credentials/issue", {"credential": document}).status_code == 201
        found, _ = office.issuer.certificates.listed("fa", Query())
        assert "did:web:b.example" in read(office, f"/orgs/fa/credentials/{found[0].key}")
