"""The short names of organisations: each stands in URLs and file names, so it is one DNS label."""

import re

from certweave.errors import MalformedError

ORGANISATION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")


def check_org(org: str) -> None:
    """Raise ``MalformedError`` unless the text may name an organisation."""
    if not ORGANISATION.match(org):
        raise MalformedError(
            "an organisation's short name has lower-case letters, digits and hyphens, at most 63",
            code="org_malformed",
        )
