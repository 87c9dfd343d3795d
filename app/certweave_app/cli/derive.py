"""``certweave derive``: show a part of a credential that lets its holder choose.

Works on credentials with a base proof of ecdsa-sd-2023 or bbs-2023, and on SD-JWT of W3C (vc+sd-jwt) and of
the IETF (dc+sd-jwt), which are shown in their compact form. Nothing is fetched and nothing is stored.
"""

import argparse
import json
from pathlib import Path

from certweave.did.key import make_did_key_method
from certweave.encoding.strict_json import JsonValue, parse_json
from certweave.errors import MalformedError
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential, derive_sd_jwt
from certweave.proof.sd_jwt.binding import bind_sd_jwt, find_bound_key
from certweave.proof.sd_jwt.json_form import is_json_form, to_compact
from certweave.proof.sd_jwt.token import parse_sd_jwt
from certweave.proof.suites.suite import Around
from certweave.proof.vc_jwt import is_envelope, open_envelope
from certweave_app.cli.commit import read_secrets
from certweave_app.cli.frame import Exit, MisuseError, Parser, Verbs, add_verb, put, say
from certweave_app.cli.inputs import find_data, load_contexts, read_hex, read_key, read_source
from certweave_edge import clock

ABOUT = """Prints a credential that shows what its issuer made mandatory and what the pointers select: with a
derived proof, or as an SD-JWT with fewer disclosures. Each --pointer is a JSON Pointer (RFC 6901) into the
credential; a pointer to an object or an array shows all of it. Without --pointer only the mandatory part is
shown. Give the derived credential away, never FILE itself: it holds what you keep to yourself. An SD-JWT that
its issuer bound to your key is shown with --key, --audience and --nonce, to whoever asks for that; what an
issuer bound to your commitment needs --secrets and, for a pseudonym, --audience."""

_FOR_BINDING = ("key", "audience", "nonce")


def add_parser(verbs: Verbs) -> None:
    """Add ``derive``."""
    parser = add_verb(
        verbs,
        "derive",
        "show a part of a credential",
        about=ABOUT,
        example="certweave derive licence.json --pointer /credentialSubject/name --pointer /validUntil",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a credential with a base proof, or an SD-JWT, alone, in its envelope or in "
        '{"verifiableCredential": ...}; or - for standard input',
    )
    parser.add_argument(
        "--pointer",
        metavar="POINTER",
        dest="pointers",
        action="append",
        default=[],
        help="what to show beside the mandatory part; may be given several times",
    )
    parser.add_argument(
        "--presentation-header",
        metavar="HEX",
        type=read_hex,
        help="bytes that a proof of bbs-2023 is bound to, such as a verifier's nonce",
    )
    _add_binding(parser)
    parser.add_argument("--data", metavar="DIR", type=Path, help="data directory with pinned contexts")
    parser.set_defaults(run=run)


def _add_binding(parser: Parser) -> None:
    parser.add_argument(
        "--key", metavar="KEYFILE", type=Path, help="the key that the issuer bound an SD-JWT to, as a JWK"
    )
    parser.add_argument(
        "--secrets",
        metavar="FILE",
        type=Path,
        help="what you kept when you committed to it: the file of certweave commit (bbs-2023)",
    )
    parser.add_argument(
        "--audience",
        metavar="A",
        help="whom an SD-JWT, or a pseudonym of bbs-2023, is shown to, as that one calls itself",
    )
    parser.add_argument(
        "--nonce",
        metavar="N",
        help="what the one who asks wants to see in the key binding, or in a proof by --secrets",
    )


def run(options: argparse.Namespace) -> int:
    """Derive and print."""
    found = _unwrap(read_source(options.file).strip())
    put(_show_token(found, options) if isinstance(found, str) else _derive(found, options))
    return Exit.VALID


def _unwrap(content: bytes) -> JsonValue:
    """Return the credential, or its token as a text, out of what may stand around it."""
    if not content:
        raise MalformedError("the input is empty", code="input_form")
    if content[:1] not in (b"{", b"[", b'"'):
        return content.decode("ascii", "replace")
    found = parse_json(content, limits=DEFAULT_LIMITS)
    if isinstance(found, dict) and "proof" not in found and "verifiableCredential" in found:
        found = found["verifiableCredential"]
    if isinstance(found, dict) and is_json_form(found):
        return to_compact(found, limits=DEFAULT_LIMITS)
    return open_envelope(found)[1] if is_envelope(found) else found


def _derive(document: JsonValue, options: argparse.Namespace) -> str:
    for name in ("key",) if options.secrets is not None else _FOR_BINDING:
        if getattr(options, name) is not None:
            raise MisuseError(f"--{name} is for SD-JWT; this credential has its proof inside")
    if options.nonce is not None and options.presentation_header is not None:
        raise MisuseError("--nonce is the presentation header: give one of both")
    header = options.presentation_header or b"" if options.nonce is None else options.nonce.encode()
    if not isinstance(document, dict):
        raise MalformedError("a credential is an object or an SD-JWT", code="input_form")
    derived = derive_credential(
        document,
        options.pointers,
        around=Around(load_contexts(find_data(options.data)), DEFAULT_LIMITS),
        entropy=clock.entropy,
        presentation_header=header,
        holder=None if options.secrets is None else read_secrets(options.secrets),
        nym_domain=options.audience,
    )
    return json.dumps(derived, indent=2, ensure_ascii=False) + "\n"


def _show_token(token: str, options: argparse.Namespace) -> str:
    if options.presentation_header is not None:
        raise MisuseError("--presentation-header is for bbs-2023; an SD-JWT has --nonce")
    if options.secrets is not None:
        raise MisuseError("--secrets is for bbs-2023; an SD-JWT has --key")
    given = [name for name in _FOR_BINDING if getattr(options, name) is not None]
    if given and len(given) < len(_FOR_BINDING):
        raise MisuseError("a key binding needs all of --key, --audience and --nonce")
    shown = derive_sd_jwt(token, options.pointers, limits=DEFAULT_LIMITS)
    claims = parse_sd_jwt(shown, limits=DEFAULT_LIMITS).payload
    if not given:
        if "cnf" in claims:
            say(
                "certweave: note: its issuer bound it to a key; who asks will want --key, --audience, --nonce"
            )
        return f"{shown}\n"
    key, bound = read_key(options.key), find_bound_key(claims)
    if key.public != bound:
        whose = "no key" if bound is None else "another key"
        raise MisuseError(f"the issuer bound it to {whose}: with {options.key} nobody takes it")
    signer = KeySigner(make_did_key_method(key.public), key)
    asked = {"audience": options.audience, "nonce": options.nonce}
    return bind_sd_jwt(shown, signer, **asked, issued_at=clock.now(), limits=DEFAULT_LIMITS) + "\n"
