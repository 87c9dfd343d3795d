"""The address that stands in a product's QR code: GTIN, lot and serial number as a web path.

GS1 Digital Link URI syntax (https://ref.gs1.org/standards/digital-link/uri-syntax/), of which we take
the keys 01 (GTIN, always 14 digits), 10 (batch or lot) and 21 (serial number); GS1 General Specifications
§7.9 for the check digit and §7.11 for the character set. It does not look anything up.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from certweave.errors import InvalidError, MalformedError

_DIGITS: Final = frozenset("0123456789")
_GTIN_LENGTH: Final = 14
_MAX_QUALIFIER: Final = 20
_CHARACTERS: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
"""GS1 AI encodable character set 82, of which lots and serial numbers are made."""
_LOT: Final = "10"
_SERIAL: Final = "21"


@dataclass(frozen=True, slots=True)
class ProductAddress:
    """A product as its code names it: a model, a batch of it, or one item. Made by the functions below."""

    gtin: str
    lot: str | None = None
    serial: str | None = None

    @property
    def path(self) -> str:
        """The path of the address: ``/01/09521234543213/10/17``."""
        parts = ["", "01", self.gtin]
        for key, value in ((_LOT, self.lot), (_SERIAL, self.serial)):
            if value is not None:
                parts += [key, quote(value, safe="")]
        return "/".join(parts)

    @property
    def granularity(self) -> str:
        """``item``, ``batch`` or ``model``, in UNTP's words."""
        if self.serial is not None:
            return "item"
        return "model" if self.lot is None else "batch"

    def fallbacks(self) -> tuple["ProductAddress", ...]:
        """Return this address and the coarser ones, finest first: item, batch, model."""
        found = [self]
        if self.serial is not None and self.lot is not None:
            found.append(ProductAddress(self.gtin, self.lot))
        if self.granularity != "model":
            found.append(ProductAddress(self.gtin))
        return tuple(found)

    def at(self, host: str) -> str:
        """Return the whole address at a brand's host, as the QR code carries it."""
        return f"https://{host}{self.path}"


def make_product_address(gtin: str, *, lot: str | None = None, serial: str | None = None) -> ProductAddress:
    """Return the address of a product.

    Raises:
        MalformedError: ``product_address``: not 14 digits; a lot or serial number that GS1 does not allow.
        InvalidError: ``gtin_check_digit``: somebody mistyped it.

    ``path`` of both names the argument: ``/gtin``, ``/lot`` or ``/serial``.
    """
    check_gtin(gtin)
    for what, path, value in (("lot", "/lot", lot), ("serial number", "/serial", serial)):
        if value is not None and not (0 < len(value) <= _MAX_QUALIFIER and set(value) <= _CHARACTERS):
            raise _malformed(f"a {what} has 1 to {_MAX_QUALIFIER} characters of GS1's set", path)
    return ProductAddress(gtin, lot, serial)


def parse_product_address(path: str) -> ProductAddress:
    """Read the path of a product address, percent-encoded as it stands in the URL.

    Raises:
        MalformedError, InvalidError: as ``make_product_address``; Malformed too where keys are unknown or out
            of order.
    """
    parts = path.split("/")
    if len(parts) < 3 or len(parts) % 2 == 0 or parts[0] or parts[1] != "01":
        raise _malformed("a product address is /01/{GTIN}, then /10/{lot} and /21/{serial} where known")
    keys = tuple(parts[3::2])
    if keys not in ((), (_LOT,), (_SERIAL,), (_LOT, _SERIAL)):
        raise _malformed("after the GTIN, a product address has the lot (10), then the serial number (21)")
    values = dict(zip(keys, (_decode(value) for value in parts[4::2]), strict=True))
    return make_product_address(parts[2], lot=values.get(_LOT), serial=values.get(_SERIAL))


def parse_product_url(url: str) -> tuple[str, ProductAddress]:
    """Read a whole product address, and return its host (with a port, where it names one) and the rest.

    Raises:
        MalformedError, InvalidError: as ``parse_product_address``; Malformed where it is no https address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _malformed("this is no web address") from None
    if parts.scheme != "https" or not parts.netloc or "@" in parts.netloc:
        raise _malformed("a product address begins with https:// and a host")
    return parts.netloc.lower(), parse_product_address(parts.path)


def check_gtin(gtin: str) -> None:
    """Check a GTIN of 14 digits, the check digit included.

    Raises:
        MalformedError: ``product_address``: not 14 digits.
        InvalidError: ``gtin_check_digit``.
    """
    if len(gtin) != _GTIN_LENGTH or not set(gtin) <= _DIGITS:
        raise _malformed(
            "a GTIN has 14 digits here; shorter ones are filled up with zeros at the front", "/gtin"
        )
    if gtin[-1] != str(check_digit(gtin[:-1])):
        raise InvalidError(
            "the last digit does not fit the others: the code is mistyped",
            code="gtin_check_digit",
            path="/gtin",
        )


def check_digit(digits: str) -> int:
    """Return the check digit for the digits before it: weights 3 and 1 from the right, up to the next ten."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return -total % 10


def _decode(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode("ascii")
    except UnicodeError:
        raise _malformed("a lot or serial number is made of ASCII characters") from None


def _malformed(detail: str, path: str | None = None) -> MalformedError:
    return MalformedError(detail, code="product_address", path=path)
