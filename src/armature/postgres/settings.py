"""How the embedded server is set up: safe first, then fast for many inserts on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

MEGABYTE = 1 << 20


def cache_megabytes(memory: int) -> int:
    """What the server keeps in memory of its own: a quarter of a machine with `memory` bytes, 128 MB to 4 GB.

    It takes up what it has seen, no more. Every look-up that misses costs ten times one that hits.
    """
    return max(128, min(4096, memory // 4 // MEGABYTE))


SETTINGS: Mapping[str, str] = {
    # only by the socket
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # a committed row survives a power cut
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # memory and disk of one small machine
    "shared_buffers": f"{cache_megabytes(os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE'))}MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # short queries; compiling one costs more than it saves
    # large tables that mostly grow: clean and count them by their growth, in small steps
    "autovacuum_naptime": "20s",
    "autovacuum_vacuum_cost_limit": "1000",
    "autovacuum_vacuum_scale_factor": "0.1",
    "autovacuum_vacuum_insert_scale_factor": "0.2",
    "autovacuum_analyze_scale_factor": "0.1",
    # the same words and times everywhere
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
}


def arguments(changes: Mapping[str, str]) -> Iterator[str]:
    """The settings, with `changes` over them, as arguments of the server."""
    for name, value in {**SETTINGS, **changes}.items():
        yield "-c"
        yield f"{name}={value}"
