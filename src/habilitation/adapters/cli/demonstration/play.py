"""The play under way: the portal, the stage, the mail, who plays; and what several scenes do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from attrs import Factory, define, field

from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.data import Data, UserData
from habilitation.adapters.cli.demonstration.mailroom import Mailroom
from habilitation.adapters.cli.demonstration.stage import Stage
from habilitation.adapters.cli.finding import every
from habilitation.adapters.cli.refusals import NotRefused
from habilitation.adapters.system import SystemSecrets
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Asking, OperatorAgent, Session
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.period import Dates
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import AccessQuestion, NewUser, PasswordChoice, UserQuestion, UserSearch
from habilitation.domain.user import User
from habilitation.domain.values import UserId
from habilitation.use_cases.views import UserView

AGENT = OperatorAgent("agent-1")


@define
class Play:
    """What the scenes share; everything in it happens through the use cases."""

    portal: Habilitation
    stage: Stage
    mailroom: Mailroom
    data: Data
    organization: Organization = field(init=False)
    agreement: Agreement = field(init=False)
    admin: Session = field(init=False)
    manager: Session = field(init=False)
    users: dict[str, User] = Factory(dict)
    """By the name of their table in the file."""

    @property
    def the_operator(self) -> str:
        return self.stage.line("operator", agent=AGENT.agent)

    @property
    def the_administrator(self) -> str:
        return self.stage.line("as-administrator", name=self.data.people.administrator.full_name)

    @property
    def the_manager(self) -> str:
        return self.stage.line("as-manager", name=self.data.people.manager.full_name)

    def refused(self, expected: type[Refusal], act: Callable[[], object]) -> None:
        """Do what must be refused so, and show it."""
        try:
            act()
        except expected as refusal:
            self.stage.refuses(refusal)
        else:
            raise NotRefused(expected.code)

    def new_user(self, who: UserData) -> NewUser:
        """What the form asks, confirmations included (R10)."""
        return NewUser(
            self.organization.id,
            self.agreement.id,
            who.last_name,
            who.first_name,
            who.email,
            email_confirmation=who.email,
            phone=who.phone,
            phone_confirmation=who.phone,
            dates=Dates(self._in_days(who.opens_in), self._in_days(who.closes_in)),
            mobile=who.mobile,
            groups=who.groups,
        )

    def _in_days(self, days: int | None) -> date | None:
        clock = self.portal.ports.clock
        return Moment(clock.now(), clock.zone).today + timedelta(days=days) if days else None

    def first_sign_in(self, part: str) -> Session:
        """With what the two messages brought; a password of one's own is chosen at once (R19)."""
        session = self.portal.sign_in(*self.mailroom.credentials_of(self.data.people.created[part].email))
        assert isinstance(session, Session), "the user is no first person"
        return self.portal.choose_password(PasswordChoice(SystemSecrets().password()), by=session)

    def view(self, user: UserId) -> UserView:
        """The user as the operator sees it."""
        return self.portal.show_user(UserQuestion(self.organization.id, user), by=AGENT)

    def show_users(self, by: Actor) -> None:
        """The table of users, as that person sees it (R36)."""
        shown.users(list(every(self.portal.list_users, UserSearch(self.organization.id), by)), self.stage)

    def show_mails(self) -> None:
        """What was delivered since the last time."""
        self.stage.mails(self.mailroom.news())

    def ask_access(self) -> None:
        """The service asks about the colleague, as it would at each of its pages (R38)."""
        stage, group = self.stage, self.data.document_group
        who, permission = self.data.people.colleague.full_name, group.permissions[0]
        stage.acts(stage.line("service", service=group.service), "asks", name=who, permission=permission)
        asked = AccessQuestion(self.organization.id, self.users["colleague"].id, permission)
        answer = self.portal.check_access(asked, by=Asking(group.service))
        shown.answer(answer, self.portal.ports.clock.zone, stage)
