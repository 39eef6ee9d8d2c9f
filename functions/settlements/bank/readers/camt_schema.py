"""The schema's own classes of each version of camt.053 (`pyiso20022`), and one element bound to its class (`xsdata`)."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final, cast, get_args, get_type_hints
from xml.etree.ElementTree import Element

from xsdata.exceptions import ConverterWarning, ParserError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from settlements.bank.readers.statement import UnreadableField, UnreadableFile

_NAMESPACE: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.(\d\d))\}Document")
_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_OTHER_REPORTS: Final = re.compile(r"camt\.05[24]\.")
# What xsdata finds out about each class of a schema: once for this process, and not for each file.
_CONTEXT: Final = XmlContext()


class Schema:
    """The schema's classes of one version of the message."""

    def __init__(self, root: str) -> None:
        version = _NAMESPACE.fullmatch(root)
        if version is None:
            known = _OTHER_REPORTS.search(root)
            kind = "an intraday report or a notification (camt.052, camt.054), and no statement" if known else "no camt.053"
            raise UnreadableFile(f"this is {kind}; the namespace of camt.053.001.02 to .12 is expected")
        self._types = _statement_types(version[2])
        self._parser = XmlParser(config=ParserConfig(fail_on_unknown_properties=False, fail_on_converter_warnings=True), context=_CONTEXT)

    def bind(self, element: Element, field: str) -> Any:
        """The schema's object for an element of a statement. Raises UnreadableField.

        An amount is held to the schema's form here: `Decimal` would take exponents and underscores.
        """
        amount = element.find("{*}Amt")
        if amount is not None and not _AMOUNT.fullmatch((amount.text or "").strip()):
            raise UnreadableField("the amount is not written as a plain decimal number")
        try:
            return self._parser.parse(element, _item(self._types[field]))
        except (ParserError, ConverterWarning, ValueError, TypeError, ArithmeticError) as failed:
            raise UnreadableField("it does not follow the schema") from failed


@cache
def _statement_types(version: str) -> Mapping[str, Any]:
    return get_type_hints(_statement_class(_module(version)))


def _module(version: str) -> ModuleType:
    name = f"pyiso20022.camt.camt_053_001_{version}"
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        raise UnreadableFile(f"camt.053.001.{version} is not a version that can be read") from missing


def _statement_class(module: ModuleType) -> type:
    """Document → BkToCstmrStmt → Stmt: the class of each follows from the one before, whatever its number in this version."""
    kind: type = module.Document
    for wanted in (0, "stmt"):
        hints = get_type_hints(kind)
        kind = _item(next(iter(hints.values())) if wanted == 0 else hints[str(wanted)])
    return kind


def _item(hint: Any) -> type:
    """The class in `X | None` or `list[X]`."""
    found = [each for each in get_args(hint) if each is not type(None)]
    return _item(found[0]) if found else cast("type", hint)
