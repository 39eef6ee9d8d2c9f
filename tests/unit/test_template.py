"""template.yaml, read without AWS: what must hold of every table, key, queue, function and alarm."""

import importlib
import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from crypto_monitor.scanner import balance_audit, confirmation, scan
from crypto_monitor.scanner.tick import Report
from local import template as generator
from paycorex.events import KINDS
from paycorex.evm.networks import NETWORKS
from paycorex.ledger import commands as ledger_commands
from paycorex.ledger.proof import checkpoints, sealing_work, verification_runs
from paycorex.set_aside.guard import SET_ASIDE
from paycorex.settings import Settings
from tests.support import template
from tests.support.world import World

FUNCTION = "AWS::Serverless::Function"
STREAM_AND_QUEUE_SOURCES = frozenset({"DynamoDB", "SQS"})
SECRET_WORDS = re.compile(r"secret|password|token|private|credential", re.IGNORECASE)


def sources() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Function, kind and properties of every stream and queue that calls a function."""
    for name, function in template.properties(FUNCTION).items():
        for event in function.get("Events", {}).values():
            if event["Type"] in STREAM_AND_QUEUE_SOURCES:
                yield name, event["Type"], event["Properties"]


def environment(function: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = function.get("Environment", {}).get("Variables", {})
    shared: dict[str, Any] = template.template()["Globals"]["Function"]["Environment"]["Variables"]
    return {**shared, **own}


def timeout_seconds(function: dict[str, Any]) -> int:
    seconds: int = function.get("Timeout", template.template()["Globals"]["Function"]["Timeout"])
    return seconds


def test_the_template_is_what_its_sources_say() -> None:
    assert (template.ROOT / "template.yaml").read_text(encoding="utf-8") == generator.render(), "run: make template"


@pytest.mark.parametrize("noun", sorted(template.tables()))
def test_every_table_is_recoverable_encrypted_and_kept(noun: str) -> None:
    table = template.tables()[noun]
    logical_id = next(name for name, found in template.properties("AWS::DynamoDB::Table").items() if found is table)
    declared = template.template()["Resources"][logical_id]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["HasProtectedTables", True, False]}
    nothing = {"Ref": "AWS::NoValue"}
    assert table["SSESpecification"] == {
        "SSEEnabled": {"Fn::If": ["HasTableKey", True, False]},
        "SSEType": {"Fn::If": ["HasTableKey", "KMS", nothing]},
        "KMSMasterKeyId": {"Fn::If": ["HasTableKey", {"Fn::GetAtt": ["TableKey", "Arn"]}, nothing]},
    }
    assert template.template()["Parameters"]["TableKeys"]["Default"] == "stack"
    assert (declared["DeletionPolicy"], declared["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_every_key_attribute_is_defined_and_nothing_else() -> None:
    for noun, table in template.tables().items():
        schemas = [table["KeySchema"], *(index["KeySchema"] for index in table.get("GlobalSecondaryIndexes", []))]
        used = {element["AttributeName"] for schema in schemas for element in schema}
        assert {definition["AttributeName"] for definition in table["AttributeDefinitions"]} == used, noun


def test_the_ledger_forgets_nothing() -> None:
    assert "TimeToLiveSpecification" not in template.tables()["ledgers"]
    assert template.tables()["ledgers"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_keys_are_kept_and_rotate_where_aws_can_rotate_them() -> None:
    for name, declared in template.resources("AWS::KMS::Key").items():
        key = declared["Properties"]
        assert (declared["DeletionPolicy"], declared["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain"), name
        if "KeySpec" not in key:
            assert key["EnableKeyRotation"] is True, name


def test_every_stream_and_queue_reports_single_failures() -> None:
    for name, _kind, source in sources():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_every_stream_gives_up_on_a_bad_record_without_losing_it() -> None:
    streams = [(name, source) for name, kind, source in sources() if kind == "DynamoDB"]
    assert streams
    for name, source in streams:
        assert source["BisectBatchOnFunctionError"] is True, name
        # By age and not by tries: an outage is waited for. A stream keeps records for a day: three quarters are left to recover one.
        assert (source["MaximumRetryAttempts"], source["MaximumRecordAgeInSeconds"]) == (-1, 6 * 3600), name
        assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["LostRecordsQueue", "Arn"]}, name


def test_the_stream_of_every_table_with_events_reaches_the_dispatcher() -> None:
    read = [
        source["Stream"]["Fn::GetAtt"][0] for name, kind, source in sources() if (name, kind) == ("WebhookDispatcherFunction", "DynamoDB")
    ]
    assert all(template.tables()[noun]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"} for noun in KINDS)
    assert sorted(read) == sorted(f"{''.join(part.capitalize() for part in noun.split('_'))}Table" for noun in KINDS)


def test_every_queue_that_is_worked_on_has_a_next_one() -> None:
    worked_on = {source["Queue"]["Fn::GetAtt"][0] for _name, kind, source in sources() if kind == "SQS"}
    for name, queue in template.properties("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True, name
        assert ("RedrivePolicy" in queue) is (name in worked_on), name


def test_a_queue_hides_a_message_for_six_times_what_its_function_may_run() -> None:
    queues = template.properties("AWS::SQS::Queue")
    for name, kind, source in sources():
        if kind == "SQS":
            queue = queues[source["Queue"]["Fn::GetAtt"][0]]
            assert queue["VisibilityTimeout"] >= 6 * timeout_seconds(template.properties(FUNCTION)[name]), name


@pytest.mark.parametrize("queue", ["WebhookQueue", "WebhookSlowQueue"])
def test_a_delivery_queue_outlasts_every_retry_of_the_sender(queue: str) -> None:
    allowed = next(field for field in fields(Settings) if field.name == "webhook_max_retries")
    most = allowed.metadata["high"]
    # Receives that were throttled count too.
    assert template.properties("AWS::SQS::Queue")[queue]["RedrivePolicy"]["maxReceiveCount"] > 2 * (most + 1)


def test_every_schedule_forgets_late_ticks_and_has_a_place_for_lost_ones() -> None:
    for name, function in template.properties(FUNCTION).items():
        schedules = [event["Properties"] for event in function.get("Events", {}).values() if event["Type"].startswith("Schedule")]
        if schedules:
            assert function["EventInvokeConfig"]["MaximumEventAgeInSeconds"] == 60, name
            assert function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Type"] == "SQS", name
        for schedule in schedules:
            assert "DeadLetterConfig" in schedule, name
            assert schedule["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60, name


def test_layers_beside_the_common_one_go_where_they_are_used() -> None:
    """web3 to the scanners, the processors' library to what calls processors, what reads bank statements to the importer."""
    callers = {"PaymentsFunction", "PaymentsJanitorFunction"}
    own = dict.fromkeys(callers, "ProcessorsLayer") | {"SettlementsImporterFunction": "BankLayer", "PeopleFunction": "PasskeysLayer"}
    for name, function in template.properties(FUNCTION).items():
        expected = {"EvmLayer"} if name.startswith("CryptoScanner") else {own[name]} if name in own else set()
        assert {layer["Ref"] for layer in function.get("Layers", [])} == expected, name


