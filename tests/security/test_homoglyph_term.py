"""Attack: a member that looks like one we know, written with a letter of another script, in every way."""

import pytest
from tests.support.suites import NOW, draft, judge_bytes
from tests.support.ways import NAMES, OVER_STATEMENTS, show, signer_for
from tests.support.world import outcome

from certweave.errors import InvalidError

LOOKALIKES = {
    "a Cyrillic letter": "\u0441redentialStatus",
    "a full-width letter": "validUntil\uff4c",
    "a letter and its accent": "valid\u0301Until",
    "an invisible joiner": "valid\u200dUntil",
}


@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("name", LOOKALIKES.values(), ids=LOOKALIKES)
def test_a_lookalike_is_no_member(way: str, name: str) -> None:
    signer = signer_for(way)
    assert judge_bytes(show(draft(signer.private), signer, way, now=NOW)).verdict == "valid"
    spoilt = draft(signer.private, **{name: "2020-01-01T00:00:00Z"})
    if way in OVER_STATEMENTS:
        with pytest.raises(InvalidError) as caught:
            show(spoilt, signer, way, now=NOW)
        assert caught.value.code == "term_unknown"
    else:
        assert outcome(judge_bytes(show(spoilt, signer, way, now=NOW)), "rules") == "invalid:term_unknown"
