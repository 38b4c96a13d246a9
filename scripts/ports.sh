#!/usr/bin/env bash
# Sourced by scripts that start servers which cannot choose a port themselves.

# free_ports N prints ports that nothing listens on. They lie below those that systems give to outgoing connections.
free_ports() {
  python3 - "$1" <<'PYTHON'
import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(12000, 30000)))
    except OSError:
        continue
    held.append(s)
print(*(s.getsockname()[1] for s in held))
PYTHON
}
