"""Breaks the domain and the use cases, a bit at a time, and says which breaks no test of the rules notices.

python3 dev.py torture domain/period.py use_cases    what to break; both folders, if nothing is named

mutmut keeps the broken copies in mutants/, and shows one of them: .venv/bin/mutmut show NAME
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "habilitation"
COPIES = ROOT / "mutants"
FOLDERS = ("domain", "use_cases")
BY_TYPES, BY_TESTS = "caught by type check", ("killed", "timeout")
LEAST = 90
"""Percent of the mutants that must be noticed."""
QUICK = {"HABILITATION_TEST_STORES": "memory", "HYPOTHESIS_PROFILE": "mutants", "TZ": "Asia/Tokyo"}
"""Stores and properties are tried hard elsewhere: here thousands of test runs are ahead. What takes the machine's own
time zone for another one is noticed."""


def main(paths: list[str]) -> int:
    """Break what is named, and report; always anew, since what was seen of other tests says nothing of these."""
    patterns = [pattern_of(path) for path in paths]
    shutil.rmtree(COPIES, ignore_errors=True)
    tools = str(Path(sys.executable).parent)
    path = os.pathsep.join((tools, os.environ["PATH"]))  # where mutmut finds mypy
    failed = subprocess.call([f"{tools}/mutmut", "run", *patterns], cwd=ROOT, env=os.environ | QUICK | {"PATH": path})
    return failed or report(verdicts())


def pattern_of(path: str) -> str:
    """The names of the mutants in a module or a folder, such as ``domain/period.py``."""
    relative = path.removeprefix("src/habilitation/").rstrip("/")
    if not relative.startswith(FOLDERS) or not (PACKAGE / relative).exists():
        raise SystemExit(f"{path}: no such module or folder in {' or '.join(FOLDERS)}")
    return ".".join(("habilitation", *Path(relative).with_suffix("").parts, "*"))


def verdicts() -> Iterator[tuple[str, str]]:
    """Each mutant that was tried, and what became of it."""
    for kept in sorted(COPIES.rglob("*.meta")):
        for name, status in json.loads(kept.read_text("utf-8"))["exit_code_by_key"].items():
            if status is not None:
                yield name, status_by_exit_code[status]


def report(found: Iterable[tuple[str, str]]) -> int:
    """Print who survived, then the figures; fail where the tests notice too few of what mypy leaves to them."""
    counted: Counter[str] = Counter()
    for name, verdict in found:
        counted[verdict] += 1
        if verdict not in (BY_TYPES, *BY_TESTS):
            print(f"{verdict}: {name}")
    tried = counted.total() - counted[BY_TYPES]
    percent = 100 * sum(counted[verdict] for verdict in BY_TESTS) / max(tried, 1)
    print(f"{counted.total()} mutants: {', '.join(f'{many} {verdict}' for verdict, many in counted.most_common())}")
    print(f"Of the {tried} that mypy lets pass, the tests notice {percent:.1f} % ({LEAST} % are wanted)")
    return 0 if percent >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
