"""The Data Integrity suites that we have, by name: the one list of what is made and verified.

A suite that is not here is not supported, which is no verdict about a proof of that suite.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from certweave.errors import InvalidError, UnsupportedError
from certweave.keys.model import Algorithm
from certweave.proof.suites import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from certweave.proof.suites.suite import Suite


def _ecdsa_sd() -> Suite:
    from certweave.proof.suites import ecdsa_sd_2023

    return ecdsa_sd_2023.SUITE


def _bbs() -> Suite:
    from certweave.proof.suites import bbs_2023

    return bbs_2023.SUITE


class _Suites(Mapping[str, Suite]):
    """Suites by name; those of selective disclosure are loaded when they are asked for, because few are."""

    def __init__(self, *suites: Suite, later: Mapping[str, Callable[[], Suite]]) -> None:
        self._suites = {suite.name: suite for suite in suites}
        self._later = dict(later)

    def __getitem__(self, name: str) -> Suite:
        suite = self._suites.get(name)
        return self._later[name]() if suite is None else suite

    def __contains__(self, name: object) -> bool:
        return name in self._suites or name in self._later

    def __iter__(self) -> Iterator[str]:
        yield from self._suites
        yield from self._later

    def __len__(self) -> int:
        return len(self._suites) + len(self._later)


SUITES: Final[Mapping[str, Suite]] = _Suites(
    eddsa_jcs_2022.SUITE,
    eddsa_rdfc_2022.SUITE,
    ecdsa_jcs_2019.SUITE,
    ecdsa_rdfc_2019.SUITE,
    ed25519_signature_2020.SUITE,
    later={"ecdsa-sd-2023": _ecdsa_sd, "bbs-2023": _bbs},
)
"""Every suite by its name, in the order in which they are offered."""

_JCS: Final = (eddsa_jcs_2022.SUITE, ecdsa_jcs_2019.SUITE)


def get_suite(name: str) -> Suite:
    """Return the suite of that name.

    Raises:
        UnsupportedError: there is none (``suite_unsupported``).
    """
    suite = SUITES.get(name)
    if suite is None:
        detail = f"the suite {name[:60]!a} is not one we have"
        raise UnsupportedError(detail, code="suite_unsupported")
    return suite


def find_suite(proof_type: str, cryptosuite: str) -> Suite | None:
    """Return the suite of a proof; for a type that is a suite itself, ``cryptosuite`` is that type again."""
    suite = SUITES.get(cryptosuite)
    return suite if suite is not None and suite.type == proof_type else None


def jcs_suite(algorithm: Algorithm) -> Suite:
    """Return the suite over plain JSON (RFC 8785) that fits a key: what signs without any context.

    Raises:
        InvalidError: there is none for such a key (``suite_key_mismatch``).
    """
    for suite in _JCS:
        if algorithm in suite.algorithms:
            return suite
    detail = f"no suite over plain JSON signs with a key for {algorithm.value}"
    raise InvalidError(detail, code="suite_key_mismatch")
