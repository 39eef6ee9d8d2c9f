"""What is read out of the schema's objects of camt.053: balances, and an entry's amount, dates and all names that it may be found by."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from settlements.bank.readers import fields
from settlements.bank.readers.statement import BankLine, StatementHeader, UnreadableField

# Opening and closing as booked; a previous statement's closing opens this one. Interim balances open and close pages of one statement.
_OPENING: Final = ("OPBD", "PRCD", "ITBD")
_CLOSING: Final = ("CLBD", "ITBD")
_BOOKED: Final = "BOOK"
_REFERENCES: Final = ("end_to_end_id", "uetr", "tx_id", "instr_id", "acct_svcr_ref", "pmt_inf_id", "msg_id", "clr_sys_ref")


def header_of(reference: str | None, account: Any, balances: Sequence[Any]) -> StatementHeader:
    """Raises UnreadableField: no account, an unknown currency, balances in several currencies."""
    identification = account.id if account is not None else None
    number = getattr(identification, "iban", None) or getattr(getattr(identification, "othr", None), "id", None)
    currencies = {balance.amt.ccy for balance in balances if balance.amt is not None}
    if account is not None and account.ccy:
        currencies.add(account.ccy)
    if len(currencies) > 1:
        raise UnreadableField("account and balances have different currencies")
    currency = fields.currency_of(next(iter(currencies), None))
    opening = _balance(balances, _OPENING, currency, is_last=False)
    closing = _balance(balances, _CLOSING, currency, is_last=True)
    return StatementHeader(
        account=fields.account_of(number),
        currency=currency,
        reference=fields.text_of(reference, limit=64),
        opening=opening[0] if opening else None,
        closing=closing[0] if closing else None,
        opened_on=opening[1] if opening else None,
        closed_on=closing[1] if closing else None,
    )


def line_of(place: int, entry: Any, currency: str) -> BankLine | None:
    """None for an entry that is not booked (pending, information). Raises UnreadableField."""
    if _code(entry.sts) not in {_BOOKED, None}:
        return None
    if entry.amt is None or not isinstance(entry.amt.value, Decimal) or entry.amt.value < 0:
        raise UnreadableField("the entry has no amount of zero or more")
    if entry.amt.ccy != currency:
        raise UnreadableField("the entry is in another currency than its account")
    valued_on = _day(entry.val_dt, "the value date") if entry.val_dt is not None else None
    booked_on = _day(entry.bookg_dt, "the booking date") if entry.bookg_dt is not None else fields.day_of(valued_on, "the booking date")
    texts = [*_remittance(entry), getattr(entry, "addtl_ntry_inf", None)]
    bank_reference = fields.text_of(entry.acct_svcr_ref, limit=fields.MAX_REFERENCE_CHARACTERS)
    return BankLine(
        place=place,
        amount=fields.minor_of(entry.amt.value, currency) * _sign(entry.cdt_dbt_ind),
        booked_on=booked_on,
        valued_on=valued_on,
        bank_reference=bank_reference,
        references=fields.references_of([*_names(entry), entry.ntry_ref, bank_reference], *texts),
        text=fields.text_of(*texts),
        is_reversal=bool(entry.rvsl_ind),
        kind=fields.text_of(_kind(entry.bk_tx_cd), limit=16),
    )


def _balance(balances: Sequence[Any], codes: Sequence[str], currency: str, *, is_last: bool) -> tuple[int, date | None] | None:
    for code in codes:
        found = [balance for balance in balances if _code(getattr(balance.tp, "cd_or_prtry", None)) == code]
        if found:
            balance = found[-1 if is_last else 0]
            day = _day(balance.dt, "the date of a balance") if balance.dt is not None else None
            return fields.minor_of(balance.amt.value, currency) * _sign(balance.cdt_dbt_ind), day
    return None


def _sign(indicator: Any) -> int:
    """The indicator says which way the money went, of a reversal too."""
    match getattr(indicator, "value", None):
        case "CRDT":
            return 1
        case "DBIT":
            return -1
    raise UnreadableField("it does not say whether it is a credit or a debit")


def _code(choice: Any) -> str | None:
    """A status or a type is an enumeration in old versions, and a choice with a code in later ones."""
    code = getattr(choice, "cd", choice)
    text = getattr(code, "value", code)
    return text if isinstance(text, str) else None


def _day(choice: Any, name: str) -> date:
    moment = getattr(choice, "dt", None) or getattr(choice, "dt_tm", None)
    if moment is None:
        raise UnreadableField(f"{name} is missing")
    return fields.day_of(_calendar_day(moment, name), name)


def _calendar_day(moment: Any, name: str) -> date:
    """The day as the bank wrote it, in its own zone."""
    try:
        return date(moment.year, moment.month, moment.day)
    except ValueError as failed:
        raise UnreadableField(f"{name} is not a date") from failed


def _details(entry: Any) -> Iterator[Any]:
    for group in entry.ntry_dtls or []:
        yield from group.tx_dtls or []


def _names(entry: Any) -> Iterator[str | None]:
    for detail in _details(entry):
        for name in _REFERENCES:
            yield getattr(detail.refs, name, None)
        for other in getattr(detail.refs, "prtry", None) or []:
            yield getattr(other, "ref", None)


def _remittance(entry: Any) -> Iterator[str | None]:
    for detail in _details(entry):
        yield from getattr(detail.rmt_inf, "ustrd", None) or []
        for structured in getattr(detail.rmt_inf, "strd", None) or []:
            yield getattr(getattr(structured, "cdtr_ref_inf", None), "ref", None)
        yield getattr(detail, "addtl_tx_inf", None)


def _kind(code: Any) -> str | None:
    domain = getattr(code, "domn", None)
    family = getattr(domain, "fmly", None)
    if family is not None:
        return ".".join(str(getattr(part, "value", part)) for part in (domain.cd, family.cd, family.sub_fmly_cd))  # type: ignore[union-attr]  # a family is in a domain
    return getattr(getattr(code, "prtry", None), "cd", None)
