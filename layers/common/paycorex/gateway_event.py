"""Path, headers and query of API Gateway's events (REST API), for the authorizer and the HTTP app; loads neither."""

from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]


def path_of(event: Event) -> str:
    """The path that the route describes: without the base path of a custom domain, which the gateway leaves in front of it.

    Neither base path nor stage is signed, so a client signs the same whatever address it reaches this API by.
    """
    path, resource = str(event.get("path", "")), str(event.get("resource") or "")
    if resource.endswith("+}"):
        # The gateway names what is left of the path.
        before, _, name = resource.removesuffix("+}").rpartition("{")
        return before + str((event.get("pathParameters") or {}).get(name, ""))
    given, declared = path.split("/")[1:], [part for part in resource.split("/")[1:] if part]
    own = given[len(given) - len(declared) :] if resource else given
    if not resource or len(given) <= len(declared) or not all(map(_fits, own, declared)):
        return path
    return "/" + "/".join(own)


def is_greedy(event: Event) -> bool:
    """True for what no other route takes: `/{proxy+}`. (Below `/admin/` all is one door's, whose own routes decide.)"""
    return str(event.get("resource") or "").startswith("/{") and str(event["resource"]).endswith("+}")


def _fits(part: str, declared: str) -> bool:
    return bool(part) and (declared.startswith("{") or part == declared)


def headers_of(event: Event) -> dict[str, tuple[str, ...]]:
    """All values of all headers, by lower-case name. Names that differ in case only are the same header, given twice."""
    found: dict[str, tuple[str, ...]] = {}
    many: Mapping[str, list[str]] = event.get("multiValueHeaders") or {}
    for name, values in many.items():
        found[name.lower()] = found.get(name.lower(), ()) + tuple(values)
    if not many:
        single: Mapping[str, str] = event.get("headers") or {}
        for name, value in single.items():
            found[name.lower()] = (*found.get(name.lower(), ()), value)
    return found


def query_of(event: Event) -> tuple[tuple[str, str], ...]:
    """All pairs of the query, decoded."""
    many: Mapping[str, list[str]] | None = event.get("multiValueQueryStringParameters")
    if many:
        return tuple((name, value) for name, values in many.items() for value in values)
    single: Mapping[str, str] = event.get("queryStringParameters") or {}
    return tuple(single.items())
