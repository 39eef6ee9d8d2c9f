"""Write the contract: `python -m local.openapi`."""

from typing import Final

from local import openapi
from local.paths import ROOT
from paycorex import aws

_SERVICES: Final = ("dynamodb", "kms", "sqs")


def main() -> None:
    """Write the file."""
    # Doors make their AWS clients at import; writing a document needs neither a region nor credentials.
    for service in _SERVICES:
        aws.use(service, object())
    openapi.TARGET.write_text(openapi.render(), encoding="utf-8")
    openapi.OPERATORS_TARGET.write_text(openapi.render_operators(), encoding="utf-8")
    print(f"{openapi.TARGET.relative_to(ROOT)}: {len(openapi.generate()['paths'])} paths")


main()
