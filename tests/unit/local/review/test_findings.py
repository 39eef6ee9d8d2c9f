"""What tools find, and the exceptions that are written down."""

from pathlib import Path

import pytest

from local.review.findings import Allowance, Finding, judge, read_exceptions

FINDING = Finding("checkov", "CKV_1", "PaymentsFunction", "is not in a VPC")


def test_a_finding_without_an_exception_is_wrong() -> None:
    assert judge([FINDING], []) == ["checkov CKV_1 PaymentsFunction: is not in a VPC"]


def test_an_exception_covers_its_tool_rule_and_resources_only() -> None:
    assert judge([FINDING], [Allowance("checkov", "CKV_1", "*Function", "why")]) == []
    for other in (
        Allowance("cfn-lint", "CKV_1", "*", "why"),
        Allowance("checkov", "CKV_2", "*", "why"),
        Allowance("checkov", "CKV_1", "*Table", "why"),
    ):
        assert len(judge([FINDING], [other])) == 2, other


def test_an_exception_that_is_not_needed_any_more_is_wrong() -> None:
    assert judge([], [Allowance("checkov", "CKV_1", "*", "why")]) == ["exception without a finding, remove it: checkov CKV_1 *"]


def test_every_exception_has_a_reason() -> None:
    exceptions = read_exceptions()
    assert exceptions
    for one in exceptions:
        assert len(one.reason) > 40, one


def test_an_exception_without_a_reason_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.toml"
    path.write_text('[[exception]]\ntool = "checkov"\nrule = "CKV_1"\nresource = "*"\n')
    with pytest.raises(KeyError):
        read_exceptions(path)
