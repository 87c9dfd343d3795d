"""The tables that every service shares: organisations, accounts, tokens, sessions, identities, acts.

Secrets are never stored: passwords as argon2id, tokens and sessions as the SHA-256 of 256 random bits.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from certweave_edge.sql import UtcTime

SHARED = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organisations = Table(
    "organisations",
    SHARED,
    Column("org", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("created", UtcTime, nullable=False),
    CheckConstraint("length(org) > 0", name="org_named"),
)

accounts = Table(
    "accounts",
    SHARED,
    Column("login", String(200), primary_key=True),
    Column("org", ForeignKey("organisations.org"), nullable=False, index=True),
    Column("password", String(200), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created", UtcTime, nullable=False),
    CheckConstraint("login = lower(login)", name="login_lower"),
)

tokens = Table(
    "tokens",
    SHARED,
    Column("token_id", String(32), primary_key=True),
    Column("org", ForeignKey("organisations.org"), nullable=False, index=True),
    Column("secret_sha256", LargeBinary(32), nullable=False, unique=True),
    Column("label", String(200), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime),
    Column("revoked", UtcTime),
)

sessions = Table(
    "sessions",
    SHARED,
    Column("secret_sha256", LargeBinary(32), primary_key=True),
    Column("login", ForeignKey("accounts.login"), nullable=False, index=True),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
)

identities = Table(
    "identities",
    SHARED,
    Column("org", ForeignKey("organisations.org"), primary_key=True),
    Column("state", String(9), primary_key=True),
    Column("did", String(2048), nullable=False),
    Column("host", String(300), nullable=False),
    Column("path", String(1000), nullable=False),
    Column("log", LargeBinary, nullable=False),
    Column("etag", String(200)),
    Column("update_key", String(100), nullable=False),
    Column("next_key", String(100), nullable=False),
    Column("assertion_key", String(100), nullable=False),
    Column("authentication_key", String(100), nullable=False),
    CheckConstraint("state IN ('pending', 'published')", name="identity_state"),
)
"""At most two rows for an organisation: what is published, and what is signed and still has to arrive."""

audit = Table(
    "audit",
    SHARED,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(250), nullable=False),
    Column("act", String(100), nullable=False),
    Column("target", String(1000), nullable=False),
    Index("ix_audit_org_entry", "org", "entry"),
)
