"""A certificate of our own for a trial with https: self-signed, for this machine's own names.

X.509 (RFC 5280) by the cryptography library. Kept in the data directory, made anew before it ends. Nobody
trusts it but who was told to: for the open internet, put a server with a real certificate in front.
"""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certweave_edge.files import PUBLIC_FILE, make_directory, write_file

LIFE: Final = timedelta(days=365)
SOON: Final = timedelta(days=30)
"""Made anew when less than this is left."""
_NAMES: Final = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)


@dataclass(frozen=True, slots=True)
class Tls:
    """Where the certificate and its key are."""

    certificate: Path
    key: Path


def open_tls(data: Path, *, now: datetime) -> Tls:
    """Return the certificate of a data directory; it is made where there is none that lasts.

    Raises:
        OSError: the directory cannot be written.
    """
    folder = data / "tls"
    found = Tls(folder / "certificate.pem", folder / "key.pem")
    if not _lasts(found, now):
        make_directory(folder)
        _make(found, now)
    return found


def _lasts(found: Tls, now: datetime) -> bool:
    try:
        known = x509.load_pem_x509_certificate(found.certificate.read_bytes())
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(found.certificate, found.key)
    except (OSError, ValueError):  # not there, or not what it should be; OSError covers ssl.SSLError
        return False
    return now + SOON < known.not_valid_after_utc


def _make(wanted: Tls, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Certweave on this machine")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(_NAMES), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_file(wanted.key, secret)
    write_file(wanted.certificate, certificate.public_bytes(Encoding.PEM), mode=PUBLIC_FILE)
