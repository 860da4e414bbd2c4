"""Telling a person's mailbox from a role's (R6): one rule here, the words as data in ``roles.toml``.

What stands before the ``@`` is cut into words at anything that is no letter, without case or accents. It is a role's if

- there is no word in it at all (``0612345678@``);
- its first word is one of ``roles``: ``contact@``, ``rh75@``, ``info.clamart@``;
- its words, run together, begin with one of ``beginnings``: ``mairie-clamart@``, ``mairiedeclamart@``, ``no-reply@``;
- every word in it is a role's or one of ``names_too``: ``bureau@``, ``le-maire@``, ``bureau.accueil@``.

A role's word after somebody's name or initial makes no role: ``jean.contact@``, ``marie.mairie@`` and ``d.admin@`` are
persons, and so is ``bureau.paul@``. Where an address can be read both ways, it is a person's: nobody is kept out of the
seat by a surname, and the operator is told of every claim (R7).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Self

from attrs import frozen

from habilitation.domain.folding import folded
from habilitation.domain.refusals import EmailNotNominative
from habilitation.domain.values import EmailAddress

_WORD = re.compile(r"[^\W\d_]+")


@frozen
class RoleMailboxes:
    """The ``NominativeMailboxes`` policy that knows the words of roles, folded."""

    roles: frozenset[str]
    beginnings: tuple[str, ...]
    names_too: frozenset[str]

    @classmethod
    def french_and_english(cls) -> Self:
        """The words that come with the library."""
        return cls._from_toml((files(__package__) / "roles.toml").read_text("utf-8"))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """An operator's own words, in the shape of ``roles.toml``; anything else raises ``ValueError``."""
        return cls._from_toml(path.read_text("utf-8"))

    @classmethod
    def _from_toml(cls, text: str) -> Self:
        words = tomllib.loads(text)
        _require_lists_of_words(words)
        return cls(_all(words["roles"]), tuple(sorted(_all(words["beginnings"]))), _all(words["names_too"]))

    def check(self, email: EmailAddress) -> None:
        """Raise ``EmailNotNominative`` for a role's mailbox (R6)."""
        if self._is_role(_WORD.findall(folded(email.text.rpartition("@")[0]))):
            raise EmailNotNominative()

    def _is_role(self, words: list[str]) -> bool:
        if not words or words[0] in self.roles or "".join(words).startswith(self.beginnings):
            return True
        return all(word in self.roles | self.names_too or word.startswith(self.beginnings) for word in words)


def _all(words: Collection[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in words)


def _require_lists_of_words(words: Mapping[str, object]) -> None:
    for name in ("roles", "beginnings", "names_too"):
        listed = words.get(name)
        if not isinstance(listed, list) or not all(isinstance(w, str) and _WORD.fullmatch(folded(w)) for w in listed):
            raise ValueError(f"the words of role mailboxes must have a list of words named {name}")
