"""The DID ledger: logs, twins, receipts, resolver."""
