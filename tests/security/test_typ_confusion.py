"""Attack: what was signed as one thing is shown as another: by its typ, its type, or what stands around it.

RFC 8725 §3.11 and §3.12. The signatures are good in every case.
"""

import json
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge, message, parts, token
from tests.support.keys import P256
from tests.support.keys import signer as key_signer
from tests.support.selective import ASKED as ASKED_FOR_KEY
from tests.support.selective import bind, w3c
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    credential,
    inside,
    legacy,
    present,
    presentation,
    presented,
    shown,
    signer_of,
)
from tests.support.status import LEDGER
from tests.support.status import signer as ledger_signer
from tests.support.suites import NOW
from tests.support.world import World

from certweave.encoding.strict_json import JsonObject
from certweave.log.receipt import make_receipt
from certweave.proof.vc_jwt import envelope
from certweave.status.token_list import make_statuses, sign_token_list

SIGNER = signer_of("vc+jwt")
VALID: Finding = ("valid", "", "", None)
WRONG: Finding = ("invalid", "proof", "typ_wrong", None)


def shows(way: str = "vp+jwt") -> JsonObject:
    return presentation(way, inside("vc+jwt", shown("vc+jwt")))


TYPES: list[tuple[str | None, bool, Finding]] = [
    ("vc+jwt", False, VALID),
    (None, False, VALID),
    ("vp+jwt", True, VALID),
    (None, True, VALID),
    # A media type: RFC 7515 §4.1.9.
    *((typ, False, VALID) for typ in ("VC+JWT", "application/vc+jwt", "Application/VC+jwt")),
    *((typ, True, VALID) for typ in ("VP+JWT", "application/vp+jwt")),
    ("vc+jwt", True, WRONG),
    # It calls itself a presentation, and has not the type of one.
    ("vp+jwt", False, ("invalid", "model", "type_missing", "/type")),
    ("application/VP+JWT", False, ("invalid", "model", "type_missing", "/type")),
    *(
        (typ, presents, WRONG)
        for presents in (False, True)
        for typ in (
            *("JWT", "vc+jwt ", "vc+ld+jwt", "kb+jwt", "at+jwt", "application/application/vc+jwt", ""),
            *("statuslist+jwt", "openid4vci-proof+jwt", "oauth-authz-req+jwt", "vc+cose", "text/vc+jwt"),
        )
    ),
    *(
        (typ, presents, ("invalid", "read", "sd_jwt_malformed", None))
        for presents in (False, True)
        for typ in ("dc+sd-jwt", "vc+sd-jwt", "vp+sd-jwt")
    ),
]


@pytest.mark.parametrize(("typ", "presents", "found"), TYPES)
def test_the_typ_of_a_token(typ: str | None, presents: bool, found: Finding) -> None:
    document = shows() if presents else credential("vc+jwt")
    assert finding(judge(token(document, SIGNER, {"typ": typ}))) == found


@pytest.mark.parametrize("typ", [7, ["vc+jwt"], {"typ": "vc+jwt"}, True])
def test_a_typ_is_a_text(typ: Any) -> None:
    assert finding(judge(token(credential("vc+jwt"), SIGNER, typ=typ))) == WRONG
    assert finding(judge(message(credential("vc+cose"), signer_of("vc+cose"), {16: typ}))) == WRONG


COSE_TYPES: list[tuple[Any, bool, Finding]] = [
    ("application/vc+cose", False, VALID),
    ("application/vp+cose", True, VALID),
    ("application/VC+COSE", False, VALID),
    ("application/vc+cose", True, WRONG),
    ("application/vp+cose", False, ("invalid", "model", "type_missing", "/type")),
    *(
        (typ, presents, WRONG)
        for presents in (False, True)
        for typ in ("vc+cosE", "text/vc+cose", "application/cwt", "application/vc+jwt", "", 61, b"vc")
    ),
]


@pytest.mark.parametrize(("typ", "presents", "found"), COSE_TYPES)
def test_the_typ_of_a_message(typ: Any, presents: bool, found: Finding) -> None:
    document = shows("vp+cose") if presents else credential("vc+cose")
    assert finding(judge(message(document, signer_of("vc+cose"), {16: typ}))) == found


SD_TYPES: list[tuple[str | None, bool, Finding]] = [
    ("vc+sd-jwt", False, VALID),
    ("vp+sd-jwt", True, VALID),
    ("vc+sd-jwt", True, WRONG),
    ("vp+sd-jwt", False, ("invalid", "model", "type_missing", "/type")),
    ("application/vc+sd-jwt", False, VALID),
    ("dc+sd-jwt", False, ("invalid", "model", "model_ambiguous", "/@context")),
    ("dc+sd-jwt", True, ("invalid", "model", "model_ambiguous", "/@context")),
    *(
        (typ, presents, WRONG)
        for presents in (False, True)
        for typ in ("vc+jwt", "vp+jwt", "kb+jwt", "JWT", "sd+jwt", "")
    ),
]


@pytest.mark.parametrize(("typ", "presents", "found"), SD_TYPES)
def test_the_typ_of_an_sd_jwt(typ: str | None, presents: bool, found: Finding) -> None:
    document = shows("vp+sd-jwt") if presents else credential("vc+sd-jwt")
    assert finding(judge(token(document, SIGNER, {"typ": typ}) + "~")) == found


