package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

func kafkaCluster(t *testing.T, partitions int32, topics ...string) (c *kfake.Cluster, brokers string) {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(partitions, topics...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, strings.Join(c.ListenAddrs(), ",")
}

// produce writes records from..to-1 to a topic, each with its number as value, evenly over the partitions.
func produce(t *testing.T, brokers, topic string, from, to int) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(brokers, ",")...), kgo.DefaultProduceTopic(topic), kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for i := from; i < to; i++ {
		r := &kgo.Record{Value: []byte(strconv.Itoa(i)), Key: []byte("k"), Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("v")}, {Key: "broken", Value: []byte{0xff}}}, Timestamp: time.UnixMilli(1_700_000_000_123)}
		client.Produce(t.Context(), r, func(_ *kgo.Record, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// numbers is a sink that counts messages by their text and acknowledges those that safe says.
type numbers struct {
	mu   sync.Mutex
	seen map[string]int
	safe func(message string) bool
}

func newNumbers(safe func(string) bool) *numbers { return &numbers{seen: map[string]int{}, safe: safe} }

func (n *numbers) Push(_ context.Context, events []*event.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, ev := range events {
		message, _ := ev.Get(messagePath)
		n.seen[message.Str()]++
		if n.safe(message.Str()) {
			ev.Done()
		}
	}
	return nil
}

func (n *numbers) TryPush(events []*event.Event) error { return n.Push(context.Background(), events) }

// distinct is how many messages have come.
func (n *numbers) distinct() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.seen)
}

func (n *numbers) wait(t *testing.T, distinct int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); n.distinct() < distinct; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d messages came, want %d", n.distinct(), distinct)
		}
	}
}

func always(string) bool { return true }

func startKafka(t *testing.T, sink pipeline.Sink, brokers string, options ...plugin.Pair) (stop func()) {
	t.Helper()
	_, stop = startInput(t, netEnv(), sink, "kafka", append(options, textOption("bootstrap_servers", brokers), textOption("auto_offset_reset", "earliest"),
		textOption("retry_backoff_ms", "10"), textOption("fetch_max_wait_ms", "50"))...)
	return stop
}

func TestKafkaDecorates(t *testing.T) {
	_, brokers := kafkaCluster(t, 1, "t")
	produce(t, brokers, "t", 0, 1)
	sink := newBeatsSink(10)
	stop := startKafka(t, sink, brokers, textOption("topics", "t"), textOption("decorate_events", "extended"), textOption("group_id", "g"))
	ev := <-sink.events
	want := `{"kafka":{"topic":"t","consumer_group":"g","partition":0,"offset":0,"key":"k","timestamp":1700000000123,"headers":{"h":"v"}}}`
	if got := string(ev.Metadata().AppendJSON(nil)); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	stop()
	stop = startKafka(t, sink, brokers, textOption("topics_pattern", "[s-u]"), textOption("group_id", "other"))
	if ev := <-sink.events; ev.Metadata().Kind() == event.Object {
		t.Error("metadata without decorate_events")
	}
	stop()
}

// TestKafkaCommitsWhatIsSafe: after a restart the group goes on behind what was acknowledged without a gap: nothing that was not is
// missing.
func TestKafkaCommitsWhatIsSafe(t *testing.T) {
	for _, auto := range []string{"true", "false"} {
		_, brokers := kafkaCluster(t, 1, "t")
		produce(t, brokers, "t", 0, 100)
		options := []plugin.Pair{textOption("topics", "t"), textOption("max_poll_records", "1"), textOption("enable_auto_commit", auto)}
		first := newNumbers(func(message string) bool { return message != "40" })
		stop := startKafka(t, first, brokers, options...)
		first.wait(t, 100)
		stop()
		second := newNumbers(always)
		stop = startKafka(t, second, brokers, options...)
		second.wait(t, 60)
		stop()
		for i := range 100 {
			if got := second.seen[strconv.Itoa(i)]; got != 0 && i < 40 || got != 1 && i >= 40 {
				t.Errorf("after the restart, record %d came %d times", i, got)
			}
		}
		third := newNumbers(always)
		produce(t, brokers, "t", 100, 101)
		stop = startKafka(t, third, brokers, options...)
		third.wait(t, 1)
		stop()
		if third.seen["100"] != 1 || len(third.seen) != 1 {
			t.Errorf("at last came %v", third.seen)
		}
	}
}

