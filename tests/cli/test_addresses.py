"""What is printed of a database's address."""

import pytest

from habilitation.adapters.cli.addresses import printable


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("sqlite:////srv/portal.db", "sqlite:////srv/portal.db"),
        ("postgresql://portal@db.example/portal", "postgresql://portal@db.example/portal"),
        ("postgresql://portal:se:cr@t@db.example:5432/portal", "postgresql://portal:***@db.example:5432/portal"),
        ("postgresql://:secret@/portal?host=/run", "postgresql://:***@/portal?host=/run"),
        (
            "postgresql:///portal?user=portal&password=secret&port=1",
            "postgresql:///portal?user=portal&password=***&port=1",
        ),
    ],
)
def test_a_password_is_never_printed(url: str, printed: str) -> None:
    """I10"""
    assert printable(url) == printed
