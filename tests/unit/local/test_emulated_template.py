"""What the emulator's template lacks, and that it lacks nothing else."""

from local import deploy
from tests.support import template


def test_only_codedeploys_part_is_left_out() -> None:
    whole = template.template()
    made = deploy.without_releases(whole)
    assert whole["Resources"].keys() - made["Resources"].keys() == {"ReleaseRole", "ReleaseCheckFunction"}
    changed = [name for name, resource in made["Resources"].items() if resource != whole["Resources"][name]]
    assert changed
    for name in changed:
        before, after = whole["Resources"][name]["Properties"], made["Resources"][name]["Properties"]
        assert before == {**after, "DeploymentPreference": before["DeploymentPreference"]}
    assert "DeploymentPreference" in whole["Resources"]["PaymentsFunction"]["Properties"]
