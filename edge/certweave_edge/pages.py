"""Pages: Jinja templates with autoescape, in the caller's language, on the shared base.

Templates of a service lie in its package and extend ``kit/base.html`` of this one. What a template may call
is listed in docs/explanation/pages.md. A page and its JSON route call the same service function; ``answer``
gives either.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from certweave_edge.accounts import Principal, Scope
from certweave_edge.assets import Assets
from certweave_edge.i18n import LANGUAGES, Languages, Translator
from certweave_edge.negotiate import wants_html
from certweave_edge.qr import qr_svg
from certweave_edge.sessions import csrf_token
from certweave_edge.told import quote, tell


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link of the navigation. ``{org}`` in the path becomes the organisation of who is logged in.

    A link with ``{org}`` or a scope is shown only to those who can follow it.
    """

    path: str
    words: str
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What a template knows about the request it is rendered for."""

    root: str
    path: str
    query: Mapping[str, str]
    translator: Translator
    principal: Principal | None
    csrf: str

    def url(self, path: str, **query: str) -> str:
        """Return an address of this service, keeping a language that was asked for by ``?lang=``."""
        if "lang" in self.query:
            query.setdefault("lang", self.translator.lang)
        joint = "&" if "?" in path else "?"
        return self.root + path + (joint + urlencode(query) if query else "")

    def in_language(self, lang: str) -> str:
        """Return the address of this same page in another language."""
        return f"{self.root}{self.path}?" + urlencode({**self.query, "lang": lang})


_VIEW: ContextVar[View] = ContextVar("certweave_view")


class Pages:
    """Renders the templates of one service."""

    def __init__(self, *, title: str, packages: Sequence[str], nav: Sequence[NavLink] = ()) -> None:
        """Load templates, catalogues and static files.

        Args:
            title: the name of the service, for the title of each page; translated.
            packages: import names, the kit first; each may have ``templates``, ``locales`` and ``static``.
            nav: links of the navigation, in order.
        """
        self.title = title
        self.nav = tuple(nav)
        self.languages = Languages(packages)
        self.assets = Assets(packages)
        self.environment = Environment(
            loader=ChoiceLoader([PackageLoader(name) for name in reversed(packages) if _has_templates(name)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._install()

    def render(
        self,
        request: HTTPConnection,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        page: str = "",
    ) -> HTMLResponse:
        """Return a page.

        Args:
            request: for whom.
            template: its name.
            context: what the template names.
            status: of the answer.
            page: where the page is had, if it answers a form that was sent to another path: there lead the
                links to the other languages.
        """
        view = self._view(request, page)
        token = _VIEW.set(view)
        try:
            text = self.environment.get_template(template).render({**context, "view": view})
        finally:
            _VIEW.reset(token)
        headers = {"Vary": "Accept, Accept-Language, Cookie", "Content-Language": view.translator.lang}
        return HTMLResponse(text, status, headers)

    def answer(
        self, request: HTTPConnection, template: str, data: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        """Return the same data as a page for a browser and as JSON for a program."""
        if wants_html(request):
            return self.render(request, template, data, status=status)
        return JSONResponse(dict(data), status, {"Vary": "Accept"})

    def redirect(self, request: HTTPConnection, path: str) -> RedirectResponse:
        """Send a browser on to a page of this service, after a form was taken (303)."""
        return RedirectResponse(self._view(request).url(path), 303)

    def links(self) -> list[tuple[str, str, bool]]:
        """Return address, words and whether it is this page, for each link that the reader can follow."""
        view = _VIEW.get()
        shown: list[tuple[str, str, bool]] = []
        for link in self.nav:
            if ("{org}" in link.path or link.scope is not None) and view.principal is None:
                continue
            if link.scope is not None and view.principal is not None and not view.principal.may(link.scope):
                continue
            path = link.path.replace("{org}", view.principal.org if view.principal else "")
            shown.append((view.url(path), view.translator.gettext(link.words), path == view.path))
        return shown

    def _view(self, request: HTTPConnection, page: str = "") -> View:
        root = request.scope.get("root_path", "")
        state = request.scope.get("state", {})
        secret = state.get("secret", "")
        return View(
            root=root,
            path=page or request.scope["path"].removeprefix(root) or "/",
            query=dict(request.query_params),
            translator=self.languages.choose(request),
            principal=state.get("principal"),
            csrf=csrf_token(secret) if secret else "",
        )

    def _install(self) -> None:
        # Through a context variable, so that imported macros speak the caller's language too.
        def words(name: str) -> Callable[..., Any]:
            def call(*args: Any) -> Any:
                return getattr(_VIEW.get().translator, name)(*args)

            return call

        self.environment.install_gettext_callables(  # type: ignore[attr-defined]
            words("gettext"), words("ngettext"), newstyle=True
        )
        for name in ("date", "moment", "dated", "number", "percent", "quantity", "text", "waiting"):
            self.environment.globals[name] = words(name)
        self.environment.globals.update(
            {
                "url": _url,
                "quote": quote,
                "told": lambda detail: tell(_VIEW.get().translator, detail),
                "static": lambda name: f"{_VIEW.get().root}/static/{self.assets.digested(name)}",
                "nav_links": self.links,
                "current": _VIEW.get,
                # Markup: segno escapes the label, and the rest of the element is its own.
                "qr": lambda address, label: Markup(qr_svg(address, label=label)),  # noqa: S704
                "service_title": self.title,
                "languages": LANGUAGES,
            }
        )


def _has_templates(package: str) -> bool:
    return files(package).joinpath("templates").is_dir()


def _url(path: str, **query: str) -> str:
    return _VIEW.get().url(path, **query)
