"""The menu on the left of each page: the guides' words, and only what whoever comes may open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from habilitation.domain.acts import ALLOWED, Act

if TYPE_CHECKING:
    from habilitation.adapters.asgi.portal.visit import Visit


@frozen
class Entry:
    """A page that the menu leads to, and the act that it is for."""

    page: str
    act: Act
    own: bool = False
    """Whether it needs a session of this portal's own."""


@frozen
class Section:
    """Entries under a heading, which the catalogs have under ``menu``."""

    heading: str
    entries: tuple[Entry, ...]


OF_PEOPLE = (
    Section("portal", (Entry("home", Act.READ), Entry("agreements", Act.READ))),
    Section(
        "administration",
        (
            Entry("users", Act.LIST_USERS),
            Entry("managers", Act.LIST_DELEGATIONS),
            Entry("waiting", Act.LIST_WAITING),
            Entry("history", Act.LIST_USERS),
        ),
    ),
    Section(
        "own",
        (
            Entry("own_file", Act.READ_OWN),
            Entry("own_details", Act.MODIFY_OWN),
            Entry("own_password", Act.MODIFY_OWN, own=True),
            Entry("administrator", Act.READ),
        ),
    ),
)
OF_AGENTS = (
    Section(
        "portal",
        tuple(Entry(page, Act.OPERATE) for page in ("home", "organizations", "catalog", "dead_letters")),
    ),
    Section(
        "organization",
        (
            Entry("organization", Act.OPERATE),
            Entry("agreements", Act.READ),
            Entry("users", Act.LIST_USERS),
            Entry("managers", Act.LIST_DELEGATIONS),
            Entry("waiting", Act.LIST_WAITING),
            Entry("history", Act.LIST_USERS),
        ),
    ),
)


def sections(visit: Visit) -> Iterator[tuple[str, list[Entry]]]:
    """The headings under which there is something, and what."""
    for section in OF_AGENTS if visit.agent else OF_PEOPLE:
        entries = [entry for entry in section.entries if _offered(visit, entry)]
        if entries:
            yield section.heading, entries


def _offered(visit: Visit, entry: Entry) -> bool:
    if visit.site.is_inside(entry.page) and (not visit.is_somewhere or (visit.agent and not visit.house)):
        return False
    return visit.role in ALLOWED[entry.act] and (visit.session is not None or not entry.own)
