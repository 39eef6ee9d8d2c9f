"""What is answered where no route is: the methods that the path takes, and what was probably meant.

Only names of the contract are repeated, nothing of what came.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from paycorex.errors import MethodNotAllowed, NotFound, Refusal

# Methods by path, as the template has it: `/v1/payments/{payment_id}`.
Paths = Mapping[str, Sequence[str]]

# What is longer is no slip of a finger.
_MAX_PATH_CHARACTERS: Final = 200
# How alike two paths are at least, of 1.
_ALIKE: Final = 0.9
# What a path of a list is followed by where something is made.
_MAKES: Final = "create"


def by_path(routes: Iterable[tuple[str, str]]) -> Paths:
    """Methods by path of methods and paths."""
    found: dict[str, list[str]] = {}
    for method, path in routes:
        found.setdefault(path, []).append(method)
    return found


def refusal(paths: Paths, method: str, path: str) -> Refusal:
    """MethodNotAllowed for a path that is known by other methods, NotFound for others."""
    asked = path.rstrip("/") or "/"
    allow = _methods(paths, asked)
    if method in allow and asked == path:
        # What stands where the path has an id is none.
        return Refusal("No such route.", code=NotFound.code)
    if method in allow:
        without = f"{method} {_known(paths, asked)}"
        hint = f"No such route: the path has no / at its end. Did you mean {without}?"
        return Refusal(hint, code=NotFound.code, details={"did_you_mean": without})
    meant = _meant(paths, method, asked, any_method=not allow) if len(asked) <= _MAX_PATH_CHARACTERS else None
    hint, details = (f" Did you mean {meant}?", {"did_you_mean": meant}) if meant else ("", {})
    if allow:
        return MethodNotAllowed(allow, hint=hint, details=details)
    return Refusal(f"No such route.{hint}", code=NotFound.code, details=details)


def _methods(paths: Paths, asked: str) -> list[str]:
    known = _known(paths, asked)
    return sorted(paths[known]) if known else []


def _known(paths: Paths, asked: str) -> str | None:
    """The path that says most itself, as the gateway takes it."""
    fitting = [known for known in paths if _filled(known, asked) == asked]
    return min(fitting, key=lambda known: known.count("{")) if fitting else None


def _meant(paths: Paths, method: str, asked: str, *, any_method: bool) -> str | None:
    """The operation of another path that is most like the one asked for, one of the same method before others."""
    if method == "POST" and method in paths.get(f"{asked}/{_MAKES}", ()):
        return f"{method} {asked}/{_MAKES}"
    found = [(_likeness(known, asked), method in methods, known) for known, methods in paths.items() if any_method or method in methods]
    near = [each for each in found if each[0] >= _ALIKE and _filled(each[2], asked) != asked]
    if not near:
        return None
    _, is_same, known = max(near)
    return f"{method if is_same else paths[known][0]} {known}"


def _likeness(known: str, asked: str) -> float:
    matcher = difflib.SequenceMatcher(None, _filled(known, asked).lower(), asked.lower(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def _filled(known: str, asked: str) -> str:
    """A known path with its parameters as they were asked for, by their place."""
    parts, given = known.split("/"), asked.split("/")
    return "/".join(given[at] if part.startswith("{") and at < len(given) and given[at] else part for at, part in enumerate(parts))
