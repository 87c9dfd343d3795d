"""Showing a part of a document: derived credentials, for those who ask for less than the whole."""

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.exchange.vc_api import DeriveRequest
from certweave.proof.derive import derive_credential
from certweave.proof.suites.suite import Around
from certweave_edge.clock import entropy
from certweave_wallet.service.tools import Tools


def derive(asked: DeriveRequest, tools: Tools) -> JsonObject:
    """Return a credential that shows what was asked for, as it is handed in (VC API); nothing is kept.

    Raises:
        CertweaveError: as ``derive_credential``; ``path`` is the place in the body where it is one of ours.
    """
    try:
        return derive_credential(
            asked.credential,
            asked.options.selective_pointers,
            around=Around(tools.contexts, tools.limits),
            entropy=entropy,
        )
    except CertweaveError as error:
        if error.path is not None:
            error.path = "/verifiableCredential" + error.path
        raise
