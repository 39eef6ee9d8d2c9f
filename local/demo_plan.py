"""Thirty days of a tea shop's business, decided from a seed: who pays what, when and how, and what becomes of it.

Only a plan: `local.demo_month` carries it out by the product's own API. The same seed makes the same plan.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

DAYS: Final = 30
SEED: Final = 20
DAY: Final = 86_400
HOUR: Final = 3600
PAYERS: Final = ("alice", "asha", "bilal", "chitra", "deepak", "esha", "farhan", "gauri", "harish", "isha", "jatin", "kavya")
# Ordinary cards of the sandbox (docs/payment-methods.md), and the ones that are declined.
CARDS: Final = ("4242424242424242", "5555555555554444", "378282246310005")
DECLINED: Final = ("4000000000000002", "4000000000009995", "4000000000000069", "4000000000006975")
# One of each, on these days: disputes, and cards whose payout's report is wrong, so that reconciliation has something to find.
_TROUBLES: Final = {
    3: "4000000000000259",
    8: "4000000000002685",
    14: "4000000000001976",
    21: "4000000000000259",
    5: "4000000000009300",
    9: "4000000000009409",
    13: "4000000000009508",
    17: "4000000000009706",
    20: "4000000000009805",
}
# What is done about the disputes of those days.
_ANSWERS: Final[dict[int, "Do"]] = {3: "win", 8: "lose", 14: "win", 21: "accept"}
_GOODS: Final = (
    ("Masala chai", 2),
    ("Filter coffee", 3),
    ("Breakfast thali", 9),
    ("Gift box of teas", 24),
    ("Catering for a meeting", 68),
    ("Assam, 1 kg", 31),
)
_UNIT_MINOR: Final = 4_900
# The shop is open from ten to nine in India, which is half past four to half past three in UTC.
_OPENS: Final = int(4.5 * HOUR)
_OPEN_FOR: Final = 11 * HOUR
# A tenth of the amounts that mean something to the sandbox's payer end so: it never pays.
_NEVER_PAYS_MINOR: Final = 1

Do = Literal["card", "bank", "upi", "wallet", "hold", "refund", "capture", "void", "win", "lose", "accept", "top_up"]
_WAYS: Final[tuple[Do, ...]] = ("card", "upi", "wallet", "hold", "bank")
# More units than these are not paid from a wallet.
_FROM_A_WALLET: Final = 9


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that is done `at` seconds after the first day's midnight. `about`: the number of the payment that it makes or is about.

    part: of the amount, in per cent, for a refund or a capture. instrument: a card's number.
    """

    at: int
    about: int
    do: Do
    user: str = ""
    amount_minor: int = 0
    description: str = ""
    instrument: str = ""
    part: int = 100


def acts(seed: int = SEED) -> list[Act]:
    """The whole month, in order."""
    dice = random.Random(seed)  # noqa: S311 - a plan, not a secret
    number, found = 0, []
    for day in range(DAYS):
        found += [Act(day * DAY + _OPENS, -1, "top_up", user, 150_000) for user in PAYERS if day % 10 == 0]
        for at in _moments(dice, day):
            number += 1
            found += _payment(dice, number, at)
        if day in _TROUBLES:
            number += 1
            found += _trouble(dice, number, day)
    return sorted(act for act in found if act.at < DAYS * DAY)


def _moments(dice: random.Random, day: int) -> list[int]:
    """When payments are made: more on every sixth and seventh day, and towards the end of the month."""
    count = dice.randint(6, 10) + (4 if day % 7 > 4 else 0) + day // 10
    return sorted(day * DAY + _OPENS + dice.randrange(_OPEN_FOR) for _ in range(count))


def _payment(dice: random.Random, number: int, at: int) -> Iterator[Act]:
    user = dice.choice(PAYERS)
    goods, units = dice.choice(_GOODS)
    amount = units * _UNIT_MINOR + dice.randrange(0, 9) * 1000
    do: Do = dice.choices(_WAYS, (38, 34, 14, 9, 5))[0]
    if do == "wallet" and units > _FROM_A_WALLET:
        do = "upi"
    is_declined = do == "card" and dice.random() < 0.13
    never_pays = do == "upi" and dice.random() < 0.08
    instrument = dice.choice(DECLINED if is_declined else CARDS) if do in {"card", "hold"} else ""
    yield Act(at, number, do, user, amount + (_NEVER_PAYS_MINOR if never_pays else 0), goods, instrument)
    if do == "hold":
        yield from _after_a_hold(dice, number, at)
    elif not is_declined and not never_pays and dice.random() < 0.09:
        yield Act(at + dice.randrange(2 * HOUR, 4 * DAY), number, "refund", part=dice.choice((100, 100, 50, 25)))


def _after_a_hold(dice: random.Random, number: int, at: int) -> Iterator[Act]:
    """Most are captured, some in part; some are given back, and some are left until their time ends."""
    fate, later = dice.random(), at + dice.randrange(HOUR, 2 * DAY)
    if fate < 0.7:
        yield Act(later, number, "capture", part=dice.choice((100, 100, 80)))
    elif fate < 0.85:
        yield Act(later, number, "void")


def _trouble(dice: random.Random, number: int, day: int) -> Iterator[Act]:
    at = day * DAY + _OPENS + dice.randrange(_OPEN_FOR)
    goods, units = dice.choice(_GOODS[2:])
    yield Act(at, number, "card", dice.choice(PAYERS), units * _UNIT_MINOR, goods, _TROUBLES[day])
    if day in _ANSWERS:
        yield Act(at + 2 * DAY + dice.randrange(DAY), number, _ANSWERS[day])
