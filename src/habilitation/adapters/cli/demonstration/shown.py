"""What each person sees, as tables and forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from habilitation.adapters.assembly import CatalogData
from habilitation.adapters.cli.demonstration.data import OrganizationData, PersonData, UserData
from habilitation.adapters.cli.demonstration.stage import Stage
from habilitation.adapters.cli.journal import Checked
from habilitation.adapters.cli.prose import Prose
from habilitation.adapters.cli.tables import full_name, legend, plain_table, users_table, who_leads
from habilitation.domain.access import Answer
from habilitation.domain.decisions.generalizing import Outcome
from habilitation.domain.journal import Head
from habilitation.domain.requests import NewGroup
from habilitation.domain.security import SecurityLine
from habilitation.use_cases.first_access import FirstAuthentication
from habilitation.use_cases.views import HadAccess, UserView, WaitingRole


def group_name(group: NewGroup) -> str:
    """As the guide's menu shows it: ``AFAS-DEC - AFAS-Déclarer``."""
    return f"{group.code} - {group.label}"


def catalog(data: CatalogData, stage: Stage) -> Table:
    """Services and groups, as the operator defines them (R3)."""
    label = stage.speech.words.label
    table = plain_table(label("service"), label("group"), label("permissions"), label("document"))
    services = {service.code: service.label for service in data.services}
    for group in data.groups:
        needed = stage.line("needed") if group.needs_document else stage.line("none")
        table.add_row(
            services.get(group.service, group.service), group_name(group), ", ".join(group.permissions), needed
        )
    return table


def organizations(opened: Iterable[OrganizationData], stage: Stage) -> Table:
    """The partners opened, by SIRET (R1)."""
    label = stage.speech.words.label
    table = plain_table(label("siret"), label("organization"), label("contact"))
    for organization in opened:
        table.add_row(organization.siret, organization.name, organization.contact)
    return table


def first_authentication(first: FirstAuthentication, who: PersonData, stage: Stage) -> RenderableType:
    """The form of the administrator's guide, with its message (R5)."""
    fields = {"last_name": who.last_name, "first_name": who.first_name, "phone": who.phone, "email": "…"}
    form = Group(
        Prose(first.text.message),
        Text(),
        _form(fields, ("last_name", "first_name", "email"), stage),
        Text(stage.line("form-format"), "italic"),
        Text(f"\n{stage.line('form-responsibility', version=first.text.version)}", "bold"),
        Prose(first.text.responsibility, "dim"),
        Text(f"\n{stage.line('form-notice')}", "bold"),
        Prose(first.text.notice, "dim"),
    )
    return Panel(form, title=f"{stage.line('form')} – {first.organization}", box=ROUNDED)


def _form(values: dict[str, str], required: Sequence[str], stage: Stage) -> Table:
    form = Table.grid()
    for name, value in values.items():
        star = "*" if name in required else ""
        form.add_row(f"{stage.speech.words.label(name)}{star}{stage.line('colon')}", Text(value, "bold"))
    return form


def creation_form(user: UserView, who: UserData, agreement: str, stage: Stage) -> RenderableType:
    """The form of the administrator's guide, as it was submitted (R10)."""
    fields = {
        "last_name": who.last_name,
        "first_name": who.first_name,
        "email": who.email,
        "email_confirmation": who.email,
        "phone": who.phone,
        "phone_confirmation": who.phone,
        "opening": stage.speech.day(user.opening),
        "closing": stage.speech.day(user.closing),
        "mobile" if user.mobile else "fixed": "✓",
        "groups": _groups(user),
    }
    required = ("last_name", "first_name", "email", "email_confirmation", "opening")
    form = Group(Prose(agreement, "italic"), Text(), _form(fields, required, stage))
    return Panel(form, title=stage.line("creation-form"), box=ROUNDED)


def _groups(user: UserView) -> str:
    return ", ".join(f"{held.place.group} - {held.group}" for held in user.memberships)


