"""What the console's forms offer is what the contract takes."""

from local import web_contract


def test_the_file_is_made_of_the_contract_as_it_is() -> None:
    assert web_contract.TARGET.read_text(encoding="utf-8") == web_contract.render(), "run `make openapi`"
