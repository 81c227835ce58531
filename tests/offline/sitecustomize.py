"""No way out: in every Python the tests start, kernels included, only this machine can be reached.

Python imports this module at start when its folder is on ``PYTHONPATH`` (the top ``conftest.py`` puts it there). An
audit hook sees every connection and name look-up before it happens.
"""

import socket
import sys

HERE = {"localhost", "::1", "::", "0.0.0.0", "", None, socket.gethostname()}


def local(host: object) -> bool:
    """Is this name or address on this machine?"""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host in HERE or (isinstance(host, str) and host.startswith("127."))


def refuse(event: str, arguments: tuple) -> None:
    """Raise before anything is sent to another machine."""
    if event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None  # a path: a socket of this machine
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not local(host):
        raise OSError(f"the tests run without a network, but something asked for {host!r}")


sys.addaudithook(refuse)
