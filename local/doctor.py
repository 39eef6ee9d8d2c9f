"""`make doctor`: the doctor examines the stack of STAGE, by default the platform that runs on this machine."""

import os

from local import examine, to_aws


def main() -> None:
    """Ends with the doctor's exit status: 0 when nothing is wrong."""
    stage = os.environ.get("STAGE") or "local"
    if stage == "local":
        raise SystemExit(examine.examine_platform())
    name, region, _parameters = to_aws.configured(stage)
    raise SystemExit(examine.examine_stack(name, region))


if __name__ == "__main__":
    main()
