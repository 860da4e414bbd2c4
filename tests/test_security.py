"""docs/security.md goes through every item of ASVS 5.0's first two levels once, and the tests that it names exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (V[\d.]+(?:–V[\d.]+)?) \| ([^|]+) \| \**([^|*]+)\** \| ([^|]+) \|$", PAGE, re.MULTILINE)
STATES = {"tested", "written", "the embedder's", "not met", "not here"}
LAST_OF = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2
    2.1:3 2.2:3 2.3:4 2.4:1
    3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3
    6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1
    9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
    11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4
    13.1:1 13.2:5 13.3:2 13.4:5
    14.1:2 14.2:4 14.3:3
    15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
    17.1:1 17.2:4 17.3:2
"""
"""How many items of levels 1 and 2 each section has; they come before its items of level 3."""
LAST = {section: int(last) for section, last in re.findall(r"([\d.]+):(\d+)", LAST_OF)}


def items(written: str) -> Iterator[tuple[str, int]]:
    """The items that a row is about: one, or one after another of a section."""
    first, _, last = written.partition("–")
    section, number = first.removeprefix("V").rsplit(".", 1)
    until = last.removeprefix("V").rsplit(".", 1) if last else (section, number)
    assert until[0] == section
    yield from ((section, each) for each in range(int(number), int(until[1]) + 1))


def test_every_item_of_the_first_two_levels_is_gone_through_once():
    gone_through = [item for row in ROWS for item in items(row[0])]
    assert gone_through == [(section, number) for section, last in LAST.items() for number in range(1, last + 1)]
    assert len(gone_through) == 253


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_item_is_in_a_state_and_what_is_tested_names_tests_that_exist(row):
    item, _, state, how = row
    assert state in STATES
    named = re.findall(r"\[([^\]]+)\]\((\.\./tests/[^)]+\.py)\)", how)
    assert named or state != "tested", item
    for spoken, file in named:
        assert f"def test_{spoken.replace(' ', '_')}(" in (DOCS / file).read_text("utf-8"), spoken