// TestKafkaGroup: members that come and go share the partitions; every record comes, and those of a member that left in order only once.
func TestKafkaGroup(t *testing.T) {
	_, brokers := kafkaCluster(t, 6, "t")
	one, two := newNumbers(always), newNumbers(always)
	options := []plugin.Pair{textOption("topics", "t"), textOption("heartbeat_interval_ms", "100"), textOption("auto_commit_interval_ms", "100")}
	stopOne := startKafka(t, one, brokers, append(options, textOption("consumer_threads", "2"))...)
	produce(t, brokers, "t", 0, 600)
	one.wait(t, 600)
	stopTwo := startKafka(t, two, brokers, options...)
	next := 600
	for deadline := time.Now().Add(time.Minute); two.distinct() == 0 && time.Now().Before(deadline); next += 60 { // until it has partitions
		produce(t, brokers, "t", next, next+60)
	}
	stopOne()
	produce(t, brokers, "t", next, next+600)
	next += 600
	all := func() map[string]int {
		sum := map[string]int{}
		for _, n := range []*numbers{one, two} {
			n.mu.Lock()
			for k, v := range n.seen {
				sum[k] += v
			}
			n.mu.Unlock()
		}
		return sum
	}
	for deadline := time.Now().Add(time.Minute); len(all()) < next && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	stopTwo()
	if got := all(); len(got) != next || two.distinct() == 0 {
		t.Errorf("%d records came of %d, %d to the second member", len(got), next, two.distinct())
	}
}

// TestKafkaOutage: brokers that are down at the start, and that break connections later, are waited for.
func TestKafkaOutage(t *testing.T) {
	c, brokers := kafkaCluster(t, 1, "t")
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = door.Close() }()
	var open atomic.Bool
	refused := make(chan struct{}, 100)
	go func() { // a door to the broker that is shut first
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			if !open.Load() {
				_ = conn.Close()
				refused <- struct{}{}
				continue
			}
			broker, err := net.Dial("tcp", brokers)
			if err != nil {
				_ = conn.Close()
				continue
			}
			go func() { _, _ = io.Copy(broker, conn); _ = broker.Close() }()
			go func() { _, _ = io.Copy(conn, broker); _ = conn.Close() }()
		}
	}()
	produce(t, brokers, "t", 0, 50)
	var fetches atomic.Int32
	c.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		if n := fetches.Add(1); n%3 == 1 && n < 12 {
			return nil, errors.New("the connection breaks"), true
		}
		return nil, nil, false
	})
	sink := newNumbers(always)
	stop := startKafka(t, sink, door.Addr().String(), textOption("topics", "t"))
	<-refused
	<-refused
	open.Store(true)
	sink.wait(t, 50)
	produce(t, brokers, "t", 50, 100)
	sink.wait(t, 100)
	stop()
}

func TestKafkaOptions(t *testing.T) {
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		_, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "kafka", Options: options})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f("cannot be used", textOption("topics_pattern", "(?<=x)y"))
	f("must be one of earliest, latest, none", textOption("auto_offset_reset", "smallest"))
	f("must be at least 1", textOption("consumer_threads", "0"))
	f("Kerberos and OAuth are not spoken", textOption("kerberos_config", "/x"))
}

