"""Documents with a base proof (ecdsa-sd-2023, bbs-2023): their holder keeps them, others see what is derived.

Nobody verifies a base proof as such: deriving checks what it says of each statement, and examining what was
derived from the whole document checks the rest.
"""

from collections.abc import Sequence

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.proof.data_integrity import check_showable
from certweave.proof.derive import ALWAYS_SHOWN, derive_credential
from certweave.proof.suites.suite import Around
from certweave_edge.clock import entropy
from certweave_wallet.service.tools import Tools

WHOLE = ("",)
_SHOWN = frozenset(("@context", "type", "id", "proof", *(name[1:] for name in ALWAYS_SHOWN)))
"""Members that nobody can leave out of what is derived, or that are always derived here."""


def find_base(content: bytes, tools: Tools) -> JsonObject | None:
    """Return a document that has a base proof; None for any other, readable or not."""
    if not content.startswith(b"{"):
        return None
    try:
        document = parse_object(content, limits=tools.limits)
        check_showable(document, limits=tools.limits)
    except CertweaveError as error:
        return document if error.code == "sd_base_proof" else None
    return None


def derive_part(document: JsonObject, pointers: Sequence[str], tools: Tools) -> JsonObject:
    """Return what shows the mandatory part, whose it is, and what the pointers select.

    Raises:
        CertweaveError: as ``derive_credential``; a proof that is bound to secrets of its holder, for one.
    """
    selected = dict.fromkeys((*find_holder_place(document), *pointers))
    around = Around(tools.contexts, tools.limits)
    return derive_credential(document, tuple(selected), around=around, entropy=entropy)


def find_holder_place(document: JsonObject) -> tuple[str, ...]:
    """Return where a document says whose it is: without that, who shows it proves nothing."""
    subject, place = document.get("credentialSubject"), "/credentialSubject"
    if isinstance(subject, dict) and isinstance(subject.get("issuedToParty"), dict):
        subject, place = subject["issuedToParty"], f"{place}/issuedToParty"
    return (f"{place}/id",) if isinstance(subject, dict) and "id" in subject else ()


def find_withholdable(document: JsonObject) -> list[str]:
    """Return JSON Pointers of the members of a document, and of its subject, that may be left out.

    Those that the issuer made mandatory are among them: only what is derived tells.
    """
    found = [join("", name) for name in document if name not in _SHOWN and name != "credentialSubject"]
    subject = document.get("credentialSubject")
    members = subject if isinstance(subject, dict) else {}
    return [
        *found,
        *(join("/credentialSubject", name) for name in members if name not in ("id", "type")),
    ]
