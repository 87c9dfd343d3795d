"""What an issuer checks of a credential before anything is signed, in whatever way it will be secured.

VCDM 2.0, https://www.w3.org/TR/vc-data-model-2.0/, and VC Data Integrity 1.0, "Securing Data Losslessly",
https://www.w3.org/TR/vc-data-integrity/. A token signs every byte, so nothing of it is lost; but what JSON-LD
drops or reads otherwise means nothing, or not the same, to the next one who reads the credential.
"""

from certweave.canon.jcs import canonicalize
from certweave.canon.places import walk
from certweave.canon.rdf import check_statements
from certweave.credential.contexts import ContextStore
from certweave.credential.json_schema_credential import check_schema_credential, is_schema_credential
from certweave.credential.related import check_related_resources
from certweave.credential.renamed import check_names
from certweave.credential.shapes import objects_of
from certweave.credential.sound import is_sound
from certweave.credential.terms import check_terms, untp_version
from certweave.credential.vcdm import check_credential
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError, MalformedError, MalformedProofError
from certweave.limits import Limits

_OF_DIGESTS = frozenset(("_sd", "_sd_alg", "..."))


def check_signable(
    document: JsonObject, *, contexts: ContextStore, limits: Limits, stated: bool = False
) -> None:
    """Check the models of a credential, its terms, and that its statements say all that it says.

    Of proofs that it has already only the shape is looked at. ``stated`` says that what signs it makes its
    statements anyway, and refuses what they leave out.

    Raises:
        MalformedError, InvalidError, UnsupportedError, UndecidedError: as ``vcdm.check_credential``,
            ``terms.check_terms``, ``renamed.check_names``, ``related.check_related_resources``,
            ``untp.credentials.read_credential``, ``extension.read_extension`` and ``canon.rdf.to_quads``:
            the first thing that a rule refuses.
    """
    check_credential(document)
    for path, proof in objects_of(document, "proof"):
        if not proof:
            raise MalformedProofError("a proof is an object, not empty", path=path)
    if is_schema_credential(document):
        check_schema_credential(document)
    version = untp_version(document)
    sound = is_sound(document, version, contexts=contexts)
    if not sound:
        check_terms(document, contexts=contexts)
    if not sound or version is not None:
        check_names(document, contexts=contexts, limits=limits)
    check_related_resources(document, {}, digests=contexts.raw_digests)
    if not sound and version is not None:
        _check_untp(document)
    bare = {name: value for name, value in document.items() if name != "proof"}
    if not stated:
        check_statements(bare, contexts=contexts)
    try:
        raw = canonicalize(bare)
    except MalformedError:
        check_statements(bare, contexts=contexts)  # its words name the place
        raise
    parse_object(raw, limits=limits)  # what is signed can be read
    if (b"_" in raw and b'"_sd' in raw) or b'"..."' in raw:  # a single byte is looked for much faster
        _check_reserved(bare)


def _check_reserved(document: JsonObject) -> None:
    """Refuse members by which an SD-JWT stands for what is withheld (RFC 9901 §4.1): nothing is."""
    for path, name, _ in walk(document):
        if name in _OF_DIGESTS:
            raise InvalidError(
                f"the claim name {name!r} is reserved for digests", code="sd_claim_reserved", path=path
            )


def _check_untp(document: JsonObject) -> None:
    from certweave.credential.extension import read_extension  # both load models, and pydantic with them
    from certweave.credential.untp.credentials import read_credential

    read_credential(document)
    read_extension(document)
