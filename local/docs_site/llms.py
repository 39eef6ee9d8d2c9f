"""`llms.txt` and `llms-full.txt`: the site's pages for programs that read text (https://llmstxt.org), made of the pages themselves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_INTRODUCTION: Final = (
    "# PayCoreX\n\n> Payment orchestration with a double-entry ledger. Merchants send signed requests (HMAC-SHA256, scheme v2);\n"
    "> amounts are decimal strings in major units; every mutation takes an Idempotency-Key; every error has a stable code and a doc_url.\n"
)
_FRONT: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
# The contract is read by programs as it is.
_CONTRACT: Final = "- [Contract (OpenAPI 3.1)](reference/openapi.json): every operation, field, error and webhook, with examples"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: chapter of the navigation, address below the site, and its Markdown."""

    chapter: str
    address: str
    markdown: str

    @property
    def title(self) -> str:
        """Its first heading. Raises ValueError for a page without one."""
        found = _TITLE.search(self.markdown)
        if found is None:
            raise ValueError(f"{self.address} has no heading")
        return found[1]

    @property
    def first_sentence(self) -> str:
        """What it is about: the first paragraph's first sentence."""
        rest = _FRONT.sub("", self.markdown).partition("\n# ")[2] or self.markdown.partition("\n")[2]
        paragraphs = [" ".join(part.split()) for part in rest.partition("\n")[2].split("\n\n")]
        text = next((part for part in paragraphs if part and part[0] not in "#|`-=<!>"), "")
        return re.split(r"(?<=[.:]) ", text)[0]


def files(pages: Sequence[Page]) -> Mapping[str, str]:
    """Both files by name: an index of the pages by chapter, and all of their texts."""
    index, chapter = [_INTRODUCTION], ""
    for page in pages:
        if page.chapter != chapter:
            chapter = page.chapter
            index.append(f"\n## {chapter}\n")
        index.append(f"- [{page.title}]({page.address}): {page.first_sentence}".removesuffix(": "))
        if chapter == "Reference" and _CONTRACT not in index:
            index.append(_CONTRACT)
    whole = "\n\n".join(f"<!-- {page.address} -->\n{_FRONT.sub('', page.markdown).strip()}" for page in pages)
    return {"llms.txt": "\n".join(index) + "\n", "llms-full.txt": f"{_INTRODUCTION}\n{whole}\n"}
