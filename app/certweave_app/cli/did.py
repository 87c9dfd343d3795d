"""``certweave did``: make, change, end and resolve DIDs.

Written are did:webvh 1.0 logs with pre-rotation and a did:web twin, into a directory that any web server can
publish. Resolved are did:key, did:jwk, did:web and did:webvh; witnesses are not supported yet.
"""

import argparse
import json
import sys
from pathlib import Path

from certweave.did.document import parse_did_document
from certweave.did.history import History, make_single
from certweave.did.jwk import jwk_document
from certweave.did.key import key_document
from certweave.did.resolution import Selection, make_error, resolution_error, resolve
from certweave.did.syntax import parse_did, to_urls
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.write import WrittenLog, make_location
from certweave.encoding.strict_json import parse_object
from certweave.errors import CertweaveError, MissingEvidenceError, UndecidedError, UnsupportedError
from certweave.examine.evidence import Kind, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_app.cli.frame import Exit, MisuseError, NoInputError, Parser, Verbs, add_verb, moment, say
from certweave_app.cli.inputs import Online, add_network, find_data, read_bytes, read_host_map, read_object
from certweave_edge import clock
from certweave_edge.did_dir import LOG, DidDirectory


def add_parser(verbs: Verbs) -> None:
    """Add ``did`` with its parts."""
    parser = add_verb(
        verbs, "did", "make, change and resolve DIDs", example="certweave did resolve did:web:mill.example"
    )
    parts = parser.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    _add_create(parts)
    _add_update(parts)
    deactivate = add_verb(
        parts,
        "deactivate",
        "end a DID: all of its keys are retired for good",
        example="certweave did deactivate --dir mill/",
    )
    deactivate.add_argument("--dir", metavar="DIR", type=Path, required=True, help="made by did create")
    deactivate.set_defaults(run=run_deactivate)
    _add_resolve(parts)


def _add_create(parts: Verbs) -> None:
    parser = add_verb(
        parts,
        "create",
        "make a did:webvh with its keys and its did:web twin",
        about="Writes did.jsonl, did.json and keys/ into DIR, and prints the DID. Publish the first two.",
        example="certweave did create --host mill.example --path dids/green --out mill/",
    )
    parser.add_argument("--host", metavar="HOST", required=True, help="host name, or HOST:PORT")
    parser.add_argument("--path", metavar="P", default="", help="path on the host, such as dids/green")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="directory to write")
    parser.set_defaults(run=run_create)


def _add_update(parts: Verbs) -> None:
    parser = add_verb(
        parts,
        "update",
        "add a version to a DID",
        about="Every version uses up the committed update key (keys/next-N.jwk) and commits to a new one.",
        example="certweave did update --dir mill/ --rotate",
    )
    parser.add_argument("--dir", metavar="DIR", type=Path, required=True, help="made by did create")
    change = parser.add_mutually_exclusive_group(required=True)
    change.add_argument("--rotate", action="store_true", help="new assertion and authentication keys")
    change.add_argument("--add-key", action="store_true", help="one more assertion key, the others stay")
    change.add_argument("--document", metavar="FILE", type=Path, help="another DID document")
    parser.set_defaults(run=run_update)


