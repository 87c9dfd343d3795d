"""The pages of the wallet: what they say, in which order, in which language, and what their forms do."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from tests.support.holding import Purse, facility, open_wallet, product
from tests.support.world import plain_credential

GTIN = "09521234543213"


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path) as opened:
        opened.log_in()
        yield opened


def said_at(name: str, page: str) -> str:
    """Return what stands at a field that is wrong, where the keyboard begins."""
    (field,) = re.findall(rf'<(?:input|select|textarea) id="f-{name}"[^>]*>', page)
    assert 'aria-invalid="true" autofocus' in field
    (said,) = re.findall(rf'<p class="help" id="h-{name}"><strong>(.*?)</strong>', page)
    return str(said)


def test_an_empty_wallet_says_what_to_do_next(purse: Purse) -> None:
    assert "Ask your certifier for a link" in purse.page("/orgs/mill/").text
    assert "Ask the operator of this wallet" in purse.page("/orgs/mill/products").text
    assert "they send you a link" in purse.page("/orgs/mill/requests").text


def test_the_list_leads_to_each_document(purse: Purse) -> None:
    issuer = purse.world.party("fa")
    kept = purse.keep(issuer.issue(plain_credential(issuer, holder=purse.did(), name="Bale <1>")))
    page = purse.page("/orgs/mill/").text
    assert f'href="/orgs/mill/credentials/{kept["credentialId"]}"' in page
    assert "Bale &lt;1&gt;" in page
    found = purse.page(f"/orgs/mill/credentials/{kept['credentialId']}").text
    assert "Examined, and everything holds" in found
    assert found.count('<li class="valid">') >= 6
    assert f"{issuer.did}#" not in found.partition("What your wallet found")[2].partition("</ol>")[0]


@pytest.mark.parametrize(("lang", "words"), [("de", "Wer es sieht"), ("ar", "من يراها")])
def test_pages_speak_other_languages(purse: Purse, lang: str, words: str) -> None:
    purse.issue("facility", "F-1", facility())
    page = purse.page(f"/orgs/mill/credentials/F-1?lang={lang}").text
    assert words in page
    assert ('dir="rtl"' in page) is (lang == "ar")


def test_a_document_is_issued_by_form_and_shown(purse: Purse) -> None:
    fields = {
        "kind": "facility",
        "number": "F-1",
        "name": "Mill",
        "process": "Spinning",
        "street": "Road 1",
        "postcode": "64000",
        "town": "Uşak",
        "region": "Uşak",
        "facilityId": "https://mill.example/hall",
        "country": "tr",
    }
    answer = purse.submit("/orgs/mill/issue", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orgs/mill/credentials/F-1")
    purse.submit("/orgs/mill/credentials/F-1/publish")
    page = purse.page("/orgs/mill/credentials/F-1").text
    assert "Everybody who has the address" in page
    assert "https://wallet.example/orgs/mill/credentials/F-1" in page
    purse.client.cookies.clear()
    assert "This page has not examined it" in purse.page("/orgs/mill/credentials/F-1").text


def test_what_a_rule_refuses_stands_beside_the_field(purse: Purse) -> None:
    purse.wallet.products.add_host("mill", "mill.example")
    fields = {"kind": "passport", "number": "P-1", "name": "Sock <b>", "gtin": "09521234543214"}
    answer = purse.submit("/orgs/mill/issue", **fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Sock &lt;b&gt;"' in answer.text
    assert "the code is mistyped" in answer.text


def test_withdrawing_asks_for_the_number(purse: Purse) -> None:
    purse.issue("facility", "F-1", facility())
    wrong = purse.submit("/orgs/mill/credentials/F-1/withdraw", reason="sites_closed", number="F-2")
    assert wrong.status_code == 400
    assert "<details open><summary>Withdraw it</summary>" in wrong.text
    assert said_at("number", wrong.text) == "the number typed is another one. Nothing was withdrawn."
    assert 'href="/orgs/mill/credentials/F-1?lang=de"' in wrong.text
    purse.submit("/orgs/mill/credentials/F-1/withdraw", reason="sites_closed", number="F-1")
    assert "Withdrawn on 12 March 2026" in purse.page("/orgs/mill/credentials/F-1").text


@pytest.mark.parametrize(("path", "name"), [("offers", "offer"), ("requests", "url")])
def test_a_link_that_leads_nowhere_stays_to_be_mended(purse: Purse, path: str, name: str) -> None:
    page = purse.submit(f"/orgs/mill/{path}", **{name: "https://nowhere.example/<x>"})
    assert page.status_code >= 400
    assert 'value="https://nowhere.example/&lt;x&gt;"' in page.text
    assert said_at(name, page.text).endswith(" Check the link, or ask for a new one.")
    (german,) = re.findall(r'<a href="([^"]*)" lang="de"', page.text)
    assert purse.page(german).status_code == 200


def test_a_certificate_that_cannot_be_kept_stays_to_be_mended(purse: Purse) -> None:
    page = purse.submit("/orgs/mill/credentials", verifiableCredential="</textarea><x>")
    assert page.status_code == 400
    assert 'rows="6"' in page.text
    assert ">&lt;/textarea&gt;&lt;x&gt;</textarea>" in page.text
    assert "<details open><summary>You have the certificate as a text</summary>" in page.text
    assert said_at("verifiableCredential", page.text).endswith(" Nothing was kept.")
    assert page.text.count("autofocus") == 1
    empty = purse.submit("/orgs/mill/credentials")
    assert said_at("verifiableCredential", empty.text).endswith(" Nothing was kept.")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("gtin", "09521234543214", "the last digit does not fit the others: the code is mistyped"),
        ("gtin", "12 <b>", "a GTIN has 14 digits here; shorter ones are filled up with zeros at the front"),
        ("lot", "ü", "a lot has 1 to 20 characters of GS1&#39;s set"),
        ("serial", "x" * 21, "a serial number has 1 to 20 characters of GS1&#39;s set"),
        ("passport", "", "passport is missing"),
    ],
)
def test_a_product_that_cannot_be_registered_stays_to_be_mended(
    purse: Purse, name: str, value: str, said: str
) -> None:
    purse.wallet.products.add_host("mill", "mill.example")
    purse.issue("passport", "P-1", product())
    purse.submit("/orgs/mill/credentials/P-1/publish")
    page = purse.submit("/orgs/mill/products", **{"gtin": GTIN, "lot": "17", "passport": "P-1", name: value})
    assert page.status_code in {400, 422}
    assert said_at(name, page.text) == f"{said}. Nothing was registered."
    kept = {"gtin": GTIN, "lot": "17", name: value}
    assert all(f'value="{escape(kept[one])}"' in page.text for one in ("gtin", "lot"))


def test_what_is_wrong_with_no_field_of_a_product_is_said_above_them(purse: Purse) -> None:
    page = purse.submit("/orgs/mill/products", gtin=GTIN, passport="P-1").text
    assert "this organisation answers for 0 hosts; name the one. Nothing was registered." in page
    for host in ("mill.example", "brand.example"):
        purse.wallet.products.add_host("mill", host)
    purse.issue("passport", "P-1", product())
    purse.submit("/orgs/mill/credentials/P-1/publish")
    page = purse.submit("/orgs/mill/products", gtin=GTIN, passport="P-2", host="brand.example").text
    assert "there is no such document. Nothing was registered." in page
    assert '<option value="brand.example" selected>' in page
    assert 'aria-invalid="true"' not in page


def test_a_form_without_its_token_is_refused(purse: Purse) -> None:
    purse.issue("facility", "F-1", facility())
    answer = purse.client.post(
        "/orgs/mill/credentials/F-1/publish", data={"csrf": "x"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 403


def test_the_card_has_a_code(purse: Purse) -> None:
    issuer = purse.world.party("fa")
    kept = purse.keep(issuer.issue(plain_credential(issuer, holder=purse.did())))
    page = purse.page(f"/orgs/mill/credentials/{kept['credentialId']}/card").text
    assert '<svg role="img"' in page
    assert "https://certs.example/credentials/1" in page
    purse.submit(f"/orgs/mill/credentials/{kept['credentialId']}/publish")
    page = purse.page(f"/orgs/mill/credentials/{kept['credentialId']}/card").text
    assert f"https://wallet.example/orgs/mill/credentials/{kept['credentialId']}" in page


def test_a_product_is_registered_by_form(purse: Purse) -> None:
    purse.wallet.products.add_host("mill", "mill.example")
    purse.issue("passport", "P-1", product())
    assert "Issue one and show it to everybody" in purse.page("/orgs/mill/products").text
    purse.submit("/orgs/mill/credentials/P-1/publish")
    assert purse.submit("/orgs/mill/products", gtin=GTIN, lot="17", passport="P-1").status_code == 303
    page = purse.page("/orgs/mill/products").text
    assert f"https://mill.example/01/{GTIN}/10/17" in page
    assert '<svg role="img"' in page


def test_the_start_leads_members_to_their_documents(purse: Purse) -> None:
    assert purse.page("/").headers["location"] == "/orgs/mill/"
    purse.client.cookies.clear()
    assert "Log in" in purse.page("/").text
