from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from modelsync.core.version import Version
from modelsync.registry import facts
from modelsync.registry.journal import Journal
from modelsync.registry.records import (
    DatasetNote,
    DatasetVersion,
    Deployment,
    GatePage,
    GateRecord,
    ModelVersion,
    ProfileRecord,
    RunRecord,
    StageRecord,
    StepFailure,
    StepRecord,
)
from modelsync.registry.state import State, fold


def test_no_journal_is_an_empty_state_and_creates_nothing(journal: Journal) -> None:
    state = State.load(journal)
    assert (state.seq, state.runs, state.models, state.problems) == (0, [], {}, [])
    assert state.run("r1") is None
    assert state.model("credit") is None
    assert state.dataset("people") is None
    assert vars(State.empty()) == vars(state)
    assert not journal.path.parent.exists()


def test_a_run_begins_and_ends(journal: Journal, run: RunRecord) -> None:
    begun = facts.run_started(journal, run)
    facts.run_started(journal, replace(run, id="r2"))
    assert State.load(journal).run("r1") == replace(run, started=begun.at)
    ended = facts.run_finished(journal, "r1", "held", 5)
    state = State.load(journal)
    assert [one.number for one in state.runs] == [1, 2]
    assert state.run("r1") == replace(run, started=begun.at, finished=ended.at, outcome="held", exit=5)
    assert state.runs[1].finished is None


def test_the_latest_step_of_a_key_and_of_a_step_counts(
    journal: Journal, step: StepRecord, failure: StepFailure
) -> None:
    facts.step_finished(journal, step)
    facts.step_finished(journal, replace(step, key="key-2"))
    last = facts.step_finished(journal, replace(step, seconds=9.0))
    failed = facts.step_failed(journal, failure)
    state = State.load(journal)
    assert set(state.steps) == {"key-1", "key-2"}
    assert state.steps["key-1"] == state.last_step["train.fit"] == replace(step, seconds=9.0, at=last.at)
    assert state.step_failures == [replace(failure, at=failed.at)]


def test_verdicts_by_key_by_gate_and_in_order(journal: Journal, gate: GateRecord) -> None:
    facts.gate_judged(journal, gate)
    facts.gate_judged(journal, replace(gate, key="gate-2"))
    state = State.load(journal)
    assert set(state.gates) == {"gate-1", "gate-2"}
    assert state.last_gate["quality"].key == "gate-2"
    assert [record.key for record in state.gate_history] == ["gate-1", "gate-2"]


def test_versions_in_the_order_of_registration(journal: Journal, model: ModelVersion, dataset: DatasetVersion) -> None:
    for number in (0, 1):
        facts.model_registered(journal, replace(model, version=Version(0, number, 0)))
        facts.dataset_versioned(journal, replace(dataset, version=Version(1, number, 0)))
    state = State.load(journal)
    assert [str(one.version) for one in state.models["credit"]] == ["0.0.0", "0.1.0"]
    latest, first, none = state.model("credit"), state.model("credit", Version(0, 0, 0)), Version(9, 0, 0)
    assert latest is state.models["credit"][1]
    assert first is state.models["credit"][0]
    assert state.model("credit", none) is None
    assert state.dataset("people") is state.datasets["people"][1]
    assert state.dataset("people", Version(1, 0, 0)) is state.datasets["people"][0]


def test_a_stage_holds_what_came_last(journal: Journal, stage: StageRecord) -> None:
    facts.stage_promoted(journal, stage)
    facts.stage_promoted(journal, replace(stage, version=Version(0, 1, 0), previous=Version(0, 2, 0)))
    state = State.load(journal)
    assert state.stages["credit", "staging"].version == Version(0, 1, 0)
    assert len(state.stage_history) == 2


def test_a_deployment_rolls_serves_fails_and_goes(journal: Journal, deployment: Deployment) -> None:
    new = replace(deployment, version=Version(0, 2, 0))

    def seen() -> tuple[str, str | None]:
        state = State.load(journal)
        live = state.live.get("live")
        return state.deployments["live"].status, None if live is None else str(live.version)

    facts.deploy_started(journal, deployment)
    assert seen() == ("rolling", None)
    facts.deploy_finished(journal, deployment)
    assert seen() == ("live", "0.1.0")
    facts.deploy_started(journal, new)
    assert seen() == ("rolling", "0.1.0")
    facts.deploy_failed(journal, new)
    assert seen() == ("failed", "0.1.0")
    facts.deploy_finished(journal, new)
    assert seen() == ("live", "0.2.0")
    facts.deploy_undeployed(journal, new)
    assert seen() == ("undeployed", None)
    facts.deploy_undeployed(journal, new)
    assert len(State.load(journal).deployment_history) == 7


def test_the_mirror_never_goes_back(journal: Journal) -> None:
    facts.mirror_synced(journal, 7, {"a": "1"})
    facts.mirror_synced(journal, 3, {"b": "2"})
    state = State.load(journal)
    assert (state.mirror_cursor, state.mirror_links) == (7, {"a": "1", "b": "2"})


