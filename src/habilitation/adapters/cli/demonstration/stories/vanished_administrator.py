"""The administrator is gone: nobody inside takes the seat, the operator finds another holder (R4, R5, R8, R9, R28)."""

from __future__ import annotations

from collections.abc import Callable

from habilitation.adapters.cli.demonstration.data import PersonData
from habilitation.adapters.cli.demonstration.play import AGENT
from habilitation.adapters.cli.demonstration.stories.cast import Cast
from habilitation.adapters.system import SystemSecrets
from habilitation.domain.refusals import ActForbidden, HolderProtected, OrganizationClaimed, SeatTaken
from habilitation.domain.requests import (
    AdministratorClaim,
    Closing,
    GroupAddition,
    NewManager,
    OrganizationQuestion,
    Reason,
    Reissue,
    Vacancy,
)
from habilitation.use_cases.first_access import FirstAuthentication


def is_gone(cast: Cast) -> None:
    """No act of the organization's own people leaves the seat without its holder, or puts them in it (R9, R30)."""
    stage, play = cast.stage, cast.play
    holder = play.data.people.administrator.full_name
    stage.scene("scene-gone", name=holder)
    stage.acts(play.the_manager, "closes-holder", name=holder)
    cast.refused(
        HolderProtected, lambda: play.portal.close_user(Closing(play.organization.id, cast.admin.user), by=cast.manager)
    )
    stage.acts(play.the_manager, "takes-over")
    scope = NewManager(play.organization.id, cast.user("successor"))
    cast.refused(ActForbidden, lambda: play.portal.delegate_manager(scope, by=cast.manager))
    stage.acts(play.the_operator, "reissues-too-soon")
    cast.refused(SeatTaken, lambda: play.portal.reissue_credentials(Reissue(play.organization.id), by=AGENT))


def seat_is_vacant(cast: Cast) -> None:
    """The operator declares the seat vacant, and the manager goes on (R8, R28)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-vacant")
    stage.acts(play.the_operator, "vacates", name=play.data.people.administrator.full_name)
    play.portal.declare_vacancy(
        Vacancy(play.organization.id, Reason("administrator-gone"), close_former=True), by=AGENT
    )
    play.show_mails()
    group = play.data.document_group
    stage.acts(play.the_manager, "goes-on-managing", name=cast.name("leaver"), group=group.code)
    asked = GroupAddition(play.organization.id, cast.user("leaver"), play.agreement.id, group.code)
    play.portal.add_to_group(asked, by=cast.manager)
    stage.succeeds("done")


def is_claimed_again(cast: Cast) -> None:
    """New credentials leave for the contact; of two who hold them, one becomes the administrator (R4, R5)."""
    stage, play, people = cast.stage, cast.play, cast.play.data.people
    stage.scene("scene-claimed-again")
    stage.acts(play.the_operator, "reissues")
    play.portal.reissue_credentials(Reissue(play.organization.id), by=AGENT)
    play.show_mails()
    first, second = _signs_in(cast), _signs_in(cast)
    stage.acts(people.latecomer.full_name, "claims", email=people.latecomer.email)
    _claims(cast, first, people.latecomer)
    stage.succeeds("claimed", name=people.latecomer.full_name, organization=play.data.first.name)
    stage.acts(people.administrator.full_name, "claims-too-late")
    cast.refused(OrganizationClaimed, lambda: _claims(cast, second, people.administrator))
    asked = OrganizationQuestion(play.organization.id)
    seen = play.portal.who_is_administrator(asked, by=cast.manager)
    stage.acts(play.the_manager, "who-is-it")
    stage.says("it-is", name=seen.name)


def _signs_in(cast: Cast) -> FirstAuthentication:
    first = cast.portal.sign_in(*cast.play.mailroom.credentials_of(cast.play.data.first.contact))
    assert isinstance(first, FirstAuthentication), "nobody has claimed yet"
    return first


def _claims(cast: Cast, first: FirstAuthentication, who: PersonData) -> None:
    password, version = SystemSecrets().password(), first.text.version
    asked = AdministratorClaim(who.last_name, who.first_name, who.email, password, version, who.phone)
    cast.portal.claim_administrator(asked, by=first.session)


SCENES: tuple[Callable[[Cast], None], ...] = (is_gone, seat_is_vacant, is_claimed_again)
