"""Another e-mail address, as the model sees it: asked for, confirmed, objected to, in effect (R6, R11, R13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from attrs import define

from habilitation.domain.actors import Actor
from habilitation.domain.requests import EmailChanging, EmailConfirmation, EmailObjection
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.model import typed
from habilitation.testing.model.facts import Human, Key, Mail, Move, No
from habilitation.testing.model.rights import KEPT_OUT, TOLERANCE, Rights, Visit
from habilitation.testing.strategies import BAD_MAILBOXES

CONFIRMATION, OBJECTION, A_DAY = timedelta(days=7), timedelta(hours=48), timedelta(days=1)
CHANGES_A_DAY = 3
LOOK_AGAIN = timedelta(hours=1)

Then = Callable[[Any], None]


class Whose(NamedTuple):
    """A user whose address is about to change, at an instant."""

    visit: Visit
    organization: OrganizationId
    id: UserId
    user: Human
    key: Key

    @property
    def move(self) -> Move:
        return self.user.moves[-1]


@define
class Emails(Rights):
    """Changes of address, and what delivering has to do with them."""

    # Asking

    def change_email(self, asked: EmailChanging, by: Actor, now: datetime) -> Then:
        email = typed.email(asked.email)
        if asked.email_confirmation is not None and asked.email_confirmation.strip().lower() != email:
            raise No("email-confirmation-differs")
        visit = self.enter(asked.organization, by, now)
        user = self.known(visit, asked.user)
        own = visit.me == asked.user
        self._require_changing(visit, asked.user, own=own)
        whose = Whose(visit, asked.organization, asked.user, user, self.keys[asked.organization, asked.user])
        self._require_nominative(whose, email)
        if asked.email.strip() == user.written:
            return self._withdrawn(whose)
        self._require_free(whose, email, whoever=False)
        if len([move for move in user.moves if move.asked > visit.at - A_DAY]) >= CHANGES_A_DAY:
            raise No("email-changes-too-many")
        move = Move(user.written, asked.email.strip(), own, visit.at)
        return lambda drawn: self._ask(whose, move)

    def _require_changing(self, visit: Visit, target: UserId, *, own: bool) -> None:
        if own:
            self.require(visit, "own")
            return
        self.require_on(visit, "change-email", target)
        if visit.partner.users[target].status(visit.at) == "closed":
            raise No("user-closed")

    def _require_nominative(self, whose: Whose, email: str) -> None:
        if whose.visit.partner.holder == whose.id and email.partition("@")[0] in BAD_MAILBOXES:
            raise No("email-not-nominative")

    def _require_free(self, whose: Whose, email: str, *, whoever: bool) -> None:
        """Nobody who is not closed has it; as it is asked for, only those are told whom the actor may read (R37)."""
        at = whose.visit.at
        for id, other in whose.visit.partner.users.items():
            taken = id != whose.id and other.email == email and other.status(at) != "closed"
            if taken and (whoever or self.may_read(whose.visit, id)):
                raise No("email-taken")

    def _withdrawn(self, whose: Whose) -> Then:
        """The present address is wanted, and no other."""
        if not whose.user.move or not whose.user.move.pending:
            raise No("email-unchanged")
        return lambda drawn: self._keep(whose)

    def _ask(self, whose: Whose, move: Move) -> None:
        whose.user.moves.append(move)
        whose.visit.partner.last = whose.visit.at
        if not move.own and not whose.key.opened:
            self._write(whose, "email-changed")
            self._take_effect(whose)
            return
        self._write(whose, "email-confirmation")
        if not move.own:
            self._write(whose, "email-objection")

    def _write(self, whose: Whose, kind: str) -> None:
        number = len(whose.user.moves)
        self.mails.append(Mail(whose.organization, kind, whose.id, whose.id, number, whose.visit.now))

    # Following a link

    def confirm_email(self, asked: tuple[EmailConfirmation], by: None, now: datetime) -> Then:
        whose = self._followed("email-confirmation", asked[0].token, ("asked",), now)
        standing = self.standing(whose.visit, whose.user)
        if standing != "open":
            raise No(KEPT_OUT[standing])
        due = whose.move.due(whose.visit.at)
        if due:
            self._require_possible(whose)

        def then(drawn: Any) -> None:
            whose.move.state = "confirmed"
            whose.visit.partner.last = whose.visit.at
            self._write(whose, "email-changed")
            if due:
                self._take_effect(whose)
            assert drawn.value == whose.move.state

        return then

    def object_to_email(self, asked: tuple[EmailObjection], by: None, now: datetime) -> Then:
        whose = self._followed("email-objection", asked[0].token, ("asked", "confirmed"), now)
        if self.standing(whose.visit, whose.user) == "closed":
            raise No("account-is-closed")
        return lambda drawn: self._keep(whose)

    def _followed(self, kind: str, token: str, states: tuple[str, ...], now: datetime) -> Whose:
        link = self.links.get(token)
        if link is None or link.kind != kind:
            raise No("link-unknown")
        whose = self._spoken_for(link.organization, link.user, now)
        if whose.visit.partner.last - now > TOLERANCE:
            raise No("clock-behind")
        if link.expires <= whose.visit.at:
            raise No("link-expired")
        if link.generation != len(whose.user.moves) or whose.move.state not in states:
            raise No("link-used")
        return whose

    def _spoken_for(self, organization: OrganizationId, id: UserId, now: datetime) -> Whose:
        """Whoever reads the mailbox, and is nobody's actor."""
        partner = self.partners[organization]
        visit = Visit(partner, now, max(now, partner.last), "nobody", None, None)
        return Whose(visit, organization, id, partner.users[id], self.keys[organization, id])

    # Taking effect

    def _require_possible(self, whose: Whose) -> None:
        email = whose.move.new.lower()
        self._require_nominative(whose, email)
        self._require_free(whose, email, whoever=True)

    def _take_effect(self, whose: Whose) -> None:
        """What was on its way to the old address is void, and leaves anew."""
        user, key, (visit, organization, id, *_) = whose.user, whose.key, whose
        user.written, whose.move.state, visit.partner.last = whose.move.new, "changed", visit.at
        if key.own and any(asked > visit.at - A_DAY for asked in key.forgotten):
            self.send_proof(visit.now, organization, "password-link", id, id)
        if key.standing == "provisional-password":
            key.renewed("provisional-password")
            self.send_two(visit.now, organization, "", id, id)

    def _keep(self, whose: Whose) -> None:
        """Nothing comes of it: the administrator and the operator are told."""
        whose.move.state, whose.visit.partner.last = "kept", whose.visit.at
        for to in (whose.visit.partner.holder, "operator"):
            if to:
                self.tell(whose.visit.now, whose.organization, "email-kept", to, whose.id)

    # Delivery

    def awaits(self, mail: Mail, now: datetime) -> datetime | None:
        """Until when the message waits that tells the old address: as it is to leave, the change takes effect."""
        if mail.kind != "email-changed":
            return None
        whose = self._spoken_for(mail.organization, mail.about, now)
        if mail.generation != len(whose.user.moves) or whose.move.state != "confirmed":
            return None
        if self.standing(whose.visit, whose.user) == "closed":
            return None
        if not whose.move.due(whose.visit.at):
            return whose.move.objectable or whose.visit.at + LOOK_AGAIN
        self._settle(whose)
        return None

    def _settle(self, whose: Whose) -> None:
        try:
            self._require_possible(whose)
        except No as no:
            self._keep(whose)
            self.effects.append(no.code)
        else:
            self._take_effect(whose)
            self.effects.append("accepted")

    def has_news(self, mail: Mail) -> bool:
        """Whether a message about a change still says something."""
        user = self.partners[mail.organization].users.get(mail.about)
        assert user, "nobody's address changes who is no user yet"
        if mail.kind == "email-changed":
            return mail.generation == user.address
        state = user.move.state if user.move and mail.generation == len(user.moves) else "overtaken"
        return state == "asked" or (state == "confirmed" and mail.kind == "email-objection")

    def address(self, mail: Mail) -> str:
        """A user's present address, the one to come, or the one before."""
        user = self.partners[mail.organization].users[UserId(mail.to)]
        if mail.kind == "email-confirmation":
            return user.moves[-1].new.lower()
        if mail.kind == "email-changed":
            return user.moves[user.address - 1].old.lower()
        return user.email

    def told(self, mail: Mail, expires: datetime) -> None:
        """A link left, or was to leave: an attempt counts as telling."""
        if mail.kind == "email-objection":
            move = self.partners[mail.organization].users[mail.about].moves[-1]
            move.objectable = max(expires, move.objectable or expires)
