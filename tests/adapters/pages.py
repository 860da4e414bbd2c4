"""Looking at a PDF as its readers do: the text, the tags, and where there is ink."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdf import PdfReader

A4 = (210, 297)
PER_MM = 2
"""Dots to the millimeter, of the pictures that are looked at."""
POINTS = 72 / 25.4
"""To the millimeter."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in millimeters from the sheet's upper left corner."""


def text_of(pdf: bytes) -> str:
    """All of its text; the signs of no width where a long word may break are none that anybody sees."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "\n".join(pages).replace("\u200b", "")


def catalog_of(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf)).root_object


def title_of(pdf: bytes) -> str | None:
    metadata = PdfReader(io.BytesIO(pdf)).metadata
    return metadata.title if metadata else None


def tags_of(pdf: bytes) -> set[str]:
    """The kinds of elements in its structure tree."""
    return set(_tags(catalog_of(pdf)["/StructTreeRoot"]))


def _tags(element: Any) -> Iterator[str]:
    if isinstance(element, list):
        for each in element:
            yield from _tags(each.get_object())
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"]
        if "/K" in element:
            yield from _tags(element["/K"].get_object())


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """The fonts of the first page, and whether each is in the file."""
    page: Any = PdfReader(io.BytesIO(pdf)).pages[0]
    fonts = page["/Resources"]["/Font"].values()
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    return {str(one["/FontName"]): any(f"/FontFile{number}" in one for number in ("", 2, 3)) for one in described}


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Of each page, in millimeters."""
    return [(round(w / POINTS), round(h / POINTS)) for w, h in (page.get_size() for page in pypdfium2.PdfDocument(pdf))]


def ink(pdf: bytes) -> set[tuple[float, float]]:
    """Where anything is printed, on any page."""
    return {spot for page in pypdfium2.PdfDocument(pdf) for spot in _ink_on(page)}


def _ink_on(page: Any) -> Iterator[tuple[float, float]]:
    picture = page.render(scale=PER_MM / POINTS, grayscale=True)
    dots = bytes(picture.buffer)
    for place, shade in enumerate(dots):
        if shade < 200:
            y, x = divmod(place, picture.stride)
            yield x / PER_MM, y / PER_MM


def within(spots: set[tuple[float, float]], box: Box) -> set[tuple[float, float]]:
    left, top, right, bottom = box
    return {(x, y) for x, y in spots if left <= x < right and top <= y < bottom}


def text_in(pdf: bytes, box: Box) -> str:
    """What can be read there, on the first page."""
    left, top, right, bottom = (edge * POINTS for edge in box)
    page = pypdfium2.PdfDocument(pdf)[0]
    height = page.get_size()[1]
    read: str = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
    return read.replace("\r\n", "\n").strip()
