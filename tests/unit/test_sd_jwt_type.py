"""Type metadata of SD-JWT VC: form, integrity, extending, and the rules for claims."""

import binascii
import itertools
import json
from hashlib import sha256, sha384, sha512
from typing import Any

import pytest
from tests.support.world import Party, World, code_of, outcome

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.evidence import Fetched, Kind, Need
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.sd_jwt.type_metadata import MAX_EXTENDS, check_integrity, parse_type_metadata

VCT = "https://types.example/certificate"
BASE = "https://types.example/base"


def sri(content: bytes, name: str = "sha256") -> str:
    digest = {"sha256": sha256, "sha384": sha384, "sha512": sha512}[name](content).digest()
    return f"{name}-{binascii.b2a_base64(digest, newline=False).decode()}"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("issuer")


CLAIMS: JsonObject = {
    "vct": VCT,
    "name": "A bale",
    "address": {"city": "Milliways"},
    "degrees": [{"type": "BSc"}, {"type": "MSc"}],
    "nationalities": ["DE", "FR"],
}


def token(issuer: Party, *hidden: str, shown: Any = None, **more: Any) -> bytes:
    counter = itertools.count(1)
    issued = sign_sd_jwt(
        {"iss": issuer.did, **CLAIMS, **more},
        issuer.signer,
        header={"typ": "dc+sd-jwt"},
        hidden=hidden,
        entropy=lambda size: next(counter).to_bytes(size),
    )
    return (issued if shown is None else present_sd_jwt(issued, shown, limits=DEFAULT_LIMITS)).encode()


def publish(world: World, *claims: JsonObject, vct: str = VCT, **more: Any) -> bytes:
    content = json.dumps({"vct": vct, "claims": list(claims), **more}).encode()
    world.documents[vct] = content
    return content


def rule(*path: str | int | None, **more: Any) -> JsonObject:
    return {"path": list(path), **more}


def test_a_type_that_is_met_names_itself(world: World, issuer: Party) -> None:
    publish(world, rule("name", sd="always", mandatory=True), name="Certificate", display=[{"locale": "en"}])
    report = world.examine(token(issuer, "/name"))
    assert report.verdict is Verdict.VALID
    assert "fits its type, Certificate" in report.checks[8].detail


@pytest.mark.parametrize(
    "case",
    [
        (("name",), {"sd": "always"}, (), "invalid:type_claim_open"),
        (("name",), {"sd": "always"}, ("/name",), "valid:rules_holds"),
        (("name",), {"sd": "never"}, ("/name",), "invalid:type_claim_hidden"),
        (("name",), {"sd": "never"}, (), "valid:rules_holds"),
        (("name",), {"sd": "allowed"}, ("/name",), "valid:rules_holds"),
        (("address", "city"), {"sd": "always"}, ("/address",), "invalid:type_claim_open"),
        (("address", "city"), {"sd": "never"}, ("/address",), "valid:rules_holds"),
        (("degrees", None, "type"), {"sd": "always"}, ("/degrees/0/type",), "invalid:type_claim_open"),
        (
            ("degrees", None, "type"),
            {"sd": "always"},
            ("/degrees/0/type", "/degrees/1/type"),
            "valid:rules_holds",
        ),
        (("nationalities", 1), {"sd": "always"}, ("/nationalities/1",), "valid:rules_holds"),
        (("nationalities", 1), {"sd": "always"}, ("/nationalities/0",), "invalid:type_claim_open"),
        (("nationalities", None), {"sd": "never"}, ("/nationalities/0",), "invalid:type_claim_hidden"),
        (("nationalities", 7), {"sd": "always"}, (), "valid:rules_holds"),
        (("nationalities", 7), {"mandatory": True}, (), "invalid:type_claim_missing"),
        (("missing",), {"mandatory": True}, (), "invalid:type_claim_missing"),
        (("missing",), {"mandatory": False}, (), "valid:rules_holds"),
        (("address", "zip"), {"mandatory": True}, ("/name",), "invalid:type_claim_missing"),
        (("name", "first"), {}, (), "invalid:type_path"),
        (("address", None), {}, (), "invalid:type_path"),
        (("address", 0), {}, (), "invalid:type_path"),
    ],
)
def test_rules_for_claims(world: World, issuer: Party, case: Any) -> None:
    path, more, hidden, found = case
    publish(world, rule(*path, **more))
    assert outcome(world.examine(token(issuer, *hidden)), "rules") == found


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        (("name",), ("/name",)),
        (("address", "city"), ("/address/city",)),
        (("address", "city"), ("/address",)),
        (("nationalities", 0), ("/nationalities/0",)),
        (("degrees", 0, "type"), ("/degrees/0",)),
    ],
)
def test_what_was_withheld_is_not_missing(
    world: World, issuer: Party, path: Any, hidden: tuple[str, ...]
) -> None:
    publish(world, rule(*path, mandatory=True))
    assert outcome(world.examine(token(issuer, *hidden, shown=())), "rules") == "valid:rules_holds"


