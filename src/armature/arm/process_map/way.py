"""The steps of a map in the order in which one comes to them."""

from collections.abc import Iterator

from armature.arm.process_map.records import ProcessMap


def in_order(process: ProcessMap) -> list[str]:
    """All elements: from each start along the arrows, loops aside; timers behind their task, the unreached last."""
    starts = [element.id for element in process.elements.values() if element.kind == "startEvent"]
    left: list[str] = []
    seen = set[str]()
    for start in [*starts, *process.elements]:
        if start not in seen:
            left = [*left, *reversed(_left_behind(process, start, seen))]
    return left


def _left_behind(process: ProcessMap, start: str, seen: set[str]) -> list[str]:
    """Elements from here that were not seen, each behind all that follow it."""
    done: list[str] = []
    seen.add(start)
    todo = [(start, _next(process, start))]
    while todo:
        key, following = todo[-1]
        fresh = next((one for one in following if one not in seen), None)
        if fresh is None:
            done.append(key)
            todo.pop()
        else:
            seen.add(fresh)
            todo.append((fresh, _next(process, fresh)))
    return done


def _next(process: ProcessMap, key: str) -> Iterator[str]:
    """The default last seen first, so that it comes behind the other ways; timers come right behind their task."""
    leaving = [arrow.target for arrow in process.leaving(key)]
    return iter([*reversed(leaving), *(timer.id for timer in reversed(process.timers(key)))])
