package output

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var kafka = pipeline.OutputSpec{
	Name:    "kafka",
	Summary: "Writes events as records to Kafka.",
	Options: slices.Concat([]plugin.Option{
		{Name: "topic_id", Kind: plugin.String, Required: true, Help: "Topic; may hold %{references}."},
		{Name: "codec", Kind: plugin.Codec, Default: "plain", Help: "How events are written; json keeps all of an event, plain its time, host and message."},
		{Name: "message_key", Kind: plugin.String, Help: "Key of the record, with %{references}: records of one key stay in order, in one partition."},
		{Name: "message_headers", Kind: plugin.Hash, Help: "Headers of the record; values may hold %{references}."},
		{Name: "acks", Kind: plugin.String, Default: "1", Allowed: []string{"0", "1", "all"}, Help: "Who must have a record before it counts as written: nobody, the partition's leader, or all replicas in sync. With 0 a loss is not noticed; 1 loses records whose leader dies before others have them."},
		{Name: "compression_type", Kind: plugin.String, Default: "none", Allowed: []string{"none", "gzip", "snappy", "lz4", "zstd"}, Help: "How batches are packed."},
		{Name: "partitioner", Kind: plugin.String, Allowed: []string{"default", "round_robin", "uniform_sticky"}, Help: "Where records go: default keeps keys together and others in batches, round_robin spreads all, uniform_sticky ignores keys."},
		{Name: "linger_ms", Kind: plugin.Millis, Default: 5, Help: "How long a batch waits for more records."},
		{Name: "max_request_size", Kind: plugin.Bytes, Default: 1_048_576, Help: "Largest batch and so largest record; a larger one is a dead letter."},
		{Name: "buffer_memory", Kind: plugin.Bytes, Default: 33_554_432, Help: "Records held at most that are not written yet; then the pipeline waits."},
		{Name: "batch_size", Kind: plugin.Bytes, Default: 16_384, Ignored: "batches are as large as max_request_size allows and what waits for a partition"},
		{Name: "retries", Kind: plugin.Integer, Help: "How often a record is sent again before it becomes a dead letter; without it, until it is written."},
		{Name: "metadata_fetch_timeout_ms", Kind: plugin.Millis, Ignored: "the pipeline waits for the brokers as long as it runs"},
		{Name: "key_serializer", Kind: plugin.String, Ignored: "keys are text"}, {Name: "value_serializer", Kind: plugin.String, Ignored: "the codec writes the values"},
	}, dial.KafkaOptions),
	New: newKafka,
}

type kafkaProducer struct {
	env      *pipeline.Env
	client   *kgo.Client
	topic    *event.Template
	key      *event.Template // nil for none
	headers  []headerTemplate
	finite   bool // retries are limited
	newCodec pipeline.NewCodec
	codecs   sync.Pool // of pipeline.Codec: one for each worker
}

func newKafka(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	if _, err := encoder(env, s); err != nil {
		return nil, err
	}
	newCodec, err := env.Codec(s.Codec("codec"))
	if err != nil {
		return nil, err
	}
	o := &kafkaProducer{env: env, newCodec: newCodec}
	o.codecs.New = func() any { return newCodec() }
	if o.topic, err = event.CompileTemplate(s.String("topic_id")); err != nil {
		return nil, s.Errorf("topic_id", "%v", err)
	}
	if s.Has("message_key") {
		if o.key, err = event.CompileTemplate(s.String("message_key")); err != nil {
			return nil, s.Errorf("message_key", "%v", err)
		}
	}
	for _, p := range s.Pairs("message_headers") {
		value, err := event.CompileTemplate(p.Value.Str)
		if err != nil {
			return nil, s.Errorf("message_headers", "%v", err)
		}
		o.headers = append(o.headers, headerTemplate{p.Key, value})
	}
	opts, err := kafkaProducerOptions(env, s)
	if err != nil {
		return nil, err
	}
	if o.finite = s.Has("retries"); o.finite {
		if s.Int("retries") < 0 {
			return nil, s.Errorf("retries", "must not be below 0")
		}
		opts = append(opts, kgo.RecordRetries(int(s.Int("retries"))))
	}
	if o.client, err = kgo.NewClient(opts...); err != nil { // which connects when it has something to write
		return nil, err
	}
	return o, nil
}

