"""What can be wrong with a file or its disk: one clear refusal each, nothing lost, and no word of sqlite3's."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest

from habilitation.adapters.sql import SqlStore, migrations
from habilitation.domain.credential import Credential, Standing
from habilitation.domain.events import OrganizationOpened, UserCreated
from habilitation.domain.period import Term
from habilitation.domain.refusals import (
    Conflict,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseNewer,
    DatabaseReadOnly,
    DatabaseUnavailable,
    OutcomeUnknown,
    Refusal,
)
from habilitation.domain.values import Login, OrganizationId, Paper, UserId
from tests.adapters.sql_histories import AGENT, NOW, ORGANIZATION, act

NEXT = f"{int(migrations.HEAD) + 1:04}"
OPENED = OrganizationOpened(ORGANIZATION)
OPEN = Term(NOW, None, NOW.date(), None)
ANOTHER = OrganizationId("organization-2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "portal.db"


def opened(path: Path, busy_timeout: float = 0.2) -> SqlStore:
    return SqlStore.open(f"sqlite:///{path}", busy_timeout)


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """A store that has one organization in it."""
    store = opened(path)
    act(store, NOW, AGENT, OPENED)
    yield store
    store.close()


def fill(store: SqlStore, users: int) -> None:
    facts = [UserCreated(UserId(f"user-{number}"), None, OPEN, False) for number in range(users)]
    act(store, NOW, AGENT, *facts, papers=(Paper("x" * 100_000, b""),))


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


@contextmanager
def refused(kind: type[Refusal], directory: Path) -> Iterator[None]:
    """The refusal comes, reads as a sentence, and has changed no file."""
    before = files(directory)
    with pytest.raises(kind) as caught:
        yield
    assert files(directory) == before
    assert str(caught.value).endswith((".", "again"))


# Files that cannot be opened


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:portal.db?mode=memory&uri=true",
        "sqlite:///portal.db?mode=ro",
        "postgresql://someone:secret@host/portal",
        "portal.db",
        "",
        "sqlite:///a\0b",
    ],
)
def test_an_address_that_names_no_file_is_refused_and_not_repeated(url):
    with pytest.raises(DatabaseUnavailable) as caught:
        SqlStore.open(url)
    assert "secret" not in str(caught.value)


def test_a_missing_directory_is_refused(tmp_path):
    with refused(DatabaseUnavailable, tmp_path):
        opened(tmp_path / "missing" / "portal.db")


def test_a_directory_in_place_of_the_file_is_refused(tmp_path):
    with refused(DatabaseUnavailable, tmp_path):
        opened(tmp_path)


def test_a_file_that_is_no_database_is_refused(path):
    path.write_text("Identifiant;Nom;Prénom\n" * 1000, encoding="utf-8")
    with refused(DatabaseForeign, path.parent):
        opened(path)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_another_programs_database_is_refused(path, mode):
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA journal_mode = {mode}")
    raw.execute("CREATE TABLE users (id)")
    raw.close()
    with refused(DatabaseForeign, path.parent):
        opened(path)


def test_an_empty_file_becomes_a_database(path):
    path.touch()
    with_one = opened(path)
    act(with_one, NOW, AGENT, OPENED)
    assert with_one.organizations() == [ORGANIZATION]
    with_one.close()


@pytest.mark.parametrize(
    ("version", "kind"),
    [(f"{int(migrations.HEAD) + 1:04}", DatabaseNewer), ("9999", DatabaseNewer), ("x", DatabaseForeign)],
)
def test_a_version_that_is_not_known_here_is_refused(store, path, version, kind):
    store.close()
    set_version(path, version)
    with refused(kind, path.parent):
        opened(path)


def test_a_database_that_says_no_version_is_refused(store, path):
    store.close()
    set_version(path, None)
    with refused(DatabaseForeign, path.parent):
        opened(path)


def set_version(path: Path, version: str | None) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM habilitation_version")
        if version:
            raw.execute("INSERT INTO habilitation_version VALUES (?)", (version,))
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


# Files that are damaged


def test_a_truncated_file_is_told_to_be_damaged(store, path):
    fill(store, 200)
    store.close()
    os.truncate(path, path.stat().st_size // 4096 // 2 * 4096)
    with refused(DatabaseDamaged, path.parent):
        opened(path)


def test_overwritten_pages_are_told_to_be_damaged(store, path):
    fill(store, 200)
    store.close()
    content = path.read_bytes()
    tables = 60 * 4096  # the schema and the roots of its tables come first
    path.write_bytes(content[:tables] + b"\xa5" * (len(content) - tables))
    damaged = opened(path)
    with pytest.raises(DatabaseDamaged):
        act(damaged, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))
    with pytest.raises(DatabaseDamaged):
        damaged.entries(ORGANIZATION)
    damaged.close()


@pytest.mark.parametrize("column", ["at", "body", "hash"])
def test_an_entry_of_another_kind_of_value_is_told_to_be_damaged(store, path, column):
    """R40."""
    fill(store, 1)
    with sqlite3.connect(path) as raw:
        raw.execute(f"UPDATE entries SET {column} = zeroblob(3) WHERE '{column}' <> 'body'")
        raw.execute(f"UPDATE entries SET {column} = 'x' WHERE '{column}' = 'body'")
    raw.close()
    with pytest.raises(DatabaseDamaged):
        store.entries(ORGANIZATION)


def test_an_entry_that_was_written_over_is_told_to_be_damaged(store, path):
    """R42."""
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE entries SET body = ?", (b'{"sequence": 1}',))
    raw.close()
    with pytest.raises(DatabaseDamaged), store.reading(ORGANIZATION) as rows:
        rows.records(0, 10)


def test_a_table_that_was_dropped_is_told_to_be_damage_and_blocks_nobody_else(store, path):
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE catalog_entries")
    raw.close()
    for _ in range(2):
        with pytest.raises(DatabaseDamaged), store.cataloging():
            pass
    act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))


# Disks that do not take what is written


@contextmanager
def small_disk(directory: Path) -> Iterator[None]:
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", directory], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only the superuser can make a small disk to fill")
    try:
        yield
    finally:
        subprocess.run(["umount", directory], check=True)


def stuff(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as full:
        while True:
            full.write(b"x" * 1024)


@pytest.mark.skipif(not shutil.which("mount"), reason="no disk can be made here")
def test_on_a_full_disk_nothing_is_written_and_all_goes_on_when_there_is_room(path):
    """I8."""
    with small_disk(path.parent):
        store = opened(path)
        act(store, NOW, AGENT, OPENED)
        ballast = path.parent / "ballast"
        stuff(ballast)
        entries = store.entries(ORGANIZATION)
        with pytest.raises(DatabaseFull):
            fill(store, 10)
        assert store.entries(ORGANIZATION) == entries
        ballast.unlink()
        act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))
        assert len(store.entries(ORGANIZATION)) == 2
        store.close()


def test_a_file_that_may_not_grow_is_told_to_be_full(store):
    """I8: the same without the superuser."""
    line = store._database.borrow()
    line.raw.execute("PRAGMA max_page_count = 1")
    store._database.give_back(line)
    with pytest.raises(DatabaseFull):
        fill(store, 100)
    assert len(store.entries(ORGANIZATION)) == 1


def without_privileges(work: Callable[[], str]) -> str:
    """What the work returns in a process that may not do everything."""
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    child = context.Process(target=answer_as_nobody, args=(work, answer))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    return str(answer.get())


def answer_as_nobody(work: Callable[[], str], answer: SimpleQueue[str]) -> None:
    if os.getuid() == 0:
        os.setuid(65534)
    answer.put(work())


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A directory that others may enter and write to: those of tests are their owner's only."""
    shelf = Path(tempfile.mkdtemp())
    shelf.chmod(0o777)
    yield shelf
    shutil.rmtree(shelf)


