"""What is offered on a user, and on what the user has, to whoever comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import Factory, define
from markupsafe import Markup, escape

from habilitation.adapters.asgi.portal import acts
from habilitation.adapters.asgi.portal.operator_acts import PERSON, ROLE
from habilitation.adapters.asgi.portal.targets import membership_target, user_target
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.acts import Act
from habilitation.use_cases.views import MembershipView, UserView

Entry = tuple[str, str]
"""The words, and the address."""


def on_user(visit: Visit, user: UserView, choice: Iterable[Act] = acts.CHOOSE) -> list[Entry]:
    """What can be done to the user: what the user's row offers, then what is the operator's alone."""
    return [*acts.entries(visit, user, choice), *PERSON.offered(visit, user_target(visit, user), user=user.id)]


@define
class Menus:
    """What is offered on each user of a list: drawn once for all on whom it is the same."""

    visit: Visit
    _drawn: dict[object, tuple[str, Markup]] = Factory(dict)

    def of(self, user: UserView, address: str) -> Markup:
        """The lines of the menu of the user at that address."""
        alike = (user.acts, user.status, user.administrator)
        if alike not in self._drawn:
            choose = self.visit.site.templates.get_template("choose.html").module
            self._drawn[alike] = escape(address), choose.lines(on_user(self.visit, user))  # type: ignore[attr-defined]
        first, drawn = self._drawn[alike]
        return drawn.replace(first, address)


def on_membership(visit: Visit, user: UserView, held: MembershipView) -> list[Entry]:
    """What can be done with one of the user's memberships."""
    return [*_own(visit, user, held), *on_role(visit, user, held)]


def _own(visit: Visit, user: UserView, held: MembershipView) -> Iterator[Entry]:
    named = {"user": user.id, "number": held.number}
    granting, withdrawing = Act.GRANT in user.acts, bool({Act.GRANT, Act.MODIFY} & set(user.acts))
    if held.waiting and (withdrawing or visit.agent):
        yield visit.say("user.download"), visit.path("document", **named)
    if granting:
        yield visit.say("membership.dates"), visit.path("change_membership", **named)
    if withdrawing:
        yield visit.say("membership.remove"), visit.path("remove_membership", **named)


def on_role(visit: Visit, user: UserView, held: MembershipView) -> list[Entry]:
    """What the operator can do with the role that it waits for (R26)."""
    return ROLE.offered(visit, membership_target(visit, user, held), user=user.id, number=held.number)