def creations(created: Iterable[UserView], stage: Stage) -> Table:
    """What was asked for each user created."""
    label = stage.speech.words.label
    table = plain_table(
        label("user"), stage.line("workstation"), label("opening"), label("closing"), stage.line("ticked")
    )
    for user in created:
        workstation = stage.line("mobile" if user.mobile else "fixed")
        days = (stage.speech.day(user.opening), stage.speech.day(user.closing))
        table.add_row(full_name(user), workstation, *days, _groups(user))
    return table


def users(found: Sequence[UserView], stage: Stage) -> None:
    """The guide's table, with what its signs mean and who leads."""
    stage.shows(users_table(found, stage.speech, stage.out.width))
    for line in [*legend(found, stage.speech), *who_leads(found, stage.speech)]:
        stage.shows(Prose(line, "dim"))


def waiting_roles(waiting: Iterable[WaitingRole], stage: Stage) -> Table:
    """The memberships that wait for a role (R26)."""
    label = stage.speech.words.label
    table = plain_table(label("user"), label("group"), label("opening"), label("closing"))
    for role in waiting:
        held = role.membership
        group = f"{held.place.group} - {held.group}"
        table.add_row(full_name(role.user), group, stage.speech.day(held.opening), stage.speech.day(held.closing))
    return table


def answer(answer: Answer, zone: ZoneInfo, stage: Stage) -> None:
    """Whether, why, until when; and if not, who can repair it (R38)."""
    words = stage.speech.words
    if not answer.allowed:
        repair = stage.speech.listed(sorted(words.role(role).lower() for role in answer.repair))
        stage.says("no-access", why=words.why(answer.why), repair=repair)
    elif answer.until:
        stage.succeeds("access-until", until=stage.speech.day(answer.until.astimezone(zone).date()))
    else:
        stage.succeeds("access-open")


def outcomes(outcomes: Iterable[tuple[str, Outcome]], stage: Stage) -> Table:
    """What generalizing gives to each user (R27)."""
    table = plain_table(stage.speech.words.label("user"), stage.line("gained"))
    for name, outcome in outcomes:
        gained = outcome.refused or ", ".join(outcome.gained) or stage.line("nothing-gained")
        table.add_row(name, gained)
    return table


def verifications(checked: Iterable[tuple[Checked, Head]], stage: Stage) -> Table:
    """What verifying each journal found (R40, R42)."""
    columns = (stage.line("entries"), stage.line("head"), stage.line("verdict"))
    table = plain_table(stage.speech.words.label("organization"), *columns)
    for each, head in checked:
        verdict = Text(stage.line("sound"), "green") if each.found.sound else Text(stage.line("unsound"), "bold red")
        table.add_row(each.name, str(each.found.entries), f"{head.hash[:16]}…", verdict)
    return table


def had_access(found: Iterable[HadAccess], zone: ZoneInfo, stage: Stage) -> Table:
    """Who had access on a day, and through which group (R39); whoever was erased is an id."""
    label = stage.speech.words.label
    table = plain_table(label("user"), label("group"), label("from"), label("until"))
    for one in found:
        path, when = one.then.answer.path, one.then.stretches
        name = full_name(one.user) if one.user.person else f"({one.user.id})"
        ends = [stage.speech.instant(each, zone) for each in (when[0].start, when[-1].end) if each]
        table.add_row(name, path.group if path else "", *ends)
    return table


def security(lines: Iterable[SecurityLine], zone: ZoneInfo, stage: Stage) -> Table:
    """What the security log tells the operator, newest first (R43)."""
    label = stage.speech.words.label
    table = plain_table(label("at"), stage.line("what-happened"), stage.line("source"), stage.line("answer"))
    for line in lines:
        fact = line.fact
        table.add_row(stage.speech.instant(line.at, zone), stage.line(fact.kind.value), fact.source, fact.refusal)
    return table
