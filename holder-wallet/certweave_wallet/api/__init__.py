"""The wallet's routes that programs call; most of them answer browsers with a page, too."""

from typing import Final

from fastapi import APIRouter

ROUTERS: Final[tuple[APIRouter, ...]] = ()
