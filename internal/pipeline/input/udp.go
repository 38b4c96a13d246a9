package input

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var udp = pipeline.InputSpec{
	Name:    "udp",
	Summary: "Takes datagrams; each is a message.",
	Options: []plugin.Option{
		{Name: "host", Kind: plugin.String, Default: "0.0.0.0", Help: "Address to listen on. Another than a loopback address needs security."},
		{Name: "port", Kind: plugin.Integer, Required: true, Help: "Port to listen on."},
		{Name: "buffer_size", Kind: plugin.Bytes, Default: 65536, Help: "Largest datagram; the rest of a larger one is lost, and its event tagged _linetoolong."},
		{Name: "queue_size", Kind: plugin.Integer, Default: 2000, Unit: "datagrams", Help: "How many datagrams wait to be decoded, beside those in the system's buffer. When both are full, datagrams are lost."},
		{Name: "receive_buffer_bytes", Kind: plugin.Bytes, Help: "Size of the system's buffer; the system may allow less. Too low loses datagrams in bursts."},
		{Name: "source_ip_fieldname", Kind: plugin.Field, Help: "Field for the sender's address, in events that do not have it; by default host, or [host][ip] in the ECS layout."},
		{Name: "workers", Kind: plugin.Integer, Default: 2, Ignored: "datagrams are decoded one after the other, which keeps their order"},
		ecsFieldsOption,
	},
	New: newUDP,
}

// ecsFieldsOption chooses the layout of an input's own fields.
var ecsFieldsOption = plugin.Option{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled", "v1", "v8"},
	Help: "Layout of the input's own fields: the legacy one, or that of the Elastic Common Schema (v1 and v8 are the same here)."}

// ecsLayout tells whether the block asks for the Elastic Common Schema.
func ecsLayout(s *plugin.Settings) bool { return s.String("ecs_compatibility") != "disabled" }

// layoutPath returns a field by the layout that the block asks for.
func layoutPath(s *plugin.Settings, legacy, ecs string) *event.Path {
	if ecsLayout(s) {
		return event.MustPath(ecs)
	}
	return event.MustPath(legacy)
}

const (
	// maxDatagramBytes is the most that UDP can carry.
	maxDatagramBytes = 65535
	// maxQueuedBytes bounds the datagrams that wait to be decoded, whatever their number.
	maxQueuedBytes = 64 << 20
)

// udpServer is a udp input: a goroutine that receives and one that decodes.
type udpServer struct {
	env           *pipeline.Env
	address       string
	newCodec      pipeline.NewCodec
	datagramBytes int
	queueSize     int
	receiveBuffer int // 0 leaves the system's default
	conn          net.PacketConn
	finish        func(ev *event.Event, from sender)
}

type datagram struct {
	data []byte
	from netip.AddrPort
	cut  bool
}

func newUDP(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	port := s.Int("port")
	if port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must lie between 0 and 65535")
	}
	u := &udpServer{env: env, address: net.JoinHostPort(s.String("host"), fmt.Sprint(port)), receiveBuffer: int(s.Bytes("receive_buffer_bytes")),
		datagramBytes: int(min(s.Bytes("buffer_size"), maxDatagramBytes)), queueSize: int(s.Int("queue_size"))}
	switch {
	case u.datagramBytes < 1:
		return nil, s.Errorf("buffer_size", "must be at least 1")
	case u.queueSize < 1:
		return nil, s.Errorf("queue_size", "must be at least 1")
	}
	field := layoutPath(s, "host", "[host][ip]")
	var err error
	if s.Has("source_ip_fieldname") {
		if field, err = event.ParsePath(s.String("source_ip_fieldname")); err != nil {
			return nil, s.Errorf("source_ip_fieldname", "%v", err)
		}
	}
	u.finish = func(ev *event.Event, from sender) {
		if _, has := ev.Get(field); !has && from.addr.IsValid() {
			ev.Set(field, event.StringOf(from.addr.Addr().Unmap().String()))
		}
	}
	u.newCodec, err = env.Codec(s.Codec("codec"))
	return u, err
}

// Open binds the socket.
func (u *udpServer) Open(ctx context.Context) error {
	conn, err := u.env.ListenPacket(ctx, u.address)
	if err != nil {
		return fmt.Errorf("listen on %s (udp): %w", u.address, err)
	}
	u.conn = conn
	if buffered, ok := conn.(interface{ SetReadBuffer(bytes int) error }); ok && u.receiveBuffer > 0 {
		if err := buffered.SetReadBuffer(u.receiveBuffer); err != nil {
			return errors.Join(fmt.Errorf("set receive_buffer_bytes: %w", err), conn.Close())
		}
	}
	return nil
}

// Addr is where the input listens, once it is open.
func (u *udpServer) Addr() net.Addr { return u.conn.LocalAddr() }

// Close releases the socket.
func (u *udpServer) Close() error {
	if u.conn == nil {
		return nil
	}
	if err := u.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Run receives until ctx ends, then decodes what was received.
func (u *udpServer) Run(ctx context.Context, sink pipeline.Sink) error {
	stop := context.AfterFunc(ctx, func() {
		if err := u.conn.SetReadDeadline(time.Unix(1, 0)); err != nil { // in the past: a read that waits returns
			u.env.Logger.Warn("cannot stop receiving", "address", u.address, "error", err)
		}
	})
	defer stop()
	queue := make(chan datagram, u.queueSize)
	memory := &memory{}
	memory.held.Store(maxHeldBytes - maxQueuedBytes)
	received := make(chan error, 1)
	go func() {
		defer close(queue)
		received <- u.receive(ctx, queue, memory)
	}()
	u.decodeAll(ctx, queue, memory, sink)
	return <-received
}

func (u *udpServer) receive(ctx context.Context, queue chan<- datagram, memory *memory) error {
	buf := make([]byte, u.datagramBytes+1)
	for {
		n, addr, err := u.conn.ReadFrom(buf)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("receive on %s: %w", u.address, err)
		case err != nil:
			u.env.Logger.Warn("cannot receive a datagram; going on", "address", u.address, "error", err)
			pause(ctx, acceptPause)
			continue
		case n == 0:
			continue
		}
		d := datagram{cut: n > u.datagramBytes}
		if from, ok := addr.(*net.UDPAddr); ok {
			d.from = from.AddrPort()
		}
		d.data = append(d.data, buf[:min(n, u.datagramBytes)]...)
		for !memory.take(len(d.data)) { // as with a full queue: later datagrams wait in the system's buffer
			if pause(ctx, time.Millisecond); ctx.Err() != nil {
				return nil
			}
		}
		queue <- d // decodeAll takes all of it
	}
}

// decodeAll decodes and pushes until the queue is closed and empty. What is waiting at the same time is pushed together.
func (u *udpServer) decodeAll(ctx context.Context, queue <-chan datagram, memory *memory, sink pipeline.Sink) {
	codec := u.newCodec()
	var events []*event.Event
	for d := range queue {
		before := len(events)
		add := func(ev *event.Event) { events = append(events, ev) }
		codec.Decode(d.data, u.env.Now(), add)
		codec.Flush(u.env.Now(), add)
		for _, ev := range events[before:] {
			if u.finish(ev, sender{addr: d.from}); d.cut {
				ev.Tag(longLineTag)
			}
		}
		memory.give(len(d.data))
		if len(events) == 0 || len(queue) > 0 && len(events) < pushEvents {
			continue
		}
		if err := sink.Push(ctx, events); err != nil {
			u.env.Logger.Warn("the pipeline stops while it is full: datagrams are lost", "address", u.address, "events", len(events))
		}
		events = nil
	}
}
