"""What the ledger does: takes DID logs, gives receipts, resolves DIDs, invites organisations."""
