"""The clerk's pages: each act through its page, as a browser without JavaScript sends it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from certweave.status.reasons import REASONS
from certweave_edge.accounts import Scope
from certweave_edge.i18n import Languages
from certweave_edge.web import unguarded
from certweave_issuer.pages.words import REASON_WORDS, actor_words
from tests.support.forms import Form, read_form
from tests.support.issuing import SCHEME, Office, open_office, scope_data

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PASSWORD = "correct horse battery"
LIST = "/orgs/fa/"
URL = "/orgs/fa/certificates"
SITE = "/certificationScope/sites/0"
CLASS = "/certificationScope/productClasses/0"
TYPED = {
    "number": "SC-7",
    "/name": "Organic fibre, ginning",
    "/validFrom": "2026-03-01",
    "/validUntil": "2027-02-28",
    "/holder/name": "Sunrise Gin",
    "/holder/id": "did:web:gin.example",
    f"{SITE}/facility/name": "Gin hall 1",
    f"{SITE}/facility/id": "https://register.example/facility/1",
    f"{SITE}/role": "main",
    f"{CLASS}/code": "lint",
    f"{CLASS}/composition/0/material": "cotton-organic",
    f"{CLASS}/composition/0/share": "95",
    f"{CLASS}/labelGrade": "organic",
}
TICKED = [(f"{SITE}/processes", "ginning"), (f"{SITE}/processes", "storage")]


class Desk:
    """A clerk with a browser."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def get(self, url: str) -> httpx.Response:
        return self.office.client.get(url, headers=HTML)

    def post(self, url: str, fields: list[tuple[str, str]]) -> httpx.Response:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.office.client.post(url, content=urlencode(fields), headers={**HTML, **kind})

    def log_in(self, login: str = "clerk@fa.example") -> None:
        form = read_form(self.get("/login").text, "/login")
        answer = self.post("/login", form.filled({"login": login, "password": PASSWORD}))
        assert answer.status_code == 303

    def form(self, url: str, action: str) -> Form:
        answer = self.get(url)
        assert answer.status_code == 200, answer.text
        return read_form(answer.text, action)

    def new(self, kind: str = "scope") -> Form:
        return self.form(f"{URL}/new?{urlencode({'scheme': SCHEME, 'kind': kind})}", "/certificates/new")

    def press(self, number: str, act: str, **values: str) -> httpx.Response:
        """Press the button of an act on the certificate's page, or fill in the page of the act."""
        path = f"{URL}/{number}/acts/{act}"
        form = self.form(path if values else f"{URL}/{number}", f"/acts/{act}")
        return self.post(path, form.filled(values))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        for login, scopes in (
            ("clerk@fa.example", [Scope.ADMIN]),
            ("reader@fa.example", [Scope.READ]),
        ):
            opened.app.state.directory.add_account("fa", login, PASSWORD, scopes, now=opened.world.clock)
        yield opened


@pytest.fixture
def desk(office: Office) -> Desk:
    desk = Desk(office)
    desk.log_in()
    return desk


def state(office: Office, number: str) -> str:
    return str(office.call("GET", f"{URL}/{number}").json()["state"])


def test_an_empty_desk_says_what_to_do(desk: Desk) -> None:
    page = desk.get(LIST).text
    assert "No certificate yet" in page
    assert page.count(f'href="{URL}/new"') == 2
    choices = desk.get(f"{URL}/new").text
    assert "Scope certificate" in choices
    assert "Transaction certificate" in choices


def test_from_the_form_to_an_issued_certificate(desk: Desk, office: Office) -> None:
    form = desk.new()
    answer = desk.post(f"{URL}/new", [*form.filled(TYPED), *TICKED])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/SC-7")
    draft = desk.get(f"{URL}/SC-7").text
    for words in ("A draft", "Gin hall 1", "95", "Ginning", "28 February 2027", "Entered as a draft"):
        assert words in draft
    assert desk.press("SC-7", "approve").status_code == 303
    assert desk.press("SC-7", "issue").status_code == 303
    assert state(office, "SC-7") == "issued"
    page = desk.get(f"{URL}/SC-7").text
    assert "Dated by the ledger on 12 March 2026" in page
    assert "It stands in the public register" in page
    kept = office.issuer.certificates.show("fa", "SC-7").data
    assert kept["certificationScope"]["sites"][0]["processes"] == ["ginning", "storage"]
    assert kept["certificationScope"]["productClasses"][0]["composition"][0]["share"] == 0.95


