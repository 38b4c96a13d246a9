package es

import (
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// StreamLifecycle is the lifecycle of a data stream by itself, without a policy.
type StreamLifecycle struct {
	Enabled bool
	// Retention is how long an index is kept after the stream went on to the next; 0 is for ever.
	Retention time.Duration
	// Text is the retention as it was written, "" for none.
	Text string
}

// ParseStreamLifecycle reads {"data_retention": "7d", "enabled": true}.
func ParseStreamLifecycle(data []byte) (*StreamLifecycle, error) {
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	if n.Kind != jsonval.Object {
		return nil, eserr.ParseException("a data stream's lifecycle must be an object")
	}
	lc := &StreamLifecycle{Enabled: true}
	for i, key := range n.Keys {
		v := &n.Items[i]
		switch {
		case key == "data_retention" && v.Kind == jsonval.Null:
		case key == "data_retention":
			millis, err := dates.ParseDuration(v.Text)
			if err != nil || millis <= 0 {
				return nil, eserr.IllegalArgument("failed to parse [data_retention] with value [%s] as a time value above zero", v.Text)
			}
			lc.Retention, lc.Text = time.Duration(millis)*time.Millisecond, v.Text
		case key == "enabled" && v.Kind == jsonval.Bool:
			lc.Enabled = v.Text == "true"
		case key == "downsampling" && (v.Kind == jsonval.Null || len(v.Items) == 0):
		case key == "downsampling":
			return nil, eserr.IllegalArgument("[downsampling] is not supported by this store: it is for time series, which there are none of")
		default:
			return nil, eserr.XContentParse("[%d:%d] [lifecycle] unknown field [%s]", v.Line, v.Col, key)
		}
	}
	return lc, nil
}
