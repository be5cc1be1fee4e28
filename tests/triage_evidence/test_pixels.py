"""PNG and PDF from plain pixels, read again by others' programs."""

import io

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dropbox.triage.evidence import pixels
from dropbox.triage.evidence.replies import Picture


def _picture(width: int, height: int, rgb: bytes) -> Picture:
    return Picture(1, width, height, (rgb[3 * width * row : 3 * width * (row + 1)] for row in range(height)))


@settings(max_examples=40)
@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False))
def test_a_png_holds_the_same_pixels(width: int, height: int, random: object) -> None:
    """Byte for byte, for any colours."""
    rgb = random.randbytes(3 * width * height)  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(b"".join(pixels.png(_picture(width, height, rgb))))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (width, height))
        assert image.tobytes() == rgb


def test_a_pdf_holds_the_pictures() -> None:
    """A page each, A4's longer side long, with the colours of its picture."""
    colours = [(250, 10, 10), (10, 250, 10), (10, 10, 250)]
    pictures = [_picture(40, 60 + number, bytes(colour) * 40 * (60 + number)) for number, colour in enumerate(colours)]
    document = pypdfium2.PdfDocument(b"".join(pixels.pdf(pictures)))
    assert len(document) == 3
    for page, colour in zip(document, colours, strict=True):
        assert round(max(page.get_size())) == 842
        drawn = page.render().to_pil().convert("RGB")
        assert drawn.getpixel((drawn.width // 2, drawn.height // 2)) == colour


def test_a_pdf_says_nothing_but_its_pages() -> None:
    """No date, no name, no machine; twice the same pixels are twice the same bytes."""
    one, other = (b"".join(pixels.pdf([_picture(3, 3, bytes(27))])) for _ in range(2))
    assert one == other
    assert b"Date" not in one
    assert b"Author" not in one
