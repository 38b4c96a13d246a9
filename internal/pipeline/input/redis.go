package input

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var redis = pipeline.InputSpec{
	Name:    "redis",
	Summary: "Reads a list of Redis, or channels.",
	Options: []plugin.Option{
		{Name: "data_type", Kind: plugin.String, Required: true, Allowed: []string{"list", "channel", "pattern_channel"}, Help: "list takes items of a list, each by one reader; channel and pattern_channel subscribe, and miss what is said while they do not."},
		{Name: "key", Kind: plugin.String, Required: true, Help: "The list, the channel, or the pattern of channels. Items of a list that are not written yet stand in the list KEY:taken:NAME, and the next start goes on with them. Where the input is taken away after a crash they stay there: RPOPLPUSH KEY:taken:NAME KEY, once for each item, gives them back in their order."},
		{Name: "host", Kind: plugin.String, Default: "127.0.0.1", Help: "The server."},
		{Name: "port", Kind: plugin.Integer, Default: 6379, Help: "Its port."},
		{Name: "path", Kind: plugin.Path, Help: "The server's Unix socket, rather than host and port."},
		{Name: "db", Kind: plugin.Integer, Default: 0, Help: "The database's number."},
		{Name: "password", Kind: plugin.Password, Help: "Password to log in with."},
		{Name: "timeout", Kind: plugin.Seconds, Default: 5, Help: "Time for one exchange with the server."},
		{Name: "batch_count", Kind: plugin.Integer, Default: 125, Unit: "items", Help: "Items taken at once, at most 5000."},
		{Name: "codec", Kind: plugin.Codec, Default: "json", Help: "How items become events."},
		{Name: "ssl", Kind: plugin.Boolean, Help: "Speak TLS."},
		{Name: "threads", Kind: plugin.Integer, Default: 1, Ignored: "one reader keeps the list's order; it waits for the pipeline, not for Redis"},
		{Name: "command_map", Kind: plugin.Hash, Unsupported: "commands go by Redis's own names"},
	},
	New: newRedis,
}

const (
	// maxRedisBatch is how many items one script can move: Lua's arguments are limited to some 8000.
	maxRedisBatch = 5000
	// redisPause is how long an empty list is left alone, and redisRetry a server that fails.
	redisPause = 250 * time.Millisecond
	redisRetry = time.Second
)

// takeItems moves items from a list to one of this reader's own, where they stay until they are acknowledged.
const takeItems = `local items = redis.call('LRANGE', KEYS[1], 0, ARGV[1] - 1)
if #items > 0 then
  redis.call('RPUSH', KEYS[2], unpack(items))
  redis.call('LTRIM', KEYS[1], ARGV[1], -1)
end
return items`

// settleItems removes items from a reader's own list if it is as long as the reader knows it to be. When the answer of such a
// removal was lost, the list is shorter, and items that are not acknowledged must not go for it.
const settleItems = `if redis.call('LLEN', KEYS[1]) == tonumber(ARGV[2]) then
  redis.call('LTRIM', KEYS[1], ARGV[1], -1)
end
return redis.call('LLEN', KEYS[1])`

// returnItems moves items from a reader's own list back to the front of the list that they were taken from, in their order, and says how
// many are left.
const returnItems = `for i = 1, tonumber(ARGV[1]) do
  if not redis.call('RPOPLPUSH', KEYS[1], KEYS[2]) then
    return 0
  end
end
return redis.call('LLEN', KEYS[1])`

type redisReader struct {
	env      *pipeline.Env
	newCodec pipeline.NewCodec
	target   dial.RedisTarget
	key      string
	dataType string
	batch    int
	readers  *redisReaders
	number   int // among the readers, from 1 on
	mu       struct {
		sync.Mutex
		waiting []*redisBatch // taken and not acknowledged, in order
		settled int           // items acknowledged that are still in the list of taken ones
	}
	settled chan struct{} // holds a token when there is something to settle
}

// redisReaders are the readers of one list in a pipeline that are open. Each has a number, and with it a list of its own for what it
// has taken: a reader removes from that list what it knows to be at its front.
type redisReaders struct {
	mu struct {
		sync.Mutex
		open map[int]bool
	}
}

