"""The contracts of test chains: Solidity sources and their runtime bytecode, both in local/contracts.

`python -m local.chain_contracts` compiles the sources with the pinned compiler (npm) and writes bytecode.json; a test holds the two
together. Only the bytecode is needed to run a test chain.
"""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent / "contracts"
BYTECODE: Final = FOLDER / "bytecode.json"
INSTALL_SECONDS: Final = 180
COMPILE_SECONDS: Final = 120
# Paris, as the test chains run. No metadata: the same source gives the same code wherever it lies.
_SETTINGS: Final = {
    "evmVersion": "paris",
    "optimizer": {"enabled": True, "runs": 200},
    "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["evm.deployedBytecode.object"]}},
}


class NoCompiler(Exception):
    """The Solidity compiler is not here and cannot be fetched; the message says why."""


@cache
def runtime_code(contract: str) -> str:
    """The runtime bytecode of a contract by its Solidity name, as 0x hex: what `anvil_setCode` takes. Raises KeyError."""
    codes: dict[str, str] = json.loads(BYTECODE.read_text(encoding="utf-8"))
    return codes[contract]


def compiled() -> dict[str, str]:
    """What the sources compile to, by contract. Installs the pinned compiler into a temporary folder. Raises NoCompiler."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoCompiler("npm is not installed")
    with tempfile.TemporaryDirectory(prefix="solc-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(FOLDER / name, folder)
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, INSTALL_SECONDS)
        answer = _run(["node", "node_modules/solc/solc.js", "--standard-json"], folder, COMPILE_SECONDS, json.dumps(_standard_input()))
    # The compiler may print warnings of its own before the document.
    return _codes(json.loads(answer[answer.index("{") :]))


def _standard_input() -> dict[str, Any]:
    sources = {path.name: {"content": path.read_text(encoding="utf-8")} for path in sorted(FOLDER.glob("*.sol"))}
    return {"language": "Solidity", "sources": sources, "settings": _SETTINGS}


def _codes(output: dict[str, Any]) -> dict[str, str]:
    errors = [error["formattedMessage"] for error in output.get("errors", ()) if error["severity"] == "error"]
    if errors:
        raise NoCompiler("\n".join(errors))
    found = {
        name: contract["evm"]["deployedBytecode"]["object"] for file in output["contracts"].values() for name, contract in file.items()
    }
    return {name: f"0x{code}" for name, code in sorted(found.items()) if code}


def _run(command: list[str], folder: str, timeout_seconds: int, given: str | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, timeout=timeout_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoCompiler(f"{command[0]} did not end in {timeout_seconds} seconds") from error
    if done.returncode != 0:
        raise NoCompiler(f"{command[0]} failed: {done.stderr.strip()[-200:]}")
    return done.stdout


if __name__ == "__main__":
    BYTECODE.write_text(json.dumps(compiled(), indent=1) + "\n", encoding="utf-8")
