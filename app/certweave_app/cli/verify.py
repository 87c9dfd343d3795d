"""``certweave verify``: examine a credential or presentation, and say what was found.

The rules are core's, the fetching is edge's; here are only arguments, and what is printed. Nothing is cached
from one run to the next: what a verdict stood on is kept with ``--save-evidence``.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from certweave.credential.contexts import ContextStore
from certweave.errors import Cause, CertweaveError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.expectation import Expectation
from certweave.examine.report import CREDENTIAL_STEPS, Check, Outcome, Report, Step
from certweave.limits import DEFAULT_LIMITS
from certweave.trust.policy import INTEGRITY, Policy, parse_policy
from certweave_app.cli.frame import MisuseError, Parser, Verbs, add_verb, describe, moment, no_such_file, pair
from certweave_app.cli.inputs import (
    Online,
    add_network,
    find_data,
    is_url,
    load_contexts,
    read_bytes,
    read_host_map,
    read_object,
    read_source,
)
from certweave_app.cli.render import EXITS, report_bytes, report_text
from certweave_edge import clock
from certweave_edge.evidence_dir import BUNDLE_SUFFIX, load_evidence, save_evidence
from certweave_edge.files import write_file
from certweave_edge.gather import Find, examine_with, first_of

ABOUT = """INPUT is a file, a URL, or - for standard input: a compact JWT or SD-JWT, an SD-JWT as JSON, a
COSE message, an enveloped or embedded-proof object, or {"verifiableCredential": ...}; a presentation
likewise; or a .cwbundle, whose evidence then counts as handed in by somebody else. Without --policy the
policy is "integrity": the issuer is who signed, and nobody vouches for them."""

ZIP = b"PK\x03\x04"


def add_parser(verbs: Verbs) -> None:
    """Add ``verify``."""
    parser = add_verb(
        verbs,
        "verify",
        "judge a credential or presentation",
        about=ABOUT,
        example="certweave verify certificate.jwt --policy buyers.json --save-evidence kept/",
    )
    parser.add_argument("input", metavar="INPUT", help="file, URL, or - for standard input")
    parser.add_argument("--at", metavar="TIME", type=moment, help="judge as of this time (default: now)")
    parser.add_argument("--policy", metavar="FILE", type=Path, help="whom you trust, and for what")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    _add_evidence(parser)
    add_network(parser)
    parser.add_argument("--audience", metavar="A", help="the audience that a presentation must name")
    parser.add_argument("--nonce", metavar="N", help="the nonce that a presentation must carry")
    parser.set_defaults(run=run)


def _add_evidence(parser: Parser) -> None:
    parser.add_argument("--offline", action="store_true", help="fetch nothing")
    parser.add_argument(
        "--evidence",
        metavar="DIR",
        type=Path,
        help="documents gathered before, with evidence.json; they count as fetched by you when they say",
    )
    parser.add_argument(
        "--evidence-for",
        metavar="URL=FILE",
        action="append",
        default=[],
        type=pair,
        help="take FILE for what lies at URL, as if fetched now; may be given several times",
    )
    parser.add_argument(
        "--save-evidence",
        metavar="DIR",
        type=Path,
        help="keep what the verdict stood on in DIR; or, with report and policy, in a file "
        f"*{BUNDLE_SUFFIX}, in place of what was kept there before",
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """All that an examination needs besides its input."""

    policy: Policy
    now: datetime
    contexts: ContextStore
    expect: Expectation
    online: Online | None
    given: dict[str, Fetched]

    def find(self, need: Need) -> Fetched | Unavailable | None:
        """Answer a need with what the operator gave for its address."""
        return self.given.get(need.url)

    def leave(self, evidence: Evidence) -> Evidence:
        """Return ``evidence`` without what the operator gave for this run, which wins over what was kept."""
        return Evidence({need: one for need, one in evidence.documents.items() if need.url not in self.given})

    @property
    def finder(self) -> Find:
        """What the examination asks: the operator first, then the network."""
        return first_of(self.find, self.online.fetch) if self.online else self.find


def run(options: argparse.Namespace) -> int:
    """Examine INPUT, print the report, keep the evidence."""
    setting = _read_setting(options)
    before = _read_evidence(options, setting)
    source = _read_input(options.input, setting, before)
    if isinstance(source, Unavailable):
        report, after = _unreachable(options.input, source, setting), before
        source = b""
    else:
        if source.startswith(ZIP):
            source, handed = _open_bundle(source, online=setting.online is not None)
            before = setting.leave(handed.plus(before.documents))
        report, after = examine_with(
            source,
            before,
            policy=setting.policy,
            now=setting.now,
            limits=DEFAULT_LIMITS,
            contexts=setting.contexts,
            fetch=setting.finder,
            expect=setting.expect,
        )
    if options.save_evidence is not None:
        # Before anything is printed: a reader who leaves early must not cost the evidence.
        _save(options.save_evidence, source, _used(report, before, after), report, setting)
    sys.stdout.write(report_bytes(report).decode() if options.json else report_text(report))
    return EXITS[report.verdict]


def _read_setting(options: argparse.Namespace) -> Setting:
    data = find_data(options.data)
    host_map = read_host_map(options.host_map, data)
    now = options.at or clock.now()
    return Setting(
        policy=INTEGRITY if options.policy is None else read_policy(options.policy),
        now=now,
        contexts=load_contexts(data),
        expect=Expectation(options.audience, options.nonce),
        online=None if options.offline else Online(DEFAULT_LIMITS, host_map),
        # As if fetched now, or at the time that is asked about, where that is still to come.
        given={url: _give(url, Path(name), max(now, clock.now())) for url, name in options.evidence_for},
    )


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises:
        NoInputError: there is no such file.
        MisuseError: it is no policy.
    """
    found = read_object(path, "a policy")
    try:
        return parse_policy(found)
    except CertweaveError as error:
        raise MisuseError(f"{path} is not a policy: {describe(error)}") from None


