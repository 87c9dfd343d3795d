"""Selective disclosure, the part that ecdsa-sd-2023 and bbs-2023 share."""
