"""The administrator's guide: an organization is opened, its first person claims the seat, users are created."""

from __future__ import annotations

from habilitation.adapters.assembly import naming
from habilitation.adapters.cli.demonstration import shown
from habilitation.adapters.cli.demonstration.data import AgreementData, OrganizationData, PersonData
from habilitation.adapters.cli.demonstration.play import AGENT, Play
from habilitation.adapters.system import SystemSecrets
from habilitation.domain.actors import Session
from habilitation.domain.organization import Agreement, Organization
from habilitation.domain.refusals import EmailNotNominative, OrganizationClaimed, SiretRefused
from habilitation.domain.requests import AdministratorClaim, AgreementValidation, NewAgreement, NewOrganization
from habilitation.domain.values import OrganizationId
from habilitation.use_cases.first_access import FirstAuthentication


def open_organizations(play: Play) -> None:
    """The operator opens the partners and an agreement; two messages leave (R1–R4)."""
    stage, first = play.stage, play.data.first
    stage.scene("scene-opening", organization=first.name)
    stage.acts(play.the_operator, "defines")
    stage.shows(shown.catalog(play.data.catalog, stage))
    stage.acts(play.the_operator, "mistypes", siret=play.data.mistyped)
    mistyped = NewOrganization(play.data.mistyped, first.name, first.contact)
    play.refused(SiretRefused, lambda: play.portal.open_organization(mistyped, by=AGENT))
    stage.acts(play.the_operator, "opens")
    partners = (first, *play.data.others)
    play.organization, *others = [_opened(play, number, partner) for number, partner in enumerate(partners)]
    stage.shows(shown.organizations(partners, stage))
    play.agreement = _agreed(play)
    _agree_with_others(play, others)
    _show_letters(play)


def _opened(play: Play, number: int, partner: OrganizationData) -> Organization:
    with naming(f"{play.data.files.organizations}, organizations[{number}]"):
        asked = NewOrganization(partner.siret, partner.name, partner.contact)
        return play.portal.open_organization(asked, by=AGENT)


def _agreed(play: Play) -> Agreement:
    asked = play.data.agreement
    play.stage.acts(play.the_operator, "agrees", reference=asked.reference, organization=play.data.first.name)
    agreement = _validated(play, 0, play.organization.id, asked)
    play.stage.succeeds("agreement", **_selected(play, agreement))
    return agreement


def _agree_with_others(play: Play, others: list[Organization]) -> None:
    """Those that have an agreement too wait for whoever replays the guides in the browser."""
    for number, (organization, partner) in enumerate(zip(others, play.data.others, strict=True), 1):
        if partner.agreement:
            _validated(play, number, organization.id, partner.agreement)


def _validated(play: Play, number: int, organization: OrganizationId, asked: AgreementData) -> Agreement:
    with naming(f"{play.data.files.organizations}, organizations[{number}].agreement"):
        new = NewAgreement(organization, asked.reference, asked.name, asked.services, asked.groups)
        draft = play.portal.open_agreement(new, by=AGENT)
    return play.portal.validate_agreement(AgreementValidation(organization, draft.id), by=AGENT)


def _selected(play: Play, agreement: Agreement) -> dict[str, str]:
    state = play.stage.speech.words.agreement(agreement.state)
    return {"name": play.data.agreement.name, "state": state, "organization": play.data.first.name}


def _show_letters(play: Play) -> None:
    play.mailroom.news()
    play.mailroom.credentials_of(play.data.first.contact)  # or else nothing can go on
    play.stage.says("letters", organization=play.data.first.name)
    for letter in play.mailroom.to(play.data.first.contact):
        play.stage.mail(letter)


def claim(play: Play) -> None:
    """The first person signs in, and claims; somebody else who had the same letter comes too late (R5–R7)."""
    stage, people = play.stage, play.data.people
    first_person = people.administrator.full_name
    stage.scene("scene-claim")
    stage.acts(first_person, "signs-in")
    first = _signed_in(play)
    stage.shows(shown.first_authentication(first, people.administrator, stage))
    stage.acts(people.latecomer.full_name, "also-signs-in")
    late = _signed_in(play)
    stage.acts(first_person, "role-mailbox", email=people.role_mailbox)
    play.refused(EmailNotNominative, lambda: _claimed(play, first, people.administrator, people.role_mailbox))
    stage.acts(first_person, "claims", email=people.administrator.email)
    with naming(f"{play.data.files.users}, administrator"):
        play.admin = _claimed(play, first, people.administrator, people.administrator.email)
    stage.succeeds("claimed", name=first_person, organization=first.organization)
    stage.acts(people.latecomer.full_name, "claims-too-late")
    play.refused(OrganizationClaimed, lambda: _claimed(play, late, people.latecomer, people.latecomer.email))
    stage.says("told-claim")
    play.show_mails()


def _signed_in(play: Play) -> FirstAuthentication:
    first = play.portal.sign_in(*play.mailroom.credentials_of(play.data.first.contact))
    assert isinstance(first, FirstAuthentication), "nobody has claimed yet"
    return first


def _claimed(play: Play, first: FirstAuthentication, who: PersonData, email: str) -> Session:
    password, version = SystemSecrets().password(), first.text.version
    asked = AdministratorClaim(who.last_name, who.first_name, email, password, version, who.phone)
    return play.portal.claim_administrator(asked, by=first.session)


def create_users(play: Play) -> None:
    """The administrator creates users with groups ticked; each receives two messages (R10–R12)."""
    stage, created = play.stage, play.data.people.created
    stage.scene("scene-users")
    stage.acts(play.the_administrator, "creates")
    for part, who in created.items():
        with naming(f"{play.data.files.users}, {part}"):
            play.users[part] = play.portal.create_user(play.new_user(who), by=play.admin)
    first, *others = (play.view(user.id) for user in play.users.values())
    agreement = stage.line("agreement", **_selected(play, play.agreement))
    stage.shows(shown.creation_form(first, play.data.people.manager, agreement, stage))
    stage.says("created-others")
    stage.shows(shown.creations(others, stage))
    stage.says("two-messages")
    play.show_mails()
    stage.acts(play.the_administrator, "table-admin")
    play.show_users(play.admin)
