from __future__ import annotations

from dataclasses import fields, replace

import pytest

from modelsync.registry.journal import Journal
from modelsync.registry.records import DatasetVersion, ModelVersion, Record, RunRecord, StageRecord

YOUNGER = {"source", "form", "filename", "fingerprint", "author", "described"}  # fields that old facts do not have


def test_the_round_trip_through_the_journal_is_exact(journal: Journal, records: list[Record]) -> None:
    for record in records:
        event = journal.append("x", record.payload(), run="r1")
        own = {"started": event.at} if isinstance(record, RunRecord) else {"at": event.at}
        assert type(record).of(event) == replace(record, **own)  # type: ignore[type-var]
        [read] = journal.events(after=event.seq - 1)
        back = type(record).of(read)
        assert back == replace(record, **own)  # type: ignore[type-var]
        for field in fields(record):  # type: ignore[arg-type]
            if field.name not in own:
                assert type(getattr(back, field.name)) is type(getattr(record, field.name)), field.name


def test_the_facts_of_an_artifact_come_back_too(journal: Journal, model: ModelVersion) -> None:
    back = ModelVersion.of(journal.append("x", model.payload()))
    assert back.artifact.facts == model.artifact.facts
    assert back.artifacts["datasets.people"].facts == model.artifacts["datasets.people"].facts


def test_what_the_event_says_stands_in_no_payload(records: list[Record]) -> None:
    for record in records:
        assert not {"at", "run", "started", "finished", "outcome", "exit"} & set(record.payload())


def test_no_version_before_is_none(journal: Journal, stage: StageRecord) -> None:
    first = replace(stage, previous=None)
    assert StageRecord.of(journal.append("x", first.payload())).previous is None


def test_a_field_of_a_newer_modelsync_is_left_out(journal: Journal, stage: StageRecord) -> None:
    event = journal.append("x", {**stage.payload(), "mood": "fine"}, run="r1")
    assert StageRecord.of(event) == replace(stage, at=event.at)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "one"}, "its `version` cannot be read: `one` is not a version"),
        ({"version": None}, "its `version` cannot be read"),
        ({"artifact": {}}, "its `artifact` cannot be read"),
        ({"artifact": [1]}, "its `artifact` cannot be read"),
        ({"metrics": 5}, "its `metrics` is 5"),
        ({"rule": None}, "its `rule` is None"),
        ({"signature": []}, r"its `signature` is \[\]"),
    ],
)
def test_a_payload_that_does_not_fit_names_the_field(
    journal: Journal, model: ModelVersion, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        ModelVersion.of(journal.append("x", {**model.payload(), **change}))


def test_a_payload_that_lacks_a_field_names_it(journal: Journal, records: list[Record]) -> None:
    for record in records:
        payload = record.payload()
        for name in payload.keys() - YOUNGER:
            rest = {key: value for key, value in payload.items() if key != name}
            with pytest.raises(ValueError, match=f"it has no `{name}`"):
                type(record).of(journal.append("x", rest))


def test_a_dataset_version_of_before_is_read_with_defaults(journal: Journal, dataset: DatasetVersion) -> None:
    """The payload as the first release wrote it."""
    old = {name: value for name, value in dataset.payload().items() if name not in YOUNGER}
    assert set(old) == {
        *("dataset", "version", "digest", "size", "rows", "columns", "contract", "content_key", "table", "tags"),
        *("rule", "evidence", "git"),
    }
    back = DatasetVersion.of(journal.append("x", old, run="r1"))
    assert (back.source, back.form, back.filename, back.fingerprint, back.author, back.described) == (
        *("", "file", "", "", ""),
        {},
    )
    assert back.spelled == "people@1.2.3"
