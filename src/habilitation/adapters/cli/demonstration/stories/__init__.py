"""What guides leave out: the leaver, the stolen letter, the vanished administrator, control taken back.

Each story goes on from where the guides ended, in memory, over the same use cases; its clock moves where days pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from habilitation.adapters.cli.demonstration.stories import leaver, stolen_letter, take_back, vanished_administrator
from habilitation.adapters.cli.demonstration.stories.cast import Cast

STORIES: Mapping[str, tuple[Callable[[Cast], None], ...]] = {
    "leaver": leaver.SCENES,
    "stolen-letter": stolen_letter.SCENES,
    "vanished-administrator": vanished_administrator.SCENES,
    "take-back": take_back.SCENES,
}
