"""Base Proof Transformation, which the suites of selective disclosure say in the same words.

VC-DI-ECDSA v1.0 §3.6.2 (https://www.w3.org/TR/vc-di-ecdsa/#base-proof-transformation-ecdsa-sd-2023) and
VC-DI-BBS §3.4.2. They differ in the label map only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from certweave.proof.suites.sd.grouping import LabelMapFactory, canonicalize_and_group
from certweave.proof.suites.suite import Around, Json


@dataclass(frozen=True, slots=True)
class Transformed:
    """What Base Proof Transformation returns; statements by index among all."""

    mandatory_pointers: tuple[str, ...]
    mandatory: dict[int, str]
    non_mandatory: dict[int, str]
    hmac_key: bytes


def transform(
    unsecured: Json,
    mandatory_pointers: Sequence[str],
    hmac_key: bytes,
    factory: LabelMapFactory,
    around: Around,
) -> Transformed:
    """Base Proof Transformation; ``factory`` makes label maps with ``hmac_key``.

    Raises:
        as ``canonicalize_and_group``.
    """
    grouped = canonicalize_and_group(
        dict(unsecured),
        factory,
        {"mandatory": mandatory_pointers},
        contexts=around.contexts,
        limits=around.limits,
    )
    group = grouped.groups["mandatory"]
    return Transformed(tuple(mandatory_pointers), dict(group.matching), dict(group.non_matching), hmac_key)
