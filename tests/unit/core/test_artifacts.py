from __future__ import annotations

from modelsync.core.artifacts import FOLDER_TYPES, Artifact, OutputType
from modelsync.core.digest import of_bytes


def test_the_journal_form_comes_back_whole() -> None:
    artifact = Artifact(OutputType.METRICS, of_bytes(b"x"), 12, {"auc": 0.8})
    assert Artifact.from_json(artifact.to_json()) == artifact
    assert Artifact.from_json(artifact.to_json()).facts == {"auc": 0.8}


def test_facts_do_not_make_content_different() -> None:
    assert Artifact(OutputType.TABLE, of_bytes(b"x"), 1, {"rows": 3}) == Artifact(OutputType.TABLE, of_bytes(b"x"), 1)


def test_models_and_folders_are_folders() -> None:
    assert {OutputType.MODEL, OutputType.FOLDER} == FOLDER_TYPES
