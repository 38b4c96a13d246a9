package output

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var redis = pipeline.OutputSpec{
	Name:    "redis",
	Summary: "Appends events to a list of Redis, or publishes them in a channel.",
	Options: slices.Concat([]plugin.Option{
		{Name: "data_type", Kind: plugin.String, Required: true, Allowed: []string{"list", "channel"}, Help: "list keeps events until somebody takes them; channel gives them to those who listen."},
		{Name: "key", Kind: plugin.String, Required: true, Help: "The list or channel; may hold %{references}."},
		{Name: "host", Kind: plugin.Strings, Default: []string{"127.0.0.1"}, Help: "Servers, as host or host:port: one is written to, the next one when that fails."},
		{Name: "port", Kind: plugin.Integer, Default: 6379, Help: "Port of those that name none."},
		{Name: "shuffle_hosts", Kind: plugin.Boolean, Default: true, Help: "Begin with any server, rather than with the first."},
		{Name: "db", Kind: plugin.Integer, Default: 0, Help: "The database's number."},
		{Name: "password", Kind: plugin.Password, Help: "Password to log in with."},
		{Name: "timeout", Kind: plugin.Seconds, Default: 5, Help: "Time for one exchange with the server."},
		{Name: "reconnect_interval", Kind: plugin.Seconds, Default: 1, Help: "Pause before trying again after a failure."},
		{Name: "congestion_threshold", Kind: plugin.Integer, Default: 0, Unit: "items", Help: "A list with more items is not written to until it is shorter, and the pipeline waits; 0 is no limit."},
		{Name: "congestion_interval", Kind: plugin.Seconds, Default: 1, Help: "How often that is looked at."},
		{Name: "batch", Kind: plugin.Boolean, Ignored: "a batch of the pipeline is always one exchange"}, {Name: "batch_events", Kind: plugin.Integer, Ignored: "a batch of the pipeline is one exchange"},
		{Name: "batch_timeout", Kind: plugin.Integer, Ignored: "events are written at once"},
		{Name: "codec", Kind: plugin.Codec, Default: "json", Help: "How events are written."},
		{Name: "ssl_enabled", Kind: plugin.Boolean, Help: "Speak TLS."},
		{Name: "ssl_key_passphrase", Kind: plugin.Password, Unsupported: "keys with a passphrase are not read"},
	}, dial.TLSOptions),
	New: newRedis,
}

type redisWriter struct {
	env       *pipeline.Env
	targets   []dial.RedisTarget
	command   string
	key       *event.Template
	pause     time.Duration
	threshold int64
	interval  time.Duration
	mu        struct {
		sync.Mutex // held for a whole batch
		codec      pipeline.Codec
		conn       *dial.Redis // nil while there is none
		target     int         // the one to dial next
	}
}

func newRedis(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	codec, err := encoder(env, s)
	if err != nil {
		return nil, err
	}
	o := &redisWriter{env: env, command: "RPUSH", pause: max(s.Duration("reconnect_interval"), firstRetry), threshold: s.Int("congestion_threshold"),
		interval: max(s.Duration("congestion_interval"), firstRetry)}
	if s.String("data_type") == "channel" {
		o.command, o.threshold = "PUBLISH", 0
	}
	if o.key, err = event.CompileTemplate(s.String("key")); err != nil {
		return nil, s.Errorf("key", "%v", err)
	}
	secure, err := dial.TLS(env, s)
	if err != nil {
		return nil, err
	}
	if s.Duration("timeout") <= 0 {
		return nil, s.Errorf("timeout", "must be more than 0")
	}
	for _, host := range s.Strings("host") {
		t := dial.RedisTarget{Network: "tcp", Address: host, Password: s.String("password"), Database: s.Int("db"), Timeout: s.Duration("timeout")}
		name, _, err := net.SplitHostPort(host)
		if err != nil {
			name = strings.Trim(host, "[]")
			t.Address = net.JoinHostPort(name, event.IntOf(s.Int("port")).Text())
		}
		if s.Bool("ssl_enabled") {
			t.TLS = secure.Clone()
			t.TLS.ServerName = name
		}
		o.targets = append(o.targets, t)
	}
	if len(o.targets) == 0 {
		return nil, s.Errorf("host", "names no server")
	}
	if s.Bool("shuffle_hosts") {
		rand.Shuffle(len(o.targets), func(i, j int) { o.targets[i], o.targets[j] = o.targets[j], o.targets[i] })
	}
	o.mu.codec = codec
	return o, nil
}