def test_functions_answer_before_the_gateway_gives_up() -> None:
    """CodeDeploy waits for the release check, which waits for a seal, for an hour; nothing waits for the importer, whose files are long,
    nor for who hands lost records to other functions.
    """
    longer = {"ReleaseCheckFunction": 300, "SettlementsImporterFunction": 300, "LostRecordsFunction": 150}
    for name, function in template.properties(FUNCTION).items():
        assert timeout_seconds(function) <= longer.get(name, 25), name


def test_every_declared_handler_exists() -> None:
    for name, function in template.properties(FUNCTION).items():
        module, _, attribute = function["Handler"].rpartition(".")
        assert importlib.util.find_spec(module) is not None, name
        assert attribute == "handler", name


def test_every_function_is_built_the_same_way_from_the_same_place() -> None:
    shared = template.template()["Globals"]["Function"]
    assert shared["CodeUri"] == "functions/"
    assert shared["Runtime"] == "python3.13"
    for name, declared in template.resources(FUNCTION).items():
        assert declared["Metadata"] == {"BuildMethod": "makefile"}, name
        assert not {"CodeUri", "Runtime"} & set(declared["Properties"]), name


def test_the_environment_is_what_settings_read_and_holds_no_secret() -> None:
    for name, function in template.properties(FUNCTION).items():
        for variable in environment(function):
            assert (
                variable.startswith(("POWERTOOLS_", "AWS_ENDPOINT_URL", "PYDANTIC_DISABLE_PLUGINS")) or variable.lower() in Settings.names()
            ), f"{name}: {variable}"
            assert not SECRET_WORDS.search(variable), f"{name}: {variable}"


