"""Two hundred verifications at once, in the process that must also answer what they ask for."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.support.servers import COMMAND

pytestmark = pytest.mark.xdist_group("demo")

AT_ONCE = 200
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration that stays; yields its address."""
    data = tmp_path_factory.mktemp("demo") / "data"
    process = subprocess.Popen(
        [*COMMAND, "demo", "--port", "0", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    found: list[str] = []
    ready = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            if "Everything is at" in line:
                found.append(line.split()[3].rstrip("/"))
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert ready.wait(200)
        assert found
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
        reader.join(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


def test_none_is_undecided(demo: str) -> None:
    with httpx.Client(
        base_url=demo, timeout=180, trust_env=False, limits=httpx.Limits(max_connections=AT_ONCE)
    ) as web:
        public = "/wallet/orgs/ipek/credentials/PLACE-1"
        content = web.get(public, headers={"accept": "application/vc+jwt"}).content
        headers = {"content-type": "application/vc+jwt"}

        def verify(_: int) -> str:
            answer = web.post("/verifier/credentials/verify", content=content, headers=headers)
            return str(answer.json().get("verdict", answer.text))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            verdicts = Counter(pool.map(verify, range(AT_ONCE)))
    assert verdicts == {"valid": AT_ONCE}


def test_everything_can_be_reached(demo: str) -> None:
    """The front page leads everywhere, product codes lead to their page, and metadata lie at the root."""
    with httpx.Client(base_url=demo, timeout=60, trust_env=False, headers=HTML) as web:
        front = web.get("/")
        assert "meadow@certweave.example" in front.text
        for path in ("/verifier/", "/issuer/register", "/wallet/", "/ledger/", "/health"):
            assert web.get(path).status_code == 200, path
        code = web.get("/01/09521234543213/10/17")
        assert code.status_code == 307
        page = web.get(code.headers["location"])
        assert page.status_code == 200
        assert "Weberei Lindau" in page.text
        metadata = web.get("/.well-known/openid-credential-issuer/issuer/orgs/fa").json()
        assert metadata["credential_issuer"] == "https://certweave.example/issuer/orgs/fa"


def test_the_data_directory_is_private(demo: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = next(Path(tmp_path_factory.getbasetemp()).glob("demo*/data"))
    assert (data.stat().st_mode & 0o077) == 0
    assert ((data / "demo.json").stat().st_mode & 0o077) == 0
