"""Type metadata of SD-JWT VC: what a type says about the claims of its credentials.

Follows draft-ietf-oauth-sd-jwt-vc (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/) §5 and §6,
in the state of August 2026: integrity, extending, ``mandatory`` and ``sd`` of claims. Display and rendering
are kept as they stand, and not judged; nothing is fetched here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256, sha384, sha512
from typing import Any, Final

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError, UnsupportedError
from certweave.limits import Limits
from certweave.proof.sd_jwt.token import HIDDEN, Processed

MAX_EXTENDS: Final = 8
"""Types that one extends, one after the other; a longer chain is a loop or an attack."""

Path = tuple[str | int | None, ...]

_HASHES: Final = {"sha512": sha512, "sha384": sha384, "sha256": sha256}
"""The hashes of Subresource Integrity (https://www.w3.org/TR/SRI/ §3.2), the strongest first."""
_ONE_ALPHABET: Final = str.maketrans("+/", "-_")
_SVG_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """What a type says about the claims at one path; None where it says nothing."""

    path: Path
    mandatory: bool | None
    sd: str | None


@dataclass(frozen=True, slots=True)
class TypeMetadata:
    """One document of type metadata (§5.2), as far as it is judged; ``raw`` is the whole."""

    vct: str
    extends: str | None
    integrity: str | None
    rules: tuple[ClaimRule, ...]
    raw: JsonObject


def check_integrity(content: bytes, integrity: str, *, path: str) -> None:
    """§6: the digest of a document is the one that was named; of several, those of the strongest hash count.

    Digests stand in either alphabet of base64 and with padding or without (CSP Level 3, ``base64-value``).

    Raises:
        MalformedError: not integrity metadata (``integrity_malformed``).
        UnsupportedError: none of the hashes is one we know (``integrity_unsupported``).
        InvalidError: another digest (``integrity_mismatch``).
    """
    named: dict[str, set[str]] = {}
    for word in integrity.split():
        name, _, rest = word.partition("-")
        if not rest:
            raise MalformedError("this is no integrity metadata", code="integrity_malformed", path=path)
        named.setdefault(name, set()).add(rest.partition("?")[0].translate(_ONE_ALPHABET).rstrip("="))
    if not named:
        raise MalformedError("this is no integrity metadata", code="integrity_malformed", path=path)
    strongest = next((name for name in _HASHES if name in named), None)
    if strongest is None:
        detail = "the digest of the document is by no hash that we know"
        raise UnsupportedError(detail, code="integrity_unsupported", path=path)
    if base64url_encode(_HASHES[strongest](content).digest()) not in named[strongest]:
        detail = "the document is another one than was meant: its digest differs"
        raise InvalidError(detail, code="integrity_mismatch", path=path)


def parse_type_metadata(content: bytes, vct: str, *, limits: Limits) -> TypeMetadata:
    """Read the metadata that were found for ``vct``.

    Raises:
        MalformedError: not of the form of §5.2 (``type_malformed``).
        InvalidError: the document is about another type (``type_mismatch``).
        UndecidedError: a limit was reached.
    """
    raw = parse_object(content, limits=limits)
    if raw.get("vct") != vct:
        raise InvalidError("the type metadata are about another type", code="type_mismatch", path="/vct")
    extends = raw.get("extends")
    if "extends" in raw and (not isinstance(extends, str) or not extends):
        raise _malformed("extends is the name of a type")
    integrity = raw.get("extends#integrity")
    if "extends#integrity" in raw and not isinstance(integrity, str):
        raise _malformed("extends#integrity is a text")
    listed = raw.get("claims", [])
    if not isinstance(listed, list):
        raise _malformed("claims is an array")
    rules = tuple(_parse_rule(item) for item in listed)
    names = [item["svg_id"] for item in listed if "svg_id" in item]
    if len(set(names)) != len(names):
        raise _malformed("two claims of a type have one svg_id")
    return TypeMetadata(vct, extends, integrity, rules, raw)


def combine_rules(chain: Sequence[TypeMetadata]) -> tuple[ClaimRule, ...]:
    """§5.6.5: the rules of a type and of those it extends; ``chain`` starts with the credential's own type.

    Raises:
        InvalidError: a type weakens what the one it extends demands (``type_weakened``).
    """
    found: dict[Path, ClaimRule] = {}
    for metadata in reversed(chain):
        for rule in metadata.rules:
            found[rule.path] = _override(found.get(rule.path), rule)
    return tuple(found.values())


def check_claim_rules(rules: Sequence[ClaimRule], processed: Processed, *, limits: Limits) -> None:
    """§5.6: what the type demands of the claims holds, as far as it can be told from what was disclosed.

    A claim that was withheld is no missing one: only where nothing can have been withheld, absence counts.

    Raises:
        InvalidError: ``type_path`` (a path leads through what is no object or array), ``type_claim_missing``,
            ``type_claim_open`` (it must be withholdable), ``type_claim_hidden`` (it must not be).
        UndecidedError: the rules meet more claims than ``limits.schema_work`` (``limit_schema_work``).
    """
    left = limits.schema_work
    for rule in rules:
        selected, unknown, steps = _select(rule.path, processed)
        left -= steps
        if left < 0:
            detail = f"applying the rules of the type takes more than {limits.schema_work} steps"
            raise UndecidedError(detail, code="limit_schema_work", cause=Cause.LIMIT)
        if rule.mandatory and not selected and not unknown:
            detail = f"the type demands the claim {_words(rule.path)}, and it is not there"
            raise InvalidError(detail, code="type_claim_missing")
        for place in selected:
            if rule.sd == "always" and place not in processed.places:
                detail = "the type demands that the holder can withhold this claim"
                raise InvalidError(detail, code="type_claim_open", path=place)
            if rule.sd == "never" and place in processed.places:
                detail = "the type demands that this claim is never withheld"
                raise InvalidError(detail, code="type_claim_hidden", path=place)


def _parse_rule(item: Any) -> ClaimRule:
    """§5.6: what is not as the text has it is refused, though it be only for display."""
    if not isinstance(item, dict):
        raise _malformed("a claim of a type is an object")
    path = item.get("path")
    if not isinstance(path, list) or not path or not all(_is_step(step) for step in path):
        raise _malformed("the path of a claim is an array of names, positions and null, not empty")
    if not isinstance(item.get("mandatory", False), bool):
        raise _malformed("mandatory is true or false")
    if item.get("sd", "allowed") not in ("always", "allowed", "never"):
        raise _malformed("sd is always, allowed or never")
    svg_id, display = item.get("svg_id", "_"), item.get("display", [])
    if not isinstance(svg_id, str) or not _SVG_ID.fullmatch(svg_id):
        raise _malformed("svg_id is one word of letters, digits and underscores, and begins with no digit")
    if not isinstance(display, list) or not all(_is_label(one) for one in display):
        raise _malformed("display of a claim is an array of objects with locale and label")
    return ClaimRule(tuple(path), item.get("mandatory"), item.get("sd"))


def _is_label(one: object) -> bool:
    """§5.6.2; ``description`` is optional."""
    if not isinstance(one, dict):
        return False
    texts = (one.get("locale"), one.get("label"), one.get("description", ""))
    return all(isinstance(text, str) for text in texts)


def _is_step(step: object) -> bool:
    if isinstance(step, int) and not isinstance(step, bool):
        return step >= 0
    return step is None or isinstance(step, str)


def _override(base: ClaimRule | None, rule: ClaimRule) -> ClaimRule:
    """§5.6.5.1: a type may demand more than the one it extends, and not less."""
    if base is None:
        return rule
    if base.sd in ("always", "never") and rule.sd not in (None, base.sd):
        detail = f"a type changes who can withhold {_words(rule.path)}, which the one it extends has settled"
        raise InvalidError(detail, code="type_weakened")
    if base.mandatory and rule.mandatory is False:
        detail = f"a type drops the claim {_words(rule.path)}, which the one it extends demands"
        raise InvalidError(detail, code="type_weakened")
    return replace(
        rule,
        sd=base.sd if rule.sd is None else rule.sd,
        mandatory=base.mandatory if rule.mandatory is None else rule.mandatory,
    )


def _select(path: Path, processed: Processed) -> tuple[list[str], bool, int]:
    """§5.6.1.2 Processing of path; also whether something withheld might have been selected, and the work."""
    selected: list[tuple[str, Any]] = [("", processed.issued)]
    unknown, steps = False, 1
    for step in path:
        following: list[tuple[str, Any]] = []
        for place, value in selected:
            if value is HIDDEN:
                unknown = True
                continue
            found = _members(place, value, step)
            unknown = unknown or (isinstance(step, str) and not found and place in processed.withheld)
            following.extend(found)
        selected = following
        steps += 1 + len(selected)
    return [place for place, _ in selected], unknown, steps


def _members(place: str, value: Any, step: str | int | None) -> list[tuple[str, Any]]:
    if isinstance(step, str):
        if not isinstance(value, dict):
            raise _no_way(place)
        return [(join(place, step), value[step])] if step in value else []
    if not isinstance(value, list):
        raise _no_way(place)
    if step is None:
        return [(join(place, index), item) for index, item in enumerate(value)]
    return [(join(place, step), value[step])] if step < len(value) else []


def _no_way(place: str) -> InvalidError:
    detail = "a path of the type leads through a claim that has another form"
    return InvalidError(detail, code="type_path", path=place)


def _words(path: Path) -> str:
    return ".".join("*" if step is None else str(step) for step in path)[:120]


def _malformed(detail: str) -> MalformedError:
    return MalformedError(detail, code="type_malformed")
