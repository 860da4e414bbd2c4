"""What comes after: generalizing, closing, replacing the administrator; and the journal, which proves it all."""

from __future__ import annotations

from collections.abc import Sequence

from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.play import AGENT, Play
from habilitation.adapters.cli.finding import known_organizations
from habilitation.adapters.cli.journal import Checked, head_of
from habilitation.adapters.cli.tables import full_name
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.refusals import AccountIsClosed, ActForbidden, HolderProtected
from habilitation.domain.requests import Closing, DeadLetterSearch, Generalization, Reason, Replacement


def generalize(play: Play) -> None:
    """The administrator gives everybody the groups of one user: preview, then outcomes (R27)."""
    stage, source = play.stage, play.data.people.successor
    stage.scene("scene-generalize")
    stage.acts(play.the_administrator, "previews", name=source.full_name, groups=", ".join(source.groups))
    asked = Generalization(play.organization.id, play.agreement.id, play.users["successor"].id)
    _show_outcomes(play, play.portal.preview_generalization(asked, by=play.admin))
    stage.acts(play.the_administrator, "generalizes")
    _show_outcomes(play, play.portal.generalize_to_all(asked, by=play.admin))


def _show_outcomes(play: Play, outcomes: Sequence[Outcome]) -> None:
    named = [(full_name(play.view(outcome.user)), outcome) for outcome in outcomes]
    play.stage.shows(shown.outcomes(named, play.stage))


def close(play: Play) -> None:
    """A user is closed, and cannot sign in; nobody can close the administrator (R9, R14)."""
    stage, portal, leaver = play.stage, play.portal, play.data.people.leaver
    holder = Closing(play.organization.id, play.admin.user)
    stage.scene("scene-close")
    stage.acts(play.the_administrator, "closes-self")
    play.refused(HolderProtected, lambda: portal.close_user(holder, by=play.admin))
    stage.acts(play.the_manager, "manager-closes")
    play.refused(HolderProtected, lambda: portal.close_user(holder, by=play.manager))
    stage.acts(play.the_administrator, "closes", name=leaver.full_name)
    portal.close_user(Closing(play.organization.id, play.users["leaver"].id), by=play.admin)
    stage.acts(leaver.full_name, "tries-sign-in")
    credentials = play.mailroom.credentials_of(leaver.email)
    play.refused(AccountIsClosed, lambda: portal.sign_in(*credentials))
    stage.acts(play.the_administrator, "table-after")
    play.show_users(play.admin)


def replace(play: Play) -> None:
    """The operator puts another user in the seat; the former holder administers no more (R8)."""
    stage, people = play.stage, play.data.people
    names = {"name": people.successor.full_name, "former": people.administrator.full_name}
    stage.scene("scene-replace")
    stage.acts(play.the_operator, "replaces", **names)
    asked = Replacement(play.organization.id, play.users["successor"].id, Reason("asked-by-organization"))
    play.portal.replace_administrator(asked, by=AGENT)
    stage.succeeds("replaced", organization=play.data.first.name, **names)
    play.show_mails()
    stage.acts(people.administrator.full_name, "creates-no-more")
    play.refused(ActForbidden, lambda: play.portal.create_user(play.new_user(people.leaver), by=play.admin))


def verify(play: Play) -> bool:
    """Every journal is verified and replayed; whether all of them are sound (R40, R42)."""
    stage, portal = play.stage, play.portal
    stage.scene("scene-journal")
    stage.acts(play.the_operator, "verifies")
    journals = [*(known.id for known in known_organizations(portal, AGENT)), None]
    checked = [Checked.of(portal, id, AGENT, stage.speech) for id in journals]
    heads = [head_of(portal, id, AGENT) for id in journals]
    stage.shows(shown.verifications(zip(checked, heads, strict=True), stage))
    stage.says("dead", number=len(portal.list_dead_letters(DeadLetterSearch(), by=AGENT).items))
    if not all(each.found.sound for each in checked):
        stage.fails("not-sound")
        return False
    stage.succeeds("all-sound", entries=sum(each.found.entries for each in checked))
    return True
