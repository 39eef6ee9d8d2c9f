"""The table of units: each of its operations runs, and the document has the same rows."""

from bench import table, units
from local import artifacts
from tests.support.processors import layer_of

READS = {"wallet with balance", "one payment", "the same refusal under v2"}


def test_the_document_has_a_row_for_each_operation_and_all_but_reads_write(socket_enabled: None) -> None:
    """The processor of the library is a server on this machine."""
    layer_of(artifacts.machine_architecture())
    measured = units.measure()
    section = table.DOCUMENT.read_text(encoding="utf-8").partition("<!-- units -->")[2].partition("<!-- end of units -->")[0]
    shown = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    assert [row[0] for row in shown[2:]] == [row[0] for row in measured]
    assert {len(row) for row in [*shown, *measured]} == {len(units.HEADERS)}
    assert {row[0] for row in measured if row[1] == "0"} == READS
