"""Organisation B gets nothing of A, on any route, by token or by login; and strangers get nothing at all."""

from collections.abc import Iterator

import pytest
from tests.support.holding import Purse, facility, open_wallet, product
from tests.support.world import plain_credential

OPEN = {"/orgs/{org}/credentials/{credential_id}", "/orgs/{org}/credentials/{credential_id}/receipt"}
PUBLIC = {"/orgs/{org}/status/{number}"}
"""Status lists are for everybody; published documents as well, and the ones here are not published."""


@pytest.fixture(scope="module")
def purse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Purse]:
    with open_wallet(tmp_path_factory.mktemp("wallet")) as opened:
        opened.wallet.products.add_host("mill", "mill.example")
        opened.issue("passport", "P-1", product())
        opened.issue("facility", "F-1", facility())
        yield opened


def routes(purse: Purse) -> list[tuple[str, str]]:
    """Return every route of an organisation."""
    paths = purse.app.openapi()["paths"]
    found = [(method, path) for path, operations in paths.items() for method in operations]
    pages = [
        ("get", path)
        for path in ("/orgs/{org}/", "/orgs/{org}/issue", "/orgs/{org}/credentials/{credential_id}/card")
    ]
    return [one for one in found + pages if "{org}" in one[1] and one[1] not in PUBLIC]


def fill(path: str) -> str:
    for name, value in (("org", "mill"), ("credential_id", "F-1"), ("offer_id", "x"), ("request_id", "x")):
        path = path.replace(f"{{{name}}}", value)
    return path


def test_there_are_routes(purse: Purse) -> None:
    assert len(routes(purse)) > 25


def test_another_organisation_gets_nothing(purse: Purse) -> None:
    given = {}
    for method, path in routes(purse):
        answer = purse.call(method.upper(), fill(path), {}, org="other")
        # 401: a page, which takes no token.
        given[f"{method} {path}"] = answer.status_code
    pages = {f"get {path}" for path in ("/orgs/{org}/", "/orgs/{org}/issue")}
    pages.add("get /orgs/{org}/credentials/{credential_id}/card")
    wrong = {name: code for name, code in given.items() if code != 404 and name not in pages}
    assert not wrong
    assert all(given[name] in (303, 401) for name in pages)


def test_a_stranger_gets_nothing(purse: Purse) -> None:
    for method, path in routes(purse):
        answer = purse.client.request(method.upper(), fill(path), json={})
        expected = {404} if path in OPEN else {401, 303}
        if method == "post" and path in OPEN:
            expected = {401}
        assert answer.status_code in expected, (method, path, answer.status_code)


def test_a_login_of_another_organisation_gets_nothing(purse: Purse) -> None:
    purse.log_in("other")
    try:
        for path in ("/orgs/mill/", "/orgs/mill/issue", "/orgs/mill/credentials/F-1", "/orgs/mill/products"):
            answer = purse.page(path)
            assert answer.status_code == 404
            assert "Spinning hall" not in answer.text
    finally:
        purse.client.cookies.clear()


@pytest.mark.parametrize("path", ["publish", "withdraw", "look"])
def test_nothing_is_changed_for_another(purse: Purse, path: str) -> None:
    purse.call("POST", f"/orgs/mill/credentials/F-1/{path}", {"reason": "fraud"}, org="other")
    purse.call("POST", f"/orgs/other/credentials/F-1/{path}", {"reason": "issued_in_error"}, org="other")
    seen = purse.call("GET", "/orgs/mill/credentials/F-1?view=wallet").json()
    assert (seen["published"], seen["standing"]) == (False, "current")


def test_two_wallets_may_hold_documents_of_one_number(purse: Purse) -> None:
    body = {"kind": "facility", "number": "F-1", "name": "Theirs", "subject": facility("Other hall")}
    answer = purse.call("POST", "/orgs/other/issue", body, org="other")
    assert answer.status_code == 201
    assert answer.json()["issuer"] == purse.did("other")


def test_a_document_for_another_is_not_kept(purse: Purse) -> None:
    issuer = purse.world.party("fa")
    token = issuer.issue(plain_credential(issuer, holder=purse.did("other"))).decode()
    answer = purse.call("POST", "/orgs/mill/credentials", {"verifiableCredential": token})
    assert (answer.status_code, answer.json()["code"]) == (422, "holder_foreign")