@pytest.mark.parametrize("typ", [None, "vc+sd-jwt", "dc+sd-jwt"])
@pytest.mark.parametrize("context", [True, False])
def test_an_sd_jwt_of_two_models_is_of_none(typ: str | None, context: bool) -> None:
    claims = {**credential("vc+sd-jwt"), "vct": "urn:x:y", "iss": credential("vc+sd-jwt")["issuer"]}
    if not context:
        del claims["@context"]
    found = finding(judge(token(claims, SIGNER, {"typ": typ}) + "~"))
    if context and typ != "dc+sd-jwt":
        assert found == ("invalid", "rules", "term_unknown", "/vct")
    else:
        place = "/@context" if context else "/type"
        assert found == ("invalid" if typ is None else "undecided", "model", "model_ambiguous", place)


OTHER_TOKENS: dict[str, tuple[str, Finding]] = {
    "a receipt of the ledger": (
        make_receipt(bytes(32), at=NOW, signer=ledger_signer(), ledger=LEDGER),
        ("invalid", "model", "context_first_wrong", "/@context/0"),
    ),
    "a token status list": (
        sign_token_list("https://l.example", SIGNER, data=make_statuses(8), bits=1, issued_at=NOW),
        ("invalid", "model", "context_first_wrong", "/@context/0"),
    ),
    "a proof of possession": (
        token({"aud": "https://i.example", "iat": 1, "nonce": "n"}, SIGNER, typ="openid4vci-proof+jwt"),
        ("invalid", "model", "context_first_wrong", "/@context/0"),
    ),
    "a token of another time in an envelope of now": (
        json.dumps(envelope(token({"vc": credential("vc+jwt")}, SIGNER, typ="JWT"))),
        ("invalid", "read", "input_kind", "/id"),
    ),
    "claims of another time under a typ of now": (
        token({"vc": credential("vc+jwt")}, SIGNER, typ="vc+jwt"),
        ("invalid", "model", "context_first_wrong", "/@context/0"),
    ),
    "claims of another time beside": (
        token({**credential("vc+jwt"), "vc": credential("vc+jwt")}, SIGNER, typ="vc+jwt"),
        ("invalid", "proof", "claim_refused", "/vc"),
    ),
    "a presentation of another time beside": (
        token({**credential("vc+jwt"), "vp": shows()}, SIGNER, typ="vc+jwt"),
        ("invalid", "proof", "claim_refused", "/vp"),
    ),
    "a token of now as one of another time": (
        legacy(token({"vc": credential("vc+jwt")}, SIGNER, typ="vc+jwt")).decode(),
        WRONG,
    ),
    "a presentation as a credential of another time": (
        legacy(token({"vc": shows()}, SIGNER, typ="JWT")).decode(),
        ("invalid", "model", "type_missing", "/type"),
    ),
}


@pytest.mark.parametrize("name", OTHER_TOKENS)
def test_other_tokens_of_the_same_signer(name: str) -> None:
    source, found = OTHER_TOKENS[name]
    assert finding(judge(source)) == found


def test_a_key_binding_is_no_credential() -> None:
    world = World()
    bare = w3c(world.party("issuer"), bound=True)
    whole = bind(bare, world).decode()
    assert world.examine(whole.encode(), expect=ASKED_FOR_KEY).verdict == "valid"
    binding = whole.removeprefix(bare)
    for source in (binding, f"{binding}~", f"{binding}~{bare.partition('~')[2]}", f"{bare}{bare[:-1]}"):
        report = world.examine(source.encode())
        assert report.verdict == "invalid"
    claims = {**credential("vc+jwt"), "iat": int(NOW.timestamp()), "aud": "a", "nonce": "n", "sd_hash": "h"}
    assert finding(judge(token(claims, SIGNER, typ="kb+jwt"))) == WRONG


def test_a_credential_is_no_key_binding() -> None:
    """The holder issues a credential whose claims are those of a binding; its typ tells."""
    world = World()
    bare = w3c(world.party("issuer"), bound=True)
    binding = bind(bare, world).decode().removeprefix(bare)
    claims = parts(binding)[1]
    for typ in ("vc+jwt", "vp+jwt", "JWT", None):
        spoilt = bare + token(claims, key_signer(P256), {"typ": typ})
        assert finding(world.examine(spoilt.encode(), expect=ASKED_FOR_KEY)) == WRONG


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_document_of_two_types(way: str) -> None:
    both = {**json.loads(shown(way)), "type": ["VerifiableCredential", "VerifiablePresentation"]}
    assert judge(both).verdict == "invalid"
    assert finding(judge(both))[1:3] == ("model", "presentation_and_credential")


@pytest.mark.parametrize("way", ["vc+jwt", "vc+sd-jwt", "vc+cose", LEGACY, *EMBEDDED])
def test_a_credential_stands_where_a_presentation_should(way: str) -> None:
    """Whoever asked gets the credential bare, or called a presentation by what stands around it."""
    bare = judge(shown(way), expect=ASKED)
    assert finding(bare) == ("invalid", "read", "presentation_expected", None)
    spoilt = {"verifiablePresentation": inside(way, shown(way))}
    assert finding(judge(spoilt, expect=ASKED)) == (
        "invalid",
        "read",
        "input_kind",
        "/verifiablePresentation",
    )
    in_one = present("vp+jwt", inside(way, shown(way)))
    assert judge({"verifiableCredential": in_one.decode()}).verdict == "invalid"
    assert judge(presented("vp+jwt"), expect=ASKED).verdict == "valid"
