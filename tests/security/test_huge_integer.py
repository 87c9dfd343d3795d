"""Attack: integers that readers take differently, because a double holds 53 bits, in every way."""

import pytest
from tests.support.suites import NOW, draft, judge_bytes
from tests.support.ways import NAMES, show, signer_for
from tests.support.world import outcome

from certweave.errors import CertweaveError

CONTEXT = ["https://www.w3.org/ns/credentials/v2", {"mass": "https://mill.example/terms#mass"}]
LARGEST = 2**53 - 1


@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("number", [2**53, -(2**53), 10**40])
def test_it_is_never_signed(way: str, number: int) -> None:
    signer = signer_for(way)

    def secure(mass: int) -> bytes:
        subject = {"id": "https://id.example/1", "mass": mass}
        return show(
            draft(signer.private, **{"@context": CONTEXT}, credentialSubject=subject), signer, way, now=NOW
        )

    assert secure(LARGEST)
    with pytest.raises(CertweaveError) as caught:
        secure(number)
    assert caught.value.code in {"number_range", "jcs_domain", "json_number", "jcs_number"}


@pytest.mark.parametrize("text", ["9007199254740992", "-9007199254740993", "1e300", "1" + "0" * 5000])
def test_it_is_never_read(text: str) -> None:
    report = judge_bytes(
        b'{"type": ["VerifiableCredential"], "credentialSubject": {"mass": %s}}' % text.encode()
    )
    assert outcome(report, "read") == "invalid:json_number"
