"""What the emulator finds out about an expression, kept: it reads the same expression again for each item and each request.

Only functions of the expression alone are kept, never of an item or of values.
"""

from functools import lru_cache
from typing import Any, Final

_KEPT: Final = 4096


def install(dynamodb: Any) -> None:
    """dynamodb: the emulator's module of that name."""
    tokenize = lru_cache(_KEPT)(_as_tuple(dynamodb._tokenize))
    parens, reserved = lru_cache(_KEPT)(dynamodb._check_redundant_parens), lru_cache(_KEPT)(dynamodb._check_reserved_keyword_usage)
    dynamodb._tokenize = lambda expression: list(tokenize(expression))
    dynamodb._check_redundant_parens = lambda tokens, slot="ConditionExpression": parens(tuple(tokens), slot)
    dynamodb._check_reserved_keyword_usage = lambda tokens: reserved(tuple(tokens))
    dynamodb._condition_syntax_error = lru_cache(_KEPT)(dynamodb._condition_syntax_error)


def _as_tuple(tokenize: Any) -> Any:
    return lambda expression: tuple(tokenize(expression))
