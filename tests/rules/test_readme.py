"""The table of README.md names tests that exist, for every rule that the tests here cite."""

import re
from pathlib import Path

HERE = Path(__file__).parent
ROWS = re.findall(r"\| \[([^\]]+)\]\(([^)]+\.py)\) \|$", (HERE / "README.md").read_text("utf-8"), re.MULTILINE)


def test_each_test_that_it_names_exists():
    assert len(ROWS) > 200
    for spoken, file in ROWS:
        assert f"def test_{spoken.replace(' ', '_')}(" in (HERE / file).read_text("utf-8")
