"""Somebody leaves: nothing opens any more, nothing comes back, what was is still known (R14, R18, R21, R23, R39)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.play import AGENT
from habilitation.adapters.cli.demonstration.stories.cast import Cast
from habilitation.domain.refusals import AccountIsClosed, SessionEnded
from habilitation.domain.requests import Closing, Erasure, PastSearch, Reopening

WHO = "colleague"


def leaves(cast: Cast) -> None:
    """The account is closed while its owner is signed in: at once there is no session, no sign-in, no access."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-leaves", name=cast.name(WHO))
    play.ask_access()
    cast.pass_days(3, "days-pass")
    keys = cast.signs_in(WHO)
    stage.acts(cast.name(WHO), "is-signed-in")
    stage.acts(play.the_administrator, "closes", name=cast.name(WHO))
    play.portal.close_user(Closing(play.organization.id, cast.user(WHO)), by=cast.admin)
    stage.acts(cast.name(WHO), "next-page")
    cast.refused(SessionEnded, lambda: cast.reads(WHO, keys.session))
    stage.acts(cast.name(WHO), "tries-sign-in")
    cast.refused(AccountIsClosed, lambda: play.portal.sign_in(keys.login, keys.password))
    play.ask_access()
    stage.acts(cast.name(WHO), "forgets", login=keys.login)
    play.portal.forgot_password(keys.login)
    play.portal.deliver_notifications()
    stage.says("no-mail", number=len(play.mailroom.news()))


def comes_back(cast: Cast) -> None:
    """A new period of the account has nothing of the former one (R14)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-comes-back", name=cast.name(WHO))
    cast.pass_days(40, "days-pass")
    stage.acts(play.the_administrator, "reopens", name=cast.name(WHO))
    play.portal.reopen_user(Reopening(play.organization.id, cast.user(WHO)), by=cast.admin)
    play.show_mails()
    stage.says("nothing-back")
    play.ask_access()


def is_asked_about(cast: Cast) -> None:
    """Who had access on that day, and why? And today? (R39)"""
    stage = cast.stage
    stage.scene("scene-asked-about", permission=cast.permission)
    for day in (cast.first_day, cast.today):
        _who_had_access(cast, day)


def _who_had_access(cast: Cast, day: date) -> None:
    stage, asked = cast.stage, PastSearch(cast.play.organization.id, cast.permission, day)
    stage.acts(cast.play.the_operator, "asks-who", day=stage.speech.day(day), permission=cast.permission)
    found = cast.portal.who_had_access(asked, by=AGENT).items
    if found:
        stage.shows(shown.had_access(found, cast.clock.zone, stage))
    else:
        stage.says("nobody")


def is_erased(cast: Cast) -> None:
    """The person is erased; the id goes on answering for the past, and the chain holds (R18, R41)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-erased", name=cast.name(WHO))
    play.portal.close_user(Closing(play.organization.id, cast.user(WHO)), by=cast.admin)
    stage.acts(play.the_operator, "erases", name=cast.name(WHO))
    play.portal.erase_person(Erasure(play.organization.id, cast.user(WHO), "asked-by-person"), by=AGENT)
    stage.succeeds("erased")
    _who_had_access(cast, cast.first_day)


SCENES: tuple[Callable[[Cast], None], ...] = (leaves, comes_back, is_asked_about, is_erased)
