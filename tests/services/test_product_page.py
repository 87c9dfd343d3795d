"""The shopper's page from the server: what it says, in which languages, what it weighs and never does."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from certweave.examine.report import Verdict
from certweave.product import tell
from certweave.product.journey import PROCESSES
from certweave_edge.i18n import Languages
from certweave_edge.terms import find_grade
from certweave_verifier import product_words as words_of_page
from certweave_verifier.product_service import PICTURE_BYTES
from tests.support.shirt import GTIN, HOST, SHIRT, Shirt
from tests.support.verifier import Service, open_verifier

PAGE = f"/p/{HOST}/01/{GTIN}/10/17"
HTML = {"accept": "text/html"}
BUDGET = 60_000
"""Bytes of the first view: page, style, scripts, icon and picture, as they come over the wire."""
FORBIDDEN = re.compile(r"(?i:blockchain|credential|did:|sustainab|nachhaltig|مستدام|بلوك)|\bDIDs?\b")


@pytest.fixture
def shirt() -> Shirt:
    return Shirt().publish()


@pytest.fixture
def service(shirt: Shirt, tmp_path: Path) -> Iterator[Service]:
    with open_verifier(
        shirt.world, tmp_path, policy=shirt.policy, brand_hosts=f"other.example, {HOST}"
    ) as opened:
        yield opened


def get(service: Service, address: str = PAGE, **headers: str) -> Any:
    return service.client.get(address, headers={**HTML, **headers})


def words(text: str) -> str:
    """Return what a reader sees of a page."""
    main = text[text.index("<body") :]
    main = re.sub(r"</?bdi[^>]*>", "", main)  # around a name, within a sentence
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_the_first_visit_checks(service: Service) -> None:
    answer = get(service)
    assert answer.status_code == 200
    said = words(answer.text)
    for wanted in (
        "T-shirt “Meadow”",
        "Lot 17 · size M · made by Weberei Lindau",
        "Checked just now.",
        "95 % organically grown cotton",
        "Checked by Fibre Assurance on 20 February 2026",
        "Checked on what it was made of: cotton fibre",
        "Said by the maker, not checked",
        "Fibre Assurance, approved by Organic Fibre Standard Foundation and accredited by Anatolian",
        "Yes, until 30 June 2027.",
        "Compare the picture, the lot, the size, the colour, and the maker. A code can be copied.",
        "1,020 kg seed cotton → 380 kg cotton fibre",
        "Who did this is not named; Fibre Assurance vouches for it",
        f"{HOST}/01/{GTIN}/10/17",
        "This page keeps nothing about you.",
    ):
        assert wanted in said, said


def test_a_program_gets_the_same_as_json(service: Service) -> None:
    answer = service.client.get(PAGE, headers={"accept": "application/json"})
    said = answer.json()
    assert said["verdict"] == "valid"
    assert said["address"] == SHIRT
    assert [claim["tone"] for claim in said["claims"]] == ["valid", "valid", "said"]


LANGUAGES = {
    "de": ("ltr", "Geprüft von Fibre Assurance am 20. Februar 2026", "Vom Feld ins Regal", "Entkörnung"),
    "ar": ("rtl", "تحقّقت منه", "من الحقل إلى الرف", "الحلج"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_speaks(service: Service, lang: str) -> None:
    direction, *wanted = LANGUAGES[lang]
    text = get(service, f"{PAGE}?lang={lang}").text
    assert f'<html lang="{lang}" dir="{direction}">' in text
    for item in wanted:
        assert item in words(text)
    assert "Checked" not in words(text)


def test_what_is_signed_is_marked_as_of_no_known_language(service: Service) -> None:
    text = get(service, f"{PAGE}?lang=de").text
    assert 'Geprüft von <bdi lang="">Fibre Assurance</bdi> am 20. Februar 2026' in text
    assert '<bdi lang="">T-shirt “Meadow”</bdi>' in unescape(text)


CRITERION = "https://ofs.example/criterion/organic-content/3.1"
TERMS = {
    "English": ("en", CRITERION, "Organic content", "Organic content"),
    "German": ("de", CRITERION, "Organic content", "Bio-Anteil"),
    "Arabic": ("ar", CRITERION, "Organic content", "المحتوى العضوي"),
    "another name was signed": ("de", CRITERION, "Content, organic", "Content, organic"),
    "the name of another version": (
        "de",
        CRITERION,
        "Organic content (version 3.0)",
        "Organic content (version 3.0)",
    ),
    "an id that no catalogue knows": ("de", f"{CRITERION}.9", "Organic content", "Organic content"),
}


@pytest.mark.parametrize("case", TERMS)
def test_a_criterion_is_named_in_the_readers_language(tmp_path: Path, case: str) -> None:
    """Only where the signed name is the catalogue's: the catalogue is an aid, never evidence."""
    lang, identifier, signed, wanted = TERMS[case]
    shirt = Shirt()
    shirt.claim(2)["referenceCriteria"] = [{"type": ["Criterion"], "id": identifier, "name": signed}]
    with open_verifier(shirt.publish().world, tmp_path, policy=shirt.policy, brand_hosts=HOST) as service:
        said = words(get(service, f"{PAGE}?lang={lang}").text)
    assert wanted in said
    assert (signed in said) is (signed == wanted)


