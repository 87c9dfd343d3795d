"""An index outside of the list must not read as "bit not set"."""

import pytest
from tests.support.status import entry, read, status_list

from certweave.errors import InvalidError
from certweave.status.bitstring import MINIMUM_ENTRIES, make_bits, set_bit


@pytest.mark.parametrize("index", [MINIMUM_ENTRIES, MINIMUM_ENTRIES + 7, 2**40, -1])
def test_index_outside_is_invalid(index: int) -> None:
    with pytest.raises(InvalidError) as caught:
        read(status_list(), entry(index=index))
    assert caught.value.code == "status_index_out_of_range"
    assert caught.value.path == "/credentialStatus/statusListIndex"


def test_last_index_inside_is_read() -> None:
    assert read(status_list(MINIMUM_ENTRIES - 1), entry(index=MINIMUM_ENTRIES - 1))


@pytest.mark.parametrize("index", [-1, MINIMUM_ENTRIES])
def test_writer_refuses_too(index: int) -> None:
    with pytest.raises(InvalidError):
        set_bit(make_bits(), index, True)
