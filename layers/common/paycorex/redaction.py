"""Redaction: the last filter before the logs. Card numbers, payment addresses and keys never reach a log line or an error text.

Nothing sensitive should come here in the first place (log lines are made of an allow-list); this module owns what happens when it does.
A clean line costs one search; only a suspicious one is taken apart, so that what is masked is still one JSON object.
"""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from paycorex import log_lines, settings

_SHORTEST_CARD: Final = 12
_LONGEST_CARD: Final = 19
# Twelve digits are a card's only where Maestro issues them: references of banks have twelve, too.
_SHORT_CARDS: Final = ("0604", "493698", "50", "56", "57", "58", "59", "63", "67")
# UnionPay has issued numbers without a check digit, of 14 digits and more.
_UNCHECKED_CARDS: Final = ("62", "81")
_SHORTEST_UNCHECKED: Final = 14
_CARD: Final = "[card]"
_HIDDEN: Final = "[redacted]"
_LUHN_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# 12 digits or more, single or grouped by spaces and dashes, as people write card numbers. Addresses and hashes of a chain are matched
# first and left alone: one in a few thousand has a run of digits that passes for a card.
_DIGITS: Final = re.compile(r"\b0x[0-9A-Fa-f]{40}(?:[0-9A-Fa-f]{24})?\b|(?<![0-9])[0-9](?:[ \-]?[0-9]){11,}")
_GROUP: Final = re.compile(r"[0-9]+")
# A VPA (name@handle); an e-mail address has the same shape and is private too.
_ADDRESS: Final = re.compile(r"[\w.+\-]{1,256}@[A-Za-z][\w\-]*(?:\.[\w\-]+)*")
_SECRET: Final = re.compile(r"(?<![A-Za-z0-9])(?:sk|whsec|pcx)_[\w\-+/=]{8,}")
# 32 bytes in base64: a data key. Longer runs are ciphertexts and signatures.
_DATA_KEY: Final = re.compile(r"(?<![\w+/\-])[\w+/\-]{43}=(?!=)")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
# Fields whose value is hidden whatever it looks like: three digits of a security code have no shape.
_NAMES: Final = (
    "account_number api_key authorization card_number cid csc cvc cvc2 cvn cvv cvv2 iban pan password pin plaintext secret secret_key "
    "security_code vpa x-api-key x-signature"
)
_FIELDS: Final = frozenset(_NAMES.split())
_ENCODER: Final = json.JSONEncoder(default=str, separators=(",", ":"), ensure_ascii=False)
# Of CloudWatch's embedded metric format.
_METRICS: Final = "_aws"
# What a cheap look can tell, after spaces and dashes are gone: every card number and every IBAN has such a run.
_RUN: Final = re.compile(rb"[0-9A-Z]{12}")
_FIELD: Final = re.compile(rf'"(?:{"|".join(map(re.escape, sorted(_FIELDS)))})\\?"')


def mask(text: str) -> str:
    """The text without card numbers, VPAs, secrets, data keys and IBANs."""
    if not _is_suspect(text):
        return text
    text = _SECRET.sub(_HIDDEN, text)
    text = _DATA_KEY.sub(_HIDDEN, text)
    text = _IBAN.sub(_HIDDEN, text)
    text = _DIGITS.sub(lambda run: _mask_digits(run[0]), text)
    return _ADDRESS.sub(_HIDDEN, text)


def mask_value(value: Any) -> Any:
    """The same for any JSON value, names included. Other objects become their masked text."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if (masked := mask(str(value))) == str(value) else masked
    if isinstance(value, Mapping):
        return {mask(str(name)): _mask_field(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(item) for item in value]
    return mask(str(value))


def _mask_field(name: str, value: Any) -> Any:
    if name.lower() in _FIELDS:
        return _HIDDEN
    masked = mask_value(value)
    if name == _METRICS and isinstance(value, Mapping) and isinstance(value.get("Timestamp"), int):
        # One moment in ten passes Luhn's check, and CloudWatch drops metrics without a moment.
        masked["Timestamp"] = value["Timestamp"]
    return masked


def serialize(line: Mapping[str, Any]) -> str:
    """A log line as JSON, masked."""
    text = _ENCODER.encode(line)
    if not _is_suspect(text) and _FIELD.search(text) is None:
        return text
    return _ENCODER.encode(mask_value(line))


class RedactingFilter(logging.Filter):
    """Masks message, extra fields and traceback of every record that passes; drops none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True."""
        message = record.getMessage()
        masked = mask(message)
        if masked != message:
            record.msg, record.args = masked, ()
        for name in record.__dict__.keys() - _STANDARD_FIELDS:
            record.__dict__[name] = _mask_field(name, record.__dict__[name])
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
            # Lambda's JSON format would write the exception's own message, which is masked nowhere; it writes extra fields, too.
            record.exc_info, record.__dict__["traceback"] = None, record.exc_text
        return True


_STANDARD_FIELDS: Final = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime"}
_FORMATTER: Final = logging.Formatter()
_FILTER: Final = RedactingFilter()


def logger(service: str) -> logging.Logger:
    """A project logger: one JSON object per line, masked. Also installs the filter for the loggers of libraries."""
    guard_root()
    return log_lines.logger(service, serialize, settings.aws_environment())


def silence(library: str) -> None:
    """Let nothing of a library into the log, which quotes what it reads."""
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


def guard_root() -> None:
    """Mask what libraries log, and let them log nothing below a warning.

    botocore's wire log prints every body, and KMS answers with data keys in the clear; its other lines would stand beside a request's one.
    """
    for handler in logging.getLogger().handlers:
        if _FILTER not in handler.filters:
            handler.addFilter(_FILTER)
    for library in ("botocore", "boto3", "urllib3"):
        library_logger = logging.getLogger(library)
        if library_logger.level < logging.WARNING:
            library_logger.setLevel(logging.WARNING)


def is_luhn_valid(digits: str) -> bool:
    """ISO/IEC 7812-1's check digit."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        total += _LUHN_DOUBLED[int(digit)] if index % 2 else int(digit)
    return total % 10 == 0


def _is_suspect(text: str) -> bool:
    """Whether there may be something to mask. Plain searches first: they cost a tenth of a pattern's."""
    if "@" in text or "sk_" in text or "pcx_" in text or "whsec_" in text:
        return True
    if "=" in text and _DATA_KEY.search(text) is not None:
        return True
    return _RUN.search(text.encode("utf-8", "replace").translate(None, b" -")) is not None


def _mask_digits(run: str) -> str:
    """Mask the card numbers in a run of digit groups: neighbours ("order 12 4111 ...") may have joined the run."""
    if run.startswith("0x"):
        return run
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        for last in range(len(groups) - 1, first - 1, -1):
            start, end = groups[first][0], groups[last][1]
            digits = "".join(run[a:b] for a, b in groups[first : last + 1])
            if _may_be_card(digits):
                return run[:start] + _CARD + _mask_digits(run[end:])
        first += 1
    return run


def _may_be_card(digits: str) -> bool:
    """Whether a network may have issued it; the vault accepts no other number."""
    if not _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD:
        return False
    if len(digits) >= _SHORTEST_UNCHECKED and digits.startswith(_UNCHECKED_CARDS):
        return True
    return (len(digits) > _SHORTEST_CARD or digits.startswith(_SHORT_CARDS)) and is_luhn_valid(digits)
