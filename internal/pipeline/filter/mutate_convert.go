package filter

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
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

// toInteger cuts a fraction off. Texts may have commas between digits, and hexadecimal and scientific notation; one that is
// no number as a whole fails, as in Logstash since 8.14.
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
		return wholePart(v.Float())
	case event.Time:
		return event.IntOf(v.Time().Unix()), nil
	}
	text := numberText(v)
	if n, ok := hexNumber(text); ok {
		return event.IntOf(n), nil
	}
	if f, ok := hexFloat(text); ok {
		return wholePart(f)
	}
	if n, ok := decimalInteger(text); ok {
		return n, nil
	}
	return v, errNotANumber
}

// wholePart cuts a fraction off. What is beyond 64 bits is written out.
func wholePart(f float64) (event.Value, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return event.FloatOf(f), errNotANumber
	case math.Abs(f) < math.MaxInt64:
		return event.IntOf(int64(f)), nil
	}
	whole, _ := new(big.Float).SetFloat64(f).Int(nil)
	n, _ := bigInteger(whole)
	return n, nil
}

// toFloat reads the same texts, with their fractions.
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
	if f, ok := hexFloat(text); ok {
		return event.FloatOf(f), nil
	}
	if f, ok := decimalFloat(text); ok {
		return f, nil
	}
	return v, errNotANumber
}

// numberText takes out what stands between digits: commas, and the underscores of Ruby's numbers.
func numberText(v event.Value) string {
	text := strings.ReplaceAll(stripped(v.Str()), ",", "")
	if !strings.Contains(text, "_") || strings.HasPrefix(text, "_") || strings.HasSuffix(text, "_") || strings.Contains(text, "__") {
		return text
	}
	return strings.ReplaceAll(text, "_", "")
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
