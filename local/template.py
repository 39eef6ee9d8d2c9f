"""Write template.yaml from its sources, one file for each room in `template/`: `python -m local.template`."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from local import template_dashboard
from local.paths import ROOT
from local.template_queries import QUERIES
from local.template_routes import Routes
from paycorex.evm.networks import NETWORKS

SOURCES: Final = ROOT / "template"
TARGET: Final = ROOT / "template.yaml"
# What every room uses comes first, then the rooms in the order in which money passes them.
SHARED: Final = {
    "common": "What all rooms share",
    "api": "The API",
    "edge": "Domain, firewall and pages at the edge",
    "ledger": "The ledger",
    "monitoring": "What operators see",
    "releases": "Releases of the doors",
    "recovery": "The loss of a region",
}
ROOMS: Final = (
    *("authorizer", "merchants", "people", "payments", "settlements", "wallet", "tokens", "webhooks", "crypto_monitor", "dashboard"),
    *("statements", "operations"),
)
_LINE_WIDTH: Final = 140


def render() -> str:
    """The whole template as it is stored."""
    environment = _environment()
    titles = SHARED | {room: f"Room: {room}" for room in ROOMS}
    # The rooms first: the API is made of their routes, and all tables are exported.
    written = {name: environment.get_template(f"{name}.yaml.j2").render() for name in ("head", *ROOMS, *SHARED, "outputs")}
    parts = [f"{_heading(title, name)}\n\n{written[name]}" for name, title in titles.items()]
    return "\n".join([written["head"], "Resources:", *parts, written["outputs"]])


def _heading(title: str, name: str) -> str:
    text = f"  # {title} (template/{name}.yaml.j2) "
    return text.ljust(_LINE_WIDTH, "-")


def _environment() -> Environment:
    """Jinja with the patterns of `patterns.yaml.j2` as functions; a name that nothing defines is an error."""
    environment = Environment(
        loader=FileSystemLoader(SOURCES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the result is YAML of our own sources: nothing in it is HTML
    )
    environment.filters |= {
        "quoted": _quoted,
        "prefixed": _prefixed,
        "filter_pattern": _filter_pattern,
        "key_schema": _key_schema,
        "attributes": _attributes,
        "block": _block,
    }
    routes = Routes()
    environment.filters["routes"] = routes.add
    environment.globals["routes_by_path"] = routes.by_path
    tables: dict[str, str] = {}
    environment.globals["tables"] = tables
    environment.globals["queries"] = QUERIES
    environment.globals["dashboard_body"] = template_dashboard.body()
    environment.globals["networks"] = {name: name.capitalize() for name in NETWORKS}
    patterns: Template = environment.get_template("patterns.yaml.j2")
    environment.globals |= {name: _stripped(macro) for name, macro in vars(patterns.module).items() if callable(macro)}
    environment.globals["table"] = _remembered(_stripped(vars(patterns.module)["table"]), tables)
    return environment


def _remembered(table: Callable[..., str], tables: dict[str, str]) -> Callable[..., str]:
    """The pattern of a table, which the rooms behind it find in `tables`, noun by logical id."""

    def remember(logical_id: str, noun: str, *args: Any, **kwargs: Any) -> str:
        tables[logical_id] = noun
        return table(logical_id, noun, *args, **kwargs)

    return remember


def _stripped(pattern: Callable[..., str]) -> Callable[..., str]:
    """The pattern without blanks around it: its first line is indented where it is used."""
    return lambda *args, **kwargs: str(pattern(*args, **kwargs)).strip()


def _quoted(text: Any) -> str:
    """A YAML string in double quotes."""
    return json.dumps(str(text), ensure_ascii=False)


def _block(text: str, indent: int) -> str:
    """Lines of a literal YAML block, but for the indentation of the first."""
    return text.replace("\n", "\n" + " " * indent)


def _prefixed(text: str, prefix: str) -> str:
    return prefix + text


def _filter_pattern(terms: list[str], operator: str) -> str:
    """A pattern of CloudWatch Logs for JSON lines, as a YAML string: `{ a }`, `{ (a) || (b) }`."""
    joined = terms[0] if len(terms) == 1 else f" {operator} ".join(f"({term})" for term in terms)
    return f"'{{ {joined} }}'"


def _split(key: str) -> list[tuple[str, str]]:
    """Name and DynamoDB type of each attribute of a key: "account seq:N" is [("account", "S"), ("seq", "N")]."""
    pairs = (part.partition(":") for part in key.split())
    return [(name, kind or "S") for name, _, kind in pairs]


def _key_schema(key: str) -> Iterator[tuple[str, str]]:
    """Name and role of each attribute of a key."""
    return zip((name for name, _kind in _split(key)), ("HASH", "RANGE"), strict=False)


def _attributes(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Every attribute that is part of a key, once, in the order of first use."""
    return list(dict.fromkeys(pair for key in keys for pair in _split(key)))


def main() -> None:
    """Write the file."""
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(ROOMS)} rooms")


if __name__ == "__main__":
    main()
