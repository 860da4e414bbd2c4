"""First access and delivery, as the model sees them (R4, R5, R12, R19–R21, R23)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from attrs import define

from habilitation.domain.actors import Session
from habilitation.domain.messages import Letter
from habilitation.domain.requests import AdministratorClaim, PasswordByLink, PasswordChange, PasswordChoice
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.model import typed
from habilitation.testing.model.emails import CONFIRMATION, OBJECTION, Emails
from habilitation.testing.model.facts import Human, Key, Link, Mail, No, Partner, Span, Stay, Stint
from habilitation.testing.model.rights import KEPT_OUT, TOLERANCE
from habilitation.testing.strategies import BAD_MAILBOXES

PROVISIONAL_PASSWORD = timedelta(days=30)
SESSION = timedelta(hours=12)
ACTIVATIONS = ("activation", "first-activation")
LINKS = {
    "password-link": timedelta(hours=24),
    "email-confirmation": CONFIRMATION,
    "email-objection": OBJECTION,
    **dict.fromkeys(ACTIVATIONS, timedelta(days=30)),
}
"""The kinds of messages that hold a one-time link, and how long it is good after it left."""
FORGOTTEN_A_DAY = 3
ATTEMPTS = 10
LOGINS, PASSWORDS = ("first-login", "login", "login-reminder"), ("first-password", "password", "password-forced")
"""The kinds of messages that hold the one or the other."""
TEXT_SHOWN = "2026-1"
"""The version of the responsibility's text that the fake operator shows."""

Then = Callable[[Any], None]


