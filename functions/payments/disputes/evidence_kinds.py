"""Which evidence a merchant may give, whichever provider it is for, and how much. Its name at a provider is the connector's matter."""

from typing import Final, Literal, get_args

TextKind = Literal[
    "explanation",
    "product_description",
    "customer_name",
    "customer_email",
    "customer_ip",
    "billing_address",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "service_date",
    "access_log",
    "refund_policy",
    "refund_refusal",
    "cancellation_policy",
    "cancellation_rebuttal",
    "duplicate_explanation",
]
FileKind = Literal[
    "receipt",
    "shipping_proof",
    "service_proof",
    "customer_communication",
    "customer_signature",
    "explanation_letter",
    "access_log",
    "refund_policy",
    "refund_proof",
    "cancellation_policy",
    "cancellation_proof",
    "duplicate_proof",
    "other",
]
ContentType = Literal["application/pdf", "image/jpeg", "image/png"]

TEXT_KINDS: Final[tuple[str, ...]] = get_args(TextKind)
FILE_KINDS: Final[tuple[str, ...]] = get_args(FileKind)
# Of one text, and of all of one dispute: the record stays far below what a table's item may have.
MAX_TEXT_CHARACTERS: Final = 5_000
MAX_ALL_TEXT_CHARACTERS: Final = 20_000
MAX_FILES: Final = 20
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_NAME_CHARACTERS: Final = 100
