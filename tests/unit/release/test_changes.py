from __future__ import annotations

from modelsync.release.changes import ContractChanges, Described, facts, signature_breaks


def signature(*columns: tuple[str, str], output: str = "string") -> dict[str, object]:
    return {
        "inputs": [{"name": name, "type": kind} for name, kind in columns],
        "outputs": [{"name": "prediction", "type": output}],
    }


BASE = Described(
    params={"learner": "logistic", "seed": 7},
    datasets={"credit": "aaa"},
    code={"train.fit": "c1"},
    signature=signature(("age", "int"), ("amount", "float")),
    metrics={"auc": 0.8},
)


def test_same_description_changed_nothing() -> None:
    found = facts(BASE, BASE, ContractChanges(), None)
    assert not any(found[name] for name in found if name.endswith(".changed") or name.startswith("changed("))
    assert found["signature.breaking"] is False
    assert found["features.added"] == []
    assert "champion.metrics.auc" not in found


def test_each_change_has_its_name() -> None:
    candidate = Described(
        params={"learner": "forest", "seed": 7, "depth": 3},
        datasets={"credit": "bbb"},
        code={"train.fit": "c2"},
        signature=signature(("age", "int"), ("amount", "float"), ("sex", "string")),
        metrics={"auc": 0.9},
    )
    found = facts(BASE, candidate, ContractChanges(["x"], ["y"]), {"auc": 0.7})
    assert found["changed(params.learner)"] is True
    assert found["changed(params.depth)"] is True
    assert found["changed(params.seed)"] is False
    assert found["changed(datasets.credit)"] is True
    assert all(found[f"changed({part})"] and found[f"{part}.changed"] for part in ("params", "data", "code"))
    assert (found["contract.breaking"], found["contract.extended"]) == (True, True)
    assert (found["features.added"], found["features.removed"]) == (["sex"], [])
    assert found["signature.breaking"] is False
    assert (found["metrics.auc"], found["champion.metrics.auc"]) == (0.9, 0.7)


def test_what_is_not_known_yet_is_left_out() -> None:
    found = facts(BASE, Described(params=BASE.params), ContractChanges(), None)
    assert not any(name.startswith(("metrics.", "signature.", "features.")) for name in found)


def test_signature_breaks_on_gone_and_retyped_inputs_and_other_outputs_but_not_on_new_ones() -> None:
    old = signature(("age", "int"), ("amount", "float"))
    assert signature_breaks(old, signature(("age", "int"), ("amount", "float"), ("sex", "string"))) == []
    assert signature_breaks(old, signature(("age", "int"))) == ["input amount is gone"]
    assert signature_breaks(old, signature(("age", "string"), ("amount", "float"))) == ["input age was int, is string"]
    changed = signature(("age", "int"), ("amount", "float"), output="float")
    assert signature_breaks(old, changed) == ["the outputs changed"]
    assert signature_breaks({}, old) == []
