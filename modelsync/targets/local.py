"""The local target: one router process that owns the port, and one process for each replica."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

from modelsync.core.errors import SurroundingsError
from modelsync.core.traffic import Arm, ArmState, RoutingTable, Side
from modelsync.targets import deployments, front, processes, records, talk
from modelsync.targets.base import DeploymentStatus, Release
from modelsync.targets.records import ArmRecord, ReplicaRecord

_READY_WITHIN = 2.0  # seconds for the answer of a replica that listens
_PREDICTS_WITHIN = 30.0  # seconds for the first prediction
_LOGS_KEPT = 20  # of replicas, the newest


@dataclass(slots=True)
class LocalTarget:
    """One deployment on this machine; what is remembered stands in `state`, so any process can go on with it.

    The two commands are what starts a replica and the router; their arguments are added here.
    """

    state: Path  # the folder of this deployment; its name is the deployment's
    host: str
    port: int
    replicas: int
    replica_command: Sequence[str]
    router_command: Sequence[str]
    _sides: dict[Side, str] = field(default_factory=dict, init=False)
    _warm: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.state = self.state.resolve()  # the processes work in this folder, so no path may be relative

    @property
    def url(self) -> str:
        """Where clients reach the deployment."""
        return deployments.url_of(self.host, self.port)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Be the only one to change this deployment; leftovers go before and after."""
        with records.locked(self.state):
            found = records.read_replicas(self.state)
            records.write_replicas(self.state, replace(found, controller=processes.current()))
            self._settle()
            routed = [arm.id for arm in records.read_routes(self.state).arms]
            self._sides = {Side.OLD: routed[0]} if routed else {}
            self._warm = set()
            try:
                yield
            finally:
                self._settle()
                if not records.read_routes(self.state).arms:
                    front.stop(self.state)
                    records.forget(self.state)

    def check(self) -> None:
        """SurroundingsError when the port belongs to somebody else."""
        front.check(self.state, self.host, self.port)

    def serves(self, release: Release) -> bool:
        """Whether exactly this release serves, with every replica ready, at this address."""
        arm, seen = self._arm(Side.OLD), self.observe(Side.OLD)
        return (
            arm is not None
            and seen is not None
            and (arm.model, arm.version, arm.digest) == (release.model, release.version, release.digest)
            and seen.routed
            and seen.ready == seen.wanted == len(arm.replicas) == self.replicas
            and front.is_up(self.state, self.host, self.port)
        )

    def observe(self, side: Side) -> ArmState | None:
        """Ask processes, replicas and router how a side is doing."""
        arm = self._arm(side)
        if arm is None:
            return None
        counted = front.counts(self.state)
        alive = [r for r in arm.replicas if r.process is not None and processes.is_alive(r.process)]
        dead = [r for r in arm.replicas if r not in alive]
        return ArmState(
            version=arm.version,
            wanted=arm.wanted,
            started=len(arm.replicas),
            alive=len(alive),
            ready=sum(_is_ready(replica) for replica in alive),
            warm=sum(replica.id in self._warm for replica in alive),
            routed=any(line.id == arm.id for line in records.read_routes(self.state).arms),
            in_flight=counted.in_flight.get(arm.id, 0) if counted else 0,
            trouble=self._trouble(arm, dead[0]) if dead else "",
        )

    def start(self, side: Side, release: Release) -> None:
        """Start every replica of a side; each is written down before it runs, so that none is ever forgotten."""
        arm = self._arm(side) if side is Side.OLD else None
        if arm is None:
            arm = ArmRecord(
                token_hex(4),
                release.model,
                release.version,
                release.digest,
                str(release.folder.resolve()),
                self.replicas,
            )
            self._sides[side] = arm.id
        sockets = records.sockets_folder(self.state)
        names = [f"{arm.id}-{number}" for number in range(1, arm.wanted + 1)]
        arm = replace(arm, replicas=tuple(ReplicaRecord(name, str(sockets / f"{name}.sock")) for name in names))
        self._write_arm(arm)
        for replica in arm.replicas:
            started = replace(replica, process=self._spawn(arm, replica))
            arm = replace(arm, replicas=tuple(started if r.id == started.id else r for r in arm.replicas))
            self._write_arm(arm)

    def warm_up(self, side: Side) -> None:
        """Have every replica predict the model's own example, over the way that clients' requests will take."""
        arm = self._known(side)
        for replica in arm.replicas:
            try:
                example = talk.ask(replica.socket, "GET", "/", timeout=_PREDICTS_WITHIN).value["example"]
                if not example:  # fitted without a table to take one from: ready is all that can be known
                    self._warm.add(replica.id)
                    continue
                answer = talk.ask(replica.socket, "POST", "/predict", example, timeout=_PREDICTS_WITHIN)
            except (OSError, KeyError, TypeError) as error:
                raise self._silent(arm, replica, str(error)) from None
            if answer.status != 200:
                raise self._silent(arm, replica, f"it answered {answer.status}: {answer.value}")
            self._warm.add(replica.id)

    def route(self, new: int) -> None:
        """Write the routing table in one step and have the router take it."""
        front.ensure(self.state, self.host, self.port, self.router_command)
        shares = {Side.OLD: 100 - new, Side.NEW: new}
        arms = tuple(_line(self._known(side), share) for side, share in shares.items() if share > 0)
        table = RoutingTable(records.read_routes(self.state).generation + 1, arms)
        records.write_routes(self.state, table)
        front.reload(self.state, table.generation)

    def stop(self, side: Side) -> None:
        """Stop every replica of a side; the side itself is remembered until the rollout ends."""
        arm = self._known(side)
        _stop(arm)
        self._write_arm(replace(arm, replicas=()))
        table = records.read_routes(self.state)
        kept = tuple(line for line in table.arms if line.id != arm.id)
        if side is Side.NEW and kept != table.arms:  # an old side stays in the table: it is what there is to go back to
            records.write_routes(self.state, RoutingTable(table.generation + 1, kept))

    def status(self) -> DeploymentStatus:
        """The deployment as it is now."""
        return deployments.status(self.state)

    def undeploy(self) -> DeploymentStatus:
        """Take everything down."""
        return deployments.undeploy(self.state)

    def _settle(self) -> None:
        """Stop what runs without being routed: a rollout that did not come to its end left it."""
        found = records.read_replicas(self.state)
        routed = {line.id for line in records.read_routes(self.state).arms}
        for arm in found.arms.values():
            if arm.id not in routed:
                _stop(arm)
        records.write_replicas(self.state, replace(found, arms={n: a for n, a in found.arms.items() if n in routed}))
        logs = sorted(self.state.glob("replica-*.log"), key=lambda path: path.stat().st_mtime)
        for log in logs[:-_LOGS_KEPT]:
            log.unlink(missing_ok=True)

    def _arm(self, side: Side) -> ArmRecord | None:
        name = self._sides.get(side)
        return None if name is None else records.read_replicas(self.state).arms.get(name)

    def _known(self, side: Side) -> ArmRecord:
        arm = self._arm(side)
        if arm is None:
            raise SurroundingsError(
                f"`{self.state.name}` has no {side} release that could be used", help="deploy again"
            )
        return arm

    def _write_arm(self, arm: ArmRecord) -> None:
        records.write_replicas(self.state, records.read_replicas(self.state).with_arm(arm))

    def _spawn(self, arm: ArmRecord, replica: ReplicaRecord) -> processes.Process:
        Path(replica.socket).unlink(missing_ok=True)
        what = ["--folder", arm.folder, "--model", arm.model, "--version", arm.version]
        where = ["--uds", replica.socket, "--state", str(self.state), "--id", replica.id]
        log = deployments.log_of(self.state, replica.id)
        return processes.start([*self.replica_command, *what, *where], folder=self.state, log=log)

    def _trouble(self, arm: ArmRecord, replica: ReplicaRecord) -> str:
        log = deployments.log_of(self.state, replica.id)
        words = processes.last_words(log) or "it left no word"
        return f"a replica of {arm.model} {arm.version} ended: {words} (log: {log})"

    def _silent(self, arm: ArmRecord, replica: ReplicaRecord, why: str) -> SurroundingsError:
        return SurroundingsError(
            f"a replica of {arm.model} {arm.version} did not predict its own example: {why}",
            help=f"see {deployments.log_of(self.state, replica.id)}",
        )


def _is_ready(replica: ReplicaRecord) -> bool:
    with suppress(OSError):
        return talk.ask(replica.socket, "GET", "/ready", timeout=_READY_WITHIN).status == 200
    return False


def _line(arm: ArmRecord, weight: int) -> Arm:
    return Arm(arm.id, arm.model, arm.version, weight, tuple(replica.socket for replica in arm.replicas))


def _stop(arm: ArmRecord) -> None:
    processes.stop([r.process for r in arm.replicas if r.process is not None], grace=deployments.GRACE)
    for replica in arm.replicas:
        Path(replica.socket).unlink(missing_ok=True)
