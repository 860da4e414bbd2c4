"""The operator's acts, as the model sees them: the catalog, organizations, agreements, the seat (R1–R4, R8, R9)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from attrs import define

from habilitation.domain.actors import Actor, OperatorAgent
from habilitation.domain.period import Dates
from habilitation.domain.requests import (
    AgreementValidation,
    GroupChange,
    GroupOpening,
    GroupRetirement,
    NewAgreement,
    NewGroup,
    NewOrganization,
    NewService,
    Reissue,
    Replacement,
    Vacancy,
)
from habilitation.domain.values import AgreementId, GroupCode, Permission, ServiceCode, UserId
from habilitation.testing.model import typed
from habilitation.testing.model.facts import Convention, Gives, Group, Human, Key, No, Partner, Span
from habilitation.testing.model.rights import TOLERANCE, Rights, Visit
from habilitation.testing.strategies import BAD_MAILBOXES

FIRST_CREDENTIALS = timedelta(days=60)

Then = Callable[[Any], None]


@define
class Opening(Rights):
    """What the operator does."""

    # The catalog (R3)

    def define_service(self, asked: NewService, by: Actor, now: datetime) -> Then:
        self._require_agent(by)
        code = ServiceCode(typed.code(asked.code))
        if code in self.services:
            raise No("service-defined-already")
        label = typed.label(asked.label)
        at = self._catalog_instant(now)

        def then(drawn: Any) -> None:
            self.services[code] = label
            self.cataloged = at

        return then

    def define_group(self, asked: NewGroup, by: Actor, now: datetime) -> Then:
        self._require_agent(by)
        code = GroupCode(typed.code(asked.code))
        if asked.service not in self.services:
            raise No("service-unknown")
        if code in self.groups:
            raise No("group-defined-already")
        self._require_of_service(asked.service, asked.permissions)
        label = typed.label(asked.label)
        at = self._catalog_instant(now)

        def then(drawn: Any) -> None:
            given = Gives(at, label, frozenset(asked.permissions), asked.needs_document)
            self.groups[code] = Group(asked.service, [given])
            self.cataloged = at

        return then

    def _require_of_service(self, service: ServiceCode, permissions: Collection[Permission]) -> None:
        """Something, and nothing that another service's group gives or gave (R3)."""
        for permission in permissions:
            typed.code(permission)
        if not permissions:
            raise No("permissions-missing")
        strangers = (group for group in self.groups.values() if group.service != service)
        if any(given.permissions & set(permissions) for group in strangers for given in group.history):
            raise No("permission-of-another-service")

    def change_group(self, asked: GroupChange, by: Actor, now: datetime) -> Then:
        self._require_agent(by)
        group = self._in_catalog(asked.code)
        given = group.now
        label = given.label if asked.label is None else typed.label(asked.label)
        if asked.permissions is not None:
            self._require_of_service(group.service, asked.permissions)
        permissions = given.permissions if asked.permissions is None else frozenset(asked.permissions)
        needs = given.needs_document if asked.needs_document is None else asked.needs_document
        return self._defined(group, now, Gives(given.since, label, permissions, needs))

    def retire_group(self, asked: GroupRetirement, by: Actor, now: datetime) -> Then:
        self._require_agent(by)
        group = self._in_catalog(asked.code)
        return self._defined(group, now, group.now._replace(permissions=frozenset(), retired=True))

    def _in_catalog(self, code: GroupCode) -> Group:
        if code not in self.groups:
            raise No("group-unknown")
        if self.groups[code].now.retired:
            raise No("group-retired")
        return self.groups[code]

    def _defined(self, group: Group, now: datetime, given: Gives) -> Then:
        """From now on; the same again is no fact."""
        at = self._catalog_instant(now)

        def then(drawn: Any) -> None:
            if given != group.now:
                group.history.append(given._replace(since=at))
                self.cataloged = at

        return then

    def _require_agent(self, by: Actor) -> None:
        if not isinstance(by, OperatorAgent):
            raise No("act-forbidden")
        typed.code(by.agent)

    def _catalog_instant(self, now: datetime) -> datetime:
        last = self.cataloged or now
        if last - now > TOLERANCE:
            raise No("clock-behind")
        return max(now, last)

    # Organizations and their first credentials (R1, R4)

    def open_organization(self, asked: NewOrganization, by: Actor, now: datetime) -> Then:
        self._require_agent(by)
        siret, name = typed.siret(asked.siret), typed.label(asked.name)
        contact, postal = typed.contact(asked.contact, asked.postal)
        if not (contact or postal):
            raise No("contact-missing")
        self._require_siret_free(siret)

        def then(drawn: Any) -> None:
            self.partners[drawn.id] = Partner(siret, name, contact, now, postal=postal)
            self._issue(Visit(self.partners[drawn.id], now, now, "operator", None, None), drawn)

        return then

    def _require_siret_free(self, siret: str) -> None:
        if any(partner.siret == siret and partner.standing != "closed" for partner in self.partners.values()):
            raise No("siret-taken")

    def reissue_credentials(self, asked: Reissue, by: Actor, now: datetime) -> Then:
        visit = self._operating(asked.organization, by, now)
        if visit.partner.seat == "held":
            raise No("seat-taken")

        def then(drawn: Any) -> None:
            self._kill_letters(visit, drawn)
            self._issue(visit, drawn)

        return then

    def _issue(self, visit: Visit, drawn: Any) -> None:
        """The user's id was drawn by the library: it is reserved for whoever will claim."""
        claimant: UserId = drawn.seat.first_credentials.user
        assert (drawn.id, claimant) not in self.keys, "each claimant is somebody new (R4)"
        expires = visit.at + FIRST_CREDENTIALS
        visit.partner.letters = (claimant, expires)
        visit.partner.last = visit.at
        self.keys[drawn.id, claimant] = Key("first-credentials", expires=expires)
        self.send_two(visit.now, drawn.id, "first-", "contact", claimant)

    def _kill_letters(self, visit: Visit, drawn: Any) -> None:
        if visit.partner.letters:
            key = self.keys[drawn.id, visit.partner.letters[0]]
            key.renewed("nothing")
            key.login = None
            visit.partner.letters = None

    def _operating(self, organization: Any, by: Actor, now: datetime) -> Visit:
        visit = self.enter(organization, by, now)
        self.require(visit, "operate")
        return visit

    # Agreements (R2)

    def open_agreement(self, asked: NewAgreement, by: Actor, now: datetime) -> Then:
        typed.label(asked.name)
        visit = self._operating(asked.organization, by, now)
        typed.code(asked.reference)
        if any(held.reference == asked.reference for held in visit.partner.conventions.values()):
            raise No("reference-taken")
        if not set(asked.services) <= set(self.services):
            raise No("service-unknown")
        span = self.paper_span(asked.dates, visit.at)
        for group in asked.groups:
            self._require_of(group, set(asked.services))

        def then(drawn: Any) -> None:
            visit.partner.conventions[drawn.id] = Convention(
                asked.reference, span, set(asked.services), dict.fromkeys(asked.groups, "open")
            )
            visit.partner.last = visit.at

        return then

    def paper_span(self, dates: Dates, at: datetime) -> Span:
        """An agreement may be dated from a past day, but it takes effect no sooner than now."""
        today = self.today(at)
        opening, closing = dates.opening or today, dates.closing
        start = self.start_of(opening) if opening > today else at
        if closing is not None and closing <= opening:
            raise No("closing-not-after-opening")
        if closing is not None and closing <= today:
            raise No("closing-in-past")
        return Span(start, self.start_of(closing) if closing else None, opening, closing)

    def _require_of(self, group: GroupCode, services: set[ServiceCode]) -> None:
        if group not in self.groups:
            raise No("group-unknown")
        if self.groups[group].now.retired:
            raise No("group-retired")
        if self.groups[group].service not in services:
            raise No("service-not-opened")

    def validate_agreement(self, asked: AgreementValidation, by: Actor, now: datetime) -> Then:
        visit = self._operating(asked.organization, by, now)
        convention = self._unfinished(visit, asked.agreement)
        if convention.state != "draft":
            raise No("agreement-validated-already")

        def then(drawn: Any) -> None:
            convention.state = "validated"
            visit.partner.last = visit.at

        return then

    def open_group(self, asked: GroupOpening, by: Actor, now: datetime) -> Then:
        visit = self._operating(asked.organization, by, now)
        convention = self._unfinished(visit, asked.agreement)
        self._require_of(asked.group, convention.services)
        if convention.opens(asked.group):
            raise No("group-opened-already")

        def then(drawn: Any) -> None:
            convention.groups[asked.group] = "open"
            visit.partner.last = visit.at

        return then

    def _unfinished(self, visit: Visit, agreement: AgreementId) -> Convention:
        convention = self.convention(visit, agreement)
        if convention.state == "ended" or convention.span.gone(visit.at):
            raise No("agreement-over")
        return convention

    # The seat (R6, R8)

    def replace_administrator(self, asked: Replacement, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        incoming = self.known(visit, asked.incoming)
        if incoming.email.partition("@")[0] in BAD_MAILBOXES:
            raise No("email-not-nominative")
        if visit.partner.seat == "unclaimed":
            raise No("seat-unclaimed")
        if visit.partner.holder == asked.incoming:
            raise No("holds-seat-already")
        if incoming.status(visit.at) != "open":
            raise No("user-not-open")

        def then(drawn: Any) -> None:
            self._kill_letters(visit, drawn)
            self._leave(visit, asked)
            self._end_delegation(visit, incoming)
            span = incoming.stint.span
            incoming.stint.span = span._replace(end=None, closing=None)
            visit.partner.seat, visit.partner.holder = "held", asked.incoming
            for to in ("contact", "operator", asked.incoming):
                self.tell(visit.now, asked.organization, "administrator-named", to, asked.incoming)

        return then

    def declare_vacancy(self, asked: Vacancy, by: Actor, now: datetime) -> Then:
        typed.code(asked.reason.code)
        visit = self._operating(asked.organization, by, now)
        if visit.partner.seat != "held":
            raise No(f"seat-{visit.partner.seat}")

        def then(drawn: Any) -> None:
            assert visit.partner.holder is not None
            for desk in ("contact", "operator"):
                self.tell(visit.now, asked.organization, "seat-vacated", desk, visit.partner.holder)
            self._leave(visit, asked)
            visit.partner.seat, visit.partner.holder = "vacant", None

        return then

    def _leave(self, visit: Visit, asked: Replacement | Vacancy) -> None:
        """What the act says of the former holder, and of those to whom was delegated."""
        partner = visit.partner
        partner.last = visit.at
        if asked.end_delegations:
            for user in partner.users.values():
                self._end_delegation(visit, user)
        if asked.close_former and partner.holder:
            stint = partner.users[partner.holder].stint
            stint.span = stint.span.ended(visit.at, self.today(visit.at))

    def _end_delegation(self, visit: Visit, user: Human) -> None:
        managing = user.delegation(visit.at)
        if managing:
            managing.span = managing.span.ended(visit.at, self.today(visit.at))
