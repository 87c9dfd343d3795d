"""``import certweave``: every name is there, described, and the same object as where it is defined."""

import subprocess
import sys
from types import FunctionType

import pytest

import certweave


@pytest.mark.parametrize("name", certweave.__all__)
def test_a_name_of_the_face_is_described(name: str) -> None:
    found = getattr(certweave, name)
    if isinstance(found, type | FunctionType):
        assert (found.__doc__ or "").strip()
    assert name in dir(certweave)


def test_types_and_names_agree() -> None:
    source = (certweave.__file__ or "").removesuffix("c")
    with open(source, encoding="utf-8") as file:
        typed = {
            line.split()[-1] for line in file if line.startswith("    from certweave.") and " as " in line
        }
    assert typed - {"_examine"} | {"verify"} == set(certweave.__all__)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'verify_all'"):
        getattr(certweave, "verify_all")  # noqa: B009 - what is asked for is the error


def test_importing_the_face_loads_nothing_heavy() -> None:
    program = "import sys, certweave; print(*sorted({'pydantic', 'pyld', 'jwcrypto'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
