"""Acceptance 16 and 25 on the deployed template: after tokens of every type were made, charged, refused and deleted, nothing of them lies
around in any table, log, queue, webhook or answer, and no key or secret either."""

import json
import time
from typing import Any

from tests.e2e.deployed import Deployed
from tests.fakes.http_servers import RecordingServer
from tests.support.gateway import Reply
from tests.support.world import Signer
from tests.unit.tokens.vault_calls import BODIES, CANARIES, CARD, CODE, PAN, found_in

WEBHOOK_SECRET = "provider-secret-canary-5531"
PATIENCE_SECONDS = 120


def test_no_table_log_queue_or_answer_shows_an_instrument_or_a_secret(deployed: Deployed) -> None:
    with RecordingServer([200]) as listener:
        who = deployed.register(webhook_url=listener.url("/hook"))
        answers = use_everything(deployed, who)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(json.loads(request.body)["event"] == "token.deleted" for request in listener.requests):
            assert time.monotonic() < deadline, "the webhooks did not come"
            time.sleep(0.5)
        delivered = [repr((request.headers, request.body)) for request in listener.requests]
    secrets = [*CANARIES, WEBHOOK_SECRET, who.api_key, who.secret, who.registered["webhook"]["secret"]]
    tables, lines = tables_of(deployed), logs_of(deployed)
    assert who.merchant_id in tables
    assert who.merchant_id in lines
    for place in (tables, lines, queues_of(deployed), *delivered, *(repr(answer) for answer in answers)):
        assert found_in(place, secrets) == []


def use_everything(deployed: Deployed, who: Signer) -> list[Reply]:
    """Every type of instrument, every way to be refused, one charge that succeeds."""
    connectors = {"connectors": {"sandbox": {"webhook_secret": WEBHOOK_SECRET}}}
    answers = [deployed.call(who, "PATCH", "/v1/merchants/me", connectors)]
    tokens = [deployed.call(who, "POST", "/v1/tokens/create", body) for body in BODIES]
    assert {token.status for token in tokens} == {201}, [token.raw for token in tokens]
    wrong: list[dict[str, Any]] = [{**CARD, "cvv": CODE}, {**CARD, "expiry_year": 2001}, {**CARD, "number": PAN[:-1] + "2"}, {PAN: PAN}]
    refused = [deployed.call(who, "POST", "/v1/tokens/create", body) for body in wrong]
    assert {reply.status for reply in refused} == {400}
    token_id = tokens[0].body["token_id"]
    charge = {"amount": "10.00", "method": "tokenized", "token_id": token_id}
    paid = deployed.call(who, "POST", "/v1/payments/create", charge)
    assert paid.status == 201, paid.raw
    answers += [paid, deployed.call(who, "GET", "/v1/tokens?user_id=u1"), deployed.call(who, "GET", f"/v1/tokens/{PAN}")]
    return answers + tokens + refused + [deployed.call(who, "DELETE", f"/v1/tokens/{token_id}")]


def tables_of(deployed: Deployed) -> str:
    """All items of all tables."""
    client = deployed.emulator.client("dynamodb")
    return repr([page["Items"] for name in deployed.tables() for page in client.get_paginator("scan").paginate(TableName=name)])


def logs_of(deployed: Deployed) -> str:
    """All lines of all log groups."""
    client = deployed.emulator.client("logs")
    groups = [group["logGroupName"] for page in client.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
    pages = (page for group in groups for page in client.get_paginator("filter_log_events").paginate(logGroupName=group))
    return repr([event["message"] for page in pages for event in page["events"]])


def queues_of(deployed: Deployed) -> str:
    """What lies in the queues; nothing is taken out."""
    client, found = deployed.emulator.client("sqs"), []
    for url in client.list_queues().get("QueueUrls", ()):
        found += client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
    return repr(found)
