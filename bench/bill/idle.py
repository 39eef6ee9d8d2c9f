"""What a stack costs that nothing happens in: with its defaults, with a network that is followed, and without what it could do without."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bench.bill import deployment as template_reader
from bench.bill import prices as price_file
from bench.bill.deployment import Deployment
from bench.bill.report import GOAL_REGION, Bills
from bench.table import markdown

NETWORK: Final = {"WatchEthereum": "true"}
NETWORK_GOAL: Final = 15.0
Change = Callable[[Deployment], Deployment]
# What is switched off, what is lost by it, and how; nothing here is off by default.
SWITCHES: Final[tuple[tuple[str, str, Change], ...]] = (
    ("no alarms", "faults show in the console's figures only", lambda found: replace(found, alarms=0)),
    (
        "queues without readers",
        "no webhook is sent: disable the three event source mappings",
        lambda found: replace(found, queues=0),
    ),
    (
        "no schedules",
        "nothing is looked up, swept, sealed or verified: disable the schedules of the stack's group",
        lambda found: replace(found, ticks=()),
    ),
    (
        "tables under DynamoDB's own key",
        "the key of the tables is not the account's, so it cannot be disabled or read about in CloudTrail",
        lambda found: replace(found, keys=found.keys - 1, has_table_key=False),
    ),
)


def table(bills: Bills) -> str:
    """Dollars of an idle month: what it comes to, and what each switch saves of it."""
    prices, plain = price_file.read(GOAL_REGION), template_reader.read()
    whole, followed = bills.a_month(plain, prices), bills.a_month(template_reader.read(parameters=NETWORK), prices)
    reached = "reached" if followed <= NETWORK_GOAL else "not reached"
    rows = [
        ("with the template's defaults", f"{whole:.2f}", ""),
        (
            "one network followed (`WatchEthereum`)",
            f"{followed:.2f}",
            f"goal ≤ {NETWORK_GOAL:g}: {reached}; nodes cost extra",
        ),
    ]
    for name, lost, change in SWITCHES:
        rows.append((name, f"-{whole - bills.a_month(change(plain), prices):.2f}", lost))
    rows.append(("all of these off", f"{bills.a_month(_all_off(plain), prices):.2f}", "keys, kept because what they seal is kept"))
    return markdown(("an idle month", "US dollars", ""), rows)


def _all_off(found: Deployment) -> Deployment:
    for _, _, change in SWITCHES:
        found = change(found)
    return found
