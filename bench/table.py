"""Tables in Markdown, and the sections of docs/performance.md that benchmarks write."""

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def markdown(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_section(name: str, content: str, document: Path = DOCUMENT) -> None:
    """Put content between the markers of a section, or at the end when the document has no such section."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{content.strip()}\n{end}"
    text = document.read_text(encoding="utf-8") if document.exists() else "# What things cost\n"
    head, found, rest = text.partition(begin)
    if not found:
        document.write_text(f"{text.rstrip()}\n\n{block}\n", encoding="utf-8")
        return
    _, _, tail = rest.partition(end)
    document.write_text(head + block + tail, encoding="utf-8")