def code_of(work: Callable[[], object]) -> str:
    try:
        work()
    except Refusal as refusal:
        return refusal.code
    return "nothing"


def test_a_read_only_file_is_told_to_be_so(shelf):
    store = opened(shelf / "portal.db")
    act(store, NOW, AGENT, OPENED)
    (shelf / "portal.db").chmod(0o444)
    code = without_privileges(lambda: code_of(lambda: act(opened(shelf / "portal.db"), NOW, AGENT, OPENED)))
    store.close()
    assert code == DatabaseReadOnly.code


def test_a_read_only_directory_is_told_to_be_so(shelf):
    shelf.chmod(0o555)
    assert without_privileges(lambda: code_of(lambda: opened(shelf / "portal.db"))) == DatabaseUnavailable.code


def test_a_file_that_may_not_be_read_is_told_to_be_so(shelf):
    opened(shelf / "portal.db").close()
    (shelf / "portal.db").chmod(0)
    assert without_privileges(lambda: code_of(lambda: opened(shelf / "portal.db"))) == DatabaseUnavailable.code


# Commits that fail


def failing(code: int) -> Callable[[object], None]:
    def commit(_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    return commit


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, OutcomeUnknown),
        (sqlite3.SQLITE_CORRUPT, OutcomeUnknown),
        (sqlite3.SQLITE_FULL, DatabaseFull),
        (sqlite3.SQLITE_BUSY, DatabaseLocked),
    ],
)
def test_a_commit_that_fails_is_never_told_to_be_made(store, monkeypatch, code, kind):
    monkeypatch.setattr(store._database.engine.dialect, "do_commit", failing(code))
    with pytest.raises(kind):
        act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))
    monkeypatch.undo()
    assert len(store.entries(ORGANIZATION)) == 1
    act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))


