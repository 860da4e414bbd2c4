"""What all pages share: the portal behind them, its settings, and who vouches for whoever comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.resources import files

from attrs import field, frozen
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import HTTPConnection

from habilitation.adapters.asgi.authentication import Authenticate, SecondFactor
from habilitation.adapters.asgi.sessions import SessionCookie
from habilitation.adapters.asgi.sources import source_of
from habilitation.adapters.assembly import DEFAULTS, Settings
from habilitation.application import Habilitation

OVER_HTTPS = SessionCookie()


@frozen
class Provider:
    """A button on the sign-in page: another way in, whose address the embedder serves (R44)."""

    label: str
    address: str


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("habilitation.adapters.asgi.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["breakable"] = _breakable
    return made


def _breakable(address: str) -> Markup:
    """An e-mail address that may go on on another line, behind its @."""
    return Markup("@<wbr>").join(address.split("@"))


def _edition() -> str:
    """Names the static files by what is in them: a browser may keep them for good."""
    contents = sorted((file.name, file.read_bytes()) for file in (files(__package__) / "static").iterdir())
    return sha256(repr(contents).encode()).hexdigest()[:12]


@frozen
class Site:
    """The pages' surroundings, the same for every request."""

    portal: Habilitation
    settings: Settings = DEFAULTS
    cookie: SessionCookie = OVER_HTTPS
    authenticate: Authenticate | None = None
    providers: tuple[Provider, ...] = ()
    source: Callable[[HTTPConnection], str] = source_of
    second_factor: SecondFactor | None = None
    addresses: Mapping[str, str] = field(factory=dict)
    """Of the pages, by their names; one about an organization has ``{organization}`` in it, and so on."""
    templates: Environment = field(factory=_environment)
    edition: str = field(factory=_edition)

    def is_inside(self, page: str) -> bool:
        """Whether that page is about an organization."""
        return "{organization}" in self.addresses[page]
