"""The self-signed certificate: made once, kept, made anew in time."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from certweave_app.serve.tls import LIFE, SOON, open_tls

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def test_it_is_made_for_this_machine_and_its_key_is_private(tmp_path: Path) -> None:
    found = open_tls(tmp_path, now=NOW)
    made = x509.load_pem_x509_certificate(found.certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert made.not_valid_before_utc < NOW < made.not_valid_after_utc == NOW + LIFE
    assert stat.S_IMODE(found.key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(found.certificate, found.key)


def test_it_is_kept_while_it_lasts(tmp_path: Path) -> None:
    first = open_tls(tmp_path, now=NOW).certificate.read_bytes()
    assert open_tls(tmp_path, now=NOW + LIFE - SOON - timedelta(days=1)).certificate.read_bytes() == first
    assert open_tls(tmp_path, now=NOW + LIFE - SOON + timedelta(days=1)).certificate.read_bytes() != first


@pytest.mark.parametrize("name", ["certificate.pem", "key.pem"])
@pytest.mark.parametrize("content", [None, b"", b"not PEM"])
def test_what_is_broken_is_made_anew(tmp_path: Path, name: str, content: bytes | None) -> None:
    first = open_tls(tmp_path, now=NOW).certificate.read_bytes()
    place = tmp_path / "tls" / name
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    assert open_tls(tmp_path, now=NOW).certificate.read_bytes() != first


def test_a_key_of_another_certificate_is_not_kept(tmp_path: Path) -> None:
    one, other = open_tls(tmp_path / "one", now=NOW), open_tls(tmp_path / "other", now=NOW)
    one.key.write_bytes(other.key.read_bytes())
    before = one.certificate.read_bytes()
    assert open_tls(tmp_path / "one", now=NOW).certificate.read_bytes() != before