def test_what_failed_is_never_quoted_with_what_was_written(store):
    """R12, R41: neither the refusal nor its cause holds a name or a login."""
    login = Login("ABCDEFGH")
    credential = Credential(ORGANIZATION, UserId("anne"), login, Standing.FIRST)
    act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False), credentials=(credential,))
    with pytest.raises(Conflict) as caught:
        act(store, NOW, AGENT, UserCreated(UserId("zoé"), None, OPEN, False), credentials=(credential,))
    told = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "UNIQUE" in told
    assert not [secret for secret in (login.text, login.digest, "anne") if secret in told]


# Locks, and whose connections these are


def test_a_lock_that_another_program_keeps_is_waited_for_and_then_told(store, path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(DatabaseLocked):
        act(store, NOW, AGENT, OPENED)
    assert 0.2 <= time.monotonic() - began < 3
    with store.reading(ORGANIZATION) as rows:
        assert rows.organization is not None  # reading waits for nobody
    other.execute("ROLLBACK")
    other.close()
    act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))


def test_a_reader_goes_on_while_another_writes_and_sees_one_moment(store):
    with store.reading(ORGANIZATION) as before:
        act(store, NOW, AGENT, UserCreated(UserId("anne"), None, OPEN, False))
        assert before.find_user(UserId("anne")) is None
        assert len(before.records(0, 10)) == 1
    with store.reading(ORGANIZATION) as after:
        assert after.find_user(UserId("anne")) is not None


def test_writing_inside_writing_is_told_at_once(store):
    with store.writing(ORGANIZATION), pytest.raises(RuntimeError), store.writing(ANOTHER):
        pass
    with store.writing(ORGANIZATION):
        pass


def test_a_store_does_not_go_on_in_a_child_process(store):
    assert without_privileges(lambda: code_of(store.organizations)) == DatabaseUnavailable.code
    assert store.organizations() == [ORGANIZATION]


def test_closing_leaves_nothing_open(store, path):
    threads = [threading.Thread(target=store.organizations) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading(ORGANIZATION):
        store.close()
    assert files(path.parent).keys() == {path.name}
    with pytest.raises(DatabaseUnavailable):
        store.organizations()
    descriptors = Path("/proc/self/fd")
    if descriptors.exists():
        assert str(path) not in {str(link.readlink()) for link in descriptors.iterdir() if link.is_symlink()}


def test_what_is_told_to_be_kept_is_on_the_disk(store):
    """A commit outlives the current; and each part of a user belongs to a user."""
    with store.writing(ORGANIZATION) as tx:
        pragmas = {
            name: tx._line.cursor.execute(f"PRAGMA {name}").fetchone()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        }
    assert pragmas == {"synchronous": (2,), "foreign_keys": (1,), "journal_mode": ("wal",)}
