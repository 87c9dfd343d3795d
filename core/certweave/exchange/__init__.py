"""Protocol messages of OID4VCI, OID4VP and VC-API, as pure data."""
