"""What a child process does with a store while somebody kills it: put, collect, build the index again.

`python workload.py STORE SOURCE ACKNOWLEDGED` prints `ready` when it begins. A digest stands in ACKNOWLEDGED when, and
only when, the put of it has returned.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from modelsync.core.digest import Digest, of_bytes
from modelsync.store.loose import place
from modelsync.store.moments import Moment
from modelsync.store.objects import Store
from modelsync.store.repairing import rebuild_index

LOOSE = b"of the first form"


def fill(source: Path) -> None:
    """The files that are put: some small ones, and one of several chunks."""
    (source / "folder").mkdir(parents=True)
    for number in range(6):
        (source / "folder" / f"f{number}").write_bytes(random.Random(number).randbytes(3000))
    (source / "large").write_bytes(random.Random(99).randbytes(900_000))


def begin(root: Path, acknowledged: Path) -> None:
    """A store with one file of the first form, which a fact names."""
    path = place(root / "objects", of_bytes(LOOSE))
    path.parent.mkdir(parents=True)
    path.write_bytes(LOOSE)
    acknowledged.write_text(f"{of_bytes(LOOSE)}\n")


def read(acknowledged: Path) -> list[Digest]:
    """What was acknowledged; a line without its end was not."""
    text = acknowledged.read_text() if acknowledged.exists() else ""
    return [Digest(line) for line in text.split("\n")[:-1]]


def work(root: Path, source: Path, acknowledged: Path) -> None:
    """Everything once."""
    store, chance = Store(root), random.Random()

    def acknowledge(digest: Digest) -> None:
        with acknowledged.open("a") as handle:
            handle.write(f"{digest}\n")
            handle.flush()
            os.fsync(handle.fileno())

    acknowledge(store.put_folder(source / "folder").digest)
    acknowledge(store.put_file(source / "large").digest)
    store.put_bytes(chance.randbytes(50_000))  # nobody names it: its pack goes
    mixed = source.parent / f"mixed-{os.getpid()}"
    mixed.mkdir()
    (mixed / "waste").write_bytes(chance.randbytes(60_000))
    (mixed / "kept").write_bytes(chance.randbytes(5_000))
    store.put_folder(mixed)  # little of it is needed: its pack is written anew
    acknowledge(of_bytes((mixed / "kept").read_bytes()))
    store.collect(read(acknowledged), Moment(time.time() + 3 * 24 * 3600, "", 0.0))
    rebuild_index(store.reader)
    acknowledge(store.put_bytes(chance.randbytes(1000)).digest)
    store.close()


if __name__ == "__main__":
    places = [Path(argument) for argument in sys.argv[1:]]
    print("ready", flush=True)
    work(*places)
