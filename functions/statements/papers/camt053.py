"""A statement as ISO 20022 camt.053.001.08, which accounting programs read as they read a bank's.

Names are cut at 35 characters, as the schema wants it; what is longer stands in full in the entry's additional information.
"""

from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from paycorex import clock
from paycorex.money import format_minor
from statements.papers.statement import Movement, Statement, Subject

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_MAX_NAME: Final = 35


def written(statement: Statement) -> bytes:
    """The document, UTF-8."""
    about = statement.about
    document = ET.Element("Document", {"xmlns": NAMESPACE})
    body = _in(document, "BkToCstmrStmt")
    header = _in(body, "GrpHdr")
    made = clock.rfc3339(about.period.to_ms)
    _in(header, "MsgId", identifier(about))
    _in(header, "CreDtTm", made)
    shown = _in(body, "Stmt")
    _in(shown, "Id", identifier(about))
    _in(shown, "CreDtTm", made)
    span = _in(shown, "FrToDt")
    _in(span, "FrDtTm", clock.rfc3339(about.period.from_ms))
    _in(span, "ToDtTm", made)
    _account(shown, about)
    _balance(shown, about, "OPBD", statement.opening, about.period.from_ms)
    _balance(shown, about, "CLBD", statement.closing, about.period.to_ms - 1)
    _summary(shown, statement)
    for movement in statement.movements:
        _entry(shown, about.currency, movement)
    said = f"fees {format_minor(statement.totals.fee, about.currency)}, tax on fees {format_minor(statement.totals.tax, about.currency)}"
    _in(shown, "AddtlStmtInf", said)
    return bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True))


def identifier(about: Subject) -> str:
    """The statement's own name: the merchant, the month, the currency."""
    return f"{about.merchant_id[4:24]}-{about.month}-{about.currency}"


def _account(shown: ET.Element, about: Subject) -> None:
    account = _in(shown, "Acct")
    _in(_in(_in(account, "Id"), "Othr"), "Id", about.merchant_id)
    _in(account, "Ccy", about.currency)
    _in(account, "Nm", about.name[:70])


def _balance(shown: ET.Element, about: Subject, code: str, minor: int, moment_ms: int) -> None:
    balance = _in(shown, "Bal")
    _in(_in(_in(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, about.currency, minor)
    _in(_in(balance, "Dt"), "Dt", _day(moment_ms))


def _summary(shown: ET.Element, statement: Statement) -> None:
    totals, currency = statement.totals, statement.about.currency
    summary = _in(shown, "TxsSummry")
    both = _in(summary, "TtlNtries")
    _in(both, "NbOfNtries", str(len(statement.movements)))
    _in(both, "Sum", format_minor(totals.credit + totals.debit, currency))
    net = _in(both, "TtlNetNtry")
    _in(net, "Amt", format_minor(abs(totals.credit - totals.debit), currency))
    _in(net, "CdtDbtInd", _sign(totals.credit - totals.debit))
    for name, is_credit in (("TtlCdtNtries", True), ("TtlDbtNtries", False)):
        part = _in(summary, name)
        _in(part, "NbOfNtries", str(sum((movement.minor >= 0) is is_credit for movement in statement.movements)))
        _in(part, "Sum", format_minor(totals.credit if is_credit else totals.debit, currency))


def _entry(shown: ET.Element, currency: str, movement: Movement) -> None:
    entry = _in(shown, "Ntry")
    _amount(entry, currency, movement.minor)
    _in(_in(entry, "Sts"), "Cd", "BOOK")
    _in(_in(entry, "BookgDt"), "DtTm", clock.rfc3339(movement.at_ms))
    _in(_in(entry, "ValDt"), "Dt", _day(movement.at_ms))
    if movement.journal_id:
        _in(entry, "AcctSvcrRef", movement.journal_id)
    _in(_in(_in(entry, "BkTxCd"), "Prtry"), "Cd", movement.kind)
    details = _in(entry, "NtryDtls")
    if movement.count > 1:
        _in(_in(details, "Btch"), "NbOfTxs", str(movement.count))
        return
    references = _in(_in(details, "TxDtls"), "Refs")
    _in(references, "EndToEndId", movement.reference_id[:_MAX_NAME])
    _in(entry, "AddtlNtryInf", f"{movement.kind} {movement.reference_id}{f', concerns {movement.concerns}' if movement.concerns else ''}")


def _amount(parent: ET.Element, currency: str, minor: int) -> None:
    _in(parent, "Amt", format_minor(abs(minor), currency)).set("Ccy", currency)
    _in(parent, "CdtDbtInd", _sign(minor))


def _sign(minor: int) -> str:
    return "CRDT" if minor >= 0 else "DBIT"


def _day(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms // 1000, UTC).date().isoformat()


def _in(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child