def test_a_draft_is_changed_until_it_is_approved(desk: Desk, office: Office) -> None:
    desk.post(f"{URL}/new", [*desk.new().filled(TYPED), *TICKED])
    form = desk.form(f"{URL}/SC-7/forms/revise", "/forms/revise")
    changed = form.filled({"/name": "Ginning and storage"})
    assert desk.post(f"{URL}/SC-7/forms/revise", changed).status_code == 303
    assert "Ginning and storage" in desk.get(f"{URL}/SC-7").text
    desk.press("SC-7", "approve")
    late = desk.post(f"{URL}/SC-7/forms/revise", form.filled({"/name": "Too late"}))
    assert late.status_code == 409
    assert "It is no draft any more" in late.text
    assert read_form(late.text, "/forms/revise").value("/name") == "Too late"


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(desk: Desk) -> None:
    wrong = {
        **TYPED,
        "number": "",
        "/validFrom": "tomorrow",
        "/holder/id": "the gin",
        f"{SITE}/role": "",
        f"{CLASS}/composition/0/share": "95,5",
    }
    answer = desk.post(f"{URL}/new", desk.new().filled(wrong))
    assert answer.status_code == 422
    page = answer.text
    for place in ("number", "/validFrom", "/holder/id", f"{SITE}/role", f"{SITE}/processes"):
        assert f'<a href="#f-{place}"' in page
        assert f'id="f-{place}"' in page
    assert page.count('aria-invalid="true"') == 5
    again = read_form(page, "/certificates/new")
    assert again.value("/name") == TYPED["/name"]
    assert again.value("/holder/id") == "the gin"
    assert again.value(f"{CLASS}/composition/0/share") == "95,5"


def test_what_the_service_refuses_stands_at_its_field(desk: Desk) -> None:
    twice = {**TYPED, f"{CLASS}/composition/0/share": "60"}
    form = desk.new()
    fields = [*form.filled(twice), *TICKED, (f"{CLASS}/composition/1/material", "cotton")]
    answer = desk.post(f"{URL}/new", [*fields, (f"{CLASS}/composition/1/share", "50")])
    assert answer.status_code == 422
    assert f'<a href="#f-{CLASS}"' in answer.text
    assert "more than the whole" in answer.text
    ended = desk.post(f"{URL}/new", [*form.filled({**TYPED, "/validUntil": "2026-02-01"}), *TICKED])
    assert "It ends before it starts" in ended.text
    assert 'href="#f-/validUntil"' in ended.text


def test_rows_are_added_and_removed_without_javascript(desk: Desk) -> None:
    form = desk.new("transaction")
    lines = "/transaction/productLines"
    name, value = form.buttons["Add a row: Product lines"]
    fields = [*form.filled({f"{lines}/0/product/name": "Lint"}), (name, value)]
    answer = desk.post(f"{URL}/new", fields)
    assert answer.status_code == 200
    more = read_form(answer.text, "/certificates/new")
    assert more.value(f"{lines}/0/product/name") == "Lint"
    filled = more.filled({f"{lines}/1/product/name": "Waste"})
    name, value = more.buttons["Remove: Product lines 1"]
    less = read_form(desk.post(f"{URL}/new", [*filled, (name, value)]).text, "/certificates/new")
    assert less.value(f"{lines}/0/product/name") == "Waste"
    assert f"{lines}/1/product/name" not in dict(less.fields)
    strange = desk.post(f"{URL}/new", [*more.fields, ("do", "add /transaction/nothing/9")])
    assert strange.status_code == 200


def test_a_long_certificate_fits_its_form(desk: Desk) -> None:
    fields = desk.new("transaction").fields
    row = "/transaction/productLines/{}/{}"
    members = ("product/name", "product/id", "product/model", "product/batch", "productClass", "labelGrade")
    for number in range(1, 150):
        fields += [(row.format(number, member), "typed") for member in (*members, "netWeight/value")]
    answer = desk.post(f"{URL}/new", fields)
    assert answer.status_code == 422
    assert read_form(answer.text, "/certificates/new").value(row.format(148, "product/name")) == "typed"


