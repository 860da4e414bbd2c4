"""Every use case over one set of ports: the one place that wires them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from attrs import evolve, field, frozen

from habilitation.domain.limits import Limits
from habilitation.domain.refusals import Refusal
from habilitation.domain.values import EmailAddress
from habilitation.ports.clock import Clock
from habilitation.ports.contact import ContactDetails, NominativeMailboxes
from habilitation.ports.identifiers import Identifiers
from habilitation.ports.identities import TokenVerifier
from habilitation.ports.notices import OperatorTexts
from habilitation.ports.notifier import Notifier
from habilitation.ports.passwords import PasswordHasher, PasswordPolicy
from habilitation.ports.secrets import Secrets
from habilitation.ports.store import Store
from habilitation.ports.transport import Transport
from habilitation.use_cases.access import CheckAccess
from habilitation.use_cases.accounts import ChangeOwnDetails, CloseUser, CreateUser, ModifyUser, RemoveUser, ReopenUser
from habilitation.use_cases.agreements import (
    ChangeAgreementPeriod,
    EndAgreement,
    ResumeAgreement,
    ResumeGroup,
    SuspendAgreement,
    SuspendGroup,
    WithdrawGroup,
)
from habilitation.use_cases.cataloging import ChangeGroup, DefineGroup, DefineService, RetireGroup, ShowCatalog
from habilitation.use_cases.delegation import DelegateManager, RevokeManager
from habilitation.use_cases.delivery import DeliverNotifications, ListDeadLetters, RetryDelivery
from habilitation.use_cases.directory import (
    ListAgreements,
    ListDelegations,
    ListUsers,
    ListWaitingRoles,
    NameUsers,
    ShowUser,
    WhoIsAdministrator,
)
from habilitation.use_cases.disclosure import Disclosed, Read
from habilitation.use_cases.documents import PrepareDocument
from habilitation.use_cases.emails import ChangeEmail, ConfirmEmail, EffectEmail, ObjectToEmail
from habilitation.use_cases.erasing import EraseDue, ErasePerson
from habilitation.use_cases.explaining import Explain, Recount
from habilitation.use_cases.feed import CatalogEventsSince, EventsSince, Versions
from habilitation.use_cases.first_access import ClaimAdministrator, ResumeSession, SignIn, SignOut
from habilitation.use_cases.forgotten import ChoosePasswordByLink, ForgotLogin, ForgotPassword
from habilitation.use_cases.groups import (
    AddToGroup,
    AssignRole,
    ChangeMembership,
    GeneralizeToAll,
    PreviewGeneralization,
    RefuseRole,
    RemoveFromGroup,
)
from habilitation.use_cases.history import CatalogHead, History, JournalHead, VerifyCatalog, VerifyJournal
from habilitation.use_cases.issuing import ForceAllPasswordChanges, ForcePasswordChange, ResendCredentials
from habilitation.use_cases.opening import (
    OpenAgreement,
    OpenGroup,
    OpenOrganization,
    ReissueCredentials,
    ValidateAgreement,
)
from habilitation.use_cases.organizations import (
    FindOrganization,
    ListOrganizations,
    SearchOrganizations,
    ShowOrganization,
)
from habilitation.use_cases.overseeing import (
    ChangeContact,
    ChangeSiret,
    CloseOrganization,
    ResumeOrganization,
    ReturnControl,
    SuspendOrganization,
    TakeBackControl,
)
from habilitation.use_cases.own_file import ShowOwnFile
from habilitation.use_cases.own_password import ChangeOwnPassword, ChoosePassword
from habilitation.use_cases.past import AsOf, WhoHadAccess
from habilitation.use_cases.providers import (
    Activate,
    ActivationNotifier,
    LinkIdentity,
    NoProvider,
    SignInExternally,
    UnlinkIdentity,
)
from habilitation.use_cases.retrying import retried
from habilitation.use_cases.seat import DeclareVacancy, ReplaceAdministrator
from habilitation.use_cases.security import PruneSecurityLog, SecurityLog
from habilitation.use_cases.suspending import ReinstateUser, SuspendUser
from habilitation.use_cases.undertaking import Undertaken, Undertaking, UnderTerms
from habilitation.use_cases.unlocking import Unlock
from habilitation.use_cases.witnessing import Witness, witnessed

A = TypeVar("A")
P = ParamSpec("P")
R = TypeVar("R")


@frozen
class Ports:
    """What a portal is made of."""

    store: Store
    notifier: Notifier
    transport: Transport
    clock: Clock
    identifiers: Identifiers
    secrets: Secrets
    contact: ContactDetails
    mailboxes: NominativeMailboxes
    hasher: PasswordHasher
    policy: PasswordPolicy
    texts: OperatorTexts
    operator: EmailAddress | None = None
    """The operator's own mailbox, which is told of claims (R7)."""
    limits: Limits = field(factory=Limits)
    delivery: timedelta | None = timedelta(seconds=5)
    """How long an act waits for its messages to leave; a worker sends the rest. None leaves all of them to it."""
    tokens: TokenVerifier | None = None
    """Believes the identity provider that signs people in; where there is one, no password is minted (R44)."""


