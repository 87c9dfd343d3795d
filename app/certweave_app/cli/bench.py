"""``certweave bench``: issuing and verifying per second, beside the floor of this machine.

The floor is what nothing can go below: strict parse, canonicalise, hash and one raw signature, nothing else.
Absolute figures differ from machine to machine, so the share of the floor is what to compare. All works take
turns in one run, each turn lasts some milliseconds, and the median turn counts. Verifying is the whole
examination with all its checks; no verdict is cached. Other programs are not measured here.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median

from certweave.canon.jcs import canonicalize
from certweave.credential.contexts import ContextStore
from certweave.credential.untp.credentials import UNTP_CONTEXT
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.report import Verdict
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import CREDENTIALS_V2, sign_credential_jwt
from certweave.trust.policy import INTEGRITY
from certweave_app.cli.frame import CommandError, Exit, Verbs, add_verb
from certweave_app.cli.inputs import load_contexts
from certweave_edge import clock
from certweave_edge.settings import DataDirectory

LOTS = 8
"""Of cotton in the passport; a power of two, so that a share has a short decimal form."""
TURN_SECONDS = 0.02
FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do again and again."""

    act: str
    route: str
    once: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """How often a work can be done in a second, and which share of the floor that is."""

    act: str
    route: str
    per_second: float
    share: float


def add_parser(verbs: Verbs) -> None:
    """Add ``bench``."""
    parser = add_verb(
        verbs,
        "bench",
        "measure issuing and verifying beside the floor of this machine",
        about="The floor: strict parse, canonicalise, hash and one raw signature. Compare shares.",
        example="certweave bench --seconds 20 --json",
    )
    parser.add_argument("--seconds", type=_seconds, default=6.0, help="how long to measure (default: 6)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print."""
    credential, works = make_works(load_contexts(DataDirectory.find(None)))
    results = compare(works, measure(works, options.seconds))
    size = len(canonicalize(credential))
    sys.stdout.write(as_json(results, size) if options.json else as_text(results, size))
    return Exit.VALID


def make_passport(issuer: str) -> JsonObject:
    """Return a UNTP product passport of the size that is usual in the field."""
    uzbekistan = {"countryCode": "UZ", "countryName": "Uzbekistan"}
    fibre = {
        "code": "26121",
        "name": "Cotton, ginned",
        "schemeId": "https://unstats.un.org/unsd/classifications/Econ/cpc/",
        "schemeName": "Central Product Classification",
    }
    return {
        "@context": [CREDENTIALS_V2, UNTP_CONTEXT],
        "id": "https://brand.example/credentials/9f0c5a4e",
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "name": "Passport of a bale of yarn",
        "issuer": {"type": ["CredentialIssuer"], "id": issuer, "name": "Bench Mill"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["Product"],
            "id": "https://id.brand.example/01/09520123456788/10/B7",
            "name": "Combed yarn, 30/1",
            "idScheme": {"id": "https://id.gs1.org/01", "name": "Global Trade Item Number"},
            "idGranularity": "batch",
            "batchNumber": "B7",
            "productCategory": [fibre],
            "producedAtFacility": {"id": "https://mill.example/facilities/1", "name": "Spinning mill"},
            "countryOfProduction": uzbekistan,
            "materialProvenance": [
                {
                    "name": f"Cotton of lot {number}",
                    "originCountry": uzbekistan,
                    "materialType": fibre,
                    "massFraction": 1 / LOTS,
                    "mass": {"value": 218.5, "unit": "KGM"},
                }
                for number in range(LOTS)
            ],
        },
    }


def make_works(contexts: ContextStore) -> tuple[JsonObject, tuple[Work, ...]]:
    """Return the credential, and every work with its input ready.

    Raises:
        CommandError: what is measured does not come out valid, so there is nothing to measure.
    """
    key = make_private_key(Algorithm.ED25519, entropy=clock.entropy)
    signer = KeySigner(make_did_key_method(key.public), key)
    credential = make_passport(make_did_key(key.public))
    now = clock.now()

    def issue_jwt() -> bytes:
        return sign_credential_jwt(credential, signer, issued_at=now).encode()

    def issue_jcs() -> JsonObject:
        return add_jcs_proof(credential, signer, created=now, purpose="assertionMethod")

    def verify(source: bytes) -> Callable[[], Verdict]:
        return lambda: (
            examine(
                source, Evidence(), policy=INTEGRITY, now=now, limits=DEFAULT_LIMITS, contexts=contexts
            ).verdict
        )

    plain = canonicalize(credential)
    signature = key.sign(sha256(plain).digest())

    def floor_verify() -> None:
        digest = sha256(canonicalize(parse_object(plain, limits=DEFAULT_LIMITS))).digest()
        key.public.verify(signature, digest)

    verify_jwt, verify_jcs = verify(issue_jwt()), verify(canonicalize(issue_jcs()))
    if {verify_jwt(), verify_jcs()} != {Verdict.VALID}:
        raise CommandError("what is measured does not come out valid; nothing was measured")
    return credential, (
        Work("issue", FLOOR, lambda: key.sign(sha256(canonicalize(credential)).digest())),
        Work("issue", "vc+jwt", issue_jwt),
        Work("issue", "eddsa-jcs-2022", issue_jcs),
        Work("verify", FLOOR, floor_verify),
        Work("verify", "vc+jwt", verify_jwt),
        Work("verify", "eddsa-jcs-2022", verify_jcs),
    )


def measure(works: Sequence[Work], seconds: float) -> list[float]:
    """Return how often each work can be done in a second; the works take turns until time is up."""
    turns: list[list[float]] = [[] for _ in works]
    end = clock.monotonic() + seconds
    while clock.monotonic() < end or not turns[0]:
        for work, speeds in zip(works, turns, strict=True):
            speeds.append(_turn(work.once))
    return [median(speeds) for speeds in turns]


def _turn(once: Callable[[], object]) -> float:
    done, start = 0, clock.monotonic()
    while (spent := clock.monotonic() - start) < TURN_SECONDS:
        once()
        done += 1
    return done / spent


def compare(works: Sequence[Work], speeds: Sequence[float]) -> list[Result]:
    """Hold every work against the floor of the same act."""
    pairs = list(zip(works, speeds, strict=True))
    floors = {work.act: speed for work, speed in pairs if work.route == FLOOR}
    return [Result(work.act, work.route, speed, speed / floors[work.act]) for work, speed in pairs]


def as_text(results: Sequence[Result], size: int) -> str:
    """Return the figures as a table."""
    rows = [f"{'':8} {'route':16} {'per second':>12} {'of the floor':>13}"]
    for one in results:
        rows.append(f"{one.act:8} {one.route:16} {one.per_second:12,.0f} {one.share:13.0%}")
    rows.append(
        f"\nOne core, a UNTP product passport of {size:,} bytes, Ed25519, medians of turns of one run."
    )
    return "\n".join(rows) + "\n"


def as_json(results: Sequence[Result], size: int) -> str:
    """Return the figures for a program."""
    rows = [
        {
            "act": one.act,
            "route": one.route,
            "perSecond": round(one.per_second, 1),
            "shareOfFloor": round(one.share, 3),
        }
        for one in results
    ]
    return json.dumps({"credentialBytes": size, "algorithm": "Ed25519", "results": rows}, indent=2) + "\n"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to 3600")
    return seconds
