"""ISO 20022 camt.053: `defusedxml` streams the file, `xsdata` binds one entry at a time to the schema's own classes (`pyiso20022`).

A statement is read entry by entry, so memory grows with its lines and not with its XML. Document types, entities and depth are refused.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it comes without types
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # it comes without types

from settlements.bank.readers import camt_fields, checks
from settlements.bank.readers.camt_schema import Schema
from settlements.bank.readers.statement import (
    BadLine,
    BankLine,
    RefusedStatement,
    Statement,
    StatementHeader,
    UnreadableField,
    UnreadableFile,
)

MAX_XML_BYTES: Final = 64_000_000
MAX_DEPTH: Final = 40
# A batch booking may list thousands of transactions; its first ones are enough to find it by.
MAX_DETAILS: Final = 20
_HEAD: Final = ("Id", "Acct", "Bal")


def read(data: bytes) -> Iterator[Statement | RefusedStatement]:
    """The statements of a file; one that the end of a cut file leaves open is refused. Raises UnreadableFile."""
    if len(data) > MAX_XML_BYTES:
        raise UnreadableFile(f"the file is larger than {MAX_XML_BYTES // 1_000_000} MB; ask the bank for shorter periods")
    reading = _Reading()
    try:
        for event, element in iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                reading.begin(element)
            elif (finished := reading.end(element)) is not None:
                yield finished
    except DefusedXmlException as refused:
        raise UnreadableFile("the file has a document type or entities of its own; statements have none") from refused
    except (ParseError, LookupError, ValueError) as failed:
        cut = reading.cut()
        if cut is None:
            raise UnreadableFile(f"the file is not well-formed XML{_position(failed)}") from failed
        yield cut
    if reading.is_empty:
        raise UnreadableFile("the file has no statement")


def _position(failed: Exception) -> str:
    line, column = getattr(failed, "position", (None, None))
    return "" if line is None else f" (line {line}, column {column})"


class _Reading:
    """Where the stream of elements is: the open elements, and the statement whose entries come in."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._schema: Schema | None = None
        self._statement: _OpenStatement | None = None
        self._places = 0

    @property
    def is_empty(self) -> bool:
        return self._places == 0

    def begin(self, element: Element) -> None:
        """An element opens. Raises UnreadableFile for another root and for what nests deeper than the schema."""
        if not self._open:
            self._schema = Schema(element.tag)
        self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            raise UnreadableFile(f"elements are nested deeper than {MAX_DEPTH}")
        if len(self._open) == 3 and _local(element) == "Stmt":
            self._places += 1
            self._statement = _OpenStatement(self._places)

    def end(self, element: Element) -> Statement | RefusedStatement | None:
        """An element closes: bind what is a whole, let go of what was read, and give a statement out at its end."""
        self._open.pop()
        depth, name = len(self._open), _local(element)
        if self._statement is None or self._schema is None:
            return None
        if depth == 3:
            if name in _HEAD:
                self._statement.head.append(element)
                return None
            if name == "Ntry":
                self._statement.add(self._schema, element)
            self._open[-1].remove(element)
        elif name == "TxDtls" and not self._statement.keeps_detail():
            self._open[-1].remove(element)
        elif depth == 2 and name == "Stmt":
            finished, self._statement = self._statement.closed(self._schema), None
            self._open[-1].remove(element)
            return finished
        return None

    def cut(self) -> RefusedStatement | None:
        """The statement that was open where the file ended."""
        if self._statement is None:
            return None
        return RefusedStatement(self._statement.place, "the file ends in this statement: it is cut, or it is not well-formed XML")


class _OpenStatement:
    """A statement whose entries come in."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.head: list[Element] = []
        self._header: StatementHeader | RefusedStatement | None = None
        self._lines: list[BankLine] = []
        self._bad: list[BadLine] = []
        self._entries = 0
        self._details = 0

    def keeps_detail(self) -> bool:
        """Whether another transaction of the entry that is open is kept."""
        self._details += 1
        return self._details <= MAX_DETAILS

    def add(self, schema: Schema, element: Element) -> None:
        """An entry, after the header, which the schema puts before it."""
        header = self._read_header(schema)
        self._entries += 1
        self._details = 0
        if isinstance(header, RefusedStatement):
            return
        try:
            line = camt_fields.line_of(self._entries, schema.bind(element, "ntry"), header.currency)
        except UnreadableField as failed:
            self._bad.append(BadLine(self._entries, str(failed)))
        else:
            self._lines += [] if line is None else [line]

    def closed(self, schema: Schema) -> Statement | RefusedStatement:
        """The whole statement, or why it is refused."""
        header = self._read_header(schema)
        return header if isinstance(header, RefusedStatement) else checks.proved(self.place, header, self._lines, self._bad)

    def _read_header(self, schema: Schema) -> StatementHeader | RefusedStatement:
        if self._header is None:
            try:
                self._header = _header(schema.bind, self.head)
            except UnreadableField as failed:
                self._header = RefusedStatement(self.place, f"account or balances cannot be read: {failed}")
        return self._header


def _header(bind: Callable[[Element, str], Any], head: list[Element]) -> StatementHeader:
    reference = next((element.text for element in head if _local(element) == "Id"), None)
    account = next((bind(element, "acct") for element in head if _local(element) == "Acct"), None)
    balances = [bind(element, "bal") for element in head if _local(element) == "Bal"]
    return camt_fields.header_of(reference, account, balances)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
