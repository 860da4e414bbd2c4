"""Both guides, scene by scene: who acts, what that person sees, and the use cases that are called meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from attrs import Factory, define, field

from habilitation.adapters.assembly import naming
from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.data import Data, OrganizationData, PersonData, UserData
from habilitation.adapters.cli.demonstration.mailroom import Mailroom
from habilitation.adapters.cli.demonstration.stage import Stage
from habilitation.adapters.cli.journal import Checked
from habilitation.adapters.cli.tables import full_name
from habilitation.adapters.cli.users import all_users
from habilitation.adapters.system import SystemSecrets
from habilitation.application import Habilitation
from habilitation.domain.actors import Actor, Asking, OperatorAgent, Session
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.messages import MessageKind
from habilitation.domain.moment import Moment
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.period import Dates
from habilitation.domain.refusals import (
    AccountIsClosed,
    ActForbidden,
    EmailNotNominative,
    HolderProtected,
    OrganizationClaimed,
    OutsideScope,
    Refusal,
    SiretRefused,
)
from habilitation.domain.requests import (
    AccessQuestion,
    AdministratorClaim,
    AgreementValidation,
    Closing,
    Generalization,
    GroupAddition,
    NewAgreement,
    NewManager,
    NewOrganization,
    NewUser,
    OrganizationQuestion,
    PasswordChoice,
    Reason,
    Replacement,
    RoleAssignment,
    UserQuestion,
    UserSearch,
    WaitingSearch,
)
from habilitation.domain.scope import Scope
from habilitation.domain.user import User
from habilitation.domain.values import GroupCode, Place, UserId
from habilitation.use_cases.first_access import FirstAuthentication
from habilitation.use_cases.views import UserView

AGENT = OperatorAgent("agent-1")
DOCUMENT = "PJ3-2026-0001"


@define
class NotRefused(Exception):
    """What should have been refused was done: the data passed is not that of this story."""

    code: str


@define
class Story:
    """The play: the portal, the stage it is shown on, the mail it is read from, and who plays."""

    portal: Habilitation
    stage: Stage
    mailroom: Mailroom
    data: Data
    organization: Organization = field(init=False)
    agreement: Agreement = field(init=False)
    admin: Session = field(init=False)
    manager: Session = field(init=False)
    users: dict[str, User] = Factory(dict)

    def play(self) -> bool:
        """Every scene; whether all the journals are sound in the end."""
        self.open()
        self.claim()
        self.create_users()
        self.delegate()
        self.assign_role()
        self.generalize()
        self.close()
        self.replace()
        return self.verify()

    # The operator

    def open(self) -> None:
        stage, first = self.stage, self.data.first
        stage.scene("scene-opening", organization=first.name)
        stage.acts(self._operator(), "defines")
        stage.shows(shown.catalog(self.data.catalog, stage))
        stage.acts(self._operator(), "mistypes", siret=self.data.mistyped)
        mistyped = NewOrganization(self.data.mistyped, first.name, first.contact)
        self._refused(SiretRefused, lambda: self.portal.open_organization(mistyped, by=AGENT))
        stage.acts(self._operator(), "opens")
        opened = [self._opened(number, partner) for number, partner in enumerate((first, *self.data.others))]
        stage.shows(shown.organizations((first, *self.data.others), stage))
        self.organization = opened[0]
        self._agree()
        self.mailroom.news()
        stage.says("letters", organization=first.name)
        for letter in self.mailroom.to(first.contact):
            stage.mail(letter)

    def _opened(self, number: int, partner: OrganizationData) -> Organization:
        with naming(f"{self.data.files.organizations}, organizations[{number}]"):
            asked = NewOrganization(partner.siret, partner.name, partner.contact)
            return self.portal.open_organization(asked, by=AGENT)

    def _agree(self) -> None:
        asked, stage = self.data.agreement, self.stage
        stage.acts(self._operator(), "agrees", reference=asked.reference, organization=self.data.first.name)
        with naming(f"{self.data.files.organizations}, organizations[0].agreement"):
            new = NewAgreement(self.organization.id, asked.reference, asked.name, asked.services, asked.groups)
            draft = self.portal.open_agreement(new, by=AGENT)
        self.agreement = self.portal.validate_agreement(AgreementValidation(self.organization.id, draft.id), by=AGENT)
        state = stage.speech.words.agreement(self.agreement.state)
        stage.succeeds("agreement", name=asked.name, state=state, organization=self.data.first.name)

    # The first person

    def claim(self) -> None:
        stage, people = self.stage, self.data.people
        stage.scene("scene-claim")
        stage.acts(people.administrator.full_name, "signs-in")
        first = self._first_authentication()
        stage.shows(shown.first_authentication(first, people.administrator, stage))
        stage.acts(people.latecomer.full_name, "also-signs-in")
        late = self._first_authentication()
        stage.acts(people.administrator.full_name, "role-mailbox", email=people.role_mailbox)
        self._refused(EmailNotNominative, lambda: self._claim(first, people.administrator, people.role_mailbox))
        stage.acts(people.administrator.full_name, "claims", email=people.administrator.email)
        with naming(f"{self.data.files.users}, administrator"):
            self.admin = self._claim(first, people.administrator, people.administrator.email)
        stage.succeeds("claimed", name=people.administrator.full_name, organization=first.organization)
        stage.acts(people.latecomer.full_name, "claims-too-late")
        self._refused(OrganizationClaimed, lambda: self._claim(late, people.latecomer, people.latecomer.email))
        stage.says("told-claim")
        stage.mails(self.mailroom.news())

    def _first_authentication(self) -> FirstAuthentication:
        first = self.portal.sign_in(*self.mailroom.credentials_of(self.data.first.contact))
        assert isinstance(first, FirstAuthentication), "nobody has claimed yet"
        return first

    def _claim(self, first: FirstAuthentication, who: PersonData, email: str) -> Session:
        version, password = first.text.version, SystemSecrets().password()
        asked = AdministratorClaim(who.last_name, who.first_name, email, password, version, who.phone)
        return self.portal.claim_administrator(asked, by=first.session)

    # The administrator

    def create_users(self) -> None:
        stage, created = self.stage, self.data.people.created
        stage.scene("scene-users")
        stage.acts(self._administrator(), "creates")
        for part, who in created.items():
            self.users[part] = self._create(part, who)
        (part, who), *others = created.items()
        stage.shows(shown.creation_form(self._view(part), who, self._agreement_line(), stage))
        stage.says("created-others")
        stage.shows(shown.creations([(self._view(part), who) for part, who in others], stage))
        stage.says("two-messages")
        stage.mails(self.mailroom.news())
        stage.acts(self._administrator(), "table-admin")
        self._show_users(self.admin)

    def _create(self, part: str, who: UserData) -> User:
        with naming(f"{self.data.files.users}, {part}"):
            return self.portal.create_user(self._new_user(who), by=self.admin)

    def _new_user(self, who: UserData) -> NewUser:
        return NewUser(
            self.organization.id,
            self.agreement.id,
            who.last_name,
            who.first_name,
            who.email,
            email_confirmation=who.email,
            phone=who.phone,
            phone_confirmation=who.phone,
            dates=Dates(self._in_days(getattr(who, "opens_in", None)), self._in_days(who.closes_in)),
            mobile=who.mobile,
            groups=who.groups,
        )

    def _in_days(self, days: int | None) -> date | None:
        clock = self.portal.ports.clock
        return Moment(clock.now(), clock.zone).today + timedelta(days=days) if days else None

    def delegate(self) -> None:
        stage, data = self.stage, self.data
        group, name = shown.group_name(data.document_group), data.people.manager.full_name
        stage.scene("scene-manager", group=group)
        stage.acts(self._administrator(), "delegates", name=name, service=data.document_group.service)
        asked = NewManager(self.organization.id, self.users["manager"].id, self._delegated())
        self.portal.delegate_manager(asked, by=self.admin)
        stage.acts(self._manager(), "first-sign-in")
        self.manager = self._first_sign_in("manager")
        self._show_users(self.manager)
        self._add_to_group()
        self._reach_outside()
        self._ask_access()

    def _delegated(self) -> Scope:
        """The groups of the service whose document the guide speaks of."""
        service = self.data.document_group.service
        groups = [group.code for group in self.data.opened() if group.service == service]
        return Scope(frozenset(Place(self.agreement.id, group) for group in groups))

    def _first_sign_in(self, part: str) -> Session:
        session = self.portal.sign_in(*self.mailroom.credentials_of(self.data.people.created[part].email))
        assert isinstance(session, Session), "the user is no first person"
        return self.portal.choose_password(PasswordChoice(SystemSecrets().password()), by=session)

    def _add_to_group(self) -> None:
        stage, colleague = self.stage, self.data.people.colleague.full_name
        group = shown.group_name(self.data.document_group)
        stage.acts(self._manager(), "adds", group=group, name=colleague)
        self.portal.add_to_group(self._addition(self.data.document_group.code), by=self.manager)
        stage.succeeds("waits", name=colleague, group=group)
        stage.says("told-document")
        stage.mails(self.mailroom.news())
        stage.says("one-of-them")
        stage.mail(self.mailroom.last(self.data.people.manager.email, MessageKind.DOCUMENT_NEEDED))

    def _addition(self, group: GroupCode) -> GroupAddition:
        return GroupAddition(self.organization.id, self.users["colleague"].id, self.agreement.id, group)

    def _reach_outside(self) -> None:
        outside = self.data.outside_group
        names = {"name": self.data.people.colleague.full_name, "group": shown.group_name(outside)}
        self.stage.acts(self._manager(), "reaches-outside", **names)
        addition = self._addition(outside.code)
        self._refused(OutsideScope, lambda: self.portal.add_to_group(addition, by=self.manager))

    def _ask_access(self) -> None:
        """The service itself asks, as it would at each page (R38)."""
        stage, group = self.stage, self.data.document_group
        who, permission = self.data.people.colleague.full_name, group.permissions[0]
        stage.acts(stage.line("service", service=group.service), "asks", name=who, permission=permission)
        asked = AccessQuestion(self.organization.id, self.users["colleague"].id, permission)
        shown.answer(self.portal.check_access(asked, by=Asking(group.service)), self.portal.ports.clock.zone, stage)

    # The operator again

    def assign_role(self) -> None:
        stage = self.stage
        stage.scene("scene-role")
        stage.acts(self._operator(), "waiting")
        waiting = self.portal.list_waiting_roles(WaitingSearch(self.organization.id), by=AGENT).items
        stage.shows(shown.waiting_roles(waiting, stage))
        stage.acts(self._operator(), "assigns", document=DOCUMENT)
        number = waiting[0].membership.number
        asked = RoleAssignment(self.organization.id, self.users["colleague"].id, number, DOCUMENT)
        self.portal.assign_role(asked, by=AGENT)
        stage.says("told-role")
        stage.mails(self.mailroom.news())
        self._ask_access()

    # The administrator again

    def generalize(self) -> None:
        stage, source = self.stage, self.data.people.successor
        stage.scene("scene-generalize")
        stage.acts(self._administrator(), "previews", name=source.full_name, groups=", ".join(source.groups))
        asked = Generalization(self.organization.id, self.agreement.id, self.users["successor"].id)
        self._show_outcomes(self.portal.preview_generalization(asked, by=self.admin))
        stage.acts(self._administrator(), "generalizes")
        self._show_outcomes(self.portal.generalize_to_all(asked, by=self.admin))

    def _show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        named = [(self._name(outcome.user), outcome) for outcome in outcomes]
        self.stage.shows(shown.outcomes(named, self.stage))

    def close(self) -> None:
        stage, leaver = self.stage, self.data.people.leaver
        stage.scene("scene-close")
        stage.acts(self._administrator(), "closes-self")
        self._refused(HolderProtected, lambda: self._close(self.admin.user, self.admin))
        stage.acts(self._manager(), "manager-closes")
        self._refused(HolderProtected, lambda: self._close(self.admin.user, self.manager))
        stage.acts(self._administrator(), "closes", name=leaver.full_name)
        self._close(self.users["leaver"].id, self.admin)
        stage.acts(leaver.full_name, "tries-sign-in")
        credentials = self.mailroom.credentials_of(leaver.email)
        self._refused(AccountIsClosed, lambda: self.portal.sign_in(*credentials))
        stage.acts(self._administrator(), "table-after")
        self._show_users(self.admin)

    def _close(self, user: UserId, by: Actor) -> None:
        self.portal.close_user(Closing(self.organization.id, user), by=by)

    # The end

    def replace(self) -> None:
        stage, people = self.stage, self.data.people
        names = {"name": people.successor.full_name, "former": people.administrator.full_name}
        stage.scene("scene-replace")
        stage.acts(self._operator(), "replaces", **names)
        asked = Replacement(self.organization.id, self.users["successor"].id, Reason("asked-by-organization"))
        self.portal.replace_administrator(asked, by=AGENT)
        stage.succeeds("replaced", organization=self.data.first.name, **names)
        stage.mails(self.mailroom.news())
        stage.acts(people.administrator.full_name, "creates-no-more")
        self._refused(ActForbidden, lambda: self.portal.create_user(self._new_user(people.leaver), by=self.admin))

    def verify(self) -> bool:
        stage = self.stage
        stage.scene("scene-journal")
        stage.acts(self._operator(), "verifies")
        checked = [Checked.of(self.portal, id, AGENT) for id in self.portal.ports.store.organizations()]
        heads = [self.portal.journal_head(OrganizationQuestion(each.organization), by=AGENT) for each in checked]
        stage.shows(shown.verifications(list(zip(checked, heads, strict=True)), stage))
        stage.says("dead", number=len(self.portal.list_dead_letters(by=AGENT)))
        sound = all(each.found.sound for each in checked)
        stage.succeeds("all-sound", entries=sum(each.found.entries for each in checked)) if sound else None
        return sound

    # Asides

    def _refused(self, expected: type[Refusal], act: Callable[[], object]) -> None:
        """Do what must be refused so, and show it."""
        try:
            act()
        except expected as refusal:
            self.stage.refuses(refusal)
        else:
            raise NotRefused(expected.code)

    def _show_users(self, by: Actor) -> None:
        found = list(all_users(self.portal, UserSearch(self.organization.id), by))
        shown.users(found, self.stage)

    def _view(self, part: str) -> UserView:
        return self.portal.show_user(UserQuestion(self.organization.id, self.users[part].id), by=self.admin)

    def _name(self, user: UserId) -> str:
        return full_name(self.portal.show_user(UserQuestion(self.organization.id, user), by=AGENT))

    def _agreement_line(self) -> str:
        state = self.stage.speech.words.agreement(self.agreement.state)
        names = {"name": self.data.agreement.name, "organization": self.data.first.name}
        return self.stage.line("agreement", state=state, **names)

    def _operator(self) -> str:
        return self.stage.line("operator", agent=AGENT.agent)

    def _administrator(self) -> str:
        return self.stage.line("as-administrator", name=self.data.people.administrator.full_name)

    def _manager(self) -> str:
        return self.stage.line("as-manager", name=self.data.people.manager.full_name)
