package codec

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/klauspost/compress/gzip"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var gzipLines = pipeline.CodecSpec{
	Name:    "gzip_lines",
	Summary: "Unpacks gzip; a line is an event's \"message\". For inputs whose messages are whole (http, kafka, redis, s3, udp) and for tcp.",
	Options: []plugin.Option{charsetOption, noLayout},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		c := packedLines{&textCodec{charset: newCharset(s)}}
		return func() pipeline.Codec { return c }, nil
	},
}

const (
	// maxUnpackedBytes bounds what one message unpacks to: events are held until all of it is decoded.
	maxUnpackedBytes = 256 << 20
	// maxUnpackedLineBytes is where a line is cut, as inputs cut theirs.
	maxUnpackedLineBytes = 20 << 20
	gzipFailureTag       = "_gzipparsefailure"
	longLineTag          = "_linetoolong"
)

type packedLines struct{ *textCodec }

// Decode unpacks a message. One that is not packed (tcp unpacks its streams itself) is taken as it is. What was unpacked before a
// fault in the data are events; the rest is lost at its sender already, which an event with a failure tag tells.
func (c packedLines) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		for line := range splitLines(data, "\n") {
			c.emit(line, false, now, emit)
		}
		return
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		err = c.decodeStream(io.LimitReader(r, maxUnpackedBytes+1), now, emit)
	}
	if err != nil {
		ev := event.New(now)
		ev.Set(messagePath, event.StringOf("cannot unpack: "+err.Error()))
		ev.Tag(gzipFailureTag)
		emit(ev)
	}
}

var errUnpackedTooLarge = errors.New("the message unpacks to more than 256 MB")

func (c packedLines) decodeStream(r io.Reader, now time.Time, emit func(*event.Event)) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	total, cut := 0, false
	for {
		part, err := lines.ReadSlice('\n')
		if total += len(part); total > maxUnpackedBytes {
			return errUnpackedTooLarge
		}
		room := maxUnpackedLineBytes - len(line)
		cut = cut || len(part) > room
		line = append(line, part[:min(room, len(part))]...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		c.emit(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'}), cut, now, emit)
		line, cut = line[:0], false
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c packedLines) emit(line []byte, cut bool, now time.Time, emit func(*event.Event)) {
	if len(line) == 0 {
		return
	}
	ev := c.event(line, now)
	if cut {
		ev.Tag(longLineTag)
	}
	emit(ev)
}

func (packedLines) Flush(time.Time, func(*event.Event)) {}

// Encode appends nothing: outputs refuse the codec.
func (packedLines) Encode(dst []byte, _ *event.Event) []byte { return dst }

// DecodeOnly tells outputs that the codec cannot encode.
func (packedLines) DecodeOnly() {}

// Framing is whole messages: packed data has no lines.
func (packedLines) Framing() pipeline.Framing { return pipeline.Whole }
