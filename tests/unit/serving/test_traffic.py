from __future__ import annotations

from collections import Counter

from modelsync.core.traffic import Arm, RoutingTable
from modelsync.serving.traffic import Traffic

OLD = Arm("a", "churn", "1.0.0", 100, ("/a1", "/a2"))
NEW = Arm("b", "churn", "2.0.0", 100, ("/b1",))


def following(*arms: Arm) -> Traffic:
    traffic = Traffic()
    traffic.follow(RoutingTable(1, arms))
    return traffic


def test_requests_follow_model_and_version() -> None:
    traffic = following(OLD, Arm("c", "risk", "1.0.0", 100, ("/c1",)))
    for model, version, arm in (("churn", None, "a"), ("churn", "1.0.0", "a"), ("risk", None, "c")):
        found = traffic.choose(model, version)
        assert found is not None and found.arm.id == arm
    assert traffic.choose("churn", "9.0.0") is None
    assert traffic.choose("other", None) is None


def test_an_arm_without_replicas_is_never_chosen() -> None:
    assert following(Arm("a", "churn", "1.0.0", 100, ())).choose("churn", None) is None


def test_traffic_is_shared_by_weight() -> None:
    traffic = following(Arm("a", "churn", "1", 90, ("/a",)), Arm("b", "churn", "2", 10, ("/b",)))
    chosen = Counter(live.arm.id for live in (traffic.choose("churn", None) for _ in range(2000)) if live is not None)
    assert 1700 < chosen["a"] < 1900  # 1800 expected, standard deviation 13


def test_replicas_take_turns_and_the_next_one_helps_out() -> None:
    live = following(OLD).arms[0]
    turns = [(first.path, second.path) for first, second in (live.turn() for _ in range(3))]
    assert turns == [("/a1", "/a2"), ("/a2", "/a1"), ("/a1", "/a2")]


def test_an_arm_that_left_the_table_is_kept_until_it_has_answered() -> None:
    traffic = following(OLD)
    live = traffic.arms[0]
    traffic.begin(live)
    traffic.begin(live)
    traffic.follow(RoutingTable(2, (NEW,)))
    assert traffic.counts()["in_flight"] == {"b": 0, "a": 2}
    assert [arm.arm.id for arm in traffic.arms] == ["b"]
    traffic.end(live, 200)
    assert traffic.counts()["in_flight"] == {"b": 0, "a": 1}
    traffic.end(live, 503)
    assert traffic.counts() == {
        "generation": 2,
        "in_flight": {"b": 0},
        "requests": {"1.0.0": 2},
        "errors": {"1.0.0": 1},
    }


def test_an_arm_that_comes_back_keeps_its_requests() -> None:
    traffic = following(OLD)
    live = traffic.arms[0]
    traffic.begin(live)
    traffic.follow(RoutingTable(2, (NEW,)))
    traffic.follow(RoutingTable(3, (OLD,)))
    assert traffic.arms[0] is live
    assert traffic.counts()["in_flight"] == {"a": 1}
    traffic.end(live, 200)
    assert traffic.counts()["in_flight"] == {"a": 0}


def test_other_sockets_are_other_connections() -> None:
    traffic = following(OLD)
    live = traffic.arms[0]
    traffic.follow(RoutingTable(2, (Arm("a", "churn", "1.0.0", 100, ("/elsewhere",)),)))
    assert traffic.arms[0] is not live
