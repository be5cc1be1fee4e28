"""Finds letters in the text of a page that its picture does not show.

    drawn with its text - drawn without it = what the text adds to the picture

Rule: a letter is hidden if the picture of its place is the same without it: white on white, behind a picture or a box,
outside the page, of no size, or invisible ink. How it was hidden is not asked.
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

_SCALE_MAX: Final = 1.5  # pixels a point: a full stop of 8 points still marks two pixels
_SIDE_MAX: Final = 2000
_INVISIBLE: Final = 3  # render mode of text (ISO 32000-1, section 9.3.6)
_CONTRAST: Final = 64  # between the ink and the paper of a scan
_LETTERS_MAX: Final = 100_000  # of a page
_NESTED_MAX: Final = 10
_OBJECTS_MAX: Final = 200_000
_SHORT: Final = 2  # letters: marks that are not words, like dots of a form


class Hidden(NamedTuple):
    """Words that a page does not show, and whether its text is a layer that a machine wrote over a scan."""

    covered: list[str]
    layer: bool


def find(page: pdfium.PdfPage, read: pdfium.PdfTextPage) -> Hidden:
    """Return what a page hides; its text is no longer drawn afterwards.

    Args:
        page: flattened.
        read: its text.
    """
    count = min(read.count_chars(), _LETTERS_MAX)
    if count <= 0:
        return Hidden([], layer=False)
    texts = list(_texts(page))
    invisible = {_address(one) for one in texts if raw.FPDFTextObj_GetTextRenderMode(one) == _INVISIBLE}
    scale = min(_SCALE_MAX, _SIDE_MAX / max(page.get_size()))
    shown = _drawn(page, scale)
    for one in texts:
        raw.FPDFPageObj_SetIsActive(one, False)  # noqa: FBT003  a function of C
    without = _drawn(page, scale)
    added = ImageChops.difference(shown, without)
    words: list[str] = []
    over_ink = over_paper = last = 0
    for index, box in _boxes(page, read, count, shown.size):
        if box is not None and added.crop(box).getbbox():
            continue
        letter = chr(raw.FPDFText_GetUnicode(read, index))
        if _address(raw.FPDFText_GetTextObject(read, index)) in invisible:
            if box is not None and _contrast(without.crop(box)) > _CONTRAST:
                over_ink += 1
            else:
                over_paper += 1
        if words and last == index - 1:
            words[-1] += letter
        else:
            words.append(letter)
        last = index
    if over_ink > over_paper:  # the words of a scan, and the marks that its reader made of dirt
        return Hidden([], layer=True)
    return Hidden([word for word in words if len(word) > _SHORT], layer=False)


def _drawn(page: pdfium.PdfPage, scale: float) -> Image.Image:
    made: Image.Image = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False).to_pil()
    return made.convert("L")


def _contrast(grey: Image.Image) -> int:
    """Return the difference between the lightest and the darkest of its pixels."""
    levels = grey.histogram()
    present = [level for level, number in enumerate(levels) if number]
    return present[-1] - present[0] if present else 0


def _texts(page: pdfium.PdfPage) -> Iterator[raw.FPDF_PAGEOBJECT]:
    """Yield the text objects of a page, and of the forms in it."""
    waiting = [(raw.FPDFPage_GetObject(page, index), 0) for index in range(raw.FPDFPage_CountObjects(page))]
    for _ in range(_OBJECTS_MAX):
        if not waiting:
            return
        one, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            yield one
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _NESTED_MAX:
            inner = range(raw.FPDFFormObj_CountObjects(one))
            waiting += [(raw.FPDFFormObj_GetObject(one, index), depth + 1) for index in inner]


def _address(one: raw.FPDF_PAGEOBJECT) -> int | None:
    return ctypes.cast(one, ctypes.c_void_p).value


Box = tuple[int, int, int, int]


def _boxes(
    page: pdfium.PdfPage, read: pdfium.PdfTextPage, count: int, size: tuple[int, int]
) -> Iterator[tuple[int, Box | None]]:
    """Yield (index, place in the picture) of each letter; None for one without a place in it."""
    place = _placing(page, size)
    sides = [ctypes.c_double() for _ in range(4)]
    pointers = [ctypes.byref(side) for side in sides]
    for index in range(count):
        letter = chr(raw.FPDFText_GetUnicode(read, index))
        if letter.isspace() or not letter.isprintable() or raw.FPDFText_IsGenerated(read, index):
            continue
        if not raw.FPDFText_GetCharBox(read, index, *pointers):
            continue
        left, right, bottom, top = (side.value for side in sides)
        (x1, y1), (x2, y2) = place(left, bottom), place(right, top)
        box = (int(min(x1, x2)), int(min(y1, y2)), int(max(x1, x2)) + 1, int(max(y1, y2)) + 1)
        inside = (max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3]))
        has_size = abs(right - left) > 0 or abs(top - bottom) > 0
        yield index, inside if has_size and inside[0] < inside[2] and inside[1] < inside[3] else None


def _placing(page: pdfium.PdfPage, size: tuple[int, int]) -> Callable[[float, float], tuple[float, float]]:
    """Return a function from points of the page to pixels of its picture."""
    far = 1000
    grid = 100_000  # finer than a pixel

    def device(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, grid, grid, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value * size[0] / grid, down.value * size[1] / grid

    (x0, y0), (x1, y1), (x2, y2) = device(0, 0), device(far, 0), device(0, far)

    def place(x: float, y: float) -> tuple[float, float]:
        across, up = x / far, y / far
        return x0 + across * (x1 - x0) + up * (x2 - x0), y0 + across * (y1 - y0) + up * (y2 - y0)

    return place
