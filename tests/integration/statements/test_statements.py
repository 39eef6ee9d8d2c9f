"""Monthly statements: the same sums in JSON, CSV, PDF and camt.053, each read back by a program of others."""

import csv
import dataclasses
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from pyiso20022.camt.camt_053_001_08 import Document  # type: ignore[import-untyped]  # it comes without types
from pypdf import PdfReader
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer

from statements.papers import statement_files
from tests.support.exports import settle_down
from tests.support.world import START_SECONDS, Signer, World

MONTH_SECONDS = 31 * 24 * 3600


def month_of(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m}"


@pytest.fixture
def months(world: World, merchant: Signer) -> tuple[str, str]:
    """Two months with movements: wallet payments, a refund, and no one's in the second but one payment."""
    world.wallet(merchant, "asha", "5000.00")
    payments = [world.pay(merchant, "asha", amount).body["payment_id"] for amount in ("10.00", "20.50", "0.01")]
    assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payments[1], "amount": "5.25"}).status == 201
    first = month_of(world.clock.now)
    world.clock.now += MONTH_SECONDS
    world.pay(merchant, "asha", "7.00")
    second = month_of(world.clock.now)
    settle_down(world)
    return first, second


def ask(world: World, who: Signer, month: str, **query: str) -> Any:
    reply = world.call(who, "GET", "/v1/statements?" + urlencode({"month": month, **query}))
    assert reply.status == 200, reply.raw
    return reply


def rows(world: World, who: Signer, month: str, **query: str) -> list[dict[str, str]]:
    text, cursor = "", None
    while True:
        reply = ask(world, who, month, format="csv", **query, **({"cursor": cursor} if cursor else {}))
        text, cursor = text + reply.raw.decode(), reply.headers.get("x-next-cursor")
        if cursor is None:
            return list(csv.DictReader(io.StringIO(text)))


def test_a_month_ends_where_the_next_begins_and_rows_lead_from_one_to_the_other(
    world: World, merchant: Signer, months: tuple[str, str]
) -> None:
    first, second = (ask(world, merchant, month).body for month in months)
    assert (first["opening"], first["closing"], first["count"], first["is_complete"]) == ("0.00", "25.26", 4, True)
    assert (second["opening"], second["closing"], second["is_complete"]) == ("25.26", "32.26", False)
    assert {each["type"]: (each["count"], each["debit"], each["credit"]) for each in first["types"]} == {
        "payment": (3, "0.00", "30.51"),
        "refund": (1, "5.25", "0.00"),
    }
    listed = rows(world, merchant, months[0])
    assert [row["balance"] for row in listed] == ["10.00", "30.50", "30.51", "25.26"]
    assert rows(world, merchant, months[0], limit="1") == listed
    assert sum(Decimal(row["credit"]) - Decimal(row["debit"]) for row in listed) == Decimal(first["closing"])


def test_a_month_that_has_not_begun_is_refused(world: World, merchant: Signer) -> None:
    for month in ("2099-01", "1969-12"):
        reply = world.call(merchant, "GET", f"/v1/statements?month={month}")
        assert (reply.status, reply.code) == (400, "invalid_request")
    reply = world.call(merchant, "GET", f"/v1/statements?month={month_of(START_SECONDS)}&currency=ZZZ")
    assert (reply.status, reply.code) == (422, "unsupported_currency")


def parsed(raw: bytes) -> Document:
    """Read by classes that others made of the schema. What the schema does not know, or another order, is a failure."""
    document = XmlParser(config=ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)).from_bytes(raw, Document)
    written = XmlSerializer().render(document, ns_map={None: "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"})
    assert [element.tag for element in ET.fromstring(written).iter()] == [element.tag for element in ET.fromstring(raw).iter()]
    assert list(violations(document)) == []
    return document


def violations(part: Any, where: str = "") -> Iterator[str]:
    """Values that break a rule of the schema: what must be there, lengths, patterns, digits."""
    for each in dataclasses.fields(part):
        rules, value = each.metadata, getattr(part, each.name)
        if rules.get("required") and value is None:
            yield f"{where}.{each.name} is missing"
        for one in value if isinstance(value, list) else [value]:
            if dataclasses.is_dataclass(one):
                yield from violations(one, f"{where}.{each.name}")
            elif isinstance(one, str):
                if not rules.get("min_length", 0) <= len(one) <= rules.get("max_length", 10**6):
                    yield f"{where}.{each.name} is {len(one)} long"
                if "pattern" in rules and not re.fullmatch(rules["pattern"], one):
                    yield f"{where}.{each.name} is {one}"
            elif isinstance(one, Decimal) and "fraction_digits" in rules:
                _sign, _digits, exponent = one.as_tuple()
                if -int(exponent) > rules["fraction_digits"] or one < rules.get("min_inclusive", one):
                    yield f"{where}.{each.name} is {one}"


def signed(part: Any) -> Decimal:
    amount: Decimal = part.amt.value
    return amount if part.cdt_dbt_ind.value == "CRDT" else -amount


def test_the_bank_statement_form_is_read_back_with_the_same_sums(world: World, merchant: Signer, months: tuple[str, str]) -> None:
    for month in months:
        sums = ask(world, merchant, month).body
        document = parsed(ask(world, merchant, month, format="camt053").raw)
        statement = document.bk_to_cstmr_stmt.stmt[0]
        balances = {balance.tp.cd_or_prtry.cd: signed(balance) for balance in statement.bal}
        assert balances == {"OPBD": Decimal(sums["opening"]), "CLBD": Decimal(sums["closing"])}
        assert balances["OPBD"] + sum(map(signed, statement.ntry)) == balances["CLBD"]
        assert statement.txs_summry.ttl_cdt_ntries.sum == Decimal(sums["credit"])
        assert statement.txs_summry.ttl_dbt_ntries.sum == Decimal(sums["debit"])
        assert [entry.acct_svcr_ref for entry in statement.ntry] == [row["journal_id"] for row in rows(world, merchant, month)]


def test_the_printed_statement_says_each_movement(world: World, merchant: Signer, months: tuple[str, str]) -> None:
    reply = ask(world, merchant, months[0], format="pdf")
    assert reply.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.raw)).pages)
    for row in rows(world, merchant, months[0]):
        assert row["reference_id"] in text
        assert row["balance"] in text
    for said in ("Opening balance", "0.00 INR", "Closing balance", "25.26 INR", "Chai Point", merchant.merchant_id):
        assert said in text


def test_more_movements_than_a_paper_takes_are_summed_by_day_and_kind(
    world: World, merchant: Signer, months: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_files, "MAX_MOVEMENTS", 1)
    sums = ask(world, merchant, months[0]).body
    statement = parsed(ask(world, merchant, months[0], format="camt053").raw).bk_to_cstmr_stmt.stmt[0]
    assert [(entry.bk_tx_cd.prtry.cd, str(signed(entry))) for entry in statement.ntry] == [("payment", "30.51"), ("refund", "-5.25")]
    assert statement.ntry[0].ntry_dtls[0].btch.nb_of_txs == "3"
    assert statement.ntry[1].acct_svcr_ref is not None
    assert {balance.tp.cd_or_prtry.cd: str(signed(balance)) for balance in statement.bal}["CLBD"] == sums["closing"]
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(ask(world, merchant, months[0], format="pdf").raw)).pages)
    assert "3 together" in text