OFS = "https://ofs.example/scheme/organic-fibre"
GRADES = {
    "code": ("de", OFS, "organic", "Bio"),
    "English word": ("ar", OFS, "Made with organic", "مصنوع من مواد عضوية"),
    "unknown grade": ("de", OFS, "gold", "gold"),
    "unknown scheme": ("de", "https://other.example/scheme", "organic", "organic"),
}


@pytest.mark.parametrize("case", GRADES)
def test_a_grade_is_named_in_the_readers_language(case: str) -> None:
    lang, scheme, signed, wanted = GRADES[case]
    assert find_grade(Languages(["certweave_edge"]).get(lang), scheme, signed) == wanted


@pytest.mark.parametrize("lang", ["en", "de", "ar"])
def test_no_words_of_the_trade(service: Service, lang: str) -> None:
    text = get(service, f"{PAGE}?lang={lang}").text
    assert FORBIDDEN.findall(words(text)) == []
    attributes = re.findall(r'(?:alt|title|aria-label|content)="([^"]*)"', text)
    assert FORBIDDEN.findall(" ".join(attributes)) == []


def test_the_first_view_is_small(service: Service) -> None:
    """Uncompressed: a proxy that compresses only makes it smaller."""
    page = get(service)
    sizes = {PAGE: len(page.content)}
    for address in re.findall(r'(?:src|href)="(/(?:static|p/pictures)/[^"]+)"', page.text):
        answer = get(service, address)
        assert answer.status_code == 200, address
        sizes[address] = len(answer.content)
    assert len(sizes) >= 6
    assert sum(sizes.values()) <= BUDGET, sizes
    # The largest picture that is shown still fits.
    picture = sum(size for address, size in sizes.items() if "pictures" in address)
    assert sum(sizes.values()) - picture + PICTURE_BYTES <= BUDGET, sizes


def test_nothing_from_elsewhere_and_nothing_kept(service: Service) -> None:
    answer = get(service)
    assert "set-cookie" not in answer.headers
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert "style=" not in answer.text
    assert "onclick" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_the_last_answer_at_once_with_its_age(service: Service) -> None:
    get(service)
    service.world.clock += timedelta(hours=3)
    service.world.down.add(HOST)
    service.world.fetched.clear()
    said = get(service)
    assert "Checked 3 hours ago." in words(said.text)
    assert f'data-check="{PAGE}?check=now"' in said.text
    assert f'<noscript><meta http-equiv="refresh" content="3;url={PAGE}?check=now"></noscript>' in said.text
    assert service.world.fetched == []


def test_checking_again(service: Service) -> None:
    get(service)
    service.world.clock += timedelta(hours=3)
    said = get(service, f"{PAGE}?check=now")
    assert "Checked just now." in words(said.text)
    assert "data-check" not in said.text


def test_an_outage_does_not_replace_an_answer(service: Service) -> None:
    get(service)
    service.world.clock += timedelta(hours=3)
    service.world.down.add(HOST)
    said = words(get(service, f"{PAGE}?check=now").text)
    assert "Checked 3 hours ago. We could not check again just now." in said
    assert "95 % organically grown cotton" in said


def test_a_young_answer_is_not_made_again(service: Service) -> None:
    get(service)
    service.world.fetched.clear()
    service.world.clock += timedelta(seconds=20)
    get(service, f"{PAGE}?check=now")
    assert service.world.fetched == []


def test_many_at_once_check_once(service: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: get(service).status_code, range(8)))
    assert answers == [200] * 8
    asked = [need.url for need in service.world.fetched]
    assert asked.count(f"{SHIRT}?linkType=linkset") == 1


def test_each_document_is_asked_for_once(service: Service) -> None:
    get(service)
    asked = [need.url for need in service.world.fetched]
    assert len(asked) == len(set(asked))


def test_withdrawn_says_who_and_looks_unlike_open(service: Service, shirt: Shirt) -> None:
    shirt.withdraw("organic")
    shirt.world.down.add(shirt.world.parties["lab"].list_url)
    text = get(service).text
    assert 'class="mark invalid"' in text
    assert "#i-invalid" in text
    assert "Suspended or withdrawn by Fibre Assurance" in words(text)
    assert 'class="mark undecided"' in text
    assert "We could not check this right now: certs.example did not answer" in words(text)
    assert "Something here does not hold." in words(text)


