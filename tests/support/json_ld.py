"""JSON-LD documents made up by a seed: over real contexts, over made-up ones, and published ones, changed.

Most are nearly right, so that what goes wrong goes wrong deep inside.
"""

import copy
import json
import random
from functools import cache
from typing import Any

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject
from certweave_edge.contexts import load_context_store
from tests.support.shared import SHARED

V2 = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
OURS = "https://certweave.example/ns/v1/context.jsonld"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
WORLDS = [
    [V2],
    [V2, UNTP],
    [V2, UNTP, OURS],
    [V2, EXAMPLES],
    ["https://www.w3.org/2018/credentials/v1"],
    ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/suites/ed25519-2020/v1"],
    ["https://w3id.org/security/v2"],
    ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
]
DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
IRIS = ["did:example:1", "urn:uuid:2", "https://a.example/ü", "_:n1", "_:n2"]
TEXTS = ["", 'ä\n"\\', "en", "x\x0by", "\U0001f600", "_:b", "a b", "x:y", "@none", *IRIS]
NUMBERS = [0, -1, 1.0, -0.0, 1.5, 1e-7, 1e21, -3.25e30, 2**53 - 1, 2**53, 1e16, 0.1, 12345678901234.5]
SCALARS = [*TEXTS, *TEXTS, *NUMBERS, None, True, False]
KEYWORDS = [
    *("@id", "@type", "@value", "@language", "@direction", "@list", "@set", "@index", "@graph", "@included"),
    *("@reverse", "@nest", "@none", "@json", "@foo", "@context"),
]
STRANGE_KEYS = [*KEYWORDS, "unknown", "schema:name", "https://a.example/p", ":x", "urn:p", "a b:c", "", "_:p"]
LANGUAGES = ["en", "DE-ch", "x y", "@none", "", "id", "en-abcdefghi"]


@cache
def store() -> ContextStore:
    """Return all pinned contexts, and the vocabulary of the examples of W3C."""
    return load_context_store().plus(EXAMPLES, {"@context": {"@vocab": f"{EXAMPLES}#"}})


def terms_of(context: Any) -> dict[str, Any]:
    """Return the terms of a context with their definitions."""
    if isinstance(context, list):
        return {name: item for part in context for name, item in terms_of(part).items()}
    if isinstance(context, str):
        return terms_of(store().get(context)["@context"])
    return {name: item for name, item in context.items() if name[:1] != "@"} if context else {}


def scoped(definition: Any) -> dict[str, Any]:
    """Return the terms that a definition brings with it."""
    return terms_of(definition.get("@context")) if isinstance(definition, dict) else {}


