"""The AFAS guide: a manager adds a colleague to a group, whose role waits for supporting document no. 3."""

from __future__ import annotations

from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.play import AGENT, Play
from habilitation.domain.messages import MessageKind
from habilitation.domain.refusals import OutsideScope
from habilitation.domain.requests import GroupAddition, NewManager, RoleAssignment, WaitingSearch
from habilitation.domain.scope import Scope
from habilitation.domain.values import GroupCode, Place

DOCUMENT = "PJ3-0001"


def delegate(play: Play) -> None:
    """The administrator makes a manager, who adds a colleague and reaches no further (R26, R28, R29, R32)."""
    stage, group, name = play.stage, play.data.document_group, play.data.people.manager.full_name
    stage.scene("scene-manager", group=shown.group_name(group))
    stage.acts(play.the_administrator, "delegates", name=name, service=group.service)
    play.portal.delegate_manager(
        NewManager(play.organization.id, play.users["manager"].id, _scope(play)), by=play.admin
    )
    stage.acts(play.the_manager, "first-sign-in")
    play.manager = play.first_sign_in("manager")
    play.show_users(play.manager)
    _add_to_group(play)
    _reach_outside(play)
    play.ask_access()


def _scope(play: Play) -> Scope:
    """Every group of the service whose document the guide speaks of."""
    service = play.data.document_group.service
    groups = [group.code for group in play.data.opened() if group.service == service]
    return Scope(frozenset(Place(play.agreement.id, group) for group in groups))


def _add_to_group(play: Play) -> None:
    stage, people, group = play.stage, play.data.people, play.data.document_group
    names = {"name": people.colleague.full_name, "group": shown.group_name(group)}
    stage.acts(play.the_manager, "adds", **names)
    play.portal.add_to_group(_addition(play, group.code), by=play.manager)
    stage.succeeds("waits", **names)
    stage.says("told-document")
    play.show_mails()
    stage.says("one-of-them")
    stage.mail(play.mailroom.last(people.manager.email, MessageKind.DOCUMENT_NEEDED))


def _addition(play: Play, group: GroupCode) -> GroupAddition:
    return GroupAddition(play.organization.id, play.users["colleague"].id, play.agreement.id, group)


def _reach_outside(play: Play) -> None:
    outside = play.data.outside_group
    names = {"name": play.data.people.colleague.full_name, "group": shown.group_name(outside)}
    play.stage.acts(play.the_manager, "reaches-outside", **names)
    addition = _addition(play, outside.code)
    play.refused(OutsideScope, lambda: play.portal.add_to_group(addition, by=play.manager))


def assign_role(play: Play) -> None:
    """The operator has the document, and assigns the role: access is granted, until a day that is told (R26, R38)."""
    stage = play.stage
    stage.scene("scene-role")
    stage.acts(play.the_operator, "waiting")
    waiting = play.portal.list_waiting_roles(WaitingSearch(play.organization.id), by=AGENT).items
    stage.shows(shown.waiting_roles(waiting, stage))
    stage.acts(play.the_operator, "assigns", document=DOCUMENT)
    number, colleague = waiting[0].membership.number, play.users["colleague"].id
    play.portal.assign_role(RoleAssignment(play.organization.id, colleague, number, DOCUMENT), by=AGENT)
    stage.says("told-role")
    play.show_mails()
    play.ask_access()
