"""An index outside of the list must not read as "bit not set"."""

from collections.abc import Callable

import pytest
from tests.support.status import entry, read, status_list

from certweave.errors import InvalidError
from certweave.status.bitstring import MINIMUM_ENTRIES, get_bit, make_bits, set_bit, set_value


@pytest.mark.parametrize("index", [MINIMUM_ENTRIES, MINIMUM_ENTRIES + 7, 2**40, -1])
def test_index_outside_is_invalid(index: int) -> None:
    with pytest.raises(InvalidError) as caught:
        read(status_list(), entry(index=index))
    assert caught.value.code == "status_index_out_of_range"
    assert caught.value.path == "/credentialStatus/statusListIndex"


def test_last_index_inside_is_read() -> None:
    assert read(status_list(MINIMUM_ENTRIES - 1), entry(index=MINIMUM_ENTRIES - 1))


@pytest.mark.parametrize("index", [-1, MINIMUM_ENTRIES])
@pytest.mark.parametrize("act", [get_bit, lambda bits, index: set_bit(bits, index, True)])
def test_a_single_bit_outside_is_neither_read_nor_written(act: Callable[..., object], index: int) -> None:
    with pytest.raises(InvalidError) as caught:
        act(make_bits(), index)
    assert caught.value.code == "status_index_out_of_range"


def test_a_status_that_is_half_outside_is_not_written_at_all() -> None:
    bits = bytearray(2)
    with pytest.raises(InvalidError) as caught:
        set_value(bits, 5, 7, 3)
    assert (caught.value.code, bits) == ("status_index_out_of_range", bytearray(2))
