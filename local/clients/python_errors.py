"""`error_codes.py` of the Python client: a class for each code of the contract's table of errors."""

from typing import Final

from paycorex.errors import STATUS_BY_CODE

_HEAD: Final = '''"""An error class for each code of the contract. Generated from the contract."""

from collections.abc import Mapping
from typing import Final

from paycorex_client.errors import ApiError

'''


def error_class(code: str) -> str:
    """The class of a code."""
    return "".join(word.capitalize() for word in code.split("_"))


def errors() -> str:
    """The module."""
    parts = [_HEAD]
    for code, status in STATUS_BY_CODE.items():
        parts.append(f'\nclass {error_class(code)}(ApiError):\n    """`{code}`, HTTP {status}."""\n\n    code = "{code}"\n\n')
    parts.append("\nBY_CODE: Final[Mapping[str, type[ApiError]]] = {\n")
    parts += [f'    "{code}": {error_class(code)},\n' for code in STATUS_BY_CODE]
    return "".join([*parts, "}\n"])
