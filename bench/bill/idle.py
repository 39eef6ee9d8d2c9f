"""What a stack costs that nothing happens in: with its defaults, with a network that is followed, and without what it could do without."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Final

from bench.bill import deployment as template_reader
from bench.bill import prices as price_file
from bench.bill.deployment import Deployment
from bench.bill.report import GOAL_REGION, Bills
from bench.table import markdown

NETWORK: Final = {"WatchEthereum": "true"}
NETWORK_GOAL: Final = 15.0
Change = Callable[[Deployment], Deployment]
# What is switched off, how the deployment is then, and what is lost by it; nothing here is off by default.
SWITCHES: Final[tuple[tuple[str, Change, str], ...]] = (
    (
        "`Dashboard=false`",
        lambda found: _with(found, {"Dashboard": "false"}),
        "no page with its figures; an account's first three dashboards of fifty metrics are free",
    ),
    ("`Mode=standby`", lambda found: _with(found, {"Mode": "standby"}), "no webhook is sent, nothing is looked up, swept or sealed"),
    (
        "`TableKeys=dynamodb`",
        lambda found: _with(found, {"TableKeys": "dynamodb"}),
        "the tables' key cannot be disabled, and its use is in no trail",
    ),
    # The last: parameters decide which alarms there are.
    ("no alarms", lambda found: replace(found, alarms=0), "faults show in the console's figures only (they are in the template)"),
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
    for name, change, lost in SWITCHES:
        rows.append((name, f"-{whole - bills.a_month(change(plain), prices):.2f}", lost))
    rows.append(("all of these off", f"{bills.a_month(all_off(plain), prices):.2f}", "keys, kept because what they seal is kept"))
    return markdown(("an idle month", "US dollars", ""), rows)


def all_off(found: Deployment) -> Deployment:
    """The deployment with all of it switched off."""
    for _, change, _ in SWITCHES:
        found = change(found)
    return found


def _with(found: Deployment, parameters: Mapping[str, str]) -> Deployment:
    """The deployment as the parameters change it, and otherwise as it was found."""
    plain, changed = template_reader.read(), template_reader.read(parameters=parameters)
    values = {one.name: (getattr(plain, one.name), getattr(changed, one.name)) for one in fields(Deployment)}
    return replace(found, **{name: after for name, (before, after) in values.items() if before != after})
