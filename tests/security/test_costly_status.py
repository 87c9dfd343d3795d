"""Attack: one credential names thousands of status entries, or many credentials point into huge lists."""

import json

from tests.support.cost import spent, start
from tests.support.world import World, code_of, outcome, plain_credential

from certweave.examine.report import Verdict
from certweave.examine.standing import MAX_UNPACKED
from certweave.status.bitstring import make_bits
from certweave.status.entry import MAX_ENTRIES


def test_entries_have_a_limit() -> None:
    world = World()
    issuer = world.party("fa")
    for count, expected in ((MAX_ENTRIES, "valid:status_holds"), (MAX_ENTRIES + 1, "undecided:limit")):
        entries = [issuer.entry(number) for number in range(count)]
        report = world.examine(issuer.embed(plain_credential(issuer, credentialStatus=entries)))
        assert outcome(report, "status") == expected
    many = [issuer.entry(number) for number in range(3000)]
    source = issuer.embed(plain_credential(issuer, credentialStatus=many))
    begun = start()
    report = world.examine(source)
    # Each on its own, they would be some six seconds.
    assert spent(begun) < 2
    assert (report.verdict, outcome(report, "status")) == (Verdict.UNDECIDED, "undecided:limit")
    assert code_of(report, "status") == "limit_status_entries"


def test_a_set_bit_among_too_many_is_not_hidden_as_valid() -> None:
    world = World()
    issuer = world.party("fa")
    issuer.set_status(0, True)
    entries = [issuer.entry(number) for number in range(MAX_ENTRIES + 1)]
    report = world.examine(issuer.embed(plain_credential(issuer, credentialStatus=entries)))
    assert report.verdict is not Verdict.VALID


def test_huge_lists_are_unpacked_once_and_not_without_end() -> None:
    world = World()
    holder = world.party("holder")
    issuers = [world.party(f"issuer{number}") for number in range(6)]
    shown = []
    for size, issuer in enumerate(issuers, start=1000):
        issuer.bits = make_bits(131_072 * size)
        for number in range(3):
            entries = [issuer.entry(place) for place in range(MAX_ENTRIES)]
            document = plain_credential(
                issuer, holder.did, id=f"urn:{issuer.name}:{number}", credentialStatus=entries
            )
            shown.append(json.loads(issuer.embed(document)))
    source = holder.present(shown, audience=None, nonce=None)
    world.examine(source)  # makes and gathers the evidence
    begun = start()
    report = world.examine(source, evidence=world.evidence, offline=True)
    # Unpacked anew for every entry, they would be some six seconds.
    assert spent(begun) < 3
    fits = 3 * (MAX_UNPACKED // len(issuers[0].bits))
    found = [outcome(one, "status") for one in report.credentials]
    # Too much for the last, and for each of its credentials alike.
    assert found == ["valid:status_holds"] * fits + ["undecided:limit"] * (len(shown) - fits)
    assert {code_of(one, "status") for one in report.credentials[fits:]} == {"limit_status_lists"}
    assert report.verdict is Verdict.UNDECIDED


def test_two_lists_are_not_taken_for_one() -> None:
    world = World()
    holder = world.party("holder")
    one, other = world.party("one"), world.party("other")
    other.set_status(3, True)
    shown = [
        json.loads(issuer.embed(plain_credential(issuer, holder.did, credentialStatus=issuer.entry(3))))
        for issuer in (one, other)
    ]
    report = world.examine(holder.present(shown, audience=None, nonce=None))
    assert [outcome(inner, "status") for inner in report.credentials] == [
        "valid:status_holds",
        "invalid:suspended",
    ]
