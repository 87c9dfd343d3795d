"""Who may write on a ledger that runs alone: the services that the operator names by their tokens.

``CERTWEAVE_MEMBER_ISSUER=TEXT`` makes ``issuer`` a member with that token, and so for any name. The token is
the operator's to choose, so that the other containers can know it from the start; a short one is refused.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI

from certweave.errors import InvalidError
from certweave_edge.accounts import Directory, Scope
from certweave_edge.clock import now
from certweave_edge.settings_base import PREFIX

MEMBER: Final = f"{PREFIX}MEMBER_"
LEAST: Final = 32
"""Characters of a token; 32 random hexadecimal digits are 128 bits."""
OPERATOR: Final = "ledger"
_SCOPES: Final = (Scope.KEYS, Scope.ISSUE)


def read_members(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the members that the environment names, with their tokens.

    Raises:
        InvalidError: ``setting_secret``: a token is too short, or two members share one.
    """
    members = {
        name.removeprefix(MEMBER).lower().replace("_", "-"): token
        for name, token in environ.items()
        if name.startswith(MEMBER)
    }
    for org, token in members.items():
        if len(token) < LEAST or len(set(token)) < LEAST // 4:
            detail = f"the token of {org} is easy to guess; take {LEAST} random characters or more"
            raise InvalidError(detail, code="setting_secret")
    if len(set(members.values())) != len(members):
        raise InvalidError("two members have the same token", code="setting_secret")
    return members


def admit(ledger: FastAPI, members: Mapping[str, str]) -> None:
    """Make each a member of the ledger, with a namespace of its name and the given token alone."""
    directory: Directory = ledger.state.kit.directory
    for org, token in members.items():
        join(ledger, org)
        label = f"given {hashlib.sha256(token.encode()).hexdigest()[:12]}"
        for old in directory.tokens(org):
            if old.label.startswith("given ") and old.label != label and old.revoked is None:
                directory.revoke_token(org, old.token_id, now=now())
        if directory.find_token(token, now=now()) is None:
            directory.make_token(org, _SCOPES, label=label, now=now(), secret=token)


def join(ledger: FastAPI, org: str) -> None:
    """Register a member with a namespace of its name, where it is missing."""
    directory: Directory = ledger.state.kit.directory
    if directory.find_organisation(org) is None:
        directory.add_organisation(org, org.capitalize(), now=now())
    ledger.state.ledger.invitations.invite(OPERATOR, org, org, actor="operator:serve")


def make_token(ledger: FastAPI, org: str, label: str) -> str:
    """Make a member and a token for this run; those of earlier runs end."""
    join(ledger, org)
    directory: Directory = ledger.state.kit.directory
    for old in directory.tokens(org):
        if old.label == label and old.revoked is None:
            directory.revoke_token(org, old.token_id, now=now())
    return directory.make_token(org, _SCOPES, label=label, now=now())
