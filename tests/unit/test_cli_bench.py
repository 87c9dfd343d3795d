"""``certweave bench``: ratios of one run, a table that a program can read, and peers that may be absent."""

import json
import os
from pathlib import Path

import pytest
from tests.support.peers import peers_folder

from certweave.examine.report import Report
from certweave.proof.ways import WAYS
from certweave_app.bench.documents import make_certificate
from certweave_app.bench.measure import FLOOR, OURS, Work, hold_to_one_core, measure, repeat
from certweave_app.bench.peers import PeerError, Program, start_peer
from certweave_app.bench.soak import soak
from certweave_app.bench.start import BASE
from certweave_app.bench.table import as_text
from certweave_app.cli.main import main
from certweave_edge import clock

SETUP = {"credential": make_certificate("did:key:z"), "contexts": {}, "issued": "2026-01-01T00:00:00Z"}


def steady(speed: float) -> "Work":
    return Work("verify", "r", "peer", lambda _seconds: speed)


def test_a_ratio_is_ours_to_the_peer_in_the_same_round() -> None:
    speeds = iter([1.0, 30.0, 30.0, 90.0, 60.0, 10.0, 20.0])
    ours = Work("verify", "r", OURS, lambda _seconds: next(speeds))
    results = measure([ours, steady(10.0)], seconds=0, turn_seconds=0)
    assert [one.per_second for one in results] == [30.0, 10.0]
    assert [one.ratio for one in results] == [1.0, 3.0]


def test_what_we_cannot_do_has_no_ratio() -> None:
    (result,) = measure([steady(5.0)], seconds=0, turn_seconds=0)
    assert result.ratio is None
    text = as_text([result], size=1, left_out={"other": "not installed"}, one_core=False)
    assert "peer" in text
    assert "As many cores" in text


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system holds no program to a core")
def test_a_run_keeps_to_one_core_and_gives_the_others_back() -> None:
    before = os.sched_getaffinity(0)
    with hold_to_one_core() as held:
        assert held
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_a_turn_does_its_work_once_at_the_least() -> None:
    done: list[int] = []
    assert repeat(lambda: done.append(1))(0.000001) > 0
    assert done


@pytest.mark.parametrize("document", ["certificate", "passport"])
def test_a_short_run(document: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    peers = ["--no-peers"] if document == "passport" else ["--peers", str(tmp_path)]
    assert main(["bench", "--seconds", "0.01", "--json", *peers, "--document", document]) == 0
    found = json.loads(capsys.readouterr().out)
    absent = [why for why in found["leftOut"].values() if "not installed: make peers" in why]
    assert bool(absent) is (document == "certificate")
    assert len(absent) in {0, *range(5, 20)}
    done = {(row["act"], row["route"]) for row in found["results"] if row["by"] == OURS}
    ways = {name for name in WAYS if name not in found["leftOut"]}
    assert "ecdsa-sd-2023" in ways, "a passport can be taken apart, though its contexts make little of an id"
    assert done >= {(act, name) for act in ("issue", "verify") for name in (*ways, "sd-jwt")}
    assert done >= {("derive", name) for name in ways if WAYS[name].pointers == "mandatory"}
    assert done >= {("start", "vc+jwt, VCDM"), ("start", "vc+jwt, UNTP")}
    assert {row["by"] for row in found["results"]} == {OURS, FLOOR, BASE}
    assert all(row["perSecond"] > 0 for row in found["results"])
    assert found["credentialBytes"] > 2000
    assert found["oneCore"] is hasattr(os, "sched_setaffinity")


def test_eight_threads_find_every_flaw(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--soak", "60", "--document", "passport"]) == 0
    assert "480 verifications on 8 threads: 0 wrong, 0 failed" in capsys.readouterr().out


def test_a_wrong_verdict_is_counted() -> None:
    def blind(_source: bytes) -> Report:
        return Report((), clock.now(), "none")

    def broken(_source: bytes) -> Report:
        raise ValueError("broken")

    assert soak([b"2046"], blind, each=10).wrong == 40
    found = soak([b"2046"], broken, each=10)
    assert (found.failed, found.holds) == (80, False)


@pytest.mark.parametrize("number", ["0", "-1", "ten", "99999999"])
def test_a_strange_number_is_misuse(number: str) -> None:
    assert main(["bench", "--soak", number]) == 64


def test_a_peer_measures_itself() -> None:
    if not (peers_folder() / "peers.stamp").exists():
        pytest.skip("peer: make peers has not been run")
    with start_peer(Program("sd_jwt_reference.py", "python"), peers_folder(), SETUP) as peer:
        assert peer.works == (("issue", "sd-jwt"), ("verify", "sd-jwt"))
        assert peer.turn("verify", "sd-jwt", 0.01) > 0


def test_a_peer_that_stops_is_an_error() -> None:
    if not (peers_folder() / "peers.stamp").exists():
        pytest.skip("peer: make peers has not been run")
    with pytest.raises(PeerError, match="stopped"):
        start_peer(Program("no_such_program.py", "python"), peers_folder(), SETUP)


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "ten", "99999"])
def test_a_strange_duration_is_misuse(seconds: str) -> None:
    assert main(["bench", "--seconds", seconds]) == 64
