"""A maker links more events, or events of more goods, than can be held against each other in time."""

import time

import pytest
from tests.support.shirt import Shirt
from tests.support.telling import tell

from certweave.examine.report import Verdict


@pytest.mark.parametrize(("events", "goods"), [(130, 1), (1, 1000)])
def test_too_long_a_way_is_undecided_soon(events: int, goods: int) -> None:
    shirt = Shirt()
    document = shirt.documents["event-knitting"]
    first = document["credentialSubject"][0]
    many = [shirt._goods(("urn:x:same", f"B{number}", "yarn"), 1) for number in range(goods)]
    document["credentialSubject"] = [
        {**first, "id": f"https://meadow.example/events/{number}", "inputProduct": many}
        for number in range(events)
    ]
    shirt.publish()
    start = time.process_time()
    answer = tell(shirt)
    assert answer.verdict is Verdict.UNDECIDED
    assert answer.journey == ()
    assert time.process_time() - start < 10
