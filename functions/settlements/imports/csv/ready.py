"""Ready mappings, after the columns that providers document. Dated by the documentation that was read, 2026-11.

What a provider writes in an optional column is left out. A merchant's own mapping `extends` one of these where its report differs.
"""

from typing import Final

from settlements.imports.csv.mapping import CsvMapping, Ready

# Payout reconciliation, itemised (https://docs.stripe.com/reports/report-types/payout-reconciliation): amounts in major units, net is
# gross less fee, words by https://docs.stripe.com/reports/reporting-categories. A line's name is its balance transaction, as in the API.
_STRIPE: Final = CsvMapping(
    columns={
        "line_reference": ["balance_transaction_id"],
        "kind": ["reporting_category"],
        "charge_reference": ["payment_intent_id", "charge_id"],
        "object_reference": ["source_id"],
        "our_reference": ["refund_metadata[refund_id]", "payment_metadata[payment_id]"],
        "settlement_reference": ["automatic_payout_id"],
        "bank_reference": ["trace_id"],
        "currency": ["currency"],
        "occurred_at": ["created_utc", "created"],
        "gross": ["gross"],
        "fee": ["fee"],
        "net": ["net"],
    },
    kinds={
        "charge": "payment",
        "refund": "refund",
        "refund_failure": "refund_failure",
        "dispute": "dispute",
        "dispute_reversal": "dispute_won",
        "fee": "fee",
        "network_cost": "fee",
        "tax": "fee",
        "charge_failure": "adjustment",
        "partial_capture_reversal": "adjustment",
        "other_adjustment": "adjustment",
        "payout_reversal": "payout_return",
        "topup": "adjustment",
        "topup_reversal": "adjustment",
        "transfer": "adjustment",
        "transfer_reversal": "adjustment",
        "risk_reserved_funds": "reserve",
        "payout_minimum_balance_hold": "reserve",
        "payout_minimum_balance_release": "reserve",
        "payout": "payout",
    },
    unit="major",
    time="iso",
)

# Settlement recon, combined (https://razorpay.com/docs/api/settlements/fetch-recon): amounts in paise, times in Unix seconds, `fee` has
# `tax` in it, credit and debit are what is settled. Files of the dashboard have rupees: `unit: major` and their pattern of time.
_RAZORPAY: Final = CsvMapping(
    columns={
        "line_reference": ["entity_id"],
        "kind": ["type"],
        "charge_reference": ["payment_id", "entity_id"],
        "object_reference": ["dispute_id", "entity_id"],
        "settlement_reference": ["settlement_id"],
        "bank_reference": ["settlement_utr"],
        "currency": ["currency"],
        "occurred_at": ["created_at"],
        "credit": ["credit"],
        "debit": ["debit"],
        "fee": ["fee"],
        "tax": ["tax"],
    },
    kinds={"payment": "payment", "refund": "refund", "transfer": "adjustment", "reversal": "adjustment", "adjustment": "adjustment"},
    unit="minor",
    time="unix",
    fee_includes_tax=True,
)

# Settlement details report (https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report) and its
# journal types. NC is the currency of the payout; the costs of a line are in four columns. The merchant payout is not a line of its batch.
_ADYEN: Final = CsvMapping(
    columns={
        "line_reference": ["Modification Reference", "Psp Reference"],
        "kind": ["Type"],
        "charge_reference": ["Psp Reference"],
        "object_reference": ["Modification Reference"],
        "our_reference": ["Modification Merchant Reference", "Merchant Reference"],
        "settlement_reference": ["Batch Number"],
        "currency": ["Net Currency"],
        "occurred_at": ["Creation Date"],
        "credit": ["Net Credit (NC)"],
        "debit": ["Net Debit (NC)"],
        "fee": ["Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)"],
    },
    kinds={
        "settled": "payment",
        "refunded": "refund",
        "refundedreversed": "refund_failure",
        "chargeback": "dispute",
        "secondchargeback": "dispute",
        "chargebackreversed": "dispute_won",
        "fee": "fee",
        "misccosts": "fee",
        "paymentcost": "fee",
        "invoicededuction": "adjustment",
        "matchedstatement": "adjustment",
        "manualcorrected": "adjustment",
        "bankinstructionreturned": "adjustment",
        "balancetransfer": "adjustment",
        "depositcorrection": "reserve",
        "merchantpayout": "payout",
    },
    unit="major",
    time="iso",
)

# Settlement report (https://developer.paypal.com/docs/reports/sftp-reports/settlement-report/): rows with a type, amounts unsigned in
# minor units with CR or DR beside them, words by https://developer.paypal.com/docs/reports/reference/tcodes/. No line says in which
# withdrawal (T04) it is: what a section reports of an account, by its dates, is one settlement.
_PAYPAL: Final = CsvMapping(
    columns={
        "line_reference": ["Transaction ID"],
        "kind": ["Transaction Event Code"],
        "charge_reference": ["PayPal Reference ID", "Transaction ID"],
        "object_reference": ["Transaction ID"],
        "our_reference": ["Custom Field", "Invoice ID"],
        "currency": ["Gross Transaction Currency"],
        "occurred_at": ["Transaction Completion Date"],
        "gross": ["Gross Transaction Amount"],
        "direction": ["Transaction Debit or Credit"],
        "fee": ["Fee Amount"],
        "fee_direction": ["Fee Debit or Credit"],
    },
    kinds={
        "t00*": "payment",
        "t01*": "fee",
        "t04*": "payout",
        "t1106": "dispute",
        "t1107": "refund",
        "t1108": "dispute_won",
        "t12*": "dispute",
        "t0300": "adjustment",
        "t15*": "reserve",
        "t21*": "reserve",
    },
    row_type="SB",
    header_type="CH",
    section_type="SH",
    unit="minor",
    time="%Y/%m/%d %H:%M:%S %z",
    debit_words=["dr"],
)

# Settlement recon report (https://www.cashfree.com/docs/partners/embedded/reports/settlement-recon-reports): the settlement amount is the
# event's after charges and tax, and the sale type is its sign. The UTR names the payout.
_CASHFREE: Final = CsvMapping(
    columns={
        "line_reference": ["Event ID"],
        "kind": ["Event Type"],
        "charge_reference": ["CF Payment ID", "Event ID"],
        "object_reference": ["Event ID"],
        "our_reference": ["Order ID"],
        "settlement_reference": ["UTR"],
        "bank_reference": ["UTR"],
        "currency": ["Event Currency"],
        "occurred_at": ["Event Time"],
        "gross": ["Event Amount"],
        "net": ["Event Settlement Amount"],
        "direction": ["Sale Type"],
    },
    kinds={
        "payment": "payment",
        "refund": "refund",
        "refund_reversal": "refund_failure",
        "chargeback": "dispute",
        "dispute": "dispute",
        "chargeback_reverse": "dispute_won",
        "dispute_reverse": "dispute_won",
        "other_adjustment": "adjustment",
        "risk": "reserve",
        "risk_reverse": "reserve",
        "settlement": "payout",
    },
    unit="major",
    time="iso",
    utc_offset_minutes=330,
    debit_words=["debit"],
)

READY: Final[dict[Ready, CsvMapping]] = {
    "stripe": _STRIPE,
    "razorpay": _RAZORPAY,
    "adyen": _ADYEN,
    "paypal": _PAYPAL,
    "cashfree": _CASHFREE,
}
