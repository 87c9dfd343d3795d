"""Receipts: when the ledger saw a digest."""
