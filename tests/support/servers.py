"""Real servers in processes of their own, by the command that everybody uses; stopped at the end."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

COMMAND = (sys.executable, "-m", "certweave_app")
STARTING = 60


@dataclass
class Running:
    """A server that listens, with the lines that it wrote."""

    process: subprocess.Popen[str]
    base: str
    lines: list[str] = field(default_factory=list)

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=30)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certweave(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@contextmanager
def serving(
    service: str, data: Path, *, port: int, public_url: str, variables: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Run ``certweave serve`` until it says that it listens; stop it at the end."""
    process = subprocess.Popen(
        [*COMMAND, "serve", service, "--port", str(port), "--data", str(data), "--public-url", public_url],
        env={**os.environ, **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(process, f"http://127.0.0.1:{port}")
    listening = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            running.lines.append(line)
            if "listens on" in line:
                listening.set()
        listening.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert listening.wait(STARTING)
        assert process.poll() is None, "".join(running.lines)
        yield running
    finally:
        running.stop()
        reader.join(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


@dataclass
class Town:
    """Four services on four ports, each with a data directory, all on the same host map."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    running: dict[str, Running] = field(default_factory=dict)

    SERVICES = ("ledger", "issuer", "wallet", "verifier")

    def prepare(self) -> None:
        """Choose ports and write the host map."""
        self.ports = {name: free_port() for name in self.SERVICES}
        hosts = {f"{name}.example": self.base(name) for name in ("issuer", "wallet", "verifier")}
        hosts |= {"ledger.example": f"{self.base('ledger')}/dids", "ledger-api.example": self.base("ledger")}
        for name in self.SERVICES:
            (self.folder / name).mkdir(mode=0o700)
            self.file(name, "host-map.json").write_text(json.dumps(hosts), encoding="utf-8")

    def base(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def file(self, service: str, name: str) -> Path:
        return self.folder / service / name

    def enrol(self, service: str, org: str, name: str) -> None:
        """Register an organisation and take a token for everything it may do."""
        place = ["--service", service, "--data", str(self.folder / service)]
        added = certweave("org", "add", org, "--name", name, *place)
        assert added.returncode == 0, added.stderr
        made = certweave("token", "new", "--org", org, "--scopes", "admin", *place)
        assert made.returncode == 0, made.stderr
        self.tokens[service, org] = made.stdout.strip()

    def start(self, service: str) -> None:
        """Start one service."""
        secrets = {name: f"{name}-0123456789abcdef0123456789abcdef" for name in self.SERVICES[1:]}
        if service == "ledger":
            variables = {f"CERTWEAVE_MEMBER_{name.upper()}": text for name, text in secrets.items()}
        else:
            variables = {
                "CERTWEAVE_LEDGER_URL": self.base("ledger"),
                "CERTWEAVE_LEDGER_TOKEN": secrets[service],
            }
        public = "https://ledger-api.example" if service == "ledger" else f"https://{service}.example"
        opened = serving(
            service,
            self.folder / service,
            port=self.ports[service],
            public_url=public,
            variables=variables,
        )
        self.running[service] = self.stack.enter_context(opened)

    def call(
        self, service: str, method: str, path: str, *, org: str = "", body: Any = None, **options: Any
    ) -> httpx.Response:
        """Call a service, as an organisation where one is named."""
        headers = dict(options.pop("headers", {}))
        if org:
            headers["Authorization"] = f"Bearer {self.tokens[service, org]}"
        with httpx.Client(base_url=self.base(service), timeout=60, trust_env=False) as client:
            return client.request(method, path, headers=headers, json=body, **options)

    def done(self, service: str, path: str, *, org: str, body: Any = None, method: str = "POST") -> Any:
        """Call, and return the answer's object; anything but success fails the test."""
        answer = self.call(service, method, path, org=org, body={} if body is None else body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()
