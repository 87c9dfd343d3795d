"""A database whose tables another version made is refused when it is opened, not at the first request."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from certweave_edge.refused import RefusedError
from certweave_edge.sql import open_database


def make_tables(*columns: str) -> MetaData:
    made = MetaData()
    Table(
        "papers",
        made,
        Column("entry", Integer, primary_key=True),
        *(Column(name, String(20)) for name in columns),
    )
    return made


def test_another_version_is_told_and_the_file_is_given_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'papers.sqlite'}"
    open_database(url, make_tables("name")).close()
    for _ in range(2):
        with pytest.raises(RefusedError, match=r"another version.*no colour") as refused:
            open_database(url, make_tables("name", "colour"))
        assert refused.value.code == "database_version"
    open_database(url, make_tables("name")).close()


def test_columns_that_nobody_asks_for_do_no_harm(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'papers.sqlite'}"
    open_database(url, make_tables("name", "colour")).close()
    open_database(url, make_tables("name")).close()
