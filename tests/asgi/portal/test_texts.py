"""The pages say the same things in both languages, set as French is set."""

import re
import tomllib
from importlib.resources import files

from habilitation.adapters.asgi import portal

FRENCH, ENGLISH = (tomllib.loads((files(portal) / f"{language}.toml").read_text("utf-8")) for language in ("fr", "en"))


def placed(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def test_both_languages_say_the_same_things():
    assert {section: set(texts) for section, texts in FRENCH.items()} == {
        section: set(texts) for section, texts in ENGLISH.items()
    }
    for section, texts in FRENCH.items():
        assert {key: placed(text) for key, text in texts.items()} == {
            key: placed(text) for key, text in ENGLISH[section].items()
        }


def test_french_is_set_as_french_is():
    for text in (text for section in FRENCH.values() for text in section.values()):
        assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]|[’“”\t]|  ", text), text


def test_every_text_is_used():
    source = "".join(
        path.read_text("utf-8")
        for path in (*files(portal).iterdir(), *_templates(files(portal) / "templates"))
        if path.name.endswith((".py", ".html"))
    )
    own = (f"{section}.{key}" for section, texts in ENGLISH.items() for key in texts if section not in BY_CODE)
    assert [each for each in own if each not in source] == []


BY_CODE = {
    "agent",
    "changed",
    "desk",
    "offer",
    "menu",
    "home",
    "note",
    "reason",
    "refusals",
    "named",
    "missing",
    "acts",
    "link",
    "purpose",
}
"""Sections whose keys are put together from codes."""


def _templates(folder):
    for each in folder.iterdir():
        yield from _templates(each) if each.is_dir() else (each,)
