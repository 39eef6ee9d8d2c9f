"""Saved queries of CloudWatch Logs Insights, one for each heading of docs/runbook.md: what to look at first.

They cost nothing to exist; a run is paid by the bytes it reads. A test holds headings and queries together.
"""

import re
from dataclasses import dataclass
from typing import Final

FUNCTIONS: Final = "FunctionLogs"
GATEWAY: Final = "GatewayLogs"


@dataclass(frozen=True, slots=True)
class Query:
    """heading: of the runbook. text: in the language of Logs Insights. group: the logical id of the log group that it reads."""

    heading: str
    text: str
    group: str = FUNCTIONS

    @property
    def logical_id(self) -> str:
        """Its name in the template."""
        return "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", self.heading)) + "Query"


def _said(*messages: str) -> str:
    """A filter on what a line says."""
    return "filter " + " or ".join(f'message = "{message}"' for message in messages)


QUERIES: Final = (
    Query(
        "Do the books add up?",
        f"fields @timestamp, message, account, seq, change, where\n| {_said('ledger tampered with', 'ledger chain cannot be sealed')}\n"
        "| sort @timestamp desc",
    ),
    Query(
        "A clearing account is not explained",
        f"fields @timestamp, merchant, source, currency, minor_units, exception\n"
        f"| {_said('clearing account is not explained', 'a merchant was not reconciled')}\n| sort @timestamp desc",
    ),
    Query(
        "A settlement cannot be booked",
        f"fields @timestamp, merchant_id, settlement_id\n| {_said('a settlement cannot be booked')}\n| sort @timestamp desc",
    ),
    Query(
        "A provider contradicts what it was asked",
        f"fields @timestamp, merchant_id, payment_id, reason, connector\n| {_said('a provider contradicts what was asked')}\n"
        "| sort @timestamp desc",
    ),
    Query(
        "The newest checkpoint is too old, or a chain cannot be sealed",
        f"fields @timestamp, message, checkpoints, entries, broken, oldest_unsealed_ms, where\n"
        f"| {_said('checkpoint tick', 'ledger chain cannot be sealed', 'a note of what to seal cannot be read')}\n| sort @timestamp desc",
    ),
    Query(
        "A chain is not followed, or its money must be looked at",
        "fields @timestamp, network, message, problem, lag_seconds, head, last, found, busy, node, tx_hash, address_id\n"
        f'| filter service = "crypto_scanner" or {_said("nodes are not known").removeprefix("filter ")}\n| sort @timestamp desc',
    ),
    Query(
        "Merchants, stuck payments, queues",
        f"fields @timestamp, message, operator, merchant_id, status, loop, item\n"
        f"| {_said("merchant's status set", 'tried again by an operator', 'verification started', 'a review ended')}\n"
        "| sort @timestamp desc",
    ),
    Query(
        "A merchant gets 503 `temporarily_unavailable`",
        'filter message = "request" and status = 503\n'
        "| stats count(*) as requests, pct(duration_ms, 50) as p50_ms by merchant_id, route, code\n"
        "| sort requests desc",
    ),
    Query(
        "The API answers 5xx",
        "filter status >= 500\n| fields @timestamp, method, path, status, request_id, error, latency_ms\n| sort @timestamp desc",
        GATEWAY,
    ),
    Query(
        "AWS throttles or does not answer",
        f"{_said('AWS is busy or does not answer', 'KMS does not use a key for us', 'an old value serves')}\n"
        "| stats count(*) as lines by bin(1m), message, code, purpose\n| sort lines desc",
    ),
    Query(
        "Functions are throttled or do not run",
        f"{_said('tick', 'swept', 'checkpoint tick', 'verification tick')}\n| stats count(*) as ticks by bin(5m), service",
    ),
    Query(
        "An objective is missed",
        'filter message = "request" and (status >= 500 or duration_ms > 1000)\n'
        "| stats count(*) as requests, pct(duration_ms, 99) as p99_ms by bin(5m), route, code\n| sort requests desc",
    ),
    Query(
        "A stream is behind",
        f"fields @timestamp, service, message, exception, records, problem\n"
        f"| {_said('rollups not counted', 'rollups counted one by one', 'given back', 'set aside')}\n| sort @timestamp desc",
    ),
    Query(
        "Webhooks are not arriving",
        "filter service like /^webhook_/\n"
        "| stats sum(delivered) as delivered, sum(failed) as failed, sum(moved) as moved by bin(5m), service",
    ),
    Query(
        "Something was set aside",
        f"fields @timestamp, loop, item, merchant_id, exception\n| {_said('set aside')}\n| sort @timestamp desc",
    ),
    Query(
        "Records that failed all retries",
        'filter level = "ERROR" and ispresent(exception)\n| stats count(*) as errors by service, message, exception\n| sort errors desc',
    ),
    Query(
        "Payments that stay `processing`",
        f'filter service = "janitor" or {_said("a provider contradicts what was asked").removeprefix("filter ")}\n'
        "| fields @timestamp, message, payment_id, connector, problem\n| sort @timestamp desc",
    ),
    Query(
        "A sealed instrument does not match its record",
        f"fields @timestamp, merchant_id, token_id, purpose, payment_id\n| {_said('token_integrity')}\n| sort @timestamp desc",
    ),
    Query(
        "Secret parameters",
        f"fields @timestamp, service, message, network, parameter, code, problem\n| {_said('nodes are not known', 'an old value serves')}\n"
        "| sort @timestamp desc",
    ),
    Query(
        "Keys",
        'filter service = "authorizer" and message = "denied"\n| stats count(*) as refusals by reason, path\n| sort refusals desc',
    ),
    Query(
        "Restore",
        'filter message = "request" and method != "GET" and status < 300\n'
        "| fields @timestamp, merchant_id, method, route, path, gateway_request_id\n| sort @timestamp desc",
    ),
    Query(
        "Lose a region",
        'fields @timestamp, message, count, exception\n| filter message = "exports asked for" or service = "exports"\n'
        "| sort @timestamp desc",
    ),
    Query(
        "Limits that have names",
        'filter message = "request" and status = 429\n'
        "| stats count(*) as refused by merchant_id, key_id, route, source_ip\n| sort refused desc",
    ),
)
