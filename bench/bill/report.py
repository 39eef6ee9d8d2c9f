"""The bill as tables: its lines at each volume, the goals, and what each way to save money saves."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bench.bill import lines as bill
from bench.bill import prices as price_file
from bench.bill import scanning
from bench.bill.deployment import Deployment, Stream
from bench.bill.lines import STORAGE, Line
from bench.bill.measured import Measured, measure
from bench.bill.prices import Price
from bench.bill.traffic import Traffic
from bench.table import markdown

VOLUMES: Final = (100_000, 10_000_000, 1_000_000_000)
NAMES: Final = ("100 thousand", "10 million", "1 billion")
# Dollars a million payments without storage; a month that nothing happens in.
GOALS: Final = (17.0, 14.0, 12.0)
IDLE_GOAL: Final = 5.0
# A goal is a claim about the prices of this region.
GOAL_REGION: Final = "us-east-1"
MILLION: Final = 1e6
# A line with less than this of a unit is left out.
MENTIONED: Final = 0.05
ROLLUPS: Final = "RollupFunction"
WINDOW_SECONDS: Final = 300.0
RETENTION_DAYS: Final = 90
SEAL_WINDOW_SECONDS: Final = 900.0


@dataclass
class Bills:
    """Bills of deployments at volumes; a run of the handlers is made once for all that differ in prices only."""

    payments: int
    _runs: dict[tuple[Hashable, ...], Measured] = field(default_factory=dict)

    def of(self, volume: int, deployment: Deployment) -> list[Line]:
        """A month's lines."""
        # What ticks cost is the same at every volume.
        ran = volume or VOLUMES[0]
        key = (ran, deployment.has_worker_metrics, deployment.event_retention_days, *sorted(deployment.streams.items()))
        if key not in self._runs:
            self._runs[key] = measure(Traffic(ran), deployment, self.payments)
        ran_once = self._runs[key]
        if scanning.FUNCTION in deployment.ticks:
            ran_once = replace(ran_once, tick={**ran_once.tick, scanning.FUNCTION: scanning.tick()})
        return bill.lines(Traffic(volume), deployment, ran_once)

    def a_month(self, deployment: Deployment, prices: Mapping[str, Price]) -> float:
        """Dollars of a month without a payment."""
        return _without_storage(self.of(0, deployment), prices)

    def a_million(self, volume: int, deployment: Deployment, prices: Mapping[str, Price]) -> float:
        """Dollars of a million payments: the month's bill less an idle month's, without storage."""
        more = _without_storage(self.of(volume, deployment), prices) - self.a_month(deployment, prices)
        return more / volume * MILLION


def _without_storage(found: Iterable[Line], prices: Mapping[str, Price]) -> float:
    return sum(bill.cost(line, prices) for line in found if line.group != STORAGE)


def whole(bills: Bills, deployment: Deployment) -> str:
    """Every line in dollars: an idle month, and what a million payments cost beside it at each volume."""
    prices = price_file.read(GOAL_REGION)
    idle = bills.of(0, deployment)
    months = [bills.of(volume, deployment) for volume in VOLUMES]
    rows = []
    for at, line in enumerate(idle):
        fixed = bill.cost(line, prices)
        moving = [(bill.cost(month[at], prices) - fixed) / volume * MILLION for month, volume in zip(months, VOLUMES, strict=True)]
        if line.group != STORAGE and max(fixed, *moving) >= 0.005:
            rows.append((f"{line.group}: {line.name}", *(f"{dollars:.2f}" for dollars in (fixed, *moving))))
    sums = [bills.a_month(deployment, prices), *(bills.a_million(volume, deployment, prices) for volume in VOLUMES)]
    rows.append(("**together, without storage**", *(f"**{dollars:.2f}**" for dollars in sums)))
    rows.append(("goal", *(f"≤ {goal:g}" for goal in (IDLE_GOAL, *GOALS))))
    rows.append(("", *(_verdict(dollars, goal) for dollars, goal in zip(sums, (IDLE_GOAL, *GOALS), strict=True))))
    return markdown(("US dollars", "idle, a month", *(f"a million, at {name}" for name in NAMES)), rows)


def _verdict(dollars: float, goal: float) -> str:
    return "reached" if dollars <= goal else "not reached"


def regions(bills: Bills, deployment: Deployment) -> str:
    """The sums in each region: idle, idle with every account's free allowance, each volume, the whole month, and what is kept."""
    rows = []
    for region in price_file.REGIONS:
        prices = price_file.read(region)
        allowed = sum(bill.cost(line, prices, allowance=True) for line in bills.of(0, deployment))
        sums = (bills.a_month(deployment, prices), allowed, *(bills.a_million(volume, deployment, prices) for volume in VOLUMES))
        month = bills.of(VOLUMES[0], deployment)
        stored = _kept(month, prices)
        rows.append((region, *(f"{dollars:.2f}" for dollars in (*sums, stored))))
    heads = ("US dollars", "idle, a month", "idle, with free allowances", *(f"a million, at {name}" for name in NAMES))
    return markdown((*heads, "a million kept, each month"), rows)


