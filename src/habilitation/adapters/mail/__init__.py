"""Messages as mail: written from templates, sent by SMTP or put into a Maildir."""

from habilitation.adapters.mail.composing import Composer
from habilitation.adapters.mail.maildir import MaildirTransport, ReceivedLetter, read_letters, received
from habilitation.adapters.mail.smtp import Security, SmtpSettings, SmtpTransport

__all__ = [
    "Composer",
    "MaildirTransport",
    "ReceivedLetter",
    "Security",
    "SmtpSettings",
    "SmtpTransport",
    "read_letters",
    "received",
]
