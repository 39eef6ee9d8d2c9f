"""The mapping of a bank's CSV as a client sends it and an import keeps it."""

from dataclasses import fields as fields_of
from typing import Any, Final, get_args

from paycorex.currencies import EXPONENTS
from settlements.bank.readers.csv_columns import CsvColumns, Decimal, Delimiter
from settlements.bank.readers.statement import UnreadableFile

MAX_NAME_CHARACTERS: Final = 128
_NEEDED: Final = ("account", "currency", "date", "date_format")
_OPTIONAL: Final = ("amount", "credit", "debit", "text", "bank_reference")


def columns_of(mapping: dict[str, Any]) -> CsvColumns:
    """A stored mapping. Raises UnreadableFile for one that cannot be used, in words for people."""
    problem = mapping_problem(mapping)
    if problem is not None:
        raise UnreadableFile(problem)
    known = {each.name: mapping[each.name] for each in fields_of(CsvColumns) if each.name in mapping}
    return CsvColumns(**{**known, "references": tuple(mapping.get("references") or ())})


def mapping_problem(mapping: dict[str, Any]) -> str | None:
    """What is wrong with a mapping of a bank's CSV, for the route that takes it."""
    needed = [name for name in _NEEDED if not _is_text(mapping.get(name))]
    odd = [name for name in _OPTIONAL if mapping.get(name) is not None and not _is_text(mapping[name])]
    unknown = sorted(set(mapping) - {each.name for each in fields_of(CsvColumns)})
    references = mapping.get("references") or []
    checks = (
        (bool(needed), f"the mapping needs {', '.join(needed)}"),
        (bool(odd), f"the mapping's {', '.join(odd)} is not the name of a column"),
        (bool(unknown), f"the mapping has an unknown name: {unknown[0] if unknown else ''}"),
        (str(mapping.get("currency")) not in EXPONENTS, "the mapping's currency is not one that can be booked"),
        (
            (mapping.get("amount") is None) == (mapping.get("credit") is None and mapping.get("debit") is None),
            "it needs amount, or credit and debit",
        ),
        (not isinstance(references, list) or not all(map(_is_text, references)), "the mapping's references are names of columns"),
        (mapping.get("decimal", ".") not in get_args(Decimal), "decimal is a point or a comma"),
        (mapping.get("delimiter", ",") not in get_args(Delimiter), "delimiter is a comma, a semicolon, a tab or a bar"),
    )
    return next((problem for is_wrong, problem in checks if is_wrong), None)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARACTERS
