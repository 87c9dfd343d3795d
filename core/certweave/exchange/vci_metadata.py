"""What an issuer publishes for wallets: Credential Issuer metadata and Authorization Server metadata.

OpenID for Verifiable Credential Issuance 1.0 §12.2, §12.3
(https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html) and RFC 8414. Unsigned form only;
encryption, deferred issuance and notifications are not offered. The format ``vc+jwt`` is an extension of
ours, named after its media type as appendix A recommends: docs/reference/exchange.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.exchange.form import Form, is_identifier
from certweave.exchange.vci_offer import PRE_AUTHORIZED
from certweave.keys.model import JWS_ALGORITHMS

VC_JWT: Final = "vc+jwt"
"""VCDM 2.0 secured as a JWT (VC-JOSE-COSE §3.1), by value a text."""
VC_SD_JWT: Final = "vc+sd-jwt"
"""VCDM 2.0 secured as an SD-JWT (VC-JOSE-COSE §3.2), by value a text; an extension likewise."""
LDP_VC: Final = "ldp_vc"
"""A credential with embedded Data Integrity proofs, by value an object (appendix A.1.2)."""
W3C_FORMATS: Final = (VC_JWT, VC_SD_JWT, LDP_VC)
"""Those that describe a credential by ``credential_definition``."""
SD_JWT_VC: Final = "dc+sd-jwt"
"""An SD-JWT VC, by value a text, described by its ``vct`` (appendix A.3)."""
FORMATS: Final = (*W3C_FORMATS, SD_JWT_VC)

BINDING_METHODS: Final = ("did:webvh", "did:web", "did:key", "did:jwk")
PROOF_ALGORITHMS: Final = tuple(one.jws for one in JWS_ALGORITHMS)
DETAILS_TYPE: Final = "openid_credential"
"""The one type of authorization details (§5.1.1, RFC 9396)."""

_FORM: Final = Form(code="metadata_malformed")


@dataclass(frozen=True, slots=True)
class Configuration:
    """One kind of credential that an issuer offers.

    Attributes:
        id: its key in ``credential_configurations_supported``.
        format: one of ``FORMATS``, or another's in metadata that was read.
        types: the ``type`` of the credentials, of SD-JWT VC their ``vct`` alone; empty in foreign formats,
            and where one has the name of an extension of ours.
        contexts: their ``@context`` URLs; empty for SD-JWT VC and in foreign formats.
        names: display name by language tag, first the preferred; the tag is empty where none was given.
        algorithms: how the credential is signed: cryptosuites for ``ldp_vc``, for the others JOSE names.
        binding_methods: ``did:…`` or ``jwk``; empty where no key is bound and no proof is asked for.
        proof_algorithms: JOSE names that a ``jwt`` key proof may be signed with; empty with the former.
        claims: claims descriptions (appendix B.2), as they are published; empty in metadata that was read.
    """

    id: str
    format: str
    types: tuple[str, ...]
    contexts: tuple[str, ...]
    names: Mapping[str, str]
    algorithms: tuple[str, ...]
    binding_methods: tuple[str, ...] = BINDING_METHODS
    proof_algorithms: tuple[str, ...] = PROOF_ALGORITHMS
    claims: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """An issuer's metadata as read; ``batch_size`` is how many key proofs one request may hold."""

    issuer: str
    credential_endpoint: str
    nonce_endpoint: str | None
    authorization_servers: tuple[str, ...]
    names: Mapping[str, str]
    batch_size: int
    configurations: Mapping[str, Configuration]
    raw: JsonObject = field(repr=False)

    @property
    def authorization_server(self) -> str:
        """The server to ask for a token where the offer names none: the first, or the issuer itself."""
        return self.authorization_servers[0] if self.authorization_servers else self.issuer


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """Where a token is to be had; ``anonymous`` tells whether that takes no client_id (§12.3)."""

    issuer: str
    token_endpoint: str
    takes_pre_authorized: bool
    anonymous: bool


def metadata_url(issuer: str) -> str:
    """Return where the metadata of ``issuer`` lies: the well-known string between host and path (§12.2.2).

    Raises:
        MalformedError: ``issuer`` is no Credential Issuer Identifier.
    """
    return _well_known(issuer, "openid-credential-issuer")


def server_metadata_url(issuer: str) -> str:
    """Return where the metadata of a token server lies (RFC 8414 §3.1); raises as ``metadata_url``."""
    return _well_known(issuer, "oauth-authorization-server")


