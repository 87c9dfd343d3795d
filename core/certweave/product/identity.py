"""Which product a passport describes: name, numbers, size, picture, maker and brand, and its released labels.

UNTP 0.7.0 Product (https://untp.unece.org/docs/0.7.0/specification/DigitalProductPassport); size and colour
are read from its free ``characteristics``. A picture counts only where the passport fixes it: inside, or by
digest.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.product.address import ProductAddress, parse_product_url
from certweave.product.answer import Identity, Label, Picture
from certweave.product.coverage import Cover, Scene, match_product, read_named
from certweave.product.pieces import Piece, id_of, object_of, objects_of, text_of
from certweave.timestamps import format_timestamp

PICTURE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/svg+xml"})
_MAKERS: Final = ("manufacturer", "producer", "processor", "remanufacturer")
_MAX_DATA: Final = 200_000
"""Characters of a picture inside a passport; a larger one is not for a first view."""


def read_identity(passport: Piece, address: ProductAddress, found: ProductAddress) -> Identity:
    """Return what the passport says this product is; ``found`` is the address that has the passport."""
    product = passport.subject
    traits = object_of(product, "characteristics")
    maker = name_of(find_party(product, _MAKERS), passport) or text_of(passport.issuer, "name")
    return Identity(
        name=text_of(product, "name"),
        gtin=address.gtin,
        lot=address.lot,
        serial=address.serial,
        size=_trait(traits, "size"),
        colour=_trait(traits, "colour") or _trait(traits, "color"),
        asked=address.granularity,
        granularity=found.granularity,
        maker=maker,
        brand=name_of(find_party(product, ("brandOwner",)), passport),
        picture=_picture(object_of(product, "productImage")),
    )


def contradicts(product: JsonObject, address: ProductAddress) -> bool | None:
    """Tell whether a passport is about other goods than the code; None where it names no code at all."""
    batch = id_of(product, "batchNumber")
    if batch and address.lot is not None and batch != address.lot:
        return True
    item = id_of(product, "itemNumber")
    if item and address.serial is not None and item != address.serial:
        return True
    try:
        _, named = parse_product_url(id_of(product, "id"))
    except CertweaveError:
        return None
    return (
        named.gtin != address.gtin
        or (named.lot is not None and named.lot != address.lot)
        or (named.serial is not None and named.serial != address.serial)
    )


def party_name(product: JsonObject, roles: Iterable[str]) -> str:
    """Return the name of the first related party in one of these roles."""
    return text_of(find_party(product, roles), "name")


def name_of(party: JsonObject, piece: Piece) -> str:
    """Return the name of a party that a document names; of its own issuer, that by which it is known."""
    own = id_of(party, "id") and id_of(party, "id") == id_of(piece.issuer, "id")
    return text_of(piece.issuer, "name") if own else text_of(party, "name")


def find_party(product: JsonObject, roles: Iterable[str]) -> JsonObject:
    """Return the first related party in one of these roles, roles going by their order."""
    for role in roles:
        for related in objects_of(product, "relatedParty"):
            if related.get("role") == role:
                return object_of(related, "party")
    return {}


def role_of(passport: Piece) -> str:
    """Return ``maker``, ``brand`` or ``other``: what the passport's issuer is to the product."""
    issuer = id_of(passport.issuer, "id")
    for word, roles in (("maker", _MAKERS), ("brand", ("brandOwner",))):
        if issuer and id_of(find_party(passport.subject, roles), "id") == issuer:
            return word
    return "other"


def read_labels(pieces: Iterable[Piece], scene: Scene, *, now: datetime) -> tuple[Label, ...]:
    """Return the labels that a trusted release allows for this product, today."""
    today = format_timestamp(now)[:10]
    labels = []
    for piece in pieces:
        release = object_of(piece.subject, "labelRelease")
        if not release or not piece.trusted:
            continue
        if match_product(read_named(object_of(release, "product")), scene) < Cover.MODEL:
            continue
        if text_of(release, "releaseDate") > today or today > (text_of(release, "expiryOfRelease") or today):
            continue
        labels.append(_label(piece.subject, release))
    return tuple(labels)


def _label(attestation: JsonObject, release: JsonObject) -> Label:
    claim = {lang: text for lang, text in object_of(release, "claimText").items() if isinstance(text, str)}
    mark = object_of(attestation, "trustmark")
    media_type, data = text_of(mark, "mediaType"), mark.get("imageData")
    sound = isinstance(data, str) and len(data) <= _MAX_DATA and media_type in PICTURE_TYPES
    picture = Picture(text_of(mark, "name"), media_type, data=str(data)) if sound else None
    return Label(
        scheme=text_of(attestation, "referenceScheme", "name"),
        scheme_id=text_of(attestation, "referenceScheme", "id"),
        claim=claim,
        grade=text_of(release, "labelGrade"),
        licence=text_of(release, "licenceNumber"),
        picture=picture,
    )


def _picture(link: JsonObject) -> Picture | None:
    url, label = link.get("linkURL"), text_of(link, "linkName")
    if not isinstance(url, str):
        return None
    if url.startswith("data:"):
        head, _, body = url[5:].partition(",")
        media_type, _, coding = head.partition(";")
        if media_type in PICTURE_TYPES and coding == "base64" and len(body) <= _MAX_DATA:
            return Picture(label, media_type, data=body)
        return None
    media_type, digest = text_of(link, "mediaType"), text_of(link, "digestMultibase")
    if url.startswith("https://") and digest and media_type in PICTURE_TYPES:
        return Picture(label, media_type, url=url, digest=digest)
    return None


def _trait(traits: JsonObject, name: str) -> str:
    value = traits.get(name)
    return text_of(traits, name) or (str(value) if isinstance(value, int) and value is not True else "")
