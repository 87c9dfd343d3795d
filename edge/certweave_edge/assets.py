"""Static files with their digest in the name: a changed file has a changed name, so caches keep them."""

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file in memory."""

    content: bytes
    media_type: str
    digest: str


class Assets:
    """All static files of the given packages; a later package replaces a file of the same name."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._by_name: dict[str, Asset] = {}
        for package in packages:
            folder = files(package).joinpath("static")
            if folder.is_dir():
                self._add(folder, "")
        self._digested = {self.digested(name): asset for name, asset in self._by_name.items()}

    def digested(self, name: str) -> str:
        """Return the name with its digest: ``certweave.css`` → ``certweave.1f2e3d4c5b.css``."""
        path = PurePosixPath(name)
        return str(path.with_name(f"{path.stem}.{self._by_name[name].digest}{path.suffix}"))

    def route(self) -> Route:
        """Return the route that serves them."""
        return Route("/static/{name:path}", self._serve, methods=["GET"], name="static")

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        asset, caching = self._digested.get(name), FOREVER
        if asset is None:
            asset, caching = self._by_name.get(name), SHORTLY
        if asset is None:
            return Response("no such file", 404, media_type="text/plain")
        return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": caching})

    def _add(self, folder: Traversable, prefix: str) -> None:
        for item in folder.iterdir():
            if item.is_dir():
                self._add(item, f"{prefix}{item.name}/")
                continue
            content = item.read_bytes()
            suffix = PurePosixPath(item.name).suffix
            kind = _TYPES.get(suffix) or mimetypes.guess_type(item.name)[0] or "application/octet-stream"
            self._by_name[prefix + item.name] = Asset(content, kind, hashlib.sha256(content).hexdigest()[:10])
