package event

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// binaryEvents have one of everything that an event can hold.
func binaryEvents(t testing.TB) []*Event {
	t.Helper()
	rich := FromObject(parse(t, `{"@metadata":{"id":"x","deep":{"n":[1,{"a":null}]}},"i":-9223372036854775808,"big":123456789012345678901234567890,
		"f":1.0,"small":5e-324,"t":true,"n":false,"null":null,"list":[[],{},"",[1,[2,[3]]]],"text":"\u0000ü\n😀","":{"":""}}`), noon)
	rich.Set(MustPath("when"), TimeOf(time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)))
	rich.Set(MustPath("bytes"), StringOf("\xff\xfe not UTF-8 \x80"))
	rich.Set(MustPath("nan"), FloatOf(math.NaN()))
	rich.Set(MustPath("negative zero"), FloatOf(math.Copysign(0, -1)))
	early, late := New(time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)), New(time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC))
	var wide strings.Builder
	for i := range 100 {
		wide.WriteString(`,"m` + strings.Repeat("x", i) + `":` + strings.Repeat("1", 1+i%15))
	}
	return []*Event{rich, early, late, New(noon), FromObject(parse(t, `{"first":0`+wide.String()+`}`), noon),
		FromObject(parse(t, `{"d":`+strings.Repeat("[", 900)+strings.Repeat("]", 900)+`}`), noon)}
}

func TestBinaryIsExact(t *testing.T) {
	for _, ev := range binaryEvents(t) {
		data := ev.AppendBinary(nil)
		back, err := ParseBinary(data)
		if err != nil {
			t.Errorf("%.100s: %v", ev.AppendJSON(nil), err)
			continue
		}
		if got, want := string(back.AppendJSON(nil)), string(ev.AppendJSON(nil)); got != want {
			t.Errorf("came back as\n%.300s, was\n%.300s", got, want)
		}
		if got, want := string(back.Metadata().AppendJSON(nil)), string(ev.Metadata().AppendJSON(nil)); got != want || back.Metadata().Kind() != ev.Metadata().Kind() {
			t.Errorf("metadata came back as %s, was %s", got, want)
		}
		if !back.Timestamp().Equal(ev.Timestamp()) || string(back.AppendBinary(nil)) != string(data) {
			t.Errorf("%.100s is not the same in every bit", ev.AppendJSON(nil))
		}
		for n := range min(len(data), 600) {
			if _, err := ParseBinary(data[:n]); !errors.Is(err, ErrBinary) {
				t.Fatalf("the first %d of %d bytes: %v", n, len(data), err)
			}
		}
	}
}

func FuzzParseBinary(f *testing.F) {
	for _, ev := range binaryEvents(f) {
		f.Add(ev.AppendBinary(nil))
	}
	f.Add([]byte{0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		ev, err := ParseBinary(data)
		if err != nil {
			if !errors.Is(err, ErrBinary) {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseBinary(ev.AppendBinary(nil))
		if err != nil || string(again.AppendBinary(nil)) != string(ev.AppendBinary(nil)) {
			t.Fatalf("%x is not stable: %v", data, err)
		}
	})
}

func BenchmarkParseBinary(b *testing.B) {
	fields := NewObject()
	for i := range 25 {
		fields.SetMember(fmt.Sprintf("field_number_%d", i), StringOf("a value of a usual length"))
	}
	data := FromObject(fields, time.Unix(1_700_000_000, 0)).AppendBinary(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseBinary(data); err != nil {
			b.Fatal(err)
		}
	}
}
