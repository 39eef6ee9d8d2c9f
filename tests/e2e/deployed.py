"""The deployed template, and merchants who call it over HTTP."""

import http.client
import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.chain import Chain
from local.deploy import Stack
from local.emulator import Emulator
from paycorex import aws, settings
from tests.support.gateway import Reply
from tests.support.world import Signer

# Longer than any function may take: on two cores a burst of cold starts queues up in the emulator.
CLIENT_TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack on an emulator."""

    emulator: Emulator
    stack: Stack
    # The node that ethereum's scanner asks.
    chain: Chain | None = None
    # Where its links lead to; the fixture `platform_url` answers there.
    public_url: str = ""

    def tables(self) -> list[str]:
        """The names of all tables of the emulator, whichever stack they are of."""
        pages = self.emulator.client("dynamodb").get_paginator("list_tables").paginate()
        return [name for page in pages for name in page["TableNames"]]

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        """A request with these very headers and bytes."""
        parts = urlsplit(self.stack.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=CLIENT_TIMEOUT_SECONDS)
        try:
            connection.putrequest(method, parts.path + target, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body or method in {"POST", "PATCH"}:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def call(self, who: Signer, method: str, target: str, body: Any = None, *, key: str | None = None, scheme: str = "v2") -> Reply:
        """A signed request."""
        raw = b"" if body is None else json.dumps(body).encode()
        signed = who.v2(method, target, raw, key=key) if scheme == "v2" else who.v1(raw)
        extra = [("Idempotency-Key", key)] if key is not None else []
        return self.send(method, target, [*signed, *extra, ("Content-Type", "application/json")], raw)

    def register(self, **fields: Any) -> Signer:
        """A new merchant."""
        content = {"name": "Chai Point", "email": f"{secrets.token_hex(4)}@example.com", **fields}
        reply = self.send("POST", "/v1/merchants/register", [("Content-Type", "application/json")], json.dumps(content).encode())
        assert reply.status == 201, reply.raw
        answer = reply.body
        return Signer(answer["api_key"], answer["secret"], answer["merchant_id"], answer["key_id"], answer)

    def wallet(self, who: Signer, user_id: str, balance: str) -> str:
        """A user's wallet with a balance. Returns its id."""
        made = self.call(who, "POST", "/v1/wallet/create", {"user_id": user_id})
        assert made.status == 201, made.raw
        wallet_id: str = made.body["wallet_id"]
        filled = self.call(who, "POST", "/v1/wallet/topup", {"wallet_id": wallet_id, "amount": balance})
        assert filled.status == 201, filled.raw
        return wallet_id

    def invoke(self, function: str, event: Any = None, *, times: int = 1) -> None:
        """Run a function by its name in the template; more times at once, as AWS may deliver an event twice."""
        client, name = self.emulator.client("lambda"), self._name_of(function)
        with ThreadPoolExecutor(times) as pool:
            for running in [pool.submit(self._invoke, client, name, event or {}) for _ in range(times)]:
                running.result()

    def _invoke(self, client: Any, name: str, event: Any) -> None:
        try:
            answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        except client.exceptions.TooManyRequestsException:
            return  # one at a time is all that the template allows this function
        assert "FunctionError" not in answer, answer["Payload"].read()

    def arn_of(self, function: str) -> str:
        """A function's ARN, by its name in the template."""
        found = self.emulator.client("lambda").get_function_configuration(FunctionName=self._name_of(function))
        arn: str = found["FunctionArn"]
        return arn

    def _name_of(self, function: str) -> str:
        client = self.emulator.client("cloudformation")
        found = client.describe_stack_resource(StackName=self.stack.name, LogicalResourceId=function)
        name: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return name

    @contextmanager
    def acting_as(self, function: str) -> Iterator[None]:
        """Let code in this process run as this function would: over the stack's tables and keys, with the function's settings."""
        variables = self.emulator.client("lambda").get_function_configuration(FunctionName=self._name_of(function))["Environment"][
            "Variables"
        ]
        settings.use(settings.Settings.parse({name.lower(): value for name, value in variables.items()}))
        for service in ("dynamodb", "kms"):
            aws.use(service, self.emulator.client(service))
        try:
            yield
        finally:
            for service in ("dynamodb", "kms"):
                aws.use(service, None)
            settings.use(None)

    @contextmanager
    def reading_tables(self) -> Iterator[None]:
        """Let code in this process read the stack's tables, as the operator's commands do."""
        settings.use(settings.Settings(table_prefix=f"{self.stack.name}-"))
        aws.use("dynamodb", self.emulator.client("dynamodb"))
        try:
            yield
        finally:
            aws.use("dynamodb", None)
            settings.use(None)
