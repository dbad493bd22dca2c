"""Python that starts with this folder on its path reaches its own machine alone; an attempt at more is refused and noted.

Tests put the folder on PYTHONPATH (tests/conftest.py), so that kernels and servers that they start have it, too. What is not
Python is kept in by a network namespace (tests/book/test_faults.py) or by the browser's own settings (src/latentbook/chromium.py).
"""

import errno
import os
import sys


def is_here(host) -> bool:
    """Whether an address or a name is this machine's own."""
    import ipaddress
    import socket

    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def stay_here(event: str, arguments: tuple) -> None:
    """An audit hook: see ``sys.addaudithook``."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]  # of a local socket a path, of netlink two numbers
        host = address[0] if isinstance(address, tuple) and isinstance(address[0], str) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_here(host):
        if log := os.environ.get("LATENTWALK_NETWORK_LOG"):
            with open(log, "a") as file:
                file.write(f"{event} {host}: {' '.join(sys.argv)[:200]}\n")
        raise OSError(errno.ENETUNREACH, f"the tests do without a network, and this was {event} {host}")


sys.addaudithook(stay_here)
