"""Letters put into a folder, for whoever prints and posts them (R4)."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import frozen

from habilitation.adapters.letters.typesetting import Typesetter
from habilitation.domain.messages import Letter
from habilitation.ports.transport import DeliveryDelayed


@frozen
class LetterSpool:
    """The ``Transport`` that puts one PDF a message into a folder, made if need be, which only its owner can open.

    A file is named after the message's kind and id, never after anybody: logins and passwords can be told apart, and
    printed on different days. A file is there whole or not at all; a second copy of a message takes the first one's
    place (R20). What was printed is for whoever printed it to take away.
    """

    folder: Path
    typesetter: Typesetter

    def send(self, letter: Letter) -> None:
        """Return once the letter is on the disk; whatever the disk answers is ``DeliveryDelayed``."""
        written = self.typesetter.letter(letter)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(written, self.folder / f"{letter.kind.value}-{letter.id}.pdf")
        except OSError as error:
            raise DeliveryDelayed(f"the folder of letters cannot be written: {error.strerror}") from None


def _put(written: bytes, file: Path) -> None:
    """Under another name until it is whole; that name is the same each time, so that no failed try is left behind."""
    part = file.with_name(f".{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(written)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
