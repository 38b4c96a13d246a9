package lumberjack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func encode(t testing.TB, level int, events ...string) []byte {
	t.Helper()
	e, err := NewEncoder(level)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, ev := range events {
		all = append(all, []byte(ev))
	}
	window, err := e.Window(all)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(window)
}

func readAll(r *Reader) (events []Event, _ error) {
	for {
		ev, err := r.Next()
		if err != nil {
			if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return events, err
		}
		events = append(events, ev)
	}
}

func TestWindowsRoundTrip(t *testing.T) {
	for _, level := range []int{0, 1, 3, 9} {
		stream := encode(t, level, `{"a":1}`, `{"b":"`+strings.Repeat("x", 200_000)+`"}`, `{}`)
		stream = append(stream, encode(t, level, `{"second":true}`)...)
		// One byte at a time, as a slow network may deliver it.
		events, err := readAll(NewReader(iotest.OneByteReader(bytes.NewReader(stream)), DefaultLimits))
		if err != nil {
			t.Fatalf("level %d: %v", level, err)
		}
		got := ""
		for _, ev := range events {
			got += fmt.Sprintf("%c %d %v %d;", ev.Version, ev.Sequence, ev.Last, len(ev.JSON))
		}
		if want := "2 1 false 7;2 2 false 200008;2 3 true 2;2 1 true 15;"; got != want {
			t.Fatalf("level %d: got %s want %s", level, got, want)
		}
	}
}

func TestEncoderRefusesLevels(t *testing.T) {
	for _, level := range []int{-1, 10} {
		if _, err := NewEncoder(level); err == nil {
			t.Errorf("level %d was taken", level)
		}
	}
}

// versionOne is a window of two data events whose numbers go on from earlier windows.
func versionOne() []byte {
	text := func(dst []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
	}
	frame := []byte("1W\x00\x00\x00\x02")
	for seq := range byte(2) {
		frame = append(frame, '1', 'D', 0, 0, 0, 41+seq, 0, 0, 0, 2)
		frame = text(text(frame, "line"), "hello")
		frame = text(text(frame, "host"), "web")
	}
	return frame
}

func TestVersionOne(t *testing.T) {
	events, err := readAll(NewReader(bytes.NewReader(versionOne()), DefaultLimits))
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 2 || events[1].Sequence != 42 || !events[1].Last || fmt.Sprint(events[0].Pairs) != "[{line hello} {host web}]" {
		t.Fatalf("events %+v", events)
	}
}

func TestACK(t *testing.T) {
	frame := AppendACK(nil, V2, 2048)
	if string(frame) != "2A\x00\x00\x08\x00" {
		t.Fatalf("frame %q", frame)
	}
	if seq, err := ReadACK(bytes.NewReader(frame)); seq != 2048 || err != nil {
		t.Fatalf("read %d, %v", seq, err)
	}
	var protocol *ProtocolError
	if _, err := ReadACK(strings.NewReader("HTTP/1.1 400")); !errors.As(err, &protocol) {
		t.Fatalf("an HTTP server: %v", err)
	}
	if _, err := ReadACK(strings.NewReader("2A\x00")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("cut: %v", err)
	}
}

