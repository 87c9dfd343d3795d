"""Attack: somebody else answers in a host's name, or the look-up leads elsewhere.

The connection goes to an address that was looked up and judged; TLS must still prove the *name*.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.support.web import respond

from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.fetch import Fetcher
from certweave_edge.hostmap import parse_host_map


def make_certificate(folder: Path, name: str) -> Path:
    """Write a self-signed certificate for ``name`` with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def serving_tls(certificate: Path, asked: list[str | None]) -> Iterator[int]:
    """Run an https server on loopback, note the names that clients ask for, and yield its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Host"])
            respond(self, b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: handshakes fail on purpose here."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fetch(port: int, *, trusted: Path | None) -> Fetched | Unavailable:
    """Ask for a document of mill.example, which is looked up as loopback (mapped, so that it may be)."""
    fetcher = Fetcher(
        limits=DEFAULT_LIMITS,
        host_map=parse_host_map({"mill.example": f"https://mill.example:{port}"}),
        resolve=lambda host, port: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=str(trusted)) if trusted else None,
    )
    return fetcher.fetch(Need(Kind.DID, "https://mill.example/did.jsonl"))


def test_the_right_name_is_asked_for_and_proved(tmp_path: Path) -> None:
    asked: list[str | None] = []
    certificate = make_certificate(tmp_path, "mill.example")
    with serving_tls(certificate, asked) as port:
        found = fetch(port, trusted=certificate)
        assert asked == [f"mill.example:{port}"]
    assert isinstance(found, Fetched)
    assert found.content == b"{}"


@pytest.mark.parametrize("name", ["other.example", "localhost"])
def test_a_certificate_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    asked: list[str | None] = []
    certificate = make_certificate(tmp_path, name)
    with serving_tls(certificate, asked) as port:
        found = fetch(port, trusted=certificate)
    assert isinstance(found, Unavailable)
    assert asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    asked: list[str | None] = []
    with serving_tls(make_certificate(tmp_path, "mill.example"), asked) as port:
        found = fetch(port, trusted=None)
    assert isinstance(found, Unavailable)
    assert asked == []
