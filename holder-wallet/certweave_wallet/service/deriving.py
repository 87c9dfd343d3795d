"""Showing a part of a document: derived credentials, for those who ask for less than the whole."""

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.exchange.vc_api import DeriveRequest
from certweave.proof.derive import derive_credential, derive_sd_jwt
from certweave.proof.suites.suite import Around
from certweave.proof.vc_jwt import envelope, is_envelope, open_envelope
from certweave_edge.clock import entropy
from certweave_wallet.service.tools import Tools


def derive(asked: DeriveRequest, tools: Tools) -> JsonObject:
    """Return a credential that shows what was asked for, as it is handed in (VC API); nothing is kept.

    An SD-JWT comes and goes in its envelope.

    Raises:
        CertweaveError: as ``derive_credential`` and ``derive_sd_jwt``; ``path`` is the place in the body
            where it is one of ours.
    """
    try:
        if is_envelope(asked.credential):
            _, token = open_envelope(asked.credential)
            return envelope(derive_sd_jwt(token, asked.options.selective_pointers, limits=tools.limits))
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
