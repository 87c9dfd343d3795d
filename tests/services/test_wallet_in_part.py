"""SD-JWT of both models, and COSE, in the wallet: kept, shown in part over OpenID4VP, not to the public."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.vc_cose import envelope_cose, sign_credential_cose
from tests.support.asking import ask, look, result
from tests.support.forms import read_form
from tests.support.holding import Purse, open_wallet
from tests.support.keys import P256
from tests.support.selective import as_json, bind, entropy, shorten
from tests.support.verifier import Service
from tests.support.world import Party, plain_credential

VCT = "urn:example:certificate"
ANY = "https://www.w3.org/2018/credentials#VerifiableCredential"
SUBJECT = {"name": "A bale", "grade": "A", "buyer": "Ada Ltd", "lots": ["lot 1", "lot 2", "lot 3"]}
HIDDEN = ("grade", "buyer", "lots/0", "lots/1", "lots/2")


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path / "wallet") as opened:
        yield opened


def issuer_of(purse: Purse) -> Party:
    return purse.world.parties.get("fa") or purse.world.party("fa")


def key_of(purse: Purse, org: str = "mill", purpose: str = "authentication") -> PublicKey:
    found = purse.app.state.identities.signer(org, purpose).public
    assert isinstance(found, PublicKey)
    return found


def ietf(purse: Purse, key: PublicKey | None, **more: Any) -> str:
    """Return an SD-JWT VC about a bale."""
    issuer = issuer_of(purse)
    return sign_sd_jwt_vc(
        {"iss": issuer.did, "vct": VCT, **SUBJECT, **more},
        issuer.signer,
        issued_at=purse.world.clock,
        hidden=[f"/{name}" for name in HIDDEN],
        entropy=entropy(),
        holder=key,
    )


def w3c(purse: Purse, key: PublicKey | None, **more: Any) -> str:
    """Return the same as a W3C credential."""
    issuer = issuer_of(purse)
    contexts = ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://bales.example/terms#"}]
    document = plain_credential(issuer, **{"holder": purse.did(), "@context": contexts, **more})
    document["credentialSubject"] |= SUBJECT
    return sign_credential_sd_jwt(
        document,
        issuer.signer,
        issued_at=purse.world.clock,
        hidden=[f"/credentialSubject/{name}" for name in HIDDEN],
        entropy=entropy(),
        holder=key,
    )


MAKERS = {"dc+sd-jwt": (ietf, []), "vc+sd-jwt": (w3c, ["credentialSubject"])}
each = pytest.mark.parametrize("form", MAKERS)


def make(purse: Purse, form: str, key: PublicKey | None, **more: Any) -> str:
    return MAKERS[form][0](purse, key, **more)


def question(form: str, *paths: list[Any], **more: Any) -> JsonObject:
    """Return a query for one document of a form; paths are of its claims."""
    meta = {"vct_values": [VCT]} if form == "dc+sd-jwt" else {"type_values": [[ANY]]}
    asked: JsonObject = {"id": "bale", "format": form, "meta": meta, **more}
    root = MAKERS[form][1] if form in MAKERS else ["credentialSubject"]
    if paths:
        asked["claims"] = [{"path": [*root, *path]} for path in paths]
    return {"credentials": [asked]}


def answer(purse: Purse, service: Service, query: JsonObject) -> JsonObject:
    """Ask, look, answer; return the one presentation of the result."""
    asked = ask(service, query)
    seen = look(purse, asked)
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert said.status_code == 200, said.text
    [found] = result(service, asked)["presentations"]
    return dict(found)


def claims_of(found: JsonObject) -> JsonObject:
    """Return what was shown about the bale."""
    [document] = found["credentials"]
    return dict(document.get("sdJwtVc") or document["credentialSubject"])


@each
@pytest.mark.parametrize("purpose", ["authentication", "assertionMethod"])
def test_it_is_kept_with_what_can_be_withheld(purse: Purse, form: str, purpose: str) -> None:
    token = make(purse, form, key_of(purse, purpose=purpose))
    kept = purse.keep(token.encode())
    assert (kept["format"], kept["verdict"], kept["issuer"]) == (form, "valid", issuer_of(purse).did)
    # The same in the JSON serialisation is no second document.
    again = purse.call("POST", "/orgs/mill/credentials", {"verifiableCredential": as_json(token)}).json()
    assert again["credentialId"] == kept["credentialId"]
    assert kept["kind"] == ("certificate" if form == "dc+sd-jwt" else "VerifiableCredential")
    whole = purse.call("GET", f"/orgs/mill/credentials/{kept['credentialId']}?view=wallet").json()
    root = "" if form == "dc+sd-jwt" else "/credentialSubject"
    assert whole["withholdable"] == sorted(f"{root}/{name}" for name in HIDDEN)
    assert whole["verifiableCredential"].count("~") == len(HIDDEN) + 1


@each
@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        ((), set()),
        ((["grade"],), {"grade"}),
        ((["grade"], ["buyer"]), {"grade", "buyer"}),
        ((["lots", None],), {"lots/0", "lots/1", "lots/2"}),
        ((["lots"],), {"lots/0", "lots/1", "lots/2"}),
        ((["lots", 0],), {"lots/0"}),
        ((["name"],), set()),
    ],
)
def test_it_is_shown_with_what_was_asked_for(
    purse: Purse, service: Service, form: str, paths: tuple[list[Any], ...], shown: set[str]
) -> None:
    purse.keep(make(purse, form, key_of(purse)).encode())
    query = question(form, *paths)
    [part] = look(purse, ask(service, query))["parts"]
    [choice] = part["choices"].values()
    root = "" if form == "dc+sd-jwt" else "/credentialSubject"
    assert set(choice["shown"]) == {f"{root}/{name}" for name in shown}
    assert len(choice["shown"]) + len(choice["kept"]) == len(HIDDEN)
    found = answer(purse, service, query)
    said = claims_of(found)
    assert found["verdict"] == "valid"
    assert {name for name in ("grade", "buyer") if name in said} == shown & {"grade", "buyer"}
    assert len(said.get("lots", ())) == len(shown - {"grade", "buyer"})
    holder = next(check for check in found["report"]["checks"] if check["step"] == "holder")
    assert holder["code"] == "holder_holds"


@each
def test_a_value_that_was_asked_for_is_shown_alone(purse: Purse, service: Service, form: str) -> None:
    purse.keep(make(purse, form, key_of(purse)).encode())
    query = question(form, ["lots", None])
    query["credentials"][0]["claims"][0]["values"] = ["lot 2"]
    assert claims_of(answer(purse, service, query))["lots"] == ["lot 2"]


@each
def test_of_alternatives_the_first_that_is_there_is_shown(purse: Purse, service: Service, form: str) -> None:
    purse.keep(make(purse, form, key_of(purse)).encode())
    query = question(form, ["weight"], ["grade"], ["buyer"])
    for claim, name in zip(query["credentials"][0]["claims"], "abc", strict=True):
        claim["id"] = name
    query["credentials"][0]["claim_sets"] = [["a", "b"], ["c"], ["b"]]
    said = claims_of(answer(purse, service, query))
    assert ("buyer" in said, "grade" in said) == (True, False)


@each
def test_what_is_asked_for_and_not_there_has_nothing_sent(purse: Purse, service: Service, form: str) -> None:
    purse.keep(make(purse, form, key_of(purse)).encode())
    seen = look(purse, ask(service, question(form, ["grade"], ["weight"])))
    assert (seen["answerable"], seen["missing"]) == (False, ["bale"])
    sent = len(purse.wire.sent)
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert (said.status_code, said.json()["code"]) == (409, "request_unanswerable")
    assert len(purse.wire.sent) == sent


@each
def test_a_place_that_only_the_whole_has_is_not_shown(purse: Purse, service: Service, form: str) -> None:
    """The third lot alone is the first to those who see it: the answer would not be what was asked for."""
    purse.keep(make(purse, form, key_of(purse)).encode())
    seen = look(purse, ask(service, question(form, ["lots", 2])))
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert (said.status_code, said.json()["code"]) == (422, "answer_mismatch")


@each
def test_the_public_sees_nothing_that_could_be_withheld(purse: Purse, form: str) -> None:
    kept = purse.keep(make(purse, form, key_of(purse)).encode())
    path = f"/orgs/mill/credentials/{kept['credentialId']}"
    purse.call("POST", f"{path}/publish")
    for accept in ("text/html", f"application/{form}", "application/json"):
        seen = purse.client.get(path, headers={"accept": accept})
        if accept == "application/json" and form == "dc+sd-jwt":
            assert seen.status_code == 406
            continue
        assert seen.status_code == 200, accept
        assert not any(secret in seen.text for secret in ("Ada Ltd", "lot 1", "grade")), accept
    bare = purse.client.get(path, headers={"accept": f"application/{form}"})
    assert process_sd_jwt(parse_sd_jwt(bare.text, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS).places
    mine = purse.call("GET", path, accept=f"application/{form}")
    assert mine.text.count("~") == len(HIDDEN) + 1
    assert mine.headers["cache-control"] == "no-store"


def test_pages_say_what_is_shown_and_what_stays(purse: Purse, service: Service) -> None:
    kept = purse.keep(ietf(purse, key_of(purse)).encode())
    seen = look(purse, ask(service, question("dc+sd-jwt", ["grade"])))
    purse.log_in()
    document = purse.page(f"/orgs/mill/credentials/{kept['credentialId']}").text
    mine = document.partition("What you can keep to yourself")[2].partition("</section>")[0]
    assert [name in mine for name in ("Grade", "Buyer", "Lots", "Name")] == [True, True, True, False]
    asked = purse.page(f"/orgs/mill/requests/{seen['requestId']}").text
    _, _, shown = asked.partition("They see of it")
    shown, _, stays = shown.partition("You keep")
    assert ("Grade" in shown, "Buyer" in shown, "Buyer" in stays) == (True, False, True)
    assert "They see the whole certificate" not in asked


def test_the_form_names_every_part_that_is_shown(purse: Purse, service: Service) -> None:
    """One part has one answer, the other has two: what is sent is complete all the same."""
    purse.keep(ietf(purse, key_of(purse)).encode())
    for name in ("Wool", "Silk"):
        purse.keep(ietf(purse, key_of(purse), vct="urn:example:other", name=name).encode())
    asked = question("dc+sd-jwt")
    other = {**asked["credentials"][0], "id": "other", "meta": {"vct_values": ["urn:example:other"]}}
    made = ask(service, {"credentials": [*asked["credentials"], other]})
    path = f"/orgs/mill/requests/{look(purse, made)['requestId']}"
    purse.log_in()
    form = read_form(purse.page(path).text, f"{path}/answer")
    names = {name for name, _ in form.fields}
    assert {"choice.bale", "choice.other"} <= names
    sent = purse.client.post(f"{path}/answer", data=dict(form.fields), headers={"accept": "text/html"})
    assert sent.status_code == 303, sent.text
    assert len(result(service, made)["presentations"]) == 2


def test_a_name_that_can_be_withheld_is_not_the_public_name(purse: Purse) -> None:
    issuer = issuer_of(purse)
    token = sign_credential_sd_jwt(
        plain_credential(issuer, holder=purse.did(), name="Order of Ada Ltd"),
        issuer.signer,
        issued_at=purse.world.clock,
        hidden=["/name"],
        entropy=entropy(),
    )
    kept = purse.keep(token.encode())
    assert kept["name"] == "Order of Ada Ltd"
    path = f"/orgs/mill/credentials/{kept['credentialId']}"
    purse.call("POST", f"{path}/publish")
    assert "Ada" not in purse.page(path).text


@pytest.mark.parametrize("bound", [True, False])
def test_a_w3c_credential_bound_to_no_key_is_presented_by_its_holder(
    purse: Purse, service: Service, bound: bool
) -> None:
    purse.keep(w3c(purse, key_of(purse) if bound else None).encode())
    found = answer(purse, service, question("vc+sd-jwt", ["grade"]))
    assert (found["verdict"], found["holder"]) == ("valid", None if bound else purse.did())
    assert claims_of(found)["grade"] == "A"
    assert "buyer" not in claims_of(found)


def test_an_sd_jwt_vc_bound_to_no_key_proves_no_holder(purse: Purse, service: Service) -> None:
    purse.keep(ietf(purse, None, sub=purse.did()).encode())
    assert look(purse, ask(service, question("dc+sd-jwt")))["answerable"] is False


@each
@pytest.mark.parametrize("bound", [True, False])
def test_who_wants_no_holder_gets_the_bare_document(
    purse: Purse, service: Service, form: str, bound: bool
) -> None:
    more = {"sub": purse.did()} if form == "dc+sd-jwt" else {}
    purse.keep(make(purse, form, key_of(purse) if bound else None, **more).encode())
    asked = question(form, ["grade"], require_cryptographic_holder_binding=False)
    seen = look(purse, ask(service, asked))
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert said.status_code == 200
    [token] = json.loads(parse_qs(purse.wire.sent[-1][1].decode())["vp_token"][0])["bale"]
    sd_jwt = parse_sd_jwt(token, limits=DEFAULT_LIMITS)
    assert (sd_jwt.binding, len(sd_jwt.disclosures)) == (None, 1)


@each
def test_after_the_key_changed_it_cannot_be_shown(purse: Purse, service: Service, form: str) -> None:
    purse.keep(make(purse, form, key_of(purse)).encode())
    purse.world.clock += timedelta(seconds=5)
    purse.app.state.identities.rotate_identity("mill")
    purse.world.clock += timedelta(seconds=5)
    assert look(purse, ask(service, question(form)))["answerable"] is False


@pytest.mark.parametrize("enveloped", [True, False])
def test_a_message_of_cose_is_kept_and_presented(purse: Purse, service: Service, enveloped: bool) -> None:
    issuer = issuer_of(purse)
    document = plain_credential(issuer, holder=purse.did())
    message = sign_credential_cose(document, issuer.signer, issued_at=purse.world.clock)
    if enveloped:
        body: Any = {"verifiableCredential": envelope_cose(message)}
        said = purse.call("POST", "/orgs/mill/credentials", body)
    else:
        headers = {"authorization": f"Bearer {purse.tokens['mill']}", "content-type": "application/vc+cose"}
        said = purse.client.post("/orgs/mill/credentials", content=message, headers=headers)
    assert said.status_code == 201, said.text
    assert said.json()["format"] == "vc+cose"
    path = f"/orgs/mill/credentials/{said.json()['credentialId']}"
    assert purse.call("GET", path, accept="application/vc+cose").content == message
    assert purse.call("GET", f"{path}?view=wallet").json()["verifiableCredential"] == envelope_cose(message)
    found = answer(purse, service, question("vc+cose", ["name"]))
    assert (found["verdict"], found["holder"]) == ("valid", purse.did())


def refused(purse: Purse, token: str) -> str:
    said = purse.call("POST", "/orgs/mill/credentials", {"verifiableCredential": token})
    assert said.status_code == 422, said.text
    assert purse.call("GET", "/orgs/mill/credentials").json() == {"credentials": []}
    return str(said.json()["code"])


@each
def test_what_is_bound_to_the_key_of_somebody_else_is_not_kept(purse: Purse, form: str) -> None:
    assert refused(purse, make(purse, form, P256.public)) == "cnf_foreign"
    assert refused(purse, make(purse, form, key_of(purse, "other"))) == "cnf_foreign"


@pytest.mark.parametrize("sub", [None, "did:web:somebody.example", "7"])
def test_an_sd_jwt_vc_that_is_nobodys_is_not_kept(purse: Purse, sub: Any) -> None:
    more = {} if sub is None else {"sub": sub}
    assert refused(purse, ietf(purse, None, **more)) == "holder_foreign"


def test_a_w3c_credential_for_somebody_else_is_not_kept_though_its_key_is_ours(purse: Purse) -> None:
    assert refused(purse, w3c(purse, key_of(purse), holder="did:web:somebody.example")) == "holder_foreign"


@each
def test_what_was_shown_to_somebody_is_not_kept(purse: Purse, form: str) -> None:
    token = bind(make(purse, form, P256.public), purse.world).decode()
    assert refused(purse, token) == "document_presentation"


@each
def test_disclosures_that_the_issuer_did_not_sign_for_are_not_kept(purse: Purse, form: str) -> None:
    token = make(purse, form, key_of(purse))
    first, stranger = token.split("~")[1], ietf(purse, None, grade="B").split("~")[1]
    assert refused(purse, f"{shorten(token)}{stranger}~") == "sd_disclosure_unreferenced"
    assert refused(purse, f"{token}{first}~") == "sd_disclosure_repeated"
