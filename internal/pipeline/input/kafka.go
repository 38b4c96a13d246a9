package input

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var kafka = pipeline.InputSpec{
	Name:    "kafka",
	Summary: "Reads topics of Kafka as a member of a consumer group. Offsets are committed when the events are safe.",
	Options: slices.Concat([]plugin.Option{
		{Name: "topics", Kind: plugin.Strings, Default: []string{"logstash"}, Help: "Topics to read."},
		{Name: "topics_pattern", Kind: plugin.String, Help: "Expression of topics to read, rather than topics; new ones are found every metadata_max_age_ms."},
		{Name: "group_id", Kind: plugin.String, Default: "logstash", Help: "The group: its members share the partitions."},
		{Name: "group_instance_id", Kind: plugin.String, Help: "Name of this member over restarts, which spares the group a new division of the partitions."},
		{Name: "group_protocol", Kind: plugin.String, Default: "classic", Allowed: []string{"classic"}, Help: "Only classic."},
		{Name: "consumer_threads", Kind: plugin.Integer, Default: 1, Unit: "members", Help: "Members of the group in this input; more than there are partitions is useless."},
		{Name: "auto_offset_reset", Kind: plugin.String, Default: "latest", Allowed: []string{"earliest", "latest", "none"}, Help: "Where to begin when the group has no offset: with the oldest record, with those that are yet to come, or not at all."},
		{Name: "decorate_events", Kind: plugin.String, Default: "none", Allowed: []string{"none", "basic", "extended", "true", "false"}, Help: "What to put into [@metadata][kafka]: basic is topic, partition, offset, key, timestamp and group, extended the headers too."},
		{Name: "enable_auto_commit", Kind: plugin.Boolean, Default: true, Help: "Commit every auto_commit_interval_ms; false commits as soon as a batch is safe. Both commit only what is safe."},
		{Name: "auto_commit_interval_ms", Kind: plugin.Millis, Default: 5000, Help: "How often to commit. A crash repeats what was not committed."},
		{Name: "isolation_level", Kind: plugin.String, Default: "read_uncommitted", Allowed: []string{"read_uncommitted", "read_committed"}, Help: "Whether records of transactions that are not over are read."},
		{Name: "max_poll_records", Kind: plugin.Integer, Default: 500, Help: "Records handed to the pipeline at once."},
		{Name: "fetch_max_bytes", Kind: plugin.Bytes, Default: 52_428_800, Help: "Most that one answer holds."},
		{Name: "fetch_min_bytes", Kind: plugin.Bytes, Default: 1, Help: "The broker waits for so much, or for fetch_max_wait_ms."},
		{Name: "fetch_max_wait_ms", Kind: plugin.Millis, Default: 500, Help: "How long the broker waits."},
		{Name: "max_partition_fetch_bytes", Kind: plugin.Bytes, Default: 1_048_576, Help: "Most of one partition in an answer."},
		{Name: "partition_assignment_strategy", Kind: plugin.String, Allowed: []string{"range", "round_robin", "sticky", "cooperative_sticky"}, Help: "How the group divides partitions; all members need one in common. By default range or cooperative_sticky, as the group prefers."},
		{Name: "session_timeout_ms", Kind: plugin.Millis, Default: 10_000, Help: "After which time without a sign of life the group takes the member's partitions away."},
		{Name: "heartbeat_interval_ms", Kind: plugin.Millis, Default: 3000, Help: "How often a sign of life is given."},
		{Name: "client_rack", Kind: plugin.String, Help: "Where this client is, so that it can read from a replica nearby."},
		{Name: "auto_create_topics", Kind: plugin.Boolean, Default: true, Help: "Let the broker make topics that do not exist."},
		{Name: "check_crcs", Kind: plugin.Boolean, Default: true, Ignored: "checksums are always checked"},
		{Name: "exclude_internal_topics", Kind: plugin.String, Ignored: "internal topics match no pattern"},
		{Name: "max_poll_interval_ms", Kind: plugin.Millis, Ignored: "signs of life do not depend on the pipeline's speed: a store that is slow costs no partitions"},
		{Name: "poll_timeout_ms", Kind: plugin.Millis, Ignored: "records are taken as they come"},
		{Name: "key_deserializer_class", Kind: plugin.String, Ignored: "keys are text"}, {Name: "value_deserializer_class", Kind: plugin.String, Ignored: "the codec reads the values"},
	}, dial.KafkaOptions),
	New: newKafka,
}

