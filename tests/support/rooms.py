"""Fixtures for tests with services in this process: an office, a wallet that knows it, and who asks.

A folder of tests that wants them imports them in its ``conftest.py``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import open_asking
from tests.support.holding import Purse, open_wallet
from tests.support.issuing import PUBLIC, Office, open_office
from tests.support.verifier import Service


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An issuer's office, open for one test."""
    with open_office(tmp_path / "issuer") as opened:
        yield opened


@pytest.fixture
def purse(office: Office, tmp_path: Path) -> Iterator[Purse]:
    """A wallet that knows the office."""
    hosts = {PUBLIC: office.client}
    with open_wallet(tmp_path / "wallet", world=office.world, ledger=office.ledger, hosts=hosts) as opened:
        yield opened


@pytest.fixture
def service(purse: Purse, tmp_path: Path) -> Iterator[Service]:
    """A verifier that asks the wallet."""
    with open_asking(purse, tmp_path / "verifier") as opened:
        yield opened
