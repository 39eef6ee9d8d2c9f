"""Upload code and layers, and write templates that other tools deploy: `python -m local.package BUCKET`.

`.aws-sam/packaged.yaml` leaves SAM's transform to CloudFormation; `.aws-sam/packaged.json` is translated here, for tools that read it.
"""

import json
import subprocess
import sys
from typing import Final

from local import cloudformation
from local.paths import BUILD, BUILT_TEMPLATE, ROOT, tool

PACKAGED: Final = BUILD.parent / "packaged.yaml"
TRANSLATED: Final = BUILD.parent / "packaged.json"


def main() -> None:
    """Upload to the bucket, write both files. Ends with sam's status when it fails."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m local.package BUCKET (a bucket of yours, in the stack's region)")
    command = [
        tool("sam"),
        "package",
        "--template-file",
        str(BUILT_TEMPLATE),
        "--s3-bucket",
        sys.argv[1],
        "--output-template-file",
        str(PACKAGED),
    ]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    translated = cloudformation.translate(cloudformation.read_file(PACKAGED))
    TRANSLATED.write_text(json.dumps(translated, indent=1) + "\n", encoding="utf-8")
    print(f"{PACKAGED.relative_to(ROOT)} and {TRANSLATED.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
