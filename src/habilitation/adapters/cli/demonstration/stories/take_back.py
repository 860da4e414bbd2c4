"""The operator takes back control for a time, and returns it: access goes on, nothing is undone (R17, R33, R34)."""

from __future__ import annotations

from collections.abc import Callable

from habilitation.adapters.cli.demonstration.data import UserData
from habilitation.adapters.cli.demonstration.play import AGENT
from habilitation.adapters.cli.demonstration.stories.cast import Cast
from habilitation.domain.refusals import ActorNotOpen, ControlIsTaken, OutsideScope
from habilitation.domain.requests import (
    Closing,
    ControlReturn,
    ControlTaking,
    GroupAddition,
    Reason,
    UserReinstatement,
    UserSuspension,
)
from habilitation.domain.values import GroupCode

INQUIRY = Reason("inquiry", "Créations de comptes inexpliquées.")


def is_taken(cast: Cast) -> None:
    """The organization's people administer nothing any more, and keep their access (R34)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-taken", organization=play.data.first.name)
    stage.acts(play.the_operator, "takes-control")
    play.portal.take_back_control(ControlTaking(play.organization.id, INQUIRY), by=AGENT)
    stage.acts(play.the_administrator, "creates-one-more")
    late = play.data.people.latecomer
    new = play.new_user(UserData(late.last_name, late.first_name, late.email))
    cast.refused(ControlIsTaken, lambda: play.portal.create_user(new, by=cast.admin))
    stage.acts(play.the_manager, "adds-one-more", name=cast.name("leaver"))
    cast.refused(ControlIsTaken, lambda: _adds(cast, play.data.document_group.code))
    stage.says("access-goes-on")
    play.ask_access()


def _adds(cast: Cast, group: GroupCode) -> None:
    play = cast.play
    asked = GroupAddition(play.organization.id, cast.user("leaver"), play.agreement.id, group)
    play.portal.add_to_group(asked, by=cast.manager)


def operator_administers(cast: Cast) -> None:
    """In their place: a suspension as a precaution, and what an administrator does (R17, R33)."""
    stage, play = cast.stage, cast.play
    name = play.data.people.administrator.full_name
    stage.scene("scene-in-place")
    stage.acts(play.the_operator, "suspends", name=name)
    play.portal.suspend_user(UserSuspension(play.organization.id, cast.admin.user, INQUIRY), by=AGENT)
    stage.acts(name, "reads-the-list")
    cast.refused(ActorNotOpen, lambda: play.show_users(cast.admin))
    stage.acts(play.the_operator, "closes", name=cast.name("successor"))
    play.portal.close_user(Closing(play.organization.id, cast.user("successor")), by=AGENT)
    stage.acts(play.the_operator, "table-meanwhile")
    play.show_users(AGENT)


def is_returned(cast: Cast) -> None:
    """What was delegated is as it was: no less, and no more (R34)."""
    stage, play = cast.stage, cast.play
    stage.scene("scene-returned")
    cast.pass_days(7, "inquiry-ends")
    stage.acts(play.the_operator, "returns-control", name=play.data.people.administrator.full_name)
    asked = UserReinstatement(play.organization.id, cast.admin.user)
    play.portal.reinstate_user(asked, by=AGENT)
    play.portal.return_control(ControlReturn(play.organization.id), by=AGENT)
    stage.acts(play.the_manager, "adds-one-more", name=cast.name("leaver"))
    _adds(cast, play.data.document_group.code)
    stage.succeeds("done")
    outside = play.data.outside_group
    stage.acts(play.the_manager, "reaches-beyond", group=outside.code)
    cast.refused(OutsideScope, lambda: _adds(cast, outside.code))


SCENES: tuple[Callable[[Cast], None], ...] = (is_taken, operator_administers, is_returned)
