"""The test chains' contracts: the committed bytecode is what the committed sources compile to."""

import json

import pytest

from local import chain_contracts
from tests.support import tools


def test_the_bytecode_is_what_the_sources_compile_to() -> None:
    try:
        compiled = chain_contracts.compiled()
    except chain_contracts.NoCompiler as reason:
        tools.missing(f"no Solidity compiler: {reason}")
    assert json.loads(chain_contracts.BYTECODE.read_text(encoding="utf-8")) == compiled


def test_a_contract_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        chain_contracts.runtime_code("Nothing")
