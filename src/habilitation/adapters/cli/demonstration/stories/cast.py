"""Who plays in a story, where the guides left them, and a clock that moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, evolve, field
from rich.console import Console

from habilitation.adapters.cli.demonstration import administrator_guide, afas_guide
from habilitation.adapters.cli.demonstration.play import Play
from habilitation.adapters.cli.demonstration.stage import Stage
from habilitation.adapters.system import SystemSecrets
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Member, Session
from habilitation.domain.moment import Moment
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import AccessQuestion, PasswordChoice
from habilitation.domain.values import Permission, UserId
from habilitation.ports.clock import Clock

PRELUDE: tuple[Callable[[Play], None], ...] = (
    administrator_guide.open_organizations,
    administrator_guide.claim,
    administrator_guide.create_users,
    afas_guide.delegate,
    afas_guide.assign_role,
)


@define
class MovingClock:
    """The clock that it is given, moved ahead as the story asks."""

    kept: Clock
    ahead: timedelta = timedelta(0)

    @property
    def zone(self) -> ZoneInfo:
        return self.kept.zone

    @property
    def tolerance(self) -> timedelta:
        return self.kept.tolerance

    def now(self) -> datetime:
        return self.kept.now() + self.ahead


@define
class Keys:
    """What somebody signs in with, and the session that it opened."""

    login: str
    password: str = field(repr=False)
    session: Session = field(repr=False)


@define
class Cast:
    """The play, as the guides left it."""

    play: Play
    clock: MovingClock

    @classmethod
    def assembled(cls, portal: Habilitation, play_of: Callable[[Habilitation, Stage], Play], stage: Stage) -> Cast:
        """Play the guides unseen, and go on before everybody."""
        clock = MovingClock(portal.ports.clock)
        unseen = Stage.set_up(Console(quiet=True), stage.speech)
        play = play_of(Habilitation(evolve(portal.ports, clock=clock)), unseen)
        for scene in PRELUDE:
            scene(play)
        play.mailroom.news()
        play.stage = stage
        return cls(play, clock)

    @property
    def portal(self) -> Habilitation:
        return self.play.portal

    @property
    def stage(self) -> Stage:
        return self.play.stage

    @property
    def admin(self) -> Member:
        """The administrator, as the portal's own session knows her: days pass, and she signs in again unseen."""
        return self.play.admin.actor

    @property
    def manager(self) -> Member:
        return self.play.manager.actor

    @property
    def today(self) -> date:
        return Moment(self.clock.now(), self.clock.zone).today

    @property
    def first_day(self) -> date:
        """The day on which the story begins."""
        return self.today - timedelta(days=self.clock.ahead.days)

    @property
    def permission(self) -> Permission:
        return self.play.data.document_group.permissions[0]

    def user(self, part: str) -> UserId:
        return self.play.users[part].id

    def name(self, part: str) -> str:
        return self.play.data.people.created[part].full_name

    def email(self, part: str) -> str:
        return self.play.data.people.created[part].email

    def pass_days(self, days: int, key: str, **values: object) -> None:
        """Time passes, and it is said."""
        self.clock.ahead += timedelta(days=days)
        self.stage.says(key, day=self.stage.speech.day(self.today), **values)

    def signs_in(self, part: str) -> Keys:
        """With the letters received last; a password of one's own is chosen at once (R19)."""
        login, provisional = self.play.mailroom.credentials_of(self.email(part))
        session = self.portal.sign_in(login, provisional)
        assert isinstance(session, Session), "the user is no first person"
        password = SystemSecrets().password()
        return Keys(login, password, self.portal.choose_password(PasswordChoice(password), by=session))

    def reads(self, part: str, by: Actor) -> None:
        """The person looks at their own rights, as any page of theirs does."""
        self.portal.check_access(AccessQuestion(self.play.organization.id, self.user(part), self.permission), by=by)

    def refused(self, expected: type[Refusal], act: Callable[[], object]) -> None:
        self.play.refused(expected, act)