def make_issuer_metadata(
    issuer: str,
    configurations: Sequence[Configuration],
    *,
    credential_endpoint: str,
    nonce_endpoint: str,
    names: Mapping[str, str],
) -> JsonObject:
    """Return the Credential Issuer metadata (§12.2.4); ``names`` are the issuer's, by language tag.

    Every configuration carries ``credential_metadata``: by it wallets tell 1.0 from the drafts.

    Raises:
        MalformedError: what would be published is no metadata by ``parse_issuer_metadata``.
    """
    supported = {one.id: _make_configuration(one) for one in configurations}
    if len(supported) != len(configurations):
        raise _FORM.refusal("two configurations have one id", "/credential_configurations_supported")
    metadata: JsonObject = {
        "credential_issuer": issuer,
        "credential_endpoint": credential_endpoint,
        "nonce_endpoint": nonce_endpoint,
        "display": _make_display(names),
        "credential_configurations_supported": supported,
    }
    parse_issuer_metadata(metadata, issuer=issuer)
    return metadata


def make_authorization_server_metadata(issuer: str, *, token_endpoint: str) -> JsonObject:
    """Return the metadata of a server that knows the pre-authorized code grant only, for anybody (§12.3).

    ``response_types_supported`` is left out, as §12.2.4 allows such a server. That authorization details are
    known has to be said (§12.2.4): no configuration has a ``scope``.

    Raises:
        MalformedError: an address is not https.
    """
    metadata: JsonObject = {
        "issuer": issuer,
        "token_endpoint": token_endpoint,
        "grant_types_supported": [PRE_AUTHORIZED],
        "token_endpoint_auth_methods_supported": ["none"],
        "authorization_details_types_supported": [DETAILS_TYPE],
        "pre-authorized_grant_anonymous_access_supported": True,
    }
    parse_authorization_server_metadata(metadata, issuer=issuer)
    return metadata


def parse_issuer_metadata(obj: Any, *, issuer: str) -> IssuerMetadata:
    """Read Credential Issuer metadata that was found for ``issuer``; unknown parameters are ignored.

    Raises:
        MalformedError: a parameter is missing or has the wrong form.
        InvalidError: it is the metadata of another issuer (``metadata_issuer_mismatch``); no normalisation.
    """
    metadata = _FORM.object(obj)
    _check_issuer(_FORM.text(metadata, "credential_issuer"), issuer, "/credential_issuer")
    nonce = _FORM.https(metadata, "nonce_endpoint") if "nonce_endpoint" in metadata else None
    servers = _FORM.find_texts(metadata, "authorization_servers")
    if not all(is_identifier(server) for server in servers):
        raise _FORM.refusal("a server is an https address", "/authorization_servers")
    place = "/credential_configurations_supported"
    supported = _FORM.member(metadata, "credential_configurations_supported")
    return IssuerMetadata(
        issuer=issuer,
        credential_endpoint=_FORM.https(metadata, "credential_endpoint"),
        nonce_endpoint=nonce,
        authorization_servers=servers,
        names=_parse_display(metadata, "", name_needed=False),
        batch_size=_parse_batch(metadata),
        configurations={
            name: _parse_configuration(name, value, join(place, name)) for name, value in supported.items()
        },
        raw=metadata,
    )


def parse_authorization_server_metadata(obj: Any, *, issuer: str) -> AuthorizationServer:
    """Read Authorization Server metadata (RFC 8414 §2) that was found for ``issuer``.

    Raises:
        MalformedError: a parameter is missing or has the wrong form.
        InvalidError: it is the metadata of another server (RFC 8414 §3.3).
    """
    metadata = _FORM.object(obj)
    _check_issuer(_FORM.text(metadata, "issuer"), issuer, "/issuer")
    grants = _FORM.find_texts(metadata, "grant_types_supported")
    name = "pre-authorized_grant_anonymous_access_supported"
    return AuthorizationServer(
        issuer=issuer,
        token_endpoint=_FORM.https(metadata, "token_endpoint"),
        takes_pre_authorized=PRE_AUTHORIZED in grants,
        anonymous=_FORM.flag(metadata, name, default=False),
    )


def _well_known(issuer: str, name: str) -> str:
    if not is_identifier(issuer):
        raise _FORM.refusal("an issuer is an https address without query and fragment")
    parts = urlsplit(issuer)
    return f"https://{parts.netloc}/.well-known/{name}{parts.path.rstrip('/')}"