NOTHING = {
    "unknown": (None, "meadow.example knows nothing about this code."),
    "unreadable": (b"{", "We cannot read what meadow.example answers about this code."),
    "empty": (b'{"linkset": []}', "meadow.example knows nothing about this code."),
}


@pytest.mark.parametrize("case", NOTHING)
def test_nothing_behind_the_code(service: Service, case: str) -> None:
    content, wanted = NOTHING[case]
    url = f"{SHIRT}?linkType=linkset"
    if content is None:
        del service.world.documents[url]
    else:
        service.world.documents[url] = content
    answer = get(service)
    assert answer.status_code == 200
    assert wanted in words(answer.text)
    assert "What is claimed" not in answer.text


def test_the_brands_host_does_not_answer(service: Service) -> None:
    service.world.down.add(HOST)
    said = words(get(service).text)
    assert "meadow.example did not answer, so we can say nothing about this code right now." in said


def test_falls_back_and_says_so(service: Service) -> None:
    url = f"{SHIRT}/21/5"
    service.world.documents[f"{url}?linkType=linkset"] = service.world.documents[f"{SHIRT}?linkType=linkset"]
    said = words(get(service, f"{PAGE}/21/5").text)
    assert "What we found is about the lot, not about this single piece." in said
    assert "no. 5" in said


REFUSED = {
    f"/p/stranger.example/01/{GTIN}": 404,
    f"/p/{HOST}/01/09521234543214": 422,
    f"/p/{HOST}/01/123": 400,
    f"/p/{HOST}/01/{GTIN}/99/1": 400,
    "/p/pictures/00": 404,
}


@pytest.mark.parametrize("address", REFUSED)
def test_refuses(service: Service, address: str) -> None:
    answer = service.client.get(address, headers={"accept": "application/json"})
    assert answer.status_code == REFUSED[address], answer.text
    assert service.world.fetched == []


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("01/09521234543210", 422, "Eine Ziffer ist falsch"),
        ("01/952", 400, "So wird der Code eines Produkts nicht geschrieben"),
    ],
    ids=["wrong digit", "too short"],
)
def test_a_mistyped_code_is_told_in_the_readers_language(
    service: Service, address: str, status: int, words: str
) -> None:
    found = service.client.get(f"/p/{HOST}/{address}?lang=de", headers=HTML)
    assert found.status_code == status
    assert words in found.text


def test_the_picture_is_served_by_us_and_cannot_run(service: Service) -> None:
    page = get(service)
    address = re.findall(r'src="(/p/pictures/[^"]+)"', page.text)[0]
    answer = service.client.get(address)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_a_linked_picture_must_be_the_signed_one(tmp_path: Path) -> None:
    shirt = Shirt()
    image = shirt.documents["passport"]["credentialSubject"]["productImage"]
    image["linkURL"] = f"https://{HOST}/shirt.svg"
    image["digestMultibase"] = "zQmRQ353oFNqt8zfZ9X1HgRUszwv9RkEEwmMZZkbkYEsybn"
    shirt.publish()
    shirt.world.documents[f"https://{HOST}/shirt.svg"] = b"<svg/>"
    with open_verifier(shirt.world, tmp_path, policy=shirt.policy, brand_hosts=HOST) as service:
        assert "/p/pictures/" not in get(service).text


def test_names_cannot_write_into_the_page(tmp_path: Path) -> None:
    shirt = Shirt()
    shirt.claim(2)["name"] = "<script>alert(1)</script>%(by)s"
    with open_verifier(shirt.publish().world, tmp_path, policy=shirt.policy, brand_hosts=HOST) as service:
        text = get(service).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;%(by)s" in text


def test_an_answer_is_stored_as_it_is_told(service: Service) -> None:
    told = service.client.get(PAGE, headers={"accept": "application/json"}).json()
    again = service.client.get(PAGE, headers={"accept": "application/json"}).json()
    assert json.dumps(told, sort_keys=True) == json.dumps(again, sort_keys=True)


def test_each_sentence_of_core_has_words() -> None:
    """Keys are written out in core, or put together from the few parts below."""
    folder = Path(tell.__file__).parent
    text = "".join(source.read_text(encoding="utf-8") for source in sorted(folder.glob("*.py")))
    keys = set(re.findall(r'Message\(\s*"(\w{2,})"', text))
    keys |= set(re.findall(r'"((?:open|bad|claim)_\w+)"', text))
    roles = ("maker", "brand", "other")
    keys |= {f"{start}_{role}" for start in ("says", "claim_said") for role in roles}
    keys |= {f"claim_passport_{tone}" for tone in ("invalid", "undecided")}
    keys |= {f"belongs_{granularity}_only" for granularity in ("batch", "model")}
    keys |= {f"summary_{verdict.value}" for verdict in Verdict}
    keys |= {"nothing_unknown", "nothing_unreachable", "nothing_unreadable"}
    assert keys - words_of_page.SENTENCES.keys() == set()
    assert words_of_page.STAGES.keys() == PROCESSES
