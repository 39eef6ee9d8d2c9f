"""How the pages' modules hang together: what each imports and exports, and which names it uses without having them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.javascript import Token, tokens

_DECLARES: Final = frozenset({"const", "let", "var", "function", "class"})
_CONTROL: Final = frozenset({"if", "for", "while", "switch", "return", "await", "typeof"})
_KEYWORDS: Final = frozenset(
    {
        *(
            *_DECLARES,
            *_CONTROL,
            "async",
            "as",
            "break",
            "case",
            "catch",
            "continue",
            "default",
            "delete",
            "do",
            "else",
            "export",
            "extends",
        ),
        *("false", "finally", "from", "import", "in", "instanceof", "meta", "new", "null", "of", "super", "this", "throw", "true", "try"),
        *("undefined", "void", "yield"),
    }
)
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Import:
    """Of one file from another. names: what it is called there, by what it is called here; `default`, and `*` for the whole.
    is_later: fetched when it is needed first."""

    target: str
    names: dict[str, str]
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A script that is a module."""

    name: str
    imports: tuple[Import, ...]
    exports: frozenset[str]
    used: frozenset[str]
    bound: frozenset[str]

    def own(self) -> frozenset[str]:
        """The names that its imports give it."""
        return frozenset(name for each in self.imports for name in each.names)


def read(path: Path) -> Module:
    """Raises ValueError for a file that is not read."""
    found = tokens(path.read_text(encoding="utf-8"))
    rest, imports = _without_imports(found)
    return Module(path.name, tuple(imports), frozenset(_exports(found)), frozenset(_used(rest)), frozenset(_bound(rest)))


def needed(modules: dict[str, Module], first: str, *, later: bool = False) -> set[str]:
    """Files that a module needs before it runs, itself too. later: those also that it fetches when they are needed."""
    found, open_ = set[str](), [first]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += [each.target for each in modules[name].imports if later or not each.is_later]
    return found


def _without_imports(found: list[Token]) -> tuple[list[Token], list[Import]]:
    rest, imports, at = list[Token](), list[Import](), 0
    while at < len(found):
        token = found[at]
        is_import = token.text == "import" and token.kind == "name" and (at == 0 or found[at - 1].text != ".")
        if is_import and found[at + 1].text == "(" and found[at + 2].kind == "string":
            imports.append(Import(_file(found[at + 2].text), {}, is_later=True))
            at += 4
        elif is_import and found[at + 1].text not in {".", "("}:
            end = next(place for place in range(at + 1, len(found)) if found[place].kind == "string")
            imports.append(Import(_file(found[end].text), _imported(found[at + 1 : end])))
            at = end + 1
        else:
            rest.append(token)
            at += 1
    return rest, imports


def _file(target: str) -> str:
    return target.removeprefix("./")


def _imported(clause: list[Token]) -> dict[str, str]:
    """What stands between `import` and the file's name."""
    names: dict[str, str] = {}
    words = [token.text for token in clause if token.text != "from"]
    in_braces = False
    for at, word in enumerate(words):
        in_braces = {"{": True, "}": False}.get(word, in_braces)
        if word in {"{", "}", ",", "as"} or (at + 1 < len(words) and words[at + 1] == "as"):
            continue
        if at > 1 and words[at - 1] == "as":
            names[word] = words[at - 2]
        else:
            names[word] = word if in_braces else "default"
    return names


def _exports(found: list[Token]) -> Iterator[str]:
    for at, token in enumerate(found):
        if token.text != "export" or token.kind != "name":
            continue
        after = [each.text for each in found[at + 1 : at + 4]]
        if after[0] == "{":
            group = found[at + 2 : _closing(found, at + 1)]
            yield from (each.text for place, each in enumerate(group) if each.kind == "name" and _is_last(group, place))
        elif after[0] == "default":
            yield "default"
        else:
            yield from _declared(found, at + 1)


def _is_last(group: list[Token], place: int) -> bool:
    """The outer one of `inner as outer`."""
    return place + 1 == len(group) or group[place + 1].text == ","


def _declared(found: list[Token], at: int) -> Iterator[str]:
    """The names of a declaration: `async function name`, `const one = 1, other = 2;`."""
    while found[at].text in {"async", "*"} or found[at].text in _DECLARES:
        at += 1
    yield found[at].text
    depth, is_one = 0, found[at - 1].text in {"function", "*", "class"}
    while not is_one and at < len(found) and not (depth == 0 and found[at].text == ";"):
        depth += (found[at].text in _PAIRS) - (found[at].text in _PAIRS.values()) if found[at].kind == "mark" else 0
        if depth == 0 and found[at].text == "," and found[at + 2].text == "=":
            yield found[at + 1].text
        at += 1


def _closing(found: list[Token], opening: int) -> int:
    """The place of the mark that closes what is opened there; the end where nothing does."""
    depth = 0
    for at in range(opening, len(found)):
        if found[at].kind == "mark":
            depth += (found[at].text in _PAIRS) - (found[at].text in _PAIRS.values())
        if depth == 0:
            return at
    return len(found)


def _used(found: list[Token]) -> Iterator[str]:
    """Names that stand for a value: no properties after a dot, no keys before a colon."""
    for at, token in enumerate(found):
        before, after = (found[place].text if 0 <= place < len(found) else "" for place in (at - 1, at + 1))
        is_key = after == ":" and before in {"{", ","}
        if (
            token.kind == "name"
            and not token.text[0].isdigit()
            and token.text not in _KEYWORDS
            and before not in {".", "?."}
            and not is_key
        ):
            yield token.text


def _bound(found: list[Token]) -> Iterator[str]:
    """Names that the file itself gives to something: declared ones and parameters. A default's names count too: few too many are taken."""
    for at, token in enumerate(found):
        before, after = (found[place].text if 0 <= place < len(found) else "" for place in (at - 1, at + 1))
        is_method = after == "(" and before in {"{", "}"} and _follows(found, _closing(found, at + 1)) == "{"
        if token.kind == "name" and (before in {*_DECLARES, "*"} or after == "=>" or (before == "," and after in {"=", ";"}) or is_method):
            yield token.text
        elif token.kind == "mark" and token.text in _PAIRS:
            closing = _closing(found, at)
            is_pattern = token.text != "(" and (before in _DECLARES or _follows(found, closing) == "=")
            if is_pattern or (token.text == "(" and _are_parameters(before, _follows(found, closing))):
                yield from _names(found[at:closing])


def _are_parameters(before: str, after: str) -> bool:
    return after == "=>" or (after == "{" and before not in _CONTROL)


def _follows(found: list[Token], at: int) -> str:
    return found[at + 1].text if at + 1 < len(found) else ""


def _names(group: Iterable[Token]) -> Iterator[str]:
    return (each.text for each in group if each.kind == "name")
