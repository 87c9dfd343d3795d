"""The tables of status lists, for every service that issues: lists, places, changes, signed versions.

A place is given once: the primary key of ``status_places`` holds that, whoever asks at the same time.
"""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from certweave_edge.sql import UtcTime

STATUS: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

lists = Table(
    "status_lists",
    STATUS,
    Column("org", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("seed", LargeBinary(32), nullable=False),
    Column("used", Integer, nullable=False),
    Column("created", UtcTime, nullable=False),
    CheckConstraint("used >= 0 AND number > 0", name="counted"),
)
"""``seed`` is the order in which places are given; ``used`` how many were."""

places = Table(
    "status_places",
    STATUS,
    Column("org", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    ForeignKeyConstraint(["org", "number"], ["status_lists.org", "status_lists.number"]),
)

changes = Table(
    "status_changes",
    STATUS,
    Column("org", String(63), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("entry", Integer, primary_key=True),
    Column("certificate", String(500), nullable=False),
    Column("record", Text, nullable=False),
    Column("known", UtcTime, nullable=False),
    Column("since", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["org", "number", "place"], ["status_places.org", "status_places.number", "status_places.place"]
    ),
    Index("ix_status_changes_since", "org", "number", "since"),
)
"""Signed records in the order taken, counted by ``entry`` for each place.

``known`` is when the record came here, ``since`` when its bit changes: the later of that and its effect.
"""

versions = Table(
    "status_versions",
    STATUS,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("number", Integer, nullable=False),
    Column("form", String(40), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("method", String(500), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("org", "number", "form", "since", "changes", "until", "method"),
    ForeignKeyConstraint(["org", "number"], ["status_lists.org", "status_lists.number"]),
    Index("ix_status_versions_since", "org", "number", "form", "since"),
)
"""Every signed list that was made: what it says holds from ``since``, and it may be used to ``until``.

``changes`` counts what led to it: two changes may fall into one second.
"""
