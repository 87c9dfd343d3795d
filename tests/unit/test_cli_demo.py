"""``certweave demo --offline-samples``: the world on disk gives the answers that its stories call for."""

from datetime import timedelta
from pathlib import Path

import pytest

from certweave.timestamps import format_timestamp
from certweave_app.cli.main import main
from certweave_app.demo.offline import MARKER
from certweave_edge import clock

EXITS = {"good": 0, "dated": 0, "spoilt": 1, "suspended": 1, "silent": 2, "unknown": 2, "undated": 2}


def verify(world: Path, name: str, *more: str) -> int:
    """Ask the command line, as the reader is told to."""
    place = world / "certificates" / f"{name}.jwt"
    options = ["--offline", "--policy", str(world / "policy.json"), "--evidence", str(world / "evidence")]
    return main(["verify", str(place), *options, *more])


def test_every_story_ends_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = tmp_path / "world"
    assert main(["demo", "--offline-samples", str(world)]) == 0
    printed = capsys.readouterr().out
    assert {path.stem for path in (world / "certificates").iterdir()} == EXITS.keys()
    for name, code in EXITS.items():
        assert f"  {name} " in printed
        assert verify(world, name) == code


def test_evidence_grows_stale(tmp_path: Path) -> None:
    world = tmp_path / "world"
    assert main(["demo", "--offline-samples", str(world)]) == 0
    later = format_timestamp(clock.now() + timedelta(days=2))
    assert verify(world, "good", "--at", later) == 2


def test_only_a_demo_is_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = tmp_path / "world"
    world.mkdir()
    (world / "mine").write_text("kept", encoding="utf-8")
    assert main(["demo", "--offline-samples", str(world)]) == 64
    assert (world / "mine").read_text(encoding="utf-8") == "kept"
    (world / MARKER).touch()
    assert main(["demo", "--offline-samples", str(world)]) == 0
    assert not (world / "mine").exists()
    assert "no demo made it" in capsys.readouterr().err
