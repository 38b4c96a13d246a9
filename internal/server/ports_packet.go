package server

import (
	"net"
	"time"
)

// packetPort is a UDP socket as an input has it. One that closes while ports are held stays open, and what comes in meanwhile waits in the
// system's buffer for the next input of its address.
type packetPort struct {
	*net.UDPConn
	ports *ports
	key   string
}

// listenPacket returns the held socket of an address, or a new one that open makes.
func (p *ports) listenPacket(key string, open func() (net.PacketConn, error)) (net.PacketConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if waiting := p.packets[key]; waiting != nil {
		delete(p.packets, key)
		return &packetPort{UDPConn: waiting, ports: p, key: key}, nil
	}
	made, err := open()
	if conn, ok := made.(*net.UDPConn); ok && err == nil {
		return &packetPort{UDPConn: conn, ports: p, key: key}, nil
	}
	return made, err
}

// Close closes the socket, or leaves it to the next input.
func (c *packetPort) Close() error {
	c.ports.mu.Lock()
	defer c.ports.mu.Unlock()
	if c.ports.holds == 0 || c.ports.packets[c.key] != nil || c.SetDeadline(time.Time{}) != nil {
		return c.UDPConn.Close()
	}
	if c.ports.packets == nil {
		c.ports.packets = map[string]*net.UDPConn{}
	}
	c.ports.packets[c.key] = c.UDPConn
	return nil
}
