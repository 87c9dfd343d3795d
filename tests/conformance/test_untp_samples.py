"""The 17 sample credentials of UNTP 0.7.0: read, dumped back, and their terms known.

One is known to break the rule for terms: the pre-release identity anchor has a ``renderTemplate2024`` member,
which neither the UN schema nor the UN context of 0.7.0 defines (the context knows a *type* of that name with
a capital letter); it would mean nothing but a word in the fallback vocabulary. So it is read and refused.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.support.shared import or_skip, shared, shared_at_collection

from certweave.credential.terms import check_terms, untp_version
from certweave.credential.untp.base import UntpModel
from certweave.credential.untp.credentials import CREDENTIALS, dump, read_credential
from certweave.credential.untp.events import LifecycleEvent
from certweave.credential.untp.facts import members_of
from certweave.credential.vcdm import check_credential
from certweave.errors import InvalidError
from certweave_edge.contexts import load_context_store

FOLDER = shared_at_collection("untp/0.7.0/samples")
SAMPLES = sorted(FOLDER.iterdir()) if FOLDER else []
ANCHOR = "DigitalIdentityAnchor_instance.json"
SOUND = [path for path in SAMPLES if path.name != ANCHOR]
SCHEMAS = {
    "DigitalConformityCredential": "ConformityCredential",
    **{name: name for name in CREDENTIALS if name != "DigitalConformityCredential"},
}


def test_all_samples_are_at_hand() -> None:
    shared("untp/0.7.0/samples")
    assert len(SAMPLES) == 17


@pytest.mark.parametrize("path", or_skip(SAMPLES), ids=lambda path: path.stem)
def test_sample_is_read_and_written_without_loss(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    check_credential(document)
    assert untp_version(document) == "0.7.0"
    assert dump(read_credential(document)) == document


@pytest.mark.parametrize("path", or_skip(SOUND), ids=lambda path: path.stem)
def test_terms_of_sample_are_known(path: Path) -> None:
    check_terms(json.loads(path.read_text(encoding="utf-8")), contexts=load_context_store())


def test_retired_render_member_is_no_term_of_070() -> None:
    document = json.loads(shared("untp/0.7.0/samples", ANCHOR).read_text(encoding="utf-8"))
    published = json.loads(shared("untp/0.7.0/context/untp-context.jsonld").read_text(encoding="utf-8"))
    assert "renderTemplate2024" in document
    assert "renderTemplate2024" not in json.dumps(published)
    assert "RenderTemplate2024" in published["@context"]
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert (caught.value.code, caught.value.path) == ("term_unknown", "/renderTemplate2024")


def _classes() -> dict[str, type[UntpModel]]:
    """Return every class that our models reach, by its UNTP name."""
    found: dict[str, type[UntpModel]] = {}
    todo: list[type[UntpModel]] = [LifecycleEvent, *CREDENTIALS.values()]
    while todo:
        model = todo.pop()
        name = model.class_name()
        if name not in found or len(members_of(model)) > len(members_of(found[name])):
            found[name] = model
            todo.extend(kind for member in members_of(model).values() for kind in member.classes)
    return found


@pytest.mark.parametrize("file", SCHEMAS.values())
def test_models_agree_with_the_schemas_on_members_and_closedness(file: str) -> None:
    schema = json.loads(shared(f"untp/0.7.0/schema/{file}.json").read_text(encoding="utf-8"))
    classes = _classes()
    for name, definition in schema["$defs"].items():
        model = classes[name]
        assert model.closed == (definition.get("additionalProperties") is False), name
        assert set(definition.get("properties", {})) <= set(members_of(model)), name


@pytest.mark.parametrize("path", or_skip(SAMPLES), ids=lambda path: path.stem)
def test_model_refuses_what_the_schema_refuses(path: Path) -> None:
    """Take away one member after the other: the model says no where the UN schema says no."""
    document = json.loads(path.read_text(encoding="utf-8"))
    kind = next(name for name in CREDENTIALS if name in document["type"])
    schema = json.loads(shared(f"untp/0.7.0/schema/{SCHEMAS[kind]}.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    places = [node for node in _objects(document) if "type" in node or node is document]
    for node in places:
        for member in [name for name in node if name not in ("@context", "type")]:
            kept = node.pop(member)
            if not validator.is_valid(document):
                with pytest.raises(InvalidError):
                    read_credential(document)
            node[member] = kept


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for item in value for node in _objects(item)]
    if not isinstance(value, dict):
        return []
    return [value, *(node for item in value.values() for node in _objects(item))]
