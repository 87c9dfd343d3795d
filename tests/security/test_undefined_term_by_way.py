"""Attack: a member that nobody defined stands among signed ones, in every way to secure a credential."""

import json
from typing import Any

import pytest
from tests.support.disclosing import derive
from tests.support.forging import finding, judge, token
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    PRESENTED,
    SELECTIVE,
    SHOWN,
    credential,
    forge,
    inside,
    present,
    presented,
    shown,
    signer_of,
)
from tests.support.suites import NOW
from tests.support.ways import OVER_STATEMENTS, show

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.proof.sd_jwt.token import digest_of

MEMBERS: dict[str, JsonObject] = {
    "a word": {"colour": "green"},
    "nothing": {"colour": None},
    "an object": {"colour": {"id": "https://x.example/green"}},
    "an empty list": {"colour": []},
    "an empty name": {"": "green"},
    "a keyword that is none": {"@colour": "green"},
    "a keyword": {"@included": [{"id": "https://x.example/1", "type": ["VerifiableCredential"]}]},
    "an index": {"@index": "green"},
    "a relative IRI": {"#colour": "green"},
    "a member of the prototype": {"__proto__": {"validUntil": "2099-01-01T00:00:00Z"}},
    "a compact IRI without its prefix": {"schema:color": "green"},
    "a type that nobody defined": {"type": ["VerifiableCredential", "Bale"]},
}
PLACES = ["", "credentialSubject", "issuer"]


def at(document: JsonObject, place: str, members: JsonObject) -> JsonObject:
    """Put members into the object at ``place``; the issuer becomes one for that."""
    if not place:
        return {**document, **members}
    inner = document[place]
    return {**document, place: {**(inner if isinstance(inner, dict) else {"id": inner}), **members}}


def signed_or_refused(way: str, document: JsonObject) -> bytes | str:
    """Return what is shown, or the code by which it is not signed."""
    try:
        return show(document, signer_of(way), way, now=NOW) if way in EMBEDDED else forge(way, document)
    except CertweaveError as refused:
        return refused.code


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", MEMBERS)
def test_the_issuer_does_not_sign_it_or_nobody_believes_it(way: str, place: str, name: str) -> None:
    ((member, _),) = MEMBERS[name].items()
    made = signed_or_refused(way, at(credential(way), place, MEMBERS[name]))
    code = {"type": "type_unknown", "@colour": "jsonld"}.get(member, "term_unknown")
    if isinstance(made, str):
        assert way in OVER_STATEMENTS
        assert made == ("jsonld_dropped" if member == "@index" else code)
        return
    report = judge(made)
    if report.verdict == "valid":
        # Left out of the part that is shown.
        assert way in SELECTIVE
        assert member not in json.loads(made)
    else:
        where = f"/{place}/{member}" if place else f"/{member}"
        assert finding(report) == ("invalid", "rules", code, f"{where}/1" if member == "type" else where)


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("place", [*PLACES, "proof"])
@pytest.mark.parametrize("name", MEMBERS)
def test_the_holder_does_not_add_it(way: str, place: str, name: str) -> None:
    spoilt = at(json.loads(shown(way)), place, MEMBERS[name])
    assert judge(spoilt).verdict == "invalid"


@pytest.mark.parametrize("way", PRESENTED)
@pytest.mark.parametrize("name", MEMBERS)
def test_the_holder_does_not_present_it(way: str, name: str) -> None:
    near = way.replace("vp+", "vc+")
    inner, members = inside(near, shown(near)), MEMBERS[name]
    if "type" in members:
        members = {"type": ["VerifiablePresentation", "Bale"]}
    if way in EMBEDDED:
        spoilt = json.dumps({**json.loads(presented(way)), **members}).encode()
        assert finding(judge(spoilt, expect=ASKED))[:2] == ("invalid", "signature")
    try:
        made = present(way, inner, **members)
    except CertweaveError:
        assert way in OVER_STATEMENTS
    else:
        assert finding(judge(made, expect=ASKED))[:2] == ("invalid", "rules")


@pytest.mark.parametrize("name", [name for name in MEMBERS if name != "a type that nobody defined"])
def test_it_is_not_disclosed(name: str) -> None:
    (member, value), *_ = MEMBERS[name].items()
    part = base64url_encode(json.dumps(["salt", member, value]).encode())
    document = {**credential("vc+sd-jwt"), "_sd": [digest_of(part, {})]}
    made = token(document, signer_of("vc+sd-jwt"), typ="vc+sd-jwt")
    assert judge(f"{made}~").verdict == "valid"
    verdict, step, _, _ = finding(judge(f"{made}~{part}~"))
    assert (verdict, step) in {("invalid", "rules"), ("invalid", "model")}


@pytest.mark.parametrize("suite", ["ecdsa-sd-2023", "bbs-2023"])
@pytest.mark.parametrize("name", MEMBERS)
def test_it_is_not_added_to_a_part(suite: str, name: str) -> None:
    document: dict[str, Any] = derive(suite, "/credentialSubject/boats")
    assert judge(document).verdict == "valid"
    boats = [{**document["credentialSubject"]["boats"][0], **MEMBERS[name]}]
    spoilt = at(document, "credentialSubject", {"boats": boats + document["credentialSubject"]["boats"][1:]})
    assert judge(spoilt).verdict == "invalid"
