"""N-Quads, read strictly and written in canonical form.

Reading: RDF 1.1 N-Quads, https://www.w3.org/TR/n-quads/#sec-grammar. Writing: the canonical form that
RDFC-1.0 asks for, https://www.w3.org/TR/rdf-canon/#canonical-quads. Terms are text throughout, as canonical
N-Quads spells them: ``<iri>``, ``_:b0``, ``"text"``, ``"text"@en``, ``"1"^^<datatype>``. Datatypes are not
interpreted.
"""

import re
from functools import cache

from certweave.errors import MalformedError

Quad = tuple[str, str, str, str | None]
"""Subject, predicate, object and graph; None for the default graph."""

XSD = "http://www.w3.org/2001/XMLSchema#"
_XSD_STRING = f"<{XSD}string>"

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRI = rf'<(?:[^\x00-\x20<>"{{}}|^`\\]|{_UCHAR})*>'
_FIRST = (
    "A-Za-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_:0-9"
)
_LATER = _FIRST + "\u00b7\u0300-\u036f\u203f-\u2040-"
_BLANK = rf"_:[{_FIRST}](?:[{_LATER}.]*[{_LATER}])?"
_TEXT = rf'"(?:[^"\\\n\r]|\\[tbnrf"\'\\]|{_UCHAR})*"'
_LITERAL = rf"({_TEXT})(?:\^\^({_IRI})|@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*))?"
_STATEMENT = (
    rf"[ \t]*({_IRI}|{_BLANK})[ \t]*({_IRI})[ \t]*(?:({_IRI}|{_BLANK})|{_LITERAL})"
    rf"[ \t]*({_IRI}|{_BLANK})?[ \t]*\.[ \t]*(?:#.*)?"
)
_NOTHING = re.compile(r"[ \t]*(?:#.*)?")
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPED = re.compile(rf"{_UCHAR}|\\(.)")
_READ = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}

# Everything that canonical N-Quads does not write as it is. U+FFFE and U+FFFF are no characters of XML 1.1.
_TO_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f\ufffe\uffff]')
_WRITTEN = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def parse_nquads(text: str) -> list[Quad]:
    """Return the statements of an N-Quads document in their order, terms in canonical form.

    Raises:
        MalformedError: ``nquads_malformed`` where a line is no statement, an IRI is relative, or an escape
            stands for a surrogate or for nothing.
    """
    quads = []
    statement = _statement()
    for number, line in enumerate(re.split(r"[\r\n]+", text), 1):
        if _NOTHING.fullmatch(line):
            continue
        found = statement.fullmatch(line)
        if found is None:
            raise MalformedError(f"statement {number} is not N-Quads", code="nquads_malformed")
        subject, predicate, resource, lexical, datatype, language, graph = found.groups()
        item = _node(resource) if resource else _literal(lexical, datatype, language)
        quads.append((_node(subject), _node(predicate), item, _node(graph) if graph else None))
    return quads


@cache
def _statement() -> re.Pattern[str]:
    """Compile at first use: it takes 20 ms, and verifying writes statements but reads none."""
    return re.compile(_STATEMENT)


def format_quad(quad: Quad) -> str:
    """Return a statement as a line of N-Quads, with its line feed."""
    subject, predicate, item, graph = quad
    return (
        f"{subject} {predicate} {item} .\n" if graph is None else f"{subject} {predicate} {item} {graph} .\n"
    )


def quote(text: str) -> str:
    """Return the lexical part of a literal: quoted, and escaped where canonical N-Quads asks for it."""
    return f'"{escape(text)}"'


def escape(text: str) -> str:
    """Return a text as canonical N-Quads writes it between its quotes."""
    return text if _TO_ESCAPE.search(text) is None else _TO_ESCAPE.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return _WRITTEN.get(character) or f"\\u{ord(character):04X}"


def _node(term: str) -> str:
    if term.startswith("_:"):
        return term
    iri = _unescape(term[1:-1])
    if _SCHEME.match(f"<{iri}") is None or _NOT_IN_IRI.search(iri) is not None:
        raise MalformedError(f"{term[:80]} is no absolute IRI", code="nquads_malformed")
    return f"<{iri}>"


def _literal(lexical: str, datatype: str | None, language: str | None) -> str:
    text = quote(_unescape(lexical[1:-1]))
    if language:
        return f"{text}@{language}"
    kind = _node(datatype) if datatype else _XSD_STRING
    return text if kind == _XSD_STRING else f"{text}^^{kind}"


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_read_escape, text) if "\\" in text else text


def _read_escape(found: re.Match[str]) -> str:
    if found[1] is not None:
        return _READ[found[1]]
    code = int(found[0][2:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise MalformedError(f"{found[0]} stands for no character", code="nquads_malformed")
    return chr(code)
