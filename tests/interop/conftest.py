"""What tests with wallets of others need of our services."""

from tests.support.rooms import office, purse, service

__all__ = ["office", "purse", "service"]
