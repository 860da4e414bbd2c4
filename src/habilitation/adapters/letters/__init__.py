"""Messages as letters on paper, and supporting documents: PDF files, set by typst from templates beside this module."""

from habilitation.adapters.letters.routing import ByAddress
from habilitation.adapters.letters.spool import LetterSpool
from habilitation.adapters.letters.typesetting import Typesetter

__all__ = ["ByAddress", "LetterSpool", "Typesetter"]
