"""`remote gc`: space given back on a remote, after everything that any reference there needs was marked."""

from __future__ import annotations

from modelsync.api.sharing.fetching import links
from modelsync.api.sharing.opening import Open, open_begun, refuse_unwritable
from modelsync.api.sharing.remotes import Remote
from modelsync.api.versions.repository import Repository
from modelsync.store.remotes.collecting import Judged, carry_out, judge
from modelsync.store.remotes.layout import read_refs
from modelsync.store.remotes.receiving import Receiver
from modelsync.store.remotes.sending import Progress, silent


def collectable(repository: Repository, remote: Remote, progress: Progress = silent) -> Judged:
    """What `collect` would do; nothing there is changed. The lists of what commits hold are fetched for it."""
    return _judge(repository, _writable(repository, remote), progress)


def collect(repository: Repository, remote: Remote, progress: Progress = silent) -> Judged:
    """Condemn packs that no reference needs, and remove those that were condemned two weeks ago."""
    opened = _writable(repository, remote)
    judged = _judge(repository, opened, progress)
    carry_out(opened.place, judged)
    return judged


def _writable(repository: Repository, remote: Remote) -> Open:
    opened = open_begun(repository, remote)
    refuse_unwritable(opened)
    return opened


def _judge(repository: Repository, opened: Open, progress: Progress) -> Judged:
    opened.tables.refresh()
    receiver = Receiver(repository.workspace.store, opened.place, opened.tables, progress)
    receiver.describe([seen.ref.commit for seen in read_refs(opened.place)], set(), links)
    return judge(opened.place, opened.tables, receiver.needed())
