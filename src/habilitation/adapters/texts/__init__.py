"""What people read, by the codes of the domain: catalogs in TOML, one for each language.

``Texts`` has a text for every refusal, reason, status, act, role and kind of message; ``DefaultOperatorTexts`` has what
the first person is shown. Why TOML: ``docs/decisions/0002-toml-catalogs.md``.
"""

from habilitation.adapters.texts.catalog import LANGUAGES, Texts
from habilitation.adapters.texts.operator import DefaultOperatorTexts
from habilitation.adapters.texts.telling import Telling

__all__ = ["LANGUAGES", "DefaultOperatorTexts", "Telling", "Texts"]