def _kept(month: Iterable[Line], prices: Mapping[str, Price]) -> float:
    """Dollars a month for what a million payments leave behind, as long as it is there."""
    return sum(bill.cost(line, prices) for line in month if line.group == STORAGE) / VOLUMES[0] * MILLION


def retention(bills: Bills, deployment: Deployment) -> str:
    """What storage comes to where events and their deliveries end."""
    prices = price_file.read(GOAL_REGION)
    ending = replace(deployment, event_retention_days=RETENTION_DAYS)
    kept, less = (_kept(bills.of(VOLUMES[0], one), prices) for one in (deployment, ending))
    return (
        f"With `EventRetentionDays={RETENTION_DAYS}` events and deliveries end after that time (by default they do not): of a million "
        f"payments then stays what costs {less:.2f} dollars a month in {GOAL_REGION} and not {kept:.2f}."
    )


def _rollup_streams(change: Callable[[Stream], Stream]) -> Callable[[Deployment], Deployment]:
    def changed(deployment: Deployment) -> Deployment:
        streams = {key: change(stream) if key[0] == ROLLUPS else stream for key, stream in deployment.streams.items()}
        return replace(deployment, streams=streams)

    return changed


def _skipping(deployment: Deployment) -> Deployment:
    key = (ROLLUPS, "PaymentsTable")
    return replace(deployment, streams={**deployment.streams, key: replace(deployment.streams[key], skips_settled=True)})


# In the order in which they are taken, each on top of those before it.
LEVERS: Final[tuple[tuple[str, Callable[[Deployment], Deployment]], ...]] = (
    ("the rollups' streams are read once in five minutes", _rollup_streams(lambda stream: replace(stream, window_seconds=WINDOW_SECONDS))),
    ("Lambda's own log lines only as warnings", lambda found: replace(found, has_platform_lines=False)),
    ("no X-Ray traces", lambda found: replace(found, has_tracing=False)),
    ("no metrics of single routes", lambda found: replace(found, has_route_metrics=False)),
    ("no metrics of the webhooks' workers", lambda found: replace(found, has_worker_metrics=False)),
    ("few changes of the ledger wait for others to be sealed", lambda found: replace(found, seal_window_seconds=SEAL_WINDOW_SECONDS)),
    ("the lean client", lambda found: replace(found, client="lean")),
    ("payments settled at once are kept from the rollups' function, whose search and fees would miss them", _skipping),
)


def plain(deployment: Deployment) -> Deployment:
    """The stack with no lever pulled."""
    unpulled = _rollup_streams(lambda _: Stream())(deployment)
    return replace(
        unpulled,
        has_platform_lines=True,
        has_tracing=True,
        has_route_metrics=True,
        has_worker_metrics=True,
        seal_window_seconds=0.0,
        client="botocore",
    )


def levers(bills: Bills, deployment: Deployment) -> str:
    """The bill before and after each way to save money, and whether the template takes it."""
    prices = price_file.read(GOAL_REGION)
    current = plain(deployment)
    rows = [("none of these", "", *_sums(bills, current, prices))]
    for name, pull in LEVERS:
        current = pull(current)
        taken = "yes" if pull(deployment) == deployment else "no"
        rows.append((name, taken, *_sums(bills, current, prices)))
    return markdown(
        ("US dollars, each with those above it", "in the template", "idle, a month", *(f"a million, at {name}" for name in NAMES)), rows
    )


def _sums(bills: Bills, deployment: Deployment, prices: Mapping[str, Price]) -> tuple[str, ...]:
    sums = (bills.a_month(deployment, prices), *(bills.a_million(volume, deployment, prices) for volume in VOLUMES))
    return tuple(f"{dollars:.2f}" for dollars in sums)


def months(bills: Bills, deployment: Deployment) -> str:
    """What is paid at the end of a month, by service, storage of that month's payments included."""
    prices = price_file.read(GOAL_REGION)
    columns = [bill.totals(bills.of(volume, deployment), prices) for volume in (0, *VOLUMES)]
    rows = [(group, *(f"{column[group]:,.2f}" for column in columns)) for group in columns[0]]
    rows.append(("**together**", *(f"**{sum(column.values()):,.2f}**" for column in columns)))
    return markdown(("US dollars a month", "idle", *NAMES), rows)


def month(bills: Bills, deployment: Deployment, volume: int) -> str:
    """Every line of one volume's month: its quantity, its dollars, and what is added to storage each month."""
    prices = price_file.read(GOAL_REGION)
    found = bills.of(volume, deployment)
    rows = [
        (line.group, line.name, f"{line.quantity:,.1f}", line.price, f"{bill.cost(line, prices):,.2f}")
        for line in found
        if line.quantity >= MENTIONED
    ]
    total = sum(bill.cost(line, prices) for line in found)
    rows.append(("**together**", "", "", "", f"**{total:,.2f}**"))
    return markdown(("service", f"{volume:,} payments in a month", "quantity", "price", "US dollars"), rows)


def unconfirmed() -> str:
    """The prices that no published statement at hand confirms."""
    found = [
        f"{name} in {region}" for region in price_file.REGIONS for name, price in price_file.read(region).items() if not price.confirmed
    ]
    return ", ".join(sorted(found))
