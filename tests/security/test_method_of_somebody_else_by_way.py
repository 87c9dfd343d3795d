"""Attack: the key is named so that it seems to be the issuer's, or so that two readers find two keys."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.forging import finding, judge, message, token
from tests.support.keys import OTHER_ED25519
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    SHOWN,
    credential,
    inside,
    is_message,
    legacy,
    present,
    presentation,
    shown,
    signer_of,
    with_proof,
)
from tests.support.suites import NOW
from tests.support.ways import entropy, show
from tests.support.world import START, World, plain_credential

from certweave.did.key import make_did_key_method
from certweave.errors import CertweaveError
from certweave.keys.jwk import make_private_key
from certweave.keys.model import KeySigner
from certweave.proof.ways import WAYS


def thief_of(way: str) -> KeySigner:
    """Return somebody with a key of the right kind."""
    algorithm = signer_of(way).algorithm
    key = make_private_key(algorithm, entropy=lambda size: b"\x05" * size)
    return KeySigner(make_did_key_method(key.public), key)


def signed_text(way: str, document: Any, signer: KeySigner, kid: Any) -> bytes:
    """Sign as text, with a kid as it is given."""
    if is_message(way):
        return message(document, signer, {16: "application/vc+cose", 4: kid and kid.encode()})
    if way == LEGACY:
        return legacy(token({"vc": document}, signer, typ="JWT", kid=kid))
    made = token(document, signer, typ=way, kid=kid)
    return (made + "~" if way == "vc+sd-jwt" else made).encode()


@pytest.mark.parametrize("way", SHOWN)
def test_a_thief_signs_in_the_issuers_name(way: str) -> None:
    """With the thief's own method, with the issuer's, and with none."""
    thief, document = thief_of(way), credential(way)
    if way in EMBEDDED:
        own = show(document, thief, way, now=NOW)
        assert finding(judge(own))[:3] == ("invalid", "key", "foreign_signer")
        spoilt = with_proof(own, lambda it: {**it, "verificationMethod": signer_of(way).method})
        assert finding(judge(spoilt))[:2] == ("invalid", "signature")
        return
    found = [
        finding(judge(signed_text(way, document, thief, kid)))
        for kid in (thief.method, signer_of(way).method, None)
    ]
    assert found == [
        ("invalid", "key", "foreign_signer", None),
        ("invalid", "signature", "signature_mismatch", None),
        ("invalid", "signature", "signature_mismatch", None),
    ]


def show_if_it_can_be_signed(document: Any, signer: KeySigner, way: str) -> bytes | str:
    """Return what is shown, or the code by which a suite refuses to sign it."""
    try:
        return show(document, signer, way, now=NOW)
    except CertweaveError as refused:
        return refused.code


SPELLINGS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "a query": (lambda it: it.replace("#", "?a=b#"), "key", "key_unknown"),
    "a version": (lambda it: it.replace("#", "?versionId=1#"), "key", "key_unknown"),
    "a time": (lambda it: it.replace("#", "?versionTime=2026-01-01T00:00:00Z#"), "key", "key_unknown"),
    "a path": (lambda it: it.replace("#", "/a#"), "key", "key_unknown"),
    "an empty path": (lambda it: it.replace("#", "/#"), "key", "key_unknown"),
    "an empty query": (lambda it: it.replace("#", "?#"), "key", "key_unknown"),
    "a percent sign": (lambda it: it.replace("#z", "#%7A"), "key", "key_unknown"),
    "another fragment": (lambda it: f"{it.partition('#')[0]}#key-1", "key", "key_unknown"),
    "an empty fragment": (lambda it: f"{it.partition('#')[0]}#", "key", "key_unknown"),
    "two fragments": (lambda it: f"{it}#{it.partition('#')[2]}", "key", "did_url_malformed"),
    "no fragment": (lambda it: it.partition("#")[0], "proof", "kid_malformed"),
    "the fragment alone": (lambda it: f"#{it.partition('#')[2]}", "proof", "method_unsupported"),
    "the method in capitals": (lambda it: it.replace("did:key:", "did:KEY:"), "key", "did_malformed"),
    "the scheme in capitals": (lambda it: it.replace("did:key:", "DID:key:"), "proof", "kid_malformed"),
    "a blank": (lambda it: f"{it} ", "key", "did_url_malformed"),
    "a line": (lambda it: f"{it}\n", "key", "did_url_malformed"),
    "a letter of another script": (lambda it: it.replace("#z", "#\u0437"), "key", "did_url_malformed"),
}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("name", SPELLINGS)
def test_the_name_of_a_key_has_one_spelling(way: str, name: str) -> None:
    """The issuer itself signs, and names its key in a way that some reader might take for the same."""
    respell, step, code = SPELLINGS[name]
    signer, document = signer_of(way), credential(way)
    if way not in EMBEDDED:
        spoilt = signed_text(way, document, signer, respell(signer.method))
        verdict = "undecided" if code == "method_unsupported" else "invalid"
        assert finding(judge(spoilt)) == (verdict, step, code, None)
        return
    made = show_if_it_can_be_signed(document, KeySigner(respell(signer.method), signer.private), way)
    if isinstance(made, str):
        assert made in {"iri_not_absolute", "proof_malformed"}
        return
    verdict, *found = finding(judge(made))
    if code == "key_unknown":
        assert (verdict, *found) == ("invalid", step, code, None)
    else:
        assert (verdict, found[0], found[2]) == ("invalid", "proof", "/proof/verificationMethod")
        assert found[1] in {code, "proof_malformed"}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize(
    "respell",
    [
        lambda it: f"{it}?a=b",
        lambda it: f"{it}#{it.rpartition(':')[2]}",
        lambda it: f"{it}/a",
        lambda it: it.replace("did:key", "did:KEY"),
    ],
)
def test_so_has_the_name_of_the_issuer(way: str, respell: Callable[[str], str]) -> None:
    document = credential(way)
    signer, named = signer_of(way), {**document, "issuer": respell(document["issuer"])}
    if way not in EMBEDDED:
        made: bytes | str = signed_text(way, named, signer, signer.method)
    else:
        made = show_if_it_can_be_signed(named, signer, way)
    if isinstance(made, str):
        assert made == "iri_not_absolute"
    else:
        assert finding(judge(made))[:2] == ("invalid", "key")


@pytest.mark.parametrize("way", [way for way in SHOWN if way != LEGACY])
def test_the_key_of_a_did_that_calls_itself_another(way: str) -> None:
    """A thief's log lists the victim's key, or the victim's method; its own credential stays its own."""
    world = World()
    victim, thief = world.party("victim"), world.party("thief")
    key = make_private_key(WAYS[way].algorithms[0], entropy=entropy())
    for method in (f"{thief.did}#{key.public.multikey}", f"{victim.did}#{key.public.multikey}"):
        spoilt = show(plain_credential(victim), KeySigner(method, key), way, now=START)
        assert finding(world.examine(spoilt))[:2] == ("invalid", "key")


