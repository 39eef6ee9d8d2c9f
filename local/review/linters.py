"""Tools of others that read the template and the workflow: sam, cfn-lint, checkov, zizmor. Each gives its findings in one form."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from local.cloudformation import REGION
from local.paths import LOCAL, ROOT, tool
from local.review.findings import Finding

REVIEW_TOOLS: Final = LOCAL / "review" / "bin"
CHECKOV: Final = REVIEW_TOOLS / "checkov"
# All of cfn-lint: what it only informs about, experimental rules, and types of values exactly as they are documented.
_CFN_LINT: Final = (
    "--include-checks",
    "E",
    "W",
    "I",
    "--include-experimental",
    "--configure-rule",
    "E3012:strict=true",
    "--format",
    "json",
)
_NO_FINDINGS: Final = (0,)
_FINDINGS: Final = (0, 2, 4, 6, 8, 10, 12, 14)


class ToolFailed(RuntimeError):
    """A tool ended with an error of its own, so nothing is known of the template. The message ends with its output."""


def sam(template: Path) -> Iterator[Finding]:
    """`sam validate --lint`: as it is run before a deployment."""
    done = _run([tool("sam"), "validate", "--lint", "--region", REGION, "--template-file", str(template)], ok=(0, 1))
    if done.returncode:
        yield Finding("sam", "validate", "", " ".join((done.stdout + done.stderr).split()))


def cfn_lint(template: Path) -> Iterator[Finding]:
    """Every rule of cfn-lint, on the template as written or as translated."""
    done = _run([tool("cfn-lint"), "--template", str(template), "--regions", REGION, *_CFN_LINT], ok=_FINDINGS)
    for found in json.loads(done.stdout or "[]"):
        path = found["Location"]["Path"] or []
        resource = str(path[1]) if len(path) > 1 and path[0] == "Resources" else "/".join(map(str, path))
        yield Finding("cfn-lint", found["Rule"]["Id"], resource, found["Message"])


def checkov(template: Path) -> Iterator[Finding]:
    """checkov's rules for CloudFormation, on the translated template. Its lists are those of the package: it asks no server."""
    command = [str(CHECKOV), "--file", str(template), "--framework", "cloudformation", "--output", "json", "--quiet", "--skip-download"]
    report = json.loads(_run(command, ok=(0, 1)).stdout)
    # Without anything to read the report is a summary alone.
    summary = report.get("summary", report)
    if summary["passed"] == 0 or summary["parsing_errors"]:
        raise ToolFailed(f"checkov read nothing: {summary}")
    for found in report["results"]["failed_checks"]:
        yield Finding("checkov", found["check_id"], found["resource"].partition(".")[2], found["check_name"])


def workflow(path: Path) -> Iterator[Finding]:
    """A workflow of GitHub Actions: GitHub's schema, and zizmor's rules (rights, injected texts, actions that may move)."""
    valid = _run(
        [str(REVIEW_TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", "-o", "json", str(path)], ok=(0, 1)
    )
    report = json.loads(valid.stdout)
    if wrong := [*report.get("errors", []), *report.get("parse_errors", [])]:
        # zizmor reads none that is not valid.
        yield from (Finding("github-schema", "invalid", path.name, str(one)[:300]) for one in wrong)
        return
    # Its status tells the gravest finding.
    audited = _run([str(REVIEW_TOOLS / "zizmor"), "--offline", "--format", "json", str(path)], ok=(0, 11, 12, 13, 14))
    for found in json.loads(audited.stdout):
        yield Finding("zizmor", found["ident"], path.name, found["desc"])


def _run(command: list[str], *, ok: tuple[int, ...] = _NO_FINDINGS) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in ok:
        raise ToolFailed(f"{Path(command[0]).name} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    return done
