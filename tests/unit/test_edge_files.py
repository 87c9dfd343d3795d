"""Files are written whole or not at all, and read with a bound; settings are found where they should be."""

from pathlib import Path

import pytest

from certweave.errors import CertweaveError
from certweave_edge.files import create_file, make_directory, read_file, readable_by_others, write_file
from certweave_edge.settings import DataDirectory


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "one"
    write_file(path, b"first", mode=0o644)
    write_file(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["one"]


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"target")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_bytes() == b"target"
    assert not (tmp_path / "link").is_symlink()


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match=r".*"):
        write_file(tmp_path / "taken", b"x")
    assert [found.name for found in tmp_path.iterdir()] == ["taken"]


def test_a_file_is_not_created_twice(tmp_path: Path) -> None:
    create_file(tmp_path / "key", b"one")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "key", b"two")
    assert (tmp_path / "key").read_bytes() == b"one"


def test_reading_has_a_bound(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 100)
    assert len(read_file(tmp_path / "long", most=10)) == 11
    (tmp_path / "link").symlink_to(tmp_path / "long")
    assert len(read_file(tmp_path / "link", most=200)) == 100
    with pytest.raises(OSError, match=r".*"):
        read_file(tmp_path / "link", most=200, follow=False)


def test_directories_are_private_unless_told(tmp_path: Path) -> None:
    make_directory(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    make_directory(tmp_path / "a" / "b", mode=0o755)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("mode", "open_"), [(0o600, False), (0o640, True), (0o604, True)])
def test_who_may_read_is_seen(tmp_path: Path, mode: int, open_: bool) -> None:
    (tmp_path / "key").write_bytes(b"")
    (tmp_path / "key").chmod(mode)
    assert readable_by_others(tmp_path / "key") is open_


def test_the_data_directory_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert DataDirectory.find(None).path == tmp_path / "certweave"
    assert DataDirectory.find(tmp_path / "own").path == tmp_path / "own"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert DataDirectory.find(None).path == Path.home() / ".local" / "share" / "certweave"


@pytest.mark.parametrize("content", ["[]", '{"a.example": 1}', '{"a.example": "nonsense"}', "{"])
def test_a_wrong_host_map_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "host-map.json").write_text(content, encoding="utf-8")
    with pytest.raises(CertweaveError):
        DataDirectory(tmp_path).load_host_map()


def test_no_host_map_file_is_an_empty_map(tmp_path: Path) -> None:
    assert DataDirectory(tmp_path).load_host_map().bases == {}
