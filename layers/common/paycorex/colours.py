"""A merchant's colour in shades that can be read (WCAG 2.2, AA), as variables of the payers' pages."""

from typing import Final

# The cards of the payers' page, on which texts stand.
_LIGHT_CARD: Final = (255, 255, 255)
_DARK_CARD: Final = (26, 29, 35)
_WHITE: Final = (255, 255, 255)
_BLACK: Final = (0, 0, 0)
# Between a text and what is behind it: a little more than the 4.5 of WCAG, for rounding.
READABLE: Final = 4.6
_STEPS: Final = 40

Colour = tuple[int, int, int]


def stylesheet(text: str) -> str:
    """Variables of page.css for a colour `#rrggbb`: buttons have it as it is, texts and lines in it a shade of it that can be read."""
    colour = _parsed(text)
    light, dark = readable(colour, _LIGHT_CARD), readable(colour, _DARK_CARD)
    button = f"--brand:{_shown(colour)};--on-brand:{_shown(text_on(colour))};"
    return (
        f":root{{{button}--strong:{_shown(light)};--on-strong:{_shown(text_on(light))};}}"
        f"@media (prefers-color-scheme: dark){{:root{{--strong:{_shown(dark)};--on-strong:{_shown(text_on(dark))};}}}}"
    )


def text_on(colour: Colour) -> Colour:
    """Black or white, whichever can be read better on it: one of both always has more than 4.5."""
    return max((_BLACK, _WHITE), key=lambda each: contrast(each, colour))


def readable(colour: Colour, behind: Colour) -> Colour:
    """The nearest shade of a colour that can be read on what is behind it: darker on light, lighter on dark."""
    goal = text_on(behind)
    for step in range(_STEPS + 1):
        shade = _mixed(colour, goal, step / _STEPS)
        if contrast(shade, behind) >= READABLE:
            return shade
    return goal


def contrast(one: Colour, other: Colour) -> float:
    """Of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parsed(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _shown(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
