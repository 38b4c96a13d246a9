package output

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func kafkaCluster(t *testing.T, opts ...kfake.Opt) (c *kfake.Cluster, brokers string) {
	t.Helper()
	c, err := kfake.NewCluster(append(opts, kfake.NumBrokers(1), kfake.AllowAutoTopicCreation())...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, strings.Join(c.ListenAddrs(), ",")
}

// records reads n records of a topic, each as key=value with headers.
func records(t *testing.T, brokers, topic string, n int) []string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(brokers, ",")...), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var got []string
	for len(got) < n {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			text := string(r.Key) + "=" + string(r.Value)
			for _, h := range r.Headers {
				text += " " + h.Key + ":" + string(h.Value)
			}
			got = append(got, text)
		})
	}
	return got
}

func buildKafka(t *testing.T, brokers string, options ...plugin.Pair) (*kafkaProducer, *letters) {
	t.Helper()
	env, kept := testEnv()
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "kafka", Options: append(options, text("bootstrap_servers", brokers))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := out.Close(); err != nil {
			t.Error(err)
		}
	})
	return out.(*kafkaProducer), kept
}

func TestKafkaRecords(t *testing.T) {
	_, brokers := kafkaCluster(t, kfake.SeedTopics(1, "logs-a"))
	for i, options := range [][]plugin.Pair{{text("acks", "all"), text("compression_type", "gzip")}, {text("compression_type", "zstd")}, {text("compression_type", "lz4"), text("partitioner", "round_robin")},
		{text("compression_type", "snappy"), text("partitioner", "uniform_sticky")}, {text("acks", "0")}} {
		out, kept := buildKafka(t, brokers, append(options, text("topic_id", "logs-%{s}"), text("codec", "json"), text("message_key", "%{k}"), hash("message_headers", "h", "%{s}!"))...)
		if err := out.Write(t.Context(), []*event.Event{doc(t, `{"s":"a","k":"key"}`)}); err != nil {
			t.Fatal(err)
		}
		got := records(t, brokers, "logs-a", i+1)
		if want := `key={"@timestamp":"2026-01-15T12:00:00.000Z","s":"a","k":"key"} h:a!`; got[i] != want || len(kept.kept) > 0 {
			t.Errorf("got %s, want %s, %d dead letters", got[i], want, len(kept.kept))
		}
	}
	out, _ := buildKafka(t, brokers, text("topic_id", "plain"))
	if err := out.Write(t.Context(), []*event.Event{doc(t, `{"message":"m","host":"h"}`)}); err != nil {
		t.Fatal(err)
	}
	if got := records(t, brokers, "plain", 1)[0]; got != "=2026-01-15T12:00:00.000Z h m" {
		t.Errorf("got %s", got)
	}
}

// TestKafkaOutage: a broker that breaks connections and is not the leader for a while gets all records in the end, each in its order.
func TestKafkaOutage(t *testing.T) {
	c, brokers := kafkaCluster(t, kfake.SeedTopics(1, "t"))
	var tries atomic.Int32
	c.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		switch n := tries.Add(1); {
		case n <= 3:
			return nil, errors.New("the connection breaks"), true
		case n <= 6:
			produce := req.(*kmsg.ProduceRequest)
			resp := produce.ResponseKind().(*kmsg.ProduceResponse)
			for _, topic := range produce.Topics {
				answer := kmsg.ProduceResponseTopic{Topic: topic.Topic, TopicID: topic.TopicID}
				for _, p := range topic.Partitions {
					answer.Partitions = append(answer.Partitions, kmsg.ProduceResponseTopicPartition{Partition: p.Partition, ErrorCode: kerr.NotLeaderForPartition.Code})
				}
				resp.Topics = append(resp.Topics, answer)
			}
			return resp, nil, true
		}
		return nil, nil, false
	})
	out, kept := buildKafka(t, brokers, text("topic_id", "t"), text("codec", "json"), text("retry_backoff_ms", "10"), text("metadata_max_age_ms", "1000"))
	if err := out.Write(t.Context(), numbered(t, 100)); err != nil {
		t.Fatal(err)
	}
	for i, got := range records(t, brokers, "t", 100) {
		if want := fmt.Sprintf(`={"@timestamp":"2026-01-15T12:00:00.000Z","n":%d}`, i); got != want {
			t.Fatalf("record %d is %s", i, got)
		}
	}
	if len(kept.kept) != 0 || tries.Load() < 7 {
		t.Errorf("%d dead letters after %d tries", len(kept.kept), tries.Load())
	}
}

