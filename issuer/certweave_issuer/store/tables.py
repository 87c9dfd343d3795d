"""The tables of the issuer. Each row has an organisation; what must hold is a constraint."""

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

ISSUER: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

certificates = Table(
    "certificates",
    ISSUER,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("number", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", String(130), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("type_name", String(64), nullable=False),
    Column("scheme", String(500)),
    Column("name", String(500), nullable=False),
    Column("holder", String(500)),
    Column("holder_name", String(500), nullable=False),
    Column("data", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("address", String(2000), nullable=False),
    Column("places", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("valid_from", UtcTime),
    Column("valid_until", UtcTime),
    Column("created", UtcTime, nullable=False),
    Column("created_by", String(250), nullable=False),
    Column("approved_by", String(250)),
    Column("issued", UtcTime),
    Column("list_number", Integer),
    Column("list_index", Integer),
    Column("list_url", String(500)),
    Column("list_purpose", String(32)),
    Column("token", Text),
    Column("digest", String(64)),
    Column("media_type", String(60), nullable=False),
    Column("receipt", Text),
    Column("receipt_at", UtcTime),
    Column("predecessor", String(130)),
    Column("successor", String(130)),
    UniqueConstraint("org", "number", "version", name="uq_certificates_number"),
    UniqueConstraint("org", "key", name="uq_certificates_key"),
    UniqueConstraint("org", "list_number", "list_index", name="uq_certificates_place"),
    CheckConstraint("version > 0", name="version_counts"),
    CheckConstraint(
        "state IN ('draft', 'approved') OR (token IS NOT NULL AND issued IS NOT NULL)",
        name="issued_signed",
    ),
    Index("ix_certificates_org_state", "org", "state"),
    Index("ix_certificates_org_digest", "org", "digest"),
    Index("ix_certificates_org_address", "org", "address"),
    Index("ix_certificates_kind_name", "kind", "name"),
)

links = Table(
    "certificate_links",
    ISSUER,
    Column("org", String(63), primary_key=True),
    Column("key", String(130), primary_key=True),
    Column("url", String(500), primary_key=True),
    ForeignKeyConstraint(["org", "key"], ["certificates.org", "certificates.key"]),
    Index("ix_certificate_links_org_url", "org", "url"),
)
"""Which certificate names which other by its address."""

handed_out = Table(
    "handed_out",
    ISSUER,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("key", String(130), nullable=False),
    Column("form", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("receipt", Text),
    Column("receipt_at", UtcTime),
    UniqueConstraint("org", "digest", name="uq_handed_out_digest"),
    Index("ix_handed_out_org_key", "org", "key"),
    ForeignKeyConstraint(["org", "key"], ["certificates.org", "certificates.key"]),
)
"""What was signed in another format when a wallet came for it, and the ledger's receipt for that."""

deeds = Table(
    "deeds",
    ISSUER,
    Column("entry", Integer, primary_key=True, autoincrement=True),
    Column("org", String(63), nullable=False),
    Column("key", String(130), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("act", String(32), nullable=False),
    Column("actor", String(250), nullable=False),
    ForeignKeyConstraint(["org", "key"], ["certificates.org", "certificates.key"]),
    Index("ix_deeds_org_key", "org", "key"),
)
"""What was done to each certificate, beside the service's record of acts, for its history."""

profiles = Table(
    "profiles",
    ISSUER,
    Column("org", String(63), primary_key=True),
    Column("profile", Text, nullable=False),
)

offers = Table(
    "offers",
    ISSUER,
    Column("org", String(63), primary_key=True),
    Column("offer_id", String(32), primary_key=True),
    Column("key", String(130), nullable=False),
    Column("code", LargeBinary(32), nullable=False),
    Column("tx_code", LargeBinary(32)),
    Column("tries", Integer, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("client_id", String(500)),
    Column("taken", UtcTime),
    Column("token", LargeBinary(32)),
    Column("token_expires", UtcTime),
    Column("redeemed", UtcTime),
    UniqueConstraint("org", "code", name="uq_offers_code"),
    UniqueConstraint("org", "token", name="uq_offers_token"),
    ForeignKeyConstraint(["org", "key"], ["certificates.org", "certificates.key"]),
    CheckConstraint("(taken IS NULL) = (token IS NULL)", name="taken_once"),
)

nonces = Table(
    "nonces",
    ISSUER,
    Column("org", String(63), primary_key=True),
    Column("nonce", LargeBinary(32), primary_key=True),
    Column("expires", UtcTime, nullable=False),
)
"""Nonces that were used, until they would have expired anyway."""

nonce_keys = Table(
    "nonce_keys",
    ISSUER,
    Column("org", String(63), primary_key=True),
    Column("secret", LargeBinary(32), nullable=False),
)
"""What tells our own nonces from invented ones; it signs nothing else."""
