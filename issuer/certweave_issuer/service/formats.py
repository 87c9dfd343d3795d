"""The formats in which a certificate is handed to a wallet: what OpenID4VCI calls them, and how each is made.

OpenID for Verifiable Credential Issuance 1.0 §12.2.4 and appendix A
(https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html). Formats are those of the table
of ways to secure a credential (``proof.ways``), and ``dc+sd-jwt``, where a certificate is an SD-JWT VCLD
(docs/adr/0018-certificates-as-sd-jwt-vc.md). ``vc+jwt`` is what was issued, with its receipt; the others are
signed when they are handed out, for the key that the wallet proved.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Final

from certweave.credential.extension import read_extension
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.credential.untp.credentials import read_credential
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.exchange.vci_metadata import FORMATS, LDP_VC, SD_JWT_VC, VC_JWT, VC_SD_JWT, Configuration
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.vcld import LD, make_vcld_claims
from certweave.proof.ways import WAYS, Way, secure_credential
from certweave_edge.i18n import LANGUAGES, Languages, mark
from certweave_edge.status_lists import token_list_url
from certweave_issuer.ports import Certificate
from certweave_issuer.service.kinds import ANCHOR, CONFORMITY, KINDS, Kind
from certweave_issuer.service.office import Office

_SHOWN: Final = frozenset(("id", "type", "name", "issuedToParty"))
"""Members of a subject, and of its special part, that nobody can withhold: what it is and whose it is."""


def ways_of(algorithm: Algorithm) -> dict[str, Way]:
    """Return by format how an issuer with such a key secures a certificate: the first way of the table."""
    found: dict[str, Way] = {}
    for way in WAYS.values():
        if way.format in FORMATS and algorithm in way.algorithms:
            found.setdefault(way.format, way)
    return found


def formats_of(office: Office, org: str) -> tuple[str, ...]:
    """Return the formats in which an organisation hands certificates out; 409 ``identity_missing``."""
    ways = ways_of(office.identities.signer(org).algorithm)
    return tuple(form for form in FORMATS if _way(ways, form) is not None)


def _way(ways: Mapping[str, Way], form: str) -> Way | None:
    """An SD-JWT VC is made with the keys that W3C's form is made with."""
    return ways.get(VC_SD_JWT if form == SD_JWT_VC else form)


def configuration_id(type_name: str, form: str) -> str:
    """Return the name of a configuration; that of ``vc+jwt`` is the bare type."""
    return type_name if form == VC_JWT else f"{type_name}_{form}"


def find_format(certificate: Certificate, configuration: str) -> str | None:
    """Return the format that a configuration of this certificate stands for; None for any other name."""
    return next(
        (form for form in FORMATS if configuration_id(certificate.type_name, form) == configuration), None
    )


def configurations(office: Office, algorithm: Algorithm) -> Iterator[Configuration]:
    """Yield every configuration of an issuer with such a key: each kind of certificate in each format."""
    ways = ways_of(algorithm)
    for kind in KINDS.values():
        types, contexts = _described(kind)
        for form in FORMATS:
            way = _way(ways, form)
            if way is None:
                continue
            vct = (office.addresses.type(kind.type_name),)
            yield Configuration(
                id=configuration_id(kind.type_name, form),
                format=form,
                types=vct if form == SD_JWT_VC else types,
                contexts=() if form == SD_JWT_VC else contexts,
                names=in_languages(kind.words),
                algorithms=(way.name if form == LDP_VC else algorithm.jws,),
                claims=tuple(claims_of(kind, form)),
            )


def claims_of(kind: Kind, form: str) -> Iterator[JsonObject]:
    """Yield the claims descriptions of a configuration (appendix B.2): what is always there."""
    root = [LD] if form == SD_JWT_VC else []
    yield _described_claim([*root, "name"], mark("Name"))
    if kind.type_name == ANCHOR:
        return
    yield _described_claim([*root, "credentialSubject", "issuedToParty"], mark("Issued to"))
    if kind.member:
        yield _described_claim([*root, "credentialSubject", kind.member], kind.words)


def type_metadata(office: Office, type_name: str) -> JsonObject | None:
    """Return the type metadata of a kind of certificate (SD-JWT VC §6); None where it is no kind of ours."""
    kind = next((kind for kind in KINDS.values() if kind.type_name == type_name), None)
    if kind is None:
        return None
    claims = [
        {
            "path": one["path"],
            "mandatory": True,
            "sd": "never",
            "display": [{"locale": said["locale"], "label": said["name"]} for said in one["display"]],
        }
        for one in claims_of(kind, SD_JWT_VC)
    ]
    return {
        "vct": office.addresses.type(type_name),
        "name": kind.words,
        "display": [{"locale": lang, "name": name} for lang, name in in_languages(kind.words).items()],
        "claims": claims,
    }


