"""Attack: a shop hands out a passport, or an event, without the part that leads to what was taken back."""

from collections.abc import Callable

import pytest
from tests.support.selective import entropy
from tests.support.shirt import Shirt
from tests.support.telling import tell

from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.product.answer import Tone
from certweave.proof.sd_jwt.issue import present_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt

Change = Callable[[Shirt], None]


def show(shirt: Shirt, name: str, hidden: str, *shown: str) -> None:
    """Publish a document of which its holder may withhold something, and shows it or not."""
    token = sign_credential_sd_jwt(
        shirt.documents[name],
        shirt.signers[name].signer,
        issued_at=shirt.world.clock,
        hidden=[hidden],
        entropy=entropy(),
    )
    shirt.world.documents[shirt.url(name)] = present_sd_jwt(token, shown, limits=DEFAULT_LIMITS).encode()


LINKS, CLAIMS = "/credentialSubject/relatedDocument", "/credentialSubject/performanceClaim"
SOLD = "/credentialSubject/transaction/inputs"
GOODS = "/credentialSubject/0/inputProduct/0"
WAYS: dict[str, tuple[str, str, str]] = {
    "the links of a passport": ("passport", LINKS, "event-ginning"),
    "the claims of a passport": ("passport", CLAIMS, "organic"),
    "the goods of an event": ("event-ginning", GOODS, "event-harvest"),
    "what a sale draws from": ("deal-yarn", SOLD, "deal-fibre"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_left_out_might_say_no(way: str) -> None:
    name, hidden, withdrawn = WAYS[way]
    shirt = Shirt()
    shirt.withdraw(withdrawn)
    show(shirt.publish(), name, hidden)
    assert tell(shirt).verdict is Verdict.UNDECIDED
    show(shirt, name, hidden, hidden)
    assert tell(shirt).verdict is Verdict.INVALID


def test_a_passport_in_part_has_no_green_mark() -> None:
    """Neither does it say that a certificate is about something else, or that nobody knows who made it."""
    shirt = Shirt().publish()
    show(shirt, "passport", LINKS)
    answer = tell(shirt)
    assert [claim.tone for claim in answer.claims] == [Tone.UNDECIDED, Tone.UNDECIDED, Tone.SAID]
    assert [sentence.key for sentence in answer.questions[0].sentences] == ["says_maker", "open_part"]