def test_positions_are_those_of_the_issuer(world: World, issuer: Party) -> None:
    publish(world, rule("nationalities", 0, sd="always"), rule("nationalities", 1, sd="never"))
    withheld = token(issuer, "/nationalities/0", shown=())
    assert outcome(world.examine(withheld), "rules") == "valid:rules_holds"


@pytest.mark.parametrize(
    ("child", "base", "found"),
    [
        ({}, {"sd": "always"}, "invalid:type_claim_open"),
        ({"sd": "always"}, {"sd": "allowed"}, "invalid:type_claim_open"),
        ({"sd": "never"}, {"sd": "always"}, "invalid:type_weakened"),
        ({"sd": "allowed"}, {"sd": "never"}, "invalid:type_weakened"),
        ({"sd": "never"}, {"sd": "never"}, "valid:rules_holds"),
        ({"mandatory": False}, {"mandatory": True}, "invalid:type_weakened"),
        ({"mandatory": True}, {"mandatory": False}, "valid:rules_holds"),
        ({}, {"mandatory": True}, "valid:rules_holds"),
    ],
)
def test_a_type_demands_no_less_than_what_it_extends(
    world: World, issuer: Party, child: JsonObject, base: JsonObject, found: str
) -> None:
    publish(world, rule("name", **base), vct=BASE)
    publish(world, rule("name", **child), extends=BASE)
    assert outcome(world.examine(token(issuer)), "rules") == found


def test_what_the_base_demands_holds_where_a_type_is_silent(world: World, issuer: Party) -> None:
    publish(world, rule("weight", mandatory=True), vct=BASE)
    publish(world, rule("weight"), extends=BASE)
    assert outcome(world.examine(token(issuer)), "rules") == "invalid:type_claim_missing"


def test_what_was_withheld_on_the_way_may_have_held_a_claim(world: World, issuer: Party) -> None:
    publish(world, rule("degrees", None, "type", mandatory=True))
    withheld = token(issuer, "/degrees/0", "/degrees/1", shown=())
    assert outcome(world.examine(withheld), "rules") == "valid:rules_holds"
    other = token(issuer, "/degrees/0", shown=(), degrees=[{"type": "BSc"}, {"from": "Milliways"}])
    assert outcome(world.examine(other), "rules") == "valid:rules_holds"
    assert outcome(world.examine(token(issuer, degrees=[])), "rules") == "invalid:type_claim_missing"


def test_the_digests_of_the_documents(world: World, issuer: Party) -> None:
    base = publish(world, vct=BASE)
    own = publish(world, extends=BASE, **{"extends#integrity": sri(base, "sha512")})
    good = token(issuer, **{"vct#integrity": sri(own)})
    assert world.examine(good).verdict is Verdict.VALID
    publish(world, extends=BASE, **{"extends#integrity": sri(b"another")})
    assert outcome(world.examine(token(issuer)), "rules") == "invalid:integrity_mismatch"
    assert outcome(world.examine(good), "rules") == "invalid:integrity_mismatch"


@pytest.mark.parametrize(
    ("integrity", "code"),
    [
        (sri(b"x"), None),
        (sri(b"x", "sha384") + "?option " + sri(b"other"), None),
        (sri(b"other") + " " + sri(b"x"), None),
        (sri(b"x") + " " + sri(b"other", "sha512"), "integrity_mismatch"),
        (sri(b"x").rstrip("="), None),
        (sri(b"other"), "integrity_mismatch"),
        ("sha1-AAAA", "integrity_unsupported"),
        ("", "integrity_malformed"),
        ("sha256", "integrity_malformed"),
        ("sha256-", "integrity_malformed"),
    ],
)
def test_the_strongest_digest_counts(integrity: str, code: str | None) -> None:
    if code is None:
        check_integrity(b"x", integrity, path="/vct#integrity")
        return
    with pytest.raises(CertweaveError) as caught:
        check_integrity(b"x", integrity, path="/vct#integrity")
    assert caught.value.code == code


def test_a_digest_in_either_alphabet_of_base64() -> None:
    usual = sri(b"4", "sha256")
    assert set("+/") & set(usual)
    check_integrity(b"4", usual.translate(str.maketrans("+/", "-_")), path="/vct#integrity")