class Maker:
    """Documents out of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - documents, not secrets
        self.pick = self.random.choice

    def seldom(self, often: int = 40) -> bool:
        return self.random.randrange(often) == 0

    def some(self, values: Any, most: int) -> list[Any]:
        values = list(values)
        return self.random.sample(values, min(len(values), self.random.randint(0, most)))

    def value_object(self) -> JsonObject:
        found: JsonObject = {"@value": self.pick(TEXTS) if self.random.random() < 0.6 else self.pick(SCALARS)}
        if self.random.random() < 0.5:
            found["@language"] = self.pick(["en", "en", "de-CH", "x y", None])
        elif self.random.random() < 0.5:
            found["@type"] = self.pick(
                [DOUBLE, DOUBLE, "urn:x:y", "@json", "nope", None, "VerifiableCredential"]
            )
        if self.seldom(6):
            found["@direction"] = self.pick(["ltr", "rtl", "up"])
        if self.seldom(10):
            found["@index"] = "i"
        return found

    def json(self, depth: int = 0) -> Any:
        if depth > 2 or self.random.random() < 0.4:
            return self.pick(SCALARS)
        if self.random.random() < 0.5:
            return [self.json(depth + 1) for _ in range(self.random.randrange(3))]
        return {
            self.pick([*TEXTS, "@foo", "é", "\ufb33"]): self.json(depth + 1)
            for _ in range(self.random.randrange(3))
        }

    def over_real_contexts(self) -> JsonObject:
        """Return a document whose members fit the contexts it names, with a slip now and then."""
        listed = self.pick(WORLDS)
        return {"@context": listed, **self.node(terms_of(listed), 0)}

    def node(self, terms: dict[str, Any], depth: int) -> JsonObject:
        found: JsonObject = {}
        types = self.some([name for name in terms if scoped(terms[name]) or self.seldom(10)], 2)
        inside = dict(terms)
        for name in types:
            inside.update(scoped(terms[name]))
        if types:
            key = "type" if terms.get("type") else "@type"
            found[key] = types if len(types) > 1 or self.random.random() < 0.5 else types[0]
        if self.random.random() < 0.5:
            found["id" if terms.get("id") else "@id"] = self.pick(IRIS)
        for name in self.some(inside, 4):
            if name not in ("id", "type"):
                found[name] = self.member(inside[name], terms, depth)
        if self.seldom():
            found[self.pick(STRANGE_KEYS)] = self.pick([*SCALARS, {}, [], self.value_object()])
        return found

    def member(self, definition: Any, terms: dict[str, Any], depth: int) -> Any:
        """Return a value that mostly fits the definition of a member."""
        definition = definition if isinstance(definition, dict) else {}
        kind, container = definition.get("@type"), str(definition.get("@container", ""))
        if self.seldom() or depth > 3:
            return self.pick(TEXTS)
        if kind == "@json":
            return self.json()
        if "@language" in container and self.random.random() < 0.7:
            return {self.pick(LANGUAGES): self.pick([self.pick(TEXTS), ["a", "b", None]]) for _ in range(2)}
        items = [
            self.item(kind, {**terms, **scoped(definition)}, depth)
            for _ in range(self.random.randrange(1, 4))
        ]
        return items[0] if self.random.random() < 0.6 else items

    def item(self, kind: str | None, terms: dict[str, Any], depth: int) -> Any:
        chance = self.random.random()
        if kind in ("@id", "@vocab") or kind is None:
            if chance < 0.5:
                return self.node(terms, depth + 1)
            if kind == "@id":
                return self.pick(IRIS)
            if kind == "@vocab":
                return self.pick([*IRIS, *terms])
        if chance < 0.1:
            return self.value_object()
        return self.pick(SCALARS) if chance < 0.8 else self.pick(NUMBERS)

    def over_made_up_contexts(self) -> JsonObject:
        """Return a document over contexts of its own, both of few names, so that they meet."""
        context = {"@vocab": "https://v.example/#", "id": "@id", "type": "@type", **STEADY, **self.context(0)}
        if self.seldom(5):
            del context["@vocab"]
        listed = self.pick([[context], context, [V2, context], [context, self.context(0)], [V2, context, V2]])
        return {"@context": listed, **self.free_node(0)}

    def context(self, depth: int) -> JsonObject:
        found = {name: self.definition(depth) for name in self.some(NAMES, 4)}
        if self.random.random() < 0.3:
            found.update({name: self.pick(values) for name, values in self.some(SETTINGS.items(), 2)})
        return found

    def definition(self, depth: int) -> Any:
        if self.random.random() < 0.3:
            return self.pick(["urn:a", "urn:b:", "https://t.example/#", "@id", "@type", None, *ALIASES])
        if self.seldom(12):
            return {"@reverse": "urn:r"}
        found: JsonObject = {"@id": self.pick(["urn:a", "urn:b", "urn:c:", "p:d"])}
        if self.seldom(8):
            found["@id"] = self.pick([*ALIASES, "rel", "", None])
        found.update({name: self.pick(values) for name, values in self.some(PARTS.items(), 2)})
        if depth < 2 and self.random.random() < 0.4:
            found["@context"] = self.pick(
                [self.context(depth + 1), [self.context(depth + 1), self.context(2)]]
            )
            if self.seldom(8):
                found["@context"] = self.pick([None, V2, [None, self.context(2)]])
        return found

    def free_node(self, depth: int) -> JsonObject:
        found: JsonObject = {}
        for key in self.some([*NAMES, *NAMES, "d"], 4):
            found[key] = self.free_value(depth)
        for key in self.some(STEADY, 1):
            found[key] = self.steady_value(key, depth)
        if self.random.random() < 0.5:
            found[self.pick(["type", "type", "@type"])] = self.pick(
                [["T"], "U", ["T", "U"], "a", ["T", "nope"], []]
            )
        if self.random.random() < 0.4:
            found[self.pick(["id", "@id"])] = self.pick(IRIS)
        if depth and self.seldom(8):
            found["@context"] = self.pick([self.context(0), V2, None, []])
        if self.seldom(20):
            found[self.pick(STRANGE_KEYS[:-1])] = self.free_value(depth)
        found.pop("", None)
        return found

    def steady_value(self, key: str, depth: int) -> Any:
        """Return a value that fits one of the terms that are always there."""
        if key == "words":
            return {self.pick(LANGUAGES[:2]): self.pick(["a", ["a", "b"]])}
        if key == "json":
            return self.json()
        if self.random.random() < 0.6 or depth > 2:
            values = [*IRIS, "p:x", "a:x", "T:x"] if key == "link" else ["a", 1, 2.5, True]
            return self.some(values, 3)
        if self.random.random() < 0.5:
            return {self.pick(["id", "@id", "a"]): self.pick(["p:x", "a:x", "urn:x", "T"])}
        return self.free_node(depth + 1)

    def free_value(self, depth: int) -> Any:
        chance = self.random.random()
        if depth > 3 or chance < 0.4:
            return self.pick(SCALARS if self.seldom(4) else TEXTS)
        if chance < 0.7:
            return self.free_node(depth + 1)
        if chance < 0.8:
            return self.value_object()
        if chance < 0.85:
            return {self.pick(LANGUAGES): self.pick(TEXTS) for _ in range(2)}
        return [self.free_value(depth + 1) for _ in range(self.random.randrange(3))]

    def changed(self) -> JsonObject:
        """Return a published document with up to three things changed."""
        document = copy.deepcopy(self.pick(published()))
        for _ in range(self.random.randrange(4)):
            where, key = self.pick(places(document))
            act = self.random.randrange(5)
            if act == 0:
                del where[key]
            elif act == 1:
                where[key] = self.pick([*SCALARS, self.value_object(), [], {}, {"id": "urn:x:y"}])
            elif act == 2 and isinstance(where, dict):
                where[self.pick(STRANGE_KEYS)] = where.pop(key)
            elif act == 3:
                where[key] = [where[key]]
            else:
                other, name = self.pick(places(document))
                where[key] = copy.deepcopy(other[name])
            if not places(document):
                break
        return document


STEADY: JsonObject = {
    "list": {"@id": "urn:list", "@container": "@list"},
    "words": {"@id": "urn:words", "@container": "@language", "@direction": "rtl"},
    "json": {"@id": "urn:json", "@type": "@json"},
    "link": {"@id": "urn:link", "@type": "@id"},
}
NAMES = ["a", "b", "c", "T", "U", "p", "name", "proof", "VerifiableCredential"]
ALIASES = [
    "@value",
    "@language",
    "@nest",
    "@graph",
    "@list",
    "@set",
    "@none",
    "@json",
    "@index",
    "@direction",
    "@foo",
]
SETTINGS: dict[str, list[Any]] = {
    "@vocab": ["https://v.example/#", "", None, "urn:v:", "p:"],
    "@language": ["en", None, "x y"],
    "@direction": ["ltr", None],
    "@protected": [True],
    "@propagate": [True, False],
    "@import": [V2, OURS],
    "@base": ["https://base.example/", None],
    "@version": [1.1],
}
PARTS: dict[str, list[Any]] = {
    "@type": ["@id", "@id", "@vocab", "@json", "@none", DOUBLE, "urn:t", "T"],
    "@container": [
        "@set",
        "@list",
        "@language",
        "@graph",
        "@index",
        "@id",
        "@type",
        ["@graph", "@set"],
        ["@language", "@set"],
    ],
    "@language": ["en", None, "x y"],
    "@direction": ["rtl", None],
    "@protected": [True, False],
    "@prefix": [True, False],
    "@nest": ["@nest"],
}


def places(document: Any) -> list[tuple[Any, Any]]:
    """Return every place of a document: what holds it, and its name there."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            found += [(value, key) for key in keys]
            waiting += [value[key] for key in keys]
    return found


@cache
def published() -> list[JsonObject]:
    """Return the published documents that are at hand, one of our own where there are none."""
    found: list[JsonObject] = []
    for path in sorted((SHARED / "vectors").rglob("*.json")):
        document = json.loads(path.read_text("utf-8-sig")) if path.stat().st_size < 60_000 else None
        if isinstance(document, dict) and "@context" in document and all(map(known, [document["@context"]])):
            found.append(document)
    return found or [{"@context": [V2], "type": ["VerifiableCredential"], "issuer": "did:example:a"}]


def known(context: Any) -> bool:
    listed = context if isinstance(context, list) else [context]
    return all(not isinstance(item, str) or store().knows(item) for item in listed)