func TestKafkaDeadLetters(t *testing.T) {
	_, brokers := kafkaCluster(t)
	out, kept := buildKafka(t, brokers, text("topic_id", "%{t}"), text("codec", "json"), text("max_request_size", "2000"))
	events := []*event.Event{doc(t, `{"t":"good"}`), doc(t, `{"t":"not a topic"}`), doc(t, `{"t":"good","x":"`+strings.Repeat("y", 5000)+`"}`), doc(t, `{}`)}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if got := records(t, brokers, "good", 1); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	var reasons []string
	for _, l := range kept.kept {
		reasons = append(reasons, strings.SplitN(l.Reason, ":", 3)[1])
	}
	if len(reasons) != 3 || !strings.Contains(strings.Join(reasons, ""), "MESSAGE_TOO_LARGE") || !strings.Contains(strings.Join(reasons, ""), "INVALID_TOPIC_EXCEPTION") {
		t.Errorf("dead letters %q", reasons)
	}
}

// TestKafkaStopsWithoutABroker: nothing is acknowledged, and the stop is not held up.
func TestKafkaStopsWithoutABroker(t *testing.T) {
	c, brokers := kafkaCluster(t)
	c.Close()
	out, kept := buildKafka(t, brokers, text("topic_id", "t"))
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- out.Write(ctx, numbered(t, 3)) }()
	waitUntil(t, func() bool { return out.client.BufferedProduceRecords() == 3 })
	cancel()
	if err := <-written; !errors.Is(err, context.Canceled) || len(kept.kept) != 0 {
		t.Errorf("got %v, %d dead letters", err, len(kept.kept))
	}
}

func TestKafkaOptions(t *testing.T) {
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		env, _ := testEnv()
		_, _, err := Table.Build(env, &plugin.BlockConfig{Name: "kafka", Options: append(options, text("topic_id", "t"))})
		switch {
		case want == "" && err != nil:
			t.Errorf("got %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("got %v, want %s", err, want)
		}
	}
	login := text("sasl_jaas_config", `org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b\"c";`)
	f("", text("security_protocol", "SASL_PLAINTEXT"), text("sasl_mechanism", "PLAIN"), login)
	f("", text("security_protocol", "SASL_SSL"), text("sasl_mechanism", "SCRAM-SHA-512"), login)
	f("must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", text("security_protocol", "SASL_PLAINTEXT"), login)
	f("holds no login", text("security_protocol", "SASL_PLAINTEXT"), text("sasl_mechanism", "PLAIN"))
	f("Java's stores are not read", text("security_protocol", "SSL"), text("ssl_truststore_type", "jks"))
	f("schema registries are not asked", text("schema_registry_url", "http://x"))
	f("names no broker", text("bootstrap_servers", " , "))
	f("reads events and cannot write them", text("codec", "es_bulk"))
	f("must lie between", text("max_request_size", "1"))
}

// TestKafkaLogin: records arrive at a broker that asks for a password and speaks TLS, whoever connects.
func TestKafkaLogin(t *testing.T) {
	testKafkaLogin(t, nil)
	var dialed atomic.Int64
	testKafkaLogin(t, func(ctx context.Context, network, address string) (net.Conn, error) {
		dialed.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, address)
	})
	if dialed.Load() == 0 {
		t.Error("the process's own way to connect is not used")
	}
}

func testKafkaLogin(t *testing.T, dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	t.Helper()
	env, _ := testEnv()
	env.Dial = dial
	secure := certificateFiles(t, env.FS)
	_, brokers := kafkaCluster(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "me", "secret"), kfake.TLS(secure), kfake.SeedTopics(1, "t"))
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "kafka", Options: []plugin.Pair{text("topic_id", "t"), text("bootstrap_servers", brokers), text("security_protocol", "SASL_SSL"),
		text("sasl_mechanism", "SCRAM-SHA-256"), text("sasl_jaas_config", `ScramLoginModule required username="me" password="secret";`), text("ssl_truststore_type", "PEM"), text("ssl_truststore_location", "/ca.pem"),
		text("ssl_endpoint_identification_algorithm", "")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Write(t.Context(), numbered(t, 2)); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
