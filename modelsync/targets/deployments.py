"""Local deployments as later commands find them: listed, described and taken down from their files alone."""

from __future__ import annotations

from pathlib import Path

from modelsync.core.errors import UsageError
from modelsync.targets import front, processes, records
from modelsync.targets.base import DeploymentStatus, ReplicaStatus
from modelsync.targets.records import ArmRecord

GRACE = 8.0  # seconds for a replica to finish what it is answering


def found(state_dir: Path) -> tuple[str, ...]:
    """The names of all deployments below a state folder, sorted."""
    return tuple(sorted(path.parent.name for path in state_dir.glob(f"*/{records.REPLICAS}")))


def status(folder: Path) -> DeploymentStatus:
    """How a deployment is now; not alive and without address when there is none."""
    router, counted = records.read_router(folder), front.counts(folder)
    routed = records.read_routes(folder).arms
    arm = records.read_replicas(folder).arms.get(routed[0].id) if routed else None
    replicas = _replicas(folder, arm)
    return DeploymentStatus(
        name=folder.name,
        url=url_of(router.host, router.port) if router else "",
        alive=counted is not None and any(replica.alive for replica in replicas),
        model=arm.model if arm else "",
        version=arm.version if arm else "",
        digest=arm.digest if arm else "",
        wanted=arm.wanted if arm else 0,
        replicas=replicas,
        router_pid=router.process.pid if router and router.process and counted is not None else None,
        requests=counted.requests if counted else {},
        errors=counted.errors if counted else {},
    )


def undeploy(folder: Path) -> DeploymentStatus:
    """Stop router and replicas and forget the deployment; its logs stay.

    Gives the deployment as it was before. UsageError when there is none, LockedError while a rollout is under way.
    """
    if not (folder / records.REPLICAS).exists():
        raise UsageError(f"`{folder.name}` is not deployed", help="`modelsync status` shows what is deployed")
    with records.locked(folder):
        before = status(folder)
        front.stop(folder)
        arms = records.read_replicas(folder).arms.values()
        processes.stop([r.process for arm in arms for r in arm.replicas if r.process is not None], grace=GRACE)
        records.forget(folder)
    return before


def url_of(host: str, port: int) -> str:
    """The address that a client on this machine uses."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def log_of(folder: Path, replica: str) -> Path:
    """Where a replica writes its words."""
    return folder / f"replica-{replica}.log"


def _replicas(folder: Path, arm: ArmRecord | None) -> tuple[ReplicaStatus, ...]:
    if arm is None:
        return ()
    return tuple(
        ReplicaStatus(
            r.id,
            r.process.pid if r.process else None,
            r.process is not None and processes.is_alive(r.process),
            log_of(folder, r.id),
        )
        for r in arm.replicas
    )