def _give(url: str, path: Path, now: datetime) -> Fetched:
    content = read_bytes(path)
    media_type = "application/json" if content.lstrip()[:1] in {b"{", b"["} else "application/vc+jwt"
    return Fetched(content, url, media_type, now)


def _read_evidence(options: argparse.Namespace, setting: Setting) -> Evidence:
    if options.evidence is None:
        return Evidence()
    try:
        found = load_evidence(options.evidence, limits=DEFAULT_LIMITS)
    except OSError as error:
        raise no_such_file(options.evidence / "evidence.json", error) from None
    except CertweaveError as error:
        raise MisuseError(f"{options.evidence}/evidence.json: {describe(error)}") from None
    return setting.leave(found)


def _read_input(name: str, setting: Setting, evidence: Evidence) -> bytes | Unavailable:
    if not is_url(name):
        return read_source(name)
    need = Need(Kind.CREDENTIAL, name)
    found = setting.find(need) or evidence.find(need)
    if found is None and setting.online is not None:
        found = setting.online.fetch_typed(name)
    if isinstance(found, Fetched):
        return found.content
    return found or Unavailable("nothing is fetched with --offline", setting.now)


def _open_bundle(content: bytes, *, online: bool) -> tuple[bytes, Evidence]:
    from certweave_edge.bundle import parse_bundle  # loads zipfile; most inputs are no bundle

    bundle = parse_bundle(content, limits=DEFAULT_LIMITS)
    # That somebody else could not reach a document keeps nobody from trying again.
    handed = bundle.supplied.documents.items()
    return bundle.source, Evidence(
        {need: one for need, one in handed if isinstance(one, Fetched) or not online}
    )


def _unreachable(url: str, found: Unavailable, setting: Setting) -> Report:
    """Return the report about an input that could not be had: nothing was examined."""
    need = frozenset({Need(Kind.CREDENTIAL, url)})
    detail = f"the input could not be had from {url}: {found.reason}"
    first = Check(
        Step.READ, Outcome.UNDECIDED, "input_unreachable", detail, cause=Cause.UNREACHABLE, needs=need
    )
    rest = (
        Check(step, Outcome.NOT_APPLICABLE, "not_reached", "not reached") for step in CREDENTIAL_STEPS[1:]
    )
    return Report((first, *rest), setting.now, setting.policy.name)


def _used(report: Report, before: Evidence, after: Evidence) -> Evidence:
    """Return what the report stood on, and whatever else was fetched for it, failures included."""
    wanted = {one.need for part in (report, *report.credentials) for one in part.used} | report.needs
    return Evidence(
        {
            need: found
            for need, found in after.documents.items()
            if need in wanted or need not in before.documents
        }
    )


def _save(place: Path, source: bytes, evidence: Evidence, report: Report, setting: Setting) -> None:
    if place.suffix != BUNDLE_SUFFIX:
        save_evidence(evidence, place)
        return
    from certweave_edge.bundle import Bundle, make_bundle

    policy = json.dumps(setting.policy.to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
    bundle = Bundle(source, evidence, report_bytes(report), policy, setting.expect)
    write_file(place, make_bundle(bundle))
