"""`import dvc`, on a project that DVC 3.67.1 made: `dvc add`, `dvc repro`, then the working copies were deleted.

The fixture lacks DVC's own `.gitignore` files, so that Git keeps its cache.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from modelsync.api.datasets.from_dvc import Report, import_dvc
from modelsync.core.errors import UsageError
from modelsync.engine.workspace import Workspace
from tests.unit.api.datasets.conftest import SPEC, Shop

FIXTURE = Path(__file__).with_name("dvc_project")
DAMAGED, MISSING = "99/4a33e11395e53aec7012091196c3e3", "39/0306651323caf31a96a93a11022389"


@pytest.fixture
def project(shop: Shop) -> Shop:
    shutil.copytree(FIXTURE, shop.root, dirs_exist_ok=True)
    return shop


def unmapped(report: Report) -> dict[str, str]:
    return {each.where: each.what for each in report.unmapped}


def test_data_comes_from_the_cache_and_back_to_its_place(project: Shop) -> None:
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    report = import_dvc(project.root)
    assert {each.path: (each.version.spelled, each.restored) for each in report.taken} == {
        "notes.bin": ("notes@1.0.0", True),
        "data/customers.csv": ("customers@1.0.0", True),
        "data/images": ("images@1.0.0", True),
    }
    state = Workspace(project.root).state()
    customers, images = state.datasets["customers"][0], state.datasets["images"][0]
    assert (customers.rows, customers.filename, customers.form) == (40, "customers.csv", "file")
    assert images.described["classes"] == [["cat", 3], ["dog", 3]]
    text = (project.root / "data/customers.csv").read_bytes()
    assert f"md5: {hashlib.md5(text).hexdigest()}" in (project.root / "data/customers.csv.dvc").read_text()
    assert len(list((project.root / "data/images").rglob("*.png"))) == 6
    assert {path: path.read_bytes() for path in before} == before  # nothing of DVC's was touched


def test_a_new_spec_says_it_and_is_right(project: Shop) -> None:
    report = import_dvc(project.root)
    assert report.spec == project.root / "modelsync.yaml"
    assert report.steps == ("dvc.prepare",)
    assert (project.root / "modelsync.yaml").read_text().splitlines()[:6] == [
        "modelsync: 1",
        "project: shop",
        "datasets:",
        *(
            "  notes: {source: notes.bin}",
            "  customers: {source: data/customers.csv}",
            "  images: {source: data/images/}",
        ),
    ]
    assert 'command: [python, src/prepare.py, "{inputs.customers}", "{outputs.prepared}"]' in report.spec.read_text()
    assert "error" not in project("check")
    assert "notes@1.0.0  64 B" in project("dataset", "show", "notes")


def test_what_has_no_counterpart_is_told_with_its_place(project: Shop) -> None:
    told = unmapped(import_dvc(project.root))
    assert told["dvc.yaml: train"] == "it reads `params.yaml:train.depth` by itself: hand the values over as arguments"
    assert "foreach" in told["dvc.yaml: each"]
    assert told[".dvc/config"] == "the remote `lake` at s3://acme-ml/churn: only what is in the cache was taken"


def test_again_takes_only_what_came_since(project: Shop) -> None:
    import_dvc(project.root)
    spec = (project.root / "modelsync.yaml").read_text()
    again = import_dvc(project.root)
    assert not any(each.is_new or each.restored for each in again.taken)
    assert (again.spec, again.steps) == (None, ())
    assert (project.root / "modelsync.yaml").read_text() == spec


def test_again_brings_back_what_went_and_nothing_else(project: Shop) -> None:
    """A spec whose sources are away has faults; the import that declared them is what brings them back."""
    import_dvc(project.root)
    kept, other = project.root / "data/images/cat/0.png", project.root / "data/images/dog/1.png"
    (project.root / "data/customers.csv").unlink()
    original = other.read_bytes()
    other.unlink()
    kept.write_bytes(b"mine")
    again = import_dvc(project.root)
    assert {each.path: (each.is_new, each.restored) for each in again.taken} == {
        "notes.bin": (False, False),
        "data/customers.csv": (False, True),
        "data/images": (False, True),
    }
    assert other.read_bytes() == original
    assert kept.read_bytes() == b"mine"
    assert not list(project.root.rglob("data/**/.*.tmp"))


def test_nothing_is_written_through_a_link_or_a_file_in_the_way(project: Shop, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project.root / "data/images").mkdir(parents=True)
    (project.root / "data/images/cat").symlink_to(tmp_path / "elsewhere")
    project.write("data/images/dog", "a file")
    assert unmapped(import_dvc(project.root)).keys() == {"dvc.yaml: train", "dvc.yaml: each", ".dvc/config"}
    assert not list((tmp_path / "elsewhere").iterdir())
    assert (project.root / "data/images/dog").read_text() == "a file"


def test_an_output_in_a_tools_own_folder_is_not_written(project: Shop) -> None:
    pointer = (project.root / "notes.bin.dvc").read_text().replace("path: notes.bin", "path: .git/hooks/post-checkout")
    project.write("notes.bin.dvc", pointer)
    assert "a tool's own" in unmapped(import_dvc(project.root))[".git/hooks/post-checkout"]
    assert not (project.root / ".git").exists()


def test_a_spec_that_is_there_keeps_its_words(project: Shop) -> None:
    spec = project.with_spec(SPEC.replace("orders: {", "people: {source: data/customers.csv}\n  orders: {"))
    project.write("data/customers.csv", "id\nchanged by hand\n")
    report = import_dvc(project.root)
    assert {each.version.dataset for each in report.taken} == {"notes", "people", "images"}
    assert (project.root / "data/customers.csv").read_text() == "id\nchanged by hand\n"  # never overwritten
    text = spec.read_text()
    assert text.startswith("# Who leaves\n")
    assert "# from the shop\n" in text
    assert "inputs: {customers: datasets.people}" in text


def test_what_is_missing_or_damaged_is_told_and_the_rest_taken(project: Shop) -> None:
    cache = project.root / ".dvc/cache/files/md5"
    (cache / MISSING).unlink()
    hurt = next(path for path in cache.rglob("*") if path.is_file() and path.read_bytes() == bytes(range(64)))
    hurt.write_bytes(b"x" * 64)
    (project.root / "broken.dvc").write_text("outs: [")
    report = import_dvc(project.root)
    told = unmapped(report)
    assert [each.path for each in report.taken] == ["data/images"]
    assert "`dvc pull` brings them" in told["data/customers.csv"]
    assert "its copy in the cache is damaged" in told["notes.bin"]
    assert "broken.dvc:1:" in told["broken.dvc"]


def test_the_command(project: Shop, tmp_path: Path) -> None:
    lines = project("import", "dvc").splitlines()
    assert lines[:5] == [
        "notes.bin is notes@1.0.0: restored, 1 file, 64 B; first version",
        "data/customers.csv is customers@1.0.0: restored, 40 rows, 4 columns, 578 B; first version",
        "data/images is images@1.0.0: restored, 6 images, 423 B; first version",
        "step dvc.prepare",
        f"declared in {project.root / 'modelsync.yaml'}",
    ]
    assert lines[6] == "not taken over: 3"
    again = project("import", "dvc").splitlines()
    assert again[0] == "notes.bin is notes@1.0.0: known, 1 file, 64 B; first version"
    assert again[3] == "all of it was there already: nothing changed"
    assert "is no DVC project: it has no `.dvc` folder" in project("import", "dvc", str(tmp_path), exit=2)


def test_no_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no DVC project"):
        import_dvc(tmp_path)
