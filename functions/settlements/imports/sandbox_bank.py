"""The sandbox's bank: on a laptop it writes a statement (ISO 20022 camt.053) of each payout that the sandbox made.

The statement is put into the bucket and imported like a merchant's own, so a settlement is seen to arrive in the bank without a person. It
is of an account that is emptied every night, so each statement begins with nothing.
"""

import hashlib
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from paycorex import clock, ids, object_links, safe_http, settings, storage
from paycorex.connectors import SANDBOXES
from paycorex.errors import TemporarilyUnavailable
from paycorex.money import format_minor
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem, net
from paycorex.records.settlement_import import UPLOADING, SettlementImportItem
from settlements.imports import bank_files, objects
from settlements.settling.states import State
from settlements.stores import imports

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
FORMAT: Final = "camt053"
ACCOUNT: Final = "SANDBOX0001"
# A bank is not as fast as the provider's report.
ARRIVES_AFTER_MS: Final = 30_000
_POLICY: Final = replace(safe_http.Policy.local(), max_url_characters=8192)


def is_to_bring(item: SettlementItem) -> bool:
    """Whether the sandbox's bank brings this payout: only on a laptop, where there is no other bank."""
    now = settings.current()
    is_local = now.stage == "local" and bool(now.reports_bucket)
    return is_local and item.connector in SANDBOXES and item.state == State.BOOKED and item.bank_line_id is None and net(item) != 0


def bring(item: SettlementItem) -> bool:
    """Have the payout's statement imported, once; False when that was done. Raises TemporarilyUnavailable, storage's failures."""
    import_id, now = ids.derive("imp", item.merchant_id, "sandbox_bank", item.settlement_id, str(net(item))), clock.now_ms()
    if imports.find(import_id) is not None:
        return False
    content = statement_of(item)
    made = SettlementImportItem(
        import_id=import_id,
        merchant_id=item.merchant_id,
        source=bank_files.SOURCE,
        format=FORMAT,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        status=UPLOADING,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, import_id),
    )
    _put(objects.link(made), content)
    imports.set_due(made, now + ARRIVES_AFTER_MS)
    try:
        storage.run(imports.new(made))
    except storage.ConditionRefused:
        return False
    return True


def statement_of(item: SettlementItem) -> bytes:
    """The statement, UTF-8: the same payout always has the same bytes."""
    minor, currency, day = net(item), item.currency, clock.rfc3339(int(item.arrival_at or item.created_at))
    reference = str(item.bank_reference or item.provider_reference)[:35]
    document = ET.Element("Document", {"xmlns": NAMESPACE})
    body = _in(document, "BkToCstmrStmt")
    header = _in(body, "GrpHdr")
    _in(header, "MsgId", item.settlement_id[:35])
    _in(header, "CreDtTm", day)
    shown = _in(body, "Stmt")
    _in(shown, "Id", item.settlement_id[:35])
    _in(shown, "CreDtTm", day)
    account = _in(shown, "Acct")
    _in(_in(_in(account, "Id"), "Othr"), "Id", ACCOUNT)
    _in(account, "Ccy", currency)
    for code, amount in (("OPBD", 0), ("CLBD", minor)):
        balance = _in(shown, "Bal")
        _in(_in(_in(balance, "Tp"), "CdOrPrtry"), "Cd", code)
        _amount(balance, amount, currency)
        _in(_in(balance, "Dt"), "Dt", day[:10])
    entry = _in(shown, "Ntry")
    _amount(entry, minor, currency)
    _in(_in(entry, "Sts"), "Cd", "BOOK")
    _in(_in(entry, "BookgDt"), "Dt", day[:10])
    _in(_in(entry, "ValDt"), "Dt", day[:10])
    _in(entry, "AcctSvcrRef", item.settlement_id[:35])
    _in(_in(_in(entry, "BkTxCd"), "Prtry"), "Cd", "PAYOUT")
    details = _in(_in(entry, "NtryDtls"), "TxDtls")
    _in(_in(details, "Refs"), "EndToEndId", reference)
    _in(_in(details, "RmtInf"), "Ustrd", f"Payout {reference}")
    return bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True))


def _put(link: object_links.Link, content: bytes) -> None:
    headers = {name: value for name, value in link.headers.items() if name != "Content-Length"}
    try:
        answer = safe_http.send(link.method, link.url, headers, content, policy=_POLICY)
    except safe_http.SendError as trouble:
        raise TemporarilyUnavailable from trouble
    if answer.status != 200:
        raise TemporarilyUnavailable


def _amount(parent: ET.Element, minor: int, currency: str) -> None:
    _in(parent, "Amt", format_minor(abs(minor), currency)).set("Ccy", currency)
    _in(parent, "CdtDbtInd", "CRDT" if minor >= 0 else "DBIT")


def _in(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child
