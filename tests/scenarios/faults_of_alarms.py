"""The fault behind every alarm of the template, made in a world of its own: what it leads to in logs, metrics and queues is the code's."""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from paycorex import aws, settings, storage
from paycorex.evm.networks import NETWORKS
from paycorex.records.reconciliation_item import ReconciliationItem
from payments.connectors import signatures
from payments.connectors.settling import LineKind, PayoutStatus, ProviderPayout, ReportLine
from settlements import lines, settling
from tests.fakes.faults import Fault, FaultyClient
from tests.fakes.paper_chain import PaperChain, on_paper
from tests.scenarios.poison import spoil
from tests.support import payments as support
from tests.support import template
from tests.support.cloudwatch import CloudWatch
from tests.support.functions import FUNCTION, QUOTA, SCHEDULED, Functions
from tests.support.watched_chain import watch
from tests.support.world import Signer, World

SECRET = "sandbox-secret"
ADDRESS = "0x" + "ab" * 20
STREAM_READERS = ("RollupFunction", "WebhookDispatcherFunction", "CryptoSettlementFunction", "FeesFunction", "LedgerWatchFunction")


@dataclass
class Scene:
    """A stack with a merchant, on which AWS and its operators look."""

    world: World
    functions: Functions
    cloudwatch: CloudWatch
    merchant: Signer
    patch: pytest.MonkeyPatch

    def minutes(self, count: int, act: Callable[[], object]) -> None:
        """So many minutes, and what happens in each."""
        for _ in range(count):
            self.world.clock.now += 60
            act()
            self.functions.look_at_queues()
            self.functions.read_log()

    def pay(self) -> None:
        """A payment from a wallet, as the gateway sees it."""
        self.functions.request(self.world.pay(self.merchant, "asha", "1.00").status)

    def one_healthy_minute(self, *, without: tuple[str, ...] = ()) -> None:
        """A payment, the streams' readers, the schedules; some of the functions left out."""
        self.pay()
        for name in STREAM_READERS:
            if name not in without:
                self.functions.read_stream(name)
        self.functions.tick([name for name in SCHEDULED if name not in without])

    def dynamo_says(self, fault: Fault) -> None:
        """DynamoDB answers every call with this fault from now on."""
        aws.use("dynamodb", FaultyClient(self.world.dynamo, lambda _call: fault))

    def kms_says(self, fault: Fault) -> None:
        """KMS answers every call with this fault from now on."""
        aws.use("kms", FaultyClient(self.world.kms, lambda _call: fault, service="kms"))

    def break_release(self, function: str) -> None:
        """A release in which this function's handler raises."""

        def broken(_event: Any, _context: Any) -> None:
            raise RuntimeError("a bad release")

        module = template.properties(FUNCTION)[function]["Handler"].rpartition(".")[0]
        self.patch.setattr(importlib.import_module(module), "handler", broken)


def _behind(function: str) -> Callable[[Scene], None]:
    """A reader of a stream fails for a quarter of an hour."""

    def fault(scene: Scene) -> None:
        if function == "CryptoSettlementFunction":
            watch(scene.world, scene.merchant, ADDRESS)
            row = {"network": {"S": "ethereum"}, "transfer_id": {"S": "1"}}
            scene.world.dynamo.put_item(TableName=scene.world.settings.table("crypto_transactions"), Item=row)
        if function == "FeesFunction":
            row = {"payment_id": {"S": "pay_1"}, "merchant_id": {"S": "mer_1"}, "version": {"N": "1"}, "expires_at": {"N": "9999999999"}}
            scene.world.dynamo.put_item(TableName=scene.world.settings.table("fee_work"), Item=row)
        scene.break_release(function)
        scene.minutes(15, scene.one_healthy_minute)

    return fault


def _newest_entry(scene: Scene) -> dict[str, Any]:
    """The head of the merchant's account."""
    account = f"{scene.merchant.merchant_id}#merchant#{scene.merchant.merchant_id}#INR#0"
    entries = [item for item in scene.world.dump()[scene.world.settings.table("ledgers")] if item["account"]["S"] == account]
    newest: dict[str, Any] = max(entries, key=lambda item: int(item["seq"]["N"]))
    return newest