// redisReadersKey is the key of a pipeline's *redisReaders.
type redisReadersKey struct {
	address  string
	database int64
	key      string
}

// enter gives a reader the lowest number from 1 on that is free.
func (r *redisReaders) enter() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 1
	for r.mu.open[n] {
		n++
	}
	if r.mu.open == nil {
		r.mu.open = map[int]bool{}
	}
	r.mu.open[n] = true
	return n
}

// most is the highest number that a reader has.
func (r *redisReaders) most() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for open := range r.mu.open {
		n = max(n, open)
	}
	return n
}

func (r *redisReaders) leave(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.mu.open, n)
}

// redisBatch is a number of items that are acknowledged together.
type redisBatch struct {
	items int
	done  bool
}

func newRedis(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	r := &redisReader{env: env, key: s.String("key"), dataType: s.String("data_type"), batch: int(s.Int("batch_count")), settled: make(chan struct{}, 1)}
	if r.batch < 1 || r.batch > maxRedisBatch {
		return nil, s.Errorf("batch_count", "must lie between 1 and %d", maxRedisBatch)
	}
	r.target = dial.RedisTarget{Network: "tcp", Address: net.JoinHostPort(s.String("host"), fmt.Sprint(s.Int("port"))), Password: s.String("password"),
		Database: s.Int("db"), Timeout: s.Duration("timeout")}
	if r.target.Timeout <= 0 {
		return nil, s.Errorf("timeout", "must be more than 0")
	}
	if s.Has("path") {
		if s.Has("host") || s.Has("port") {
			s.Warn("path", "overrules host and port")
		}
		r.target.Network, r.target.Address = "unix", env.ResolvePath(s.String("path"))
	}
	if s.Bool("ssl") {
		r.target.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.String("host")}
	}
	r.readers = env.Shared.Get(redisReadersKey{r.target.Address, r.target.Database, r.key}, func() any { return &redisReaders{} }).(*redisReaders)
	var err error
	warnOfJoining(s)
	r.newCodec, err = env.Codec(s.Codec("codec"))
	return r, err
}

// Run reads until ctx ends. A server that is down is waited for.
func (r *redisReader) Run(ctx context.Context, sink pipeline.Sink) error {
	failed := false
	for ctx.Err() == nil {
		err := r.connectAndRead(ctx, sink, func() {
			if failed {
				failed = false
				r.env.Logger.Info("reached redis", "address", r.target.Address, "key", r.key)
			}
		})
		if err == nil || ctx.Err() != nil {
			continue
		}
		failed = true
		r.env.Logger.Warn("cannot read from redis; trying again", "address", r.target.Address, "key", r.key, "error", err)
		pause(ctx, redisRetry)
	}
	return nil
}

// Open finds the reader's number. It does not connect: a server that is down is no fault of the configuration.
func (r *redisReader) Open(context.Context) error {
	r.number = r.readers.enter()
	return nil
}

// Close settles what was acknowledged while the pipeline came to its end, and gives back what was not: nobody would look for it here if
// the configuration had no such input any more.
func (r *redisReader) Close() error {
	defer r.readers.leave(r.number)
	held := r.held()
	if held == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.target.Timeout)
	defer cancel()
	c, err := dial.DialRedis(ctx, r.target)
	if err != nil {
		return fmt.Errorf("settle %d items in redis, which come again: %w", held, err)
	}
	taken, err := r.takenKey(r.number)
	if err == nil {
		_, err = r.settle(ctx, c, taken)
	}
	if err == nil && r.held() > 0 {
		err = r.giveBack(ctx, c, taken)
	}
	return errors.Join(err, c.Close())
}

// giveBack empties a list of taken items into the list that they were taken from.
func (r *redisReader) giveBack(ctx context.Context, c *dial.Redis, taken string) error {
	for {
		reply, err := c.Do(ctx, "EVAL", returnItems, "2", taken, r.key, strconv.Itoa(maxRedisBatch))
		if err != nil || reply.Int == 0 {
			return err
		}
	}
}

