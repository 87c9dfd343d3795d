"""The wallet's tables. Each row has an organisation; what must not happen twice is a constraint."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
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

WALLET: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

holdings = Table(
    "holdings",
    WALLET,
    Column("org", String(63), primary_key=True),
    Column("credential_id", String(80), primary_key=True),
    Column("origin", String(8), nullable=False),
    Column("url", String(4096), nullable=False),
    Column("form", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("document", JSON, nullable=False),
    Column("types", JSON, nullable=False),
    Column("expanded", JSON, nullable=False),
    Column("kind", String(200), nullable=False),
    Column("name", Text, nullable=False),
    Column("issuer", String(2048), nullable=False),
    Column("issuer_name", Text, nullable=False),
    Column("valid_from", UtcTime),
    Column("valid_until", UtcTime),
    Column("added", UtcTime, nullable=False),
    Column("looked_at", UtcTime),
    Column("verdict", String(10)),
    Column("report", JSON),
    Column("published", Boolean, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("number", String(64)),
    Column("version", Integer, nullable=False),
    Column("request_sha256", String(64)),
    Column("list_number", Integer),
    Column("list_index", Integer),
    Column("list_url", String(4096)),
    Column("list_purpose", String(32)),
    Column("successor", String(80)),
    Column("reason", String(64)),
    Column("ended", UtcTime),
    Column("receipt", Text),
    UniqueConstraint("org", "sha256"),
    UniqueConstraint("org", "number", "version"),
    Index("ix_holdings_org_added", "org", "added"),
    CheckConstraint("origin IN ('received', 'own')", name="origin"),
    CheckConstraint("standing IN ('current', 'withdrawn', 'superseded')", name="standing"),
)

acts = Table(
    "holding_acts",
    WALLET,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("credential_id", String(80), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(250), nullable=False),
    Column("act", String(100), nullable=False),
    ForeignKeyConstraint(["org", "credential_id"], ["holdings.org", "holdings.credential_id"]),
    Index("ix_holding_acts_of", "org", "credential_id"),
)

offers = Table(
    "offers",
    WALLET,
    Column("org", String(63), primary_key=True),
    Column("offer_id", String(32), primary_key=True),
    Column("issuer", String(4096), nullable=False),
    Column("host", String(300), nullable=False),
    Column("names", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("asks_code", Boolean, nullable=False),
    Column("code_help", Text, nullable=False),
    Column("offer", JSON, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("credentials", JSON, nullable=False),
    Column("problem", JSON),
)

requests = Table(
    "requests",
    WALLET,
    Column("org", String(63), primary_key=True),
    Column("request_id", String(32), primary_key=True),
    Column("did", String(2048), nullable=False),
    Column("token", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime),
    Column("state", String(10), nullable=False),
    Column("shown", JSON, nullable=False),
    Column("next_url", String(4096)),
    Column("answered", UtcTime),
)

hosts = Table(
    "product_hosts",
    WALLET,
    Column("host", String(300), primary_key=True),
    Column("org", String(63), nullable=False),
    Column("added", UtcTime, nullable=False),
    UniqueConstraint("host", "org"),
)

products = Table(
    "products",
    WALLET,
    Column("host", String(300), primary_key=True),
    Column("gtin", String(14), primary_key=True),
    Column("lot", String(20), primary_key=True),
    Column("serial", String(20), primary_key=True),
    Column("org", String(63), nullable=False),
    Column("name", Text, nullable=False),
    Column("passport", String(80), nullable=False),
    Column("links", JSON, nullable=False),
    ForeignKeyConstraint(["host", "org"], ["product_hosts.host", "product_hosts.org"]),
    ForeignKeyConstraint(["org", "passport"], ["holdings.org", "holdings.credential_id"]),
    Index("ix_products_gtin", "gtin"),
)
"""``lot`` and ``serial`` are empty where the address has none: NULL would escape the primary key."""
