"""``certweave bench``: shares of the floor, and a table that a program can read."""

import json

import pytest

from certweave_app.cli.bench import FLOOR, Work, as_text, compare
from certweave_app.cli.main import main

WORKS = [
    Work("issue", FLOOR, list),
    Work("issue", "fast", list),
    Work("verify", FLOOR, list),
    Work("verify", "slow", list),
]


def test_each_act_is_held_against_its_own_floor() -> None:
    results = compare(WORKS, [100.0, 50.0, 40.0, 10.0])
    assert [one.share for one in results] == [1.0, 0.5, 1.0, 0.25]
    assert "slow" in as_text(results, 4000)


def test_a_short_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "0.1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(row["act"], row["route"]) for row in found["results"]} == {
        (act, route) for act in ("issue", "verify") for route in (FLOOR, "vc+jwt", "eddsa-jcs-2022")
    }
    assert all(row["perSecond"] > 0 for row in found["results"])
    assert found["credentialBytes"] > 3000


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "ten", "99999"])
def test_a_strange_duration_is_misuse(seconds: str) -> None:
    assert main(["bench", "--seconds", seconds]) == 64
