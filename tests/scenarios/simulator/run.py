"""One simulation: faults, recovery, and a check of all accounts."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

from paycorex.ledger import Entity, account_list
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from tests.fakes.faults import Killed
from tests.scenarios.simulator import clients
from tests.scenarios.simulator.clients import Intent, Shop
from tests.scenarios.simulator.external_systems import ExternalSystems
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.scenarios.simulator.liar import Liar
from tests.support import exports, payment_books
from tests.support import payments as support
from tests.support.crypto import Monitor
from tests.support.gateway import Reply
from tests.support.world import PREFIX, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

SHOPS = 2
WALLETS_PER_SHOP = 3
CHECK_EVERY = 50
# How often somebody's provider lies.
LIE_EVERY = 5
# Of so many seeds one has its journals exported in the end.
EXPORT_EVERY = 20
# How often the ledger opens lanes, as conflicts would make it do.
GROW_EVERY = 30
MAX_RETRIES = 40
MAX_TICKS = 60
TICK_SECONDS = 300
CARDS_PER_SHOP = 4
# How much of what happens does not begin with a client.
EXTERNAL_SHARE = 0.25
# One wallet for all shops: no address may serve two of them.
XPUB = str(account_key(JUNK))
CARDS = (
    support.APPROVE,
    support.APPROVE,
    support.DECLINE,
    support.RETRYABLE,
    support.REDIRECT,
    support.PENDING,
    support.TIMEOUT_APPROVED,
    support.TIMEOUT_LOST,
    support.OUTAGE,
    support.REFUND_FAILS,
    support.REFUND_PENDING,
)


class Broken(AssertionError):
    """An invariant did not hold; the message begins with the seed that shows it."""


@dataclass
class _Simulation:
    seed: int

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.world = World(seed=self.seed, eventual_lag=0.2)
        self.fault_rates = FaultRates(self.seed, active=False, interlude=self.interlude)
        self.external_systems = ExternalSystems(self.world, self.fault_rates, self.dice)
        self.liar = Liar(self.world, self.fault_rates, random.Random(f"lies of {self.seed}"))
        self.shops: list[Shop] = []
        self.steps = 0

    def run(self, operations: int) -> None:
        # Ids and secrets follow from the seed too: what the sandbox does with an attempt goes by its id.
        drawn = random.Random(f"secrets of {self.seed}")
        with patch.object(secrets, "token_bytes", drawn.randbytes), self.world.running():
            self.fault_rates.install(self.world)
            self._open_shops()
            self.liar.open()
            self.fault_rates.active = True
            for _ in range(operations):
                self.step()
            self.fault_rates.active = False
            self._heal()
            self._settle_accounts()

    def _open_shops(self) -> None:
        for number in range(SHOPS):
            who = self.world.register(f"Shop {number}")
            shop = Shop(who, Monitor(self.world, who))
            shop.wallets = [self.world.wallet(who, f"user-{index}") for index in range(WALLETS_PER_SHOP)]
            shop.cards = [support.token(self.world, who, card) for card in self.dice.sample(CARDS, CARDS_PER_SHOP)]
            changes = {
                "ledger_lanes": self.dice.choice((1, 3, 64)),
                "connectors": {"sandbox": {"failure_percent": "15"}},
                "routing_rules": [{"when": {}, "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}]}],
                "xpubs": {clients.NETWORK: XPUB},
            }
            changed = self.world.call(who, "PATCH", "/v1/merchants/me", changes)
            assert changed.status == 200, changed.raw
            self.shops.append(shop)
        self.world.restart()

    def step(self) -> None:
        """A new wish or another try of an old one, a twin of a request, a new environment; or an event of an external system."""
        self.steps += 1
        shop = self.dice.choice(self.shops)
        if self.dice.random() < EXTERNAL_SHARE:
            self._holds(partial(self.external_systems.happen, shop))
        else:
            self._ask(shop)
        if self.steps % GROW_EVERY == 0:
            self.external_systems.grow_lanes(shop)
        if self.steps % LIE_EVERY == 0:
            self._holds(self.liar.lie)
        if self.dice.random() < 0.02:
            self.world.restart()
        if self.steps % CHECK_EVERY == 0:
            self._check_books()

    def _holds(self, event: Callable[[], None]) -> None:
        try:
            event()
        except AssertionError as broken:
            raise Broken(f"seed {self.seed}: {broken}") from broken

    def _ask(self, shop: Shop) -> None:
        waiting = [intent for intent in shop.intents if not intent.is_final]
        if waiting and self.dice.random() < 0.4:
            intent = self.dice.choice(waiting)
        elif shop.intents and self.dice.random() < 0.1:
            intent = self.dice.choice(shop.intents)  # a client that was answered and asks again all the same
        else:
            intent = clients.new_intent(shop, self.dice, self.steps)
            shop.intents.append(intent)
        self._attempt(intent)

    def _attempt(self, intent: Intent) -> None:
        before = intent.answer if intent.is_final else None
        clients.attempt(self.world, intent)
        if intent.answer is not None and intent.answer.status == 500:
            raise Broken(f"seed {self.seed}: {intent.path} answered 500: {intent.answer.raw!r}")
        if before is not None and intent.answer is not None and not _is_consistent(intent, before, intent.answer):
            raise Broken(f"seed {self.seed}: {intent.key} was answered {before.raw!r}, then {intent.answer.raw!r}")

    def interlude(self) -> None:
        """Another environment appends to the same chains while a request is running."""
        from payments import orchestrator
        from payments.payment.orders import Order

        shop = self.dice.choice(self.shops)
        intent = clients.new_intent(shop, self.dice, 1_000_000 + self.steps + self.dice.randrange(10**9))
        if intent.path != clients.PAY[0] or not intent.is_of_a_wallet:
            return
        order = _order_of(intent)
        shop.intents.append(intent)
        assert isinstance(order, Order)
        orchestrator.create(order)

    def _heal(self) -> None:
        """Liveness: with AWS healthy again every wish comes to an end, and then everything that is under way."""
        self.world.restart()
        if not self.external_systems.end_chains(self.shops):
            raise Broken(f"seed {self.seed}: what chains and providers report is refused each time")
        for shop in self.shops:
            for intent in shop.intents:
                for _ in range(MAX_RETRIES):
                    self._attempt(intent)
                    if intent.is_final:
                        break
                    # What waits for another capture waits for the janitor, which asks its provider less and less often.
                    self.external_systems.tick(after_seconds=60)
                else:
                    raise Broken(f"seed {self.seed}: {intent.path} {intent.key} never ended: {intent.answer}")
        for _ in range(MAX_TICKS):
            self.external_systems.tick(after_seconds=TICK_SECONDS)
            if not any(payment_books.undecided(shop.who.merchant_id) for shop in self.shops):
                break
        else:
            left = [payment_books.undecided(shop.who.merchant_id) for shop in self.shops]
            raise Broken(f"seed {self.seed}: never decided: {left}")
        # Money may still be found for payments that were given up; the janitor looks for it for a day.
        for _ in range(3):
            self.external_systems.tick(after_seconds=TICK_SECONDS)

    def _check_books(self, *, at_rest: bool = False) -> None:
        with self.fault_rates.paused():
            report = Verifier(segments=1).run(every_source())
            found = [line for shop in self.shops for line in payment_books.disagreements(shop.who.merchant_id, at_rest=at_rest)]
        if not report.sound or found:
            raise Broken(f"seed {self.seed} after {self.steps} steps: {report.findings[:3]} {found[:3]}")
        # Looked at on its own, because the ledger's own guard may be what is broken.
        for item in self.world.dynamo.dump()[f"{PREFIX}ledgers"]:
            if f"#{Entity.WALLET}#" in item["account"]["S"] and int(item["balance"]["N"]) < 0:
                raise Broken(f"seed {self.seed} after {self.steps} steps: wallet below zero at {item['account']}")

    def _settle_accounts(self) -> None:
        """What clients were answered is what the books say, to the paisa; the sandbox's own books say the same."""
        self._check_books(at_rest=True)
        with self.fault_rates.paused():
            counted = self.liar.counted_twice()
        if counted:
            raise Broken(f"seed {self.seed}: external refunds are counted twice: {counted}")
        for shop in self.shops:
            payments = shop.wallet_payments()
            paid = sum(clients.amount_of(intent) for intent in payments.values() if not intent.is_held) + shop.wallet_captures()
            refunds = [intent for intent in shop.successes(*clients.REFUND) if intent.body["payment_id"] in payments]
            refunded = sum(clients.amount_of(intent) for intent in refunds)
            topped_up = sum(clients.amount_of(intent) for intent in shop.successes(clients.TOPUP))
            held = sum(self._balance(shop, wallet) for wallet in shop.wallets) + payment_books.held_of_wallets(shop.who.merchant_id)
            if held != topped_up - paid + refunded:
                raise Broken(f"seed {self.seed}: wallets hold {held}, clients were answered {topped_up} - {paid} + {refunded}")
        if self.seed % EXPORT_EVERY == 0:
            self._check_exports()

    def _check_exports(self) -> None:
        """An accounting program of others accepts the journals, and comes to the balances of the ledger."""
        with self.fault_rates.paused():
            account_list.note(self.world.dynamo.dump()[f"{PREFIX}ledgers"])
            self.world.clock.now += account_list.LAG_MS // 1000 + 61
            for shop in self.shops:
                found = exports.checked(exports.export(self.world, shop.who, format="beancount"))
                expected = exports.of_ledger(self.world, shop.who.merchant_id)
                if found != expected:
                    raise Broken(f"seed {self.seed}: exported {found}, the ledger has {expected}")

    def _balance(self, shop: Shop, wallet: str) -> int:
        shown = self.world.call(shop.who, "GET", f"/v1/wallet/{wallet}")
        assert shown.status == 200, shown.raw
        return int(shown.body["balance"].replace(".", ""))


