"""All pages, in the order in which they are asked: ``new`` is a form, not a certificate of that number."""

from typing import Final

from fastapi import APIRouter

from certweave_issuer.pages import certificate, entry, listing, public

PAGES: Final[tuple[APIRouter, ...]] = (listing.router, entry.router, certificate.router, public.router)
"""To be included before the API: a page takes a browser's request and leaves a program's to the API."""
