"""Attack: a presentation is sent again, to the same request, to another one, or many times at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.services.test_verifier_asking import ask, certificate, post, read, result, show
from tests.support.verifier import open_verifier
from tests.support.world import World


def test_a_second_answer_is_refused(tmp_path: Path) -> None:
    world = World()
    holder = world.party("mill")
    with open_verifier(world, tmp_path) as service:
        question = ask(service)
        request = read(service, question)
        body = show(holder, request, certificate(world, holder))
        assert post(service, request, body).status_code == 200
        again = post(service, request, body)
        assert (again.status_code, again.json()["code"]) == (410, "request_answered")
        assert service.client.get(f"/requests/{question['id']}").status_code == 410


def test_an_answer_to_another_request_is_refused(tmp_path: Path) -> None:
    world = World()
    holder = world.party("mill")
    with open_verifier(world, tmp_path) as service:
        first, second = read(service, ask(service)), read(service, ask(service))
        stolen = show(holder, first, certificate(world, holder), state=second.state)
        answer = post(service, second, stolen)
        assert (answer.status_code, answer.json()["code"]) == (400, "nonce_wrong")


def test_of_many_at_once_one_comes_in(tmp_path: Path) -> None:
    world = World()
    holder = world.party("mill")
    with open_verifier(world, tmp_path) as service:
        question = ask(service)
        request = read(service, question)
        body = show(holder, request, certificate(world, holder))
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: post(service, request, body).status_code, range(8)))
        assert sorted(answers) == [200] + [410] * 7
        assert len(result(service, question).json()["presentations"]) == 1
