"""Settings from the environment's texts: what each type takes, and what is refused."""

from dataclasses import FrozenInstanceError

import pytest

from paycorex.settings import Settings


def test_texts_become_values_of_their_types() -> None:
    texts = {
        "stage": "staging",
        "table_prefix": "pcx-",
        "requests_per_second": "0",
        "webhook_backoff_unit_seconds": "0.5",
        "worker_metrics": "true",
        "watch_bsc": "False",
    }
    found = Settings.parse({**texts, "path": "/usr/bin"})
    assert (found.stage, found.table_prefix, found.requests_per_second) == ("staging", "pcx-", 0)
    assert (found.webhook_backoff_unit_seconds, found.worker_metrics, found.watch_bsc) == (0.5, True, False)


def test_without_texts_there_are_defaults() -> None:
    assert Settings.parse({}) == Settings()
    assert Settings().webhook_max_retries == 3
    assert not Settings().allow_sandbox_connector


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stage", "production"),
        ("stage", ""),
        ("worker_metrics", "maybe"),
        ("worker_metrics", ""),
        ("registrations_per_minute", "0"),
        ("registrations_per_minute", "1.5"),
        ("registrations_per_minute", "1_0"),
        ("registrations_per_minute", ""),
        ("registrations_per_minute", "\u0661"),
        ("requests_per_second", "-1"),
        ("webhook_max_retries", "13"),
        ("webhook_backoff_unit_seconds", "0"),
        ("webhook_backoff_unit_seconds", "nan"),
        ("webhook_backoff_unit_seconds", "inf"),
        ("webhook_backoff_unit_seconds", "1e3"),
    ],
)
def test_a_text_that_a_setting_cannot_be_is_refused_by_the_settings_name(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.parse({name: text})


def test_settings_do_not_change_but_a_copy_may_differ() -> None:
    found = Settings(table_prefix="a-")
    with pytest.raises(FrozenInstanceError):
        found.table_prefix = "b-"  # type: ignore[misc]  # this is what is tried
    assert found.model_copy(update={"table_prefix": "b-"}).table_prefix == "b-"
    assert found.table_prefix == "a-"
