"""Serving: settings of one service among four, places at the root, members, refusals in a sentence."""

import socket
from pathlib import Path

import pytest
from tests.support.client import open_client

from certweave.errors import InvalidError
from certweave_app.cli.main import main
from certweave_app.serve.front import Landing, find_place
from certweave_app.serve.members import admit, read_members
from certweave_app.serve.parts import PACKAGES, make_service, own_variables, read_settings
from certweave_app.serve.together import Plan, make_all
from certweave_edge.clock import now

GOOD = "0123456789abcdef0123456789abcdef"
LOCAL = "http://127.0.0.1:8080"
PRODUCTION = {
    "CERTWEAVE_ENVIRONMENT": "production",
    "CERTWEAVE_PUBLIC_URL": "https://mill.org",
    "CERTWEAVE_DID_HOST": "ids.mill.org",
    "CERTWEAVE_KEYSTORE_PASSPHRASE": "a long one of our own",
}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/01/09521234543213/10/17", "/wallet/01/09521234543213/10/17"),
        (
            "/.well-known/openid-credential-issuer/issuer/orgs/fa",
            "/issuer/.well-known/openid-credential-issuer/orgs/fa",
        ),
        (
            "/.well-known/openid-credential-issuer/bank/orgs/fa",
            "/.well-known/openid-credential-issuer/bank/orgs/fa",
        ),
        ("/.well-known/did.json", "/.well-known/did.json"),
        ("/issuer/orgs/fa/", "/issuer/orgs/fa/"),
        ("/", "/"),
    ],
)
def test_what_stands_at_the_root_is_handed_on(path: str, place: str) -> None:
    assert find_place(path) == place


def test_a_services_own_variable_stands_for_the_common_one() -> None:
    environ = {"CERTWEAVE_DATA": "common", "CERTWEAVE_ISSUER_DATA": "own"}
    assert read_settings("issuer", environ).data == Path("own")
    assert read_settings("verifier", environ).data == Path("common")
    assert own_variables("ledger", environ)["CERTWEAVE_DATA"] == "common"


def test_a_policy_in_the_data_directory_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text("{}", encoding="utf-8")
    found = {name: getattr(read_settings(name, {}, data=tmp_path), "policy", None) for name in PACKAGES}
    assert found == {
        "ledger": None,
        "issuer": None,
        "wallet": tmp_path / "policy.json",
        "verifier": tmp_path / "policy.json",
    }
    other = {"CERTWEAVE_POLICY": "/elsewhere.json"}
    assert read_settings("verifier", other, data=tmp_path).policy == Path("/elsewhere.json")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "members",
    [
        {"ISSUER": "short"},
        {"ISSUER": "a" * 40},
        {"ISSUER": GOOD, "WALLET": GOOD},
        {"ISSUER": ""},
    ],
)
def test_a_weak_token_is_refused(members: dict[str, str]) -> None:
    with pytest.raises(InvalidError) as caught:
        read_members({f"CERTWEAVE_MEMBER_{name}": token for name, token in members.items()})
    assert caught.value.code == "setting_secret"


def test_a_member_has_the_token_that_it_was_given_last(tmp_path: Path) -> None:
    ledger = make_service("ledger", read_settings("ledger", {}, data=tmp_path))
    directory = ledger.state.kit.directory
    try:
        for token in (GOOD, GOOD, GOOD[::-1]):
            admit(ledger, read_members({"CERTWEAVE_MEMBER_ISSUER": token}))
            assert directory.find_token(token, now=now()).org == "issuer"
        assert directory.find_token(GOOD, now=now()) is None
        assert ledger.state.ledger.invitations.list("issuer")[0].name == "issuer"
    finally:
        ledger.state.close()


def test_all_four_answer_below_one_address(tmp_path: Path) -> None:
    app, services = make_all(Plan(tmp_path / "data", LOCAL), {}, landing=Landing())
    try:
        with open_client(app) as client:
            for path in ("/", "/health", *(f"/{name}/health" for name in PACKAGES)):
                assert client.get(path).status_code == 200, path
            front = client.get("/", headers={"accept": "text/html"})
            assert all(f'href="/{name}/"' in front.text for name in PACKAGES)
            assert "Accounts of this demonstration" not in front.text
            assert client.get("/nowhere").status_code == 404
            assert "default-src 'self'" in front.headers["content-security-policy"]
    finally:
        for service in services.values():
            service.state.kit.directory.database.close()
    made = {path.name for path in (tmp_path / "data").iterdir() if not path.name.endswith(".lock")}
    assert made == {*(f"{name}.sqlite" for name in PACKAGES), "keys", "host-map.json"}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"CERTWEAVE_ENVIRONMENT": "production"}, "https public_url"),
        ({**PRODUCTION, "CERTWEAVE_KEYSTORE_PASSPHRASE": "changeme"}, "everybody knows"),
        ({k: v for k, v in PRODUCTION.items() if "PASSPHRASE" not in k}, "needs a keystore_passphrase"),
        ({**PRODUCTION, "CERTWEAVE_DID_HOST": "ledger.example"}, "did_host of your own"),
        ({"CERTWEAVE_DATABASE_URL": "sqlite:////srv/one.sqlite"}, "a database of its own"),
    ],
)
def test_unsafe_settings_are_refused_in_a_sentence(
    variables: dict[str, str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["serve", "all", "--port", "0", "--data", str(tmp_path / "data")]) == 64
    assert said in capsys.readouterr().err


def test_a_port_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "ledger", "--port", port, "--data", str(tmp_path)]) == 64
    assert "name another with --port" in capsys.readouterr().err


def test_organisations_and_tokens_are_made_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--service", "wallet", "--data", str(tmp_path)]
    assert main(["org", "add", "meadow", "--name", "Meadow", "--product-host", "meadow.example", *place]) == 0
    login, password = (line.split()[1] for line in capsys.readouterr().out.splitlines())
    assert main(["token", "new", "--org", "meadow", "--scopes", "read,issue", "--days", "9", *place]) == 0
    token = capsys.readouterr().out.strip()
    wallet = make_service("wallet", read_settings("wallet", {}, data=tmp_path))
    try:
        directory = wallet.state.kit.directory
        assert directory.check_password(login, password).org == "meadow"
        assert {scope.value for scope in directory.find_token(token, now=now()).scopes} == {"read", "issue"}
        assert list(wallet.state.wallet.products.hosts("meadow")) == ["meadow.example"]
    finally:
        wallet.state.close()
    for wrong in (
        ["org", "add", "meadow"],
        ["org", "add", "Not A Name"],
        ["token", "new", "--org", "who", "--scopes", "read"],
    ):
        assert main([*wrong, *place]) == 64
    assert (
        main(
            ["org", "add", "x", "--service", "issuer", "--product-host", "x.example", "--data", str(tmp_path)]
        )
        == 64
    )
