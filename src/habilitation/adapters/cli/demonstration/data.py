"""What the demonstration is played with: three TOML files, which a user may copy, edit and pass (R1, R3, R10)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from attrs import field, frozen

from habilitation.adapters.assembly import CatalogData, SetupRefused, naming, read_file
from habilitation.domain.requests import NewGroup
from habilitation.domain.values import GroupCode, ServiceCode, Siret
from habilitation.ports.contact import ContactDetails

NAMES = ("catalog.toml", "organizations.toml", "users.toml")


@frozen
class AgreementData:
    """An agreement, with what it opens."""

    reference: str
    name: str
    services: tuple[ServiceCode, ...]
    groups: tuple[GroupCode, ...]


@frozen
class OrganizationData:
    """A partner to open; the first needs an agreement, and others that have one wait to be played in by hand."""

    siret: str
    name: str
    contact: str
    agreement: AgreementData | None = None


@frozen
class OrganizationsData:
    """What ``organizations.toml`` says."""

    organizations: tuple[OrganizationData, ...]
    mistyped: str
    """A SIRET that the agent types wrong, and that is refused."""


@frozen
class PersonData:
    """Somebody who signs in with the organization's first credentials."""

    last_name: str
    first_name: str
    email: str
    phone: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@frozen
class UserData(PersonData):
    """Somebody whom the administrator creates; days are counted from today."""

    groups: tuple[GroupCode, ...] = ()
    mobile: bool = False
    opens_in: int | None = None
    closes_in: int | None = None


@frozen
class UsersData:
    """What ``users.toml`` says: who plays which part."""

    role_mailbox: str
    administrator: PersonData
    latecomer: PersonData
    manager: UserData
    colleague: UserData
    leaver: UserData
    successor: UserData
    others: tuple[UserData, ...] = ()
    """Whoever plays no part, and so may open later."""

    @property
    def created(self) -> dict[str, UserData]:
        """Those whom the administrator creates, by the name of their table in the file."""
        others = {f"others[{number}]": other for number, other in enumerate(self.others)}
        parts = {"manager": self.manager, "colleague": self.colleague, "leaver": self.leaver}
        return {**parts, "successor": self.successor, **others}

    @property
    def everybody(self) -> dict[str, PersonData]:
        return {"administrator": self.administrator, "latecomer": self.latecomer, **self.created}


@frozen
class Files:
    """Where the data is: the files that come with the library, unless others are passed."""

    catalog: Path
    organizations: Path
    users: Path

    @classmethod
    def chosen(cls, catalog: Path | None, organizations: Path | None, users: Path | None) -> Files:
        chosen = zip((catalog, organizations, users), NAMES, strict=True)
        return cls(*(given or shipped(name) for given, name in chosen))


def shipped(name: str) -> Path:
    """The file of that name that comes with the library."""
    return Path(str(files(__package__) / "data" / name))


@frozen
class Data:
    """Everything that is played with, and the names of its files for whatever is refused of it."""

    files: Files
    catalog: CatalogData
    first: OrganizationData
    """The organization where everything is played."""
    others: tuple[OrganizationData, ...]
    mistyped: str
    people: UsersData
    agreement: AgreementData
    document_group: NewGroup = field(init=False)
    """A group that needs a supporting document: what the guide calls AFAS-DEC."""
    outside_group: NewGroup = field(init=False)
    """A group of another service, which the manager does not reach."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "document_group", self._documented())
        object.__setattr__(self, "outside_group", self._outside())

    @classmethod
    def read(cls, files: Files) -> Data:
        """The files, read and found playable; else ``SetupRefused`` names the file and the field."""
        catalog = read_file(files.catalog, CatalogData)
        partners = read_file(files.organizations, OrganizationsData)
        people = read_file(files.users, UsersData)
        with naming(files.organizations):
            agreement = _first_agreement(partners)
        first, *others = partners.organizations
        data = cls(files, catalog, first, tuple(others), partners.mistyped, people, agreement)
        data._require_playable()
        return data

    @property
    def waiting(self) -> OrganizationData:
        """The organization in which whoever wants to replays the guides by hand."""
        return next((other for other in self.others if other.agreement), self.first)

    def opened(self) -> Iterator[NewGroup]:
        """The groups that the agreement opens, in its own order."""
        by_code = {group.code: group for group in self.catalog.groups}
        for code in self.agreement.groups:
            with naming(f"{self.files.organizations}, organizations[0].agreement.groups"):
                if code not in by_code:
                    raise ValueError(f"the catalog has no group {code}")
                yield by_code[code]

    def require_readable(self, contact: ContactDetails) -> None:
        """Refuse the SIRETs, addresses and telephone numbers that cannot be, before anything is played."""
        for number, organization in enumerate((self.first, *self.others)):
            with naming(f"{self.files.organizations}, organizations[{number}].siret"):
                Siret.parse(organization.siret)
            with naming(f"{self.files.organizations}, organizations[{number}].contact"):
                contact.email(organization.contact)
        for part, person in self.people.everybody.items():
            with naming(f"{self.files.users}, {part}.email"):
                contact.email(person.email)
            with naming(f"{self.files.users}, {part}.phone"):
                contact.phone(person.phone) if person.phone else None

    def _documented(self) -> NewGroup:
        for group in self.opened():
            if group.needs_document:
                return group
        raise SetupRefused(str(self.files.catalog), "groups: none that the agreement opens needs a document")

    def _outside(self) -> NewGroup:
        for group in self.opened():
            if group.service != self.document_group.service:
                return group
        raise SetupRefused(str(self.files.catalog), "groups: the agreement opens those of one service only")

    def _require_playable(self) -> None:
        for part, user in self.people.created.items():
            with naming(f"{self.files.users}, {part}.opens_in"):
                if user.opens_in and user not in self.people.others:
                    raise ValueError("is for others: whoever plays a part opens at once")
            for group in user.groups:
                with naming(f"{self.files.users}, {part}.groups"):
                    if group not in self.agreement.groups:
                        raise ValueError(f"the agreement opens no group {group}")


def _first_agreement(partners: OrganizationsData) -> AgreementData:
    if not partners.organizations:
        raise ValueError("organizations has nobody in it")
    if partners.organizations[0].agreement is None:
        raise ValueError("organizations[0].agreement is missing")
    return partners.organizations[0].agreement