def literals(node: Any) -> Iterator[object]:
    """What stands in a value as it is, in conditions too; names of conditions and resources are text anyway."""
    if isinstance(node, dict) and "Fn::Select" in node:
        # The place in a list is a number.
        yield from literals(node["Fn::Select"][1:])
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from literals(part)
    else:
        yield node


def test_the_environment_is_text() -> None:
    """Lambda's variables are text. A number is made text by AWS, but the emulator's function does not start with one."""
    for name, function in template.properties(FUNCTION).items():
        assert [one for one in literals(environment(function)) if not isinstance(one, str)] == [], name


def test_no_parameter_that_must_not_be_shown_reaches_an_environment() -> None:
    """An environment is shown to everyone who may list functions. What is secret is in Parameter Store (`paycorex.parameters`)."""
    hidden = {name for name, found in template.template()["Parameters"].items() if found.get("NoEcho")}
    for name, function in template.properties(FUNCTION).items():
        used = set(re.findall(r"'Ref': '(\w+)'|\$\{(\w+)\}", str(environment(function))))
        assert not hidden & {one for pair in used for one in pair}, name
    assert not any(re.search("rpc.?urls?", name, re.IGNORECASE) for name in template.template()["Parameters"])


def test_only_functions_that_read_nodes_may_read_their_addresses() -> None:
    """A scanner may read its own network's only, and a function that may read has been given the place."""
    for name, function in template.properties(FUNCTION).items():
        readable = re.findall(r"parameter/paycorex/\$\{AWS::StackName\}/([^']+)'", str(function.get("Policies", [])))
        assert bool(readable) is ("PARAMETER_PREFIX" in environment(function)), name
        network = next((network for network in NETWORKS if name == f"CryptoScanner{network.capitalize()}Function"), "*")
        own = ["check-merchant"] if name == "ReleaseCheckFunction" else [f"rpc-urls/{network}"]
        assert readable in ([], own), name


def test_where_aws_is_can_be_changed_by_sam_local_only() -> None:
    shared = template.template()["Globals"]["Function"]["Environment"]["Variables"]
    assert shared["AWS_ENDPOINT_URL"] == {"Ref": "AWS::NoValue"}


def test_loopback_webhooks_are_for_the_local_stage_only() -> None:
    given = [environment(function).get("ALLOW_LOOPBACK_WEBHOOKS") for function in template.properties(FUNCTION).values()]
    assert {json.dumps(value) for value in given if value is not None} <= {json.dumps({"Fn::If": ["IsLocal", "true", "false"]})}
    assert template.template()["Conditions"]["IsLocal"] == {"Fn::Equals": [{"Ref": "Stage"}, "local"]}


def test_logs_are_kept_for_a_stated_time() -> None:
    groups = template.properties("AWS::Logs::LogGroup")
    assert template.template()["Globals"]["Function"]["LoggingConfig"] == {
        "LogGroup": {"Ref": "FunctionLogs"},
        "LogFormat": "JSON",
        "SystemLogLevel": "WARN",
        "ApplicationLogLevel": {"Fn::FindInMap": ["LogLevels", {"Ref": "LogLevel"}, "Lambda"]},
    }
    source = template.template()
    assert set(source["Mappings"]["LogLevels"]) == set(source["Parameters"]["LogLevel"]["AllowedValues"])
    for name, group in groups.items():
        assert group["RetentionInDays"], name


def test_access_logs_leave_out_keys_headers_and_queries() -> None:
    written = template.properties("AWS::Serverless::Api")["Api"]["AccessLogSetting"]["Format"]
    assert not re.search(r"apiKey|header|querystring|body", written, re.IGNORECASE)
    assert all(isinstance(value, str) for value in json.loads(written).values())


def watched() -> set[tuple[str, str]]:
    """Metric and resource of every alarm."""
    alarms = template.properties("AWS::CloudWatch::Alarm").values()
    single = [alarm for alarm in alarms if "MetricName" in alarm]
    return {(alarm["MetricName"], re.sub(r"\W", "", str(alarm.get("Dimensions", [{"Value": ""}])[0]["Value"]))) for alarm in single}


