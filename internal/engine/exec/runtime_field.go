package exec

import (
	"bytes"
	"fmt"
	"math"
	"net/netip"
	"sort"
	"strconv"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/painless"
)

// A runtime field is a column that is not stored: what a row has in it is read out of the row's document when
// a block is decoded. That costs some microseconds a row, so such clauses are decided last, of rows that all
// others leave; everything else works on it as on any column.

// runtimeColumn is the name of a runtime field's column; no stored one begins so.
const runtimeColumn = "\x00runtime\x00"

// withRuntime returns the index as a request sees it: with runtime fields, which hide mapped ones.
func withRuntime(ix *Index, req *Request) (*Index, error) {
	var mapped []*mapping.Field
	if ix.Mapping != nil {
		mapped = ix.Mapping.Runtime()
	}
	scripted := scriptedFields(ix, req)
	if len(mapped)+len(req.Runtime)+len(scripted) == 0 {
		return ix, nil
	}
	out := *ix
	out.runtime, out.scripts = map[string]*mapping.Field{}, map[string]*painless.Script{}
	for _, list := range [][]*mapping.Field{mapped, req.Runtime, scripted} {
		for _, f := range list {
			out.runtime[f.Path] = f
		}
	}
	for path, f := range out.runtime {
		if f.Script == nil {
			continue
		}
		script, err := f.Script.Compile(*f.ScriptContext(), req.StoredScript)
		if err != nil {
			return ix, err
		}
		if f.Context != nil && script.Uses("_score") {
			return ix, eserr.Unsupported("[_score] in a script of a sort or an aggregation")
		}
		out.scripts[path] = script
		out.storedScripts = out.storedScripts || f.Script.ID != ""
	}
	out.Sources = make([]Source, len(ix.Sources))
	for i, s := range ix.Sources {
		s.Segment = &runtimeSegment{Segment: s.Segment, index: &out}
		out.Sources[i] = s
	}
	return &out, nil
}

// runtimeField describes a runtime field; nil when there is none of the path.
func (f *fields) runtimeField(path string) *field {
	spec := f.index.runtime[path]
	if spec == nil {
		return nil
	}
	return &field{
		name: path, class: classOf(spec.Type), view: stringView{column: runtimeColumn + path}, typ: spec.Type.String(), typed: spec.Type,
		format: spec.Format, indexed: true, docValues: true,
	}
}

// runtimeNames lists the runtime fields that fit a pattern, sorted.
func (f *fields) runtimeNames(pattern string) []string {
	match := compileWildcardPattern(pattern, false)
	var names []string
	for path := range f.index.runtime {
		if match([]byte(path)) {
			names = append(names, path)
		}
	}
	sort.Strings(names)
	return names
}

// runtimeSegment is a segment that has runtime fields as well.
type runtimeSegment struct {
	segment.Segment
	index  *Index
	around []string // the runtime fields whose scripts look at this segment
}

// Column implements segment.Segment. A runtime field's column belongs to who asked for it, and may not be used
// by several goroutines at once; leaves are not.
func (s *runtimeSegment) Column(name string) column.Column {
	path, ok := strings.CutPrefix(name, runtimeColumn)
	if !ok {
		return s.Segment.Column(name)
	}
	f := s.index.runtime[path]
	if f == nil {
		return nil
	}
	if f.Script != nil {
		return s.newScriptColumn(f)
	}
	return &documentColumn{path: path, spec: f, kind: runtimeKind(f.Type), blocks: s.Blocks(), docs: segment.NewSourceReader(s.Segment)}
}

func runtimeKind(t mapping.Type) column.Kind {
	switch {
	case t == mapping.Keyword:
		return column.Bytes
	case t == mapping.Double:
		return column.Float64
	case t == mapping.IP:
		return column.Fixed16
	}
	return column.Int64
}

