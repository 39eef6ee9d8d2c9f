"""One simulation: storm, heal, settle accounts."""

import random
from dataclasses import dataclass

from paycorex.ledger import Entity
from paycorex.ledger.verification import Verifier
from payments import money_records as payment_records
from tests.support.faults import FaultyClient, Killed
from tests.support.simulator import clients
from tests.support.simulator.clients import Intent, Shop
from tests.support.simulator.weather import Weather
from tests.support.world import PREFIX, World
from wallet import money_records as wallet_records

SHOPS = 2
WALLETS_PER_SHOP = 3
CHECK_EVERY = 25
MAX_RETRIES = 40


class Broken(AssertionError):
    """An invariant did not hold; the message begins with the seed that shows it."""


@dataclass
class _Simulation:
    seed: int

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.world = World(seed=self.seed, eventual_lag=0.2)
        self.weather = Weather(self.seed, stormy=False, interlude=self.interlude)
        self.shops: list[Shop] = []
        self.steps = 0

    def run(self, operations: int) -> None:
        with self.world.running():
            faulty = [
                FaultyClient(client, self.weather, service=service)
                for client, service in ((self.world.dynamo, "dynamodb"), (self.world.kms, "kms"), (self.world.sqs, "sqs"))
            ]
            self.world.install(*faulty)
            self._open_shops()
            self.weather.stormy = True
            for _ in range(operations):
                self.step()
            self.weather.stormy = False
            self._heal()
            self._settle_accounts()

    def _open_shops(self) -> None:
        for number in range(SHOPS):
            shop = Shop(self.world.register(f"Shop {number}"))
            shop.wallets = [self.world.wallet(shop.who, f"user-{index}") for index in range(WALLETS_PER_SHOP)]
            lanes = self.dice.choice((1, 3))
            assert self.world.call(shop.who, "PATCH", "/v1/merchants/me", {"ledger_lanes": lanes}).status == 200
            self.shops.append(shop)
        self.world.restart()

    def step(self) -> None:
        """A new wish or another try of an old one; now and then a twin of a request, or a new environment."""
        self.steps += 1
        shop = self.dice.choice(self.shops)
        waiting = [intent for intent in shop.intents if not intent.is_final]
        if waiting and self.dice.random() < 0.4:
            intent = self.dice.choice(waiting)
        elif shop.intents and self.dice.random() < 0.1:
            intent = self.dice.choice(shop.intents)  # a client that was answered and asks again all the same
        else:
            intent = clients.new_intent(shop, self.dice, self.steps)
            shop.intents.append(intent)
        self._attempt(intent)
        if self.dice.random() < 0.02:
            self.world.restart()
        if self.steps % CHECK_EVERY == 0:
            self._check_books()

    def _attempt(self, intent: Intent) -> None:
        before = intent.answer if intent.is_final else None
        clients.attempt(self.world, intent)
        if intent.answer is not None and intent.answer.status == 500:
            raise Broken(f"seed {self.seed}: {intent.path} answered 500: {intent.answer.raw!r}")
        if before is not None and intent.answer is not None and intent.answer.status < 500 and intent.answer.status != before.status:
            raise Broken(f"seed {self.seed}: {intent.key} was answered {before.raw!r}, then {intent.answer.raw!r}")

    def interlude(self) -> None:
        """Another environment appends to the same chains while a request is running."""
        from payments import orchestrator
        from payments.orders import Order

        shop = self.dice.choice(self.shops)
        intent = clients.new_intent(shop, self.dice, 1_000_000 + self.steps + self.dice.randrange(10**9))
        if intent.path != clients.PAY[0]:
            return
        order = _order_of(intent)
        shop.intents.append(intent)
        assert isinstance(order, Order)
        orchestrator.create(order)

    def _heal(self) -> None:
        """Liveness: with AWS healthy again every wish comes to an end."""
        self.world.restart()
        for shop in self.shops:
            for intent in shop.intents:
                for _ in range(MAX_RETRIES):
                    self._attempt(intent)
                    if intent.is_final:
                        break
                else:
                    raise Broken(f"seed {self.seed}: {intent.path} {intent.key} never ended: {intent.answer}")

    def _check_books(self) -> None:
        was, self.weather.stormy = self.weather.stormy, False
        try:
            report = Verifier(segments=1).run([payment_records.payments, payment_records.refunds, wallet_records.topups])
        finally:
            self.weather.stormy = was
        if not report.sound:
            raise Broken(f"seed {self.seed} after {self.steps} steps: {report.findings[:3]}")
        # Looked at on its own, because the ledger's own guard may be what is broken.
        for item in self.world.dynamo.dump()[f"{PREFIX}ledgers"]:
            if f"#{Entity.WALLET}#" in item["account"]["S"] and int(item["balance"]["N"]) < 0:
                raise Broken(f"seed {self.seed} after {self.steps} steps: wallet below zero at {item['account']}")

    def _settle_accounts(self) -> None:
        """What clients were told is what the books say, to the paisa."""
        self._check_books()
        for shop in self.shops:
            paid = sum(clients.amount_of(intent) for intent in shop.successes(*clients.PAY))
            refunded = sum(clients.amount_of(intent) for intent in shop.successes(*clients.REFUND))
            topped_up = sum(clients.amount_of(intent) for intent in shop.successes(clients.TOPUP))
            held = sum(self._balance(shop, wallet) for wallet in shop.wallets)
            if held != topped_up - paid + refunded:
                raise Broken(f"seed {self.seed}: wallets hold {held}, clients were told {topped_up} - {paid} + {refunded}")

    def _balance(self, shop: Shop, wallet: str) -> int:
        shown = self.world.call(shop.who, "GET", f"/v1/wallet/{wallet}")
        assert shown.status == 200, shown.raw
        return int(shown.body["balance"].replace(".", ""))


def _order_of(intent: Intent) -> object:
    """The order that a payment intent becomes at the door, for an environment that is not this one's."""
    from paycorex.credentials import ALL_SCOPES, Caller
    from paycorex.http import Claim
    from paycorex.http.claims import hash_request
    from paycorex.money import Money
    from payments.orders import Order
    from payments.requests import CreatePayment

    intent.scheme = "v2"
    body = CreatePayment.model_validate(intent.body)
    merchant_id = intent.who.merchant_id
    caller = Caller(merchant_id, intent.who.key_id, frozenset(ALL_SCOPES), "INR", 1, 64, "00" * 16)
    hashed = hash_request("POST", intent.path, intent.key, body)
    claim = Claim.of(merchant_id, signature="0" * 64, key=intent.key, key_is_signed=True, request_hash=hashed)
    amount = Money.parse(body.amount, "INR")
    return Order(caller=caller, claim=claim, amount=amount, method="wallet", wallet_id=body.wallet_id)


def simulate(seed: int, *, operations: int = 200) -> None:
    """Run one seed. Raises Broken with the seed when an invariant does not hold or something never ends."""
    try:
        _Simulation(seed).run(operations)
    except Killed as killed:
        raise Broken(f"seed {seed}: killed outside a request: {killed}") from killed
