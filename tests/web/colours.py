"""What is seen of a page by its colours alone: around what is chosen, of icons and charts, and against the ground."""

import io
from collections import Counter

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.web.driver import settled

Colour = tuple[int, int, int]
Shares = dict[Colour, float]
_BAND = 4
_HOLE = (1, 2, 3)

# Every drawn thing in sight whose colour is not three times as light or dark as the ground (WCAG 2.2, 1.4.11).
_FAINT = """(drawn) => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.setProperty('background-color', 'canvas');
  const ground = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).slice(0, 3).map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  return [...document.querySelectorAll(drawn)].filter((each) => each.checkVisibility({visibilityProperty: true}))
    .map((each) => [each, getComputedStyle(each)])
    .map(([each, {fill, stroke}]) => [each, fill === 'none' ? stroke : fill])
    .filter(([, colour]) => contrast(light(colour), light(ground)) < 3)
    .map(([each, colour]) => `${each.parentElement.outerHTML.slice(0, 80)}: ${colour} on ${ground}`);
}"""


def faint(page: Page, drawn: str) -> list[str]:
    """The icons and shapes that can hardly be told from the ground."""
    return list(page.evaluate(_FAINT, drawn))


def rim(seen: Locator) -> Shares:
    """The colours at the edge of something, where its text is not, by how much of it each takes."""
    settled(seen.page)
    seen.scroll_into_view_if_needed()
    box = seen.bounding_box()
    assert box is not None
    left, top = max(0, box["x"] - _BAND), max(0, box["y"] - _BAND)
    right, bottom = box["x"] + box["width"] + _BAND, box["y"] + box["height"] + _BAND
    image = _image(
        seen.page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    )
    edge = 2 * _BAND
    image.paste(_HOLE, (edge, edge, max(edge, image.width - edge), max(edge, image.height - edge)))
    return _shares(image)


def surface(seen: Locator) -> Shares:
    """All the colours of something."""
    return _shares(_image(seen.screenshot()))


def apart(one: Shares, other: Shares) -> float:
    """How much of one has another colour than the other has: 0 for the same, 1 for nothing in common."""
    return sum(abs(one.get(colour, 0) - other.get(colour, 0)) for colour in one | other) / 2


def _image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def _shares(image: Image.Image) -> Shares:
    data = image.tobytes()
    counted = Counter(zip(data[::3], data[1::3], data[2::3], strict=True))
    counted.pop(_HOLE, None)
    return {colour: count / counted.total() for colour, count in counted.items()}