def test_a_page_that_is_drawn_later_belongs_to_its_verdict(journal: Journal, gate: GateRecord, drawn: GatePage) -> None:
    facts.gate_judged(journal, gate)
    facts.gate_judged(journal, replace(gate, key="gate-2"))
    facts.gate_drawn(journal, drawn)
    facts.gate_drawn(journal, replace(drawn, drawn_by="data_docs", page="d2"))
    state = fold(journal.events())
    assert state.gates["gate-1"].pages == {"evidently": drawn.page, "data_docs": "d2"}
    assert state.gate_history[0] is state.gates["gate-1"]
    assert state.last_gate["quality"].pages == state.gate_history[1].pages == {}
    facts.gate_drawn(journal, replace(drawn, key="gate-2"))
    state.refresh(journal)
    assert state.last_gate["quality"] is state.gates["gate-2"] is state.gate_history[1]
    assert state.last_gate["quality"].pages == {"evidently": drawn.page}


def test_the_latest_profile_of_a_table_and_contract_counts(journal: Journal, profile: ProfileRecord) -> None:
    facts.profile_made(journal, profile)
    facts.profile_made(journal, replace(profile, key="profile-2"))
    facts.profile_made(journal, replace(profile, profile="newer"))
    profiles = State.load(journal).profiles
    assert {key: kept.profile for key, kept in profiles.items()} == {
        "profile-1": "newer",
        "profile-2": profile.profile,
    }


def test_a_page_of_no_verdict_is_named(journal: Journal, gate: GateRecord, drawn: GatePage) -> None:
    facts.gate_judged(journal, gate)
    facts.gate_drawn(journal, replace(drawn, key="lost"))
    facts.gate_drawn(journal, replace(drawn, gate="another"))
    problems = fold(journal.events()).problems
    assert len(problems) == 2
    assert "a page of gate `quality` for a verdict that was never recorded" in problems[0]


def test_it_goes_on_from_where_it_stands(journal: Journal, gate: GateRecord) -> None:
    facts.gate_judged(journal, gate)
    state = State.load(journal)
    facts.gate_judged(journal, gate)
    assert len(state.refresh(journal).gate_history) == 2
    assert len(state.extend(journal.events()).gate_history) == 2
    assert vars(fold(journal.events())) == vars(state)


def test_a_kind_of_a_newer_modelsync_is_skipped(journal: Journal, gate: GateRecord) -> None:
    journal.append("teleport.finished", {"x": 1})
    facts.gate_judged(journal, gate)
    state = State.load(journal)
    assert (len(state.gate_history), state.problems, state.seq) == (1, [], 2)


_KINDS = [value for name, value in vars(facts).items() if name.isupper()]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("payload", ["{}", "{", '{"outcome": 5, "version": "x", "upto": "y", "links": 3}'])
def test_a_bad_payload_is_named_and_hides_nothing_else(
    journal: Journal, gate: GateRecord, kind: str, payload: str
) -> None:
    assert len(_KINDS) == 16
    facts.gate_judged(journal, gate)
    journal.append(kind, {}, run="nobody")
    facts.gate_judged(journal, gate)
    journal.close()
    with closing(sqlite3.connect(journal.path)) as connection, connection:
        connection.execute("drop trigger event_stays")
        connection.execute("update event set payload = ? where seq = 2", (payload,))
    state = State.load(journal)
    assert len(state.gate_history) == 2
    [problem] = state.problems
    assert problem.startswith(f"event 2 ({kind}) cannot be read: ")


def test_a_run_that_begins_twice_or_ends_unbegun_is_a_problem(journal: Journal, run: RunRecord) -> None:
    facts.run_started(journal, run)
    journal.append(facts.RUN_STARTED, run.payload(), run="r1")
    journal.append(facts.RUN_FINISHED, {"outcome": "done", "exit": 0})
    state = State.load(journal)
    assert len(state.runs) == 1
    assert ["begun already" in problem or "never began" in problem for problem in state.problems] == [True, True]


def test_the_end_of_a_run_that_cannot_be_read_is_named(journal: Journal, run: RunRecord) -> None:
    facts.run_started(journal, run)
    journal.append(facts.RUN_FINISHED, {"outcome": "done", "exit": "zero"}, run="r1")
    state = State.load(journal)
    assert state.problems == ["event 2 (run.finished) cannot be read: its `exit` is 'zero'"]
    assert state.runs[0].finished is None


def test_a_note_changes_what_it_says_of_a_version_and_nothing_else(
    journal: Journal, dataset: DatasetVersion, note: DatasetNote
) -> None:
    facts.dataset_versioned(journal, dataset)
    facts.dataset_noted(journal, note)
    facts.dataset_noted(journal, replace(note, tags=None, fingerprint="f2"))
    [kept] = State.load(journal).datasets["people"]
    assert (kept.tags, kept.fingerprint, kept.digest) == (("eu",), "f2", dataset.digest)


def test_a_note_about_a_version_that_was_never_made_is_a_problem(journal: Journal, note: DatasetNote) -> None:
    facts.dataset_noted(journal, note)
    assert State.load(journal).problems == [
        "event 1 (dataset.noted) cannot be read: it is about people 1.2.3, which was never made"
    ]
