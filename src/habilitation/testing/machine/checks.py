"""What must hold after every act, and at the end of a run (I1–I10)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from habilitation.domain import journal
from habilitation.domain.actors import Actor, Asking, Member, Session
from habilitation.domain.messages import Desk, Recipient
from habilitation.domain.organization import Organization
from habilitation.domain.period import Term
from habilitation.domain.refusals import Refusal
from habilitation.domain.requests import (
    DeadLetterSearch,
    OrganizationQuestion,
    UserQuestion,
    UserSearch,
    WaitingSearch,
)
from habilitation.domain.user import Account
from habilitation.domain.values import Identity, OrganizationId, UserId
from habilitation.ports.queries import UserFilter, UserRow
from habilitation.testing.invariants import offences
from habilitation.testing.machine.answering import REMINDERS, Answering
from habilitation.testing.machine.bench import ACCEPTED
from habilitation.testing.machine.lots import SUBJECTS, TOKENS
from habilitation.testing.model import No
from habilitation.testing.model.facts import Gives, Span
from habilitation.testing.world import AFAS, AGENT


class Checks(Answering):
    """Everything that can be compared is compared."""

    round: int = 0
    """Which reader looks around after this act: they take turns."""

    def check_all(self) -> None:
        """After each act."""
        self.sound = False
        for id in self.model.partners:
            self.check_accounts(id)
            self.check_identities(id)
            self.check_seat(id)
            self.check_access(id)
        self.check_past()
        self.check_dead_letters()
        for session in self.sessions[-6:]:
            self.check_session(session)
        if self.main in self.model.partners:
            self.check_reader(self._next_reader())
        self.sound = True

    # Whole accounts

    def check_accounts(self, id: OrganizationId) -> None:
        """What is stored is what the model has, and the rows that lists are made of are the same users (I7)."""
        partner = self.model.partners[id]
        with self.store.reading(id) as rows:
            assert rows.organization is not None
            assert rows.head.at == partner.last
            found = {user: rows.find_row(user) for user in partner.users}
            particulars = rows.particulars()
            listed = rows.users(UserFilter(self.model.instant(id, self.clock.now())), None, 500)
            organization = rows.organization
        assert {row.user.id for row in listed} == {id for id, user in partner.users.items() if not user.removed}
        stored = _portrait(organization, found)
        reached = (particulars.contact.text if particulars.contact else "", str(particulars.postal or ""))
        stored["particulars"] = (particulars.siret.digits, particulars.name, *reached)
        expected = partner.portrait()
        different = {key: (held, expected[key]) for key, held in stored.items() if held != expected[key]}
        assert not different, f"stored, and by the model: {different}"
        self._check_unique(id, [row for row in found.values() if row])

    def _check_unique(self, id: OrganizationId, rows: list[UserRow]) -> None:
        at = self.model.instant(id, self.clock.now())
        emails = Counter(
            row.person.email.normal for row in rows if row.person and row.user.account.status(at).value != "closed"
        )
        assert max(emails.values(), default=1) == 1, "I7: live e-mails are unique in an organization"
        for row in rows:
            known = self.model.keys[id, row.user.id].login
            assert known is None or (row.login and row.login.text == known), "I7: a login stays a user's own"

    def check_identities(self, id: OrganizationId) -> None:
        """R44: what opens which account is what the model has, and of that a digest only."""
        with self.store.reading(id) as rows:
            found = {user: rows.find_credential(user) for user in self.model.partners[id].users}
        for user, credential in found.items():
            subject = self.model.keys[id, user].identity
            expected = subject and Identity(TOKENS.issuer, subject).digest
            assert credential is not None
            assert credential.identity == expected, f"{user} is opened by {credential.identity}, not by {subject}"

    def check_seat(self, id: OrganizationId) -> None:
        """I1: a held seat has a holder, open unless suspended by the operator; no other seat has one."""
        view = self.portal.who_is_administrator(OrganizationQuestion(id), by=AGENT)
        assert (view.seat.value == "held") == (view.user is not None)
        if view.user is not None:
            holder = self.portal.show_user(UserQuestion(id, view.user), by=AGENT)
            status = "suspended" if self.model.partners[id].users[view.user].suspended else "open"
            assert self.model.partners[id].users[view.user].suspended <= {"operator"}
            assert (holder.status.value, holder.closing, holder.administrator) == (status, None, True)
            assert holder.manages is None

    # Reading (R36, R37)

    def _next_reader(self) -> Actor:
        members = [Member(self.main, user) for user in self.model.partners[self.main].users]
        readers: list[Actor] = [AGENT, Asking(AFAS), Member(self.other, UserId("nobody")), *members]
        self.round += 1
        return readers[self.round % len(readers)]

    def check_reader(self, by: Actor) -> None:
        """The users on the reader's list and what is offered on each row, who may be read, what waits."""
        self._compare(lambda: self._listed(by), lambda: self._expected_list(by))
        for agreement in self.model.partners[self.main].conventions:
            asked = UserSearch(self.main, agreement, size=500)
            self._compare(
                lambda asked=asked: {view.id for view in self.portal.list_users(asked, by=by).items},
                lambda agreement=agreement: self.model.listed(self.visit(by), agreement),
            )
        self._compare(lambda: self._waiting(by), lambda: self.model.waiting(self.visit(by)))
        for user in (*self.model.partners[self.main].users, UserId("nobody")):
            self._check_may_read(by, user)

    def visit(self, by: Actor) -> Any:
        return self.model.enter(self.main, by, self.clock.now(), writing=False)

    def _listed(self, by: Actor) -> dict[UserId, set[str]]:
        page = self.portal.list_users(UserSearch(self.main, size=500), by=by)
        return {view.id: {act.value for act in view.acts} for view in page.items}

    def _expected_list(self, by: Actor) -> dict[UserId, set[str]]:
        visit = self.visit(by)
        return {user: self.model.offered(visit, user) for user in self.model.listed(visit)}

    def _waiting(self, by: Actor) -> set[tuple[UserId, int]]:
        page = self.portal.list_waiting_roles(WaitingSearch(self.main, size=500), by=by)
        return {(role.user.id, role.membership.number) for role in page.items}

    def _check_may_read(self, by: Actor, user: UserId) -> None:
        def expected() -> UserId:
            if not self.model.may_read(self.visit(by), user):
                raise No("user-unknown")
            return user

        self._compare(lambda: self.portal.show_user(UserQuestion(self.main, user), by=by).id, expected)

    def check_session(self, session: Session) -> None:
        """I3: a session is accepted as long as the model says, and no longer."""
        asked = OrganizationQuestion(session.organization)
        self._compare(
            lambda: bool(self.portal.who_is_administrator(asked, by=session)),
            lambda: bool(self.model.enter(session.organization, session, self.clock.now(), writing=False)),
        )

    def _compare(self, library: Any, model: Any) -> None:
        try:
            got = library()
        except Refusal as refusal:
            got = refusal.code
        try:
            expected = model()
        except No as no:
            expected = no.code
        assert got == expected, f"{got}, and the model says {expected}"

    # Messages (I10)

    def check_dead_letters(self) -> None:
        listed = Counter(
            (dead.message.notice.kind.value, recipient(dead.message.notice.to), dead.message.notice.about)
            for dead in self.portal.list_dead_letters(DeadLetterSearch(size=200), by=AGENT).items
        )
        assert listed == Counter((mail.kind, mail.to, mail.about) for mail in self.model.dead())

    def deliver(self, weather: str) -> None:
        """Whatever is due leaves, or not, as the weather is."""
        self.sound = False
        self.mailbox.weather[0] = weather
        heads, before, known = self.heads(), self.portraits(), len(self.mailbox.letters)
        tally = self.portal.deliver_notifications()
        letters = self.mailbox.letters[known:]
        expected = self.model.deliver(self.clock.now(), weather, letters)
        self.learn()
        got = Counter(delivered=tally.delivered, delayed=tally.delayed, dropped=tally.dropped, dead=tally.dead)
        assert got == expected, f"{got}, and the model says {expected}"
        after = self.portraits()
        for id, head in self.heads().items():
            assert (head != heads[id]) == (after[id] != before[id]), (
                "delivering is an act where an address changes (R13)"
            )
        for verdict in self.model.effects:
            self._count("nobody", "effect_email", verdict)
        self.model.effects.clear()
        self.sound = True

    # At the end

    def check_end(self) -> None:
        """What can only be seen, or need only be seen, when all is over."""
        for pause in (7, 7, 49):
            self.clock.move(hours=pause)
            self.deliver("fine")
        assert not [mail for mail in self.model.mails if mail.state == "waiting"]
        self.check_past(REMINDERS)
        self.check_both_messages()
        self.check_closed_stay_out()
        self.check_journals()
        self.check_no_secret()

    def check_both_messages(self) -> None:
        """I10: each user who was created, the claimant apart, got the login and the password, or it shows why not."""
        for partner in self.model.partners.values():
            shown = {mail.about for mail in self.model.mails if mail.state in ("dropped", "dead")}
            for user, human in partner.users.items():
                received = [one for address in human.addresses for one in self.mailbox.to(address)]
                letters = [one for one in received if one.organization == partner.name]
                kinds = {letter.kind.value for letter in letters}
                both = "login" in kinds and kinds & {"password", "activation"}
                assert both or user in shown or human.agreement is None or human.erased, (
                    f"I10: {user} never got both messages"
                )

    def check_closed_stay_out(self) -> None:
        """I3, R17: whoever is closed or suspended cannot sign in with anything that was ever sent or chosen."""
        for (id, user), key in self.model.keys.items():
            partner, human = self.model.partners[id], self.model.partners[id].users.get(user)
            at = self.model.instant(id, self.clock.now())
            if partner.standing != "closed" and (human is None or human.status(at) not in ("closed", "suspended")):
                continue
            for secret in [key.own, *(slip for slip, _ in key.slips)]:
                if key.login and secret:
                    assert self._tried("sign_in", (key.login, secret), None)[0] != ACCEPTED, "I3"
            if key.identity:
                entering = (TOKENS.proof(key.identity), id)
                assert self._tried("sign_in_externally", entering, None)[0] != ACCEPTED, "I3"

    def check_journals(self) -> None:
        """I9: each chain holds and replay is what is stored; I2 and I5 can be seen in it; so the catalog's."""
        for id in self.model.partners:
            asked = OrganizationQuestion(id)
            head = self.portal.journal_head(asked, by=AGENT)
            verification = self.portal.verify_journal(asked, by=AGENT, kept=head)
            assert verification.sound, f"I9: {verification}"
            entries = self.store.entries(id)
            assert len(entries) == head.sequence
            assert offences(map(self.store.decode, entries)) == []
        assert journal.verify(self.store.catalog_entries()) is None
        kept = {
            code: [Gives(one.since, one.label, one.permissions, one.needs_document, one.retired) for one in history]
            for code, history in ((group.code, group.definitions) for group in self.store.catalog().groups.values())
        }
        assert kept == {code: group.history for code, group in self.model.groups.items()}
        live = [partner.siret for partner in self.model.partners.values() if partner.standing != "closed"]
        assert len(live) == len(set(live)), "I7: a live SIRET is unique"

    def check_no_secret(self) -> None:
        """I10: no password and no session's token is anywhere in the store; no letter has both halves."""
        kept = self.kept()
        assert self.main.encode() in kept, "what is searched is the store"
        for secret in self.secrets | {session.token for session in self.sessions} | {*SUBJECTS}:
            assert secret.encode() not in kept, "I10: a secret is in clear in the store"
        assert not [letter for letter in self.mailbox.letters if letter.login and (letter.password or letter.token)]
        self.check_nothing_of_the_erased(kept)

    def check_nothing_of_the_erased(self, kept: bytes) -> None:
        """R18, R41: no address of the erased, nor of those of a dropped organization, unless somebody else has it."""
        living = [human for partner in self.model.partners.values() for human in partner.users.values()]
        dropped = [human for partner in self.model.dropped.values() for human in partner.users.values()]
        gone = {address for human in living if human.erased for address in human.addresses}
        gone |= {address for human in dropped for address in human.addresses}
        for address in gone - {address for human in living if not human.erased for address in human.addresses}:
            assert address.encode() not in kept, "R18: an erased person's address is in the store"


