"""The review of the template before a deployment: `python -m local.check_aws [--released FILE]`.

Prints a table of AWS's quotas, then what tools found. Ends with 1 when a quota is too full, when a tool found something that
`local/review/exceptions.toml` does not name, or when an exception there is not needed any more.
"""

import argparse
import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from local import cloudformation
from local.paths import BUILD, BUILT_TEMPLATE, ROOT
from local.review import linters, policies, quotas
from local.review.findings import Finding, judge, read_exceptions
from local.review.readings import Stack

TEMPLATE: Final = ROOT / "template.yaml"
WORKFLOW: Final = ROOT / ".github" / "workflows" / "paycorex.yml"
DEPLOY_ROLE: Final = ROOT / "examples" / "deploy" / "github-actions" / "deploy-role.yaml"
RELEASE: Final = ROOT / "tests" / "releases" / "released.tar.xz"


def main() -> None:
    """Review, print, and end with the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--released", type=Path, help="the template that stacks have now: what a release may not change at once is compared"
    )
    asked = parser.parse_args()
    source = cloudformation.read_file(TEMPLATE)
    stack = Stack(source, cloudformation.translate(source))
    released = cloudformation.read_file(asked.released) if asked.released else _last_release()
    readings = quotas.measure(stack, built=BUILD if BUILT_TEMPLATE.is_file() else None, released=released)
    print(quotas.table(readings))
    wrong = [f"quota: {reading.line()}" for reading in readings if reading.too_much]
    exceptions = read_exceptions()
    wrong += judge(_findings(stack), exceptions)
    print(f"\nsam, cfn-lint, checkov, policies, quotas: {len(wrong)} to mend; {len(exceptions)} exceptions with their reasons")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


def _last_release() -> dict[str, Any]:
    """The template of the release that is kept: an update goes from there to here, and may not change everything at once."""
    with tarfile.open(RELEASE) as archive:
        member = archive.extractfile("template.yaml")
        if member is None:
            raise SystemExit(f"{RELEASE} has no template.yaml")
        return cloudformation.read(member.read().decode())


def _findings(stack: Stack) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="review-") as folder:
        translated = Path(folder) / "translated.json"
        translated.write_text(json.dumps(stack.translated, indent=1), encoding="utf-8")
        yield from linters.sam(TEMPLATE)
        yield from linters.cfn_lint(TEMPLATE)
        yield from linters.cfn_lint(translated)
        yield from linters.cfn_lint(DEPLOY_ROLE)
        yield from linters.checkov(_with_all_that_is_optional(stack.translated, Path(folder) / "all.json"))
    yield from linters.workflow(WORKFLOW)
    yield from policies.findings(stack)


def _with_all_that_is_optional(template: Mapping[str, Any], path: Path) -> Path:
    """A file with every resource, whatever its condition: checkov leaves out what the defaults leave out."""
    resources = {
        name: {part: value for part, value in found.items() if part != "Condition"} for name, found in template["Resources"].items()
    }
    path.write_text(json.dumps({**template, "Resources": resources}), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
