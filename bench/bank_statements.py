"""Reading a bank's file: how many lines a second in each format, and the memory of the largest file, in a fresh process each."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable

from bench import table
from settlements.bank.readers.camt_reader import MAX_XML_BYTES
from settlements.bank.readers.csv_columns import CsvColumns
from settlements.bank.readers.reader import BANK_FORMATS, read
from settlements.bank.readers.statement import Statement
from settlements.bank.readers.text import MAX_TEXT_BYTES
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

# Of the largest file that is read: what is measured is given as it would be for all of it.
SHARE = 16
SAMPLE_LINES = 1000
HEADERS = ("format", "lines of the largest file", "lines a second of processor time", "memory, MB")
COLUMNS = CsvColumns("ACC-1", "EUR", "Date", "%Y-%m-%d", amount="Amount", references=("Reference",))


def written(form: str, count: int) -> bytes:
    """A statement of so many lines."""
    movements = [Movement(100 + number, f"UTR{number:010}", f"payout po_{number:010}") for number in range(count)]
    makers: dict[str, Callable[[], bytes]] = {
        "mt940": lambda: files.mt940(movements, 0),
        "ofx": lambda: files.ofx(movements),
        "csv": lambda: "\n".join(
            ["Date,Amount,Reference", *(f"2026-11-27,{each.amount / 100},{each.reference}" for each in movements)]
        ).encode(),
    }
    return makers.get(form, lambda: files.mock_bank(movements, 0, form))()


def measure(form: str) -> tuple[int, float, float]:
    """Lines of the largest file, lines a second, and megabytes: of a part of it, the memory of reading scaled to all of it."""
    largest = MAX_XML_BYTES if form == "camt053" else MAX_TEXT_BYTES
    per_line = len(written(form, SAMPLE_LINES)) / SAMPLE_LINES
    content = written(form, int(largest / per_line / SHARE))
    list(read(form, written(form, 1), COLUMNS))  # type: ignore[arg-type]  # one of the formats
    # What the writers used is not the reader's.
    before = _resident()
    began = time.process_time()
    (statement,) = read(form, content, COLUMNS)  # type: ignore[arg-type]  # the same
    seconds = time.process_time() - began
    assert isinstance(statement, Statement)
    grown = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before, 0.0)
    return len(statement.lines) * SHARE, len(statement.lines) / seconds, before + grown * SHARE


def _resident() -> float:
    """Megabytes at the most until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """All formats, each in a process of its own; or the one that is named."""
    if len(sys.argv) > 1:
        count, per_second, megabytes = measure(sys.argv[1])
        sys.stdout.write(f"{count} {per_second:.0f} {megabytes:.0f}\n")
        return
    rows = []
    for form in BANK_FORMATS:
        done = subprocess.run([sys.executable, "-m", "bench.bank_statements", form], check=True, capture_output=True, text=True)
        lines, rate, memory = done.stdout.split()
        rows.append((form, f"{int(lines):,}", f"{int(rate):,}", memory))
    shown = table.markdown(HEADERS, rows)
    sys.stdout.write(f"{shown}\n")
    note = (
        "Files of independent programs; a file is a sixteenth of the largest, and its memory is scaled to that. The importer has 512 MB.\n"
        "A line costs one write unit and one in each index that it stands in; one that is matched, a journal more."
    )
    table.write_section("bank statements", f"## Bank statements\n\n`python -m bench.bank_statements`\n\n{shown}\n\n{note}")


if __name__ == "__main__":
    main()
