"""Whoever holds the web server swaps did.json; the log of the twin tells, and decides."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.did_logs import LOCATION, day, private_key, signer, simple_log

from certweave.did.syntax import web_twin
from certweave.did.webvh.twin import check_twin, make_twin
from certweave.did.webvh.write import MethodTemplate, deactivate_log, make_document, rotate_log, update_log
from certweave.errors import InvalidHistoryError

LOG = simple_log()
HISTORY = LOG.history
WEB = web_twin(LOG.did).text
SERVICES = [{"id": "#shop", "type": "LinkedDomains", "serviceEndpoint": "https://mill.example"}]

Document = dict[str, Any]


def test_twin_names_both_and_agrees() -> None:
    twin = make_twin(HISTORY)
    assert twin["id"] == WEB == f"did:web:{LOCATION}"
    assert twin["alsoKnownAs"] == [LOG.did.text]
    assert [one["id"] for one in twin["service"]] == [f"{WEB}#files", f"{WEB}#whois"]
    assert "did:webvh" not in str({**twin, "alsoKnownAs": []})
    check_twin(twin, HISTORY)


def without_services(twin: Document) -> None:
    del twin["service"]


def relative_ids(twin: Document) -> None:
    for one in (*twin["service"], *twin["verificationMethod"]):
        one["id"] = "#" + one["id"].partition("#")[2]
    twin["assertionMethod"] = ["#" + one.partition("#")[2] for one in twin["assertionMethod"]]


def without_slash(twin: Document) -> None:
    twin["service"][0]["serviceEndpoint"] = twin["service"][0]["serviceEndpoint"].rstrip("/")


def empty_lists(twin: Document) -> None:
    twin["keyAgreement"] = []


def names_its_own_name(twin: Document) -> None:
    twin["alsoKnownAs"] = [LOG.did.text, LOG.did.text]


@pytest.mark.parametrize(
    "change", [without_services, relative_ids, without_slash, empty_lists, names_its_own_name]
)
def test_other_spelling_is_the_same_twin(change: Callable[[Document], None]) -> None:
    twin = make_twin(HISTORY)
    change(twin)
    check_twin(twin, HISTORY)


def swap_key(twin: Document) -> None:
    twin["verificationMethod"][0]["publicKeyMultibase"] = private_key(66).public.multikey


def add_key(twin: Document) -> None:
    key = private_key(66).public.multikey
    method = {"id": f"{WEB}#x", "type": "Multikey", "controller": WEB, "publicKeyMultibase": key}
    twin["assertionMethod"].append(method)


def widen_purpose(twin: Document) -> None:
    twin["capabilityInvocation"] = list(twin["assertionMethod"])


def drop_key(twin: Document) -> None:
    twin["verificationMethod"] = []


def add_service(twin: Document) -> None:
    twin["service"].append({"id": "#x", "type": "LinkedDomains", "serviceEndpoint": "https://evil.example"})


def move_service(twin: Document) -> None:
    twin["service"][1]["serviceEndpoint"] = "https://evil.example/whois.vp"


def add_controller(twin: Document) -> None:
    twin["controller"] = [WEB, "did:web:evil.example"]


def forget_twin(twin: Document) -> None:
    twin["alsoKnownAs"] = []


def other_id(twin: Document) -> None:
    twin["id"] = "did:web:evil.example"


def nonsense(twin: Document) -> None:
    twin["verificationMethod"] = {"a": 1}


def a_number_for_a_key(twin: Document) -> None:
    twin["assertionMethod"] = [5]


def a_number_for_a_name(twin: Document) -> None:
    twin["alsoKnownAs"] = [LOG.did.text, 5]


SWAPS = [
    (swap_key, "/verificationMethod"),
    (add_key, "/assertionMethod"),
    (widen_purpose, "/capabilityInvocation"),
    (drop_key, "/verificationMethod"),
    (add_service, "/service"),
    (move_service, "/service"),
    (add_controller, "/controller"),
    (forget_twin, "/alsoKnownAs"),
    (other_id, "/id"),
    (nonsense, "/verificationMethod"),
    (a_number_for_a_key, "/assertionMethod"),
    (a_number_for_a_name, "/alsoKnownAs"),
]


@pytest.mark.parametrize(("change", "path"), SWAPS)
def test_other_meaning_is_refused(change: Callable[[Document], None], path: str) -> None:
    twin = make_twin(HISTORY)
    change(twin)
    with pytest.raises(InvalidHistoryError) as caught:
        check_twin(twin, HISTORY)
    assert (caught.value.code, caught.value.path) == ("twin_differs", path)


def test_twin_that_the_log_does_not_name_is_refused() -> None:
    document = make_document(LOCATION, [MethodTemplate(private_key(9).public)], did=LOG.did)
    del document["alsoKnownAs"]
    history = update_log(LOG.did, LOG.log, signer=signer(1), time=day(1), document=document).history
    with pytest.raises(InvalidHistoryError) as caught:
        check_twin(make_twin(history), history)
    assert (caught.value.code, caught.value.path) == ("twin_differs", "/alsoKnownAs")


def test_twin_of_yesterday_is_refused() -> None:
    document = make_document(LOCATION, [MethodTemplate(private_key(10).public)], did=LOG.did)
    rotated = rotate_log(LOG.did, LOG.log, signer=signer(1), time=day(1), document=document)
    with pytest.raises(InvalidHistoryError, match="differ"):
        check_twin(make_twin(HISTORY), rotated.history)


def test_own_services_stay() -> None:
    methods = [MethodTemplate(private_key(9).public)]
    document = make_document(LOCATION, methods, did=LOG.did, services=SERVICES)
    history = update_log(LOG.did, LOG.log, signer=signer(1), time=day(1), document=document).history
    twin = make_twin(history)
    assert twin["service"][0] == SERVICES[0]
    check_twin(twin, history)


def test_deactivated_did_has_no_twin() -> None:
    gone = deactivate_log(LOG.did, LOG.log, signer=signer(1), time=day(1))
    with pytest.raises(InvalidHistoryError) as caught:
        make_twin(gone.history)
    assert caught.value.code == "deactivated"