@pytest.mark.parametrize(
    ("metric", "resource"),
    [
        ("5XXError", "RefAWSStackName"),
        ("Errors", "RefAuthorizerFunction"),
        ("LedgerTampered", ""),
        ("ApproximateNumberOfMessagesVisible", "FnGetAttLostRecordsQueueQueueName"),
        ("ApproximateNumberOfMessagesVisible", "FnGetAttWebhookDeadLetterQueueQueueName"),
        ("ApproximateAgeOfOldestMessage", "FnGetAttWebhookDeadLetterQueueQueueName"),
        ("ApproximateAgeOfOldestMessage", "FnGetAttWebhookExhaustedQueueQueueName"),
        ("Errors", "RefWebhookSweeperFunction"),
        ("Errors", "RefCryptoScannerEthereumFunction"),
        ("Errors", "RefCryptoScannerPolygonFunction"),
        ("Errors", "RefCryptoScannerBscFunction"),
        ("TokenIntegrity", ""),
        ("ChainMoney", ""),
        ("SetAside", ""),
        ("Errors", "RefCheckpointFunction"),
        ("UnsealedAge", ""),
        ("LedgerBroken", ""),
    ],
)
def test_an_alarm_watches(metric: str, resource: str) -> None:
    assert (metric, resource) in watched()


def test_an_alarm_rings_when_nothing_seals_any_more() -> None:
    """Without ticks there is no metric: missing data is as bad as an old checkpoint. The words of the filters are the code's."""
    assert template.properties("AWS::CloudWatch::Alarm")["UnsealedAgeAlarm"]["TreatMissingData"] == "breaching"
    filters = {name: found["FilterPattern"] for name, found in template.properties("AWS::Logs::MetricFilter").items()}
    with World().running():
        tick = importlib.import_module("operations.checkpoint_door").TICK
    assert f'"{tick}"' in filters["UnsealedAgeMetric"]
    assert all(
        f'"{said}"' in filters["LedgerBrokenMetric"] for said in (checkpoints.BROKEN, verification_runs.FOUND, sealing_work.UNREADABLE_NOTE)
    )


def test_the_seals_window_never_makes_an_alarm_or_a_verification_ring() -> None:
    """The alarm counts from the window's end; a verification speaks of what is unsealed for an hour."""
    (transformation,) = template.properties("AWS::Logs::MetricFilter")["UnsealedAgeMetric"]["MetricTransformations"]
    assert transformation["MetricValue"].removeprefix("$.") == "overdue_ms"
    assert "overdue_ms" in checkpoints.Tick.__dataclass_fields__
    parameters = template.template()["Parameters"]
    overdue_ms = template.properties("AWS::CloudWatch::Alarm")["UnsealedAgeAlarm"]["Threshold"]
    most_ms = (parameters["SealWindowSeconds"]["MaxValue"] + 2 * parameters["RollupWindowSeconds"]["MaxValue"]) * 1_000 + overdue_ms
    assert most_ms < ledger_commands.UNSEALED_MS
    variables = template.properties(FUNCTION)["CheckpointFunction"]["Environment"]["Variables"]
    assert variables["SEAL_WINDOW_SECONDS"] == {"Fn::If": ["IsLocal", "0", {"Ref": "SealWindowSeconds"}]}


def test_ticks_that_an_alarm_reads_are_logged_at_every_level() -> None:
    """Without them there is no data, and an alarm on missing data rings for a setting."""
    level = {"Fn::FindInMap": ["LogLevels", {"Ref": "LogLevel"}, "Ticks"]}
    for name in ("CheckpointFunction", *(f"CryptoScanner{network}Function" for network in ("Ethereum", "Polygon", "Bsc"))):
        function = template.translated()["Resources"][name]["Properties"]
        assert function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == level, name
        assert function["LoggingConfig"]["ApplicationLogLevel"] == level, name
        assert function["LoggingConfig"]["SystemLogLevel"] == "WARN", name
    levels = template.template()["Mappings"]["LogLevels"]
    assert set(levels) == set(template.template()["Parameters"]["LogLevel"]["AllowedValues"])
    assert {found["Ticks"] for found in levels.values()} == {"DEBUG", "INFO"}


