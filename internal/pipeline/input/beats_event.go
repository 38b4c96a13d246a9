package input

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/lumberjack"
	"elkhorn/internal/pipeline"
)

// beatsEvents turns what came over the wire into events. It is read-only after construction.
type beatsEvents struct {
	now           func() time.Time
	verbatim      bool   // the codec leaves text as it is, and is not called
	codecTag      string // for events whose message went through the codec; empty for none
	rawTag        string // for events without a message
	address       bool   // put the sender's address in the metadata
	legacyAddress bool   // … where Logstash had it before ECS
}

var (
	beatsAddressPath       = event.MustPath("[@metadata][input][beats][host][ip]")
	beatsLegacyAddressPath = event.MustPath("[@metadata][ip_address]")
)

// beatsJSONFailureTag marks an event that was not a JSON object; its message is what came.
const beatsJSONFailureTag = "_jsonparsefailure"

// decode calls emit for each event that one event of the wire stands for.
func (b *beatsEvents) decode(wire lumberjack.Event, codec pipeline.Codec, from string, emit func(*event.Event)) {
	now := b.now()
	ev := beatsObject(wire, now)
	if b.address {
		path := beatsAddressPath
		if b.legacyAddress {
			path = beatsLegacyAddressPath
		}
		ev.Set(path, event.StringOf(from))
	}
	message, ok := ev.Fields().Member("message")
	if !ok || message.Kind() != event.String {
		beatsTag(ev, b.rawTag)
		emit(ev)
		return
	}
	if b.verbatim {
		beatsTag(ev, b.codecTag)
		emit(ev)
		return
	}
	ev.Fields().RemoveMember("message")
	codec.Decode([]byte(message.Str()), now, func(decoded *event.Event) {
		merged := ev.Clone()
		adopt(decoded, merged)
		beatsTag(decoded, b.codecTag)
		emit(decoded)
	})
}

func beatsTag(ev *event.Event, tag string) {
	if tag != "" {
		ev.Tag(tag)
	}
}

// adopt puts what the sender said about a line into the event that the codec made of it. The sender wins, as in Logstash.
func adopt(decoded, sent *event.Event) {
	decoded.SetTimestamp(sent.Timestamp())
	for i := range sent.Fields().Len() {
		name, value := sent.Fields().NameAt(i), sent.Fields().At(i)
		if name == "tags" {
			for _, t := range value.Items() {
				decoded.Tag(t.Text())
			}
			continue
		}
		decoded.Fields().SetMember(name, value)
	}
	if md := sent.Metadata(); md.Kind() == event.Object {
		decoded.Set(beatsMetadataPath, md)
	}
}

var beatsMetadataPath = event.MustPath("@metadata")

func beatsObject(wire lumberjack.Event, now time.Time) *event.Event {
	if wire.Version == lumberjack.V1 {
		return beatsPairs(wire.Pairs, now)
	}
	object, err := event.ParseJSON(wire.JSON)
	if err == nil && object.Kind() == event.Object {
		return event.FromObject(object, now)
	}
	ev := event.New(now)
	ev.Fields().SetMember("message", event.StringOf(string(wire.JSON)))
	ev.Tag(beatsJSONFailureTag)
	return ev
}

// beatsPairs makes an event of version 1, whose senders call the message "line".
func beatsPairs(pairs []lumberjack.Pair, now time.Time) *event.Event {
	ev := event.New(now)
	for _, pair := range pairs {
		name := pair.Key
		if name == "line" {
			name = "message"
		}
		ev.Fields().SetMember(name, event.StringOf(pair.Value))
	}
	return ev
}
