"""From a file's format to its reader. A format's library is loaded when a file of it comes; only the importer has them (layer `bank`)."""

from collections.abc import Iterator
from typing import Final, Literal, get_args

from paycorex.loading import later
from settlements.bank.readers.csv_columns import CsvColumns
from settlements.bank.readers.statement import RefusedStatement, Statement, UnreadableFile

with later():
    from settlements.bank.readers import bai2_reader, camt_reader, csv_reader, mt940_reader, ofx_reader

BankFormat = Literal["camt053", "mt940", "bai2", "ofx", "csv"]
BANK_FORMATS: Final[tuple[str, ...]] = get_args(BankFormat)


def read(form: BankFormat, data: bytes, columns: CsvColumns | None = None) -> Iterator[Statement | RefusedStatement]:
    """The statements of a bank's file. Raises UnreadableFile, before or between statements; what was given out before it stands."""
    match form:
        case "camt053":
            return camt_reader.read(data)
        case "mt940":
            return mt940_reader.read(data)
        case "bai2":
            return bai2_reader.read(data)
        case "ofx":
            return ofx_reader.read(data)
        case "csv":
            if columns is None:
                raise UnreadableFile("a CSV needs a mapping of its columns")
            return csv_reader.read(data, columns)
