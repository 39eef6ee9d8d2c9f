"""All quotas of AWS that the template is measured against."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.review import access_quotas, function_quotas, stack_quotas, table_quotas
from local.review.readings import Reading, Stack


def measure(stack: Stack, *, built: Path | None = None, released: Mapping[str, Any] | None = None) -> list[Reading]:
    """Every reading. built: the folder of `sam build`, for sizes of code. released: the template that stacks have now, for what changes."""
    return [
        *stack_quotas.readings(stack),
        *function_quotas.readings(stack, built),
        *access_quotas.readings(stack),
        *table_quotas.readings(stack, released),
    ]


def table(readings: list[Reading]) -> str:
    """As it is printed: a line for each quota."""
    return "\n".join([f"{'quota':<52}{'used':>12}{'limit':>13}{'share':>7}  most by", *(reading.line() for reading in readings)])
