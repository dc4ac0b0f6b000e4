"""`modelsync test`: decisions tested on given facts."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.cli.printing import put
from modelsync.core.errors import ExitCode


@click.command("test")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@param_option
def command(files: tuple[Path, ...], params: tuple[str, ...]) -> int:
    """Test what the spec decides: gates, versions and stages, on facts given in FILES. Trains and runs nothing.

    Without FILES: every `decisions.yaml` and `*.decisions.yaml` beside the specs of the project here. Ends with 1 when
    a decision comes out otherwise than expected.

    \b
    cases:
      a column that moved stops everything:
        gates: {input_drift: {psi.amount: 0.31}}
        expect:
          gates: {input_drift: fail}
          stages: {production: blocked}

    A gate that a case does not mention passes; a check without its number is left out.
    """
    from modelsync.api.deciding import decide, found
    from modelsync.cli.faces.text import show

    wrong, count, began = 0, 0, 0.0
    for path in found(files):
        tested = decide(path, overrides(params))
        show(tested.faults, err=True)
        if tested.faults:
            return int(ExitCode.SPEC)
        for each in tested.decided:
            count, wrong, began = count + 1, wrong + bool(each.failures), began + each.seconds
            mark = click.style("FAIL", fg="red", bold=True) if each.failures else click.style("ok", fg="green")
            put(f"{mark}  {each.name}")
            for failure in each.failures:
                put(f"      {failure}")
    said = f"{count} case{'s' if count != 1 else ''}"
    put(f"{said}, {wrong or 'none'} failed, {began * 1000:.0f} ms")
    return int(ExitCode.STEP_FAILED if wrong else ExitCode.DONE)
