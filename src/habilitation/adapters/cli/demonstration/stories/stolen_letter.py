"""Letters fall into other hands, and a login is hammered (R12, R19, R20, R22, R24)."""

from __future__ import annotations

from collections.abc import Callable

from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.play import AGENT
from habilitation.adapters.cli.demonstration.stories.cast import Cast
from habilitation.domain.actors import Session
from habilitation.domain.refusals import PasswordChoiceDemanded, SessionEnded, SignInRefused
from habilitation.domain.requests import Resending, SecurityQuestion, Unlocking

WHO = "leaver"
THIEF, HOME = "203.0.113.7", "198.51.100.20"
"""Addresses that are kept for documentation."""
TRIES = 8


def is_stolen(cast: Cast) -> None:
    """One letter opens nothing; both open a session that only chooses a password, until others are sent (R12, R19)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-stolen", name=cast.name(WHO))
    login, password = play.mailroom.credentials_of(cast.email(WHO))
    stage.acts(stage.line("thief"), "one-letter")
    cast.refused(SignInRefused, lambda: play.portal.sign_in("7K3M-Q0XZ", password, THIEF))
    stage.acts(stage.line("thief"), "both-letters")
    session = play.portal.sign_in(login, password, THIEF)
    assert isinstance(session, Session), "the user is no first person"
    cast.refused(PasswordChoiceDemanded, lambda: cast.reads(WHO, session))
    stage.acts(play.the_administrator, "resends", name=cast.name(WHO))
    play.portal.resend_credentials(Resending(play.organization.id, cast.user(WHO)), by=cast.admin)
    play.show_mails()
    stage.acts(stage.line("thief"), "goes-on")
    cast.refused(SessionEnded, lambda: cast.reads(WHO, session))
    stage.acts(stage.line("thief"), "old-letters")
    cast.refused(SignInRefused, lambda: play.portal.sign_in(login, password, THIEF))


def is_hammered(cast: Cast) -> None:
    """The owner chooses a password; a stranger's tries lock the stranger out, and not the owner (R22)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-hammered", name=cast.name(WHO))
    keys = cast.signs_in(WHO)
    stage.acts(cast.name(WHO), "chooses")
    stage.acts(stage.line("thief"), "hammers", number=TRIES)
    for number in range(TRIES):
        _tries(cast, keys.login, f"a wrong password, number {number}")
    stage.acts(stage.line("thief"), "right-at-last")
    cast.refused(SignInRefused, lambda: play.portal.sign_in(keys.login, keys.password, THIEF))
    stage.acts(cast.name(WHO), "signs-in-elsewhere", source=HOME)
    play.portal.sign_in(keys.login, keys.password, HOME)
    stage.succeeds("signed-in")
    stage.acts(play.the_administrator, "unlocks", name=cast.name(WHO))
    play.portal.unlock(Unlocking(play.organization.id, cast.user(WHO)), by=cast.admin)
    stage.acts(play.the_operator, "reads-security")
    lines = play.portal.security_log(SecurityQuestion(play.organization.id, cast.user(WHO)), by=AGENT).items
    stage.shows(shown.security(lines, cast.clock.zone, stage))


def _tries(cast: Cast, login: str, password: str) -> None:
    try:
        cast.portal.sign_in(login, password, THIEF)
    except SignInRefused:
        return
    raise AssertionError("a wrong password opened an account")


SCENES: tuple[Callable[[Cast], None], ...] = (is_stolen, is_hammered)
