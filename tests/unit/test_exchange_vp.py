"""OpenID4VP 1.0: a signed request, its question, and an answer that belongs to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.support.forging import token
from tests.support.keys import ED25519, OTHER_ED25519, signer

from certweave.canon.jcs import canonicalize
from certweave.errors import ExchangeError, MalformedError
from certweave.exchange.dcql import make_query, parse_query
from certweave.exchange.dcql_match import Held, check_answers, find_places, match_query, select_claim
from certweave.exchange.vp_request import (
    TYP,
    VP_FORMATS,
    PresentationRequest,
    RequestLink,
    check_request,
    make_client_id,
    make_request_link,
    parse_request,
    parse_request_link,
    sign_request,
    verify_request,
)
from certweave.exchange.vp_response import (
    PresentationResponse,
    RefusalResponse,
    check_state,
    make_refusal_body,
    make_response_answer,
    make_response_body,
    make_vp_token,
    parse_response,
    parse_response_answer,
)
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.token import HIDDEN

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
VERIFIER = "did:web:verifier.example"
POST = "https://verifier.example/responses/1"
VC = "https://www.w3.org/2018/credentials#VerifiableCredential"
SCOPE = "https://vocab.example/ScopeCertificate"
QUERY = make_query("scope", format="vc+jwt", types=((VC, SCOPE),), claims=(("credentialSubject", "id"),))
LINK = RequestLink(f"decentralized_identifier:{VERIFIER}", "https://verifier.example/requests/1")


def request_payload(**changes: Any) -> dict[str, Any]:
    """What a request object says, with members changed, or taken out by None."""
    payload = {
        "aud": "https://self-issued.me/v2",
        "client_id": f"decentralized_identifier:{VERIFIER}",
        "client_metadata": {"vp_formats_supported": dict(VP_FORMATS)},
        "dcql_query": QUERY,
        "nonce": "n-0S6_WzA2Mj~.",
        "response_mode": "direct_post",
        "response_type": "vp_token",
        "response_uri": POST,
        "state": "s",
    } | changes
    return {name: value for name, value in payload.items() if value is not None}


def request_token(**changes: Any) -> str:
    return sign_compact(canonicalize(request_payload(**changes)), {"typ": TYP}, signer(did=VERIFIER))


def read(token: str) -> PresentationRequest:
    return parse_request(token, limits=DEFAULT_LIMITS)


def signed(issued_at: datetime = NOW, expires_at: datetime = NOW + timedelta(minutes=10)) -> str:
    return sign_request(
        signer(did=VERIFIER),
        response_uri=POST,
        nonce="n0nce",
        state="st4te",
        query=QUERY,
        issued_at=issued_at,
        expires_at=expires_at,
        limits=DEFAULT_LIMITS,
    )


# --- requests ---------------------------------------------------------------------------------------------


def test_a_request_comes_back() -> None:
    request = read(signed())
    check_request(request, LINK, now=NOW, limits=DEFAULT_LIMITS)
    verify_request(request, ED25519.public)
    assert request.client_id == make_client_id(VERIFIER) == LINK.client_id
    assert (request.response_uri, request.nonce, request.state) == (POST, "n0nce", "st4te")
    assert request.query == parse_query(QUERY, limits=DEFAULT_LIMITS)


def test_a_link_comes_back() -> None:
    for base in ("openid4vp://", "https://wallet.example/requests"):
        link = make_request_link(LINK.client_id, LINK.request_uri, base=base)
        assert parse_request_link(link, limits=DEFAULT_LIMITS) == LINK
    assert parse_request_link(f"{link}&request_uri_method=post", limits=DEFAULT_LIMITS) == LINK


@pytest.mark.parametrize(
    "link",
    [
        "openid4vp://?client_id=x",
        "openid4vp://?request_uri=https://a.example",
        "openid4vp://?client_id=x&request_uri=http://a.example",
        "openid4vp://?client_id=x&request=e30.e30.",
        "openid4vp://?client_id=x&request_uri=https://a.example&request_uri_method=put",
        "openid4vp://?client_id=redirect_uri%3Ahttps%3A%2F%2Fa.example&dcql_query=%7B%7D&nonce=n",
        "haip://?client_id=x&request_uri=https://a.example",
    ],
)
def test_other_links_are_no_requests(link: str) -> None:
    with pytest.raises(MalformedError):
        parse_request_link(link, limits=DEFAULT_LIMITS)


def test_a_request_lies_at_an_https_address() -> None:
    with pytest.raises(MalformedError) as caught:
        make_request_link(LINK.client_id, "http://verifier.example/requests/1")
    assert caught.value.code == "request_link_malformed"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no client": ({"client_id": None}, "request_malformed"),
    "an address as client": ({"client_id": f"redirect_uri:{POST}"}, "client_id_unsigned"),
    "a registered client": ({"client_id": "verifier"}, "client_id_prefix"),
    "a client registered as that": ({"client_id": "redirect_uri"}, "client_id_prefix"),
    "the reserved prefix": ({"client_id": "origin:https://a.example"}, "client_id_prefix"),
    "a bare DID": ({"client_id": VERIFIER}, "client_id_prefix"),
    "no DID": ({"client_id": "decentralized_identifier:x"}, "did_malformed"),
    "another DID": ({"client_id": "decentralized_identifier:did:web:b.example"}, "request_foreign_key"),
    "another response type": ({"response_type": "vp_token id_token"}, "request_malformed"),
    "another response mode": ({"response_mode": "direct_post.jwt"}, "request_malformed"),
    "no response address": ({"response_uri": None}, "request_malformed"),
    "a redirect address": ({"redirect_uri": POST}, "request_malformed"),
    "a scope": ({"scope": "x"}, "request_malformed"),
    "no question": ({"dcql_query": None}, "query_malformed"),
    "no nonce": ({"nonce": None}, "request_malformed"),
    "a time that is none": ({"exp": "tomorrow"}, "request_malformed"),
    "a time that is true": ({"exp": True}, "request_malformed"),
    "a time before all": ({"exp": -1}, "request_malformed"),
    "a time after all": ({"exp": 253_402_300_800}, "request_malformed"),
    "a nonce with a blank": ({"nonce": "a b"}, "request_malformed"),
    "a state with a quote": ({"state": 'a"b'}, "request_malformed"),
    "no metadata": ({"client_metadata": None}, "request_malformed"),
    "no formats": ({"client_metadata": {"vp_formats_supported": {}}}, "request_malformed"),
    "another wallet": ({"aud": "https://wallet.example"}, "request_audience"),
    "transaction data": ({"transaction_data": ["e30"]}, "transaction_data"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_against_the_rules_is_refused(name: str) -> None:
    changes, code = REFUSED[name]
    with pytest.raises(ExchangeError) as caught:
        read(request_token(**changes))
    oauth = "invalid_transaction_data" if name == "transaction data" else "invalid_request"
    assert (caught.value.code, caught.value.oauth) == (code, oauth)


def test_without_holder_binding_a_state_is_needed() -> None:
    asked = {**QUERY["credentials"][0], "require_cryptographic_holder_binding": False}
    read(request_token(dcql_query={"credentials": [asked]}))
    with pytest.raises(ExchangeError):
        read(request_token(dcql_query={"credentials": [asked]}, state=None))
    assert read(request_token(state=None)).state is None


def test_a_request_may_leave_open_when_it_was_made_and_when_it_ends() -> None:
    request = read(request_token(iat=None, exp=None))
    assert (request.issued_at, request.expires_at) == (None, None)
    check_request(request, LINK, now=NOW, limits=DEFAULT_LIMITS)


def test_a_question_may_ask_for_no_claims() -> None:
    made = make_query("scope", format="vc+jwt", types=((VC, SCOPE),), claims=())
    assert "claims" not in made["credentials"][0]


@pytest.mark.parametrize("typ", ["JWT", "vp+jwt", None])
def test_a_request_names_its_type(typ: str | None) -> None:
    header = {} if typ is None else {"typ": typ}
    with pytest.raises(ExchangeError):
        read(sign_compact(b"{}", header, signer(did=VERIFIER)))


@pytest.mark.parametrize("exp", [0, 253_402_300_799])
def test_a_request_ends_at_any_second_that_a_calendar_has(exp: int) -> None:
    assert read(request_token(exp=exp)).expires_at == datetime.fromtimestamp(exp, UTC)


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        (f"{VERIFIER}#k", None),
        (None, "request_malformed"),
        (VERIFIER, "request_foreign_key"),
        ("did:web:b.example#k", "request_foreign_key"),
        ("#k", "did_malformed"),
        ("k", "did_malformed"),
    ],
)
def test_a_request_names_a_key_of_its_client(kid: str | None, code: str | None) -> None:
    source = token(request_payload(), signer(did=VERIFIER), typ=TYP, kid=kid)
    if code is None:
        assert read(source).kid.text == kid
        return
    with pytest.raises(ExchangeError) as caught:
        read(source)
    assert (caught.value.code, caught.value.oauth) == (code, "invalid_request")


def test_a_moment_without_a_time_zone_is_none() -> None:
    naive = NOW.replace(tzinfo=None)
    for moments in ({"issued_at": naive}, {"expires_at": naive}):
        with pytest.raises(ValueError, match="time zone"):
            signed(**moments)


@pytest.mark.parametrize(
    ("link", "now", "code"),
    [
        (RequestLink(POST, POST), NOW, "request_other_client"),
        (LINK, NOW + timedelta(minutes=15), "request_expired"),
        (LINK, NOW - timedelta(minutes=5, seconds=1), "request_future"),
    ],
)
def test_a_request_fits_its_link_and_time(link: RequestLink, now: datetime, code: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        check_request(read(signed()), link, now=now, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


@pytest.mark.parametrize("now", [NOW - timedelta(minutes=5), NOW + timedelta(minutes=14, seconds=59)])
def test_a_request_holds_for_a_while(now: datetime) -> None:
    check_request(read(signed()), LINK, now=now, limits=DEFAULT_LIMITS)


def test_a_request_under_another_key_does_not_verify() -> None:
    with pytest.raises(ExchangeError) as caught:
        verify_request(read(signed()), OTHER_ED25519.public)
    assert caught.value.oauth == "invalid_request"


# --- questions --------------------------------------------------------------------------------------------


def ask(*ids: str, sets: list[Any] | None = None, **members: Any) -> dict[str, Any]:
    """A question for credentials of these ids, each of the type of its name."""
    credentials = [
        {"id": name, "format": "vc+jwt", "meta": {"type_values": [[f"https://t.example/{name}"]]}} | members
        for name in ids
    ]
    return {"credentials": credentials} | ({} if sets is None else {"credential_sets": sets})


def held(name: str, document: Mapping[str, Any] | None = None, *, number: int = 1) -> Held:
    types = frozenset((VC, f"https://t.example/{name}"))
    return Held(f"{name}{number}", "vc+jwt", types, dict(document or {"name": name}))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"credentials": []},
        {"credentials": [1]},
        ask("a", "a"),
        ask("a b"),
        ask("a", format=""),
        ask("a", meta=None),
        {"credentials": [{"id": "a", "format": "vc+jwt"}]},
        ask("a", meta={"type_values": []}),
        ask("a", meta={"type_values": ["x"]}),
        ask("a", meta={"type_values": [[]]}),
        ask("a", meta={"vct_values": ["x"]}),
        ask("a", multiple="yes"),
        ask("a", claims=[]),
        ask("a", claims=[{"path": []}]),
        ask("a", claims=[{"path": ["x"] * (DEFAULT_LIMITS.depth + 1)}]),
        ask("a", claims=[{"id": 5, "path": ["x"]}]),
        ask("a", claims=[{"path": [-1]}]),
        ask("a", claims=[{"path": [True]}]),
        ask("a", claims=[{"path": [1.5]}]),
        ask("a", claims=[{"path": ["x"], "values": []}]),
        ask("a", claims=[{"path": ["x"], "values": [1.5]}]),
        ask("a", claims=[{"path": ["x"], "values": [None]}]),
        ask("a", claims=[{"id": "c", "path": ["x"]}, {"id": "c", "path": ["y"]}]),
        ask("a", claim_sets=[["c"]]),
        ask("a", claims=[{"path": ["x"]}], claim_sets=[["c"]]),
        ask("a", claims=[{"path": ["x"]}], claim_sets=[["None"]]),
        ask("a", claims=[{"id": "c", "path": ["x"]}], claim_sets=[["d"]]),
        ask("a", claims=[{"id": "c", "path": ["x"]}], claim_sets=[[]]),
        ask("a", trusted_authorities=[]),
        ask("a", trusted_authorities=[{"type": "aki"}]),
        ask("a", sets=[]),
        ask("a", sets=[{"options": []}]),
        ask("a", sets=[{"options": [["b"]]}]),
        ask("a", sets=[{"options": [["a"]], "required": 1}]),
        ask(*(f"c{number}" for number in range(65))),
    ],
)
def test_a_spoilt_question_is_refused(query: Any) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_query(query, limits=DEFAULT_LIMITS)
    assert (caught.value.oauth, caught.value.code) == ("invalid_request", "query_malformed")
    assert (caught.value.path or "").startswith("/dcql_query")


PERSON = {
    "name": "Arthur Dent",
    "address": {"locality": "Milliways"},
    "degrees": [{"type": "BSc"}, {"type": "MSc", "year": 1}],
    "nationalities": ["British", "Betelgeusian"],
    "mixed": [{"a": 1}, 2],
}


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        (["name"], ["Arthur Dent"]),
        (["address", "locality"], ["Milliways"]),
        (["degrees", None, "type"], ["BSc", "MSc"]),
        (["degrees", None, "year"], [1]),
        (["nationalities", 1], ["Betelgeusian"]),
        (["nationalities", 2], []),
        (["name", "x"], []),
        (["name", 0], []),
        (["address", None], []),
        (["mixed", None, "a"], []),
        (["gone"], []),
    ],
)
def test_a_path_selects(path: list[Any], selected: list[Any]) -> None:
    """The examples of §7.3, and the errors of §7.1.1."""
    assert [value for _, value in select_claim(PERSON, path)] == selected


@pytest.mark.parametrize(
    ("members", "matched"),
    [
        ({}, True),
        ({"meta": {}}, True),
        ({"meta": {"type_values": [["x"], [VC]]}}, True),
        ({"meta": {"type_values": [[VC, "x"]]}}, False),
        ({"format": "ldp_vc"}, False),
        ({"format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}}, False),
        ({"trusted_authorities": [{"type": "aki", "values": ["x"]}]}, False),
        ({"claims": [{"path": ["name"]}]}, True),
        ({"claims": [{"path": ["name"]}, {"path": ["gone"]}]}, False),
        ({"claims": [{"path": ["name"], "values": ["Ford", "Arthur Dent"]}]}, True),
        ({"claims": [{"path": ["name"], "values": ["Ford"]}]}, False),
        ({"claims": [{"path": ["degrees", 1, "year"], "values": [1]}]}, True),
        ({"claims": [{"path": ["degrees", 1, "year"], "values": [True]}]}, False),
        ({"claims": [{"path": ["degrees", 1, "year"], "values": ["1"]}]}, False),
        ({"claims": [{"path": ["nationalities", None], "values": ["British"]}]}, True),
        (
            {
                "claims": [{"id": "a", "path": ["gone"]}, {"id": "b", "path": ["name"]}],
                "claim_sets": [["a"], ["b"]],
            },
            True,
        ),
        (
            {
                "claims": [{"id": "a", "path": ["gone"]}, {"id": "b", "path": ["name"]}],
                "claim_sets": [["a", "b"], ["a"]],
            },
            False,
        ),
    ],
)
def test_a_credential_matches(members: dict[str, Any], matched: bool) -> None:
    query = parse_query(ask("a", **members), limits=DEFAULT_LIMITS)
    found = match_query(query, [held("a", PERSON)])
    assert found.answerable is matched
    assert found.candidates == ({"a": ("a1",)} if matched else {})
    assert found.unmet == (() if matched else ("a",))


@pytest.mark.parametrize(
    ("meta", "matched"),
    [
        ({"vct_values": ["urn:x:y"]}, True),
        ({"vct_values": ["urn:x:z", "urn:x:general"]}, True),
        ({"vct_values": ["urn:x:z"]}, False),
        ({}, True),
    ],
)
def test_an_sd_jwt_vc_matches_by_its_type(meta: dict[str, Any], matched: bool) -> None:
    """OpenID4VP 1.0 appendix B.3.5; the types of a credential are its vct and aka_vcts."""
    query = parse_query(ask("a", format="dc+sd-jwt", meta=meta), limits=DEFAULT_LIMITS)
    own = Held("a1", "dc+sd-jwt", frozenset(("urn:x:y", "urn:x:general")), {"vct": "urn:x:y"})
    assert match_query(query, [own]).answerable is matched
    other = Held("a1", "vc+sd-jwt", own.types, own.document)
    assert not match_query(query, [other]).answerable


@pytest.mark.parametrize("values", [None, [], "urn:x:y", [1], [""], ["a", "a"], ["x"] * 257])
def test_the_types_of_an_sd_jwt_vc_are_names(values: Any) -> None:
    with pytest.raises(ExchangeError):
        parse_query(ask("a", format="dc+sd-jwt", meta={"vct_values": values}), limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("members", "places"),
    [
        ({}, ()),
        ({"claims": [{"path": ["name"]}]}, ("/name",)),
        (
            {"claims": [{"path": ["address", "locality"]}, {"path": ["address"]}]},
            ("/address/locality", "/address"),
        ),
        ({"claims": [{"path": ["degrees", None, "type"]}]}, ("/degrees/0/type", "/degrees/1/type")),
        ({"claims": [{"path": ["degrees", None, "type"], "values": ["MSc"]}]}, ("/degrees/1/type",)),
        ({"claims": [{"path": ["lots", None]}]}, ("/lots/1", "/lots/2")),
        ({"claims": [{"path": ["lots", 0]}]}, ("/lots/1",)),
        ({"claims": [{"path": ["lots", 2]}]}, ()),
        ({"claims": [{"path": ["a/b~c"]}]}, ("/a~1b~0c",)),
        ({"claims": [{"path": ["name"]}, {"path": ["gone"]}]}, ()),
        (
            {
                "claims": [
                    {"id": "a", "path": ["gone"]},
                    {"id": "b", "path": ["name"]},
                    {"id": "c", "path": ["lots"]},
                ],
                "claim_sets": [["a", "c"], ["b"], ["c"]],
            },
            ("/name",),
        ),
    ],
)
def test_claims_select_places(members: dict[str, Any], places: tuple[str, ...]) -> None:
    """§6.4.1; an element that nobody can see (a decoy, or withheld) counts for no index."""
    [query] = parse_query(ask("a", **members), limits=DEFAULT_LIMITS).credentials
    document = {**PERSON, "lots": [HIDDEN, "L-1", "L-2"], "a/b~c": 1}
    assert find_places(query, document) == places


@pytest.mark.parametrize(
    ("wanted", "bound", "matched"), [(True, True, True), (True, False, False), (False, False, True)]
)
def test_who_wants_the_holder_proven_gets_nothing_else(wanted: bool, bound: bool, matched: bool) -> None:
    query = parse_query(ask("a", require_cryptographic_holder_binding=wanted), limits=DEFAULT_LIMITS)
    found = match_query(query, [replace(held("a", PERSON), bound=bound)])
    assert found.answerable is matched


def test_an_unmet_question_returns_nothing() -> None:
    found = match_query(parse_query(ask("a", "b"), limits=DEFAULT_LIMITS), [held("a")])
    assert (found.answerable, found.candidates, found.selected, found.unmet) == (False, {}, (), ("b",))


SETS = [
    {"options": [["a"], ["b", "c"]]},
    {"options": [["d"]], "required": False},
]


@pytest.mark.parametrize(
    ("names", "selected", "optional", "candidates"),
    [
        ("abcd", ("a",), (("d",),), "abcd"),
        ("abc", ("a",), (), "abc"),
        ("ab", ("a",), (), "a"),
        ("bcd", ("b", "c"), (("d",),), "bcd"),
        ("bd", (), (), ""),
        ("d", (), (), ""),
    ],
)
def test_sets_offer_alternatives(
    names: str, selected: tuple[str, ...], optional: tuple[tuple[str, ...], ...], candidates: str
) -> None:
    query = parse_query(ask(*"abcd", sets=SETS), limits=DEFAULT_LIMITS)
    found = match_query(query, [held(name) for name in names])
    assert (found.selected, found.optional, "".join(found.candidates)) == (selected, optional, candidates)
    assert found.answerable is bool(candidates)


def test_several_may_answer() -> None:
    both = [held("a", number=1), held("a", number=2)]
    query = parse_query(ask("a", multiple=True), limits=DEFAULT_LIMITS)
    assert match_query(query, both).candidates == {"a": ("a1", "a2")}
    check_answers(query, {"a": both})


# --- answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "shown", "code"),
    [
        (ask("a"), {"a": [held("a")]}, None),
        (ask("a", "b"), {"a": [held("a")]}, "answer_incomplete"),
        (ask("a"), {"a": [held("a")], "z": [held("a")]}, "answer_unasked"),
        (ask("a"), {"a": [held("a")] * 2}, "answer_many"),
        (ask("a"), {"a": []}, "answer_many"),
        (ask("a"), {"a": [held("b")]}, "answer_mismatch"),
        (ask("a"), {"a": [None]}, None),
        (ask("a", "b"), {"a": [held("b")], "b": [None]}, "answer_mismatch"),
        (ask("a"), {"a": [held("a")], "z": [None]}, "answer_unasked"),
        (ask("a"), {}, "answer_incomplete"),
        (ask(*"abcd", sets=SETS), {"b": [held("b")], "c": [held("c")]}, None),
        (ask(*"abcd", sets=SETS), {"b": [held("b")]}, "answer_incomplete"),
        (ask(*"abcd", sets=SETS), {"d": [held("d")]}, "answer_incomplete"),
        (ask(*"abcde", sets=SETS), {"a": [held("a")], "e": [held("e")]}, "answer_unasked"),
        (ask("a", sets=[{"options": [["a"]], "required": False}]), {}, "answer_incomplete"),
    ],
)
def test_an_answer_is_held_against_the_question(query: Any, shown: Any, code: str | None) -> None:
    asked = parse_query(query, limits=DEFAULT_LIMITS)
    if code is None:
        check_answers(asked, shown)
        return
    with pytest.raises(ExchangeError) as caught:
        check_answers(asked, shown)
    assert caught.value.code == code


def test_a_response_comes_back() -> None:
    token = make_vp_token({"scope": ["x.y.z"], "b": [{"type": "VerifiablePresentation"}]})
    assert token["scope"] == ["x.y.z"]
    found = parse_response(make_response_body(token, state="s").encode(), limits=DEFAULT_LIMITS)
    assert isinstance(found, PresentationResponse)
    assert found.presentations == {"scope": ("x.y.z",), "b": ({"type": "VerifiablePresentation"},)}
    check_state(found, "s")
    with pytest.raises(ExchangeError) as caught:
        check_state(found, "t")
    assert caught.value.path == "/state"


@pytest.mark.parametrize(("number", "held_up"), [(2, False), (3, True)])
def test_a_response_shows_only_so_many(number: int, held_up: bool) -> None:
    body = make_response_body(make_vp_token({"scope": ["x.y.z"] * number}), state="s").encode()
    limits = replace(DEFAULT_LIMITS, credentials=2)
    if not held_up:
        assert isinstance(parse_response(body, limits=limits), PresentationResponse)
        return
    with pytest.raises(ExchangeError) as caught:
        parse_response(body, limits=limits)
    assert caught.value.path == "/vp_token"


def test_a_refusal_comes_back() -> None:
    body = make_refusal_body("access_denied", description="nothing to show", state="s")
    found = parse_response(body.encode(), limits=DEFAULT_LIMITS)
    assert found == RefusalResponse("access_denied", "nothing to show", "s")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "response_malformed"),
        ({"state": "s"}, "response_malformed"),
        ({"vp_token": "x"}, "json_syntax"),
        ({"vp_token": "[]"}, "json_not_object"),
        ({"vp_token": "{}"}, "response_malformed"),
        ({"vp_token": '{"a": "x.y.z"}'}, "response_malformed"),
        ({"vp_token": '{"a": []}'}, "response_malformed"),
        ({"vp_token": '{"a": [""]}'}, "response_malformed"),
        ({"vp_token": '{"a": [1]}'}, "response_malformed"),
        ({"vp_token": '{"a": ["x"], "a": ["y"]}'}, "json_duplicate_member"),
        ({"vp_token": '{"a": ["x"]}', "error": "access_denied"}, "response_malformed"),
        ({"response": "a.b.c.d.e"}, "response_malformed"),
    ],
)
def test_a_spoilt_response_is_refused(fields: dict[str, str], code: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_response(urlencode(fields).encode(), limits=DEFAULT_LIMITS)
    assert (caught.value.oauth, caught.value.code) == ("invalid_request", code)


def test_the_verifier_may_send_the_holder_on() -> None:
    assert (
        parse_response_answer(make_response_answer(redirect_uri="https://a.example/#x"))
        == "https://a.example/#x"
    )
    assert parse_response_answer(make_response_answer(redirect_uri=None)) is None
    with pytest.raises(MalformedError) as caught:
        parse_response_answer({"redirect_uri": "/relative"})
    assert caught.value.code == "response_answer_malformed"
