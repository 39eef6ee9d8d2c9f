"""What MkDocs asks of this site: pages that are made of the code's tables, the contract, and the page that tries its operations.

Links of the repository's own pages into its code are shown as text: the site has no code.
"""

import importlib.resources
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "common"), str(ROOT / "functions")]

from local.docs_site import llms, mermaid, pages  # noqa: E402 - MkDocs loads this file by its path

_TRY: Final = Path(__file__).with_name("try.html")
_SIGNING: Final = Path(__file__).with_name("try.js")
_ASSETS: Final = ("javascripts/swagger-ui-bundle.js", "stylesheets/swagger-ui.css")
# A link into the repository: out of docs/, or to a file that is no page.
_OUTSIDE: Final = re.compile(r"\[([^\]]+)\]\((\.\./[^)]*)\)")


# Of the build that is going on: each page with its chapter, and the Markdown that it is made of.
_order: Final[list[tuple[str, Page]]] = []
_texts: Final[dict[str, str]] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Diagrams are drawn by a script of this site's own, where it could be fetched; else their text is shown."""
    if mermaid.script() is not None:
        config.extra_javascript = ["assets/mermaid.min.js", *config.extra_javascript]
    else:
        config.mdx_configs.pop("pymdownx.superfences", None)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what is made."""
    for path, content in pages.generated().items():
        files.append(File.generated(config, path, content=content))
    assets = importlib.resources.files("mkdocs_swagger_ui_tag") / "swagger-ui"
    for name in _ASSETS:
        target = f"reference/{name.rpartition('/')[2]}"
        files.append(File.generated(config, target, content=(assets / name).read_bytes()))
    files.append(File.generated(config, "reference/try.html", content=_TRY.read_text(encoding="utf-8")))
    files.append(File.generated(config, "reference/try.js", content=_SIGNING.read_text(encoding="utf-8")))
    contract = json.loads(pages.CONTRACT.read_text(encoding="utf-8"))
    files.append(File.generated(config, "reference/openapi.json", content=json.dumps(contract, ensure_ascii=False)))
    script = mermaid.script()
    if script is not None:
        files.append(File.generated(config, "assets/mermaid.min.js", content=script.read_bytes()))
    return files


def on_nav(nav: Navigation, **_: Any) -> None:
    """Note the order of the pages."""
    _order[:] = [(page.parent.title if page.parent else page.title or "", page) for page in nav.pages]


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Links into the repository become text."""
    text = _OUTSIDE.sub(_as_text, markdown)
    _texts[page.file.src_uri] = text
    return text


def on_post_build(config: MkDocsConfig) -> None:
    """Beside the pages, the same for programs that read text."""
    shown = [llms.Page(chapter, page.file.url or "./", _texts[page.file.src_uri]) for chapter, page in _order]
    for name, content in llms.files(shown).items():
        (Path(config.site_dir) / name).write_text(content, encoding="utf-8")


def _as_text(link: re.Match[str]) -> str:
    target = link[2].partition("#")[0]
    return link[0] if target.endswith(".md") and "/functions/" not in target else link[1]
