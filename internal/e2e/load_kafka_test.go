package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// kafkaBatch is the number of records of one request.
	kafkaBatch = 50
	// kafkaInterval paces the records: a program that is down for a second has some thousands to catch up with.
	kafkaInterval = 10 * time.Millisecond
)

// kafkaLoad writes records to a topic of its own, whether the program runs or not. What the program acknowledged is what its group, which
// has the topic's name, has committed.
type kafkaLoad struct {
	t         *testing.T
	client    *kgo.Client
	topic     string
	keys      int // made; the broker has them all once run has returned
	committed int // as the broker said last
}

func newKafkaLoad(t *testing.T, brokers string) *kafkaLoad {
	k := &kafkaLoad{t: t, topic: fmt.Sprintf("kill-%d", time.Now().UnixNano())}
	var err error
	if k.client, err = kgo.NewClient(kgo.SeedBrokers(brokers), kgo.DefaultProduceTopic(k.topic), kgo.AllowAutoTopicCreation()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.client.Close)
	return k
}

func kafkaKey(n int) string { return fmt.Sprintf("kafka-%07d", n) }

func (k *kafkaLoad) name() string { return "kafka" }

// run writes until quit is closed.
func (k *kafkaLoad) run(ctx context.Context, _ *gate, quit <-chan struct{}) error {
	pace := time.NewTicker(kafkaInterval)
	defer pace.Stop()
	for {
		records := make([]*kgo.Record, kafkaBatch)
		for i := range records {
			records[i] = &kgo.Record{Value: fmt.Appendf(nil, `{"@timestamp":"2026-03-01T12:00:00.000Z","key":%q,"message":"record %d of kafka"}`, kafkaKey(k.keys+i), k.keys+i)}
		}
		if err := k.client.ProduceSync(ctx, records...).FirstErr(); err != nil {
			return fmt.Errorf("write to the topic: %w", err)
		}
		k.keys += kafkaBatch
		select {
		case <-quit:
			return nil
		case <-pace.C:
		}
	}
}

// acknowledged is the sum of the group's committed offsets, which stays as it was while the broker cannot say.
func (k *kafkaLoad) acknowledged() int {
	request := kmsg.NewPtrOffsetFetchRequest()
	request.Group = k.topic
	answer, err := request.RequestWith(k.t.Context(), k.client)
	if err != nil {
		return k.committed
	}
	sum := 0
	for _, topic := range answer.Topics {
		for _, p := range topic.Partitions {
			if p.ErrorCode == 0 {
				sum += int(max(p.Offset, 0))
			}
		}
	}
	k.committed = max(k.committed, sum)
	return k.committed
}
