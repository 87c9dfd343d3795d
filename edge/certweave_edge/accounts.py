"""Organisations, their accounts (for pages) and their tokens (for the API): who may do what.

Passwords rest as argon2id (RFC 9106), tokens as SHA-256: a token has 256 random bits, so a slow hash adds
nothing. Does not know HTTP; ``auth.py`` does.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, insert, select, update

from certweave.errors import MalformedError
from certweave_edge.names import check_org
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.settings_base import TOKEN_DAYS
from certweave_edge.sql import Database, conflict
from certweave_edge.tables import accounts, organisations, tokens

PASSWORD_LENGTH = 12
TOKEN_PREFIX = "cw_"  # noqa: S105  (a mark that secret scanners can look for)


class Scope(StrEnum):
    """What a token or an account may do. ``ADMIN`` implies the others."""

    READ = "read"
    ISSUE = "issue"
    STATUS = "status"
    KEYS = "keys"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an account or a token, of one organisation, with what it may do."""

    org: str
    actor: str
    """``account:login`` or ``token:id``, as it stands in the record of acts."""
    scopes: frozenset[Scope]
    label: str

    def may(self, scope: Scope) -> bool:
        """Return whether this principal has a scope."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as it is registered here."""

    org: str
    name: str
    created: datetime


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token without its secret."""

    token_id: str
    label: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None


def parse_scopes(text: str | Iterable[str]) -> frozenset[Scope]:
    """Read scopes from a spaced text or from several; raise ``MalformedError`` for none or an unknown one."""
    words = text.replace(",", " ").split() if isinstance(text, str) else list(text)
    try:
        scopes = frozenset(Scope(word) for word in words)
    except ValueError:
        known = ", ".join(Scope)
        raise MalformedError(f"a scope is one of {known}", code="scope_unknown") from None
    if not scopes:
        raise MalformedError("name at least one scope", code="scope_missing")
    return scopes


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a random secret."""
    return hashlib.sha256(secret.encode()).digest()


_HASHER = PasswordHasher()


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """Return what is compared with when a login is unknown, so that both answers take equally long."""
    return hasher.hash(secrets.token_urlsafe())


