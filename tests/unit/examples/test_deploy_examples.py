"""The examples of deploying: each names only what the template has, and does what it says."""

import re
from pathlib import Path
from typing import Any

import hcl2
import pytest

from examples.deploy.images import image_template
from local import cloudformation
from local.review import quotas
from local.review.readings import Stack
from tests.support import template

EXAMPLES = template.ROOT / "examples" / "deploy"
WORKFLOW = template.ROOT / ".github" / "workflows" / "paycorex.yml"
FUNCTION = "AWS::Serverless::Function"


def images() -> dict[str, Any]:
    return image_template.with_images(template.template())


def test_every_function_is_an_image_with_its_own_handler() -> None:
    before = {name: one["Properties"] for name, one in template.resources(FUNCTION).items()}
    after = {name: one["Properties"] for name, one in images()["Resources"].items() if one["Type"] == FUNCTION}
    assert set(after) == set(before)
    for name, properties in after.items():
        assert properties["ImageConfig"] == {"Command": [before[name]["Handler"]]}, name
        assert {"Runtime", "Layers", "CodeUri", "Handler"} & set(properties) == set(), name
        kept = {part: value for part, value in properties.items() if part in before[name] and "Description" not in part}
        assert kept == {part: before[name][part] for part in kept}, name
    assert "SnapStart" not in str(images())


def test_the_template_of_images_is_translated_and_within_the_quotas() -> None:
    translated = cloudformation.translate(images())
    functions = [one["Properties"] for one in translated["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    assert {one["PackageType"] for one in functions} == {"Image"}
    assert {str(one["Code"]) for one in functions} == {str({"ImageUri": {"Ref": "ImageUri"}})}
    assert not [one for one in translated["Resources"].values() if one["Type"] == "AWS::Lambda::LayerVersion"]
    assert [reading.name for reading in quotas.measure(Stack(images(), translated)) if reading.too_much] == []


def test_the_image_has_every_layer_and_the_code_of_a_function() -> None:
    lines = re.findall(r"^COPY (.*)$", (EXAMPLES / "images" / "Dockerfile").read_text(), re.MULTILINE)
    copied = {source.rstrip("/") for line in lines for source in line.split()[:-1]}
    layers = set(template.resources("AWS::Serverless::LayerVersion"))
    assert copied - layers <= set(template.resources(FUNCTION))
    assert layers < copied


def terraform() -> dict[str, Any]:
    """All files of the example as one: blocks by kind."""
    whole: dict[str, Any] = {}
    for path in sorted((EXAMPLES / "terraform").glob("*.tf")):
        for kind, blocks in hcl2.loads(path.read_text()).items():
            whole.setdefault(kind, []).extend(blocks)
    return whole


def unquoted(name: str) -> str:
    return name.strip('"')


def names(kind: str) -> set[str]:
    return {unquoted(name) for block in terraform()[kind] for name in block if not name.startswith("__")}


def text() -> str:
    return "\n".join(path.read_text() for path in sorted((EXAMPLES / "terraform").glob("*.tf")))


def test_terraform_passes_parameters_that_the_template_has() -> None:
    (stack,) = [one for block in terraform()["resource"] for name, one in block.items() if unquoted(name) == "aws_cloudformation_stack"]
    (properties,) = stack.values()
    parameters = {unquoted(name) for name in properties["parameters"]}
    assert parameters <= set(template.template()["Parameters"])
    required = {name for name, one in template.template()["Parameters"].items() if "Default" not in one}
    assert required <= parameters
    assert "CAPABILITY_IAM" in str(properties["capabilities"])


def test_terraform_reads_outputs_that_the_template_has() -> None:
    read = set(re.findall(r'outputs\["(\w+)"\]', text()))
    assert read
    assert read <= set(template.template()["Outputs"])


def test_terraform_declares_every_variable_that_it_uses_and_no_other() -> None:
    assert set(re.findall(r"\bvar\.(\w+)", text())) == names("variable")


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = cloudformation.read(WORKFLOW.read_text())["jobs"]
    return found


def test_the_workflow_tests_builds_for_both_processors_and_deploys_what_passed() -> None:
    assert set(jobs()) == {"test", "build", "staging", "prod"}
    assert jobs()["build"]["strategy"]["matrix"]["architecture"] == template.template()["Parameters"]["Architecture"]["AllowedValues"]
    assert (jobs()["staging"]["needs"], jobs()["prod"]["needs"]) == (["test", "build"], ["staging"])
    for stage in ("staging", "prod"):
        assert (jobs()[stage]["environment"], jobs()[stage]["permissions"]["id-token"]) == (stage, "write")
        assert f"STAGE={stage}" in str(jobs()[stage]["steps"])
    assert {job for job in jobs() if "id-token" in jobs()[job]["permissions"]} == {"staging", "prod"}


def test_the_workflow_knows_no_key_and_runs_no_action_that_may_change() -> None:
    content = WORKFLOW.read_text()
    assert "secrets." not in content
    used = re.findall(r"uses: (\S+)", content)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one)] == []


def test_what_the_workflow_runs_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (template.ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([\w-]+)", WORKFLOW.read_text())) <= targets
    assert (template.ROOT / ".ci" / "run").is_file()


@pytest.mark.parametrize("claim", ["aud", "sub"])
def test_only_this_repositorys_environment_takes_the_role(claim: str) -> None:
    roles = cloudformation.read_file(Path(EXAMPLES / "github-actions" / "deploy-role.yaml"))["Resources"]
    (statement,) = roles["OrderRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    wanted = statement["Condition"]["StringEquals"][f"token.actions.githubusercontent.com:{claim}"]
    assert wanted in ("sts.amazonaws.com", {"Fn::Sub": "repo:${Repository}:environment:${Environment}"})
    (worker,) = roles["WorkRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert worker["Principal"] == {"Service": "cloudformation.amazonaws.com"}
