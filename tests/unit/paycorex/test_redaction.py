"""What the last net under the logs catches, and what it lets pass."""

import io
import json
import logging
import re
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex import redaction
from paycorex.redaction import mask

ROOT = Path(__file__).parents[3]
CLEAN = [
    "2026-11-23 02:38:09,123+0000",
    "2026-11-23T02:38:09.123+00:00",
    "1800000000123",
    "req_2345abcdefghijklmnopqrstuv paid tok_jal5g35tocmhp7wo44ncffvfpu",
    "7e1a6b5c-1bd2-4b6a-9d8b-7c4a2b1f0e9d",
    "task_identifier risk_level_is_high",
    "4111 1111 1111",
    "612345678901 is the reference of a bank",
    "4111111111111112",
    "0x52908400098527886E0F7030069857D2E4169EE7",
]


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("card 4111111111111111.", "4111111111111111"),
        ("card=4111 1111 1111 1111;", "1111 1111"),
        ("4111-1111-1111-1111", "1111-1111"),
        ("order 12 4111 1111 1111 1111 2026", "1111 1111"),
        ("3782 822463 10005", "822463"),
        ("4000000000000000006", "400000000000"),
        ("5555555555554444/4111111111111111", "5555"),
        ("pay rahul.sharma77@okicici now", "rahul"),
        ("to asha@example.com", "asha"),
        ("sk_90r_S8ZhEBLHpeS3mM_Pe266_s6cw0uahEmDEivPRpM", "90r_"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ"),
        ("key pcx_13ee81fa1ae092a73ccde97c195c513a3db3bef4 used", "13ee81"),
        ("Plaintext 0lH6h0wKt9y2L1jCjY8vX3QeJ7n5b4m2a1Z0x9w8v7U= end", "0lH6"),
        ("iban DE89 3704 0044 0532 0130 00", "0532"),
        ("iban DE89370400440532013000", "0532013"),
    ],
)
def test_secrets_are_masked(text: str, secret: str) -> None:
    masked = mask(text)
    assert secret not in masked
    assert "[card]" in masked or "[redacted]" in masked


def with_check_digit(body: str) -> str:
    return next(body + digit for digit in "0123456789" if redaction.is_luhn_valid(body + digit))


@given(
    number=st.integers(12, 18).flatmap(lambda length: st.text("0123456789", min_size=length, max_size=length)).map(with_check_digit),
    groups=st.lists(st.integers(1, 18), max_size=4),
    separator=st.sampled_from([" ", "-"]),
    around=st.sampled_from(["", "x", " ", '"', "\n", ":"]),
)
def test_every_luhn_valid_number_is_masked_however_it_is_grouped(number: str, groups: list[int], separator: str, around: str) -> None:
    typed = number
    for place in sorted({group for group in groups if group < len(number)}, reverse=True):
        typed = typed[:place] + separator + typed[place:]
    masked = mask(f"{around}{typed}{around}")
    assert number not in re.sub(r"[ \-]", "", masked)


def fail(message: str) -> None:
    raise ValueError(message)


def line(**fields: object) -> str:
    """What a project logger writes for these extra fields."""
    out = io.StringIO()
    logger = redaction.logger("redaction-test")
    logger.handlers[0].setStream(out)  # type: ignore[attr-defined]  # a StreamHandler
    logger.info("hello", extra=fields)
    return out.getvalue()


def test_any_field_of_a_log_line_is_masked_and_the_line_stays_json() -> None:
    text = line(
        deep={"4111111111111111": [{"vpa": "x"}, 4111111111111111, "rahul@okicici"]},
        secret="short",
        api_key={"a": 1},
        numbers=[1, 2.5, None, True],
        error=ValueError("no 4111 1111 1111 1111"),
    )
    fields = json.loads(text)
    assert fields["deep"] == {"[card]": [{"vpa": "[redacted]"}, "[card]", "[redacted]"]}
    assert (fields["secret"], fields["api_key"], fields["numbers"]) == ("[redacted]", "[redacted]", [1, 2.5, None, True])
    assert fields["error"] == "no [card]"
    assert fields["message"] == "hello"


def test_a_clean_line_is_written_as_it_is() -> None:
    assert json.loads(line(path="/v1/tokens/create", status=201, secs=0.25))["secs"] == 0.25


def test_tracebacks_are_masked() -> None:
    out = io.StringIO()
    logger = redaction.logger("redaction-test-2")
    logger.handlers[0].setStream(out)  # type: ignore[attr-defined]  # a StreamHandler
    try:
        fail("4111111111111111")
    except ValueError:
        logger.exception("failed")
    assert "4111111111111111" not in out.getvalue()
    assert "[card]" in out.getvalue()


def test_the_filter_masks_what_other_loggers_say() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(redaction.RedactingFilter())
    handler.setFormatter(logging.Formatter("%(message)s %(pan)s"))
    logger = logging.getLogger("somebody-else")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        fail("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    except ValueError:
        logger.exception("card %s", "4111 1111 1111 1111", extra={"pan": "secret"})
    text = out.getvalue()
    assert "card [card] [redacted]" in text
    assert "MfKQ" not in text


def test_an_exception_is_left_to_no_other_formatter() -> None:
    """Lambda's JSON formatter writes `str(exc_info[1])` and all extra fields."""
    try:
        fail("4111111111111111")
    except ValueError:
        record = logging.LogRecord("somebody-else", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    assert redaction.RedactingFilter().filter(record)
    assert record.exc_info is None
    shown = record.__dict__["traceback"]
    assert "[card]" in shown
    assert "4111111111111111" not in shown
    assert logging.Formatter().format(record) == f"failed\n{shown}"


def test_a_line_has_a_timestamp_that_lambda_reads() -> None:
    moment = datetime.fromisoformat(json.loads(line())["timestamp"])
    assert moment.tzinfo is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", json.loads(line())["timestamp"])


def modules_with(pattern: str) -> list[Path]:
    roots = (ROOT / "functions", ROOT / "layers" / "common")
    found = [path.relative_to(ROOT) for root in roots for path in sorted(root.rglob("*.py")) if re.search(pattern, path.read_text())]
    return [path for path in found if path.name not in {"redaction.py", "log_lines.py"}]


def test_every_logger_of_the_project_is_masked() -> None:
    """The project's loggers come from `redaction.logger`; plain ones end at the root's handlers, which a door of their room has guarded."""
    assert modules_with(r"\bLogger\(|getLogger\((?!__name__\))") == []
    plain = {path.parts[1] for path in modules_with(r"getLogger\(__name__\)")}
    guarded = {path.parts[1] for path in modules_with(r"redaction\.guard_root\(\)") if path.stem.endswith("door")}
    assert plain <= guarded


def test_the_moment_of_a_metric_is_never_taken_for_a_card_number() -> None:
    moment = 1795412869095
    assert redaction.is_luhn_valid(str(moment))
    fields = json.loads(line(moment=moment, _aws={"Timestamp": moment, "CloudWatchMetrics": ["4111111111111111"]}))
    assert fields["_aws"] == {"Timestamp": moment, "CloudWatchMetrics": ["[card]"]}
    assert fields["moment"] == "[card]"
