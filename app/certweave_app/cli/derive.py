"""``certweave derive``: show a part of a credential that lets its holder choose.

Works on credentials with a base proof of ecdsa-sd-2023 or bbs-2023. Nothing is fetched and nothing is stored.
"""

import argparse
import json
import sys
from pathlib import Path

from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
from certweave.proof.suites.suite import Around
from certweave_app.cli.frame import Exit, Verbs, add_verb
from certweave_app.cli.inputs import find_data, load_contexts, read_source
from certweave_edge import clock

ABOUT = """Prints a credential that shows what the issuer made mandatory and what the pointers select, with a
derived proof. Each --pointer is a JSON Pointer (RFC 6901) into the credential; a pointer to an object or an
array shows all of it. Without --pointer only the mandatory part is shown. Give the derived credential away,
never FILE itself: its base proof holds the key to what you keep to yourself."""


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
        help='a credential with a base proof, or {"verifiableCredential": ...}, or - for standard input',
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
        type=header,
        default=b"",
        help="bytes that a proof of bbs-2023 is bound to, such as a verifier's nonce",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="data directory with pinned contexts")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Derive and print."""
    document = parse_object(read_source(options.file).strip(), limits=DEFAULT_LIMITS)
    inner = document.get("verifiableCredential")
    if "proof" not in document and isinstance(inner, dict):
        document = inner
    derived = derive_credential(
        document,
        options.pointers,
        around=Around(load_contexts(find_data(options.data)), DEFAULT_LIMITS),
        entropy=clock.entropy,
        presentation_header=options.presentation_header,
    )
    sys.stdout.write(json.dumps(derived, indent=2, ensure_ascii=False) + "\n")
    return Exit.VALID


def header(text: str) -> bytes:
    """Read bytes written in hexadecimal."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not hexadecimal") from None
