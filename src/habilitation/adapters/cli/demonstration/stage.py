"""How the demonstration is shown: who acts, what that person sees, what is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from attrs import define
from rich.box import ROUNDED
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from habilitation.adapters.cli.prose import Prose
from habilitation.adapters.cli.speech import Speech
from habilitation.adapters.cli.tables import plain_table
from habilitation.domain.refusals import Refusal

if TYPE_CHECKING:
    from habilitation.adapters.assembly import ReceivedLetter

COLUMNS = 100
"""Where there is no terminal."""
WIDEST = 132
"""Whatever the terminal's: longer lines are hard to read."""
HIDDEN = "••••-••••-••••-••••-••••-••••"
"""What stands in a password's place: only its recipient reads it, in the Maildir."""


@define
class Stage:
    """Says the demonstration's texts in one language, to one console."""

    out: Console
    speech: Speech
    lines: Mapping[str, Any]
    _scene: int = 0

    @classmethod
    def set_up(cls, out: Console, speech: Speech) -> Stage:
        """With the texts of the speech's language."""
        lines = tomllib.loads((files(__package__) / f"{speech.language}.toml").read_text("utf-8"))
        return cls(out, speech, lines)

    def line(self, key: str, **values: object) -> str:
        return str(self.lines[key]).strip("\n").format(**values)

    def title(self, **values: object) -> None:
        self.out.print(Panel(Prose(self.line("introduction", **values)), title=self.line("title"), box=ROUNDED))

    def prologue(self, story: str) -> None:
        """What a story is about."""
        introduction = Prose(self.line(f"{story}-introduction"))
        self.out.print(Panel(introduction, title=self.line(f"{story}-title"), box=ROUNDED))

    def scene(self, key: str, **values: object) -> None:
        """A new scene begins."""
        self._scene += 1
        self.out.print()
        title = Text(f"{self._scene}. {self.line(key, **values)}", "bold cyan")
        self.out.print(Rule(title, align="left", style="cyan"))

    def acts(self, who: str, key: str, **values: object) -> None:
        """Somebody does something."""
        self.out.print()
        self.out.print(Prose.assemble(("▸ ", "cyan"), (who, "bold"), self.line("colon"), self.line(key, **values)))

    def says(self, key: str, **values: object) -> None:
        """What happens then."""
        self.shows(Prose(self.line(key, **values)))

    def shows(self, seen: RenderableType) -> None:
        """What that person sees."""
        self.out.print(Padding.indent(seen, 2))

    def refuses(self, refusal: Refusal) -> None:
        """Somebody is told no, and why."""
        sentence = self.speech.refusal(refusal)
        code = (f" [{refusal.code}]", "dim")
        self.shows(Prose.assemble(("✗ ", "bold red"), (self.line("refused"), "red"), (sentence, "red"), code))

    def succeeds(self, key: str, **values: object) -> None:
        """Something is done."""
        self.shows(Prose.assemble(("✓ ", "bold green"), self.line(key, **values)))

    def fails(self, key: str, **values: object) -> None:
        """Something does not hold."""
        self.shows(Prose.assemble(("✗ ", "bold red"), (self.line(key, **values), "red")))

    def mail(self, letter: ReceivedLetter) -> None:
        """A message as its recipient reads it, but for the password."""
        text = letter.text.strip().replace(letter.password or "\0", HIDDEN)
        head = f"{self.line('to')}{letter.to}\n{self.line('subject')}{letter.subject}\n"
        self.shows(Panel(Prose.assemble((head, "bold"), "\n", text), title=self.line("mail"), box=ROUNDED, style="dim"))

    def mails(self, letters: Iterable[ReceivedLetter]) -> None:
        """The messages that left, one a line."""
        table = plain_table(self.line("mails"), self.line("subject-column"))
        for letter in letters:
            table.add_row(f"✉ {letter.to}", letter.subject)
        self.shows(table)
