"""Settings that every service has, read from ``CERTWEAVE_*`` variables and from arguments.

A service adds fields of its own to ``BaseSettings``; ``load_settings`` fills any such class. Made in
``cli`` and ``app`` only, checked once, frozen, handed on. docs/reference/settings.md is made from
``describe_settings``.
"""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import EnumType, StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from certweave.errors import InvalidError, MalformedError
from certweave.limits import DEFAULT_LIMITS

PREFIX = "CERTWEAVE_"
DEMO_SECRETS = frozenset(
    {"certweave", "certweave-demo", "changeme", "change-me", "demo", "password", "secret"}
)
"""Secrets that stand in documents and demos, and therefore are none."""
TOKEN_DAYS = 365
"""How long a token for programs lives unless told otherwise: forgotten, it must not open doors for ever."""


class Environment(StrEnum):
    """Where this runs. Production refuses what is convenient and unsafe."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def meaning(text: str, *, secret: bool = False) -> Mapping[str, Any]:
    """Return the metadata of a setting: what it means, and whether its value is a secret."""
    return {"meaning": text, "secret": secret}


@dataclass(frozen=True, kw_only=True)
class BaseSettings:
    """What every service is told."""

    environment: Environment = field(
        default=Environment.DEVELOPMENT,
        metadata=meaning("`development` or `production`; production refuses what is unsafe"),
    )
    public_url: str = field(
        default="http://127.0.0.1:8000",
        metadata=meaning("The address under which others reach this process, without a path"),
    )
    prefix: str = field(
        default="",
        metadata=meaning("Path before every address of this service, such as `/issuer`; `serve all` sets it"),
    )
    data: Path = field(default=Path("data"), metadata=meaning("Directory of databases and keys"))
    database_url: str = field(
        default="",
        repr=False,
        metadata=meaning(
            "`postgresql://user@host/name` or `sqlite:////file`; empty is SQLite in the data directory",
            secret=True,
        ),
    )
    keystore_passphrase: str | None = field(
        default=None, repr=False, metadata=meaning("What seals private keys at rest", secret=True)
    )
    body_bytes: int = field(
        default=DEFAULT_LIMITS.credential_bytes, metadata=meaning("Largest request body, in bytes")
    )
    outbound_threads: int = field(
        default=20, metadata=meaning("Requests that may wait for other hosts at the same time")
    )
    conformance: bool = field(
        default=False,
        metadata=meaning(
            "Whether issuers that sign for anybody are open for test suites; production refuses it"
        ),
    )

    @property
    def https(self) -> bool:
        """Whether others reach us by https."""
        return self.public_url.startswith("https://")

    def public(self, path: str) -> str:
        """Return the public address of a path of this service, such as ``/orgs/fa/status/3``."""
        return self.public_url.rstrip("/") + self.prefix + path

    def database(self, name: str) -> str:
        """Return the URL of the database, by default a SQLite file of this name in the data directory."""
        return self.database_url or f"sqlite:///{self.data.absolute() / (name + '.sqlite')}"

    def keys(self, name: str) -> Path:
        """Return the keystore of a service; services that share a data directory do not share keys."""
        return self.data / "keys" / name


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load_settings(kind: type[SettingsT], environ: Mapping[str, str], **given: Any) -> SettingsT:
    """Read settings: an argument that is not None wins over its variable, and that over the default.

    Raises:
        MalformedError: a variable cannot be read as its type.
        InvalidError: together they are unsafe in production.
    """
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(kind)
    for item in fields(kind):
        text = environ.get(variable(item.name))
        if given.get(item.name) is not None:
            values[item.name] = given[item.name]
        elif text is not None:
            values[item.name] = _convert(item.name, text, hints[item.name])
    settings = kind(**values)
    check_settings(settings)
    return settings


def check_settings(settings: BaseSettings) -> None:
    """Raise ``InvalidError`` for settings that do not fit together or are unsafe in production."""
    address = urlsplit(settings.public_url)
    if address.scheme not in {"http", "https"} or not address.netloc or address.path.rstrip("/"):
        raise InvalidError("public_url is an http or https address without a path", code="setting_public_url")
    if settings.prefix and (not settings.prefix.startswith("/") or settings.prefix.endswith("/")):
        raise InvalidError("prefix begins with a slash and does not end with one", code="setting_prefix")
    if settings.environment is not Environment.PRODUCTION:
        return
    if not settings.https:
        raise InvalidError("production needs an https public_url", code="setting_public_url")
    if settings.conformance:
        raise InvalidError("issuers that sign for anybody are not for production", code="setting_conformance")
    if settings.keystore_passphrase is None:
        raise InvalidError("production needs a keystore_passphrase", code="setting_passphrase")
    for item in fields(settings):
        value = getattr(settings, item.name)
        if item.metadata.get("secret") and str(value).lower() in DEMO_SECRETS:
            raise InvalidError(f"{item.name} is a word that everybody knows", code="setting_secret")


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as the documentation lists it."""

    variable: str
    default: str
    meaning: str


def describe_settings(kind: type[BaseSettings]) -> Iterator[SettingRow]:
    """Yield each setting of a class with its variable, its default and its meaning."""
    for item in fields(kind):
        yield SettingRow(variable(item.name), _default_text(item), item.metadata.get("meaning", ""))


def _default_text(item: Field[Any]) -> str:
    if item.default is MISSING:
        return "(required)"
    if item.default is None or item.default == "":
        return "(none)"
    return str(item.default)


def _convert(name: str, text: str, hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if hint is bool:
        if text not in {"true", "false"}:
            raise MalformedError(f"{variable(name)} is true or false", code="setting_malformed")
        return text == "true"
    try:
        return hint(text)
    except ValueError:
        known = f"cannot be read as {getattr(hint, '__name__', 'its type')}"
        if isinstance(hint, EnumType):
            known = f"is one of {', '.join(map(str, hint))}"
        raise MalformedError(f"{variable(name)} {known}", code="setting_malformed") from None
