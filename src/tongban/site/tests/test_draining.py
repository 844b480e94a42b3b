"""Who is connected to a port is seen, and nobody else."""

import socket

from tongban.site.draining import connected


def test_who_is_connected_is_counted_until_they_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert connected(port) == 0
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            taken, _address = listening.accept()
            with taken:
                assert connected(port) == 1
                assert connected(visitor.getsockname()[1]) == 1
        assert connected(port) == 0
