"""A stranger without token or link: finds scope certificates in the register, and nothing else."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.issuing import SCHEME, Office, open_office, scope_data

from certweave_edge.auth import SCOPE

SECRET = "Silent Buyer Ltd"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


def sale() -> dict[str, object]:
    seller = {"type": ["Party"], "id": "did:web:gin.example", "name": "Sunrise Gin"}
    return {
        "name": "Lint sold",
        "holder": {"id": "did:web:gin.example", "name": "Sunrise Gin"},
        "transaction": {
            "seller": seller,
            "buyer": {"type": ["Party"], "id": "did:web:buyer.example", "name": SECRET},
            "shipments": [{"date": "2026-03-01", "documentNumber": "BL-1"}],
            "productLines": [
                {
                    "line": 1,
                    "product": {"id": "https://id.example/01/09521234000015", "name": "Lint"},
                    "netWeight": {"value": 1000, "unit": "KGM"},
                    "certifiedWeight": {"value": 980, "unit": "KGM"},
                }
            ],
        },
    }


def test_no_route_tells_a_sale_without_its_link(office: Office) -> None:
    made = office.issued("transaction", "TC-1", sale())
    for path, operations in office.app.openapi()["paths"].items():
        if "get" not in operations:
            continue
        filled = path
        for name, value in {"org": "fa", "number": "TC-1", "key": "TC-1", "secret": "x"}.items():
            filled = filled.replace(f"{{{name}}}", value)
        for accept in ("application/json", "text/html"):
            answer = office.client.get(filled, headers={"accept": accept})
            assert SECRET not in answer.text, path
            assert answer.status_code != 200 or SCOPE not in operations["get"], path
    assert SECRET.lower() not in office.client.get("/register?text=Silent").text.lower().replace("+", " ")
    assert office.client.get(office.path(made["url"])).status_code == 200


def test_guarded_routes_ask_for_a_token(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    for path, operations in office.app.openapi()["paths"].items():
        filled = path
        for name, value in {"org": "fa", "number": "SC-1", "act": "withdraw", "version": "1"}.items():
            filled = filled.replace(f"{{{name}}}", value)
        for method, operation in operations.items():
            if SCOPE not in operation:
                continue
            asked = [
                office.client.request(method.upper(), filled, json={}, headers={"accept": accept})
                for accept in ("application/json", "text/html")
            ]
            found = {answer.status_code for answer in asked}
            assert found <= {303, 401, 404, 405}, f"{method} {path}: {found}"
            assert found & {303, 401}, f"{method} {path}: {found}"


def test_addresses_cannot_be_guessed(office: Office) -> None:
    urls = [office.issued("transaction", f"TC-{number}", sale())["url"] for number in range(4)]
    secrets = [url.rsplit("~", 1)[1] for url in urls]
    assert len(set(secrets)) == 4
    assert all(len(secret) >= 22 for secret in secrets), "128 bits"
    for url, secret in itertools.product(urls, secrets):
        swapped = f"{url.rsplit('~', 1)[0]}~{secret}"
        expected = 200 if swapped in urls else 404
        assert office.client.get(office.path(swapped)).status_code == expected


def test_what_is_not_issued_has_no_address(office: Office) -> None:
    body = {"kind": "scope", "number": "SC-9", "scheme": SCHEME, "data": scope_data()}
    office.call("POST", "/orgs/fa/certificates", body)
    for act in (None, "approve"):
        if act is not None:
            office.call("POST", f"/orgs/fa/certificates/SC-9/{act}")
        assert office.client.get("/orgs/fa/credentials/SC-9").status_code == 404
        assert office.client.get("/orgs/fa/credentials/SC-9/receipt").status_code == 404
        assert office.client.get("/register/fa/SC-9").status_code == 404


def test_numbers_in_addresses_are_only_numbers(office: Office) -> None:
    for number in ("a%2Fb", "a b", "%00", "%2e%2e%2fetc", "'; DROP TABLE certificates; --"):
        assert office.client.get(f"/register/fa/{number}").status_code in {400, 404}


def test_the_register_takes_no_patterns(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    for text in ("%", "_", "S%1", "\\"):
        answer = office.client.get("/register", params={"text": text})
        assert answer.json()["certificates"] == []


def test_the_log_holds_ids_only(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="certweave"):
        made = office.issued("transaction", "TC-1", sale())
        office.call("POST", "/orgs/fa/certificates/TC-1/suspend", {"reason": "fraud", "typed": "TC-1"})
        token = office.client.get(office.path(made["url"])).text
    assert "issued org=fa key=TC-1" in caplog.text
    for secret in (SECRET, "Sunrise Gin", token, office.tokens["fa"]):
        assert secret not in caplog.text


def test_numbers_that_no_database_holds_are_refused(office: Office) -> None:
    for many in ("9" * 30, "-1", "0", str(1 << 63)):
        assert office.client.get(f"/orgs/fa/status/{many}").status_code == 400
        assert office.call("GET", f"/orgs/fa/certificates/SC-1?version={many}").status_code == 400