def test_sampled_requests_are_traced_by_a_rule_of_the_stacks_own() -> None:
    """The gateway decides by the rule; a function in PassThrough follows it, and what no request causes is not traced."""
    found = template.template()
    assert found["Conditions"]["HasSampling"] == {"Fn::Equals": [{"Ref": "Tracing"}, "Sampled"]}
    assert found["Conditions"]["HasTracing"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "Tracing"}, "PassThrough"]}]}
    assert found["Globals"]["Function"]["Tracing"] == {"Fn::If": ["HasFullTracing", "Active", "PassThrough"]}
    assert found["Resources"]["RequestSampling"]["Condition"] == "HasSampling"
    rule = found["Resources"]["RequestSampling"]["Properties"]["SamplingRule"]
    assert (rule["ReservoirSize"], rule["FixedRate"], rule["ServiceType"]) == (0, {"Ref": "TracingRate"}, "AWS::ApiGateway::Stage")
    assert "${Api}" in rule["ResourceARN"]["Fn::Sub"], "another stack's requests are not this rule's"


def test_an_alarm_rings_when_a_chain_takes_credited_money_back_and_for_coins_that_nothing_explains() -> None:
    """The words of the filter are the code's. The scanner counts failed ticks itself, so its alarm adds no waiting."""
    said = template.properties("AWS::Logs::MetricFilter")["ChainMoneyMetric"]["FilterPattern"]
    assert all(f'"{words}"' in said for words in (confirmation.TAKEN_BACK, balance_audit.UNEXPLAINED, scan.DIFFERENT))
    alarms = template.properties("AWS::CloudWatch::Alarm")
    assert {alarms[f"CryptoScanner{name}Alarm"]["EvaluationPeriods"] for name in ("Ethereum", "Polygon", "Bsc")} == {1}


def test_an_alarm_rings_when_a_loop_sets_something_aside() -> None:
    """The words of the filter are the code's."""
    assert f'"{SET_ASIDE}"' in template.properties("AWS::Logs::MetricFilter")["SetAsideMetric"]["FilterPattern"]


def test_an_alarm_rings_for_a_chain_that_is_scanned_without_progress() -> None:
    """The metric is a field of the tick's own log line; where a network is watched, no ticks are as bad as ticks that get nowhere."""
    found = template.properties("AWS::Logs::MetricFilter")["ChainLagMetric"]
    assert '$.message = "tick"' in found["FilterPattern"]
    (transformation,) = found["MetricTransformations"]
    assert {"lag_seconds", "network"} <= set(Report.__dataclass_fields__)
    assert (transformation["MetricValue"], transformation["Dimensions"]) == ("$.lag_seconds", [{"Key": "network", "Value": "$.network"}])
    alarms = template.properties("AWS::CloudWatch::Alarm")
    lags = [alarms[f"ChainLag{name}Alarm"] for name in ("Ethereum", "Polygon", "Bsc")]
    assert {alarm["TreatMissingData"] for alarm in lags} == {"breaching"}
    assert [alarm["Dimensions"][0]["Value"] for alarm in lags] == list(NETWORKS)


def test_an_alarm_watches_the_age_of_every_stream() -> None:
    readers = {name for name, kind, _source in sources() if kind == "DynamoDB"}
    assert readers == {resource.removeprefix("Ref") for metric, resource in watched() if metric == "IteratorAge"}


def test_records_are_gathered_where_nothing_waits_for_them_and_never_as_long_as_the_alarms() -> None:
    waiting: dict[str, list[object]] = {}
    for name, function in template.properties(FUNCTION).items():
        for event in function.get("Events", {}).values():
            window = event["Properties"].get("MaximumBatchingWindowInSeconds")
            if window is not None:
                waiting.setdefault(name, []).append(window)
    assert waiting == {
        "RollupFunction": [{"Fn::If": ["IsLocal", 0, {"Ref": "RollupWindowSeconds"}]}] * 2,
        "LedgerWatchFunction": [{"Fn::If": ["IsLocal", 0, 60]}],
    }
    most = template.template()["Parameters"]["RollupWindowSeconds"]["MaxValue"]
    alarms = template.properties("AWS::CloudWatch::Alarm")
    assert 2 * most * 1_000 <= alarms["RollupLagAlarm"]["Threshold"] < alarms["UnsealedAgeAlarm"]["Threshold"]


def test_a_function_whose_lag_has_an_alarm_gets_records_all_the_time() -> None:
    """A filter that drops everything while all is well leaves the alarm without data: IteratorAge is a metric of invocations."""
    for name, kind, source in sources():
        if kind == "DynamoDB":
            filters = [json.loads(one["Pattern"]) for one in source.get("FilterCriteria", {}).get("Filters", [])]
            assert not filters or any("INSERT" in one.get("eventName", []) for one in filters), name
