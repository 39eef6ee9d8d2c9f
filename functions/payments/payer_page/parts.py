"""The pieces that payers' pages are made of: the files beside this one, and what a rendered page is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final

from payments.payer_page import languages

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and the headers that bound what it may do."""

    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """One provider's card fields. note: what payers read, its name as `{provider}`. script: ours, that drives its own.

    addresses: of its own scripts, with `{publishable_key}`, `{currency}`, `{intent}` where they want them. sources: which hosts they need,
    by directive of the Content Security Policy, as the provider documents them.
    gives_name: what its script makes of the card is a name only. environment: what its script calls the one that it is for, where it asks.
    styles: addresses of its style sheets. integrity: by address, the digest
    of what has to be there (https://www.w3.org/TR/SRI/). resumes: what its page adds to the address to which it sends the payer back, and
    its script wants to go on by.
    """

    name: str
    note: str
    script: str
    addresses: tuple[str, ...]
    sources: Mapping[str, tuple[str, ...]]
    gives_name: bool = False
    environment: str = ""
    styles: tuple[str, ...] = ()
    integrity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    resumes: str | None = None


@cache
def part(name: str, language: str = languages.ENGLISH, folder: Path = _HERE) -> Template:
    """A file beside this one, or of another folder, with its texts in a language."""
    return Template(languages.translated((folder / name).read_text(encoding="utf-8"), language))