def test_the_presenter_names_a_key_of_somebody_else() -> None:
    inner = inside("vc+jwt", shown("vc+jwt"))
    asked = {"aud": ASKED.audience, "nonce": ASKED.nonce}
    document = {**presentation("vp+jwt", inner), **asked}
    thief = thief_of("vp+jwt")
    found = [
        finding(judge(token(document, thief, typ="vp+jwt", kid=kid), expect=ASKED))[:3]
        for kid in (thief.method, signer_of("vp+jwt").method, None)
    ]
    assert found == [
        ("invalid", "key", "foreign_signer"),
        ("invalid", "signature", "signature_mismatch"),
        ("invalid", "signature", "signature_mismatch"),
    ]
    # Without a holder, the presenter is who signed; the credential is not theirs.
    nobody = {name: value for name, value in document.items() if name != "holder"}
    report = judge(token(nobody, thief, typ="vp+jwt"), expect=ASKED)
    assert finding(report) == ("invalid", "holder", "holder_foreign", "/verifiableCredential/0")
    assert judge(present("vp+jwt", inner), expect=ASKED).verdict == "valid"


def test_a_token_without_a_name_is_held_against_the_only_key() -> None:
    world = World()
    party = world.party("fa")
    document = plain_credential(party)
    stranger = KeySigner(party.signer.method, OTHER_ED25519)
    for signer, kid, verdict in (
        (party.signer, party.signer.method, "valid"),
        (party.signer, None, "valid"),
        (stranger, stranger.method, "invalid"),
        (stranger, None, "invalid"),
    ):
        found = finding(world.examine(token(document, signer, typ="vc+jwt", kid=kid).encode()))
        expected = ("valid", "", "") if verdict == "valid" else (verdict, "signature", "signature_mismatch")
        assert found[:3] == expected