def test_a_number_stands_for_one_certificate(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-7", scope_data())
    answer = desk.post(f"{URL}/new", [*desk.new().filled(TYPED), *TICKED])
    assert answer.status_code == 409
    assert 'href="#f-number"' in answer.text
    assert "it says something else" in answer.text
    assert read_form(answer.text, "/certificates/new").value("/name") == TYPED["/name"]


def test_suspending_and_reinstating(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    answer = desk.press("SC-1", "suspend", reason="audit_overdue", typed="SC-1")
    assert answer.status_code == 303
    assert state(office, "SC-1") == "suspended"
    page = desk.get(f"{URL}/SC-1").text
    assert "Suspended on 12 March 2026. An audit that was due has not taken place." in page
    assert "/acts/offer" not in page
    assert desk.press("SC-1", "reinstate", reason="audit_done").status_code == 303
    assert state(office, "SC-1") == "issued"


def test_withdrawing_asks_for_reason_day_and_number(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    missing = desk.press("SC-1", "withdraw", typed="SC-1")
    assert missing.status_code == 422
    assert "Choose a reason." in missing.text
    mistyped = desk.press("SC-1", "withdraw", reason="sites_closed", typed="SC-2")
    assert mistyped.status_code == 422
    assert "exactly as it stands" in mistyped.text
    bad_day = desk.press("SC-1", "withdraw", reason="sites_closed", typed="SC-1", effective="soon")
    assert (bad_day.status_code, state(office, "SC-1")) == (422, "issued")
    early = desk.press("SC-1", "withdraw", reason="sites_closed", typed="SC-1", effective="2026-03-10")
    assert early.status_code == 303
    page = desk.get(f"{URL}/SC-1").text
    assert "Withdrawn on 10 March 2026. The certified sites have closed." in page
    assert "/acts/withdraw" not in page
    assert desk.get(f"{URL}/SC-1/acts/withdraw").status_code == 303


def test_a_later_day_is_said_beforehand(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    desk.press("SC-1", "withdraw", reason="sites_closed", typed="SC-1", effective="2026-04-01")
    page = desk.get(f"{URL}/SC-1").text
    assert "In force today, says Fibre Assurance." in page
    assert "It will be withdrawn on 1 April 2026." in page


def test_withdrawing_shows_who_is_touched(desk: Desk, office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    assert "None of your own certificates builds on it" in desk.get(f"{URL}/SC-1/acts/withdraw").text
    batch = {"id": "https://id.example/01/09521234000015/10/L1", "name": "Lint", "batch": "L1"}
    party = {"type": ["Party"], "id": "did:web:gin.example", "name": "Sunrise Gin"}
    weight = {"value": 10, "unit": "KGM"}
    line = {"line": 1, "product": batch, "netWeight": weight, "certifiedWeight": weight}
    data = {
        "name": "Lint sold",
        "holder": {"id": "did:web:gin.example", "name": "Sunrise Gin"},
        "transaction": {
            "seller": party,
            "buyer": {**party, "id": "did:web:spinner.example"},
            "shipments": [{"date": "2026-03-01", "documentNumber": "BL-1"}],
            "productLines": [line],
            "inputs": [{"certificate": made["url"], "weightDrawn": weight}],
        },
    }
    office.issued("transaction", "TC-1", data)
    assert "TC-1" in desk.get(f"{URL}/SC-1/acts/withdraw").text
    assert "TC-1" in desk.get(f"{URL}/SC-1").text
    named = '<span><bdi dir="ltr">SC-1</bdi> <bdi lang="">Organic fibre, ginning</bdi></span></a>'
    assert f'<a href="{URL}/SC-1?version=1">{named}' in desk.get(f"{URL}/TC-1").text
    shown = office.issuer.certificates.show("fa", "TC-1")
    assert named not in desk.get(f"/orgs/fa/credentials/{shown.key}").text


def test_correcting_keeps_what_the_form_does_not_show(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    form = desk.form(f"{URL}/SC-1/forms/correct", "/forms/correct")
    assert form.value("/name") == "Organic fibre, ginning"
    assert form.value(f"{CLASS}/composition/0/share") == "95"
    changes = {"/name": "Organic fibre, ginning and storage", "reason": "error_in_certificate"}
    refused = desk.post(f"{URL}/SC-1/forms/correct", form.filled({**changes, "typed": "SC-2"}))
    assert refused.status_code == 422
    assert 'href="#f-typed"' in refused.text
    again = read_form(refused.text, "/forms/correct")
    assert again.value("/name") == changes["/name"]
    answer = desk.post(f"{URL}/SC-1/forms/correct", again.filled({"typed": "SC-1"}))
    assert answer.status_code == 303
    found = office.issuer.certificates.show("fa", "SC-1")
    assert (found.version, found.name) == (2, changes["/name"])
    assert found.data["certificationScope"]["productClasses"][0]["label"] == {"en": "Cotton lint"}
    old = desk.get(f"{URL}/SC-1?version=1").text
    assert "Replaced by a correction on 12 March 2026. The certificate contained an error." in old
    assert "This is an older version" in old
    assert "Its place is taken by" in old


def test_renewing_under_a_new_number(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    form = desk.form(f"{URL}/SC-1/forms/renew", "/forms/renew")
    dates = {"/validFrom": "2026-03-12", "/validUntil": "2028-02-28"}
    answer = desk.post(f"{URL}/SC-1/forms/renew", form.filled({**dates, "number": "SC-2"}))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/SC-2")
    assert state(office, "SC-2") == "issued"
    assert "Continued by a newer certificate" in desk.get(f"{URL}/SC-1").text


def test_an_offer_is_shown_once(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    form = desk.form(f"{URL}/SC-1", "/acts/offer")
    answer = desk.post(f"{URL}/SC-1/acts/offer", form.fields)
    assert answer.status_code == 200
    assert "openid-credential-offer://" in answer.text
    assert 'class="tx"' in answer.text
    assert '<svg role="img"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    plain = [(name, value) for name, value in form.fields if name != "with_code"]
    assert 'class="tx"' not in desk.post(f"{URL}/SC-1/acts/offer", plain).text
    other = [(name, "dc+sd-jwt" if name == "format" else value) for name, value in form.fields]
    assert "%2Fdc%2Bsd-jwt" in desk.post(f"{URL}/SC-1/acts/offer", other).text


def test_the_list_is_narrowed_by_its_address(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    office.issued("scope", "SC-2", scope_data(name="Another"))
    desk.press("SC-2", "withdraw", reason="sites_closed", typed="SC-2")
    everything = desk.get(LIST).text
    assert "SC-1" in everything
    assert "SC-2" in everything
    withdrawn = desk.get(f"{LIST}?state=withdrawn").text
    assert f"{URL}/SC-2" in withdrawn
    assert f"{URL}/SC-1" not in withdrawn
    assert f"{URL}/SC-1" not in desk.get(f"{LIST}?text=another").text
    assert "No certificate fits" in desk.get(f"{LIST}?kind=label").text
    assert desk.get(f"{LIST}?state=nonsense&kind=nonsense").status_code == 200


def test_the_record_says_who_did_what(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    desk.press("SC-1", "suspend", reason="fees_unpaid", typed="SC-1")
    page = desk.get("/orgs/fa/record").text
    assert "clerk@fa.example" in page
    assert "Suspended" in page
    assert "Issued and signed" in page


def test_a_wallet_is_named_in_the_readers_language() -> None:
    german = Languages(["certweave_edge", "certweave_issuer"]).get("de")
    assert actor_words("wallet", german, {}) == "die Brieftasche des Inhabers"
    assert actor_words("account:wallet", german, {}) == "wallet"


def test_a_program_is_named_by_the_label_of_its_token(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    (token,) = office.app.state.directory.tokens("fa")
    named = f"a program (token \u2068{token.label}\u2069, {token.token_id})"
    assert named in desk.get("/orgs/fa/record").text
    assert named in desk.get("/orgs/fa/certificates/SC-1").text
    assert actor_words("token:gone", Languages(["certweave_edge"]).get("en"), {}) == "a program (token gone)"


def test_four_eyes(tmp_path: Path) -> None:
    with open_office(tmp_path, four_eyes=True) as office:
        office.app.state.directory.add_account(
            "fa", "clerk@fa.example", PASSWORD, [Scope.ADMIN], now=office.world.clock
        )
        desk = Desk(office)
        desk.log_in()
        desk.post(f"{URL}/new", [*desk.new().filled(TYPED), *TICKED])
        answer = desk.press("SC-7", "approve")
        assert answer.status_code == 403
        assert "somebody else must approve it" in answer.text


def test_without_a_receipt_the_page_says_so(desk: Desk, office: Office) -> None:
    office.ledger.down = True
    office.issued("scope", "SC-1", scope_data())
    assert "Not dated by the ledger yet. We ask again by ourselves" in desk.get(f"{URL}/SC-1").text


def test_a_stranger_is_sent_to_the_login(office: Office) -> None:
    desk = Desk(office)
    for url in (LIST, f"{URL}/new", f"{URL}/SC-1", f"{URL}/SC-1/forms/correct", "/orgs/fa/record"):
        answer = desk.get(url)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    for url in (f"{URL}/new", f"{URL}/SC-1/acts/issue", f"{URL}/SC-1/acts/withdraw"):
        assert desk.post(url, []).headers["location"].startswith("/login")


def test_another_organisation_sees_nothing(desk: Desk) -> None:
    for url in ("/orgs/other/", "/orgs/other/certificates/SC-1", "/orgs/other/record"):
        assert desk.get(url).status_code == 404


def test_each_act_needs_the_token_of_its_form(desk: Desk, office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    ruling = [("reason", "sites_closed"), ("typed", "SC-1")]
    for url in ("acts/withdraw", "acts/offer", "acts/approve", "forms/renew", "forms/correct"):
        assert desk.post(f"{URL}/SC-1/{url}", ruling).status_code == 403
    assert desk.post(f"{URL}/new", list(TYPED.items())).status_code == 403
    assert state(office, "SC-1") == "issued"


def test_who_only_reads_is_offered_no_act(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    desk = Desk(office)
    desk.log_in("reader@fa.example")
    page = desk.get(f"{URL}/SC-1").text
    assert "/acts/" not in page
    assert "/forms/" not in page
    assert "New certificate" not in desk.get(LIST).text
    assert desk.get(f"{URL}/SC-1/forms/renew").status_code == 403


def test_a_program_still_gets_json(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    assert office.call("GET", f"{URL}/SC-1").json()["number"] == "SC-1"
    assert office.client.get("/register").json()["certificates"]
    answer = office.client.get("/orgs/fa/credentials/SC-1", headers={"accept": "*/*"})
    assert answer.headers["content-type"] == "application/vc+jwt"


def test_every_page_that_changes_something_is_guarded(office: Office) -> None:
    assert not unguarded(office.app)


def test_reasons_have_the_sentences_of_the_list() -> None:
    assert dict(REASON_WORDS) == {code: reason.sentence for code, reason in REASONS.items()}


@pytest.mark.parametrize("lang", ["de", "ar"])
@pytest.mark.parametrize("kind", ["scope", "transaction", "laboratory", "label", "inventory"])
def test_forms_speak_other_languages(desk: Desk, kind: str, lang: str) -> None:
    page = desk.get(f"{URL}/new?{urlencode({'scheme': SCHEME, 'kind': kind, 'lang': lang})}")
    assert page.status_code == 200
    assert page.headers["content-language"] == lang


@pytest.mark.parametrize("kind", ["delegation", "approval"])
def test_kinds_without_a_form_of_the_scheme_have_one_of_ours(desk: Desk, kind: str) -> None:
    assert desk.new(kind).value("/name") == ""


def data_of(office: Office, number: str) -> Any:
    return office.issuer.certificates.show("fa", number).data


def test_a_delegation_through_its_form(desk: Desk, office: Office) -> None:
    typed = {
        "number": "DG-1",
        "/name": "Acts for the farmer",
        "/holder/name": "Farmers' Co-operative",
        "/holder/id": "did:web:coop.example",
        "/delegation/principal/name": "Ayşe Demir",
        "/delegation/principal/id": "https://register.example/farmer/7",
        "/delegation/delegate/name": "Farmers' Co-operative",
        "/delegation/delegate/id": "did:web:coop.example",
        "/delegation/startDate": "2026-03-01",
        "/delegation/endDate": "2027-03-01",
    }
    ticked = [("/delegation/actions", "hold"), ("/delegation/actions", "present")]
    answer = desk.post(f"{URL}/new", [*desk.new("delegation").filled(typed), *ticked])
    assert answer.status_code == 303, answer.text
    assert data_of(office, "DG-1")["delegation"]["actions"] == ["hold", "present"]
    assert "Keep certificates for them" in desk.get(f"{URL}/DG-1").text