def in_languages(words: str) -> dict[str, str]:
    """Return a marked text in every language that we have, by language tag."""
    known = _languages()
    return {lang: known.get(lang).gettext(words) for lang in LANGUAGES}


@cache  # wallets ask for metadata often
def _languages() -> Languages:
    return Languages(["certweave_issuer"])


def _described_claim(path: list[str], words: str) -> JsonObject:
    names = in_languages(words)
    display = [{"name": name, "locale": lang} for lang, name in names.items()]
    return {"path": path, "mandatory": True, "display": display}


def hand_out(office: Office, certificate: Certificate, form: str, key: PublicKey) -> str | JsonObject:
    """Return a certificate in a format, signed now for the key of its holder.

    Raises:
        InvalidError: ``format_unfit``: this certificate or this issuer's key has no such format.
        RefusedError: ``identity_missing``.
        CertweaveError: the document is not one that may be signed so.
    """
    if form == VC_JWT and certificate.token is not None:
        return certificate.token
    signer = office.identities.signer(certificate.org)
    if form == SD_JWT_VC and certificate.place is not None:
        return _sign_vcld(office, certificate, key, signer)
    way = ways_of(signer.algorithm).get(form)
    if way is None:
        raise InvalidError(f"this certificate is not handed out as {form}", code="format_unfit")
    secured = secure_credential(
        certificate.document,
        signer,
        way=way.name,
        contexts=office.contexts,
        limits=DEFAULT_LIMITS,
        now=office.clock(),
        entropy=office.entropy,
        pointers=tuple(withholdable(certificate.document)) if way.pointers == "withhold" else (),
        holder=key if way.binds else None,
    )
    if isinstance(secured, bytes):
        raise InvalidError("a message of COSE is not handed out", code="format_unfit")
    return secured


def withholdable_claims(claims: JsonObject) -> Iterator[str]:
    """Yield JSON Pointers of what the holder of an SD-JWT VC may withhold: all but what and whose it is."""
    subject = claims[LD].get("credentialSubject")
    for name, value in subject.items() if isinstance(subject, dict) else ():
        place = join(f"/{LD}/credentialSubject", name)
        if name in _SHOWN:
            continue
        if isinstance(value, dict):
            yield from (join(place, member) for member in value if member not in _SHOWN)
        else:
            yield place


def withholdable(document: JsonObject) -> list[str]:
    """Return JSON Pointers of what the holder of a W3C credential may withhold.

    Those who see it judge what is left by UNTP's model, so what that requires stays.
    """
    left, found = deepcopy(document), list[str]()

    def walk(holder: JsonObject, path: str) -> None:
        for name in [name for name in holder if name not in _SHOWN]:
            place, value = join(path, name), holder.pop(name)
            if _is_whole(left):
                found.append(place)
                continue
            holder[name] = value
            if isinstance(value, dict):
                walk(value, place)

    subject = left.get("credentialSubject")
    if isinstance(subject, dict):
        walk(subject, "/credentialSubject")
    return found


def _is_whole(document: JsonObject) -> bool:
    try:
        read_credential(document)
        read_extension(document)
    except CertweaveError:
        return False
    return True


def _sign_vcld(office: Office, certificate: Certificate, key: PublicKey, signer: Signer) -> str:
    place = certificate.place
    claims = make_vcld_claims(
        certificate.document,
        vct=office.addresses.type(certificate.type_name),
        holder=certificate.holder,
        status=None if place is None else (token_list_url(place.url), place.index),
    )
    return sign_sd_jwt_vc(
        claims,
        signer,
        issued_at=office.clock(),
        hidden=list(withholdable_claims(claims)),
        entropy=office.entropy,
        holder=key,
    )


def _described(kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return types and contexts of a kind, as its credentials have them."""
    extended = () if kind.type_name in {CONFORMITY, ANCHOR} else (EXTENSION_CONTEXT,)
    base = ANCHOR if kind.type_name == ANCHOR else CONFORMITY
    types = (*((kind.type_name,) if extended else ()), base, "VerifiableCredential")
    return types, (VCDM_2_CONTEXT, UNTP_CONTEXT, *extended)
