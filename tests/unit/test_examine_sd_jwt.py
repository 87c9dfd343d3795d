"""SD-JWT in an examination: W3C's form and SD-JWT VC through all ten steps, alone and presented."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.keys import P384
from tests.support.selective import ASKED, VERIFIER, bind, by_hand, entropy, ietf, shorten, w3c
from tests.support.world import START, Party, World, code_of, outcome, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.examine.expectation import Expectation
from certweave.examine.model import SD_JWT_VC
from certweave.examine.report import Report, Verdict
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt, sign_presentation_sd_jwt
from certweave.proof.vc_jwt import envelope


def notes(report: Report) -> set[str]:
    return {note.code for note in report.notes}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("issuer")


def test_a_w3c_credential_is_judged_by_what_was_disclosed(world: World, issuer: Party) -> None:
    token = w3c(issuer, "/credentialSubject/name")
    whole, part = world.examine(token.encode()), world.examine(shorten(token).encode())
    assert (whole.verdict, part.verdict) == (Verdict.VALID, Verdict.VALID)
    assert whole.document == plain_credential(issuer)
    assert part.document is not None
    assert part.document["credentialSubject"] == {"id": "did:example:holder"}
    assert "sd_withheld" in notes(part)
    assert "sd_withheld" not in notes(whole)


def test_a_receipt_dates_what_the_issuer_signed(world: World, issuer: Party) -> None:
    token = w3c(issuer, "/credentialSubject/name")
    world.date(token)
    world.clock += timedelta(days=30)
    issuer.rotate()
    assert world.examine(shorten(token).encode()).verdict is Verdict.VALID


@pytest.mark.parametrize("asked", [True, False])
def test_a_holder_shows_it_with_a_key_binding(world: World, issuer: Party, asked: bool) -> None:
    for token in (w3c(issuer, "/credentialSubject/name", bound=True), ietf(issuer, "/name", bound=True)):
        report = world.examine(bind(shorten(token), world), expect=ASKED if asked else Expectation())
        assert report.verdict is Verdict.VALID
        assert outcome(report, "holder") == "valid:holder_holds"
        expected = "valid:nonce_holds" if asked else "not_applicable:nonce_not_asked"
        assert outcome(report, "nonce") == expected
        assert ("key_binding_age_ignored" in notes(report)) is not asked


def test_a_bound_credential_shown_bare_says_so(world: World, issuer: Party) -> None:
    report = world.examine(ietf(issuer, bound=True).encode())
    assert report.verdict is Verdict.VALID
    assert "key_binding_not_asked" in notes(report)
    free = world.examine(ietf(issuer).encode(), expect=ASKED)
    assert outcome(free, "read") == "invalid:presentation_expected"


def test_envelopes_hold_either_form(world: World, issuer: Party) -> None:
    token = w3c(issuer, "/credentialSubject/name")
    assert envelope(token)["id"].startswith("data:application/vc+sd-jwt,")
    assert world.examine(json.dumps(envelope(token)).encode()).verdict is Verdict.VALID
    for media_type, content, code in (
        ("application/vc+jwt", token, "envelope_malformed"),
        ("application/vc+sd-jwt", token.partition("~")[0], "envelope_malformed"),
        ("application/vc+sd-jwt", ietf(issuer), "input_kind"),
        ("application/vp+sd-jwt", token, "envelope_malformed"),
    ):
        wrong = {**envelope(token), "id": f"data:{media_type},{content}"}
        assert outcome(world.examine(json.dumps(wrong).encode()), "read") == f"invalid:{code}"


def presentation(holder: Party, *tokens: str, **more: Any) -> bytes:
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [envelope(token) for token in tokens],
    }
    return sign_presentation_sd_jwt(
        document,
        holder.signer,
        issued_at=holder.world.clock,
        audience=VERIFIER,
        nonce="n-1",
        entropy=entropy(),
        **more,
    ).encode()


def test_a_presentation_as_sd_jwt(world: World, issuer: Party) -> None:
    holder = world.party("holder")
    mine: dict[str, Any] = {"credentialSubject": {"id": holder.did, "name": "A bale of cotton"}}
    token = w3c(issuer, "/credentialSubject/name", **mine)
    report = world.examine(presentation(holder, token), expect=ASKED)
    assert report.verdict is Verdict.VALID
    assert outcome(report, "audience") == "valid:audience_holds"
    held = json.dumps(envelope(presentation(holder, token).decode(), presentation=True)).encode()
    assert world.examine(held, expect=ASKED).verdict is Verdict.VALID
    assert world.examine(held, expect=Expectation(VERIFIER, "n-2")).verdict is Verdict.INVALID


def test_a_bound_credential_inside_a_presentation_needs_its_key(world: World, issuer: Party) -> None:
    holder = world.party("holder")
    mine: dict[str, Any] = {"credentialSubject": {"id": holder.did}}
    bare = w3c(issuer, bound=True, **mine)
    report = world.examine(presentation(holder, bare), expect=ASKED)
    assert outcome(report, "holder") == "invalid:key_binding_missing"
    assert world.examine(presentation(holder, bare)).verdict is Verdict.VALID
    good = bind(bare, world).decode()
    assert world.examine(presentation(holder, good), expect=ASKED).verdict is Verdict.VALID
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"nonce": "n-2"}, "nonce_wrong"),
        ({"audience": "x"}, "audience_wrong"),
    ]
    for more, code in wrong:
        other = bind(bare, world, **more).decode()
        report = world.examine(presentation(holder, other), expect=ASKED)
        assert outcome(report, "holder") == f"invalid:{code}"
    own = sign_credential_sd_jwt(
        plain_credential(issuer, **mine),
        issuer.signer,
        issued_at=world.clock,
        hidden=(),
        entropy=entropy(),
        holder=holder.key.public,
    )
    assert world.examine(presentation(holder, own), expect=ASKED).verdict is Verdict.VALID


@pytest.mark.parametrize("place", ["/issuer", "/credentialStatus/statusListIndex", "/@context/0", "/exp"])
def test_what_a_verifier_needs_is_never_issued_withholdable(world: World, issuer: Party, place: str) -> None:
    with pytest.raises(InvalidError, match="verifier needs") as caught:
        w3c(issuer, place, credentialStatus=issuer.entry(7), exp=1893456000)
    assert (caught.value.code, caught.value.path) == ("sd_place_needed", place)


def test_nor_is_the_holder_of_a_presentation(issuer: Party) -> None:
    made: JsonObject = {"@context": [], "type": ["VerifiablePresentation"], "holder": issuer.did}
    more: Any = {"audience": "a", "nonce": "n", "hidden": ["/holder"], "entropy": entropy()}
    with pytest.raises(InvalidError) as caught:
        sign_presentation_sd_jwt(made, issuer.signer, issued_at=issuer.world.clock, **more)
    assert (caught.value.code, caught.value.path) == ("sd_place_needed", "/holder")


@pytest.mark.parametrize("name", ["iss", "vct", "exp", "nbf", "status", "cnf"])
def test_nor_are_the_claims_that_the_text_names(issuer: Party, name: str) -> None:
    """draft-ietf-oauth-sd-jwt-vc §2.2.2.3."""
    with pytest.raises(InvalidError) as caught:
        ietf(issuer, f"/{name}", bound=True, exp=1893456000, nbf=0, status={"status_list": {}})
    assert (caught.value.code, caught.value.path) == ("sd_place_needed", f"/{name}")


def test_validity_claims_may_not_come_as_disclosures(world: World, issuer: Party) -> None:
    token = by_hand(issuer, {**plain_credential(issuer), "exp": 1893456000}, "vc+sd-jwt", "/exp")
    assert outcome(world.examine(token), "proof") == "invalid:sd_claim_withholdable"
    other = by_hand(issuer, {"iss": issuer.did, "vct": "urn:x:y", "exp": 1893456000}, "dc+sd-jwt", "/exp")
    assert outcome(world.examine(other), "model") == "invalid:sd_claim_withholdable"
    needed = by_hand(issuer, plain_credential(issuer), "vc+sd-jwt", "/type/0")
    report = world.examine(needed)
    assert report.verdict is Verdict.VALID
    assert "sd_needed_hidden" in notes(report)


ENTRIES = ("/credentialStatus/0", "/credentialStatus/0/statusListIndex", "/credentialStatus/0/extra")


@pytest.mark.parametrize("place", ["/validFrom", *ENTRIES])
def test_nor_may_the_validity_of_a_credential(world: World, issuer: Party, place: str) -> None:
    """Shown or not: of two entries of a status, the one that says no could be kept back."""
    entry = {**issuer.entry(7), "extra": "x"}
    document = plain_credential(issuer, credentialStatus=[entry, issuer.entry(8)])
    token = by_hand(issuer, document, "vc+sd-jwt", place)
    for shown in (token, shorten(token.decode()).encode()):
        found = outcome(world.examine(shown), "proof")
        # What was withheld at the very top leaves no trace.
        unseen = shown is not token and place == "/validFrom"
        assert found == ("valid:proof_holds" if unseen else "invalid:sd_claim_withholdable")


def test_what_was_withheld_inside_of_a_claim_on_which_validity_hangs(world: World, issuer: Party) -> None:
    claims: JsonObject = {"iss": issuer.did, "vct": "urn:x:y", "cnf": {"jwk": make_public_jwk(P384.public)}}
    hidden = by_hand(issuer, {**claims, "cnf": {**claims["cnf"], "kid": "k"}}, "dc+sd-jwt", "/cnf/kid")
    for shown in (hidden, shorten(hidden.decode()).encode()):
        assert outcome(world.examine(shown), "model") == "invalid:sd_claim_withholdable"


def test_an_sd_jwt_vc_is_judged_by_its_own_rules(world: World, issuer: Party) -> None:
    report = world.examine(ietf(issuer, "/name").encode())
    assert report.verdict is Verdict.VALID
    assert outcome(report, "model") == "valid:model_holds"
    assert report.document is not None
    assert report.document[SD_JWT_VC]["name"] == "A bale"
    assert report.subject == issuer.did
    assert notes(report) == {"type_without_rules"}


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aka_vcts": ["urn:x:z"]}, None),
        ({"aka_vcts": ["urn:x:z", "urn:x:w"]}, None),
        ({"aka_vcts": ["urn:x:z", "urn:x:y"]}, "vct_repeated"),
        ({"vct": None}, "vct_missing"),
        ({"vct": ""}, "vct_malformed"),
        ({"vct": "two words"}, "vct_malformed"),
        ({"vct": 1}, "vct_malformed"),
        ({"aka_vcts": []}, "vct_malformed"),
        ({"aka_vcts": ["urn:x:z", 1]}, "vct_malformed"),
        ({"aka_vcts": ["urn:x:y"]}, "vct_repeated"),
        ({"vct#integrity": 1}, "vct_malformed"),
        ({"cnf": "key"}, "claim_malformed"),
        ({"aka_vcts": "urn:a:b"}, "vct_malformed"),
        ({"status": {}}, "claim_malformed"),
        ({"exp": "tomorrow"}, "claim_malformed"),
    ],
)
def test_rules_of_the_sd_jwt_vc_model(
    world: World, issuer: Party, claims: JsonObject, code: str | None
) -> None:
    full = {"iss": issuer.did, "vct": "urn:x:y", **claims}
    said = {name: value for name, value in full.items() if value is not None}
    assert outcome(world.examine(by_hand(issuer, said, "dc+sd-jwt")), "model") == (
        "valid:model_holds" if code is None else f"invalid:{code}"
    )


def test_the_period_of_an_sd_jwt_vc(world: World, issuer: Party) -> None:
    now = int(START.timestamp())
    over = ietf(issuer, exp=now).encode()
    early = ietf(issuer, nbf=now + 1).encode()
    assert outcome(world.examine(over), "validity") == "invalid:expired"
    assert outcome(world.examine(early), "validity") == "invalid:not_yet_valid"


@pytest.mark.parametrize(
    ("typ", "claims", "place"),
    [
        ("vc+sd-jwt", {}, ("model", "valid:model_holds")),
        (None, {}, ("proof", "invalid:typ_wrong")),
        ("JWT", {}, ("proof", "invalid:typ_wrong")),
        ("vp+sd-jwt", {}, ("model", "invalid:context_first_wrong")),
        ("vc+sd-jwt", {"@context": ["x"]}, ("model", "invalid:context_first_wrong")),
        ("dc+sd-jwt", {"@context": ["x"]}, ("model", "undecided:unsupported")),
        ("dc+sd-jwt", {"@context": None}, ("model", "undecided:unsupported")),
        ("dc+sd-jwt", {"type": "VerifiableCredential"}, ("model", "undecided:unsupported")),
        ("dc+sd-jwt", {"type": ["VerifiablePresentation", {}]}, ("model", "undecided:unsupported")),
        ("vc+sd-jwt", {"type": ["VerifiableCredential"]}, ("model", "undecided:unsupported")),
        ("dc+sd-jwt", {"type": "Certificate"}, ("model", "valid:model_holds")),
        ("application/dc+sd-jwt", {}, ("model", "valid:model_holds")),
        ("DC+SD-JWT", {}, ("model", "valid:model_holds")),
    ],
)
def test_which_of_the_two_forms_it_is(
    world: World, issuer: Party, typ: str | None, claims: JsonObject, place: tuple[str, str]
) -> None:
    report = world.examine(by_hand(issuer, {"iss": issuer.did, "vct": "urn:x:y", **claims}, typ))
    step, found = place
    assert outcome(report, step) == found
    if step == "model" and found.startswith("valid"):
        assert ("typ_older" in notes(report)) is (typ == "vc+sd-jwt")


def test_without_an_issuer_or_with_a_certificate(world: World, issuer: Party) -> None:
    nobody = by_hand(issuer, {"vct": "urn:x:y"}, "dc+sd-jwt")
    assert outcome(world.examine(nobody), "key") == "invalid:issuer_missing"
    other = by_hand(issuer, {"iss": "urn:x:issuer", "vct": "urn:x:y"}, "dc+sd-jwt")
    report = world.examine(other)
    assert outcome(report, "history") == "undecided:unsupported"
    assert code_of(report, "history") == "issuer_unsupported"
    certificate = by_hand(issuer, {"iss": issuer.did, "vct": "urn:x:y"}, "dc+sd-jwt", x5c="MII")
    report = world.examine(certificate)
    assert (outcome(report, "proof"), code_of(report, "proof")) == (
        "undecided:unsupported",
        "x5c_unsupported",
    )


@pytest.mark.parametrize(
    ("respell", "step", "found"),
    [
        (lambda it: f"#{it.partition('#')[2]}", "signature", "valid:signature_holds"),
        (lambda it: "#key-9", "key", "invalid:key_unknown"),
        (lambda it: "#", "key", "invalid:key_unknown"),
        (lambda it: it.partition("#")[2], "proof", "undecided:unsupported"),
    ],
)
def test_a_kid_that_is_a_fragment_is_of_the_issuer(
    world: World, issuer: Party, respell: Callable[[str], str], step: str, found: str
) -> None:
    renamed = KeySigner(respell(issuer.signer.method), issuer.key)
    claims, header = {"iss": issuer.did, "vct": "urn:x:y"}, {"typ": "dc+sd-jwt"}
    token = sign_sd_jwt(claims, renamed, header=header, hidden=(), entropy=entropy())
    assert outcome(world.examine(token.encode()), step) == found


HOST = "https://shop.example/tenant/7"
METADATA = "https://shop.example/.well-known/jwt-vc-issuer/tenant/7"


def web_token(kid: str = "key-1", iss: str = HOST) -> bytes:
    claims = {"iss": iss, "vct": "urn:x:y", "iat": int(START.timestamp())}
    return sign_sd_jwt(
        claims, KeySigner(kid, P384), header={"typ": "dc+sd-jwt"}, hidden=(), entropy=entropy()
    ).encode()


def jwks(**more: Any) -> JsonObject:
    return {"keys": [{**make_public_jwk(P384.public), "kid": "key-1", **more}]}


@pytest.mark.parametrize(
    ("metadata", "step", "found"),
    [
        ({"issuer": HOST, "jwks": jwks()}, "signature", "valid:signature_holds"),
        ({"issuer": HOST + "/", "jwks": jwks()}, "history", "invalid:issuer_mismatch"),
        ({"issuer": HOST}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": jwks(), "jwks_uri": HOST}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks_uri": "http://shop.example/k"}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks_uri": "https://shop.example/k"}, "signature", "valid:signature_holds"),
        ({"issuer": HOST, "jwks_uri": 5}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": {"keys": []}}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": {"keys": 5}}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": {"keys": ["k"]}}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": jwks(kid="other")}, "key", "invalid:key_unknown"),
        ({"issuer": HOST, "jwks": jwks(kid=1)}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": jwks(kid="")}, "history", "invalid:issuer_metadata"),
        ({"issuer": HOST, "jwks": jwks(kty="AKP")}, "key", "undecided:unsupported"),
        (
            {"issuer": HOST, "jwks": {"keys": jwks()["keys"] * 2}},
            "history",
            "invalid:issuer_metadata",
        ),
        (None, "history", "undecided:unreachable"),
    ],
)
def test_an_issuer_that_is_a_web_address(
    world: World, metadata: JsonObject | None, step: str, found: str
) -> None:
    if metadata is not None:
        world.documents[METADATA] = json.dumps(metadata).encode()
    world.documents["https://shop.example/k"] = json.dumps(jwks()).encode()
    report = world.examine(web_token())
    assert outcome(report, step) == found
    if step == "signature":
        assert report.verdict is Verdict.VALID
        assert outcome(report, "history") == "not_applicable:history_none_web"


@pytest.mark.parametrize(
    "iss",
    [
        "https://",
        "https://[",
        "https://a@b.example",
        "https://b.example?x",
        "https://b.example/ü",
    ],
)
def test_the_address_of_a_web_issuer(world: World, iss: str) -> None:
    assert outcome(world.examine(web_token(iss=iss)), "history") == "invalid:issuer_address"


def test_tokens_as_json_are_not_read(world: World) -> None:
    source = json.dumps({"payload": "e30", "protected": "e30", "signature": ""}).encode()
    assert outcome(world.examine(source), "read") == "undecided:unsupported"


def test_an_unreferenced_disclosure_is_seen_when_it_is_read(world: World, issuer: Party) -> None:
    extra = base64url_encode(b'["salt", "admin", true]')
    report = world.examine(f"{ietf(issuer)}{extra}~".encode())
    assert outcome(report, "read") == "invalid:sd_disclosure_unreferenced"


@pytest.mark.parametrize(("later", "noted"), [(300, False), (301, True)])
def test_what_a_web_address_said_later_says_nothing_about_then(world: World, later: int, noted: bool) -> None:
    world.documents[METADATA] = json.dumps({"issuer": HOST, "jwks": jwks()}).encode()
    then = world.clock
    world.clock += timedelta(seconds=later)
    report = world.examine(web_token(), at=then)
    assert ("history_none_then" in notes(report)) is noted


@pytest.mark.parametrize(("number", "expected"), [(64, "valid"), (65, "undecided")])
def test_a_web_address_has_so_many_keys(world: World, number: int, expected: str) -> None:
    keys = [{**jwks()["keys"][0], "kid": f"key-{place}"} for place in range(number)]
    world.documents[METADATA] = json.dumps({"issuer": HOST, "jwks": {"keys": keys}}).encode()
    report = world.examine(web_token())
    assert report.verdict == expected
    assert (code_of(report, "history") == "limit_keys") is (expected == "undecided")


def test_a_presentation_for_nobody_in_particular(world: World, issuer: Party) -> None:
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": issuer.did,
    }
    token = sign_presentation_sd_jwt(
        document, issuer.signer, issued_at=world.clock, audience=None, nonce=None, entropy=entropy()
    )
    assert world.examine(token.encode()).verdict is Verdict.VALID
    assert outcome(world.examine(token.encode(), expect=ASKED), "audience") == "invalid:audience_wrong"


@pytest.mark.parametrize(
    ("ahead", "expected"), [(300, "valid:proof_holds"), (301, "invalid:proof_from_future")]
)
def test_an_sd_jwt_vc_is_not_of_tomorrow(world: World, issuer: Party, ahead: int, expected: str) -> None:
    claims = {"iss": issuer.did, "vct": "urn:x:y", "iat": int(START.timestamp()) + ahead}
    report = world.examine(by_hand(issuer, claims, "dc+sd-jwt"))
    assert outcome(report, "proof") == expected


def test_an_sd_jwt_vc_for_somebody_is_noted(world: World, issuer: Party) -> None:
    claims = {"iss": issuer.did, "vct": "urn:x:y", "aud": "https://shop.example"}
    assert "audience_named" in notes(world.examine(by_hand(issuer, claims, "dc+sd-jwt")))
