"""Each statement is one for all engines; what is written at once on PostgreSQL does what its parts would."""

from __future__ import annotations

from typing import Any

import pytest

from habilitation.adapters.sql import listing, statements
from habilitation.adapters.sql.at_once import MOST, Writes
from habilitation.adapters.sql.statement import Statement, statement
from habilitation.domain.user import Status

NAMED = {name: each for name, each in vars(statements).items() if isinstance(each, Statement)}
OTHERS = {
    **{f"DROP {place}": each for place, each in enumerate(statements.DROP)},
    "memberships": statements.memberships_of(3),
    "past accounts": statements.past_accounts_of(3),
    "ever in": statements.ever_in(2),
    "security lines": statements.security_lines("of_organization", "of_user", "of_subject", "of_kind", "before"),
    "page": listing._statement(listing.Shape(True, Status.OPEN, True, 2, 1, True)),
}


@pytest.mark.parametrize("name", [*NAMED, *OTHERS])
def test_the_parameters_come_in_the_same_order_on_both_engines(name):
    """Else a value would be written into another's place."""
    one = (NAMED | OTHERS)[name]
    assert one.sqlite.count("?") == len(one.parameters)
    for place in range(1, len(one.parameters) + 1):
        assert f"${place}" in one.postgresql
    assert f"${len(one.parameters) + 1}" not in one.postgresql


def test_parameters_in_another_order_are_refused():
    wrong = statement(statements.MOVE_ORGANIZATION.core, "expected", "of_organization")
    with pytest.raises(TypeError):
        assert wrong.postgresql


# At once

ROW: tuple[Any, ...] = ("o", "s", b"", "t")


def texts(writes: Writes) -> list[str]:
    return [sending.text for sending in writes.taken()]


def test_what_goes_to_different_tables_goes_at_once():
    writes = Writes()
    writes.add(statements.KEEP_PAPER, [ROW])
    writes.add(statements.ADD_LOGIN, [("d", "o", "u")])
    [sending] = writes.taken()
    assert sending.text.count("INSERT") == 2
    assert sending.parameters == [*ROW, "d", "o", "u"]
    assert "$7" in sending.text
    assert not texts(writes), "it is sent once"


def test_rows_of_one_table_are_one_list_up_to_a_bound():
    writes = Writes()
    writes.add(statements.KEEP_PAPER, [ROW] * (MOST - 1))
    writes.add(statements.KEEP_PAPER, [ROW])
    writes.add(statements.KEEP_PAPER, [ROW])
    assert [text.count("INSERT") for text in texts(writes)] == [1, 1]


def test_a_table_that_is_written_to_in_two_ways_is_in_their_order():
    """A SIRET is freed before it is taken: in one statement either could come first (R1)."""
    writes = Writes()
    writes.add(statements.FREE_SIRETS, [("o",)])
    writes.add(statements.TAKE_SIRET, [("s", "o")])
    assert [text.split()[0] for text in texts(writes)] == ["DELETE", "INSERT"]


def test_rows_that_are_changed_one_by_one_stay_between_what_came_before_and_after():
    writes = Writes()
    writes.add(statements.ADD_LOGIN, [("d", "o", "u")])
    writes.add(statements.ERASE_PAPER, [("o", "1"), ("o", "2")])
    writes.add(statements.ADD_LOGIN, [("e", "o", "u")])
    assert [text.split()[0] for text in texts(writes)] == ["INSERT", "DELETE", "INSERT"]


def test_what_must_find_its_row_is_counted():
    writes = Writes()
    writes.add(statements.KEEP_PAPER, [ROW])
    parameters = statements.MOVE_ORGANIZATION.parameters
    writes.add(statements.MOVE_ORGANIZATION, [parameters], must_find=True)
    [sending] = writes.taken()
    assert sending.must_find == 1
    assert "RETURNING 1" in sending.text
    assert sending.text.endswith("SELECT (TABLE n1)")
