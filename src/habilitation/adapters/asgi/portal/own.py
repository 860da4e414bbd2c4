"""One's own: file, details, password and e-mail address (R13, R14, R19, R36)."""

from __future__ import annotations

from starlette.responses import Response

from habilitation.adapters.asgi.portal.access import rights
from habilitation.adapters.asgi.portal.acts import Subject
from habilitation.adapters.asgi.portal.drafts import PASSWORD_CONFIRMATION, Draft
from habilitation.adapters.asgi.portal.routing import page
from habilitation.adapters.asgi.portal.sentences import Sentences
from habilitation.adapters.asgi.portal.timeline import timeline
from habilitation.adapters.asgi.portal.user import scope_in_words
from habilitation.adapters.asgi.portal.visit import Visit
from habilitation.domain.actors import Member, Stage
from habilitation.domain.refusals import SessionEnded, UserUnknown
from habilitation.domain.requests import (
    EmailChanging,
    HistoryQuestion,
    OwnDetails,
    OwnFileQuestion,
    PasswordChange,
)
from habilitation.use_cases.views import UserView

A_PAGE = 50


def own_file(visit: Visit) -> Response:
    """*Mon dossier*: all that is kept about whoever comes, and who else read it."""
    after = visit.request.query_params.get("after")
    file = visit.portal.show_own_file(OwnFileQuestion(visit.organization, after, A_PAGE), by=visit.actor)
    sentences = Sentences(visit)
    deeds = visit.portal.recount(HistoryQuestion(visit.organization, file.user.id), by=visit.actor)
    sentences.hear(deeds.items, *(each.by.user for each in file.readings.items if isinstance(each.by, Member)))
    return visit.show(
        "own/file.html",
        user=file.user,
        readings=[
            (
                visit.say.instant(each.at),
                sentences.author(each.by),
                visit.say.title(each.act),
                _purpose(visit, each.purpose),
            )
            for each in file.readings.items
        ],
        more=file.readings.next,
        after=after,
        lines=sentences.lines(deeds.items),
        rights=rights(visit, file.user.id),
        references={each.id: each.reference for each in visit.agreements},
        scope=scope_in_words(visit, file.user.manages.places if file.user.manages else None),
        picture=timeline(file.user, visit.say("user.account"), visit.today),
    )


def _purpose(visit: Visit, code: str) -> str:
    key = f"purpose.{code}"
    return visit.say(key) if visit.say.has(key) else code


def own_details(visit: Visit) -> Response:
    """*Mes coordonnées*: one's own name and telephone."""
    me = _me(visit)
    person = me.person
    draft = Draft.of(
        visit,
        OwnDetails,
        last_name=person.last_name if person else "",
        first_name=person.first_name if person else "",
        phone=person.phone or "" if person else "",
    ).about(me)
    return draft.sent(lambda: _changed(visit, draft)) or draft.show("own/details.html")


def _changed(visit: Visit, draft: Draft) -> Response:
    draft.ask(visit.portal.change_own_details, draft.asked(OwnDetails, organization=visit.organization))
    return visit.go("own_file", "own-details")


def own_email(visit: Visit) -> Response:
    """Another address of one's own, which a link confirms (R13)."""
    me = _me(visit)
    draft = Draft.of(visit, EmailChanging).about(me)
    return draft.sent(lambda: _moved(Subject(visit, me, draft))) or draft.show("own/email.html", user=me)


def _moved(subject: Subject) -> Response:
    draft, visit = subject.draft, subject.visit
    organization, user = subject.ids
    asked = draft.asked(EmailChanging, organization=organization, user=user)
    draft.ask(visit.portal.change_email, asked)
    return visit.go("own_file", "email-asked")


def own_password(visit: Visit) -> Response:
    """Another password, by whoever knows the one in use."""
    session = visit.session
    if session is None or session.stage is not Stage.OWN:
        return visit.go("home")
    draft = Draft.of(visit, PasswordChange, extra=(PASSWORD_CONFIRMATION,))
    return draft.sent(lambda: _rechosen(visit, draft)) or draft.show("own/password.html")


def _rechosen(visit: Visit, draft: Draft) -> Response:
    if visit.session is None:
        raise SessionEnded()
    asked = PasswordChange(draft.text("current"), draft.new_password)
    session = visit.portal.change_own_password(asked, visit.site.source(visit.request), by=visit.session)
    response = visit.go("own_file", "own-password")
    visit.site.cookie.keep(response, session)
    return response


def _me(visit: Visit) -> UserView:
    """The account of whoever comes; an operator's agent has none."""
    visit.portal.show_organization(visit.about, by=visit.actor)
    if visit.me is None:
        raise UserUnknown()
    return visit.me


PAGES = (
    page("/own", own_file, acts=False),
    page("/own/details", own_details),
    page("/own/email", own_email),
    page("/own/password", own_password),
)
