"""Attack: a step that was taken back is made to vanish from the way: off the net, spoilt, or told otherwise.

With a document missing, the answer must not be better than with it.
"""

from collections.abc import Callable

import pytest
from tests.support.shirt import ADDRESS, FIBRE, HOST, NAMES, YARN, Shirt
from tests.support.telling import gather, tell

from certweave.examine.report import Verdict
from certweave.product.answer import Tone
from certweave.product.tell import tell_product

Change = Callable[[Shirt], None]


def unchanged(shirt: Shirt) -> None:
    pass


def withdraw(name: str) -> Change:
    return lambda shirt: shirt.withdraw(name)


def down(name: str) -> Change:
    return lambda shirt: shirt.world.down.add(shirt.url(name))


def answer(name: str, content: str) -> Change:
    """Let the address of a document give something else: that of another one, or a text."""

    def change(shirt: Shirt) -> None:
        other = shirt.world.documents.get(shirt.url(content), content.encode())
        shirt.world.documents[shirt.url(name)] = other

    return change


def spoil(name: str) -> Change:
    def change(shirt: Shirt) -> None:
        content = shirt.world.documents[shirt.url(name)]
        shirt.world.documents[shirt.url(name)] = content[:-8] + content[-4:] + content[-8:-4]

    return change


def sell_by_the_laboratory(shirt: Shirt) -> None:
    """Another certifier takes back a sale than the one behind the claim, and its list is not to be had."""
    lab = shirt.world.parties["lab"]
    for name in ("deal-yarn", "deal-fibre"):
        shirt.documents[name]["issuer"] |= {"id": lab.did, "name": NAMES["lab"]}
        shirt.documents[name]["credentialStatus"] |= lab.entry(shirt.index(name))
        shirt.signers[name] = lab
    shirt.withdraw("deal-yarn")


def list_down(shirt: Shirt) -> None:
    shirt.world.down.add(shirt.world.parties["lab"].list_url)


def tell_it_oneself(shirt: Shirt) -> None:
    """The maker writes an event for the step that the withdrawn sale stood for."""
    event = dict(shirt.documents["event-knitting"]["credentialSubject"][0])
    event |= {"id": f"https://{HOST}/events/spinning", "eventDate": "2026-02-01T08:00:00Z"}
    event |= {"inputProduct": [shirt._goods(FIBRE, 380)], "outputProduct": [shirt._goods(YARN, 350)]}
    shirt.write("event-spinning", "lindau", "DigitalTraceabilityEvent", [event])
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    link = next(one for one in links if one["linkURL"] == shirt.url("event-ginning"))
    links.append({**link, "linkURL": shirt.url("event-spinning")})
    shirt.withdraw("deal-yarn")


def end(shirt: Shirt) -> None:
    shirt.documents["deal-yarn"] |= {
        "validFrom": "2026-02-01T09:00:00Z",
        "validUntil": "2026-02-28T09:00:00Z",
    }


WAYS: dict[str, tuple[Change, Change, Verdict]] = {
    "an event off the net": (withdraw("event-ginning"), down("event-ginning"), Verdict.UNDECIDED),
    "the last event off the net": (unchanged, down("event-manufacturing"), Verdict.UNDECIDED),
    "a sale off the net": (withdraw("deal-yarn"), down("deal-yarn"), Verdict.UNDECIDED),
    "a sale before it": (withdraw("deal-fibre"), down("deal-fibre"), Verdict.UNDECIDED),
    "another document": (withdraw("event-dyeing"), answer("event-dyeing", "passport"), Verdict.UNDECIDED),
    "no document": (unchanged, answer("event-dyeing", "<html>"), Verdict.INVALID),
    "a broken signature": (unchanged, spoil("event-dyeing"), Verdict.INVALID),
    "a list off the net": (sell_by_the_laboratory, list_down, Verdict.UNDECIDED),
    "an event of one's own": (tell_it_oneself, unchanged, Verdict.INVALID),
    "a sale that has ended": (end, unchanged, Verdict.INVALID),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_step_does_not_vanish(way: str) -> None:
    before, after, verdict = WAYS[way]
    shirt = Shirt()
    before(shirt)
    after(shirt.publish())
    found = tell(shirt)
    assert found.verdict is verdict
    assert Tone(verdict.value) in {knot.tone for knot in found.journey}


OPEN: dict[str, tuple[Change, Change]] = {
    "an event": (unchanged, down("event-manufacturing")),
    "a sale": (unchanged, down("deal-yarn")),
    "the status of a sale": (sell_by_the_laboratory, list_down),
}


@pytest.mark.parametrize("way", OPEN)
def test_an_outage_does_not_tell_what_is_not(way: str) -> None:
    """Neither that a certificate is about something else, nor that a maker is not named."""
    before, after = OPEN[way]
    shirt = Shirt()
    before(shirt)
    after(shirt.publish())
    found = tell(shirt)
    assert found.verdict is Verdict.UNDECIDED
    assert [claim.tone for claim in found.claims] == [Tone.VALID, Tone.UNDECIDED, Tone.SAID]
    told = {sentence.key for knot in found.journey for sentence in knot.sentences}
    assert "open_unreachable" in told | {claim.standing.key for claim in found.claims}
    assert "knot_unnamed" not in told


def test_a_step_that_nobody_looked_at_is_open() -> None:
    """There may be more documents than one look at a product has room for."""
    shirt = Shirt().publish()
    passport, pieces = gather(shirt, shirt.policy)
    seen = [piece for piece in pieces if piece.url != shirt.url("event-dyeing")]
    now = shirt.world.clock
    answers = [
        tell_product(ADDRESS, passport, kept, host=HOST, found=ADDRESS, now=now) for kept in (pieces, seen)
    ]
    assert [one.verdict for one in answers] == [Verdict.VALID, Verdict.UNDECIDED]
