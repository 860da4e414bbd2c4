"""A database to look into by the command: made once through the use cases, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from habilitation import (
    AdministratorClaim,
    AgreementValidation,
    FirstAuthentication,
    GroupAddition,
    NewAgreement,
    NewManager,
    NewOrganization,
    NewUser,
    OperatorAgent,
    Scope,
)
from habilitation.adapters.assembly import Settings, open_database
from habilitation.adapters.memory_transport import MemoryMailbox
from habilitation.domain.values import Login, Place
from habilitation.testing.world import AFAS, BAILLEUR, DECLARE, PRIVATE, SIRETS
from tests.cli.command import CATALOG, PASSWORD, Command, Found

AGENT = OperatorAgent("agent-1")


def made(folder: Path) -> Found:
    """LES OLIVIERS with an administrator, a manager of AFAS and two users; and another organization, unclaimed."""
    mailbox, url = MemoryMailbox(), f"sqlite:///{folder / 'portal.db'}"
    settings = Settings(operator_mailbox="operator@portal.example")
    portal = open_database(url, catalog=CATALOG, transport=mailbox, settings=settings)
    contact = "contact@oliviers.example"
    oliviers = portal.open_organization(NewOrganization(SIRETS[0], "LES OLIVIERS", contact), by=AGENT)
    clamart = portal.open_organization(NewOrganization(SIRETS[1], "Clamart", "contact@clamart.example"), by=AGENT)
    services, groups = (AFAS, BAILLEUR), (DECLARE, PRIVATE)
    draft = portal.open_agreement(NewAgreement(oliviers.id, "CONV-1", "LES OLIVIERS", services, groups), by=AGENT)
    portal.validate_agreement(AgreementValidation(oliviers.id, draft.id), by=AGENT)
    first = portal.sign_in(mailbox.login_for(contact), mailbox.password_for(contact))
    assert isinstance(first, FirstAuthentication)
    claim = AdministratorClaim("Martin", "Anne", "anne.martin@oliviers.example", PASSWORD, first.text.version)
    admin = portal.claim_administrator(claim, by=first.session)

    def create(last: str, first: str, email: str) -> str:
        user = portal.create_user(NewUser(oliviers.id, draft.id, last, first, email, phone="01 99 00 12 34"), by=admin)
        users[last] = user.id
        return mailbox.login_for(email)

    users = {"Martin": admin.user}
    manager = create("Morel", "Claire", "claire.morel@oliviers.example")
    colleague = create("N'Guyen", "Zoé", "zoe@oliviers.example")
    scope = Scope(frozenset({Place(draft.id, DECLARE)}))
    portal.delegate_manager(NewManager(oliviers.id, users["Morel"], scope), by=admin)
    portal.add_to_group(GroupAddition(oliviers.id, users["N'Guyen"], draft.id, DECLARE), by=admin)
    portal.close()
    late = open_database(url)
    late.create_user(NewUser(oliviers.id, draft.id, "Œuvrard", "Élise", "elise@oliviers.example"), by=admin)
    late.close()
    logins = {"administrator": mailbox.login_for(contact), "manager": manager, "colleague": colleague}
    assert all(map(Login.parse, logins.values()))
    return Found(folder, oliviers.id, clamart.id, logins, {name: str(id) for name, id in users.items()})


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return made(tmp_path_factory.mktemp("portal"))


@pytest.fixture
def found(original: Found, tmp_path: Path) -> Found:
    """The database, to be looked into and spoiled by one test."""
    folder = tmp_path / "portal"
    shutil.copytree(original.folder, folder)
    return original.at(folder)


@pytest.fixture
def command(found: Found, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, on that database and as an operator's agent unless a test says otherwise."""
    monkeypatch.setenv("HABILITATION_DATABASE", found.url)
    monkeypatch.setenv("HABILITATION_AS", "operator:agent-1")
    monkeypatch.setenv("HABILITATION_AGENT", "agent-1")
    monkeypatch.delenv("HABILITATION_LANG", raising=False)
    return Command(capsys)