func TestHostileBytes(t *testing.T) {
	limits := Limits{WindowEvents: 10, EventBytes: 100, CompressedBytes: 1000}
	compressed := encode(t, 3, `{"a":1}`)
	nested := append([]byte("2W\x00\x00\x00\x01"), compressed[6:]...)
	for name, test := range map[string]struct {
		stream string
		want   string // of a ProtocolError; "cut" for io.ErrUnexpectedEOF
	}{
		"an HTTP request":        {"GET / HTTP/1.1\r\n\r\n", "unknown version"},
		"unknown frame":          {"2X\x00\x00\x00\x01", "unexpected frame"},
		"ack from a client":      {"2A\x00\x00\x00\x01", "unexpected frame"},
		"data in version 2":      {"2W\x00\x00\x00\x012D", "unexpected frame"},
		"huge window":            {"2W\xff\xff\xff\xff", "window of 4294967295 events"},
		"huge event":             {"2W\x00\x00\x00\x012J\x00\x00\x00\x01\xff\xff\xff\xff", "event of 4294967295 bytes"},
		"huge compressed":        {"2W\x00\x00\x00\x012C\xff\xff\xff\xff", "compressed frame of"},
		"event without window":   {"2J\x00\x00\x00\x01\x00\x00\x00\x02{}", "more events than the window announced"},
		"window within a window": {"2W\x00\x00\x00\x022W\x00\x00\x00\x02", "2 events of the last one missing"},
		"bad zlib header":        {"2W\x00\x00\x00\x012C\x00\x00\x00\x04abcd", "compressed frame"},
		"pairs without end":      {"1W\x00\x00\x00\x011D\x00\x00\x00\x01\xff\xff\xff\xff" + strings.Repeat("\x00", 100), "fields is larger than"},
		"cut in a header":        {"2W\x00", "cut"},
		"cut between events":     {"2W\x00\x00\x00\x01", "cut"},
		"cut in an event":        {"2W\x00\x00\x00\x012J\x00\x00\x00\x01\x00\x00\x00\x09{}", "cut"},
		"cut in a zlib stream":   {string(compressed[:len(compressed)-6]), "cut"},
		"whole, for comparison":  {string(nested), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(NewReader(strings.NewReader(test.stream), limits))
			var protocol *ProtocolError
			switch {
			case test.want == "" && err == nil:
			case test.want == "cut" && errors.Is(err, io.ErrUnexpectedEOF):
			case test.want != "" && errors.As(err, &protocol) && strings.Contains(err.Error(), test.want):
			default:
				t.Fatalf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestIdle(t *testing.T) {
	pr, pw := io.Pipe()
	r := NewReader(pr, DefaultLimits)
	if !r.Idle() {
		t.Fatal("a new connection is idle")
	}
	go func() {
		_, err := pw.Write(encode(t, 3, `{}`, `{}`))
		pw.CloseWithError(err)
	}()
	if err := r.WaitForByte(); err != nil || r.Idle() {
		t.Fatalf("idle with bytes waiting, %v", err)
	}
	if _, err := r.Next(); err != nil || r.Idle() {
		t.Fatalf("idle inside a window, %v", err)
	}
	if _, err := r.Next(); err != nil || !r.Idle() {
		t.Fatalf("not idle behind a window, %v", err)
	}
}

// FuzzReader: no panic, bounded memory, and what a window held is encoded and read back the same.
func FuzzReader(f *testing.F) {
	f.Add(encode(f, 0, `{"a":1}`, `{}`))
	f.Add(encode(f, 3, `{"a":1}`, `{}`))
	f.Add(versionOne())
	f.Add([]byte("2W\x00\x00\x00\x012C\x00\x00\x00\x04abcd"))
	limits := Limits{WindowEvents: 100, EventBytes: 1 << 16, CompressedBytes: 1 << 16}
	f.Fuzz(func(t *testing.T, stream []byte) {
		events, err := readAll(NewReader(bytes.NewReader(stream), limits))
		if err != nil {
			return
		}
		var texts []string
		for _, ev := range events {
			if ev.Version == V2 {
				texts = append(texts, string(ev.JSON))
			}
		}
		if len(texts) > int(limits.WindowEvents) {
			return
		}
		again, err := readAll(NewReader(bytes.NewReader(encode(t, 1, texts...)), limits))
		if err != nil || len(again) != len(texts) {
			t.Fatalf("%d of %d events came back, %v", len(again), len(texts), err)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	event := `{"@timestamp":"2026-01-15T10:23:45.678Z","message":"request 7f3a took 812 ms","log":{"offset":123,"file":{"path":"/var/log/app.log"}}}`
	events := make([]string, 2048)
	for i := range events {
		events[i] = event
	}
	stream := encode(b, 3, events...)
	b.SetBytes(int64(len(events) * len(event)))
	b.ReportAllocs()
	for b.Loop() {
		got, err := readAll(NewReader(bytes.NewReader(stream), DefaultLimits))
		if err != nil || len(got) != len(events) {
			b.Fatal(len(got), err)
		}
	}
}