def set_aside(scene: Scene) -> None:
    scene.pay()
    entry = _newest_entry(scene)
    spoil(scene.world, "ledgers", {"account": entry["account"], "seq": entry["seq"]}, "credit")
    scene.minutes(1, scene.one_healthy_minute)


def lost_records(scene: Scene) -> None:
    scene.dynamo_says(Fault.INTERNAL_ERROR)
    scene.minutes(1, scene.functions.tick)


def api_errors(scene: Scene) -> None:
    scene.dynamo_says(Fault.INTERNAL_ERROR)

    def act() -> None:
        for _ in range(6):
            scene.pay()

    scene.minutes(2, act)


def authorizer_errors(scene: Scene) -> None:
    scene.world.restart()
    scene.dynamo_says(Fault.INTERNAL_ERROR)
    headers = dict(scene.merchant.v1(b""))
    event: dict[str, Any] = {
        "type": "REQUEST",
        "httpMethod": "GET",
        "path": "/v1/payments",
        "methodArn": "arn:aws:execute-api:x/GET/v1/payments",
    }
    event["multiValueHeaders"] = {name: [value] for name, value in headers.items()}
    scene.minutes(2, lambda: scene.functions.invoke("AuthorizerFunction", event))


def contradiction(scene: Scene) -> None:
    support.settings(scene.world, scene.merchant, connectors={"sandbox": {"webhook_secret": SECRET}})
    payment = support.collect(scene.world, scene.merchant).body
    attempt = next(line.charge_id.partition("#")[2] for line in support.books() if line.payment_id == payment["payment_id"])
    said = {"payment_id": payment["payment_id"], "attempt_id": attempt, "status": "approved", "reference": payment["provider_reference"]}
    body = json.dumps({**said, "amount_minor": -1, "currency": "INR"}).encode()
    path = f"/v1/callbacks/sandbox/{scene.merchant.merchant_id}"
    assert scene.world.send("POST", path, [("Sandbox-Signature", signatures.timestamped(SECRET, body))], body).status == 400
    scene.functions.read_log()


def token_integrity(scene: Scene) -> None:
    mine = support.token(scene.world, scene.merchant, "4242424242424242")
    other = support.token(scene.world, scene.merchant, "5555555555554444")
    table = scene.world.settings.table("tokens")
    rows = {name: scene.world.dynamo.get_item(TableName=table, Key={"token_id": {"S": name}})["Item"] for name in (mine, other)}
    scene.world.dynamo.put_item(TableName=table, Item=rows[mine] | {"sealed": rows[other]["sealed"]})
    body = {"amount": "10.00", "method": "tokenized", "token_id": mine}
    scene.world.call(scene.merchant, "POST", "/v1/payments/create", body)
    scene.functions.read_log()


def sweeper_errors(scene: Scene) -> None:
    scene.break_release("WebhookSweeperFunction")
    scene.minutes(15, scene.one_healthy_minute)


def _every_run_fails(function: str) -> Callable[[Scene], None]:
    """A bad release of a function that a schedule runs."""

    def fault(scene: Scene) -> None:
        scene.break_release(function)
        scene.minutes(15, lambda: scene.functions.tick([function]))

    return fault


def an_item_is_changed(scene: Scene) -> None:
    """Money at a provider that no item names any more: an item of reconciliation is not what was booked."""
    support.charge(scene.world, scene.merchant, support.APPROVE)
    scene.minutes(2, scene.one_healthy_minute)
    scene.functions.tick(["ReconciliationFunction"])
    (item,) = [one for one in storage.scan_all(ReconciliationItem) if one.source == "sandbox"]
    key, actions = ReconciliationItem.wire_key(item.item_id), [ReconciliationItem.booked.set(int(item.booked) - 5)]
    storage.run(storage.update(ReconciliationItem, key, actions, None))
    scene.minutes(1, lambda: scene.functions.tick(["ReconciliationFunction"]))