func kafkaProducerOptions(env *pipeline.Env, s *plugin.Settings) ([]kgo.Opt, error) {
	opts, err := dial.Kafka(env, s)
	if err != nil {
		return nil, err
	}
	opts = append(opts, kgo.AllowAutoTopicCreation(), kgo.ProducerLinger(s.Duration("linger_ms")), kgo.MaxBufferedBytes(int(max(s.Bytes("buffer_memory"), 1))))
	switch size := s.Bytes("max_request_size"); {
	case size < 1<<10 || size > 100<<20:
		return nil, s.Errorf("max_request_size", "must lie between 1 KB and 100 MB")
	default:
		opts = append(opts, kgo.ProducerBatchMaxBytes(int32(size)))
	}
	switch s.String("acks") {
	case "0":
		opts = append(opts, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	case "1":
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(1))
	}
	codecs := map[string]kgo.CompressionCodec{"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression()}
	opts = append(opts, kgo.ProducerBatchCompression(codecs[s.String("compression_type")]))
	switch s.String("partitioner") {
	case "round_robin":
		opts = append(opts, kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	case "uniform_sticky":
		opts = append(opts, kgo.RecordPartitioner(kgo.StickyPartitioner()))
	}
	return opts, nil
}

// Write writes records and returns when the brokers have them, as acks says. What a broker refuses for good (a record that is too
// large, a topic that cannot be) is a dead letter.
func (o *kafkaProducer) Write(ctx context.Context, events []*event.Event) error {
	pending := events
	retry := newBackoff()
	for len(pending) > 0 {
		errs := o.produce(ctx, pending)
		var again []*event.Event
		var letters []pipeline.DeadLetter
		var reason error
		for i, err := range errs {
			switch {
			case err == nil:
			case o.refused(err):
				letters = append(letters, pipeline.DeadLetter{Time: o.env.Now(), Reason: "kafka: " + err.Error(), Event: pending[i]})
			default:
				again, reason = append(again, pending[i]), err
			}
		}
		if err := bury(ctx, o.env, letters); err != nil {
			return err
		}
		if pending = again; len(pending) == 0 {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.env.Logger.Warn("kafka does not take records now; trying again", "records", len(pending), "error", reason)
		if err := retry.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// produce sends records and waits for their fates.
func (o *kafkaProducer) produce(ctx context.Context, events []*event.Event) []error {
	codec := o.codecs.Get().(pipeline.Codec)
	defer o.codecs.Put(codec)
	errs := make([]error, len(events))
	var flying sync.WaitGroup
	for i, ev := range events {
		r := &kgo.Record{Topic: o.topic.Expand(ev), Value: codec.Encode(nil, ev)}
		if o.key != nil {
			r.Key = []byte(o.key.Expand(ev))
		}
		for _, h := range o.headers {
			r.Headers = append(r.Headers, kgo.RecordHeader{Key: h.name, Value: []byte(h.value.Expand(ev))})
		}
		if !possibleTopic(r.Topic) {
			errs[i] = fmt.Errorf("%w: %q", kerr.InvalidTopicException, r.Topic)
			continue
		}
		flying.Add(1)
		o.client.Produce(ctx, r, func(_ *kgo.Record, err error) {
			errs[i] = err
			flying.Done()
		})
	}
	flying.Wait()
	return errs
}

// possibleTopic knows Kafka's rule for names.
func possibleTopic(name string) bool {
	const longest = 249
	return name != "" && len(name) <= longest && name != "." && name != ".." && strings.IndexFunc(name, func(r rune) bool {
		return r != '.' && r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// refused says that sending a record again cannot help.
func (o *kafkaProducer) refused(err error) bool {
	if o.finite && errors.Is(err, kgo.ErrRecordRetries) {
		return true
	}
	for _, final := range []error{kerr.MessageTooLarge, kerr.InvalidTopicException, kerr.InvalidRecord, kerr.RecordListTooLarge, kerr.UnsupportedForMessageFormat} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// Close lets go of the connections; Write has waited for all records.
func (o *kafkaProducer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := o.client.Flush(ctx)
	o.client.Close()
	return err
}