def _add_resolve(parts: Verbs) -> None:
    parser: Parser = add_verb(
        parts,
        "resolve",
        "print the DID resolution result",
        about="Exits with 0 when resolved, 1 when refused, 2 when unreachable or not supported.",
        example="certweave did resolve did:webvh:... --log did.jsonl",
    )
    parser.add_argument("did", metavar="DID", help="a did:key, did:jwk, did:web or did:webvh")
    parser.add_argument(
        "--log", metavar="FILE", type=Path, help="read did.jsonl or did.json here; fetch nothing"
    )
    parser.add_argument(
        "--witness",
        metavar="FILE",
        type=Path,
        help="did-witness.json; witnesses are not supported yet",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--at", metavar="TIME", type=moment, help="the version in force at this time")
    which.add_argument("--version-id", metavar="V", help="the version of this id")
    which.add_argument("--version-number", metavar="N", type=int, help="the version of this number")
    add_network(parser)
    parser.set_defaults(run=run_resolve)


def run_create(options: argparse.Namespace) -> int:
    """Create a DID and print it."""
    host, colon, port = options.host.partition(":")
    if colon and not (port.isascii() and port.isdigit()):
        raise MisuseError("--host: after the colon comes the number of a port")
    path = [segment for segment in options.path.replace(":", "/").split("/") if segment]
    try:
        location = make_location(host, port=int(port) if colon else None, path=path)
        written = DidDirectory(options.out).create(location)
    except FileExistsError as error:
        if error.errno is not None:
            raise
        raise MisuseError(str(error)) from None
    except CertweaveError as error:
        raise MisuseError(f"--host, --path: {error.detail}") from None
    _report(written)
    return Exit.VALID


def run_update(options: argparse.Namespace) -> int:
    """Add a version."""
    directory = _open(options.dir)
    if options.document is not None:
        written = directory.replace_document(read_object(options.document, "a DID document"))
    else:
        written = directory.rotate() if options.rotate else directory.add_key()
    _report(written)
    return Exit.VALID


def run_deactivate(options: argparse.Namespace) -> int:
    """End a DID."""
    _report(_open(options.dir).deactivate())
    return Exit.VALID


def run_resolve(options: argparse.Namespace) -> int:
    """Resolve a DID and print the result."""
    select = Selection(options.version_id, options.at, options.version_number)
    try:
        result = resolve(_load_history(options), now=clock.now(), select=select)
        exit_code = Exit.INVALID if "error" in result["didResolutionMetadata"] else Exit.VALID
    except CertweaveError as error:
        result, exit_code = _refusal(error)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return exit_code


def _refusal(error: CertweaveError) -> tuple[dict[str, object], Exit]:
    undecided = isinstance(error, UndecidedError)
    if isinstance(error, MissingEvidenceError):
        result = make_error("notFound", error.detail, code=error.code)
    else:
        result = resolution_error(error)
    return result, Exit.UNDECIDED if undecided else Exit.INVALID


def _load_history(options: argparse.Namespace) -> History:
    did = parse_did(options.did)
    if options.witness is not None:
        read_bytes(options.witness)
    if did.method == "key":
        return make_single(key_document(did))
    if did.method == "jwk":
        return make_single(jwk_document(did))
    if did.method not in ("web", "webvh"):
        raise UnsupportedError(f"the DID method {did.method} is not supported", code="did_method_unsupported")
    urls = to_urls(did)
    url = urls.log_url if did.method == "webvh" else urls.document_url
    content = read_bytes(options.log) if options.log else _fetch(url, options)
    if did.method == "webvh":
        now = clock.now()
        return fold_log(did, content, fetched_at=now, now=now)
    return make_single(parse_did_document(parse_object(content, limits=DEFAULT_LIMITS), did=did))


def _fetch(url: str, options: argparse.Namespace) -> bytes:
    host_map = read_host_map(options.host_map, find_data(options.data))
    # The operator typed the DID, and so the host, which may be in their own network.
    found = Online(DEFAULT_LIMITS, host_map).fetch_typed(url, Kind.DID)
    if isinstance(found, Unavailable):
        raise MissingEvidenceError(f"{url}: {found.reason}", code="did_unreachable")
    return found.content


def _open(path: Path) -> DidDirectory:
    if not (path / LOG).is_file():
        raise NoInputError(f"{path / LOG}: there is no such file")
    return DidDirectory(path)


def _report(written: WrittenLog) -> None:
    sys.stdout.write(f"{written.did.text}\n")
    version = written.history.versions[-1]
    say(f"version: {version.version_id}")
    for method in version.document.relationships.get("assertionMethod", ()):
        if not version.deactivated:
            say(f"assertion method: {method}")
