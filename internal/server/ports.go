package server

import (
	"errors"
	"net"
	"sync"
)

// ports are the listeners of pipeline inputs. While they are held, one that its input closes stays open until the next input asks for its
// address: a connection that comes in between waits and is not refused. It is safe for concurrent use.
type ports struct {
	mu    sync.Mutex
	open  map[string]*port // by the address that was asked for
	holds int
	// packets are the UDP sockets that wait for their next input while ports are held.
	packets map[string]*net.UDPConn
}

// port is one listener. One input has it at a time.
type port struct {
	listener net.Listener
	accepted chan accepted
	closed   chan struct{}
	user     *portUser // nil while no input has it
	work     sync.WaitGroup
}

type accepted struct {
	conn   net.Conn
	err    error
	handed *handed // nil for a new connection
}

// listen returns the held listener of an address, or a new one that open makes.
func (p *ports) listen(owner, key string, open func() (net.Listener, error)) (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.open[key]
	if at == nil || at.user != nil { // taken twice: the system refuses it in its own words
		l, err := open()
		if err != nil || l == nil {
			return l, err
		}
		at = &port{listener: l, accepted: make(chan accepted), closed: make(chan struct{})}
		at.work.Go(at.accept)
		if p.open == nil {
			p.open = map[string]*port{}
		}
		p.open[key] = at
	}
	at.user = &portUser{ports: p, owner: owner, key: key, port: at, closed: make(chan struct{}), retired: make(chan struct{})}
	return at.user, nil
}

// hold keeps listeners open until release is called. Those of owner give no more connections to the inputs that have them.
func (p *ports) hold(owner string) (release func()) {
	p.mu.Lock()
	p.holds++
	for _, at := range p.open {
		if at.user != nil && at.user.owner == owner {
			close(at.user.retired)
		}
	}
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		var idle []*port
		var packets map[string]*net.UDPConn
		if p.holds--; p.holds == 0 {
			packets, p.packets = p.packets, nil
			for key, at := range p.open {
				if at.user == nil {
					idle = append(idle, at)
					delete(p.open, key)
				}
			}
		}
		p.mu.Unlock()
		for _, at := range idle {
			_ = at.close() // nobody is there to hear of it: its input has closed it
		}
		for _, conn := range packets {
			_ = conn.Close()
		}
	}
}

// held says whether listeners stay open.
func (p *ports) held() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.holds > 0
}

// accept hands connections to whoever has the port.
func (at *port) accept() {
	for {
		conn, err := at.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		select {
		case at.accepted <- accepted{conn: conn, err: err}:
		case <-at.closed:
			if conn != nil {
				_ = conn.Close()
			}
			return
		}
	}
}

// giveBack offers a connection to whoever comes next.
func (at *port) giveBack(a accepted) {
	at.work.Go(func() {
		select {
		case at.accepted <- a:
		case <-at.closed:
			_ = a.conn.Close()
		}
	})
}

func (at *port) close() error {
	close(at.closed)
	err := at.listener.Close()
	at.work.Wait()
	return err
}

// portUser is a port as an input has it.
type portUser struct {
	ports           *ports
	owner, key      string
	port            *port
	once            sync.Once
	retired, closed chan struct{}
}

// Accept waits for a connection.
func (u *portUser) Accept() (net.Conn, error) {
	select {
	case <-u.closed:
		return nil, net.ErrClosed
	case <-u.retired:
		<-u.closed
		return nil, net.ErrClosed
	default:
	}
	select {
	case a := <-u.port.accepted:
		if a.conn == nil {
			return nil, a.err
		}
		c := &fresh{Conn: a.conn, port: u.port, ports: u.ports, read: make(chan struct{}, 1), handed: a.handed}
		c.mu.touched = a.handed != nil
		return c, nil
	case <-u.retired:
		<-u.closed
	case <-u.closed:
	}
	return nil, net.ErrClosed
}

// Close gives the port back.
func (u *portUser) Close() (err error) {
	u.once.Do(func() {
		close(u.closed)
		u.ports.mu.Lock()
		u.port.user = nil
		held := u.ports.holds > 0
		if !held && u.ports.open[u.key] == u.port {
			delete(u.ports.open, u.key)
		}
		u.ports.mu.Unlock()
		if !held {
			err = u.port.close()
		}
	})
	return err
}

// Addr is where the port is.
func (u *portUser) Addr() net.Addr { return u.port.listener.Addr() }