// documentColumn reads values out of documents.
type documentColumn struct {
	path   string
	spec   *mapping.Field
	kind   column.Kind
	blocks []segment.BlockInfo
	docs   *segment.SourceReader
	leaf   *leaf // that reads it
	raw    []byte
	dst    *column.Block
}

// readFor implements madeColumn.
func (c *documentColumn) readFor(l *leaf) { c.leaf = l }

// Kind implements column.Column.
func (c *documentColumn) Kind() column.Kind { return c.kind }

// Dict implements column.Column.
func (c *documentColumn) Dict() column.Dict { return nil }

// Stats implements column.Column: nothing is known without reading.
func (c *documentColumn) Stats(int) column.Stats {
	return column.Stats{HasValues: true, MinInt: math.MinInt64, MaxInt: math.MaxInt64, MinFloat: math.Inf(-1), MaxFloat: math.Inf(1)}
}

// Read implements column.Column.
func (c *documentColumn) Read(block, from, to int, dst *column.Block) error {
	dst.Reset(c.kind)
	dst.Rows, dst.Offsets = to-from, make([]uint32, 1, to-from+1)
	c.dst = dst
	for row := from; row < to; row++ {
		if !c.leaf.skips(block, row) {
			var err error
			if c.raw, err = c.docs.Append(c.raw[:0], c.blocks[block].FirstRow+row); err != nil {
				return fmt.Errorf("runtime field [%s]: %w", c.path, err)
			}
			eachAt(c.raw, c.path, c.add)
		}
		dst.Offsets = append(dst.Offsets, uint32(c.values()))
	}
	return nil
}

// values is how many values were added so far.
func (c *documentColumn) values() int {
	switch c.kind {
	case column.Int64:
		return len(c.dst.Ints)
	case column.Float64:
		return len(c.dst.Floats)
	case column.Fixed16:
		return len(c.dst.Data) / 16
	}
	return len(c.dst.Ends)
}

// add takes in a value as it is written. One that does not fit the field's type is left out, as are null and
// objects.
func (c *documentColumn) add(raw []byte) {
	if raw[0] == '{' || raw[0] == 'n' {
		return
	}
	text := raw
	if raw[0] == '"' {
		text = raw[1 : len(raw)-1]
		if bytes.IndexByte(text, '\\') >= 0 {
			text = unquoted(text)
		}
	}
	switch c.spec.Type {
	case mapping.Keyword:
		c.dst.Data = append(c.dst.Data, text...)
		c.dst.Ends = append(c.dst.Ends, uint32(len(c.dst.Data)))
	case mapping.Long:
		if n, ok := (jsonval.Scalar{Kind: jsonval.Number, Text: string(text)}).Int64(); ok {
			c.dst.Ints = append(c.dst.Ints, n)
		} else if x, err := strconv.ParseFloat(string(text), 64); err == nil && math.Abs(x) < 1<<63 {
			c.dst.Ints = append(c.dst.Ints, int64(x))
		}
	case mapping.Double:
		if x, err := strconv.ParseFloat(string(text), 64); err == nil && !math.IsInf(x, 0) && !math.IsNaN(x) {
			c.dst.Floats = append(c.dst.Floats, x)
		}
	case mapping.Boolean:
		switch string(text) {
		case "true":
			c.dst.Ints = append(c.dst.Ints, 1)
		case "false":
			c.dst.Ints = append(c.dst.Ints, 0)
		}
	case mapping.Date:
		if at, ok := c.spec.Format.ParseBytes(text); ok {
			c.dst.Ints = append(c.dst.Ints, at.Millis())
		}
	case mapping.IP:
		if ip, err := netip.ParseAddr(string(text)); err == nil && ip.Zone() == "" {
			b := ip.As16()
			c.dst.Data = append(c.dst.Data, b[:]...)
		}
	}
}

// costOf is what a clause on a column costs: one that reads documents more than any other.
func (c *leafColumn) costOf(stored int) int {
	switch c.col.(type) {
	case *documentColumn, *scriptColumn:
		return costDocument
	}
	return stored
}
