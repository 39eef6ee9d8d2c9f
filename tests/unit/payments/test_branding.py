"""A merchant's colour on payers' pages: whatever it is, texts in it and on it can be read (WCAG 2.2, AA)."""

import random
import re
from pathlib import Path

from paycorex import colours
from payments.payer_page import page as payer_page

CARDS = {"light": (255, 255, 255), "dark": (26, 29, 35)}
AA = 4.5


def parsed(text: str) -> colours.Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def test_the_known_contrasts_of_the_standard() -> None:
    assert round(colours.contrast((0, 0, 0), (255, 255, 255)), 2) == 21.0
    assert round(colours.contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48


def test_texts_can_be_read_in_every_colour_and_in_both_schemes() -> None:
    dice = random.Random(11)
    all_of_them = ["#ffffff", "#000000", "#ffff00", "#1a1d23", "#777777", *(f"#{dice.randrange(1 << 24):06x}" for _ in range(1000))]
    for colour in all_of_them:
        style = colours.stylesheet(colour)
        values = {name: parsed(value) for name, value in re.findall(r"--([a-z-]+):(#[0-9a-f]{6});", style.split("@media")[0])}
        dark = {name: parsed(value) for name, value in re.findall(r"--([a-z-]+):(#[0-9a-f]{6});", style.split("@media")[1])}
        assert values["brand"] == parsed(colour)
        assert colours.contrast(values["on-brand"], values["brand"]) >= AA, colour
        assert colours.contrast(values["strong"], CARDS["light"]) >= AA, colour
        assert colours.contrast(dark["strong"], CARDS["dark"]) >= AA, colour
        assert colours.contrast(dark["on-strong"], dark["strong"]) >= AA, colour


def test_a_colour_that_can_be_read_already_stays_as_it_is() -> None:
    assert colours.readable((23, 70, 209), CARDS["light"]) == (23, 70, 209)


def test_the_cards_are_those_of_the_page() -> None:
    css = Path(payer_page.__file__).with_name("page.css").read_text(encoding="utf-8")
    assert re.findall(r"--card: (#[0-9a-f]+)", css) == ["#fff", "#1a1d23"]
