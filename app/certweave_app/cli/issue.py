"""``certweave issue``: check a credential, fill in the issuer, and secure it with a key.

Nothing is stored and no status index is reserved: that is the issuer service's work. A credential that the
model or the rule for terms refuses is not signed.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from certweave.credential.contexts import ContextStore
from certweave.credential.related import check_related_resources
from certweave.credential.shapes import types
from certweave.credential.signable import check_signable
from certweave.credential.terms import untp_version
from certweave.credential.untp.credentials import CREDENTIALS, read_credential
from certweave.credential.vcdm import check_credential
from certweave.did.key import make_did_key
from certweave.did.syntax import parse_did_url
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner, PrivateKey, PublicKey
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.suite import Commitment
from certweave.proof.ways import JWT, WAYS, Order, Secured, Way
from certweave_app.cli.frame import Exit, MisuseError, Parser, Verbs, add_verb, describe, put
from certweave_app.cli.inputs import find_data, load_contexts, read_hex, read_key, read_object, read_source
from certweave_edge import clock

ABOUT = """Prints the secured credential. Without --method the issuer is the did:key of the key. A missing
issuer is filled in; another one than the key's is refused. UNTP credentials are held to the UNTP model, and
secured as vc+jwt with an Ed25519 key, unless --allow-non-untp. vc+cose is printed as the bytes that it is,
unless --enveloped. A suite of selective disclosure gives a base proof, for the holder to derive from."""

_POINTERS = {
    "mandatory": "what every disclosure must show",
    "withhold": "what the holder may keep to itself (vc+sd-jwt)",
}


def add_parser(verbs: Verbs) -> None:
    """Add ``issue``."""
    parser = add_verb(
        verbs,
        "issue",
        "secure a credential with a key",
        about=ABOUT,
        example="certweave issue draft.json --key key.jwk --secure vc+jwt --issuer-name 'Green Mill'",
    )
    parser.add_argument("file", metavar="FILE", help="the credential as JSON, or - for standard input")
    parser.add_argument(
        "--key", metavar="KEYFILE", type=Path, required=True, help="private key, as a JWK or Multikey"
    )
    parser.add_argument(
        "--secure",
        choices=tuple(WAYS),
        required=True,
        metavar="WAY",
        help=f"how it is secured: {', '.join(WAYS)}",
    )
    _add_pointers(parser)
    _add_binding(parser)
    parser.add_argument(
        "--method", metavar="DIDURL", help="verification method of the key (default: its did:key)"
    )
    parser.add_argument("--issuer-name", metavar="NAME", help="name to fill in where the issuer has none")
    parser.add_argument(
        "--enveloped", action="store_true", help="print a token or message in its JSON envelope"
    )
    parser.add_argument(
        "--allow-non-untp",
        action="store_true",
        help="lift what only UNTP demands of UNTP types",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="data directory with pinned contexts")
    parser.set_defaults(run=run)


def _add_pointers(parser: Parser) -> None:
    for name, meaning in _POINTERS.items():
        parser.add_argument(
            f"--{name}", metavar="POINTER", action="append", default=[], help=f"JSON Pointer to {meaning}"
        )


def _add_binding(parser: Parser) -> None:
    parser.add_argument(
        "--holder",
        metavar="MULTIKEY",
        type=_read_holder,
        help="the key that its holder has to prove: the kid of a file by certweave key new (vc+sd-jwt)",
    )
    parser.add_argument(
        "--commitment",
        metavar="FILE",
        type=Path,
        help="what its holder committed to: the output of certweave commit (bbs-2023)",
    )
    parser.add_argument(
        "--signer-nym-entropy",
        metavar="HEX",
        type=read_hex,
        help="your part of the secret behind pseudonyms, as it was the last time (default: a new one)",
    )


def run(options: argparse.Namespace) -> int:
    """Check, fill in, sign and print."""
    way = WAYS[options.secure]
    if options.enveloped and way.envelop is None:
        raise MisuseError("--enveloped is for tokens and messages: an embedded proof needs no envelope")
    pointers = _read_pointers(options, way)
    if options.holder is not None and not way.binds:
        raise MisuseError(f"--holder means nothing to {way.name}")
    commitment = _read_commitment(options, way)
    document = parse_object(read_source(options.file).strip(), limits=DEFAULT_LIMITS)
    key = read_key(options.key)
    method = _read_method(options.method, key)
    held_to_untp = not options.allow_non_untp and not CREDENTIALS.keys().isdisjoint(_names(document))
    _check_securing(way, key, held_to_untp=held_to_untp)
    document = fill_issuer(document, method.partition("#")[0], options.issuer_name, untp=_is_untp(document))
    contexts = load_contexts(find_data(options.data))
    check_document(document, contexts, untp=held_to_untp)
    signer = KeySigner(method, key)
    secured = way.make(
        Order(
            document,
            signer,
            contexts,
            DEFAULT_LIMITS,
            clock.now(),
            clock.entropy,
            pointers,
            options.holder,
            commitment,
        )
    )
    _print(way.envelop(secured) if way.envelop is not None and options.enveloped else secured)
    return Exit.VALID


def _read_commitment(options: argparse.Namespace, way: Way) -> Commitment | None:
    if options.commitment is None:
        if options.signer_nym_entropy is not None:
            raise MisuseError("--signer-nym-entropy goes with --commitment")
        return None
    if not way.commits:
        raise MisuseError(f"--commitment means nothing to {way.name}")
    from certweave.proof.suites.bbs_2023_json import parse_commitment  # few credentials are bound

    try:
        commitment = parse_commitment(read_object(options.commitment, "a commitment"))
    except CertweaveError as error:
        raise MisuseError(f"{options.commitment} is no commitment: {describe(error)}") from None
    return replace(commitment, signer_nym_entropy=options.signer_nym_entropy)


def _read_holder(text: str) -> PublicKey:
    try:
        key = parse_multikey(text.removeprefix("did:key:"))
    except CertweaveError as error:
        raise argparse.ArgumentTypeError(f"{text[:80]!r}: {describe(error)}") from None
    if key.algorithm not in JWS_ALGORITHMS:
        raise argparse.ArgumentTypeError(f"a key for {key.algorithm.value} signs no token")
    return key


def _read_pointers(options: argparse.Namespace, way: Way) -> tuple[str, ...]:
    for name in _POINTERS:
        if getattr(options, name) and way.pointers != name:
            raise MisuseError(f"--{name} means nothing to {way.name}")
    return (*options.mandatory, *options.withhold)


def _print(secured: Secured) -> None:
    if isinstance(secured, bytes):
        sys.stdout.buffer.write(secured)
    else:
        put(f"{secured}\n" if isinstance(secured, str) else _pretty(secured))


def check_document(document: JsonObject, contexts: ContextStore, *, untp: bool) -> None:
    """Check what is to be signed: VCDM, digests of contexts, UNTP's model where ``untp``, every term known.

    Raises:
        CertweaveError: the first thing that a rule refuses, with its place.
    """
    check_credential(document)
    check_related_resources(document, {}, digests=contexts.raw_digests)
    if untp:
        read_credential(document)
    if untp or not _is_untp(document):
        check_signable(document, contexts=contexts, limits=DEFAULT_LIMITS)


def fill_issuer(document: JsonObject, did: str, name: str | None, *, untp: bool) -> JsonObject:
    """Return ``document`` with ``did`` as its issuer, and ``name`` where the issuer has none.

    Raises:
        InvalidError: it names another issuer (``issuer_mismatch``).
        MisuseError: UNTP demands a name, and there is none.
    """
    issuer = document.get("issuer")
    if isinstance(issuer, str):
        issuer = {"id": issuer} if name or untp else issuer
    elif issuer is None:
        issuer = {} if name or untp else did
    if isinstance(issuer, str):
        _check_same(issuer, did)
        return {**document, "issuer": issuer}
    if not isinstance(issuer, dict):
        return document  # the model says what is wrong with it
    filled = {"type": ["CredentialIssuer"], "id": did, **issuer} if untp else {"id": did, **issuer}
    _check_same(filled["id"], did)
    if name:
        filled.setdefault("name", name)
    if untp and "name" not in filled:
        raise MisuseError("a UNTP issuer has a name, and the document gives none: add --issuer-name NAME")
    return {**document, "issuer": filled}


def _check_same(found: object, did: str) -> None:
    if found != did:
        raise InvalidError(
            f"the document's issuer is not the key's, which is {did}", code="issuer_mismatch", path="/issuer"
        )


def _check_securing(way: Way, key: PrivateKey, *, held_to_untp: bool) -> None:
    if key.algorithm not in way.algorithms:
        wanted = " or ".join(one.value for one in way.algorithms)
        raise MisuseError(f"{way.name} needs a key for {wanted}; this one is for {key.algorithm.value}")
    if not held_to_untp:
        return
    if way.name != JWT:
        raise MisuseError("UNTP credentials are secured as vc+jwt; --allow-non-untp lifts this")
    if key.algorithm is not Algorithm.ED25519:
        raise MisuseError("UNTP credentials are signed with an Ed25519 key; --allow-non-untp lifts this")


def _read_method(text: str | None, key: PrivateKey) -> str:
    own = make_did_key(key.public)
    if text is None:
        return f"{own}#{key.public.multikey}"
    try:
        url = parse_did_url(text)
    except CertweaveError as error:
        raise MisuseError(f"--method: {describe(error)}") from None
    if not url.fragment:
        raise MisuseError("--method: a verification method is a DID URL with a #fragment")
    if url.did.method == "key" and url.did.text != own:
        raise MisuseError(f"--method: this did:key is not the one of the key, which is {own}")
    return text


def _is_untp(document: JsonObject) -> bool:
    return untp_version(document) is not None


def _names(document: JsonObject) -> tuple[str, ...]:
    found = document.get("type")
    return types(document) if isinstance(found, str | list) else ()


def _pretty(document: JsonObject) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