def _is_consistent(intent: Intent, before: Reply, after: Reply) -> bool:
    """Whether a second answer says the same as the first.

    A refusal that is documented as not remembered may be another one. What waits for a provider may be decided meanwhile, but stays what it
    is; and what was refused by settings that a read did not see yet, and stored nothing, may be asked for again.
    """
    if after.status >= 500 or after.status == before.status or before.status in {400, 404}:
        return True
    return intent.path == clients.PAY[0] and not intent.is_of_a_wallet and _payment_id(before) in {None, _payment_id(after)}


def _payment_id(reply: Reply) -> str | None:
    content = reply.body
    found = content if "payment_id" in content else content.get("error", {}).get("details", {}).get("payment", {})
    payment_id: str | None = found.get("payment_id")
    return payment_id


def _order_of(intent: Intent) -> object:
    """The order that a payment intent becomes at the door, for an environment that is not this one's."""
    from paycorex.credentials import ALL_SCOPES, Caller
    from paycorex.idempotency import Claim
    from paycorex.idempotency.claims import hash_request
    from paycorex.money import Money
    from payments.payment.orders import Order
    from payments.routes.requests import CreatePayment

    intent.scheme = "v2"
    body = CreatePayment.model_validate(intent.body)
    merchant_id = intent.who.merchant_id
    caller = Caller(merchant_id, intent.who.key_id, frozenset(ALL_SCOPES), "INR", 1, "00" * 16)
    hashed = hash_request("POST", intent.path, intent.key, body)
    claim = Claim.of(merchant_id, signature="0" * 64, key=intent.key, key_is_signed=True, request_hash=hashed)
    amount = Money.parse(body.amount, "INR")
    return Order(caller=caller, claim=claim, amount=amount, method="wallet", wallet_id=body.wallet_id, is_manual=intent.is_held)


def simulate(seed: int, *, operations: int = 200) -> None:
    """Run one seed. Raises Broken with the seed when an invariant does not hold or something never ends."""
    try:
        _Simulation(seed).run(operations)
    except Killed as killed:
        raise Broken(f"seed {seed}: killed outside a request: {killed}") from killed
