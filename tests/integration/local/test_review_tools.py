"""The tools of the template's review, each on a template with one fault that it must see."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.deploy.images import image_template
from local import check_aws
from local.review import linters
from local.review.findings import Finding, judge
from tests.support import template, tools


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A template's file with these resources."""

    def write(resources: dict[str, Any], **more: Any) -> Path:
        path = tmp_path / "template.json"
        path.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more}))
        return path

    return write


def rules(found: Iterator[Finding]) -> set[tuple[str, str]]:
    return {(finding.rule, finding.resource) for finding in found}


def queue(**properties: Any) -> dict[str, Any]:
    properties |= {"MessageRetentionPeriod": 1209600}
    return {"Waiting": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", "Properties": properties}}


def test_cfn_lint_sees_a_property_that_does_not_exist(written: Callable[..., Path]) -> None:
    assert rules(linters.cfn_lint(written(queue(VisibilityTimeout=30)))) == set()
    assert ("E3002", "Waiting") in rules(linters.cfn_lint(written(queue(Visibility=30))))


def test_cfn_lint_holds_types_exactly_and_says_what_it_only_informs_about(written: Callable[..., Path]) -> None:
    assert ("E3012", "Waiting") in rules(linters.cfn_lint(written(queue(VisibilityTimeout="30"))))
    assert ("I3011", "Waiting") in rules(linters.cfn_lint(written({"Waiting": {"Type": "AWS::SQS::Queue"}})))


def test_sam_sees_an_event_that_it_does_not_know(written: Callable[..., Path]) -> None:
    function = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "s3://a/b", "Events": {"Tick": {"Type": "Clock", "Properties": {}}}}
    template = written({"Worker": {"Type": "AWS::Serverless::Function", "Properties": function}}, Transform="AWS::Serverless-2016-10-31")
    (finding,) = linters.sam(template)
    assert "Clock" in finding.text


def test_checkov_sees_a_table_without_backups(written: Callable[..., Path]) -> None:
    if not linters.CHECKOV.is_file():
        tools.missing("no checkov: make check-aws installs it")
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}}
    log = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}}
    assert ("CKV_AWS_28", "Books") in rules(linters.checkov(written({"Books": table, "Lines": log})))


WORKFLOW = """
on: pull_request_target
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.pull_request.title }}
"""


def test_a_workflow_with_faults_is_seen(tmp_path: Path) -> None:
    if not (linters.REVIEW_TOOLS / "zizmor").is_file():
        tools.missing("no zizmor: make check-aws installs it")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(WORKFLOW)
    found = {finding.rule for finding in linters.workflow(folder / "bad.yml")}
    assert {"template-injection", "dangerous-triggers", "unpinned-uses"} <= found
    (folder / "bad.yml").write_text(WORKFLOW.replace("runs-on", "runs_on"))
    assert "invalid" in {finding.rule for finding in linters.workflow(folder / "bad.yml")}


def test_the_template_of_images_and_the_deploying_roles_are_clean(tmp_path: Path) -> None:
    path = tmp_path / "images.json"
    path.write_text(json.dumps(image_template.with_images(template.template())))
    found = {*linters.cfn_lint(path), *linters.cfn_lint(check_aws.DEPLOY_ROLE)}
    assert judge([one for one in found if one.rule[0] in "EW"], []) == []


def test_a_tool_that_read_nothing_is_no_clean_bill(written: Callable[..., Path]) -> None:
    if not linters.CHECKOV.is_file():
        tools.missing("no checkov: make check-aws installs it")
    with pytest.raises(linters.ToolFailed):
        list(linters.checkov(written({})))
