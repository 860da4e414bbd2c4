"""Every Python block of the README and of the docs runs, from top to bottom of its page, and is rightly typed."""

from __future__ import annotations

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from mypy import api as mypy

from habilitation.adapters.cli import command

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^\$ (.*)\n((?:[^$].*\n)*)", re.MULTILINE)
RUNNABLE = {str(page.relative_to(ROOT)): page for page in PAGES if BLOCK.search(page.read_text("utf-8"))}


def run(page: Path, text: str) -> None:
    """The page's blocks in one namespace; a failure shows the page's own lines."""
    namespace: dict[str, object] = {"__name__": "page"}
    for block in BLOCK.finditer(text):
        above = text[: block.start(1)].count("\n")
        exec(compile("\n" * above + block[1], str(page), "exec"), namespace)


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_python_of_a_page_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(RUNNABLE[name], RUNNABLE[name].read_text("utf-8"))


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_python_of_a_page_passes_as_strictly_as_mypy_can(name: str, tmp_path: Path) -> None:
    program = tmp_path / "page.py"
    program.write_text("\n".join(BLOCK.findall(RUNNABLE[name].read_text("utf-8"))), "utf-8")
    cache = ROOT / ".mypy_cache" / "pages"  # apart: mypy begins anew where options differ
    said, complaints, status = mypy.run(["--strict", "--config-file=", f"--cache-dir={cache}", str(program)])
    assert status == 0, said + complaints


def test_the_readme_runs_in_memory_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = RUNNABLE["README.md"].read_text("utf-8")
    assert "sqlite:///portal.db" in text
    run(RUNNABLE["README.md"], text.replace("sqlite:///portal.db", "memory:"))
    assert list(tmp_path.iterdir()) == []


def test_the_session_of_the_readme_answers_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", StringIO())
    text = RUNNABLE["README.md"].read_text("utf-8")
    run(RUNNABLE["README.md"], text)
    capsys.readouterr()
    session = SESSION.search(text)
    assert session is not None
    for line, answer in TYPED.findall(session[1]):
        name, *words = shlex.split(line.removesuffix("< /dev/null"))
        if name == "export":
            for setting in words:
                monkeypatch.setenv(*setting.split("=", 1))
        else:
            command.run(words)
            assert "".join(capsys.readouterr()) == answer


def test_the_readme_needs_twelve_lines() -> None:
    block = BLOCK.search(RUNNABLE["README.md"].read_text("utf-8"))
    assert block is not None
    _, _, lines = block[1].partition("\n\n")
    assert len(lines.splitlines()) == 12


def test_both_commands_stand_at_the_top_of_the_readme() -> None:
    first, second = RUNNABLE["README.md"].read_text("utf-8").splitlines()[1:3]
    assert first.startswith("python3 dev.py demo")
    assert second.startswith("python3 dev.py test")
