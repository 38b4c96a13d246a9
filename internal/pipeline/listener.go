package pipeline

import "net"

// Listener is a TCP listener; tests hand in their own.
type Listener = net.Listener