def test_where_nothing_is_published(world: World, issuer: Party) -> None:
    report = world.examine(token(issuer))
    assert report.verdict is Verdict.VALID
    assert "type_without_rules" in {note.code for note in report.notes}
    with_digest = token(issuer, **{"vct#integrity": sri(b"x")})
    assert outcome(world.examine(with_digest), "rules") == "undecided:unreachable"
    named = token(issuer, vct="urn:x:y", **{"vct#integrity": sri(b"x")})
    report = world.examine(named)
    assert (outcome(report, "rules"), code_of(report, "rules")) == ("undecided:unsupported", "type_not_web")
    world.down.add("types.example")
    assert outcome(world.examine(token(issuer)), "rules") == "undecided:unreachable"


def test_nothing_is_fetched_before_the_signature_holds(world: World, issuer: Party) -> None:
    publish(world)
    head, dot, tail = token(issuer).partition(b".")
    forged = head + dot + tail[:-3] + b"AA~"
    assert world.examine(forged).verdict is Verdict.INVALID
    assert not any("types.example" in need.url for need in world.fetched)


def test_types_in_a_circle_or_without_end(world: World, issuer: Party) -> None:
    publish(world, extends=BASE)
    publish(world, vct=BASE, extends=VCT)
    assert outcome(world.examine(token(issuer)), "rules") == "invalid:type_circular"
    for number in range(MAX_EXTENDS + 1):
        publish(world, vct=f"{BASE}/{number}", extends=f"{BASE}/{number + 1}")
    publish(world, vct=f"{BASE}/{MAX_EXTENDS + 1}")
    assert outcome(world.examine(token(issuer, vct=f"{BASE}/1")), "rules") == "valid:rules_holds"
    assert outcome(world.examine(token(issuer, vct=f"{BASE}/0")), "rules") == "undecided:limit"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vct": BASE}, "type_mismatch"),
        ({"extends": ""}, "type_malformed"),
        ({"extends": 1}, "type_malformed"),
        ({"extends#integrity": 1}, "type_malformed"),
        ({"claims": {}}, "type_malformed"),
        ({"claims": ["name"]}, "type_malformed"),
        ({"claims": [{}]}, "type_malformed"),
        ({"claims": [{"path": []}]}, "type_malformed"),
        ({"claims": [{"path": "name"}]}, "type_malformed"),
        ({"claims": [{"path": [True]}]}, "type_malformed"),
        ({"claims": [{"path": [-1]}]}, "type_malformed"),
        ({"claims": [{"path": [1.5]}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "mandatory": "yes"}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "sd": "sometimes"}]}, "type_malformed"),
        ({"extends#integrity": None}, "type_malformed"),
        ({"claims": [{"path": ["a"], "mandatory": None}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "sd": None}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "svg_id": "9lives"}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "svg_id": 9}]}, "type_malformed"),
        ({"claims": [{"path": [name], "svg_id": "same"} for name in "ab"]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "display": {}}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "display": ["Name"]}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "display": [{"locale": "en"}]}]}, "type_malformed"),
        ({"claims": [{"path": ["a"], "display": [{"locale": "en", "label": 1}]}]}, "type_malformed"),
    ],
)
def test_the_form_of_type_metadata(changes: JsonObject, code: str) -> None:
    content = json.dumps({"vct": VCT, **changes}).encode()
    with pytest.raises(CertweaveError) as caught:
        parse_type_metadata(content, VCT, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_claims_that_can_be_rendered() -> None:
    display = [{"locale": "en", "label": "Name", "description": "As in the register", "x": 1}]
    claims = [
        {"path": ["a"], "svg_id": "_a1", "display": display},
        {"path": ["b"], "svg_id": "b", "display": []},
    ]
    content = json.dumps({"vct": VCT, "claims": claims}).encode()
    assert len(parse_type_metadata(content, VCT, limits=DEFAULT_LIMITS).rules) == 2


def test_rules_that_were_handed_in_for_a_type_without_an_address(world: World, issuer: Party) -> None:
    content = json.dumps({"vct": "urn:x:y", "claims": [rule("name", sd="always")]}).encode()
    shown = token(issuer, "/name", vct="urn:x:y", **{"vct#integrity": sri(content)})
    world.examine(shown)
    found = Fetched(content, "urn:x:y", "application/json", world.clock)
    known = world.evidence.plus({Need(Kind.TYPE, "urn:x:y"): found})
    assert world.examine(shown, evidence=known, offline=True).verdict is Verdict.VALID
