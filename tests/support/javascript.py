"""The tokens of a JavaScript file, as far as its strings need them: comments go, strings, templates and regular expressions are whole."""

import re
from dataclasses import dataclass
from typing import Final

_SPACE: Final = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*|\d[\w.]*")
_REGEX: Final = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_MARK: Final = re.compile(r"===|!==|=>|\.\.\.|[<>=!]=|&&|\|\||\?\?|\?\.|.", re.DOTALL)
# A slash after one of these begins a regular expression; after anything else it divides.
_BEFORE_REGEX: Final = set("(,=:[!&|?{};<>+-*%") | {"return", "&&", "||", "??", "=>", "===", "!==", ""}
_ESCAPED: Final = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Token:
    """kind: name, string, template (without what is put in), regex or mark. What is put into a template follows it, in parentheses."""

    kind: str
    text: str
    line: int


def tokens(source: str) -> list[Token]:
    """The tokens of a file. Raises ValueError for a template without an end."""
    found: list[Token] = []
    _read(source, 0, 1, found, inside=False)
    return found


def _read(source: str, at: int, line: int, found: list[Token], *, inside: bool) -> tuple[int, int]:
    """Read to the end, or, inside a template, to the brace that closes what is put in."""
    depth = 0
    while at < len(source):
        if space := _SPACE.match(source, at):
            line += space[0].count("\n")
            at = space.end()
        elif source[at] == "`":
            at, line = _template(source, at + 1, line, found)
        else:
            if inside and source[at] == "}" and depth == 0:
                return at + 1, line
            depth += {"{": 1, "}": -1}.get(source[at], 0)
            token, at = _one(source, at, line, found[-1].text if found else "")
            found.append(token)
    return at, line


def _one(source: str, at: int, line: int, before: str) -> tuple[Token, int]:
    if match := _STRING.match(source, at):
        return Token("string", re.sub(r"\\(.)", lambda each: _ESCAPED.get(each[1], each[1]), match[0][1:-1]), line), match.end()
    if match := _NAME.match(source, at):
        return Token("name", match[0], line), match.end()
    if source[at] == "/" and before in _BEFORE_REGEX and (match := _REGEX.match(source, at)):
        return Token("regex", match[0], line), match.end()
    match = _MARK.match(source, at)
    assert match is not None
    return Token("mark", match[0], line), match.end()


def _template(source: str, at: int, line: int, found: list[Token]) -> tuple[int, int]:
    place, text, begun = len(found), "", line
    found.append(Token("template", "", begun))
    while at < len(source) and source[at] != "`":
        if source.startswith("${", at):
            found.append(Token("mark", "(", line))
            at, line = _read(source, at + 2, line, found, inside=True)
            found.append(Token("mark", ")", line))
            text += "{}"
        else:
            width = 2 if source[at] == "\\" else 1
            text += source[at : at + width]
            line += source[at] == "\n"
            at += width
    if at >= len(source):
        raise ValueError(f"line {begun}: a template without an end")
    found[place] = Token("template", text, begun)
    return at + 1, line


def arguments(found: list[Token], opening: int) -> list[list[Token]]:
    """What stands in a call's parentheses, by its commas. `opening` is the place of the opening one."""
    given: list[list[Token]] = [[]]
    depth = 0
    for token in found[opening + 1 :]:
        if token.kind == "mark" and token.text in {"(", "[", "{"}:
            depth += 1
        elif token.kind == "mark" and token.text in {")", "]", "}"}:
            if depth == 0:
                break
            depth -= 1
        if token.kind == "mark" and token.text == "," and depth == 0:
            given.append([])
        else:
            given[-1].append(token)
    return [each for each in given if each]