// giveBackOthers empties what readers of an earlier run have left that this run does not have: a configuration with fewer inputs.
func (r *redisReader) giveBackOthers(ctx context.Context, c *dial.Redis) error {
	for n := r.readers.most() + 1; ; n++ {
		taken, err := r.takenKey(n)
		if err != nil {
			return err
		}
		reply, err := c.Do(ctx, "LLEN", taken)
		if err != nil || reply.Int == 0 {
			return err
		}
		r.env.Logger.Info("items that a reader of an earlier run took and did not finish are given back", "key", r.key, "items", reply.Int)
		if err := r.giveBack(ctx, c, taken); err != nil {
			return err
		}
	}
}

func (r *redisReader) connectAndRead(ctx context.Context, sink pipeline.Sink, reached func()) (err error) {
	c, err := dial.DialRedis(ctx, r.target)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := c.Close(); closeErr != nil && err == nil {
			err = closeErr
		}
	}()
	if r.dataType == "list" {
		return r.readList(ctx, c, sink, reached)
	}
	return r.subscribe(ctx, c, sink, reached)
}

// takenKey names the list in which the items of the reader with that number wait to be acknowledged. It is the same after a restart, and
// another one for each installation, pipeline and reader of the list in it.
func (r *redisReader) takenKey(number int) (string, error) {
	path := filepath.Join(r.env.DataDir, "redis", "reader")
	name, err := vfs.ReadFile(r.env.FS, path, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		var random [8]byte
		if _, err := rand.Read(random[:]); err != nil {
			return "", err
		}
		name = []byte(hex.EncodeToString(random[:]))
		if err := vfs.MkdirAllSync(r.env.FS, filepath.Dir(path)); err != nil {
			return "", err
		}
		err = vfs.WriteFileAtomic(r.env.FS, path, name)
	}
	if err != nil {
		return "", fmt.Errorf("name this reader: %w", err)
	}
	taken := r.key + ":taken:" + strings.TrimSpace(string(name))
	if number > 1 {
		taken += ":" + strconv.Itoa(number)
	}
	return taken, nil
}

// readList hands over first what is in the reader's own list, which an earlier run or connection took and did not acknowledge, then
// takes more.
func (r *redisReader) readList(ctx context.Context, c *dial.Redis, sink pipeline.Sink, reached func()) error {
	taken, err := r.takenKey(r.number)
	if err != nil {
		return err
	}
	codec := r.newCodec()
	exchange := context.WithoutCancel(ctx) // a stop waits for the answer under way, so that the server does nothing later
	if r.number == 1 {
		if err := r.giveBackOthers(exchange, c); err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		if _, err := r.settle(exchange, c, taken); err != nil {
			return err
		}
		reached()
		if err := r.recover(ctx, c, taken, codec, sink); err != nil {
			return err
		}
		if err := r.takeMore(ctx, c, taken, codec, sink); err != nil {
			return err
		}
		for r.underWay() && ctx.Err() == nil {
			r.wait(ctx)
		}
		r.mu.Lock()
		r.mu.settled = 0 // not known to be at the list's front: all of it comes again
		r.mu.Unlock()
	}
	return nil
}

// recover hands over the items behind those that this run has in work.
func (r *redisReader) recover(ctx context.Context, c *dial.Redis, taken string, codec pipeline.Codec, sink pipeline.Sink) error {
	for have := r.held(); ctx.Err() == nil; {
		reply, err := c.Do(context.WithoutCancel(ctx), "LRANGE", taken, strconv.Itoa(have), strconv.Itoa(have+r.batch-1))
		if err != nil || len(reply.List) == 0 {
			return err
		}
		have += len(reply.List)
		r.push(ctx, reply.List, codec, sink)
	}
	return nil
}

// takeMore takes items until ctx ends or the reader's own list turns out to hold more than it has taken: a command of an earlier
// connection can reach the server late.
func (r *redisReader) takeMore(ctx context.Context, c *dial.Redis, taken string, codec pipeline.Codec, sink pipeline.Sink) error {
	for ctx.Err() == nil {
		reply, err := c.Do(context.WithoutCancel(ctx), "EVAL", takeItems, "2", r.key, taken, strconv.Itoa(r.batch))
		if err != nil {
			return err
		}
		if len(reply.List) > 0 {
			r.push(ctx, reply.List, codec, sink)
		} else {
			r.wait(ctx)
		}
		if inOrder, err := r.settle(context.WithoutCancel(ctx), c, taken); err != nil || !inOrder {
			return err
		}
	}
	return nil
}

