"""``certweave key new``: a private key as a JWK (RFC 7517, RFC 8037), its ``kid`` its Multikey.

A BBS key, which has no settled JWK, is a Multikey object instead (Controlled Identifiers 1.0 §2.2.2).
"""

import argparse
import json
import sys
from pathlib import Path

from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_jwk, make_private_key
from certweave.keys.model import Algorithm, PrivateKey
from certweave.keys.multikey import make_secret_multikey
from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb
from certweave_edge.clock import entropy
from certweave_edge.files import create_file

ALGORITHMS = {
    "ed25519": Algorithm.ED25519,
    "p256": Algorithm.P256,
    "p384": Algorithm.P384,
    "p521": Algorithm.P521,
    "bbs": Algorithm.BBS,
}


def add_parser(verbs: Verbs) -> None:
    """Add ``key`` with its parts."""
    parser = add_verb(verbs, "key", "make a key", example="certweave key new --alg ed25519 > key.jwk")
    parts = parser.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    new = add_verb(
        parts,
        "new",
        "make a private key and print it: a JWK, or a Multikey for bbs",
        about="The key is printed in the clear: keep the file to yourself (umask 077, or --out).",
        example="certweave key new --alg ed25519 --out key.jwk",
    )
    new.add_argument("--alg", choices=sorted(ALGORITHMS), required=True, help="which kind of key")
    new.add_argument(
        "--out", metavar="FILE", type=Path, help="write it there, readable by you alone, instead of printing"
    )
    new.set_defaults(run=run_new)


def run_new(options: argparse.Namespace) -> int:
    """Make a key."""
    key = make_private_key(ALGORITHMS[options.alg], entropy=entropy)
    if options.out is None:
        sys.stdout.write(key_bytes(key).decode())
        return Exit.VALID
    try:
        create_file(options.out, key_bytes(key))
    except FileExistsError:
        raise MisuseError(f"{options.out}: exists already; a key is never written over a file") from None
    return Exit.VALID


def key_bytes(key: PrivateKey) -> bytes:
    """Return the file of a private key."""
    members: JsonObject
    if key.algorithm is Algorithm.BBS:
        public, secret = key.public.multikey, make_secret_multikey(key)
        members = {"type": "Multikey", "publicKeyMultibase": public, "secretKeyMultibase": secret}
    else:
        members = make_private_jwk(key)
    return json.dumps(members, indent=2).encode() + b"\n"
