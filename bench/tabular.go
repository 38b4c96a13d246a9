package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// tabular is the result of one statement of a rival.
type tabular struct {
	Columns []string
	Rows    [][]any
}

// answerOf turns results into the answer that the checks read. The names of the columns say what a
// result is: total, bucket with count, key with count, whole documents, or single values.
func answerOf(results []tabular) (answer, error) {
	a := answer{Aggregations: map[string]aggregation{}}
	counted := false
	for _, r := range results {
		var err error
		switch {
		case r.has("total"):
			counted = true
			err = a.addTotal(r)
		case r.has("bucket"):
			a.Aggregations["time"], err = r.buckets("bucket")
		case r.has("key"):
			a.Aggregations["top"], err = r.buckets("key")
		case r.has("message"):
			err = a.addHits(r, !counted)
		default:
			err = a.addValues(r)
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

func (r tabular) has(column string) bool { return slices.Contains(r.Columns, column) }

// cell is the value of a column in a row, nil when it is not there.
func (r tabular) cell(row []any, column string) any {
	if at := slices.Index(r.Columns, column); at >= 0 && at < len(row) {
		return row[at]
	}
	return nil
}

func (a *answer) addTotal(r tabular) error {
	if len(r.Rows) != 1 {
		return fmt.Errorf("%d rows for a total", len(r.Rows))
	}
	total, err := float(r.cell(r.Rows[0], "total"))
	a.Hits.Total.Value, a.Hits.Total.Relation = int(total), "eq"
	return err
}

// addHits adds documents; without a count of its own their number is the total.
func (a *answer) addHits(r tabular, count bool) error {
	for _, row := range r.Rows {
		at, err := moment(r.cell(row, "@timestamp"))
		if err != nil {
			return err
		}
		text := func(column string) string {
			s, _ := r.cell(row, column).(string)
			return s
		}
		a.Hits.Hits = append(a.Hits.Hits, hit{Source: source{Time: at, Level: text("level"), Message: text("message"),
			Stack: text("stack_trace"), RequestID: text("request_id"), TraceID: text("trace_id")}})
	}
	if count {
		a.Hits.Total.Value, a.Hits.Total.Relation = len(r.Rows), "eq"
	}
	return nil
}

func (a *answer) addValues(r tabular) error {
	if len(r.Rows) != 1 {
		return fmt.Errorf("%d rows of %v, want one", len(r.Rows), r.Columns)
	}
	for _, column := range r.Columns {
		v, err := float(r.cell(r.Rows[0], column))
		if err != nil {
			return fmt.Errorf("%s: %w", column, err)
		}
		a.Aggregations[column] = aggregation{Value: v}
	}
	return nil
}

func (r tabular) buckets(key string) (aggregation, error) {
	var agg aggregation
	for _, row := range r.Rows {
		count, err := float(r.cell(row, "count"))
		if err != nil {
			return agg, err
		}
		b := bucket{Key: r.cell(row, key), Count: int(count)}
		if key == "bucket" {
			if b.Key, err = float(b.Key); err != nil {
				return agg, err
			}
		}
		for name, percent := range map[string]string{"p50": "50.0", "p95": "95.0", "p99": "99.0"} {
			if !r.has(name) {
				continue
			}
			if b.Latency.Values == nil {
				b.Latency.Values = map[string]float64{}
			}
			if b.Latency.Values[percent], err = float(r.cell(row, name)); err != nil {
				return agg, err
			}
		}
		agg.Buckets = append(agg.Buckets, b)
	}
	return agg, nil
}

// float reads a number; large integers and decimals may come as text.
func float(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case json.Number:
		return v.Float64()
	case string:
		return strconv.ParseFloat(v, 64)
	}
	return 0, fmt.Errorf("%v is no number", v)
}

// moment reads a time as text, of UTC when it does not say, or in epoch milliseconds.
func moment(v any) (time.Time, error) {
	if millis, ok := v.(float64); ok {
		return time.UnixMilli(int64(millis)).UTC(), nil
	}
	text, _ := v.(string)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if at, err := time.ParseInLocation(layout, text, time.UTC); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%v is no time", v)
}