type kafkaConsumer struct {
	env      *pipeline.Env
	newCodec pipeline.NewCodec
	opts     []kgo.Opt
	group    string
	clientID string
	instance string
	threads  int
	batch    int
	basic    bool // metadata of the record
	extended bool // and its headers
	members  []*kafkaMember
}

func newKafka(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	k := &kafkaConsumer{env: env, group: s.String("group_id"), clientID: s.String("client_id"), instance: s.String("group_instance_id"),
		threads: int(s.Int("consumer_threads")), batch: int(s.Int("max_poll_records"))}
	switch s.String("decorate_events") {
	case "extended":
		k.basic, k.extended = true, true
	case "basic", "true":
		k.basic = true
	}
	if k.threads < 1 || k.batch < 1 {
		return nil, s.Errorf("consumer_threads", "and max_poll_records must be at least 1")
	}
	var err error
	warnOfJoining(s)
	if k.newCodec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if k.opts, err = dial.Kafka(env, s); err != nil {
		return nil, err
	}
	commit := max(s.Duration("auto_commit_interval_ms"), 100*time.Millisecond)
	if !s.Bool("enable_auto_commit") {
		commit = 100 * time.Millisecond
	}
	k.opts = append(k.opts, kgo.ConsumerGroup(k.group), kgo.AutoCommitMarks(), kgo.AutoCommitInterval(commit),
		kgo.FetchMaxBytes(int32(s.Bytes("fetch_max_bytes"))), kgo.FetchMinBytes(int32(s.Bytes("fetch_min_bytes"))), kgo.FetchMaxWait(s.Duration("fetch_max_wait_ms")),
		kgo.FetchMaxPartitionBytes(int32(min(s.Bytes("max_partition_fetch_bytes"), s.Bytes("fetch_max_bytes")))), kgo.Rack(s.String("client_rack")),
		kgo.SessionTimeout(s.Duration("session_timeout_ms")), kgo.HeartbeatInterval(s.Duration("heartbeat_interval_ms")))
	offset := map[string]kgo.Offset{"earliest": kgo.NewOffset().AtStart(), "latest": kgo.NewOffset().AtEnd(), "none": kgo.NewOffset().AtCommitted()}[s.String("auto_offset_reset")]
	k.opts = append(k.opts, kgo.ConsumeStartOffset(offset))
	if s.String("auto_offset_reset") == "none" {
		offset = kgo.NoResetOffset()
	}
	k.opts = append(k.opts, kgo.ConsumeResetOffset(offset))
	if s.String("isolation_level") == "read_committed" {
		k.opts = append(k.opts, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	if s.Bool("auto_create_topics") {
		k.opts = append(k.opts, kgo.AllowAutoTopicCreation())
	}
	balancers := map[string][]kgo.GroupBalancer{"range": {kgo.RangeBalancer()}, "round_robin": {kgo.RoundRobinBalancer()}, "sticky": {kgo.StickyBalancer()},
		"cooperative_sticky": {kgo.CooperativeStickyBalancer()}, "": {kgo.RangeBalancer(), kgo.CooperativeStickyBalancer()}}
	k.opts = append(k.opts, kgo.Balancers(balancers[s.String("partition_assignment_strategy")]...))
	return k, k.setTopics(s)
}

func (k *kafkaConsumer) setTopics(s *plugin.Settings) error {
	if !s.Has("topics_pattern") {
		if len(s.Strings("topics")) == 0 {
			return s.Errorf("topics", "names no topic")
		}
		k.opts = append(k.opts, kgo.ConsumeTopics(s.Strings("topics")...))
		return nil
	}
	if s.Has("topics") {
		s.Warn("topics", "is overruled by topics_pattern")
	}
	whole := "^(?:" + s.String("topics_pattern") + ")$" // as Java's matches
	if _, err := regexp.Compile(whole); err != nil {
		return s.Errorf("topics_pattern", "is an expression that cannot be used: %v", err)
	}
	k.opts = append(k.opts, kgo.ConsumeRegex(), kgo.ConsumeTopics(whole))
	return nil
}

// Open makes the clients. They connect later, and as often as it takes: a broker that is down is no fault of the configuration.
func (k *kafkaConsumer) Open(context.Context) error {
	for i := range k.threads {
		m := &kafkaMember{k: k}
		m.mu.partitions = map[kafkaPartition]*kafkaProgress{}
		opts := append(slices.Clone(k.opts), kgo.ClientID(k.clientID+"-"+strconv.Itoa(i)), kgo.OnPartitionsAssigned(m.assigned), kgo.OnPartitionsRevoked(m.revoked), kgo.OnPartitionsLost(m.lost))
		if k.instance != "" {
			instance := k.instance
			if k.threads > 1 {
				instance += "-" + strconv.Itoa(i)
			}
			opts = append(opts, kgo.InstanceID(instance))
		}
		var err error
		if m.client, err = kgo.NewClient(opts...); err != nil {
			return errors.Join(fmt.Errorf("make a Kafka client: %w", err), k.Close())
		}
		k.members = append(k.members, m)
	}
	return nil
}

// kafkaCloseTimeout bounds how long the last offsets may take to be committed.
const kafkaCloseTimeout = 5 * time.Second

// Close commits what has become safe and leaves the group.
func (k *kafkaConsumer) Close() error {
	var errs []error
	for _, m := range k.members {
		ctx, cancel := context.WithTimeout(context.Background(), kafkaCloseTimeout)
		if err := m.client.CommitMarkedOffsets(ctx); err != nil && !errors.Is(err, kgo.ErrClientClosed) {
			errs = append(errs, fmt.Errorf("commit the last offsets: %w", err))
		}
		if err := m.client.LeaveGroupContext(ctx); err != nil {
			k.env.Logger.Info("kafka: the group was not left in order; it will notice", "group", k.group, "error", err)
		}
		cancel()
		m.client.Close()
	}
	k.members = nil
	return errors.Join(errs...)
}

// Run reads until ctx ends.
func (k *kafkaConsumer) Run(ctx context.Context, sink pipeline.Sink) error {
	var running sync.WaitGroup
	for _, m := range k.members {
		running.Go(func() { m.run(ctx, sink) })
	}
	running.Wait()
	return nil
}

// kafkaMember is one member of the group.
type kafkaMember struct {
	k      *kafkaConsumer
	client *kgo.Client
	mu     struct {
		sync.Mutex
		partitions map[kafkaPartition]*kafkaProgress // those that are the member's
	}
}

type kafkaPartition struct {
	topic     string
	partition int32
}

// kafkaProgress is how far a partition is acknowledged. Its fields belong to the member's lock.
type kafkaProgress struct {
	waiting []*kafkaBatch // in order; acknowledged in any order
	gone    bool          // the partition belongs to another member now
}

type kafkaBatch struct {
	next kgo.EpochOffset // the record behind it
	done bool
}

func (m *kafkaMember) run(ctx context.Context, sink pipeline.Sink) {
	codec := m.k.newCodec()
	for ctx.Err() == nil {
		fetches := m.client.PollRecords(ctx, m.k.batch)
		if fetches.IsClientClosed() || ctx.Err() != nil {
			return
		}
		failed := false
		fetches.EachError(func(topic string, partition int32, err error) {
			failed = true
			m.k.env.Logger.Error("cannot read from kafka; trying again", "topic", topic, "partition", partition, "error", err)
		})
		if failed && fetches.NumRecords() == 0 {
			pause(ctx, time.Second)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			if len(p.Records) > 0 && ctx.Err() == nil {
				m.take(ctx, p.Topic, p.Partition, p.Records, codec, sink)
			}
		})
	}
}

// take pushes a partition's records as one batch, which is acknowledged as a whole. Records that were fetched before the partition moved
// away are its new owner's.
func (m *kafkaMember) take(ctx context.Context, topic string, partition int32, records []*kgo.Record, codec pipeline.Codec, sink pipeline.Sink) {
	at := kafkaPartition{topic, partition}
	m.mu.Lock()
	progress := m.mu.partitions[at]
	m.mu.Unlock()
	if progress == nil {
		m.k.env.Logger.Debug("kafka: a partition moved before its records were taken", "topic", topic, "partition", partition)
		return
	}
	var events []*event.Event
	now := m.k.env.Now()
	for _, r := range records {
		before := len(events)
		add := func(ev *event.Event) { events = append(events, ev) }
		codec.Decode(r.Value, now, add)
		codec.Flush(now, add)
		for _, ev := range events[before:] {
			m.decorate(ev, r)
		}
	}
	last := records[len(records)-1]
	batch := &kafkaBatch{next: kgo.EpochOffset{Epoch: last.LeaderEpoch, Offset: last.Offset + 1}}
	m.mu.Lock()
	progress.waiting = append(progress.waiting, batch)
	m.mu.Unlock()
	receipt := event.NewReceipt(len(events), func() { m.acknowledge(at, progress, batch) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	if len(events) == 0 {
		return
	}
	if err := sink.Push(ctx, events); err != nil {
		m.k.env.Logger.Debug("kafka: records were not taken; they come again", "topic", topic, "partition", partition, "error", err)
	}
}

// acknowledge marks for the next commit what is safe up to the first batch that is not.
func (m *kafkaMember) acknowledge(at kafkaPartition, progress *kafkaProgress, batch *kafkaBatch) {
	m.mu.Lock()
	defer m.mu.Unlock()
	batch.done = true
	n := 0
	for n < len(progress.waiting) && progress.waiting[n].done {
		n++
	}
	if n == 0 {
		return
	}
	next := progress.waiting[n-1].next
	clear(progress.waiting[:n])
	progress.waiting = progress.waiting[n:]
	if !progress.gone {
		m.client.MarkCommitOffsets(map[string]map[int32]kgo.EpochOffset{at.topic: {at.partition: next}})
	}
}

// revokePatience is how long the group waits for records under way before a partition moves: what becomes safe by then is not
// read again by its new owner.
const revokePatience = 3 * time.Second

// assigned is called before records of partitions are fetched.
func (m *kafkaMember) assigned(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for topic, numbers := range partitions {
		for _, n := range numbers {
			m.mu.partitions[kafkaPartition{topic, n}] = &kafkaProgress{}
		}
	}
}

// revoked is called before partitions move to another member.
func (m *kafkaMember) revoked(ctx context.Context, client *kgo.Client, partitions map[string][]int32) {
	deadline := time.Now().Add(revokePatience)
	for m.underWay(partitions) && time.Now().Before(deadline) && ctx.Err() == nil {
		pause(ctx, 10*time.Millisecond)
	}
	if err := client.CommitMarkedOffsets(ctx); err != nil {
		m.k.env.Logger.Warn("kafka: offsets were not committed before partitions move; their records are read again", "error", err)
	}
	m.lost(ctx, client, partitions)
}

func (m *kafkaMember) underWay(partitions map[string][]int32) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for topic, numbers := range partitions {
		for _, n := range numbers {
			if p := m.mu.partitions[kafkaPartition{topic, n}]; p != nil && len(p.waiting) > 0 {
				return true
			}
		}
	}
	return false
}

// lost forgets partitions: acknowledgements of their records no longer count.
func (m *kafkaMember) lost(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for topic, numbers := range partitions {
		for _, n := range numbers {
			at := kafkaPartition{topic, n}
			if p := m.mu.partitions[at]; p != nil {
				p.gone = true
				delete(m.mu.partitions, at)
			}
		}
	}
}

var kafkaMetadataPath = event.MustPath("[@metadata][kafka]")

func (m *kafkaMember) decorate(ev *event.Event, r *kgo.Record) {
	if !m.k.basic {
		return
	}
	md := event.NewObject()
	md.SetMember("topic", event.StringOf(r.Topic))
	md.SetMember("consumer_group", event.StringOf(m.k.group))
	md.SetMember("partition", event.IntOf(int64(r.Partition)))
	md.SetMember("offset", event.IntOf(r.Offset))
	if r.Key == nil {
		md.SetMember("key", event.NullValue)
	} else {
		md.SetMember("key", event.StringOf(string([]rune(string(r.Key))))) // every byte that is no UTF-8 becomes U+FFFD
	}
	md.SetMember("timestamp", event.IntOf(r.Timestamp.UnixMilli()))
	if m.k.extended {
		headers := event.NewObject()
		for _, h := range r.Headers {
			if h.Value != nil && utf8.Valid(h.Value) {
				headers.SetMember(h.Key, event.StringOf(string(h.Value)))
			}
		}
		if headers.Len() > 0 {
			md.SetMember("headers", headers)
		}
	}
	ev.Set(kafkaMetadataPath, md)
}

// warnOfJoining says that messages are not joined. Logstash's multiline joins those that one thread gets, of whatever partition, and holds
// the last ones back although they count as read.
func warnOfJoining(s *plugin.Settings) {
	if block := s.Codec("codec"); block != nil && block.Name == "multiline" {
		s.Warn("codec", "multiline joins the lines of one message: messages stay apart. Join lines where they are read, before they are sent")
	}
}