class Habilitation:
    """The portal: every use case is an attribute, called as ``portal.create_user(NewUser(…), by=actor)``.

    An act whose version went stale is tried again a few times before ``Conflict`` surfaces; the messages of an act
    leave right after its commit where a transport is given, and whatever happens to them the act stands. Acts that are
    refused leave a line in the security log (R43). Acts take ``terms=`` too: done once for one key, and only on what is
    still as it was seen.
    """

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        if ports.tokens:
            ports = evolve(ports, notifier=ActivationNotifier(ports.notifier))
        self._wire_catalog(ports)
        self._wire_operator(ports)
        self._wire_overseeing(ports)
        self._wire_first_access(ports)
        self._wire_providers(ports)
        self._wire_people(ports)
        self._wire_reading(ports)
        self._wire_delivery(ports)

    def _wire_catalog(self, p: Ports) -> None:
        self.define_service = self._untold(DefineService(p.store, p.clock))
        self.define_group = self._untold(DefineGroup(p.store, p.clock))
        self.change_group = self._untold(ChangeGroup(p.store, p.clock))
        self.retire_group = self._untold(RetireGroup(p.store, p.clock))
        self.show_catalog = ShowCatalog(p.store)

    def _wire_operator(self, p: Ports) -> None:
        told = (p.store, p.notifier, p.clock)
        self.open_organization = self._act(OpenOrganization(*told, p.identifiers, p.secrets, p.contact, p.limits))
        self.reissue_credentials = self._act(ReissueCredentials(*told, p.identifiers, p.secrets, p.limits))
        self.open_agreement = self._act(OpenAgreement(*told, p.identifiers, p.secrets))
        self.validate_agreement = self._act(ValidateAgreement(*told))
        self.open_group = self._act(OpenGroup(*told))
        self.assign_role = self._act(AssignRole(*told, p.secrets))
        self.refuse_role = self._act(RefuseRole(*told, p.secrets))
        self.replace_administrator = self._act(ReplaceAdministrator(*told, p.secrets, p.mailboxes))
        self.erase_person = self._act(ErasePerson(*told))
        self.erase_due = self._told(witnessed(EraseDue(*told, p.limits), self._witness))
        self.declare_vacancy = self._act(DeclareVacancy(*told, p.secrets))
        self.force_password_change = self._act(ForcePasswordChange(*told, p.secrets))
        everybody = ForceAllPasswordChanges(*told, p.secrets)
        self.force_all_password_changes = self._in_chunks(everybody)

    def _wire_overseeing(self, p: Ports) -> None:
        told = (p.store, p.notifier, p.clock)
        self.change_siret = self._act(ChangeSiret(*told, p.secrets))
        self.change_contact = self._act(ChangeContact(*told, p.contact))
        self.suspend_organization = self._act(SuspendOrganization(*told, p.secrets))
        self.resume_organization = self._act(ResumeOrganization(*told))
        self.take_back_control = self._act(TakeBackControl(*told, p.secrets))
        self.return_control = self._act(ReturnControl(*told))
        self.close_organization = self._act(CloseOrganization(*told, p.secrets))
        self.change_agreement_period = self._act(ChangeAgreementPeriod(*told))
        self.suspend_agreement = self._act(SuspendAgreement(*told, p.secrets))
        self.resume_agreement = self._act(ResumeAgreement(*told))
        self.end_agreement = self._act(EndAgreement(*told, p.secrets))
        self.suspend_group = self._act(SuspendGroup(*told, p.secrets))
        self.resume_group = self._act(ResumeGroup(*told))
        self.withdraw_group = self._act(WithdrawGroup(*told, p.secrets))

    def _wire_first_access(self, p: Ports) -> None:
        self.sign_in = retried(SignIn(p.store, p.clock, p.secrets, p.hasher, p.texts, p.limits, self._witness))
        self.claim_administrator = self._once(
            ClaimAdministrator(
                p.store,
                p.notifier,
                p.clock,
                p.secrets,
                p.contact,
                p.mailboxes,
                p.policy,
                p.hasher,
                p.texts,
                p.limits,
            )
        )
        own = (p.store, p.clock, p.secrets, p.policy, p.hasher, p.limits)
        self.choose_password = retried(ChoosePassword(*own))
        self.change_own_password = retried(ChangeOwnPassword(*own))
        self.forgot_password = retried(ForgotPassword(p.store, p.notifier, p.clock, p.limits))
        self.forgot_login = retried(ForgotLogin(p.store, p.notifier, p.clock, p.contact, p.limits))
        self.choose_password_by_link = retried(ChoosePasswordByLink(p.store, p.clock, p.policy, p.hasher))
        self.resume_session = ResumeSession(p.store, p.clock)
        self.sign_out = SignOut(p.store)

    def _wire_providers(self, p: Ports) -> None:
        told, tokens = (p.store, p.notifier, p.clock), p.tokens or NoProvider()
        self.activate = self._once(Activate(*told, p.secrets, tokens, p.texts, p.limits, self._witness))
        self.sign_in_externally = SignInExternally(p.store, p.clock, p.secrets, tokens, p.limits, self._witness)
        self.link_identity = self._once(LinkIdentity(*told, p.secrets, tokens, p.limits))
        self.unlink_identity = self._act(UnlinkIdentity(*told))

    def _wire_people(self, p: Ports) -> None:
        told = (p.store, p.notifier, p.clock)
        self.create_user = self._act(CreateUser(*told, p.identifiers, p.secrets, p.contact))
        self.modify_user = self._act(ModifyUser(*told, p.contact))
        self.change_own_details = self._act(ChangeOwnDetails(*told, p.contact))
        self.resend_credentials = self._act(ResendCredentials(*told))
        self.close_user = self._act(CloseUser(*told))
        self.reopen_user = self._act(ReopenUser(*told))
        self.suspend_user = self._act(SuspendUser(*told, p.secrets))
        self.reinstate_user = self._act(ReinstateUser(*told))
        self.remove_user = self._act(RemoveUser(*told))
        self.add_to_group = self._act(AddToGroup(*told))
        self.change_membership = self._act(ChangeMembership(*told))
        self.remove_from_group = self._act(RemoveFromGroup(*told))
        self.preview_generalization = self._disclosed(PreviewGeneralization(p.store, p.clock))
        self.generalize_to_all = self._in_chunks(GeneralizeToAll(*told))
        self.delegate_manager = self._act(DelegateManager(*told))
        self.revoke_manager = self._act(RevokeManager(*told))
        self.change_email = self._act(ChangeEmail(*told, p.mailboxes, p.contact, p.limits))
        self.confirm_email = self._told(retried(ConfirmEmail(*told, p.mailboxes, p.limits)))
        self.object_to_email = self._told(retried(ObjectToEmail(*told, p.mailboxes, self._witness)))
        self.unlock = self._act(Unlock(*told))

    def _wire_reading(self, p: Ports) -> None:
        self.show_organization = self._disclosed(ShowOrganization(p.store, p.clock))
        self.find_organization = self._disclosed(FindOrganization(p.store, p.clock))
        self.list_organizations = self._disclosed(ListOrganizations(p.store, p.clock))
        self.search_organizations = self._disclosed(SearchOrganizations(p.store, p.clock))
        self.list_agreements = self._disclosed(ListAgreements(p.store, p.clock))
        self.list_users = self._disclosed(ListUsers(p.store, p.clock))
        self.show_user = self._disclosed(ShowUser(p.store, p.clock))
        self.who_is_administrator = self._disclosed(WhoIsAdministrator(p.store, p.clock))
        self.name_users = self._disclosed(NameUsers(p.store, p.clock))
        self.list_waiting_roles = self._disclosed(ListWaitingRoles(p.store, p.clock))
        self.prepare_document = self._disclosed(PrepareDocument(p.store, p.clock))
        self.list_delegations = self._disclosed(ListDelegations(p.store, p.clock))
        self.show_own_file = ShowOwnFile(p.store, p.clock)
        self.check_access = self._disclosed(CheckAccess(p.store, p.clock))
        self.explain = self._disclosed(Explain(p.store, p.clock))
        self.as_of = self._disclosed(AsOf(p.store, p.clock))
        self.who_had_access = self._disclosed(WhoHadAccess(p.store, p.clock))
        self.history = self._disclosed(History(p.store, p.clock))
        self.recount = self._disclosed(Recount(p.store, p.clock))
        self.events_since = self._disclosed(EventsSince(p.store))
        self.catalog_events_since = CatalogEventsSince(p.store)
        self.versions = Versions(p.store)
        self.journal_head = JournalHead(p.store, p.clock)
        self.verify_journal = VerifyJournal(p.store, p.clock)
        self.catalog_head = CatalogHead(p.store)
        self.verify_catalog = VerifyCatalog(p.store)
        self.security_log = self._disclosed(witnessed(SecurityLog(p.store), self._witness))

    def _wire_delivery(self, p: Ports) -> None:
        effect = EffectEmail(p.store, p.notifier, p.clock, p.mailboxes, p.limits)
        self.deliver_notifications = DeliverNotifications(
            p.store, p.clock, p.transport, p.secrets, p.hasher, p.limits, effect, p.operator
        )
        self.list_dead_letters = self._disclosed(ListDeadLetters(p.store))
        self.retry_delivery = self._watched(RetryDelivery(p.store, p.clock))
        self.prune_security_log = self._watched(PruneSecurityLog(p.store, p.clock, p.limits))

    @property
    def _witness(self) -> Witness:
        return Witness(self.ports.store, self.ports.clock, self.ports.identifiers, self.ports.limits)

    def over(self, store: Store) -> Habilitation:
        """The same portal over another store, such as one that joined a transaction of yours.

        No message leaves from it: they wait until somebody delivers, which is for you to begin once you committed.
        """
        return Habilitation(evolve(self.ports, store=store, delivery=None))

    def close(self) -> None:
        """Let go of the store."""
        self.ports.store.close()

    def _act(self, use_case: Undertaking[A, R]) -> UnderTerms[A, R]:
        return self._told(self._untold(use_case))

    def _untold(self, use_case: Undertaking[A, R]) -> UnderTerms[A, R]:
        """An act that gives rise to no messages."""
        return self._watched(self._under_terms(use_case))

    def _in_chunks(self, use_case: Undertaking[A, R]) -> UnderTerms[A, R]:
        """An act of many transactions, each tried again by itself."""
        return self._told(witnessed(self._under_terms(use_case), self._witness))

    def _under_terms(self, use_case: Undertaking[A, R]) -> Undertaken[A, R]:
        return Undertaken(use_case, self.ports.store, self.ports.clock, self.ports.limits)

    def _once(self, use_case: Callable[P, R]) -> Callable[P, R]:
        """An act that gives a session, which is not given again: it is under no terms, and can be done but once."""
        return self._told(self._watched(use_case))

    def _watched(self, use_case: Callable[P, R]) -> Callable[P, R]:
        """The act, tried again over a stale version; a refusal that surfaces is kept in the security log (R43)."""
        return witnessed(retried(use_case), self._witness)

    def _disclosed(self, use_case: Read[A, R]) -> Disclosed[A, R]:
        """The reading, which leaves a line in the security log: an agent's, or of others' data (R36)."""
        return Disclosed(use_case, self._witness)

    def _told(self, act: Callable[P, R]) -> Callable[P, R]:
        """The act, followed by the messages that it gave rise to."""

        @wraps(act, updated=())
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            result = act(*args, **kwargs)
            self._deliver()
            return result

        return told

    def _deliver(self) -> None:
        """The act is committed and stands: what a store refuses now leaves its messages waiting in the outbox."""
        if self.ports.delivery is not None:
            with suppress(Refusal):
                self.deliver_notifications(within=self.ports.delivery)
