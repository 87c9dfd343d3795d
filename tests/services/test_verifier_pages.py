"""The verifier's pages: the answer first, in words; what is kept and for whom; forms that others send."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.errors import Cause
from certweave.examine.report import Step
from certweave.limits import DEFAULT_LIMITS
from certweave.trust.policy import Policy, Role, Root, TrustedIssuer
from certweave_edge.bundle import parse_bundle
from certweave_verifier.pages.words import HOLDS, MENDS, UNDECIDED
from tests.support.certificates import extension_document
from tests.support.client import Client
from tests.support.selective import ietf, shorten, w3c
from tests.support.verifier import PASSWORD, Service, open_verifier
from tests.support.world import Party, World, plain_credential

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("fa")


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Service]:
    sample = {"name": {"en": "A passport"}, "link": "https://certs.example/fa/certificates/1"}
    (tmp_path / "samples.json").write_text(json.dumps([sample]), encoding="utf-8")
    with open_verifier(world, tmp_path) as opened:
        yield opened


def certificate(issuer: Party, index: int = 3) -> bytes:
    document = extension_document("ScopeCertificate")
    document["issuer"] = {**document["issuer"], "id": issuer.did, "name": "Fibre <Assurance>"}
    return issuer.issue({**document, "credentialStatus": issuer.entry(index)})


def log_in(client: Client, org: str = "fa") -> str:
    """Log in; return the CSRF token of the session."""
    form = client.get("/login", headers=HTML).text
    data = {"csrf": csrf_of(form), "login": f"clerk@{org}.example", "password": PASSWORD}
    assert client.post("/login", data=data, headers=HTML).status_code == 303
    return csrf_of(client.get("/", headers=HTML).text)


def csrf_of(text: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', text)
    assert found
    return found[1]


def check(client: Client, text: bytes, **data: str) -> tuple[str, str]:
    """Send the form; return the address and the text of the page that it leads to."""
    sent = client.post("/checks", data={"text": text.decode(), **data}, headers=HTML)
    assert sent.status_code == 303, sent.text
    page = client.get(sent.headers["location"], headers=HTML)
    assert page.status_code == 200
    return sent.headers["location"], page.text


def test_the_empty_page_says_what_to_do(service: Service) -> None:
    page = service.client.get("/", headers=HTML)
    assert page.status_code == 200
    assert "Paste the certificate" in page.text
    assert ">A passport</button>" in page.text
    assert "nobody vouches for them here" in page.text
    assert "style=" not in page.text
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []


def test_a_good_certificate_is_told_in_words(service: Service, issuer: Party) -> None:
    _, page = check(service.client, certificate(issuer))
    assert "Everything holds" in page
    assert "The issuer is who signed; nobody vouches for them here." in page
    for words in (
        "Scope certificate",
        "Fibre &lt;Assurance&gt;",
        "Sunrise Gin",
        "1 March 2026 to 1 March 2027",
    ):
        assert words in page
    assert page.count('<li class="valid">') == 9
    assert page.count('<li class="not_applicable">') == 1


def test_an_open_answer_says_who_can_mend_it(service: Service, issuer: Party) -> None:
    token = certificate(issuer)
    service.world.down.add("certs.example")
    address, page = check(service.client, token)
    assert "We could not decide" in page
    assert "status list did not answer" in page
    assert "trying again often helps" in page
    service.world.down.clear()
    again = service.client.post(f"{address}/again", headers=HTML)
    assert "Everything holds" in service.client.get(again.headers["location"], headers=HTML).text


def test_a_withdrawn_certificate_is_no_basis(service: Service, issuer: Party) -> None:
    token = certificate(issuer)
    issuer.set_status(3, True)
    _, page = check(service.client, token)
    assert "It does not hold" in page
    assert "Its issuer has suspended or withdrawn it." in page
    assert "A suspension may end: ask its holder or its issuer" in page
    assert "What it claims" in page
    assert "What it says" not in page


def test_a_spoilt_signature_says_nothing_about_the_key(service: Service, issuer: Party) -> None:
    _, page = check(service.client, certificate(issuer)[:-8] + b"AAAAAAAA")
    assert "It was changed after it was signed, or somebody else signed it." in page
    assert "the signer has such a key" in page
    assert "Sunrise Gin" not in page


def test_a_file_is_checked_like_a_text(service: Service, issuer: Party) -> None:
    files = {"file": ("certificate.jwt", certificate(issuer), "application/octet-stream")}
    sent = service.client.post("/checks", files=files, data={"text": ""}, headers=HTML)
    assert "Everything holds" in service.client.get(sent.headers["location"], headers=HTML).text


def test_a_link_is_fetched(service: Service, issuer: Party) -> None:
    address = "https://certs.example/fa/certificates/1"
    service.world.documents[address] = certificate(issuer)
    for data in ({"link": address}, {"text": address}):
        sent = service.client.post("/checks", data=data, headers=HTML)
        assert "Everything holds" in service.client.get(sent.headers["location"], headers=HTML).text


def test_a_link_without_answer_can_be_tried_again(service: Service, issuer: Party) -> None:
    address = "https://certs.example/fa/certificates/1"
    kept, page = check(service.client, b"", link=address)
    assert "There was no answer at this address" in page
    assert service.client.get(f"{kept}/bundle").status_code == 200
    service.world.documents[address] = certificate(issuer)
    again = service.client.post(f"{kept}/again", headers=HTML)
    assert "Everything holds" in service.client.get(again.headers["location"], headers=HTML).text


@pytest.mark.parametrize("shown", ["grade", ""])
def test_a_part_is_said_to_be_one(service: Service, issuer: Party, shown: str) -> None:
    token = ietf(issuer, "/grade")
    _, page = check(service.client, (token if shown else shorten(token)).encode())
    assert ("Only a part of it may have been shown" in page) is not bool(shown)


@pytest.mark.parametrize("data", [{}, {"text": "  "}, {"text": "a.b.c", "link": "https://a.example/"}])
def test_a_form_that_cannot_be_checked_stays_and_says_why(service: Service, data: dict[str, str]) -> None:
    answer = service.client.post("/checks", data=data, headers=HTML)
    assert answer.status_code == 400
    said = "Give the certificate itself or its address" if "link" in data else "There is nothing to check"
    (field,) = re.findall(r"<textarea[^>]*>[^<]*</textarea>", answer.text)
    assert 'aria-invalid="true" autofocus>' in field
    assert data.get("text", "").strip() + "</textarea>" in field
    assert f'value="{data.get("link", "")}"' in answer.text
    assert f'id="h-text"><strong class="sentence">{said[0].lower()}{said[1:]}' in answer.text
    assert "It was not checked yet" in answer.text
    assert 'href="/?lang=de"' in answer.text
    assert service.client.post("/checks", data=data).json()["code"] in {"input_empty", "input_twice"}


def test_a_program_gets_the_report(service: Service, issuer: Party) -> None:
    sent = service.client.post("/checks", data={"text": certificate(issuer).decode()})
    said = sent.json()
    assert (sent.status_code, said["verdict"]) == (200, "valid")
    assert service.client.get(f"/checks/{said['id']}").json() == said
    saved = service.client.get(f"/checks/{said['id']}/report")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.json()["checks"] == said["checks"]


def test_the_bundle_replays_to_the_same_report(service: Service, issuer: Party) -> None:
    address, _ = check(service.client, certificate(issuer))
    saved = service.client.get(f"{address}/bundle")
    bundle = parse_bundle(saved.content, limits=DEFAULT_LIMITS)
    report = service.world.examine(bundle.source, offline=True, evidence=bundle.evidence)
    assert report.verdict.value == "valid"
    with zipfile.ZipFile(io.BytesIO(saved.content)) as archive:
        assert archive.read("report.json") == service.client.get(f"{address}/report").content


def test_an_anonymous_answer_goes_after_a_while(service: Service, issuer: Party) -> None:
    address, _ = check(service.client, certificate(issuer))
    service.world.clock += timedelta(minutes=31)
    assert service.client.get(address, headers=HTML).status_code == 404


def test_an_organisation_keeps_its_checks_to_itself(service: Service, issuer: Party) -> None:
    assert service.client.get("/checks", headers=HTML).status_code == 303
    csrf = log_in(service.client)
    assert "Nothing was checked yet" in service.client.get("/checks", headers=HTML).text
    refused = service.client.post("/checks", data={"text": "a.b.c"}, headers=HTML)
    assert refused.status_code == 403
    address, _ = check(service.client, certificate(issuer), csrf=csrf)
    assert address in service.client.get("/checks", headers=HTML).text
    service.client.cookies.clear()
    assert service.client.get(address, headers=HTML).status_code == 404
    log_in(service.client, "other")
    assert service.client.get(address, headers=HTML).status_code == 404
    assert service.client.get(f"{address}/bundle", headers=HTML).status_code == 404
    assert address not in service.client.get("/checks", headers=HTML).text


def test_another_site_cannot_send_the_form(service: Service, issuer: Party) -> None:
    headers = {**HTML, "sec-fetch-site": "cross-site"}
    answer = service.client.post("/checks", data={"text": certificate(issuer).decode()}, headers=headers)
    assert answer.status_code == 403


def test_the_policy_is_told_in_words(world: World, issuer: Party, tmp_path: Path) -> None:
    trusted = TrustedIssuer(issuer.did, "Fibre Assurance", ("ScopeCertificate", "Bale<1>"))
    known, other = "https://ofs.example/scheme/organic-fibre", "https://x.example/scheme"
    owner = Root("did:web:ofs.example", "Foundation", Role.SCHEME_OWNER, (known, other))
    policy = Policy("buyers of cotton", roots=(owner,), issuers=(trusted,))
    with open_verifier(world, tmp_path, policy=policy) as service:
        page = service.client.get("/policy", headers=HTML).text
        assert "Fibre Assurance" in page
        assert "buyers of cotton" in page
        assert "Scope certificate, <code>Bale&lt;1&gt;</code>" in page
        assert f"Organic Fibre Standard <code>{known}</code>, <code>{other}</code>" in page
        assert service.client.get("/policy").json() == policy.to_json()
        _, answer = check(service.client, certificate(issuer))
        assert "The policy trusts the one who issued it." in answer


def test_being_known_is_not_being_checked(world: World, tmp_path: Path) -> None:
    mill = world.party("mill")
    trusted = TrustedIssuer(mill.did, "Mill", ("VerifiableCredential",))
    with open_verifier(world, tmp_path, policy=Policy("buyers", issuers=(trusted,))) as service:
        _, page = check(service.client, mill.issue(plain_credential(mill, holder=mill.did)))
    assert "they say it about themselves" in page
    assert "The policy trusts the one who issued it." not in page


def test_asking_and_seeing_the_request(service: Service) -> None:
    csrf = log_in(service.client)
    page = service.client.get("/asked", headers=HTML).text
    assert "You have asked nobody yet" in page
    data = {"preset": "scope-certificate", "purpose": "We order yarn & more.", "csrf": csrf}
    made = service.client.post("/asked", data=data, headers=HTML)
    assert made.status_code == 303
    page = service.client.get(made.headers["location"], headers=HTML).text
    assert "We order yarn &amp; more." in page
    assert "openid4vp://?" in page
    assert 'class="qr"' in page
    service.client.cookies.clear()
    log_in(service.client, "other")
    assert service.client.get(made.headers["location"], headers=HTML).status_code == 404


@pytest.mark.parametrize(("lang", "words"), [("de", "Alles, was zutrifft"), ("ar", 'dir="rtl"')])
def test_pages_speak_other_languages(service: Service, issuer: Party, lang: str, words: str) -> None:
    address, _ = check(service.client, certificate(issuer))
    assert words in service.client.get(f"{address}?lang={lang}", headers=HTML).text


def test_a_name_with_percent_signs_breaks_no_page(service: Service, issuer: Party) -> None:
    document = plain_credential(issuer, name="100 % cotton %(s)s {x} <b>")
    _, page = check(service.client, issuer.issue(document))
    assert "100 % cotton %(s)s {x} &lt;b&gt;" in page


def test_each_cause_and_step_has_its_words() -> None:
    assert set(MENDS) == set(Cause)
    assert {cause for cause, step in UNDECIDED if step is None} == set(Cause)
    assert set(HOLDS) == set(Step)


def test_a_credential_with_selective_disclosure_is_told_too(service: Service, issuer: Party) -> None:
    for token in (w3c(issuer, "/credentialSubject/name"), ietf(issuer, "/name", bound=True)):
        _, page = check(service.client, token.encode())
        assert "Everything holds" in page
        assert issuer.did in page


def test_what_an_sd_jwt_vc_says_is_told(service: Service, issuer: Party) -> None:
    """Its type by its own name, claims by theirs, and a document in it (SD-JWT VCLD) as any other."""
    inner = {"name": "Lint sold", "credentialSubject": {"issuedToParty": {"name": "Sunrise Gin"}}}
    plain = ietf(issuer, vct="https://bales.example/types/Bale", exp=1_900_000_000)
    for token, told in (
        (
            plain,
            ("Bale", "https://bales.example/types/Bale", "A bale", '<dt><bdi lang="">grade', "17 March 2030"),
        ),
        (ietf(issuer, ld=inner), ("certificate", "Lint sold", "Sunrise Gin")),
    ):
        _, page = check(service.client, token.encode())
        said = page.partition("What it says")[2]
        assert [words for words in told if words not in said] == []
        assert "Scope certificate" not in said