def _check_issuer(found: str, issuer: str, path: str) -> None:
    if not is_identifier(issuer):
        raise _FORM.refusal("an issuer is an https address without query and fragment", path)
    if found != issuer:
        raise InvalidError(
            "the metadata is that of another issuer", code="metadata_issuer_mismatch", path=path
        )


def _make_display(names: Mapping[str, str]) -> list[JsonObject]:
    return [{"name": name, "locale": tag} if tag else {"name": name} for tag, name in names.items()]


def _make_configuration(one: Configuration) -> JsonObject:
    described: JsonObject = {
        "credential_definition": {"@context": list(one.contexts), "type": list(one.types)}
    }
    metadata: JsonObject = {"display": _make_display(one.names)}
    if one.claims:
        metadata["claims"] = list(one.claims)
    if one.format == SD_JWT_VC:
        described = {"vct": one.types[0]}
    made: JsonObject = {
        "format": one.format,
        "credential_signing_alg_values_supported": list(one.algorithms),
        **described,
        "credential_metadata": metadata,
    }
    if one.binding_methods:
        made["cryptographic_binding_methods_supported"] = list(one.binding_methods)
        proof = {"proof_signing_alg_values_supported": list(one.proof_algorithms)}
        made["proof_types_supported"] = {"jwt": proof}
    return made


def _parse_batch(metadata: JsonObject) -> int:
    if "batch_credential_issuance" not in metadata:
        return 1
    size = _FORM.member(metadata, "batch_credential_issuance").get("batch_size")
    if type(size) is not int or size < 2:
        raise _FORM.refusal("batch_size is 2 or greater", "/batch_credential_issuance/batch_size")
    return size


def _parse_configuration(name: str, value: Any, path: str) -> Configuration:
    found = _FORM.object(value, path)
    kind = _FORM.text(found, "format", path)
    types: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    if kind == SD_JWT_VC:
        types = (_FORM.text(found, "vct", path),)
    elif kind == LDP_VC or (kind in W3C_FORMATS and "credential_definition" in found):
        # Names of extensions are nobody's: drafts of SD-JWT VC meant something else by vc+sd-jwt.
        place = join(path, "credential_definition")
        definition = _FORM.member(found, "credential_definition", path)
        types = _FORM.texts(definition, "type", place)
        contexts = tuple(one for one in _FORM.array(definition, "@context", place) if isinstance(one, str))
    metadata = _FORM.object(found.get("credential_metadata", {}), join(path, "credential_metadata"))
    methods, algorithms = _parse_binding(found, path)
    return Configuration(
        id=name,
        format=kind,
        types=types,
        contexts=contexts,
        names=_parse_display(metadata, join(path, "credential_metadata"), name_needed=True),
        algorithms=_parse_algorithms(found, path),
        binding_methods=methods,
        proof_algorithms=algorithms,
    )


def _parse_algorithms(found: JsonObject, path: str) -> tuple[str, ...]:
    """Return the texts: an mdoc names its algorithms by COSE numbers, which are nothing to us."""
    name = "credential_signing_alg_values_supported"
    if name not in found:
        return ()
    return tuple(one for one in _FORM.array(found, name, path) if isinstance(one, str))


def _parse_binding(found: JsonObject, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """§12.2.4: binding methods and proof types stand together or not at all."""
    methods = _FORM.find_texts(found, "cryptographic_binding_methods_supported", path)
    if bool(methods) != ("proof_types_supported" in found):
        detail = "binding methods and proof types stand together or not at all"
        raise _FORM.refusal(detail, join(path, "proof_types_supported"))
    if not methods:
        return (), ()
    proofs = _FORM.member(found, "proof_types_supported", path)
    if "jwt" not in proofs:
        return methods, ()
    place = join(path, "proof_types_supported")
    proof = _FORM.member(proofs, "jwt", place)
    return methods, _FORM.texts(proof, "proof_signing_alg_values_supported", join(place, "jwt"))


def _parse_display(holder: JsonObject, path: str, *, name_needed: bool) -> dict[str, str]:
    names: dict[str, str] = {}
    seen: set[str] = set()
    for number, value in enumerate(_FORM.array(holder, "display", path) if "display" in holder else []):
        place = join(path, "display", number)
        shown = _FORM.object(value, place)
        tag = _FORM.find_text(shown, "locale", place) or ""
        if tag in seen:
            raise _FORM.refusal("two displays have one language", join(place, "locale"))
        seen.add(tag)
        if name_needed or "name" in shown:
            names[tag] = _FORM.text(shown, "name", place)
    return names
