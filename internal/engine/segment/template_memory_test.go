package segment

import (
	"fmt"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// TestTemplateMemory writes the same kinds of messages twice: the second time the first of each kind is no literal.
func TestTemplateMemory(t *testing.T) {
	opts := WriteOptions{Text: map[string]analysis.Analyzer{"m": analysis.Standard}, Memory: &TemplateMemory{}}
	literals := func() int {
		var texts []string
		for i := range 1000 {
			texts = append(texts, fmt.Sprintf("message of kind %c%c number %d", 'a'+i%26, 'a'+i/26%26, i))
		}
		f, _, err := Seal([]Input{{Segment: textBatch(t, texts)}}, opts)
		if err != nil {
			t.Fatal(err)
		}
		dict, err := f.Column("m").(column.Templated).Templates()
		if err != nil || dict == nil {
			t.Fatalf("no templates: %v", err)
		}
		return dict.Count(column.LiteralTemplate)
	}
	// 676 kinds; 324 of them come twice.
	if n := literals(); n != 352 {
		t.Fatalf("%d literals in the first segment", n)
	}
	if n := literals(); n != 352 {
		t.Fatalf("%d literals in the second: what came once is not remembered", n)
	}
	var many TemplateMemory
	many.learn("m", map[uint64]uint32{1: 1})
	big := map[uint64]uint32{}
	for i := range uint64(maxRememberedTemplates) {
		big[i+10] = 1
	}
	many.learn("m", big)
	if known := many.known("m"); len(known) != maxRememberedTemplates {
		t.Fatalf("%d keys are remembered", len(known))
	}
}

// TestTemplateMemoryAcrossSegments knows in one segment what came often in another.
func TestTemplateMemoryAcrossSegments(t *testing.T) {
	opts := WriteOptions{Text: map[string]analysis.Analyzer{"m": analysis.Standard}, Memory: &TemplateMemory{}}
	write := func(rows int) int {
		var texts []string
		for i := range rows {
			texts = append(texts, fmt.Sprintf("message of kind %c number %d", 'a'+i%20, i))
		}
		f, _, err := Seal([]Input{{Segment: textBatch(t, texts)}}, opts)
		if err != nil {
			t.Fatal(err)
		}
		dict, err := f.Column("m").(column.Templated).Templates()
		if err != nil || dict == nil {
			t.Fatalf("no templates: %v", err)
		}
		return dict.Count(column.LiteralTemplate)
	}
	if n := write(1000); n != 0 {
		t.Fatalf("%d literals of kinds that come 50 times in a block", n)
	}
	if n := write(33); n != 0 {
		t.Fatalf("%d literals of kinds that were seen before", n)
	}
}

// TestTemplatesAreLetGoOf reads more dictionaries of templates than the cache has room for.
func TestTemplatesAreLetGoOf(t *testing.T) {
	opts := WriteOptions{Text: map[string]analysis.Analyzer{"m": analysis.Standard}}
	mem, cache := vfs.NewMem(), NewCache(64<<10)
	var files []*File
	for n := range 8 {
		var texts []string
		for i := range 4000 {
			texts = append(texts, fmt.Sprintf("message of kind %c%c in segment %c number %d", 'a'+i%26, 'a'+i/26%10, 'a'+n, i))
		}
		name := fmt.Sprint(n)
		if _, err := Write(mem, name, []Input{{Segment: textBatch(t, texts)}}, opts); err != nil {
			t.Fatal(err)
		}
		f, err := Open(mem, name, cache)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	for range 3 {
		for n, f := range files {
			if docs := documentsWith(t, f, "m", string(rune('a'+n))); docs < 4000 {
				t.Fatalf("segment %d: %d documents", n, docs)
			}
			if got := cache.templates.held(); got > 200<<10 {
				t.Fatalf("%d bytes of dictionaries", got)
			}
		}
	}
	for _, f := range files {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if cache.Bytes() != 0 {
		t.Fatalf("%d bytes of closed files", cache.Bytes())
	}
}
