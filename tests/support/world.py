"""A whole PayCoreX in one process: the real handlers over in-memory AWS, and merchants who sign their requests."""

import json
import os
import pickle
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

from merchants import fingerprints
from paycorex import aws, backoff, caching, clock, parameters, settings, signing
from paycorex.ledger import lane_counts, lanes
from tests.fakes.memory_dynamo import MemoryDynamo
from tests.fakes.memory_events import MemoryEvents
from tests.fakes.memory_kms import MemoryKms
from tests.fakes.memory_sqs import MemorySqs
from tests.fakes.memory_ssm import MemorySsm
from tests.support import contract_calls, gateway
from tests.support.gateway import Reply
from tests.support.tables import create_tables

START_SECONDS = 1_800_000_000.0
PREFIX = "test-"
# With TEST_AWS_CLIENT=lean or =botocore the in-memory services are asked by that client over sockets.
OVER_SOCKETS: Final = os.environ.get("TEST_AWS_CLIENT", "")
# A fingerprint is slow by design, and worlds set thousands of connectors; tests/unit/merchants/test_fingerprints.py holds the real cost.
QUICK_FINGERPRINTS: Final = {"n": 2, "r": 1, "p": 1}
QUEUES = ("webhooks", "webhooks-slow", "webhooks-exhausted", "webhooks-dead")


def _for_functions(client: Any) -> Any:
    """What the code under test gets: over sockets the client alone, without what tests ask for beside it. A faulty wrapper stays one."""
    if not OVER_SOCKETS:
        return client
    from tests.fakes.aws_over_sockets import OverSocket

    return client.functions_client if isinstance(client, OverSocket) else client


def _over_a_socket(client: Any, service: str) -> Any:
    from tests.fakes.aws_over_sockets import OverSocket

    return OverSocket(client, service, OVER_SOCKETS)


@dataclass
class FakeClock:
    """Time that moves when asked to, and a little at each look so that no two records tie by accident."""

    now: float = START_SECONDS
    slept: float = 0.0

    def time(self) -> float:
        self.now += 0.001
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


@dataclass
class Signer:
    """A merchant's credentials."""

    api_key: str
    secret: str
    merchant_id: str = ""
    key_id: str = ""
    registered: Mapping[str, Any] = field(default_factory=dict)

    def v1(self, body: bytes, *, timestamp: int | None = None, milliseconds: bool = False) -> list[tuple[str, str]]:
        """The seed's headers; in milliseconds equal requests of one second have signatures of their own."""
        now = clock.now_ms() if milliseconds else int(clock.now_seconds())
        moment = str(now if timestamp is None else timestamp)
        signature = signing.sign(self.secret.encode(), signing.v1_input(moment, body))
        return [("X-API-Key", self.api_key), ("X-Timestamp", moment), ("X-Signature", signature)]

    def v2(self, method: str, target: str, body: bytes, *, key: str | None = None, timestamp: int | None = None) -> list[tuple[str, str]]:
        """The v2 headers; `key` is the Idempotency-Key that will be sent."""
        moment = str(int(clock.now_seconds()) if timestamp is None else timestamp)
        parts, nonce, digest = urlsplit(target), secrets.token_hex(8), signing.body_sha256(body)
        message = signing.v2_input(
            method=method,
            path=parts.path,
            query=parse_qsl(parts.query, keep_blank_values=True),
            timestamp=moment,
            nonce=nonce,
            idempotency_key=key or "",
            body_hash=digest,
        )
        return [
            ("X-API-Key", self.api_key),
            ("X-Timestamp", moment),
            ("X-Signature", signing.sign(self.secret.encode(), message)),
            ("X-Signature-Version", "2"),
            ("X-Content-SHA256", digest),
            ("X-Nonce", nonce),
        ]


