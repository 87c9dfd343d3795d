"""A remembered log is judged as a fresh one is: at every time, and also when it is broken."""

from datetime import datetime, timedelta

import pytest
from tests.support.world import World

from certweave.did.webvh.fold import fold_log
from certweave.errors import CertweaveError
from certweave.examine.folding import fold_known
from certweave.limits import DEFAULT_LIMITS

HOURS = (-1, 0, 1, 24 * 5, 24 * 15, 24 * 40)


@pytest.mark.parametrize("fetched", HOURS)
@pytest.mark.parametrize("asked", HOURS)
@pytest.mark.parametrize("spoil", [b"", b"x", b'{"versionId":"9-x"}\n'])
def test_the_memo_changes_nothing(fetched: int, asked: int, spoil: bytes) -> None:
    world = World()
    fa = world.party("fa")
    start = world.clock
    for _ in range(2):
        world.clock += timedelta(days=10)
        fa.rotate()
    log = fa.written.log + spoil
    times = start + timedelta(hours=fetched), start + timedelta(hours=asked)
    assert _result(fold_known, fa.written.did, log, *times) == _result(_fresh, fa.written.did, log, *times)


def _fresh(did: object, log: bytes, fetched_at: datetime, now: datetime, limits: object) -> object:
    return fold_log(did, log, fetched_at=fetched_at, now=now, limits=limits)  # type: ignore[arg-type]


def _result(fold: object, *arguments: object) -> object:
    try:
        return fold(*arguments, DEFAULT_LIMITS)  # type: ignore[operator]
    except CertweaveError as error:
        return error.code, error.path