def a_payout_does_not_add_up(scene: Scene) -> None:
    """A report is missing: the lines are less than what the provider says that it paid out."""
    made = ReportLine("line_1", LineKind.PAYMENT, "payment", 1000, 20, 4, "INR", "ch_1", settlement_reference="setl_1", occurred_at=1)
    payout = ProviderPayout("setl_1", 1952, "INR", PayoutStatus.PAID, 1)
    announced = settling.announce(scene.merchant.merchant_id, "razorpay", payout)
    lines.accept(scene.merchant.merchant_id, "razorpay", [made])
    settling.close(announced.settlement_id)
    scene.minutes(1, lambda: None)


def exports_fail(scene: Scene) -> None:
    """Once an hour, three times: DynamoDB refuses."""
    scene.dynamo_says(Fault.THROTTLED)
    scene.world.settings = scene.world.settings.model_copy(update={"export_bucket": "b", "export_tables": "payments", "export_hours": 1})
    settings.use(scene.world.settings)
    scene.minutes(180, lambda: scene.functions.invoke("ExportFunction") if scene.world.clock.now // 60 % 60 == 10 else None)


def webhooks_wait(scene: Scene) -> None:
    for number in range(1_001):
        scene.functions.send("WebhookQueue", {"number": number})
    scene.minutes(15, lambda: None)


def exhausted_deliveries_stay(scene: Scene) -> None:
    scene.functions.send("WebhookExhaustedQueue", {})
    scene.minutes(16, lambda: None)


def many_dead_letters(scene: Scene) -> None:
    for number in range(101):
        scene.functions.send("WebhookDeadLetterQueue", {"number": number})
    scene.minutes(1, lambda: None)


def old_dead_letters(scene: Scene) -> None:
    scene.functions.send("WebhookDeadLetterQueue", {})
    scene.world.clock.now += 12 * 86_400
    scene.minutes(1, lambda: None)


def _scanner_fails(network: str) -> Callable[[Scene], None]:
    def fault(scene: Scene) -> None:
        scene.world.follow(network, "https://one.example/")
        scene.world.ssm.delete_parameter(Name=f"{scene.world.settings.parameter_prefix}rpc-urls/{network}")
        scene.minutes(1, lambda: scene.functions.tick([f"CryptoScanner{network.capitalize()}Function"], {"network": network}))

    return fault


def _scanner_never_runs(_network: str) -> Callable[[Scene], None]:
    return lambda scene: scene.minutes(10, scene.one_healthy_minute)


def _paper(scene: Scene, act: Callable[[PaperChain, Callable[[], object]], object]) -> None:
    with on_paper(scene.world, scene.patch) as chain:

        def tick() -> None:
            chain.deadline = scene.world.clock.now + 50
            scene.functions.invoke("CryptoScannerEthereumFunction", {"network": "ethereum"})

        act(chain, tick)


def chain_gets_nowhere(scene: Scene) -> None:
    """Both nodes stand at the same block, so ticks run and pass nothing: the last block that they passed gets older."""

    def act(chain: PaperChain, tick: Callable[[], object]) -> None:
        tick()
        chain.mine()
        scene.minutes(30, tick)

    _paper(scene, act)


def chain_money(scene: Scene) -> None:
    watch(scene.world, scene.merchant, ADDRESS)

    def hide(node: int, method: str, params: list[Any], result: Any) -> Any:
        if node != 0 or method != "eth_getBlockByNumber" or not result:
            return result
        return {**result, "transactions": [one for one in result["transactions"] if not params[1] or one["to"] != ADDRESS]}

    def act(chain: PaperChain, tick: Callable[[], object]) -> None:
        tick()
        chain.mine([(ADDRESS, 10**18)])
        chain.mine_empty(80)
        chain.lie = hide
        scene.minutes(4, tick)

    _paper(scene, act)


def sealing_fails(scene: Scene) -> None:
    scene.kms_says(Fault.INTERNAL_ERROR)
    scene.minutes(5, scene.one_healthy_minute)


def nothing_seals(scene: Scene) -> None:
    scene.minutes(10, lambda: scene.one_healthy_minute(without=("CheckpointFunction",)))


def an_entry_is_changed(scene: Scene) -> None:
    scene.minutes(1, scene.one_healthy_minute)
    forged = _newest_entry(scene) | {"description": {"S": "forged"}}
    scene.world.dynamo.put_item(TableName=scene.world.settings.table("ledgers"), Item=forged)
    scene.world.restart()
    scene.minutes(1, scene.one_healthy_minute)


def keys_are_disabled(scene: Scene) -> None:
    scene.world.kms.disable_key(KeyId=scene.world.settings.sealing_key_id)

    def act() -> None:
        scene.world.restart()
        scene.pay()

    scene.minutes(3, act)


def dynamo_throttles(scene: Scene) -> None:
    scene.dynamo_says(Fault.THROTTLED)
    scene.minutes(10, scene.one_healthy_minute)


def functions_are_throttled(scene: Scene) -> None:
    scene.functions.running = QUOTA
    scene.minutes(3, lambda: [scene.functions.invoke("PaymentsJanitorFunction") for _ in range(5)])


def concurrency_is_nearly_used_up(scene: Scene) -> None:
    scene.functions.running = QUOTA * 85 // 100
    scene.minutes(5, scene.one_healthy_minute)


def a_schedule_stopped(scene: Scene) -> None:
    scene.minutes(15, lambda: scene.one_healthy_minute(without=("PaymentsJanitorFunction",)))


def _slow_or_failing(seconds: int, **answer: float) -> Callable[[Scene], None]:
    """One request in five is answered so, for so long."""

    def act(scene: Scene) -> None:
        scene.functions.request(int(answer.get("status", 200)), answer.get("milliseconds", 20))
        for _ in range(4):
            scene.functions.request(200)

    return lambda scene: scene.minutes(seconds // 60, lambda: act(scene))


# By alarm; those of the networks are below.
FAULTS: Mapping[str, Callable[[Scene], None]] = {
    "SetAsideAlarm": set_aside,
    "LostRecordsAlarm": lost_records,
    "ApiErrorsAlarm": api_errors,
    "AuthorizerErrorsAlarm": authorizer_errors,
    "CryptoSettlementLagAlarm": _behind("CryptoSettlementFunction"),
    "FeesLagAlarm": _behind("FeesFunction"),
    "WebhookDispatcherLagAlarm": _behind("WebhookDispatcherFunction"),
    "RollupLagAlarm": _behind("RollupFunction"),
    "LedgerWatchLagAlarm": _behind("LedgerWatchFunction"),
    "ContradictionAlarm": contradiction,
    "ReconciliationErrorsAlarm": _every_run_fails("ReconciliationFunction"),
    "SettlementsImporterErrorsAlarm": _every_run_fails("SettlementsImporterFunction"),
    "UnexplainedAlarm": an_item_is_changed,
    "SettlementExceptionAlarm": a_payout_does_not_add_up,
    "TokenIntegrityAlarm": token_integrity,
    "WebhookSweeperErrorsAlarm": sweeper_errors,
    "WebhookQueueAlarm": webhooks_wait,
    "WebhookExhaustedAlarm": exhausted_deliveries_stay,
    "WebhookDeadLettersAlarm": many_dead_letters,
    "WebhookDeadLettersAgeAlarm": old_dead_letters,
    "ExportErrorsAlarm": exports_fail,
    "ChainMoneyAlarm": chain_money,
    "CheckpointErrorsAlarm": sealing_fails,
    "UnsealedAgeAlarm": nothing_seals,
    "LedgerTamperedAlarm": an_entry_is_changed,
    "LedgerBrokenAlarm": an_entry_is_changed,
    "KeyTroubleAlarm": keys_are_disabled,
    "AwsTroubleAlarm": dynamo_throttles,
    "ThrottlesAlarm": functions_are_throttled,
    "ConcurrencyAlarm": concurrency_is_nearly_used_up,
    "TicksAlarm": a_schedule_stopped,
    "AvailabilityFastBurnAlarm": _slow_or_failing(3_600, status=503),
    "AvailabilitySlowBurnAlarm": _slow_or_failing(21_600, status=503),
    "LatencyFastBurnAlarm": _slow_or_failing(3_600, milliseconds=4_000),
    "LatencySlowBurnAlarm": _slow_or_failing(21_600, milliseconds=4_000),
    **{f"CryptoScanner{network.capitalize()}Alarm": _scanner_fails(network) for network in NETWORKS},
    **{f"ChainLag{network.capitalize()}Alarm": _scanner_never_runs(network) for network in NETWORKS},
}
