"""Four passports signed by a UN test issuer: exactly what EXPECTED.json says, and spoilt twins refused."""

import base64
import json
from typing import Any

import pytest
from tests.support.shared import shared
from tests.support.world import contexts

from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.report import Report
from certweave.limits import DEFAULT_LIMITS
from certweave.timestamps import parse_timestamp
from certweave.trust.policy import INTEGRITY
from certweave_edge.gather import examine_with

DID_URL = "https://uncefact.github.io/project-vckit/test-and-development/did.json"
NAMES = (
    "dpp.json",
    "valid-v2-enveloped-dpp.json",
    "invalid-schema-v2-enveloped-dpp.json",
    "invalid-v2-enveloped-dpp-with-extension.json",
)
STEPS = ("read", "model", "proof", "key", "signature", "validity", "status")


def _examine(source: bytes) -> Report:
    expected = json.loads(shared("untp", "signed", "EXPECTED.json").read_text())
    now = parse_timestamp(expected["at"])
    document = shared("untp", "signed", "did.json").read_bytes()
    known = Evidence({Need(Kind.DID, DID_URL): Fetched(document, DID_URL, "application/did+json", now)})
    report, _ = examine_with(
        source,
        known,
        policy=INTEGRITY,
        now=now,
        limits=DEFAULT_LIMITS,
        contexts=contexts(),
        fetch=lambda _: Unavailable("nothing else is reachable", now),
    )
    return report


def _words(report: Report, step: str) -> str:
    check = next(check for check in report.checks if check.step == step)
    return f"{check.outcome}: {check.cause}" if check.cause else str(check.outcome)


@pytest.mark.parametrize("name", NAMES)
def test_exactly_what_is_expected(name: str) -> None:
    expected: dict[str, Any] = json.loads(shared("untp", "signed", "EXPECTED.json").read_text())["expected"][
        name
    ]
    report = _examine(shared("untp", "signed", name).read_bytes())
    for step in STEPS:
        if step in expected:
            assert _words(report, step) == expected[step].partition(": the first")[0], report.checks
    if expected["verdict"].startswith("not valid"):
        assert report.verdict in ("invalid", "undecided")
    else:
        assert report.verdict == expected["verdict"], report.checks


def test_the_wrong_context_and_the_unknown_version_are_named() -> None:
    first = _examine(shared("untp", "signed", "invalid-schema-v2-enveloped-dpp.json").read_bytes())
    model = next(check for check in first.checks if check.step == "model")
    assert (model.code, model.path) == ("context_first_wrong", "/@context/0")
    second = _examine(shared("untp", "signed", "dpp.json").read_bytes())
    rules = next(check for check in second.checks if check.step == "rules")
    assert "0.6.0" in rules.detail


def _flip(text: str, place: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:place] + alphabet[alphabet.index(text[place]) ^ 16] + text[place + 1 :]


@pytest.mark.parametrize("part", ["payload", "signature"])
@pytest.mark.parametrize("name", NAMES)
def test_spoilt_twins_are_refused(name: str, part: str) -> None:
    found = json.loads(shared("untp", "signed", name).read_text())
    holder = found.get("verifiableCredential", found)
    head, token = holder["id"].split(",", 1)
    header, payload, signature = token.split(".")
    if part == "payload":
        claims = base64.urlsafe_b64decode(payload + "==")
        place = claims.index(b'"name":"') + len(b'"name":"')
        changed = claims[:place] + bytes([claims[place] ^ 1]) + claims[place + 1 :]
        payload = base64.urlsafe_b64encode(changed).decode().rstrip("=")
    else:
        signature = _flip(signature, 20)
    holder["id"] = f"{head},{header}.{payload}.{signature}"
    report = _examine(json.dumps(found).encode())
    assert _words(report, "signature") == "invalid"
    assert report.verdict == "invalid"
