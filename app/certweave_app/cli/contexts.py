"""``certweave contexts``: which JSON-LD contexts are pinned, and pinning more.

A context says what signed members mean, so it is taken once, by an operator who looked at it, and from then
on by its digest. The contexts that come with Certweave cannot be replaced.
"""

import argparse
import sys
from pathlib import Path

from certweave.credential.contexts import digest_context
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import MissingEvidenceError
from certweave.examine.evidence import Kind, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb, say
from certweave_app.cli.inputs import (
    Online,
    add_network,
    find_data,
    is_url,
    load_contexts,
    read_bytes,
    read_host_map,
)
from certweave_edge.contexts import save_context
from certweave_edge.settings import DataDirectory


def add_parser(verbs: Verbs) -> None:
    """Add ``contexts`` with its parts."""
    parser = add_verb(verbs, "contexts", "pin JSON-LD contexts", example="certweave contexts list")
    parts = parser.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    add = add_verb(
        parts,
        "add",
        "pin a context",
        about="Keeps the context in the data directory, by its digest. Look at it first: you vouch for it.",
        example="certweave contexts add https://example.com/terms/v1",
    )
    add.add_argument("context", metavar="FILE|URL", help="a context document; a FILE needs --url")
    add.add_argument("--url", metavar="URL", help="the address by which credentials name the context")
    add_network(add)
    add.set_defaults(run=run_add)
    shown = add_verb(
        parts,
        "list",
        "print what is pinned: the SHA-256 of the RFC 8785 form, and the URL",
        example="certweave contexts list",
    )
    shown.add_argument("--data", metavar="DIR", type=Path, help="data directory")
    shown.set_defaults(run=run_list)


def run_add(options: argparse.Namespace) -> int:
    """Pin one context."""
    data = DataDirectory.find(options.data)
    url = options.url or (options.context if is_url(options.context) else None)
    if url is None or not is_url(url):
        raise MisuseError("a FILE needs the address by which credentials name it: add --url URL")
    if not is_absolute_uri(url) or not url.partition("//")[2].strip("/"):
        raise MisuseError(f"{url!r} is no address: no credential could name it")
    content = _fetch(options, data) if is_url(options.context) else read_bytes(Path(options.context))
    document = parse_object(content, limits=DEFAULT_LIMITS)
    load_contexts(data).plus(url, document)
    save_context(data.contexts, url, document)
    say(f"pinned {url}")
    sys.stdout.write(_line(url, document))
    return Exit.VALID


def run_list(options: argparse.Namespace) -> int:
    """Print every pinned context."""
    store = load_contexts(find_data(options.data))
    for url in sorted(store.documents):
        sys.stdout.write(_line(url, store.documents[url]))
    return Exit.VALID


def _line(url: str, document: JsonObject) -> str:
    return f"{digest_context(document)}  {url}\n"


def _fetch(options: argparse.Namespace, data: DataDirectory) -> bytes:
    online = Online(DEFAULT_LIMITS, read_host_map(options.host_map, data))
    found = online.fetch_typed(options.context, Kind.CONTEXT)
    if isinstance(found, Unavailable):
        raise MissingEvidenceError(f"{options.context}: {found.reason}", code="context_unreachable")
    return found.content
