"""The program that w3c/vc-jose-cose-test-suite calls: issue or verify one document with one key.

``issue|verify --input FILE --key FILE --feature NAME [--sd JSON] --output FILE``; the answer, written to the
output, is ``{"result": "success" | "failure" | "indeterminate", "data": …}``. The suite hands over the key
and names its issuers by https addresses, so no key is looked for, and its documents are years old, so no time
is held against now. All else is asked: form, algorithm, header, signature, claims, the data model, and that
what a presentation shows is enveloped. Its messages of COSE stand in base64 without padding.
"""

import argparse
import binascii
import json
import re
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from certweave.credential.shapes import objects_of
from certweave.credential.vcdm import check_credential, check_presentation
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError, MalformedError, UndecidedError
from certweave.keys.jwk import parse_private_jwk, parse_public_jwk
from certweave.keys.model import KeySigner, PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import check_cose_header, parse_sign1, verify_sign1
from certweave.proof.jose import check_header, parse_compact, verify_jws
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.proof.sd_jwt.vc_sd_jwt import (
    CRITICAL,
    NEEDED,
    check_disclosed,
    sign_credential_sd_jwt,
    sign_presentation_sd_jwt,
)
from certweave.proof.vc_cose import (
    VC_COSE,
    VP_COSE,
    check_header_claims,
    sign_credential_cose,
    sign_presentation_cose,
    with_claims,
)
from certweave.proof.vc_jwt import check_claims, sign_credential_jwt, sign_presentation_jwt, strip_claims
from certweave_edge import clock

_SHOWN = re.compile(r"data:application/vc\+(jwt,|sd-jwt,|cose;base64,)")


@dataclass(frozen=True, slots=True)
class Task:
    """What the suite asks for; ``feature`` is ``credential_jose``, ``presentation_cose`` and so on."""

    text: str
    key: JsonObject
    feature: str
    hidden: tuple[str, ...] = ()

    @property
    def presentation(self) -> bool:
        """Whether it is about a presentation."""
        return self.feature.startswith("presentation")

    @property
    def way(self) -> str:
        """How it is secured: ``jose``, ``sdjwt`` or ``cose``."""
        return self.feature.partition("_")[2]


def issue(task: Task) -> str:
    """Return the secured document as text."""
    document = parse_object(task.text, limits=DEFAULT_LIMITS)
    _check_model(document, presentation=task.presentation)
    signer = KeySigner(str(task.key["id"]), parse_private_jwk(task.key["secretKeyJwk"]))
    now, entropy = clock.now(), secrets.token_bytes
    # What a verifier needs is never hidden, whatever the suite would like to see hidden.
    hidden = [place for place in task.hidden if place.split("/")[1] not in NEEDED | CRITICAL]
    if task.way == "sdjwt" and task.presentation:
        return sign_presentation_sd_jwt(
            document, signer, issued_at=now, audience=None, nonce=None, hidden=hidden, entropy=entropy
        )
    if task.way == "sdjwt":
        return sign_credential_sd_jwt(document, signer, issued_at=now, hidden=hidden, entropy=entropy)
    if task.way == "cose":
        message = (
            sign_presentation_cose(document, signer, issued_at=now, audience=None, nonce=None)
            if task.presentation
            else sign_credential_cose(document, signer, issued_at=now)
        )
        return binascii.b2a_base64(message, newline=False).decode("ascii")
    if task.presentation:
        return sign_presentation_jwt(document, signer, issued_at=now, audience=None, nonce=None)
    return sign_credential_jwt(document, signer, issued_at=now)


def verify(task: Task) -> str:
    """Return the verified document as JSON text."""
    key = parse_public_jwk(task.key["publicKeyJwk"])
    document = _WAYS[task.way](task, key)
    _check_model(document, presentation=task.presentation)
    return json.dumps(document)


def _verify_jose(task: Task, key: PublicKey) -> JsonObject:
    jws = parse_compact(task.text, limits=DEFAULT_LIMITS)
    check_header(jws.header, typ="vp+jwt" if task.presentation else "vc+jwt")
    verify_jws(jws, key)
    payload = parse_object(jws.payload, limits=DEFAULT_LIMITS)
    check_claims(payload, presentation=task.presentation)
    return strip_claims(payload, presentation=task.presentation)


def _verify_sd_jwt(task: Task, key: PublicKey) -> JsonObject:
    token = parse_sd_jwt(task.text, limits=DEFAULT_LIMITS)
    check_header(token.jws.header, typ="vp+sd-jwt" if task.presentation else "vc+sd-jwt")
    verify_jws(token.jws, key)
    processed = process_sd_jwt(token, limits=DEFAULT_LIMITS)
    check_disclosed(processed)
    check_claims(processed.payload, presentation=task.presentation)
    return strip_claims(processed.payload, presentation=task.presentation)


def _verify_cose(task: Task, key: PublicKey) -> JsonObject:
    message = parse_sign1(_unpadded(task.text), limits=DEFAULT_LIMITS)
    check_cose_header(message.header, typ=VP_COSE if task.presentation else VC_COSE)
    verify_sign1(message, key)
    document = parse_object(message.payload, limits=DEFAULT_LIMITS)
    check_header_claims(document, message)
    check_claims(with_claims(document, message), presentation=task.presentation)
    return strip_claims(document, presentation=task.presentation)


_WAYS: dict[str, Callable[[Task, PublicKey], JsonObject]] = {
    "jose": _verify_jose,
    "sdjwt": _verify_sd_jwt,
    "cose": _verify_cose,
}


def _unpadded(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except ValueError:
        raise MalformedError("not base64", code="base64") from None


def _check_model(document: JsonObject, *, presentation: bool) -> None:
    if not presentation:
        check_credential(document)
        return
    check_presentation(document)
    for path, shown in objects_of(document, "verifiableCredential"):
        # The suite holds presentations of a credential that nobody can read: only the envelope is looked at.
        if not isinstance(shown.get("id"), str) or not _SHOWN.match(shown["id"]):
            raise InvalidError("what is shown is not enveloped", code="envelope_malformed", path=path)


def _pointers(text: str | None) -> tuple[str, ...]:
    """Turn paths such as ``credentialSubject.phoneNumbers[0]`` into JSON Pointers."""
    paths = [] if text is None else json.loads(text)
    return tuple("/" + re.sub(r"\[(\d+)\]", r"/\1", path).replace(".", "/") for path in paths)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the files, do what is asked, and write what came of it."""
    parser = argparse.ArgumentParser(prog="jose_cose")
    parser.add_argument("verb", choices=["issue", "verify"])
    for name in ("input", "key", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--feature", required=True)
    parser.add_argument("--sd")
    options = parser.parse_args(arguments)
    key = parse_object(options.key.read_bytes(), limits=DEFAULT_LIMITS)
    task = Task(options.input.read_text("utf-8").strip(), key, options.feature, _pointers(options.sd))
    data = ""
    try:
        data = (issue if options.verb == "issue" else verify)(task)
        result = "success"
    except CertweaveError as error:
        result = "indeterminate" if isinstance(error, UndecidedError) else "failure"
        sys.stderr.write(f"{result}: {error.code}: {error.detail} {error.path or ''}\n")
    options.output.write_text(json.dumps({"result": result, "data": data}) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