@define
class Keys(Emails):
    """Logins, passwords, sessions, and the messages that carry them."""

    def instant(self, organization: OrganizationId, now: datetime) -> datetime:
        """An organization's time never goes back (R40)."""
        return max(now, self.partners[organization].last)

    # Signing in and out (R5, R22, R23)

    def sign_in(self, asked: tuple[str, str], by: None, now: datetime) -> Then:
        owner, key = self._proved(*asked)
        organization, id = owner
        at = self.instant(organization, now)
        user = self.partners[organization].users.get(id)
        if self.partners[organization].standing == "closed":
            raise No("account-is-closed")
        if user and user.status(at) != "open":
            raise No(KEPT_OUT[user.status(at)])
        slip = next((slip for slip in key.slips if slip[0] == asked[1]), None)
        if slip:
            self._require_fresh(key, slip[1], user, at)

        def then(drawn: Any) -> None:
            if slip and not key.used:
                key.slips, key.used, key.opened = [slip], True, True
            self._stay(getattr(drawn, "session", drawn), key, user.spell if user else 0, at)

        return then

    def _proved(self, login: str, password: str) -> tuple[tuple[OrganizationId, UserId], Key]:
        for owner, key in self.keys.items():
            known = {slip for slip, _ in key.slips if slip} | ({key.own} if key.own else set())
            if key.login and key.login == login.upper().replace("-", "") and password in known:
                return owner, key
        raise No("sign-in-refused")

    def _require_fresh(self, key: Key, minted: datetime, user: Human | None, at: datetime) -> None:
        if key.expires is not None and key.expires <= at:
            raise No("credentials-expired")
        opening = user.stint.span.start if user else minted
        if key.expires is None and max(minted, opening) + PROVISIONAL_PASSWORD <= at:
            raise No("password-expired")

    def _stay(self, session: Session, key: Key, stint: int, at: datetime, identity: str | None = None) -> None:
        assert session.token not in self.stays, "tokens are not used twice (R23)"
        stay = Stay(session.organization, session.user, key.generation, stint, key.standing, at + SESSION, identity)
        assert session.stage.value == stay.stage
        assert session.expires == stay.expires
        self.stays[session.token] = stay

    def sign_out(self, asked: None, by: Session, now: datetime) -> Then:
        def then(drawn: Any) -> None:
            self.stays.pop(by.token, None)

        return then

    def _found(self, by: Session, now: datetime) -> Stay:
        stay = self.stays.get(by.token)
        if stay is None or stay.expires <= now:
            raise No("session-ended")
        return stay

    # The seat claimed, a password chosen (R5, R6, R19)

    def claim_administrator(self, asked: AdministratorClaim, by: Session, now: datetime) -> Then:
        stay = self._found(by, now)
        if stay.stage != "first-credentials":
            raise No("act-forbidden")
        last_name, first_name = typed.name(asked.last_name), typed.name(asked.first_name)
        email, phone = typed.email(asked.email), typed.phone(asked.phone)
        if email.partition("@")[0] in BAD_MAILBOXES:
            raise No("email-not-nominative")
        self.require_claiming_by(stay, asked.password)
        at = self._claimable(stay, asked, now)
        opened = self.opened_by(stay, asked.password, at)
        others = self.partners[stay.organization].users.values()
        if any(other.email == email and other.status(at) != "closed" for other in others):
            raise No("email-taken")

        def then(drawn: Session) -> None:
            partner = self.partners[stay.organization]
            stint = Stint(Span(at, None, self.today(at), None))
            partner.users[stay.user] = Human(None, False, last_name, first_name, asked.email.strip(), phone, [stint])
            partner.seat, partner.holder, partner.letters, partner.last = "held", stay.user, None, at
            opened()
            self._stay(drawn, self.keys[stay.organization, stay.user], 1, at)
            for desk in ("contact", "operator"):
                self.tell(now, stay.organization, "administrator-named", desk, stay.user)

        return then

    def require_claiming_by(self, stay: Stay, password: str) -> None:
        typed.password(password)

    def opened_by(self, stay: Stay, password: str, at: datetime) -> Callable[[], None]:
        """What opens the account from the claim on."""
        key = self.keys[stay.organization, stay.user]
        if password in [slip for slip, _ in key.slips]:
            raise No("password-unchanged")
        return lambda: key.chosen(password)

    def _claimable(self, stay: Stay, asked: AdministratorClaim, now: datetime) -> datetime:
        partner = self.partners[stay.organization]
        if partner.last - now > TOLERANCE:
            raise No("clock-behind")
        at = self.instant(stay.organization, now)
        if partner.seat == "held":
            raise No("organization-claimed")
        self._require_claiming(partner)
        if partner.letters is None or partner.letters[0] != stay.user:
            raise No("credentials-reissued")
        if partner.letters[1] <= at:
            raise No("credentials-expired")
        if asked.acknowledged != TEXT_SHOWN:
            raise No("text-not-acknowledged")
        return at

    def _require_claiming(self, partner: Partner) -> None:
        if partner.standing != "open":
            raise No(f"organization-{partner.standing}")
        if partner.controlled:
            raise No("control-taken")

    def choose_password(self, asked: PasswordChoice, by: Session, now: datetime) -> Then:
        stay = self._found(by, now)
        if stay.stage != "provisional-password":
            raise No("claim-demanded" if stay.stage == "first-credentials" else "password-chosen-already")
        at = self.instant(stay.organization, now)
        self.require_stay(stay, at)
        if self.partners[stay.organization].standing == "closed":
            raise No("account-is-closed")
        typed.password(asked.password)
        key = self.keys[stay.organization, stay.user]
        if asked.password in [slip for slip, _ in key.slips]:
            raise No("password-unchanged")

        def then(drawn: Session) -> None:
            del self.stays[by.token]
            key.chosen(asked.password)
            self._stay(drawn, key, stay.stint, at)

        return then

    def change_own_password(self, asked: PasswordChange, by: Session, now: datetime) -> Then:
        stay = self._found(by, now)
        if stay.stage != "own-password":
            raise No("claim-demanded" if stay.stage == "first-credentials" else "password-choice-demanded")
        at = self.instant(stay.organization, now)
        self.require_stay(stay, at)
        if self.partners[stay.organization].standing == "closed":
            raise No("account-is-closed")
        key = self.keys[stay.organization, stay.user]
        if asked.current != key.own:
            raise No("current-password-wrong")
        self._require_choosable(key, asked.password)

        def then(drawn: Session) -> None:
            del self.stays[by.token]
            key.chosen(asked.password)
            self._stay(drawn, key, stay.stint, at)

        return then

    def _require_choosable(self, key: Key, password: str) -> None:
        """R19: another one than what it replaces."""
        typed.password(password)
        if password in [*(slip for slip, _ in key.slips), key.own]:
            raise No("password-unchanged")

    # What was forgotten (R21)

    def forgot_password(self, asked: tuple[str], by: None, now: datetime) -> Then:
        """Always answered; a link leaves for whoever could sign in."""
        typed = asked[0].upper().replace("-", "")
        owner = next((owner for owner, key in self.keys.items() if key.login and key.login == typed), None)
        return lambda drawn: self._remind("password-link", owner, now)

    def forgot_login(self, asked: tuple[str, str], by: None, now: datetime) -> Then:
        siret, email = asked[0].replace(" ", ""), asked[1].strip().lower()
        owner = next(
            (
                (organization, user)
                for organization, partner in self.partners.items()
                for user, human in partner.users.items()
                if partner.siret == siret and human.email == email
                if self._kept_out(organization, user, self.instant(organization, now)) is None
            ),
            None,
        )
        return lambda drawn: self._remind("login-reminder", owner, now)

    def _kept_out(self, organization: OrganizationId, user: UserId, at: datetime) -> str | None:
        """Why the user is not let in, if so."""
        partner = self.partners[organization]
        status = "closed" if partner.standing == "closed" else partner.users[user].status(at)
        return KEPT_OUT.get(status)

    def _remind(self, kind: str, owner: tuple[OrganizationId, UserId] | None, now: datetime) -> None:
        """At most three a day; whoever has an identity and no password has nothing to forget (R44)."""
        if owner is None or owner[1] not in self.partners[owner[0]].users:
            return
        key, at = self.keys[owner], self.instant(owner[0], now)
        if self._kept_out(*owner, at) or (key.identity and not key.own):
            return
        if len([asked for asked in key.forgotten if asked > at - timedelta(days=1)]) < FORGOTTEN_A_DAY:
            key.forgotten.append(at)
            self.send_proof(now, owner[0], kind, owner[1], owner[1])

    def choose_password_by_link(self, asked: tuple[PasswordByLink], by: None, now: datetime) -> Then:
        """It opens no session."""
        link = self.link(asked[0].token, "password-link")
        key = self.keys[link.organization, link.user]
        self.require_followed(link, self.instant(link.organization, now))
        self._require_choosable(key, asked[0].password)
        return lambda drawn: key.chosen(asked[0].password)

    # Links (R13, R21, R44)

    def link(self, token: str, *kinds: str) -> Link:
        link = self.links.get(token)
        if link is None or link.kind not in kinds:
            raise No("link-unknown")
        return link

    def require_followed(self, link: Link, at: datetime) -> None:
        """Neither too late nor of a generation that is over, and to somebody who is let in, if it is anybody yet."""
        if link.expires <= at:
            raise No("link-expired")
        if link.generation != sum(self.proving(link.organization, link.user)):
            raise No("link-used")
        if link.user in self.partners[link.organization].users:
            why = self._kept_out(link.organization, link.user, at)
            if why:
                raise No(why)

    # Delivery (R12, R20)

    def deliver(self, now: datetime, weather: str, letters: list[Letter]) -> Counter[str]:
        """What becomes of every message that is due; the letters that left are matched, and none is left over."""
        tally: Counter[str] = Counter()
        left = list(letters)
        while due := [mail for mail in self.mails if mail.state == "waiting" and mail.due <= now]:
            mail = min(due, key=lambda mail: mail.due)
            mail.attempts += 1
            self._attempt(mail, now, weather, left)
            tally["delayed" if mail.state == "waiting" else mail.state] += 1
        assert not left, f"letters that nobody expected: {left}"
        return tally

    def _attempt(self, mail: Mail, now: datetime, weather: str, left: list[Letter]) -> None:
        later = self.awaits(mail, now)
        if later:
            mail.due, mail.attempts = later, mail.attempts - 1
            return
        if not self._is_worth_sending(mail, self.instant(mail.organization, now)):
            mail.state = "dropped"
            return
        letter = self._taken(mail, left) if weather in ("fine", "unanswered") else None
        self._learn(mail, letter, now)
        if weather == "fine":
            mail.state = "delivered"
        elif weather == "refused" or mail.attempts >= ATTEMPTS:
            mail.state = "dead"
        else:
            mail.due = now + min(timedelta(minutes=1) * 2 ** (mail.attempts - 1), timedelta(hours=6))

    def _is_worth_sending(self, mail: Mail, at: datetime) -> bool:
        partner = self.partners[mail.organization]
        if mail.kind.startswith("first-") and (partner.letters is None or partner.letters[0] != mail.about):
            return False
        if mail.kind.startswith("first-") and self.keys[mail.organization, mail.about].expires <= at:  # type: ignore[operator]
            return False
        if mail.to in partner.users and (
            partner.standing == "closed" or partner.users[UserId(mail.to)].status(at) == "closed"
        ):
            return False
        key = self.keys[mail.organization, mail.about]
        if mail.generation is None or mail.kind == "login-reminder":
            return True
        if mail.kind.startswith("email-"):
            return self.has_news(mail)
        if mail.proves != self.proving(mail.organization, mail.about):
            return False
        return mail.kind in LINKS or (not key.used and key.standing != "own-password")

    def _taken(self, mail: Mail, left: list[Letter]) -> Letter:
        expected = (mail.kind, self._address(mail), self.partners[mail.organization].name)
        for letter in left:
            if (letter.kind.value, letter.to.text.lower(), letter.organization) == expected:
                left.remove(letter)
                return letter
        raise AssertionError(f"no letter left for {expected}")

    def _address(self, mail: Mail) -> str:
        partner = self.partners[mail.organization]
        both = (partner.postal, partner.contact)
        by_post_first = both if mail.kind.startswith("first-") else both[::-1]
        desks = {"contact": next(filter(None, by_post_first)).lower(), "operator": "operator@portal.example"}
        return desks[mail.to] if mail.to in desks else self.address(mail)

    def _learn(self, mail: Mail, letter: Letter | None, now: datetime) -> None:
        """What the reader of the letter knows from then on; a password was minted even where no letter came."""
        key = self.keys[mail.organization, mail.about]
        if mail.kind in LOGINS and letter:
            others = [other.login for other in self.keys.values() if other is not key]
            assert letter.login, "the login is in its message"
            assert letter.login not in others, "I7: logins are unique"
            assert key.login in (None, letter.login), "a login never changes"
            key.login = letter.login
        if mail.kind in PASSWORDS:
            key.slips.append((letter.password if letter else None, now))
        if mail.kind in LINKS:
            self.told(mail, self._link_ends(mail, now))
        if mail.kind in LINKS and letter:
            assert letter.token, "the link is in its message"
            assert letter.expires == self._link_ends(mail, now)
            assert mail.generation, "a message with a link names a generation"
            self.links[letter.token] = Link(mail.kind, mail.organization, mail.about, mail.generation, letter.expires)
        if letter:
            held = (letter.login is not None, letter.password is not None, letter.token is not None)
            assert held == (mail.kind in LOGINS, mail.kind in PASSWORDS, mail.kind in LINKS)

    def _link_ends(self, mail: Mail, now: datetime) -> datetime:
        """Those to activate count from the account's opening, if that comes later; the first dies with its key (R4)."""
        if mail.kind not in ACTIVATIONS:
            return now + LINKS[mail.kind]
        first = self.keys[mail.organization, mail.about].expires
        if first:
            return first
        opening = self.partners[mail.organization].users[mail.about].stint.span.start
        return max(now, opening) + LINKS[mail.kind]

    def retried(self, kind: str, to: str, about: UserId, generation: int | None, now: datetime) -> None:
        """The operator has a dead letter tried again."""
        mail = next(
            mail
            for mail in self.dead()
            if (mail.kind, mail.to, mail.about, mail.generation) == (kind, to, about, generation)
        )
        mail.state, mail.attempts, mail.due = "waiting", 0, now

    def dead(self) -> Iterator[Mail]:
        return (mail for mail in self.mails if mail.state == "dead")

    # Time

    def boundaries(self) -> list[datetime]:
        """Every instant at which something begins or ends by itself."""
        spans = [
            span
            for partner in self.partners.values()
            for span in (
                *(convention.span for convention in partner.conventions.values()),
                *(stint.span for user in partner.users.values() for stint in user.stints),
                *(held.span for user in partner.users.values() for held in user.stint.held.values()),
                *(user.stint.managing.span for user in partner.users.values() if user.stint.managing),
            )
        ]
        moves = [user.move for partner in self.partners.values() for user in partner.users.values() if user.move]
        instants = [*(move.objectable for move in moves if move.pending), *(end for span in spans for end in span[:2])]
        return sorted({instant for instant in instants if instant})
