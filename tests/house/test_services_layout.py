"""Inside a service: ``cli → app → {api, pages} → service → ports``, ``store → ports``; only app knows all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import SERVICES, Source, imports, sources

MAY_IMPORT = {
    "settings": set[str](),
    "ports": set[str](),
    "store": {"ports"},
    "service": {"ports"},
    "api": {"service", "ports"},
    "pages": {"service", "ports"},
    "app": {"settings", "ports", "store", "service", "api", "pages"},
    "cli": {"app", "settings"},
}
"""Parts (files or folders) that every service names alike, and the parts of its own that each may import."""


def find_faults(source: Source) -> Iterator[str]:
    """Yield the imports that go the wrong way."""
    package, *below = source.module.split(".")
    part = below[0] if below else ""
    if part not in MAY_IMPORT:
        return
    for line, name in imports(source):
        home, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if home == package and target in MAY_IMPORT and target not in MAY_IMPORT[part] | {part}:
            yield f"{source.name}:{line} {part} → {target}"


@pytest.mark.parametrize("service", SERVICES)
def test_imports_go_one_way(service: str) -> None:
    assert not [fault for source in sources(service) for fault in find_faults(source)]


@pytest.mark.parametrize("service", SERVICES)
def test_services_know_each_other_only_over_http(service: str) -> None:
    others = {*SERVICES, "certweave_app"} - {service}
    strangers = [
        f"{source.name}:{line} {name}"
        for source in sources(service)
        for line, name in imports(source)
        if name.partition(".")[0] in others
    ]
    assert not strangers


@pytest.mark.parametrize(
    ("module", "text", "faults"),
    [
        ("certweave_issuer.service", "from certweave_issuer.store import open_store", 1),
        ("certweave_issuer.service.bulk", "from certweave_issuer.service.rules import check_rule", 0),
        ("certweave_issuer.api", "from certweave_issuer import store", 1),
        ("certweave_issuer.app", "from certweave_issuer.store import open_store", 0),
        ("certweave_issuer.cli", "from certweave_issuer.app import make_app", 0),
        ("certweave_issuer.ports", "from certweave_issuer.service import Issuer", 1),
    ],
)
def test_the_search_finds(module: str, text: str, faults: int) -> None:
    source = Source(Path(__file__), module, text, ast.parse(text))
    assert len(set(find_faults(source))) == faults