func (r *redisReader) underWay() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.mu.waiting) > 0
}

// wait waits for a moment, or until there is something to settle.
func (r *redisReader) wait(ctx context.Context) {
	timer := time.NewTimer(redisPause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.settled:
	case <-ctx.Done():
	}
}

// held is how many items are in the list of taken ones, as far as this run knows.
func (r *redisReader) held() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.mu.settled
	for _, b := range r.mu.waiting {
		n += b.items
	}
	return n
}

// settle removes what is acknowledged from the list of taken items. A removal whose answer was lost before is noticed by the list's
// length, as nobody else changes it. inOrder is false when the list is longer than it can be.
func (r *redisReader) settle(ctx context.Context, c *dial.Redis, taken string) (inOrder bool, err error) {
	held := r.held()
	r.mu.Lock()
	n := r.mu.settled
	r.mu.Unlock()
	reply, err := c.Do(ctx, "EVAL", settleItems, "1", taken, strconv.Itoa(n), strconv.Itoa(held))
	if err != nil {
		return false, err
	}
	left := int(reply.Int)
	r.mu.Lock()
	r.mu.settled -= min(max(held-left, 0), n)
	r.mu.Unlock()
	return left <= held, nil
}

// push hands over items as one batch. When ctx ends before, they stay where they are and come again.
func (r *redisReader) push(ctx context.Context, items []dial.RedisReply, codec pipeline.Codec, sink pipeline.Sink) {
	var events []*event.Event
	add := func(ev *event.Event) { events = append(events, ev) }
	now := r.env.Now()
	for _, item := range items {
		codec.Decode(item.Text, now, add)
		codec.Flush(now, add)
	}
	batch := &redisBatch{items: len(items)}
	r.mu.Lock()
	r.mu.waiting = append(r.mu.waiting, batch)
	r.mu.Unlock()
	receipt := event.NewReceipt(len(events), func() { r.acknowledge(batch) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	if len(events) == 0 {
		return
	}
	if err := sink.Push(ctx, events); err != nil {
		r.env.Logger.Debug("items were not handed over; they come again", "key", r.key, "items", len(items), "error", err)
	}
}

func (r *redisReader) acknowledge(batch *redisBatch) {
	r.mu.Lock()
	batch.done = true
	for len(r.mu.waiting) > 0 && r.mu.waiting[0].done {
		r.mu.settled += r.mu.waiting[0].items
		r.mu.waiting = r.mu.waiting[1:]
	}
	due := r.mu.settled > 0
	r.mu.Unlock()
	if due {
		select {
		case r.settled <- struct{}{}:
		default:
		}
	}
}

var redisChannelPath = event.MustPath("[@metadata][redis_channel]")

func (r *redisReader) subscribe(ctx context.Context, c *dial.Redis, sink pipeline.Sink, reached func()) error {
	command, kind, at := "SUBSCRIBE", "message", 1
	if r.dataType == "pattern_channel" {
		command, kind, at = "PSUBSCRIBE", "pmessage", 2 // kind, pattern, channel, message
	}
	c.Queue(command, r.key)
	if _, err := c.Flush(ctx, 0); err != nil { // its answer comes among the messages
		return err
	}
	codec := r.newCodec()
	for {
		reply, err := c.Receive(ctx)
		if err != nil {
			return err
		}
		reached()
		if len(reply.List) != at+2 || string(reply.List[0].Text) != kind {
			continue
		}
		var events []*event.Event
		add := func(ev *event.Event) {
			ev.Set(redisChannelPath, event.StringOf(strings.ToValidUTF8(string(reply.List[at].Text), "\ufffd")))
			events = append(events, ev)
		}
		now := r.env.Now()
		codec.Decode(reply.List[at+1].Text, now, add)
		codec.Flush(now, add)
		if len(events) > 0 {
			if err := sink.Push(ctx, events); err != nil {
				return nil // ctx has ended
			}
		}
	}
}