def recipient(to: Recipient) -> str:
    """A user's id, or the desk's name."""
    return to.value if isinstance(to, Desk) else to


def _portrait(organization: Organization, rows: dict[UserId, UserRow | None]) -> dict[str, Any]:
    """The stored state in the model's terms."""
    seat = organization.seat
    letters = seat.first_credentials
    return {
        "standing": (organization.state.value, organization.control.value == "taken"),
        "seat": (seat.state.value, seat.holder, (letters.user, letters.expires) if letters else None),
        "agreements": {
            id: (
                one.reference,
                one.state.value,
                _span(one.term),
                set(one.services),
                {code: opened.state.value for code, opened in one.groups.items()},
            )
            for id, one in organization.agreements.items()
        },
        "users": {id: _user(row) if row else None for id, row in rows.items()},
    }


def _user(row: UserRow) -> dict[str, Any]:
    user, person, change = row.user, row.person, row.user.email_change
    phone = person.phone.e164 if person and person.phone else None
    return {
        "agreement": user.agreement,
        "mobile": user.mobile,
        "removed": user.removed,
        "suspended": {side.value for side in user.suspended},
        "erased": user.erased,
        "person": person and (person.last_name.text, person.first_name.text, person.email.normal, phone),
        "addresses": person and tuple(one and one.text for one in (person.email, person.wanted, person.former)),
        "move": (user.address, change and (change.number, change.own, change.state.value)),
        "stints": [_stint(account) for account in user.accounts],
    }


def _stint(account: Account) -> Any:
    managing = account.delegation
    return (
        _span(account.term),
        {held.number: (held.place, _span(held.term), held.waiting, held.assigned) for held in account.memberships},
        managing and (managing.scope.places, _span(managing.term)),
    )


def _span(term: Term) -> Span:
    return Span(term.start, term.end, term.opening, term.closing)
