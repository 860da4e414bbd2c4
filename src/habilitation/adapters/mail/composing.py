"""Writing a letter out as a mail message, in French or English, as text and as HTML (R4, R12, R26).

A template is plain text in paragraphs, with its subject on top. It is rendered twice: as it is, and escaped for HTML
with each paragraph in an element of its own. What people wrote is put on one line first, so that nothing in it can
begin a paragraph, or a header, of its own.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from attrs import Attribute, field, frozen
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from habilitation.domain.messages import LINK_KINDS, Letter
from habilitation.domain.values import EmailAddress
from habilitation.ports.clock import Clock
from habilitation.ports.notices import OperatorTexts
from habilitation.ports.transport import DeliveryRefused

KIND_HEADER = "X-Habilitation-Kind"
MARGIN = "    "
"""What a login, a password or a link stands behind, alone on its line of the text: to be found, and copied."""
LANGUAGES = {"fr": "{:%d/%m/%Y à %H:%M}", "en": "{:%Y-%m-%d at %H:%M}"}
"""The languages of the templates, and how each writes an instant."""
TOKEN, PURPOSE = "{token}", "{purpose}"

_ADDRESS = re.compile(r'[^\s@"(),:;<>\[\\\]]+@[^\s@"(),:;<>\[\\\]]+')
_LOADER = PackageLoader("habilitation.adapters.mail")


def _environment(*, html: bool) -> Environment:
    made = Environment(loader=_LOADER, autoescape=html, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701 (text)
    made.filters["alone"] = Markup("<strong>{}</strong>").format if html else MARGIN.__add__
    made.filters["linked"] = Markup('<a href="{0}">{0}</a>').format if html else MARGIN.__add__
    return made


_TEXT = _environment(html=False)
_HTML = _environment(html=True)


def _is_sender(composer: Composer, attribute: Attribute[str], value: str) -> None:
    if not (value.isascii() and _is_address(value)):
        raise ValueError("mail needs a sender's address of the form name@domain, in ASCII")


def _is_language(composer: Composer, attribute: Attribute[str], value: str) -> None:
    if value not in LANGUAGES:
        raise ValueError(f"there are no messages in the language {value!r}: choose one of {', '.join(LANGUAGES)}")


def _is_link(composer: Composer, attribute: Attribute[str], value: str) -> None:
    if value and not (TOKEN in value and value.isascii() and value.isprintable() and " " not in value):
        raise ValueError(f"the address of links must hold {TOKEN}, and nothing but ASCII without spaces")


@frozen
class Composer:
    """Makes mail of letters: from whom, in which language, about which portal. Bad settings raise ``ValueError``."""

    sender: str = field(validator=_is_sender)
    """The address that messages come from; its domain is also that of the message ids."""
    clock: Clock
    texts: OperatorTexts
    """Gives the operator's information notice, which goes with each login (R12)."""
    language: str = field(default="fr", validator=_is_language)
    portal: str = "Mon Compte Partenaire"
    address: str = ""
    """Where to sign in, if people are to be told."""
    operator: str = ""
    """Whom a supporting document is returned to, as a sentence says it; the guides' *votre caf* if empty (R26)."""
    document: str = ""
    """What that document is called; the guides' *pièce justificative n° 3* if empty."""
    link: str = field(default="", validator=_is_link)
    """The page that one-time links lead to, ``{token}`` in it, and ``{purpose}`` if there is one for each."""

    def compose(self, letter: Letter) -> EmailMessage:
        """The message, ready to be sent.

        Raises ``DeliveryRefused`` for an address that no header can hold, or a link where no page was named. A second
        copy of a letter has the same ``Message-ID``. A recipient whose local part has an accent makes a message that
        only SMTPUTF8 carries.
        """
        message = self._addressed(letter)
        name, values = f"{self.language}/{letter.kind.value}.txt", self._values(letter)
        message["Subject"], paragraphs = _rendered(_TEXT, name, values)
        message.set_content("\n\n".join(paragraphs) + "\n", cte="quoted-printable")
        message.add_alternative(self._page(name, values), subtype="html", cte="quoted-printable")
        return message

    def _addressed(self, letter: Letter) -> EmailMessage:
        to = wire_address(letter)
        message = EmailMessage(policy=SMTP.clone(utf8=not to.isascii()))
        message["From"] = _header(self.sender)
        message["To"] = _header(to)
        message["Date"] = format_datetime(self.clock.now().astimezone(self.clock.zone))
        message["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message[KIND_HEADER] = letter.kind.value
        return message

    def _values(self, letter: Letter) -> dict[str, str | None]:
        values = {
            "portal": self.portal,
            "address": self.address,
            "operator": self.operator,
            "document": self.document,
            "organization": letter.organization,
            "person": letter.person.full_name if letter.person else None,
            "login": letter.login,
            "password": letter.password,
            "group": letter.group,
            "agreement": letter.agreement,
            "link": self._link(letter),
            "until": self._until(letter),
        }
        written = {name: text and _on_one_line(text) for name, text in values.items()}
        return written | {"notice": self.texts.first_authentication().notice}

    def _link(self, letter: Letter) -> str | None:
        if letter.token is None:
            return None
        if not self.link:
            raise DeliveryRefused("the address of the page that links lead to is not set")
        return self.link.replace(PURPOSE, LINK_KINDS[letter.kind].value).replace(TOKEN, letter.token)

    def _until(self, letter: Letter) -> str | None:
        if letter.expires is None:
            return None
        return LANGUAGES[self.language].format(letter.expires.astimezone(self.clock.zone))

    def _page(self, name: str, values: dict[str, str | None]) -> str:
        subject, paragraphs = _rendered(_HTML, name, values)
        page = _HTML.get_template("page.html")
        return page.render(language=self.language, subject=subject, paragraphs=paragraphs)


def wire_address(letter: Letter) -> str:
    """The recipient as mail servers know it: the local part as typed, the domain of the normal form, in ASCII."""
    if not isinstance(letter.to, EmailAddress):
        raise DeliveryRefused("it goes by post, and no folder for letters is set")
    address = f"{letter.to.text.rpartition('@')[0]}@{letter.to.normal.rpartition('@')[2]}"
    if not _is_address(address):
        raise DeliveryRefused("the recipient's address cannot be written in a message")
    return address


def _is_address(text: str) -> bool:
    return text.isprintable() and _ADDRESS.fullmatch(text) is not None


def _header(address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(username=local, domain=domain)


def _on_one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _rendered(environment: Environment, name: str, values: dict[str, str | None]) -> tuple[str, list[str]]:
    """The subject that the template sets, and the paragraphs that make up the rest."""
    module = environment.get_template(name).make_module(values)
    return str(module.subject), re.split(r"\n\s*\n", str(module).strip("\n"))  # type: ignore[attr-defined]
