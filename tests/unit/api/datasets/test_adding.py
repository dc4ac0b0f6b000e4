"""`dataset add`: stored, declared, recorded, or nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.datasets.adding import Wanted, add
from modelsync.api.datasets.declaring import name_of, written
from modelsync.core.errors import UsageError
from modelsync.engine import intake
from modelsync.engine.workspace import Workspace
from modelsync.language.model import SourceKind
from tests.unit.api.datasets.conftest import OTHER, SPEC, Shop


def test_without_a_spec_the_version_stands_alone(shop: Shop) -> None:
    shop.write("data/customers.csv")
    assert shop("dataset", "add", "data/customers.csv", "--tags", "training, eu") == (
        "data/customers.csv is customers@1.0.0: 3 rows, 3 columns, 44 B; first version\n"
    )
    assert not (shop.root / "modelsync.yaml").exists()
    [version] = Workspace(shop.root).state().datasets["customers"]
    assert (version.tags, version.author, version.run, version.source) == (
        *(("training", "eu"), "Ana <ana@example.org>", None, "data/customers.csv"),
    )


def test_the_same_content_again_makes_no_version_but_takes_its_tags(shop: Shop) -> None:
    shop.write("customers.csv")
    shop("dataset", "add", "customers.csv", "--tag", "a")
    said = shop("dataset", "add", "customers.csv", "--tag", "b")
    assert said.startswith("customers.csv is known as customers@1.0.0")
    [version] = Workspace(shop.root).state().datasets["customers"]
    assert version.tags == ("a", "b")


def test_a_spec_gets_the_dataset_and_keeps_everything_else(shop: Shop) -> None:
    spec = shop.with_spec()
    shop.write("data/new customers.csv")
    said = shop("dataset", "add", "data/new customers.csv", "--tag", "training")
    assert said.splitlines()[0] == "declared in modelsync.yaml"
    added = "  new_customers: {source: data/new customers.csv, tags: [training]}\n"
    assert spec.read_text() == SPEC.replace("# daily\n", f"# daily\n{added}")
    assert [version.tags for version in Workspace(shop.root).state().datasets["new_customers"]] == [("training",)]
    before = spec.read_text()
    shop("dataset", "add", "data/new customers.csv")
    assert spec.read_text() == before


def test_a_source_that_the_spec_has_is_found_by_its_path(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = shop.with_spec()
    monkeypatch.chdir(shop.root / "data")
    assert "is orders@1.0.0" in shop("dataset", "add", "orders.csv")
    assert spec.read_text() == SPEC
    shop("dataset", "add", "orders.csv", "--tag", "daily")
    assert "orders: {source: data/orders.csv, tags: [daily]}  # daily" in spec.read_text()


def test_a_spec_below_specs_is_found_and_several_must_be_named(shop: Shop) -> None:
    root = SPEC.replace("project: churn\n", "project: churn\nroot: ../..\n")
    first = shop.with_spec(root, "specs/one/modelsync.yaml")
    shop.write("data/new.csv")
    shop("dataset", "add", "data/new.csv")
    assert "  new: {source: data/new.csv}\n" in first.read_text()
    second = shop.with_spec(root, "specs/two/modelsync.yaml")
    said = shop("dataset", "add", "data/new.csv", exit=2)
    assert "there are several specs: specs/one/modelsync.yaml, specs/two/modelsync.yaml" in said
    shop("dataset", "add", "data/new.csv", "--spec", "specs/two")
    assert "  new: {source: data/new.csv}\n" in second.read_text()


@pytest.mark.parametrize(
    ("words", "exit", "said"),
    [
        (["nothing.csv"], 2, "`nothing.csv` does not exist"),
        (["ftp://x/y.csv"], 2, "nothing reads `ftp://`"),
        (["https://ana:secret@x.org/y.csv"], 2, "the address holds a password"),
        (["data/customers.csv", "--name", "1x"], 3, "1x"),
        (["data/customers.csv", "--name", "orders"], 2, "has the source `data/orders.csv`"),
        (["/etc/hostname"], 2, "`/etc/hostname` lies outside of the project"),
        (["data/bad.csv"], 2, "the column `a` stands twice"),
        (["data/*.json"], 2, "matches"),
    ],
)
def test_what_can_t_be_added_changes_nothing(shop: Shop, words: list[str], exit: int, said: str) -> None:
    spec = shop.with_spec()
    shop.write("data/customers.csv")
    shop.write("data/bad.csv", "a,a\n1,2\n")
    told = shop("dataset", "add", *words, exit=3 if words == ["data/*.json"] else exit)
    assert said in told
    assert spec.read_text() == SPEC
    assert Workspace(shop.root).state().datasets == {}
    assert not (shop.root / ".modelsync/work").exists() or not any((shop.root / ".modelsync/work").iterdir())


def test_a_spec_with_faults_is_told_and_left_alone(shop: Shop) -> None:
    spec = shop.with_spec(SPEC.replace("modelsync: 1", "modelsync: 9"))
    shop.write("data/customers.csv")
    assert "MS" in shop("dataset", "add", "data/customers.csv", exit=3)
    assert "modelsync: 9" in spec.read_text()


def test_an_interrupt_leaves_neither_files_nor_a_change(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = shop.with_spec()
    shop.write("data/a.csv")
    shop.write("data/b.csv")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "take_in", interrupt)
    assert shop("dataset", "add", "data/?.csv", exit=130).strip() == "interrupted"
    assert spec.read_text() == SPEC
    assert not any((shop.root / ".modelsync/work").glob("*"))


def test_an_address_in_a_bucket_that_is_not_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setattr("modelsync.data.sources.buckets._RETRIES", {"max_retries": 0})
    assert "hidden" not in shop("dataset", "add", "s3://nowhere/rows.csv", exit=9)


def test_a_folder_and_a_pattern_are_written_as_the_language_reads_them(shop: Shop) -> None:
    shop.write("data/1/a.csv")
    shop.write("data/2/b.csv", OTHER)
    spec = shop.with_spec()
    shop("dataset", "add", "data/1", "--name", "one")
    shop("dataset", "add", "data/?/*.csv", "--name", "both")
    text = spec.read_text()
    assert "  one: {source: data/1/}\n" in text
    assert "  both: {source: data/?/*.csv}\n" in text
    assert shop("check").endswith("3 warnings\n") or "ok" in shop("check")
    assert Workspace(shop.root).state().datasets["both"][0].rows == 7


@pytest.mark.parametrize(
    ("source", "text", "kind", "name"),
    [
        ("data/customers.csv", "data/customers.csv", SourceKind.FILE, "customers"),
        ("data/2024.tar.gz", "data/2024.tar.gz", SourceKind.FILE, "_2024"),
        ("LICENSE", "LICENSE", SourceKind.FILE, "LICENSE"),
        ("data", "data/", SourceKind.FOLDER, "data"),
        ("data/v1.2", "data/v1.2/", SourceKind.FOLDER, "v1_2"),
        ("data/*.csv", "data/*.csv", SourceKind.GLOB, "data"),
        ("data/a[1].csv", "data/a[[]1].csv", SourceKind.GLOB, "data"),
        ("https://x.org/a/rows.csv?v=2", "https://x.org/a/rows.csv?v=2", SourceKind.URL, "rows"),
        ("s3://lake/churn/customers/", "s3://lake/churn/customers/", SourceKind.URL, "customers"),
        ("s3://lake", "s3://lake", SourceKind.URL, "data"),
    ],
)
def test_how_a_source_is_written_and_called(
    tmp_path: Path, source: str, text: str, kind: SourceKind, name: str
) -> None:
    (tmp_path / "data/v1.2").mkdir(parents=True)
    for path in ("data/customers.csv", "data/2024.tar.gz", "LICENSE", "data/a[1].csv"):
        (tmp_path / path).touch()
    found = written(tmp_path, source, tmp_path)
    assert (found.text, found.kind, name_of(found)) == (text, kind, name)


def test_eight_at_once_make_eight_versions(shop: Shop) -> None:
    """Whoever is second decides again on what the first recorded."""
    import threading

    for number in range(8):
        shop.write(f"data/{number}.csv", f"id\n{number}\n")
    failed: list[BaseException] = []

    def one(number: int) -> None:
        try:
            add(Wanted(f"data/{number}.csv", name="rows", folder=shop.root))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    versions = Workspace(shop.root).state().datasets["rows"]
    assert len({version.version for version in versions}) == len({version.digest for version in versions}) == 8


def test_an_unnamable_file_needs_a_name(shop: Shop) -> None:
    shop.write("data.csv")
    with pytest.raises(UsageError, match="can't name a dataset"):
        add(Wanted("data.csv", name="a b", folder=shop.root))
