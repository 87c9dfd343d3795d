"""The Data Integrity suites that we have, by name: the one list of what is made and verified.

A suite that is not here is not supported, which is no verdict about a proof of that suite.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from certweave.errors import InvalidError, UnsupportedError
from certweave.keys.model import Algorithm
from certweave.proof import (
    bbs_2023,
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from certweave.proof.suite import Suite

SUITES: Final[Mapping[str, Suite]] = MappingProxyType(
    {
        suite.name: suite
        for suite in (
            eddsa_jcs_2022.SUITE,
            eddsa_rdfc_2022.SUITE,
            ecdsa_jcs_2019.SUITE,
            ecdsa_rdfc_2019.SUITE,
            ed25519_signature_2020.SUITE,
            ecdsa_sd_2023.SUITE,
            bbs_2023.SUITE,
        )
    }
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
