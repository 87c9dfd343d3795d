"""Token status lists against those published in the IETF draft; facts and source in ietf/status_list.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from certweave.limits import DEFAULT_LIMITS
from certweave.status.token_list import decode_token_list, get_status, make_statuses, set_status

FACTS: Any = json.loads((Path(__file__).parent / "ietf" / "status_list.json").read_text("utf-8"))


@pytest.mark.parametrize("case", FACTS["lists"], ids=lambda case: f"{case['bits']} bits")
def test_a_published_list_is_read_and_made(case: Any) -> None:
    data = decode_token_list(case["lst"], limits=DEFAULT_LIMITS)
    statuses = {int(index): value for index, value in case["statuses"].items()}
    assert {index: get_status(data, index, case["bits"]) for index in statuses} == statuses
    mine = make_statuses(FACTS["entries"], case["bits"])
    for index, value in statuses.items():
        set_status(mine, index, value, case["bits"])
    assert mine == data
