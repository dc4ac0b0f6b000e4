"""`plan`: what a run would do, looked up without side effects."""

from __future__ import annotations

from modelsync.api.projects import Project
from modelsync.core.artifacts import FOLDER_TYPES, Artifact
from modelsync.core.digest import of_value
from modelsync.core.errors import DamageError, SurroundingsError
from modelsync.engine.sources import look as look_at
from modelsync.language.model import Code, Dataset, Spec
from modelsync.plan.build import build
from modelsync.plan.model import Plan
from modelsync.plan.pins import pins
from modelsync.plan.world import CodeDigest, Look, World
from modelsync.registry.records import DatasetVersion, Deployment
from modelsync.registry.state import State
from modelsync.targets import deployments
from modelsync.usercode import fingerprint


def make_plan(project: Project) -> tuple[Plan, World]:
    """The plan of a run now, and the world it was made from."""
    world = look(project)
    return build(project.spec, world), world


def look(project: Project) -> World:
    """Recorded facts, the digests of sources, the digests of code. Reads only."""
    spec, workspace = project.spec, project.workspace
    state = workspace.state()
    return World(
        state=state,
        sources={name: _look(project, dataset) for name, dataset in spec.datasets.items()},
        code=_code(spec),
        stored=lambda artifact: _stored(project, artifact),
        alive=lambda deployment: _alive(project, deployment),
        pins=_pins(project, state),
    )


def _stored(project: Project, artifact: Artifact) -> bool:
    store = project.workspace.store
    return store.has_folder(artifact.digest) if artifact.type in FOLDER_TYPES else store.has(artifact.digest)


def _look(project: Project, dataset: Dataset) -> Look:
    try:
        return look_at(project.spec, dataset, project.workspace.hashes)
    except OSError as error:
        raise SurroundingsError(f"`{dataset.source}` can't be read: {error.strerror or error}") from error


def _pins(project: Project, state: State) -> dict[str, DatasetVersion]:
    found = pins(project.spec, state)
    for version in found.values():
        if not _stored(project, version.table):
            raise DamageError(
                f"the bytes of {version.spelled} are not in the store", help="`modelsync fsck` says what is wrong"
            )
    return found


def _code(spec: Spec) -> dict[str, CodeDigest]:
    found = {}
    for step in spec.steps:
        if step.code.file is None:
            seen = fingerprint.of_builtin(step.code.name)
        else:
            seen = fingerprint.of(spec.root, step.code.file, step.code.name)
        found[step.id] = CodeDigest(seen.digest, seen.parts)
    for gate in spec.gates.values():
        if gate.uses is not None:
            found[f"gate:{gate.name}"] = _validator(spec, gate.uses)
    return found


def _validator(spec: Spec, code: Code) -> CodeDigest:
    if code.file is not None:
        seen = fingerprint.of(spec.root, code.file, code.name)
        return CodeDigest(seen.digest, seen.parts)
    from modelsync.usercode import plugins  # reading what is installed takes time, and few specs need it

    digest = of_value({"validator": plugins.identity(code.name)})
    return CodeDigest(digest, {code.text: digest})


def _alive(project: Project, deployment: Deployment) -> bool:
    """Whether the deployment that is recorded serves, and not somebody else on its port."""
    seen = deployments.status(project.workspace.deployments / deployment.deploy)
    return seen.alive and (seen.version, seen.digest) == (str(deployment.version), deployment.artifact.digest)
