"""The Data Integrity suites that we have, by name: the one list of what is made and verified.

A suite that is not here is not supported, which is no verdict about a proof of that suite.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from certweave.errors import InvalidError, UnsupportedError
from certweave.keys.model import Algorithm
from certweave.proof.suites.suite import Suite

_NAMES: Final = (
    "eddsa-jcs-2022",
    "eddsa-rdfc-2022",
    "ecdsa-jcs-2019",
    "ecdsa-rdfc-2019",
    "Ed25519Signature2020",
    "ecdsa-sd-2023",
    "bbs-2023",
)
"""Every suite, in the order in which they are offered."""
JCS: Final = ("eddsa-jcs-2022", "ecdsa-jcs-2019")
"""Those over plain JSON; the others sign what JSON-LD says."""


@cache
def _load(name: str) -> Suite:
    """Import the module of a suite. Most commands see proofs of one, and each brings along what it needs."""
    if name == "eddsa-jcs-2022":
        from certweave.proof.suites.eddsa_jcs_2022 import SUITE
    elif name == "eddsa-rdfc-2022":
        from certweave.proof.suites.eddsa_rdfc_2022 import SUITE
    elif name == "ecdsa-jcs-2019":
        from certweave.proof.suites.ecdsa_jcs_2019 import SUITE
    elif name == "ecdsa-rdfc-2019":
        from certweave.proof.suites.ecdsa_rdfc_2019 import SUITE
    elif name == "Ed25519Signature2020":
        from certweave.proof.suites.ed25519_signature_2020 import SUITE
    elif name == "ecdsa-sd-2023":
        from certweave.proof.suites.ecdsa_sd_2023 import SUITE
    else:
        from certweave.proof.suites.bbs_2023 import SUITE
    return SUITE


class _Suites(Mapping[str, Suite]):
    """Suites by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Suite:
        if name not in _NAMES:
            raise KeyError(name)
        return _load(name)

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


SUITES: Final[Mapping[str, Suite]] = _Suites()
"""Every suite by its name, in the order in which they are offered."""


def get_suite(name: str) -> Suite:
    """Return the suite of that name.

    Raises:
        UnsupportedError: there is none (``suite_unsupported``).
    """
    if name not in _NAMES:
        detail = f"the suite {name[:60]!a} is not one we have"
        raise UnsupportedError(detail, code="suite_unsupported")
    return _load(name)


def find_suite(proof_type: str, cryptosuite: str) -> Suite | None:
    """Return the suite of a proof; for a type that is a suite itself, ``cryptosuite`` is that type again."""
    suite = _load(cryptosuite) if cryptosuite in _NAMES else None
    return suite if suite is not None and suite.type == proof_type else None


def jcs_suite(algorithm: Algorithm) -> Suite:
    """Return the suite over plain JSON (RFC 8785) that fits a key: what signs without any context.

    Raises:
        InvalidError: there is none for such a key (``suite_key_mismatch``).
    """
    for name in JCS:
        if algorithm in SUITES[name].algorithms:
            return SUITES[name]
    detail = f"no suite over plain JSON signs with a key for {algorithm.value}"
    raise InvalidError(detail, code="suite_key_mismatch")
