"""People whom an identity provider signs in, as the model sees them (R44)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import define

from habilitation.domain.actors import Actor
from habilitation.domain.requests import Activation, IdentityLink, IdentityProof, IdentityUnlink
from habilitation.domain.values import OrganizationId, UserId
from habilitation.testing.model.facts import Key, No, Stay
from habilitation.testing.model.keys import ACTIVATIONS, Keys
from habilitation.testing.model.rights import TOLERANCE

Then = Callable[[Any], None]


@define
class Identities(Keys):
    """Subjects at the provider, and the accounts that each opens."""

    def activate(self, asked: tuple[Activation], by: None, now: datetime) -> Then:
        """Binds, but for an organization's first link: that opens the form, and remembers who followed it."""
        subject = self._subject(asked[0].proof)
        link = self.link(asked[0].link, *ACTIVATIONS)
        partner, at = self.partners[link.organization], self.instant(link.organization, now)
        if partner.last - now > TOLERANCE:
            raise No("clock-behind")
        self.require_followed(link, at)
        bind = self._binding(link.organization, link.user, subject, at)
        key, user = self.keys[link.organization, link.user], partner.users.get(link.user)

        def then(drawn: Any) -> None:
            if user is None:
                self._stay(drawn.session, key, 0, at, subject)
            else:
                bind()
                partner.last = at
                self._stay(drawn, key, user.spell, at)

        return then

    def _subject(self, proof: IdentityProof) -> str:
        """Whom the fake provider's token names, for whoever was given that nonce."""
        if not self.provider:
            raise No("identities-not-used")
        subject, _, nonce = proof.id_token.partition(" ")
        if nonce != proof.nonce:
            raise No("identity-token-refused")
        return subject

    def _binding(self, organization: OrganizationId, user: UserId, subject: str, at: datetime) -> Callable[[], None]:
        """One account of an organization for a subject; one that is closed gives it up."""
        own = self.keys[organization, user]
        if own.identity == subject:
            raise No("identity-linked-already")
        others = {who: key for (where, who), key in self.keys.items() if where == organization}
        taken = [(who, key) for who, key in others.items() if key.identity == subject]
        if any(self.partners[organization].users[who].status(at) != "closed" for who, _ in taken):
            raise No("identity-taken")

        def bind() -> None:
            for _, key in taken:
                _unbind(key)
            own.renewed("own-password", own.own)
            own.identity, own.opened = subject, True

        return bind

    def sign_in_externally(self, asked: tuple[IdentityProof, OrganizationId | None], by: None, now: datetime) -> Then:
        """Into the one account that the subject opens at present; or one is told which ones there are."""
        subject, only = self._subject(asked[0]), asked[1]
        bound = sorted(owner for owner, key in self.keys.items() if key.identity == subject)
        bound = [owner for owner in bound if only in (None, owner[0])]
        why = {owner: self._kept_out(*owner, self.instant(owner[0], now)) for owner in bound}
        able = [owner for owner in bound if not why[owner]]
        if not able:
            raise No(next(filter(None, why.values()), "sign-in-refused"))

        def then(drawn: Any) -> None:
            if len(able) > 1:
                named = {(one, self.partners[one].name, user) for one, user in able}
                assert {(one.organization, one.name, one.user) for one in drawn} == named
                return
            organization, user = able[0]
            spell = self.partners[organization].users[user].spell
            self._stay(drawn, self.keys[able[0]], spell, self.instant(organization, now))

        return then

    def link_identity(self, asked: IdentityLink, by: Actor, now: datetime) -> Then:
        """To one's own account alone, in the place of any other."""
        subject = self._subject(asked.proof)
        visit = self.enter(asked.organization, by, now)
        self.require(visit, "own")
        assert visit.me
        key, spell = self.keys[asked.organization, visit.me], visit.partner.users[visit.me].spell
        bind = self._binding(asked.organization, visit.me, subject, visit.at)

        def then(drawn: Any) -> None:
            bind()
            visit.partner.last = visit.at
            self._stay(drawn, key, spell, visit.at)

        return then

    def unlink_identity(self, asked: IdentityUnlink, by: Actor, now: datetime) -> Then:
        """From one's own account whatever happens, or as one may administer another's."""
        visit = self.enter(asked.organization, by, now)
        self.known(visit, asked.user)
        if visit.me == asked.user:
            self.require(visit, "own")
        else:
            self.require_on(visit, "unlink", asked.user)
        key = self.keys[asked.organization, asked.user]
        if key.identity is None:
            raise No("identity-not-linked")

        def then(drawn: Any) -> None:
            _unbind(key)
            visit.partner.last = visit.at

        return then

    # The claim (R5)

    def require_claiming_by(self, stay: Stay, password: str) -> None:
        if stay.identity is None:
            super().require_claiming_by(stay, password)
        elif password:
            raise No("password-not-asked")

    def opened_by(self, stay: Stay, password: str, at: datetime) -> Callable[[], None]:
        if stay.identity is None:
            return super().opened_by(stay, password, at)
        return self._binding(stay.organization, stay.user, stay.identity, at)


def _unbind(key: Key) -> None:
    """A password of one's own goes on; without one, first credentials are to be sent again."""
    key.renewed("own-password" if key.own else "provisional-password", key.own)
