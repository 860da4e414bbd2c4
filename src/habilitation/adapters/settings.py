"""What the operator of a portal may set, and the data files that say so: read strictly, refused by name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from habilitation.adapters.serialization import structured
from habilitation.adapters.system import SystemClock
from habilitation.domain.limits import Limits
from habilitation.domain.refusals import Kind, Refusal
from habilitation.domain.requests import NewGroup, NewService

T = TypeVar("T")


@define(slots=False)
class SetupRefused(Refusal):
    """A setting, or a file of them, that no portal can be opened with."""

    code: ClassVar[str] = "setup-refused"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "{what}: {problem}."

    what: str
    """The setting's name, or the file's."""
    problem: str


@frozen
class IdentityProvider:
    """An OpenID Connect provider that signs the portal's people in (R44)."""

    issuer: str
    """As the provider's configuration has it, to the letter."""
    client: str
    """The id that the provider gave the portal."""
    keys: Path
    """A file with the provider's JSON Web Key Set, read at each verification: whoever renews it need not restart."""


@frozen
class Settings:
    """What the operator of a portal may set; the defaults are those of the rules and of the guides."""

    language: str = "fr"
    """``fr`` or ``en``: of the messages, and of the texts of first authentication."""
    zone: ZoneInfo = ZoneInfo("Europe/Paris")
    """Where days are counted (R15)."""
    operator_mailbox: str | None = None
    """Who is told of each claim and replacement (R7). Without one these messages become dead letters."""
    sender: str = "ne-pas-repondre@portail.example"
    """The address that mail comes from."""
    portal: str = "Mon Compte Partenaire"
    """The portal's name, in mail."""
    address: str = ""
    """Where to sign in, in mail."""
    link: str = ""
    """The page that one-time links lead to, in mail, with ``{token}`` in it, and ``{purpose}`` where each purpose has a
    page. Without one these messages become dead letters."""
    operator: str = ""
    """Whom a supporting document is returned to, in mail and on it: ``votre caf``, as in the guides, if empty (R26)."""
    document: str = ""
    """What that document is called: ``pièce justificative n° 3``, as in the guides, if empty."""
    letters: Path | None = None
    """The folder that letters to be printed and posted are put into, made if there is none (R4). Without one these
    messages become dead letters."""
    letterhead: tuple[str, ...] = ()
    """Who sends letters, and where documents are returned to, line by line: the portal's name if there is none."""
    agency: str = ""
    """Whom people turn to for another administrator, on the pages: ``la Caf``, as in the guides, if empty (R8)."""
    limits: Limits = field(factory=Limits)
    clock_tolerance: timedelta = timedelta(minutes=5)
    """How far an organization's last event may be ahead of the clock (R40)."""
    delivery: timedelta | None = timedelta(seconds=5)
    """How long an act waits for its messages to leave; none leaves all of them to a worker."""
    operator_texts: Path | None = None
    """The operator's own texts of first authentication, in the shape of ``texts/operator.fr.toml`` (R5)."""
    identity_provider: IdentityProvider | None = None
    """Who signs people in (R44). Then links to activate accounts leave in the place of provisional passwords."""
    role_mailboxes: Path | None = None
    """The operator's own words for role mailboxes, in the shape of ``mailboxes/roles.toml`` (R6)."""

    @property
    def clock(self) -> SystemClock:
        return SystemClock(self.zone, self.clock_tolerance)


@frozen
class CatalogData:
    """Services and access groups to define (R3): what a catalog file says."""

    services: tuple[NewService, ...]
    groups: tuple[NewGroup, ...]


def read_file(path: Path, kind: type[T]) -> T:
    """What a TOML file says, as that class: strict, and refused with the file's and the field's names."""
    with naming(path):
        return structured(tomllib.loads(path.read_text("utf-8")), kind)


@contextmanager
def naming(what: object) -> Iterator[None]:
    """Name what is being read, in whatever is refused of it."""
    try:
        yield
    except OSError as error:
        raise SetupRefused(str(what), error.strerror or "it cannot be read") from None
    except ValueError as error:
        raise SetupRefused(str(what), str(error).rstrip(".")) from None
    except Refusal as refusal:
        if refusal.kind not in (Kind.INVALID, Kind.MISSING, Kind.CONFLICT) or isinstance(refusal, SetupRefused):
            raise
        raise SetupRefused(str(what), str(refusal).rstrip(".")) from refusal
