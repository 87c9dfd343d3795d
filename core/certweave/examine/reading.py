"""One document as it was read: what the forms of ``forms`` give, and all later steps look at."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, ParamSpec, TypeVar

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

if TYPE_CHECKING:
    from certweave.proof.cose import Sign1
    from certweave.proof.jose import Jws
    from certweave.proof.sd_jwt.token import Processed, SdJwt

P = ParamSpec("P")
T = TypeVar("T")
_PRESENTATION: Final = "VerifiablePresentation"


class Form(StrEnum):
    """How a document is secured."""

    JWT = "jwt"
    LEGACY_JWT = "legacy-jwt"
    SD_JWT = "sd-jwt"
    SD_JWT_VC = "sd-jwt-vc"
    COSE = "cose"
    EMBEDDED = "embedded"


class Reading(NamedTuple):
    """One document as it was read, not verified.

    Attributes:
        form: how it is secured.
        document: the claims; of a JWT without the registered claims, of an embedded form with ``proof``. Of
            an SD-JWT what was disclosed; of an SD-JWT VC with the registered claims.
        payload: what was signed, as parsed (of a token, and of a COSE message, with its registered claims).
        jws: the parsed token; None for an embedded proof.
        presentation: whether it presents credentials, or is one.
        secured: the token, message or document as it came; of an SD-JWT as JSON its compact form.
        path: JSON Pointer of the place in the input where it stood.
        size: bytes of the secured form.
        words: how the form is called in a report.
        envelope: the object around the token, which is not signed; None without one.
        cose: the parsed message; None for other forms.
        sd_jwt: the parsed SD-JWT; None for other forms.
        processed: what it says with its disclosures, and what may be withheld of it; None likewise.
    """

    form: Form
    document: JsonObject
    payload: JsonObject
    jws: "Jws | None"
    presentation: bool
    secured: str | bytes | JsonObject
    path: str
    size: int
    words: str
    envelope: JsonObject | None = None
    cose: "Sign1 | None" = None
    sd_jwt: "SdJwt | None" = None
    processed: "Processed | None" = None

    def digest(self) -> bytes:
        """Return the SHA-256 that a receipt of the ledger would be about; few are ever asked for."""
        from certweave.log.receipt import secured_digest

        return secured_digest(self.secured)


def at_place(path: str, rule: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Apply a rule that knows only its own document; what it raises then names the place in the input."""
    try:
        return rule(*args, **kwargs)
    except CertweaveError as error:
        error.path = path + (error.path or "") or None
        raise


def is_presentation(document: JsonObject) -> bool:
    """Tell whether a document names itself a presentation among its types, which nobody has checked yet."""
    found = document.get("type")
    return found == _PRESENTATION or (isinstance(found, list) and _PRESENTATION in found)