class World:
    """In-memory AWS with the stack's tables and keys, installed for the time of `running()`."""

    def __init__(self, *, seed: int = 0, eventual_lag: float = 0.0, dynamo: Any = None, prefix: str = PREFIX) -> None:
        """dynamo: another client to use instead of the in-memory one, such as an emulator's; the tables are made in it."""
        self.seed = seed
        self.clock = FakeClock()
        self.dynamo = dynamo or MemoryDynamo(clock=self.clock.time, seed=seed, eventual_lag=eventual_lag)
        self.kms: Any = MemoryKms()
        self.sqs: Any = MemorySqs(clock=self.clock.time)
        self.ssm: Any = MemorySsm()
        self.events: Any = MemoryEvents()
        create_tables(self.dynamo, prefix)
        queues = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        self.settings = settings.Settings(
            stage="local",
            table_prefix=prefix,
            parameter_prefix=f"/paycorex/{prefix.removesuffix('-')}/",
            sealing_key_id=self.kms.create_key()["KeyMetadata"]["KeyId"],
            vault_key_id=self.kms.create_key()["KeyMetadata"]["KeyId"],
            proof_key_id=self.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"],
            registration_mode="open",
            registrations_per_minute=10_000,
            requests_per_second=0,
            webhook_queue_url=queues["webhooks"],
            webhook_slow_queue_url=queues["webhooks-slow"],
            webhook_exhausted_queue_url=queues["webhooks-exhausted"],
            webhook_dead_letter_queue_url=queues["webhooks-dead"],
            stack_name=PREFIX.removesuffix("-"),
            allow_loopback_webhooks=True,
            seller_name="Test operator",
        )
        self._put_behind_sockets(is_dynamo_ours=dynamo is None)

    def saved(self) -> bytes:
        """All that is stored here, and the time: what `again` makes worlds of. For worlds in memory alone, not over an emulator."""
        services = [self.dynamo, self.kms, self.sqs, self.ssm, self.events]
        memory = [getattr(client, "memory", client) for client in services]
        return pickle.dumps((self.seed, self.settings, self.clock, memory))

    @classmethod
    def again(cls, saved: bytes) -> "World":
        """Another world with the same in it: a test that needs one many times need not make it anew each time."""
        world = cls.__new__(cls)
        world.seed, world.settings, world.clock, memory = pickle.loads(saved)
        world.dynamo, world.kms, world.sqs, world.ssm, world.events = memory
        world._put_behind_sockets(is_dynamo_ours=True)
        return world

    def _put_behind_sockets(self, *, is_dynamo_ours: bool) -> None:
        self._over_sockets: list[Any] = []
        if OVER_SOCKETS:
            self.kms, self.sqs = _over_a_socket(self.kms, "kms"), _over_a_socket(self.sqs, "sqs")
            self.ssm = _over_a_socket(self.ssm, "ssm")
            self.events = _over_a_socket(self.events, "events")
            self._over_sockets = [self.kms, self.sqs, self.ssm, self.events]
            if is_dynamo_ours:
                self.dynamo = _over_a_socket(self.dynamo, "dynamodb")
                self._over_sockets.append(self.dynamo)

    @contextmanager
    def running(self) -> Iterator["World"]:
        """Install this world's clients, clock and settings; forget everything before and after."""
        self.restart()
        lanes.reseed(self.seed)
        backoff.reseed(self.seed)
        clock.use(self.clock.time)
        clock.use_sleeper(self.clock.sleep)
        settings.use(self.settings)
        self.install(self.dynamo, self.kms, self.sqs)
        aws.use("ssm", _for_functions(self.ssm))
        aws.use("events", _for_functions(self.events))
        try:
            with mock.patch.object(fingerprints, "_COST", QUICK_FINGERPRINTS):
                yield self
        finally:
            contract_calls.keep_events(
                lambda: {table.removeprefix(PREFIX): items for table, items in self.dump().items()},
                lambda table: self.dynamo.drain_stream(f"{PREFIX}{table}"),
            )
            for service in ("dynamodb", "kms", "sqs", "ssm", "events"):
                aws.use(service, None)
            clock.use(None)
            clock.use_sleeper(None)
            settings.use(None)
            self.restart()
            for client in self._over_sockets:
                client.close()

    def install(self, dynamo: object, kms: object, sqs: object) -> None:
        """Use these clients, such as faulty wrappers of this world's own."""
        aws.use("dynamodb", _for_functions(dynamo))
        aws.use("kms", _for_functions(kms))
        aws.use("sqs", _for_functions(sqs))

    def follow(self, network: str, addresses: str) -> None:
        """Have a network followed, with nodes at these addresses."""
        name = f"{self.settings.parameter_prefix}rpc-urls/{network}"
        self.ssm.put_parameter(Name=name, Value=addresses, Type="SecureString", Overwrite=True)
        self.settings = self.settings.model_copy(update={f"watch_{network}": True})
        settings.use(self.settings)
        parameters.forget()

    def hang_up(self) -> None:
        """Leave the open connections to AWS: what is asked from now on goes over new ones."""
        for client in self._over_sockets:
            client.hang_up()

    def restart(self) -> None:
        """New execution environments everywhere: nothing is remembered."""
        caching.forget_everything()

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        """A request with these very headers and bytes."""
        return gateway.send(method, target, headers, body)

    def call(
        self,
        who: Signer,
        method: str,
        target: str,
        body: Any = None,
        *,
        key: str | None = None,
        scheme: str = "v2",
        headers: list[tuple[str, str]] | None = None,
    ) -> Reply:
        """A signed request; `body` is sent as JSON unless it is bytes. scheme: v2, v1, or v1-ms (with a timestamp in milliseconds)."""
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = who.v2(method, target, raw, key=key) if scheme == "v2" else who.v1(raw, milliseconds=scheme == "v1-ms")
        extra = [("Idempotency-Key", key)] if key is not None else []
        return self.send(method, target, [*signed, *extra, *(headers or [])], raw)

    def register(self, name: str = "Chai Point", **fields: Any) -> Signer:
        """A new merchant."""
        body = json.dumps({"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com", **fields}).encode()
        reply = self.send("POST", "/v1/merchants/register", [], body)
        assert reply.status == 201, reply.raw
        answer = reply.body
        return Signer(answer["api_key"], answer["secret"], answer["merchant_id"], answer["key_id"], answer)

    def spread(self, who: Signer, lanes: int) -> None:
        """Open so many lanes for a merchant, as conflicts would have done, and bound them there; in new environments."""
        assert self.call(who, "PATCH", "/v1/merchants/me", {"ledger_lanes": lanes}).status == 200
        while (counts := lane_counts.read(who.merchant_id)).open < lanes:
            lane_counts.grow(who.merchant_id, counts)
        self.restart()

    def wallet(self, who: Signer, user_id: str, balance: str | None = None) -> str:
        """A user's wallet, topped up with a balance. Returns its id."""
        made = self.call(who, "POST", "/v1/wallet/create", {"user_id": user_id})
        assert made.status == 201, made.raw
        wallet_id: str = made.body["wallet_id"]
        if balance is not None:
            filled = self.call(who, "POST", "/v1/wallet/topup", {"wallet_id": wallet_id, "amount": balance})
            assert filled.status == 201, filled.raw
        return wallet_id

    def pay(self, who: Signer, user_id: str, amount: str, *, key: str | None = None) -> Reply:
        """A wallet payment."""
        body = {"amount": amount, "method": "wallet", "user_id": user_id}
        return self.call(who, "POST", "/v1/payments/create", body, key=key)

    def dump(self) -> dict[str, list[Any]]:
        """Every item of every table, but for the counters that a request leaves whatever its outcome."""
        return {table: items for table, items in self.dynamo.dump().items() if not table.endswith("replay_guard")}
