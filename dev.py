#!/usr/bin/env python3
"""Everything a developer runs, on a bare machine too.

python3 dev.py demo [ARGUMENTS]      play both guides (`demo --help` lists the arguments)
python3 dev.py test                  check style, types, imports, every test and what they cover
python3 dev.py test ARGUMENTS        run pytest alone, with these arguments
python3 dev.py check                 check style, types and imports
python3 dev.py benchmark [NAMES]     run the benchmarks, or those named
python3 dev.py torture               try races, crashes and random acts at length, then break the rules bit by bit
python3 dev.py torture PATHS         break only these, such as domain/period.py or use_cases
python3 dev.py walk [MINUTES]        visit every state that a few acts lead to, for ten minutes if nothing is said
python3 dev.py crash [TIMES]         kill whoever writes, 200 times if nothing is said, and look at what is left
python3 dev.py constraints           pin today's newest dependencies in constraints.txt

Tests on PostgreSQL start one of their own, or use the server that HABILITATION_TEST_POSTGRES names.

Needs Python 3.11 or newer, with pip. The first command makes .venv and installs there what constraints.txt pins;
a later one does so again when that file, pyproject.toml or Python has changed.
"""

# A bare Debian has no ensurepip, and its pip refuses to install outside an environment. So the environment is made
# without pip, the system's pip fills it from outside, and nothing here is imported but the standard library.

from __future__ import annotations  # an older Python must get as far as being told that it is too old

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "made-by-dev.py"
PYPROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "constraints.txt"
BENCHMARKS = ROOT / "benchmarks"
EXTRAS = ("all", "dev", "benchmarks")
"""What may be installed: each brings what is before it."""

OLDEST = (3, 11)
PYTHON: str = getattr(sys, "_base_executable", sys.executable)  # even inside an environment, the Python that has pip

