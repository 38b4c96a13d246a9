package eserr

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
)

func TestAppendAnswer(t *testing.T) {
	tests := []struct {
		name string
		err  *Error
		want string
	}{
		{"a missing index", IndexNotFound("logs"),
			`{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [logs]","resource.type":"index_or_alias","resource.id":"logs","index_uuid":"_na_","index":"logs"}],"type":"index_not_found_exception","reason":"no such index [logs]","resource.type":"index_or_alias","resource.id":"logs","index_uuid":"_na_","index":"logs"},"status":404}`},
		{"a query's position", ParsingException(1, 12, "unknown query [%s]", "trem"),
			`{"error":{"root_cause":[{"type":"parsing_exception","reason":"unknown query [trem]","line":1,"col":12}],"type":"parsing_exception","reason":"unknown query [trem]","line":1,"col":12},"status":400}`},
		{"a plain cause is no root cause", MapperParsing("failed").Because(IllegalArgument("why")),
			`{"error":{"root_cause":[{"type":"mapper_parsing_exception","reason":"failed"}],"type":"mapper_parsing_exception","reason":"failed","caused_by":{"type":"illegal_argument_exception","reason":"why"}},"status":400}`},
		{"a deeper exception is the root cause", MapperParsing("outer").Because(MapperParsing("inner")),
			`{"error":{"root_cause":[{"type":"mapper_parsing_exception","reason":"inner"}],"type":"mapper_parsing_exception","reason":"outer","caused_by":{"type":"mapper_parsing_exception","reason":"inner"}},"status":400}`},
		{"text is not escaped for HTML", IllegalArgument("a<b & \"c\""),
			`{"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"a<b & \"c\""}],"type":"illegal_argument_exception","reason":"a<b & \"c\""},"status":400}`},
		{"a search that failed", SearchPhase("query", ShardFailure{"i", QueryShard("no mapping").With("index", "i")}),
			`{"error":{"root_cause":[{"type":"query_shard_exception","reason":"no mapping","index":"i"}],"type":"search_phase_execution_exception","reason":"all shards failed","phase":"query","grouped":true,"failed_shards":[{"shard":0,"index":"i","reason":{"type":"query_shard_exception","reason":"no mapping","index":"i"}}],"caused_by":{"type":"query_shard_exception","reason":"no mapping","index":"i"}},"status":400}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.err.AppendAnswer(nil)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestAppendItem(t *testing.T) {
	e := VersionConflict("i", "7", "document already exists (current version [1])")
	const want = `{"type":"version_conflict_engine_exception","reason":"[7]: version conflict, document already exists (current version [1])","index":"i"}`
	if got := string(e.AppendItem(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := string(New(500, "x", "y").With("bad", make(chan int)).AppendItem(nil)); got != `{"type":"x","reason":"y","bad":"unprintable: json: unsupported type: chan int"}` {
		t.Errorf("an unprintable member: %s", got)
	}
}

func TestChain(t *testing.T) {
	inner := NumberFormat("x")
	outer := fmt.Errorf("index document: %w", MapperParsing("bad").Because(inner))
	if !Is(outer, "number_format_exception") || !Is(outer, "mapper_parsing_exception") || Is(outer, "parse_exception") {
		t.Error("Is does not follow the chain")
	}
	if got := From(outer); got.Type != "mapper_parsing_exception" {
		t.Errorf("From found %s", got.Type)
	}
	var target *Error
	if !errors.As(outer, &target) || !errors.Is(outer, inner) {
		t.Error("the standard library does not see the chain")
	}
	if got := From(io.ErrUnexpectedEOF); got.Status != http.StatusInternalServerError || got.Reason != "unexpected EOF" {
		t.Errorf("a foreign error became %+v", got)
	}
	if From(nil) != nil {
		t.Error("From(nil) is an error")
	}
	if (&Error{}).Unwrap() != nil {
		t.Error("an error without a cause unwraps to something")
	}
}
