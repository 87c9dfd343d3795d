"""``certweave commit``: commit, as a holder, to secrets that an issuer of bbs-2023 signs and never sees."""

import argparse
import json
import sys
from pathlib import Path

from certweave.errors import CertweaveError
from certweave.proof.suites.bbs_2023_features import HolderSecrets, commit
from certweave.proof.suites.bbs_2023_json import commitment_json, parse_secrets, secrets_json
from certweave.proof.suites.bbs_2023_values import Feature
from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb, describe, say
from certweave_app.cli.inputs import read_object
from certweave_edge.clock import entropy
from certweave_edge.files import create_file, readable_by_others

ABOUT = """Prints a commitment for your issuer, and writes the secrets inside of it to a file that only you
can read. The issuer binds a credential of bbs-2023 to it (certweave issue --commitment); to show a part of
that credential you need the secrets (certweave derive --secrets). Never give them away, and lose neither.
With anonymous_holder_binding nobody else can derive anything from the credential; with pseudonym each
verifier knows you again, by another name than any other."""


def add_parser(verbs: Verbs) -> None:
    """Add ``commit``."""
    parser = add_verb(
        verbs,
        "commit",
        "commit to secrets that a credential will be bound to",
        about=ABOUT,
        example="certweave commit --feature pseudonym --secrets secrets.json > commitment.json",
    )
    parser.add_argument(
        "--feature",
        metavar="FEATURE",
        choices=[str(one) for one in Feature if one is not Feature.BASELINE],
        required=True,
        help="anonymous_holder_binding, pseudonym, or holder_binding_pseudonym for both",
    )
    parser.add_argument(
        "--secrets", metavar="FILE", type=Path, required=True, help="where to write what you keep"
    )
    parser.add_argument(
        "--again",
        metavar="FILE",
        type=Path,
        help="secrets of an earlier commitment, for a credential bound to the same",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Commit, keep and print."""
    earlier = None if options.again is None else read_secrets(options.again)
    feature = Feature(options.feature)
    if earlier is not None and not (
        (feature.holder_binding and earlier.holder_secret) or (feature.pseudonyms and earlier.prover_nym)
    ):
        raise MisuseError(f"{options.again}: holds no secret for {feature} to be bound to again")
    commitment, secrets = commit(
        feature,
        entropy=entropy,
        holder_secret=None if earlier is None else earlier.holder_secret,
        prover_nym=None if earlier is None else earlier.prover_nym,
    )
    try:
        create_file(options.secrets, json.dumps(secrets_json(secrets), indent=2).encode() + b"\n")
    except FileExistsError:
        raise MisuseError(f"{options.secrets}: exists already; secrets are never written over") from None
    sys.stdout.write(json.dumps(commitment_json(commitment), indent=2) + "\n")
    return Exit.VALID


def read_secrets(path: Path) -> HolderSecrets:
    """Read what a holder keeps; say so where others may read the file, too.

    Raises:
        NoInputError: there is no such file.
        MisuseError: it holds no such secrets.
    """
    found = read_object(path, "a holder's secrets")
    if readable_by_others(path):
        say(f"certweave: warning: {path} can be read by other users (chmod 600 mends it)")
    try:
        return parse_secrets(found)
    except CertweaveError as error:
        raise MisuseError(f"{path} holds no secrets that we can use: {describe(error)}") from None
