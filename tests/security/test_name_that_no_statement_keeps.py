"""Attack: a name is put on something nameless, no statement keeps it, and the signature holds all the same.

Statements drop the name of a blank node, and JSON-LD drops what looks like a keyword. Readers of the document
would see an id that nobody signed.
"""

import json

import pytest
from tests.support.forging import finding, judge
from tests.support.showing import EMBEDDED, credential, signer_of
from tests.support.suites import NOW
from tests.support.ways import OVER_STATEMENTS, show

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

CONTEXT = ["https://www.w3.org/ns/credentials/v2", {"partOf": "https://x.example/partOf"}]
NAMES = {"a blank node": ("_:bale9", "iri_not_absolute"), "a look-alike": ("@bale", "jsonld")}
OVER_RDF = [way for way in EMBEDDED if way in OVER_STATEMENTS]


def in_a_bale(way: str, bale: JsonObject) -> JsonObject:
    subject = {**credential(way)["credentialSubject"], "partOf": bale}
    return credential(way, **{"@context": CONTEXT, "credentialSubject": subject})


@pytest.mark.parametrize("way", OVER_RDF)
@pytest.mark.parametrize("name", NAMES)
def test_nobody_believes_it(way: str, name: str) -> None:
    honest = show(in_a_bale(way, {"description": "large"}), signer_of(way), way, now=NOW)
    assert finding(judge(honest))[0] == "valid"
    spoilt = json.loads(honest)
    spoilt["credentialSubject"]["partOf"]["id"] = NAMES[name][0]
    verdict, step, code, path = finding(judge(spoilt))
    assert (verdict, step, code) == ("invalid", "signature", NAMES[name][1])
    assert path == "/credentialSubject/partOf/id"


@pytest.mark.parametrize("way", OVER_RDF)
@pytest.mark.parametrize("name", NAMES)
def test_nobody_signs_it(way: str, name: str) -> None:
    text, code = NAMES[name]
    with pytest.raises(InvalidError) as refused:
        show(in_a_bale(way, {"id": text, "description": "large"}), signer_of(way), way, now=NOW)
    assert (refused.value.code, refused.value.path) == (code, "/credentialSubject/partOf/id")
