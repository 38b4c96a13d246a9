package filter

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// conversions are the types that mutate.convert knows.
var conversions = map[string]func(event.Value) (event.Value, error){
	"integer":    toInteger,
	"float":      toFloat,
	"string":     func(v event.Value) (event.Value, error) { return event.StringOf(v.Text()), nil },
	"boolean":    toBoolean,
	"integer_eu": func(v event.Value) (event.Value, error) { return toInteger(fromEuropean(v)) },
	"float_eu":   func(v event.Value) (event.Value, error) { return toFloat(fromEuropean(v)) },
}

func convertStep(field *event.Path, to string) (mutation, error) {
	convert := conversions[to]
	if convert == nil {
		return nil, fmt.Errorf("%q is no type; there are integer, float, string, boolean, integer_eu and float_eu", to)
	}
	return func(ev *event.Event) error {
		v, ok := ev.Get(field)
		if !ok {
			return nil
		}
		switch v.Kind() {
		case event.Null, event.Object:
			return nil
		case event.Array:
			items := slices.Clone(v.Items())
			for i, item := range items {
				if item.Kind() == event.Null || item.Kind() == event.Object || item.Kind() == event.Array {
					continue
				}
				converted, err := convert(item)
				if err != nil {
					return err
				}
				items[i] = converted
			}
			ev.Set(field, event.ArrayOf(items...))
			return nil
		}
		converted, err := convert(v)
		if err != nil {
			return err
		}
		ev.Set(field, converted)
		return nil
	}, nil
}

var errNotANumber = errors.New("text is not a number")

// toInteger cuts a fraction off, reads texts as Ruby's to_i after taking out the commas of "1,234", and knows
// hexadecimal and scientific notation.
func toInteger(v event.Value) (event.Value, error) {
	switch v.Kind() {
	case event.Int:
		return v, nil
	case event.Bool:
		if v.Bool() {
			return event.IntOf(1), nil
		}
		return event.IntOf(0), nil
	case event.Float:
		f := v.Float()
		if math.IsNaN(f) || math.Abs(f) >= math.MaxInt64 {
			return v, errNotANumber
		}
		return event.IntOf(int64(f)), nil
	case event.Time:
		return event.IntOf(v.Time().Unix()), nil
	}
	text := numberText(v)
	if n, ok := hexNumber(text); ok {
		return event.IntOf(n), nil
	}
	if strings.ContainsAny(text, "eE") {
		if n, ok := scientificInt(text); ok {
			return event.IntOf(n), nil
		}
	}
	return event.IntOf(leadingInt(text)), nil
}

// toFloat fails for a text that is not a number as a whole.
func toFloat(v event.Value) (event.Value, error) {
	switch v.Kind() {
	case event.Float:
		return v, nil
	case event.Int:
		return event.FloatOf(v.Float()), nil
	case event.Bool:
		if v.Bool() {
			return event.FloatOf(1), nil
		}
		return event.FloatOf(0), nil
	case event.Time:
		return event.FloatOf(float64(v.Time().UnixNano()) / 1e9), nil
	}
	text := numberText(v)
	if n, ok := hexNumber(text); ok {
		return event.FloatOf(float64(n)), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return v, errNotANumber
	}
	return event.FloatOf(f), nil
}

func numberText(v event.Value) string {
	text := stripped(v.Str())
	if strings.Contains(text, ",") {
		text = strings.ReplaceAll(text, ",", "")
	}
	return text
}

// fromEuropean exchanges the decimal comma and the separating points.
func fromEuropean(v event.Value) event.Value {
	if v.Kind() != event.String {
		return v
	}
	return event.StringOf(strings.NewReplacer(",", ".", ".", ",").Replace(v.Str()))
}

// toBoolean knows the words below; any other value stays as it is.
func toBoolean(v event.Value) (event.Value, error) {
	switch strings.ToLower(v.Text()) {
	case "true", "t", "yes", "y", "1", "1.0":
		return event.BoolOf(true), nil
	case "", "false", "f", "no", "n", "0", "0.0":
		return event.BoolOf(false), nil
	}
	return v, nil
}