CHECKS = [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"]]
TESTS = [
    ["coverage", "erase"],
    # a file is one worker's, and the longest come first
    ["coverage", "run", "-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder"],
    ["coverage", "combine", "--quiet"],
    ["coverage", "report"],
]

WALK, CRASH = ["python", "-m", "tests.small_scope.walk"], ["python", "-m", "tests.crashes.crash"]
LONG = {"HYPOTHESIS_PROFILE": "long", "HABILITATION_RACES": "300", "HABILITATION_INTERLEAVINGS": "1"}
AT_LENGTH = (["pytest", "tests/stateful", "tests/races"], WALK, CRASH)
"""Random acts, races, every short sequence of acts, crashes: on each store."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""What the tests of the pages look for, in this order."""


class Need(NamedTuple):
    """What some tests need that is no Python package."""

    names: tuple[str, ...]
    """Its commands: any one will do."""
    packages: tuple[str, ...]
    """What Debian calls it."""
    tests: str


NEEDS = (
    Need(BROWSERS, ("chromium", "chromium-l10n"), "tests in a real browser"),
    Need(("npm",), ("nodejs", "npm"), "tests of the example front end"),
)

PIN = re.compile(r"^[\w.-]+==\S+$", re.MULTILINE)
PINS_HEADER = """\
# Every package that `habilitation[benchmarks]` brings, pinned, so that all machines test the same ones.
# Made by `python3 dev.py constraints` with Python 3.11, the oldest supported; the newer ones take the same pins.
"""


class Failure(Exception):
    """What the developer must know, in one sentence."""


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def show_help() -> int:
    """Say what there is to run."""
    print(__doc__.strip())
    return 0


def demo(*arguments: str) -> int:
    """Become the demonstration, in the folder where the developer stands."""
    install("all")
    os.execv(tool("habilitation"), ["habilitation", "demo", *arguments])


def test(*arguments: str) -> int:
    """Check everything, or run pytest alone if it is told what to run."""
    install("dev")
    if arguments:
        return run([["pytest", *arguments]])
    for need in NEEDS:
        bring(need)
    return run(CHECKS + TESTS)


def check() -> int:
    """Check all that can be checked without running the code."""
    install("dev")
    return run(CHECKS)


def benchmark(*names: str) -> int:
    """Run every benchmark, or those named."""
    known = sorted(path.stem for path in BENCHMARKS.glob("[!_]*.py"))
    for name in names:
        require(name in known, f"there is no benchmark {name!r}; there are: {', '.join(known)}")
    install("benchmarks")
    return run([["python", "-m", f"{BENCHMARKS.name}.{name}"] for name in names or known])


def torture(*paths: str) -> int:
    """Try at length whatever the plain tests try in short, then mutants; the mutants alone of what is named."""
    install("dev")
    os.environ.update(LONG)
    return run([*(() if paths else AT_LENGTH), ["python", "tests/mutants.py", *paths]])


def walk(*minutes: str) -> int:
    """Visit every state of a small organization, as far as the time goes."""
    require(all(map(str.isdecimal, minutes)), "`walk` takes a number of minutes")
    install("dev")
    return run([[*WALK, *minutes]])


def crash(*times: str) -> int:
    """Kill processes in the middle of their acts, again and again."""
    require(all(map(str.isdecimal, times)), "`crash` takes a number")
    install("dev")
    return run([[*CRASH, *times]])


def constraints() -> int:
    """Resolve the largest extra anew, and pin what came."""
    require(sys.version_info[:2] == OLDEST, "pins are made with Python 3.11, the oldest supported")
    with tempfile.TemporaryDirectory() as folder:
        fill(make(Path(folder)), EXTRAS[-1])
        pins = PIN.findall(pip(Path(folder), "freeze", "--exclude-editable"))
    CONSTRAINTS.write_text(PINS_HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"{CONSTRAINTS.name}: {len(pins)} packages")
    return 0


# ── The environment ──────────────────────────────────────────────────────────────────────────────────────────────────


def install(extra: str) -> None:
    """Bring the project and what this extra needs into the environment, unless they are there."""
    with one_at_a_time():
        source, held = STAMP.read_text().split() if STAMP.exists() else ("", "")
        if source == fingerprint() and EXTRAS.index(held) >= EXTRAS.index(extra):
            return
        print(f"== installing habilitation[{extra}] into {ENVIRONMENT.name}", flush=True)
        if source != fingerprint():
            make(ENVIRONMENT)
        fill(ENVIRONMENT, extra, "--constraint", CONSTRAINTS.name)
        STAMP.write_text(f"{fingerprint()} {extra}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two runs of this file from filling one environment together."""
    with Path(__file__).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Tell one set of dependencies, Python or place from another."""
    place = f"{ROOT} {PYTHON} {sys.version}"
    return hashlib.sha256(place.encode() + PYPROJECT.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()


def make(environment: Path) -> Path:
    """Make an empty environment."""
    venv.create(environment, clear=True, symlinks=True)
    return environment


def fill(environment: Path, extra: str, *options: str) -> None:
    """Install the builder, then the project: built in place, so that the builder is pinned like the rest."""
    pip(environment, "install", *options, "hatchling")
    pip(environment, "install", *options, "--no-build-isolation", "--editable", f".[{extra}]")


def pip(environment: Path, *arguments: str) -> str:
    """Let the system's pip work on an environment, and give what it printed."""
    command = [PYTHON, "-m", "pip", "--python", str(environment / "bin" / "python"), *arguments]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    require("No module named pip" not in done.stderr, "pip is missing (on Debian: apt-get install python3-pip)")
    last_words = "\n  ".join((done.stdout + done.stderr).strip().splitlines()[-5:])
    require(done.returncode == 0, f"pip failed (is the network there?); its last words:\n  {last_words}")
    return done.stdout


def bring(need: Need) -> None:
    """Let Debian install it where that can be done; where it cannot be had, say what is skipped."""
    if any(map(shutil.which, need.names)):
        return
    name, packages = need.names[0], " ".join(need.packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            f"== {name} is not here: {need.tests} are skipped (on Debian, as root: apt-get install {packages})",
            flush=True,
        )
        return
    print(f"== installing {packages}, for {need.tests}", flush=True)
    wanted = ("install", "--yes", "--no-install-recommends", *need.packages)
    if not (apt(*wanted) or (apt("update") and apt(*wanted))):
        print(f"== apt-get could not install {packages}: {need.tests} are skipped", flush=True)


def apt(*arguments: str) -> bool:
    """Let Debian's package manager work, without questions; whether it could."""
    command = ["apt-get", "--quiet=2", *arguments]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return (
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
    )


# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(steps: Sequence[Sequence[str]]) -> int:
    """Run steps up to the first that fails, announcing each, and give the exit code."""
    for name, *arguments in steps:
        print(f"== {shlex.join([name, *arguments])}", flush=True)
        code = subprocess.call([tool(name), *arguments], cwd=ROOT)
        if code:
            return code
    return 0


def tool(name: str) -> str:
    """Find a command of the environment."""
    return str(ENVIRONMENT / "bin" / name)


def require(condition: bool, sentence: str) -> None:
    """Stop with this sentence unless the condition holds."""
    if not condition:
        raise Failure(sentence)


COMMANDS: dict[str, Callable[..., int]] = {
    "--help": show_help,
    "-h": show_help,
    "demo": demo,
    "test": test,
    "check": check,
    "benchmark": benchmark,
    "torture": torture,
    "walk": walk,
    "crash": crash,
    "constraints": constraints,
}
TAKING = ("demo", "test", "benchmark", "torture", "walk", "crash")
"""Those that are told more."""


def main(name: str = "--help", *arguments: str) -> int:
    """Run one command, and give the exit code."""
    try:
        require(sys.version_info >= OLDEST, f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
        require(name in COMMANDS, f"there is no command {name!r}; `python3 dev.py` lists them")
        require(not arguments or name in TAKING, f"`{name}` takes no arguments")
        return COMMANDS[name](*arguments)
    except (Failure, OSError) as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
