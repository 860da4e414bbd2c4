"""Security logs that lose lines, or keep them all."""

from __future__ import annotations

from datetime import UTC, datetime
from time import sleep

from attrs import evolve

from habilitation.adapters.memory.security_log import MemorySecurityLog
from tests.contract.broken.breaking import breaks


@breaks(MemorySecurityLog, "lines", "test_lines_are_read_as_they_were_written_newest_first")
def lists_the_oldest_lines_first(original, log, wanted, before, most):
    return original(log, wanted, before, most)[::-1]


@breaks(MemorySecurityLog, "lines", "test_a_page_goes_on_where_the_former_ended")
def begins_anew_after_a_line_that_is_gone(original, log, wanted, before, most):
    return original(log, wanted, before if before in log._lines else None, most)


@breaks(MemorySecurityLog, "lines", "test_lines_are_found_by_what_they_say[wanted6-found6]")
def finds_a_user_by_id_alone(original, log, wanted, before, most):
    """Whatever organization the user is of."""
    user = wanted.subject.user if wanted.subject else wanted.user
    return original(log, evolve(wanted, subject=None, user=user), before, most)


@breaks(MemorySecurityLog, "prune", "test_what_is_too_old_goes_oldest_first_and_no_more_than_was_asked")
def prunes_lines_in_the_order_of_writing(original, log, kept_since, most):
    gone = [line for line in log._lines.values() if line.at < kept_since][:most]
    for line in gone:
        del log._lines[line.id]
    return len(gone)


@breaks(MemorySecurityLog, "write", "test_each_line_takes_old_ones_away_but_few")
def never_forgets(original, log, line, kept_since):
    """A log that grows without end: leaves it to somebody else to throw anything away."""
    original(log, line, datetime.min.replace(tzinfo=UTC))


@breaks(MemorySecurityLog, "write", "test_lines_written_at_once_are_all_kept")
def writes_all_lines_again(original, log, line, kept_since):
    """As one value, which others have read too."""
    lines = dict(log._lines)
    sleep(0.001)
    log._lines = {**lines, line.id: line}