// TestKafkaHostileRecords: what is in a record concerns nobody but its event, and records without events are passed over.
func TestKafkaHostileRecords(t *testing.T) {
	_, brokers := kafkaCluster(t, 1, "t")
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers), kgo.DefaultProduceTopic("t"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	values := [][]byte{nil, {}, []byte("\xff\x00"), []byte(`{"a":`), []byte(strings.Repeat("x", 900_000)), []byte(`[{"message":"1"},{"message":"2"}]`)}
	for _, v := range values {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Value: v, Key: []byte("\xff")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	sink := newBeatsSink(10)
	stop := startKafka(t, sink, brokers, textOption("topics", "t"), textOption("codec", "json"), textOption("decorate_events", "basic"))
	var got []string
	for range 5 {
		ev := <-sink.events
		message, _ := ev.Get(messagePath)
		key, _ := ev.Get(event.MustPath("[@metadata][kafka][key]"))
		got = append(got, fmt.Sprintf("%.6s/%s", message.Str(), key.Str()))
		ev.Done()
	}
	stop()
	if want := "\ufffd\x00/\ufffd|{\"a\":/\ufffd|xxxxxx/\ufffd|1/\ufffd|2/\ufffd"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}

// TestKafkaMovedPartition: records that were fetched before their partition moved away are not taken, as their offset is no longer this
// member's to commit.
func TestKafkaMovedPartition(t *testing.T) {
	env := netEnv()
	newCodec, err := env.Codec(&plugin.BlockConfig{Name: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	m := &kafkaMember{k: &kafkaConsumer{env: env}}
	m.mu.partitions = map[kafkaPartition]*kafkaProgress{}
	m.assigned(t.Context(), nil, map[string][]int32{"t": {0, 1}})
	m.lost(t.Context(), nil, map[string][]int32{"t": {1}})
	sink := newNumbers(func(string) bool { return false })
	for partition, value := range []string{"mine", "moved"} {
		m.take(t.Context(), "t", int32(partition), []*kgo.Record{{Topic: "t", Partition: int32(partition), Value: []byte(value)}}, newCodec(), sink)
	}
	if sink.seen["mine"] != 1 || len(sink.seen) != 1 || len(m.mu.partitions) != 1 {
		t.Errorf("taken %v, owned %v", sink.seen, m.mu.partitions)
	}
}

// TestKafkaNoReset: with auto_offset_reset none the client does not choose an offset itself when the topic lacks the group's.
func TestKafkaNoReset(t *testing.T) {
	for value, want := range map[string]kgo.Offset{"earliest": kgo.NewOffset().AtStart(), "latest": kgo.NewOffset().AtEnd(), "none": kgo.NoResetOffset()} {
		made, _, err := Table.Build(netEnv(), &plugin.BlockConfig{Name: "kafka", Options: []plugin.Pair{textOption("auto_offset_reset", value), textOption("bootstrap_servers", "127.0.0.1:1")}})
		if err != nil {
			t.Fatal(err)
		}
		k := made.(*kafkaConsumer)
		if err := k.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := k.members[0].client.OptValue(kgo.ConsumeResetOffset); got != want {
			t.Errorf("%s: the client goes on at %+v, want %+v", value, got, want)
		}
		k.members[0].client.Close()
	}
}

// TestMessagesAreNotJoined: a codec that joins lines is told to join those of one message only.
func TestMessagesAreNotJoined(t *testing.T) {
	multiline := plugin.Pair{Key: "codec", Value: plugin.Value{Kind: plugin.Block, Block: &plugin.BlockConfig{Name: "multiline", Options: []plugin.Pair{textOption("pattern", "^ "), textOption("what", "previous")}}}}
	for _, block := range []*plugin.BlockConfig{
		{Name: "kafka", Options: []plugin.Pair{multiline}},
		{Name: "redis", Options: []plugin.Pair{multiline, textOption("data_type", "list"), textOption("key", "k")}},
	} {
		_, settings, err := Table.Build(netEnv(), block)
		if err != nil {
			t.Fatal(err)
		}
		if warnings := fmt.Sprint(settings.Warnings); !strings.Contains(warnings, "messages stay apart") {
			t.Errorf("%s: %s", block.Name, warnings)
		}
	}
}
