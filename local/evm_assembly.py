"""A tiny EVM assembler, and the contracts that test chains have in place of real tokens.

A program is a list: opcode names, integers (pushed with the shortest PUSH), `"@name"` (push a label's place) and `"name:"` (a jump target).
"""

from collections.abc import Sequence

_OPCODES = {
    "STOP": 0x00,
    "ADD": 0x01,
    "MUL": 0x02,
    "SUB": 0x03,
    "DIV": 0x04,
    "LT": 0x10,
    "EQ": 0x14,
    "SHR": 0x1C,
    "CALLER": 0x33,
    "CALLVALUE": 0x34,
    "CALLDATALOAD": 0x35,
    "MSTORE": 0x52,
    "SLOAD": 0x54,
    "SSTORE": 0x55,
    "JUMPI": 0x57,
    "GAS": 0x5A,
    "JUMPDEST": 0x5B,
    "DUP1": 0x80,
    "LOG3": 0xA3,
    "CALL": 0xF1,
    "RETURN": 0xF3,
    "REVERT": 0xFD,
}
TRANSFER_TOPIC = 0xDDF252AD1BE2C89B69C2B068FC378DAA952BA7F163C4A11628F55A4DF523B3EF
Program = Sequence[str | int]


def assemble(program: Program) -> str:
    """The code as 0x hex."""
    code = bytearray()
    places: dict[str, int] = {}
    references: list[tuple[int, str]] = []
    for word in program:
        if isinstance(word, int):
            raw = word.to_bytes(max(1, (word.bit_length() + 7) // 8))
            code += bytes([0x5F + len(raw)]) + raw
        elif word.endswith(":"):
            places[word[:-1]] = len(code)
            code.append(_OPCODES["JUMPDEST"])
        elif word.startswith("@"):
            references.append((len(code) + 1, word[1:]))
            code += b"\x61\x00\x00"
        else:
            code.append(_OPCODES[word])
    for at, name in references:
        code[at : at + 2] = places[name].to_bytes(2)
    return "0x" + code.hex()


# transfer(to, value), balanceOf(holder) and mint(to, value); a holder's balance is in the slot that its address names.
_TO: Program = (4, "CALLDATALOAD")
_VALUE: Program = (36, "CALLDATALOAD")


def token(*, moves: bool = True, fee_basis_points: int = 0, returns_bool: bool = True) -> str:
    """A token's code. moves=False writes the log and moves nothing; a fee vanishes on the way; USDT's transfer returns nothing."""
    take = [*_VALUE, "CALLER", "SLOAD", "LT", "@fail", "JUMPI", *_VALUE, "CALLER", "SLOAD", "SUB", "CALLER", "SSTORE"]
    fee = [10_000, fee_basis_points, *_VALUE, "MUL", "DIV"]
    give = [*fee, *_VALUE, "SUB", *_TO, "SLOAD", "ADD", *_TO, "SSTORE"]
    log = [*_VALUE, 0, "MSTORE", *_TO, "CALLER", TRANSFER_TOPIC, 32, 0, "LOG3"]
    end: list[str | int] = [1, 0, "MSTORE", 32, 0, "RETURN"] if returns_bool else ["STOP"]
    dispatch: list[str | int] = [0, "CALLDATALOAD", 224, "SHR"]
    for selector, label in ((0x70A08231, "@balance"), (0xA9059CBB, "@transfer"), (0x40C10F19, "@mint")):
        dispatch += ["DUP1", selector, "EQ", label, "JUMPI"]
    return assemble(
        [
            *dispatch,
            "fail:",
            0,
            0,
            "REVERT",
            "balance:",
            *_TO,
            "SLOAD",
            0,
            "MSTORE",
            32,
            0,
            "RETURN",
            "mint:",
            *_VALUE,
            *_TO,
            "SLOAD",
            "ADD",
            *_TO,
            "SSTORE",
            "STOP",
            "transfer:",
            *([*take, *give] if moves else []),
            *log,
            *end,
        ]
    )


# Sends the coins it gets on to the address in its data: a transfer inside, which neither the transaction nor a log shows.
FORWARDER = assemble([0, 0, 0, 0, "CALLVALUE", 0, "CALLDATALOAD", "GAS", "CALL", "STOP"])
REVERTER = assemble([0, 0, "REVERT"])
