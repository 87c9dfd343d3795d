"""Whatever is done to a credential, only our errors come out of the modules that judge what it says."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.certificates import extension_document
from tests.support.shared import shared_at_collection

from certweave.credential.extension import read_extension
from certweave.credential.extension_parts import PARTS
from certweave.credential.holder import holder_of
from certweave.credential.terms import check_terms, check_terms_generic
from certweave.credential.untp.credentials import dump, read_credential
from certweave.credential.untp.known import fits_untp
from certweave.credential.vcdm import check_credential, check_presentation
from certweave.errors import CertweaveError
from certweave_edge.contexts import load_context_store

FOLDER = shared_at_collection("untp/0.7.0/samples")
DOCUMENTS = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.iterdir())] if FOLDER else []
DOCUMENTS += [extension_document(name) for name in PARTS]
WORDS = ["@context", "@type", "@id", "@value", "@vocab", "type", "id", "name", "x", "", "https://x.example/a"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False),
    st.sampled_from(WORDS),
    st.text(),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)

STORE = load_context_store()
JUDGES: list[Callable[[dict[str, Any]], Any]] = [
    check_credential,
    check_presentation,
    read_credential,
    read_extension,
    holder_of,
    lambda document: check_terms(document, contexts=STORE),
    lambda document: check_terms_generic(document, contexts=STORE),
]


USUAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:example:1",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:issuer.example", "name": "somebody"},
    "validFrom": "2026-01-01T00:00:00Z",
    "name": "a certificate",
    "credentialSubject": {"id": "did:web:holder.example", "name": "somebody"},
}
TOLD = ["urn:x:1", "urn:x y", "x:é", "VerifiableCredential", "VerifiablePresentation", USUAL["@context"][0]]
told = values | st.sampled_from(TOLD)
changes = st.dictionaries(
    st.sampled_from([*USUAL, "description", "evidence"]), told | st.lists(told, max_size=3), max_size=3
)
subjects = st.dictionaries(st.sampled_from(["id", "@value", "@list", "@id", "x"]), told, max_size=2)


def _run(judge: Callable[[dict[str, Any]], Any], document: dict[str, Any]) -> None:
    """Let one judge speak; anything but an error of ours goes through and fails the test."""
    try:
        judge(copy.deepcopy(document))
    except CertweaveError as error:
        if not error.code or (error.path or "/")[0] != "/":
            raise ValueError(f"{error!r} has no code, or its path is no pointer") from error


def _places(value: Any) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in [(value, key), *_places(item)]]


def _spoilt(data: st.DataObject) -> dict[str, Any]:
    """Return a sound document with up to three places changed."""
    document: dict[str, Any] = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        node, key = data.draw(st.sampled_from(_places(document)))
        if isinstance(node, dict) and data.draw(st.booleans()):
            node[data.draw(st.sampled_from(WORDS) | st.text(max_size=5))] = data.draw(values)
        else:
            node[key] = data.draw(values)
    return document


@given(data=st.data())
def test_what_fits_untp_is_sound_for_all_who_say_why(data: st.DataObject) -> None:
    document = _spoilt(data)
    if fits_untp(document, contexts=STORE):
        check_terms(document, contexts=STORE)
        read_credential(document)
        read_extension(document)


@given(changes=changes, subject=subjects, start=st.lists(told, max_size=2))
def test_one_subject_alone_and_in_a_list_are_judged_alike(
    changes: dict[str, Any], subject: dict[str, Any], start: list[Any]
) -> None:
    """One alone is the usual form, for which the rules are told at a glance."""
    document = {**USUAL, "type": [*USUAL["type"], *start], **changes, "credentialSubject": subject}
    assert _code(document) == _code({**document, "credentialSubject": [subject]})


def _code(document: dict[str, Any]) -> str | None:
    try:
        check_credential(document)
    except CertweaveError as error:
        return error.code
    return None


@given(data=st.data())
def test_spoilt_credentials_raise_only_our_errors(data: st.DataObject) -> None:
    document = _spoilt(data)
    for judge in JUDGES:
        _run(judge, document)


@given(document=st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), values, max_size=5))
def test_anything_at_all_raises_only_our_errors(document: dict[str, Any]) -> None:
    for judge in JUDGES:
        _run(judge, document)


@given(extra=st.dictionaries(st.text(max_size=8), values.filter(lambda value: value is not None), max_size=3))
def test_members_that_we_do_not_know_survive_reading(extra: dict[str, Any]) -> None:
    document = extension_document("LabelRelease")
    added = {key: value for key, value in extra.items() if key not in document}
    document.update(added)
    try:
        credential = read_credential(document)
    except CertweaveError:
        return
    assert dump(credential) == document
