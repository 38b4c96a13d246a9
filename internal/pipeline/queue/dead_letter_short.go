package queue

import (
	"fmt"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// shortened is a letter that fits a record of most bytes, for one that took size: fields at the event's top are kept as long as they are
// short, of others the beginning of their text. The reason says so. Whoever replays the letter gets what is left of the event.
func shortened(l *pipeline.DeadLetter, size, most int) pipeline.DeadLetter {
	long := most / 1024 // of a field
	short := *l
	short.Reason = fmt.Sprintf("%s; the event takes %d bytes, more than the %d of a dead letter: fields were cut to %d bytes, and those beyond %d bytes left out",
		cut(l.Reason, long), size, most, long, most/4)
	short.Event = event.FromObject(shortObject(l.Event.Fields(), long, most/4), l.Event.Timestamp())
	if md := l.Event.Metadata(); md.Len() > 0 {
		short.Event.Set(metadataPath, shortObject(md, long, most/4))
	}
	return short
}

// shortObject copies members, each cut to long bytes, until they take most bytes as JSON.
func shortObject(from event.Value, long, most int) event.Value {
	to := event.NewObject()
	for i := range from.Len() {
		name, member := from.NameAt(i), from.At(i)
		text := member.AppendJSON(nil)
		if len(text) > long {
			shown := member.Str()
			if member.Kind() != event.String {
				shown = string(text)
			}
			member = event.StringOf(cut(shown, long))
			text = member.AppendJSON(text[:0])
		}
		if most -= len(name) + len(text); most < 0 {
			break
		}
		to.SetMember(name, member)
	}
	return to
}

// cut returns the first bytes of a text, as whole characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}
