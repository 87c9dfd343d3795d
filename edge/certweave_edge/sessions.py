"""Sessions of the pages: a random secret in a cookie, its SHA-256 in the database, its CSRF token.

The CSRF token is a hash of the session's secret: a page of ours can show it, another site cannot
compute it, and nothing more need be stored (HMAC-SHA256 with the secret itself as the key).
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from certweave_edge.accounts import Principal, parse_scopes, secret_hash
from certweave_edge.sql import Database
from certweave_edge.tables import accounts, sessions

SESSION_HOURS = 12
"""A working day; a forgotten browser is closed the next morning."""


def make_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def csrf_token(secret: str) -> str:
    """Return the CSRF token that belongs to a session's secret."""
    return hmac.new(secret.encode(), b"certweave csrf 1", hashlib.sha256).hexdigest()


def csrf_matches(secret: str, token: str) -> bool:
    """Return whether a token belongs to a session's secret, in constant time."""
    return hmac.compare_digest(csrf_token(secret).encode(), token.encode())


class Sessions:
    """Open sessions, in the database of the accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, login: str, *, now: datetime) -> str:
        """Open a session for an account and return its secret; sessions that have ended are cleared away."""
        secret = make_secret()
        expires = now + timedelta(hours=SESSION_HOURS)
        with self._database.write() as to:
            to.execute(delete(sessions).where(sessions.c.expires <= now))
            to.execute(
                insert(sessions).values(
                    secret_sha256=secret_hash(secret),
                    login=login.strip().lower(),
                    created=now,
                    expires=expires,
                )
            )
        return secret

    def find(self, secret: str, *, now: datetime) -> Principal | None:
        """Return who a session belongs to, or None where it is unknown or over."""
        query = (
            select(accounts, sessions.c.expires)
            .join(sessions, sessions.c.login == accounts.c.login)
            .where(sessions.c.secret_sha256 == secret_hash(secret))
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.expires <= now:
            return None
        return Principal(row.org, f"account:{row.login}", parse_scopes(row.scopes), row.login)

    def close(self, secret: str) -> None:
        """End a session."""
        with self._database.write() as to:
            to.execute(delete(sessions).where(sessions.c.secret_sha256 == secret_hash(secret)))
