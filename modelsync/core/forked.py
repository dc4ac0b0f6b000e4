"""Numbered pieces of work, shared with a forked process: whoever of the two is free takes the next piece."""

from __future__ import annotations

import os
from collections.abc import Callable

_TOKEN = 4  # bytes of a number
_TOKENS = 8192  # more would not fit into a pipe at once


Work = Callable[[int], bytes]


def answers(count: int, here: Work, there: Work, length: int) -> list[bytes]:
    """What the work answers to 0, 1, ... below `count`, each answer `length` bytes long.

    `here` and `there` do the same work in this and in the second process, and only look; `there` may change what
    belongs to its process, such as the working folder. When the second process fails or dies, its pieces are done
    here; it is ended with this call in any case.
    """
    if count < 2 or count > _TOKENS or not is_possible():
        return [here(number) for number in range(count)]
    done = _shared(count, here, there, length)
    return [done[number] if number in done else here(number) for number in range(count)]


def is_possible() -> bool:
    """Whether a fork is safe and gains: another core, and no other thread, which might hold a lock just now."""
    try:
        tasks = os.listdir("/proc/self/task")  # noqa: PTH208 - without `pathlib`, which a quick `status` never imports
        return len(os.sched_getaffinity(0)) > 1 and len(tasks) == 1
    except (AttributeError, OSError):  # no Linux
        return False


def _shared(count: int, here: Work, there: Work, length: int) -> dict[int, bytes]:
    me, child, descriptors = os.getpid(), 0, list[int]()
    try:
        tokens, giving = os.pipe()
        descriptors += [tokens, giving]
        reading, writing = os.pipe()
        descriptors += [reading, writing]
        os.write(giving, b"".join(number.to_bytes(_TOKEN, "big") for number in range(count)))
        os.close(giving)
        descriptors.remove(giving)
        child = os.fork()
        if child == 0:
            os.close(reading)  # so that writing fails when the parent is gone
            said = b"".join(number.to_bytes(_TOKEN, "big") + answer for number, answer in _taken(tokens, there).items())
            while said:
                said = said[os.write(writing, said) :]
            os._exit(0)
        os.close(writing)
        descriptors.remove(writing)
        done = _taken(tokens, here)
        return done | _answered(reading, length)
    except OSError:  # no process, no pipe: the work is done here alone
        return {}
    finally:
        if os.getpid() != me:  # whatever happens in the second process, it never goes on as the first one
            os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)
        if child:
            _end(child)


def _taken(tokens: int, work: Work) -> dict[int, bytes]:
    done = {}
    while token := os.read(tokens, _TOKEN):
        number = int.from_bytes(token, "big")
        done[number] = work(number)
    return done


def _answered(reading: int, length: int) -> dict[int, bytes]:
    said = b""
    while piece := os.read(reading, 1 << 16):
        said += piece
    step = _TOKEN + length
    whole = range(0, len(said) - len(said) % step, step)
    return {int.from_bytes(said[at : at + _TOKEN], "big"): said[at + _TOKEN : at + step] for at in whole}


def _end(child: int) -> None:
    try:
        if os.waitpid(child, os.WNOHANG)[0] == 0:
            os.kill(child, 9)
            os.waitpid(child, 0)
    except (ChildProcessError, ProcessLookupError):  # somebody else waited for it
        pass
