package event

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestNumbersAsStrconv compares the short ways of reading and printing numbers with the standard library's.
func TestNumbersAsStrconv(t *testing.T) {
	texts := []string{"0.0", "-0.0", "0.1", "1.0", "-1.50", "0.000001", "0.0000005", "0.123456", "0.1234567", "999999999.999999", "1000000000.5",
		"123456789.123456789", "9007199254740993.0", "0.30000000000000004", "2.5e-7", "1e21", "1E+2", "-1e-2", "100000000000000.5", "999999999999999.0",
		"0.9999999999999999", "1.7976931348623157e308", "5e-324", "12345678.000", "0.000000000000001"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		text := strconv.FormatUint(random.Uint64()>>random.IntN(64), 10) + "." + strings.Repeat("0", random.IntN(3)) + strconv.FormatUint(random.Uint64()>>random.IntN(64), 10)
		if random.IntN(2) == 0 {
			text = "-" + text
		}
		texts = append(texts, text)
	}
	for range 50_000 {
		texts = append(texts, fmt.Sprintf("%.17g", math.Ldexp(random.Float64(), random.IntN(80)-40)))
	}
	for _, text := range texts {
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		v, err := ParseJSON([]byte(text))
		if err != nil || math.Float64bits(v.Float()) != math.Float64bits(want) && v.Kind() == Float {
			t.Fatalf("%s is read as %v, %v; want %v", text, v.Float(), err, want)
		}
		format := byte('f')
		if a := math.Abs(want); a != 0 && (a < 1e-6 || a >= 1e21) {
			format = 'e'
		}
		shown := strconv.FormatFloat(want, format, -1, 64)
		if !strings.ContainsAny(shown, ".e") {
			shown += ".0"
		}
		if got := string(FloatOf(want).AppendJSON(nil)); got != shown {
			t.Fatalf("%s is printed as %s, want %s", text, got, shown)
		}
	}
}

func TestIntegers(t *testing.T) {
	f := func(text string, want string, kind Kind) {
		t.Helper()
		v, err := ParseJSON([]byte(text))
		if err != nil || v.Kind() != kind || string(v.AppendJSON(nil)) != want {
			t.Errorf("%s is %s %s, %v; want %s %s", text, v.Kind(), v.AppendJSON(nil), err, kind, want)
		}
	}
	f("0", "0", Int)
	f("-0", "0", Int)
	f("999999999999999", "999999999999999", Int)
	f("-1000000000000000", "-1000000000000000", Int)
	f("9223372036854775807", "9223372036854775807", Int)
	f("-9223372036854775808", "-9223372036854775808", Int)
	f("9223372036854775808", "9223372036854775808", Float)
	f("123456789012345678901234567890", "123456789012345678901234567890", Float)
	for _, bad := range []string{"01", "-", "-a", "1.", "1.e1", "1e", "1e+", "1e400", "--1", ".5"} {
		if v, err := ParseJSON([]byte(bad)); err == nil {
			t.Errorf("%s is taken as %s", bad, v.AppendJSON(nil))
		}
	}
}