class Directory:
    """Organisations, accounts and tokens in one database."""

    def __init__(self, database: Database, *, hasher: PasswordHasher | None = None) -> None:
        self.database = database
        self._hasher = hasher if hasher is not None else _HASHER
        self._nobody = _hash_of_nobody(self._hasher)

    def add_organisation(self, org: str, name: str, *, now: datetime) -> None:
        """Register an organisation; 409 where the short name is taken."""
        with self.database.write() as to:
            _insert_organisation(to, org, name, now)

    def register(self, org: str, name: str, login: str, password: str, *, now: datetime) -> None:
        """Register an organisation with an account that may do all, or, where one is refused, neither."""
        account = self._account(org, login, password, [Scope.ADMIN], now)
        with self.database.write() as to:
            _insert_organisation(to, org, name, now)
            _insert_account(to, account)

    def find_organisation(self, org: str) -> Organisation | None:
        """Return an organisation, or None."""
        query = select(organisations).where(organisations.c.org == org)
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Organisation(row.org, row.name, row.created)

    def organisations(self) -> tuple[Organisation, ...]:
        """Return all organisations by name."""
        with self.database.read() as connection:
            rows = connection.execute(select(organisations).order_by(organisations.c.name)).all()
        return tuple(Organisation(row.org, row.name, row.created) for row in rows)

    def add_account(
        self, org: str, login: str, password: str, scopes: Iterable[Scope], *, now: datetime
    ) -> None:
        """Make an account for the pages; 409 where the login is taken, 404 for an unknown organisation."""
        account = self._account(org, login, password, scopes, now)
        self._check_known(org)
        with self.database.write() as to:
            _insert_account(to, account)

    def _account(
        self, org: str, login: str, password: str, scopes: Iterable[Scope], now: datetime
    ) -> dict[str, object]:
        if len(password) < PASSWORD_LENGTH:
            raise MalformedError(
                f"a password has at least {PASSWORD_LENGTH} characters", code="password_short"
            )
        return {
            "login": login.strip().lower(),
            "org": org,
            "password": self._hasher.hash(password),
            "scopes": " ".join(sorted(parse_scopes(scopes))),
            "created": now,
        }

    def check_password(self, login: str, password: str) -> Principal:
        """Return who logs in; 401 with one and the same answer for a wrong login and a wrong password."""
        query = select(accounts).where(accounts.c.login == login.strip().lower())
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        try:
            self._hasher.verify(self._nobody if row is None else row.password, password)
        except VerifyMismatchError:
            row = None
        if row is None:
            raise RefusedError(
                "this login and password do not belong together", Refusal.UNAUTHENTICATED, code="login_wrong"
            )
        return Principal(row.org, f"account:{row.login}", parse_scopes(row.scopes), row.login)

    def make_first_token(self, org: str, scopes: Iterable[Scope], *, now: datetime) -> str:
        """Make the token that an operator gets who registers an organisation; see ``make_token``."""
        expires = now + timedelta(days=TOKEN_DAYS)
        return self.make_token(org, scopes, label="made by the operator", now=now, expires=expires)

    def make_token(
        self,
        org: str,
        scopes: Iterable[Scope],
        *,
        label: str,
        now: datetime,
        expires: datetime | None = None,
        secret: str | None = None,
    ) -> str:
        """Make a token and return its secret, which is shown this once and not kept.

        ``secret`` is one that the operator chose, who answers for its strength; None makes a random one.
        """
        self._check_known(org)
        secret = secret or TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = {
            "token_id": secrets.token_hex(6),
            "org": org,
            "secret_sha256": secret_hash(secret),
            "label": label,
            "scopes": " ".join(sorted(parse_scopes(scopes))),
            "created": now,
            "expires": expires,
        }
        with self.database.write() as to:
            to.execute(insert(tokens).values(row))
        return secret

    def find_token(self, secret: str, *, now: datetime) -> Principal | None:
        """Return whom a token speaks for, or None where it is unknown, expired or revoked."""
        query = select(tokens).where(tokens.c.secret_sha256 == secret_hash(secret))
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.revoked is not None or (row.expires is not None and row.expires <= now):
            return None
        return Principal(row.org, f"token:{row.token_id}", parse_scopes(row.scopes), row.label)

    def tokens(self, org: str) -> tuple[TokenRecord, ...]:
        """Return the tokens of an organisation, newest first, without their secrets."""
        query = select(tokens).where(tokens.c.org == org).order_by(tokens.c.created.desc(), tokens.c.token_id)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            TokenRecord(r.token_id, r.label, parse_scopes(r.scopes), r.created, r.expires, r.revoked)
            for r in rows
        )

    def name_tokens(self, org: str) -> dict[str, str]:
        """Return how people are told which program acted: label and id of a token, by ``Principal.actor``."""
        # The label is of any language: it stands apart from the words around it.
        return {
            f"token:{one.token_id}": f"\u2068{one.label}\u2069, {one.token_id}" for one in self.tokens(org)
        }

    def revoke_token(self, org: str, token_id: str, *, now: datetime) -> None:
        """End a token; 404 where this organisation has no such live token."""
        mine = (tokens.c.org == org) & (tokens.c.token_id == token_id) & tokens.c.revoked.is_(None)
        with self.database.write() as to:
            ended = to.execute(update(tokens).where(mine).values(revoked=now)).rowcount
        if not ended:
            raise RefusedError("there is no such token", Refusal.NOT_FOUND, code="token_unknown")

    def _check_known(self, org: str) -> None:
        if self.find_organisation(org) is None:
            raise RefusedError(f"there is no organisation {org}", Refusal.NOT_FOUND, code="org_unknown")


def _insert_organisation(to: Connection, org: str, name: str, now: datetime) -> None:
    check_org(org)
    with conflict(f"there is already an organisation {org}", code="org_exists"):
        to.execute(insert(organisations).values(org=org, name=name, created=now))


def _insert_account(to: Connection, account: dict[str, object]) -> None:
    with conflict("this login is taken", code="login_exists"):
        to.execute(insert(accounts).values(account))
