"""What is kept about oneself, and who else read it (R36)."""

from __future__ import annotations

from attrs import frozen

from habilitation.domain.actors import Actor, Member
from habilitation.domain.acts import Act, Role
from habilitation.domain.requests import OwnFileQuestion
from habilitation.domain.security import LineKind
from habilitation.ports.clock import Clock
from habilitation.ports.security_log import LineFilter
from habilitation.ports.store import Store
from habilitation.use_cases.directory import require_size
from habilitation.use_cases.views import (
    OwnFile,
    Page,
    ReadingView,
    reading_view,
    shown_record,
    user_view,
)
from habilitation.use_cases.work import reading


@frozen
class ShowOwnFile:
    """Anybody of the organization sees their person, login, rights and history, and who read them what for."""

    store: Store
    clock: Clock

    def __call__(self, asked: OwnFileQuestion, *, by: Actor) -> OwnFile:
        require_size(asked.size)
        with reading(self.store, self.clock, asked.organization, by) as seen:
            seen.require(Act.READ_OWN)
            role, own = seen.acting.role, seen.acting.user
            row = seen.rows.find_row(own.id) if own else None
            assert row is not None, "whoever may read their own file has one"
            about = seen.rows.records(0, seen.rows.head.sequence, row.user.id)
            view, history = user_view(seen, row), tuple(shown_record(record, role) for record in about)
        return OwnFile(view, history, self._readings(asked, Member(asked.organization, view.id), role))

    def _readings(self, asked: OwnFileQuestion, oneself: Member, role: Role) -> Page[ReadingView]:
        wanted = LineFilter(subject=oneself, kind=LineKind.READ)
        found = self.store.security_log.lines(wanted, asked.after, asked.size + 1)
        page = found[: asked.size]
        next = page[-1].id if len(found) > asked.size else None
        return Page(tuple(reading_view(line, role) for line in page), next)