// redisItems are the events of one key.
type redisItems struct {
	key    string
	values []string
	events []*event.Event
}

// Write writes a batch in one exchange for each key. What the server refuses for good (a key that is no list) is a dead letter; a
// connection that breaks has the key's events written once more, and so perhaps twice.
func (o *redisWriter) Write(ctx context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var groups []*redisItems
	byKey := map[string]*redisItems{}
	for _, ev := range events {
		key := o.key.Expand(ev)
		g := byKey[key]
		if g == nil {
			g = &redisItems{key: key}
			byKey[key] = g
			groups = append(groups, g)
		}
		g.values = append(g.values, string(o.mu.codec.Encode(nil, ev)))
		g.events = append(g.events, ev)
	}
	for _, g := range groups {
		for {
			err := o.sendLocked(ctx, g)
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var refused *dial.RedisError
			if errors.As(err, &refused) && strings.HasPrefix(refused.Text, "WRONGTYPE") {
				letters := make([]pipeline.DeadLetter, len(g.events))
				for i, ev := range g.events {
					letters[i] = pipeline.DeadLetter{Time: o.env.Now(), Reason: refused.Error(), Event: ev}
				}
				if err := bury(ctx, o.env, letters); err != nil {
					return err
				}
				break
			}
			o.env.Logger.Warn("cannot write to redis; trying again", "key", g.key, "error", err)
			if err := pipeline.Wait(ctx, o.pause); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *redisWriter) sendLocked(ctx context.Context, g *redisItems) error {
	if o.mu.conn == nil {
		target := o.targets[o.mu.target%len(o.targets)]
		o.mu.target++
		c, err := dial.DialRedis(ctx, target)
		if err != nil {
			return err
		}
		o.mu.conn = c
	}
	err := o.uncongested(ctx, g.key)
	if err == nil {
		if o.command == "RPUSH" {
			o.mu.conn.Queue(append([]string{"RPUSH", g.key}, g.values...)...)
			_, err = o.mu.conn.Flush(ctx, 1)
		} else {
			for _, v := range g.values {
				o.mu.conn.Queue("PUBLISH", g.key, v)
			}
			_, err = o.mu.conn.Flush(ctx, len(g.values))
		}
	}
	var refused *dial.RedisError
	if err != nil && (!errors.As(err, &refused) || !strings.HasPrefix(refused.Text, "WRONGTYPE")) {
		o.dropLocked()
	}
	return err
}

// uncongested waits until a list is short enough.
func (o *redisWriter) uncongested(ctx context.Context, key string) error {
	for o.threshold > 0 {
		reply, err := o.mu.conn.Do(ctx, "LLEN", key)
		if err != nil || reply.Int <= o.threshold {
			return err
		}
		o.env.Logger.Warn("redis has too many items; waiting until they are fewer", "key", key, "items", reply.Int, "threshold", o.threshold)
		if err := pipeline.Wait(ctx, o.interval); err != nil {
			return err
		}
	}
	return nil
}

func (o *redisWriter) dropLocked() {
	if o.mu.conn == nil {
		return
	}
	if err := o.mu.conn.Close(); err != nil {
		o.env.Logger.Debug("cannot close connection", "error", err)
	}
	o.mu.conn = nil
}

func (o *redisWriter) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropLocked()
	return nil
}
