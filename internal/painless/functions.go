package painless

import (
	"maps"
	"math"
	"strconv"
	"strings"
	"unicode"
)

func isDigitRune(r rune) bool  { return unicode.IsDigit(r) }
func isLetterRune(r rune) bool { return unicode.IsLetter(r) }
func isSpaceRune(r rune) bool  { return unicode.IsSpace(r) }
func isUpperRune(r rune) bool  { return unicode.IsUpper(r) }
func isLowerRune(r rune) bool  { return unicode.IsLower(r) }
func toUpperRune(r rune) rune  { return unicode.ToUpper(r) }
func toLowerRune(r rune) rune  { return unicode.ToLower(r) }

// GeoPoint is a value of a geo_point field.
type GeoPoint struct{ Lat, Lon float64 }

// GeoOf makes a GeoPoint.
func GeoOf(lat, lon float64) Value { return objectOf(&GeoPoint{lat, lon}) }

func (*GeoPoint) class() *class  { return classes["GeoPoint"] }
func (g *GeoPoint) show() string { return DoubleOf(g.Lat).String() + ", " + DoubleOf(g.Lon).String() }

// earthRadiusMeters is the mean radius that Lucene calculates with.
const earthRadiusMeters = 6_371_008.7714

func (g *GeoPoint) arc(lat, lon float64) float64 {
	rad := math.Pi / 180
	dLat, dLon := (lat-g.Lat)*rad, (lon-g.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat*rad)*math.Cos(g.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthRadiusMeters * math.Asin(math.Min(1, math.Sqrt(h)))
}

func (g *GeoPoint) plane(lat, lon float64) float64 {
	rad := math.Pi / 180
	x := (lon - g.Lon) * rad * math.Cos((g.Lat+lat)/2*rad)
	return math.Sqrt(math.Pow(x, 2)+math.Pow((lat-g.Lat)*rad, 2)) * earthRadiusMeters
}

func geoMethods() map[string]methodFunc {
	distance := func(f func(g *GeoPoint, lat, lon float64) float64) methodFunc {
		return func(_ *frame, v Value, args []Value) Value {
			g, ok := v.ref.(*GeoPoint)
			if !ok {
				throw("IllegalArgumentException", "[%s] is no geo_point", className(v))
			}
			return DoubleOf(f(g, numberArg(args[0]).Double(), numberArg(args[1]).Double()))
		}
	}
	return map[string]methodFunc{"arcDistance/2": distance((*GeoPoint).arc), "planeDistance/2": distance((*GeoPoint).plane)}
}

func otherClasses() []*class {
	point := geoMethods()
	point["getLat/0"] = func(_ *frame, v Value, _ []Value) Value { return DoubleOf(v.ref.(*GeoPoint).Lat) }
	point["getLon/0"] = func(_ *frame, v Value, _ []Value) Value { return DoubleOf(v.ref.(*GeoPoint).Lon) }
	return []*class{
		{name: "GeoPoint", full: "org.elasticsearch.common.geo.GeoPoint", has: hasClass("GeoPoint"), methods: point},
		{name: "Debug", full: "org.elasticsearch.painless.api.Debug"},
		tokenizerClass(),
		{name: "MovingFunctions", full: "org.elasticsearch.search.aggregations.pipeline.MovingFunctions", statics: movingFunctions()},
	}
}

// window reads what MovingFunctions work on; NaN are left out.
func window(v Value) []float64 {
	l := v.List()
	if l == nil {
		badDefCast(v, classes["List"].typ())
	}
	var out []float64
	for _, item := range l.items {
		if x := numberArg(item).Double(); x == x {
			out = append(out, x)
		}
	}
	return out
}

func movingFunctions() map[string]staticFunc {
	on := func(f func(values []float64, args []Value) float64) staticFunc {
		return func(fr *frame, args []Value) Value {
			fr.r.spend(sizeOf(args[0]))
			return DoubleOf(f(window(args[0]), args[1:]))
		}
	}
	sum := func(values []float64) (s float64) {
		for _, x := range values {
			s += x
		}
		return s
	}
	return map[string]staticFunc{
		"max/1": on(func(values []float64, _ []Value) float64 {
			out := math.NaN()
			for _, x := range values {
				if !(out >= x) {
					out = x
				}
			}
			return out
		}),
		"min/1": on(func(values []float64, _ []Value) float64 {
			out := math.NaN()
			for _, x := range values {
				if !(out <= x) {
					out = x
				}
			}
			return out
		}),
		"sum/1": on(func(values []float64, _ []Value) float64 {
			return sum(values)
		}),
		"unweightedAvg/1": on(func(values []float64, _ []Value) float64 {
			if len(values) == 0 {
				return math.NaN()
			}
			return sum(values) / float64(len(values))
		}),
		"stdDev/2": on(func(values []float64, args []Value) float64 {
			mean := numberArg(args[0]).Double()
			if len(values) == 0 || mean != mean {
				return math.NaN()
			}
			squares := 0.0
			for _, x := range values {
				squares += (x - mean) * (x - mean)
			}
			return math.Sqrt(squares / float64(len(values)))
		}),
		"linearWeightedAvg/1": on(func(values []float64, _ []Value) float64 {
			total, weights := 0.0, 1.0
			for i, x := range values {
				total += x * float64(i+1)
				weights += float64(i + 1)
			}
			if len(values) == 0 {
				return math.NaN()
			}
			return total / weights
		}),
		"ewma/2": on(func(values []float64, args []Value) float64 {
			alpha, avg := numberArg(args[0]).Double(), math.NaN()
			for i, x := range values {
				if i == 0 {
					avg = x
				} else {
					avg = x*alpha + avg*(1-alpha)
				}
			}
			return avg
		}),
		"holt/3": on(func(values []float64, args []Value) float64 {
			return holt(values, numberArg(args[0]).Double(), numberArg(args[1]).Double())
		}),
		"holtWinters/6": on(func(values []float64, args []Value) float64 {
			return holtWinters(values, args[0].Double(), args[1].Double(), args[2].Double(), intArg(args[3]), args[4].Bool())
		}),
	}
}

// holt is double exponential smoothing, as moving_fn's documentation has it.
func holt(values []float64, alpha, beta float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	var s, lastS, b, lastB float64
	for i, x := range values {
		switch i {
		case 0:
			s, b = x, values[min(1, len(values)-1)]-x
			if len(values) == 1 {
				b = 0
			}
		default:
			s = alpha*x + (1-alpha)*(lastS+lastB)
			b = beta*(s-lastS) + (1-beta)*lastB
		}
		lastS, lastB = s, b
	}
	return s
}

// holtWinters is triple exponential smoothing with a season of period values.
func holtWinters(values []float64, alpha, beta, gamma float64, period int, multiplicative bool) float64 {
	if period < 1 || len(values) < period*2 {
		if len(values) == 0 {
			return math.NaN()
		}
		throw("IllegalArgumentException", "Holt-Winters aggregation requires at least (2 * period == 2 * %d == %d) data-points to function.  Only [%d] were provided.",
			period, period*2, len(values))
	}
	padding := 0.0
	if multiplicative {
		padding = 0.0000000001
	}
	vs := make([]float64, len(values))
	for i, x := range values {
		vs[i] = x + padding
	}
	var s, b float64
	for i := range period {
		s += vs[i]
		b += (vs[i+period] - vs[i]) / float64(period)
	}
	s /= float64(period)
	b /= float64(period)
	seasonal := make([]float64, len(values))
	for i := range period {
		if s == 0 && multiplicative {
			continue
		}
		if multiplicative {
			seasonal[i] = vs[i] / s
		} else {
			seasonal[i] = vs[i] - s
		}
	}
	lastS, lastB := s, b
	for i := period; i < len(vs); i++ {
		if multiplicative {
			s = alpha*(vs[i]/seasonal[i-period]) + (1-alpha)*(lastS+lastB)
		} else {
			s = alpha*(vs[i]-seasonal[i-period]) + (1-alpha)*(lastS+lastB)
		}
		b = beta*(s-lastS) + (1-beta)*lastB
		if multiplicative {
			seasonal[i] = gamma*(vs[i]/(lastS+lastB)) + (1-gamma)*seasonal[i-period]
		} else {
			seasonal[i] = gamma*(vs[i]-(lastS-lastB)) + (1-gamma)*seasonal[i-period]
		}
		lastS, lastB = s, b
	}
	season := seasonal[len(vs)-period]
	if multiplicative {
		return (s + b) * season
	}
	return s + b + season
}

// contextFunctions are functions that only some contexts have.
var contextFunctions = map[string]map[string]staticFunc{"score": scoreFunctions()}

func scoreFunctions() map[string]staticFunc {
	out := map[string]staticFunc{
		"saturation/2": func(_ *frame, args []Value) Value {
			x, k := numberArg(args[0]).Double(), numberArg(args[1]).Double()
			return DoubleOf(x / (k + x))
		},
		"sigmoid/3": func(_ *frame, args []Value) Value {
			x, k, a := numberArg(args[0]).Double(), numberArg(args[1]).Double(), numberArg(args[2]).Double()
			return DoubleOf(math.Pow(x, a) / (math.Pow(k, a) + math.Pow(x, a)))
		},
		"decayNumericLinear/5": decay(func(d, scale, by float64) float64 {
			s := scale / (1 - by)
			return math.Max(0, (s-d)/s)
		}),
		"decayNumericExp/5": decay(func(d, scale, by float64) float64 { return math.Exp(math.Log(by) / scale * d) }),
		"decayNumericGauss/5": decay(func(d, scale, by float64) float64 {
			return math.Exp(0.5 * d * d / (0.5 * scale * scale / math.Log(by)))
		}),
	}
	maps.Copy(out, vectorFunctions())
	return out
}

// decay makes a decay function of origin, scale, offset, decay and the field's value.
func decay(f func(distance, scale, by float64) float64) staticFunc {
	return func(_ *frame, args []Value) Value {
		x := func(i int) float64 { return numberArg(args[i]).Double() }
		return DoubleOf(f(math.Max(0, math.Abs(x(4)-x(0))-x(2)), x(1), x(3)))
	}
}

// formatText is String.format with the conversions d, f, s, x, X, e, b, c, n and %.
func formatText(fr *frame, args []Value) Value {
	if len(args) > 0 && args[0].kind == KindObject { // a Locale
		args = args[1:]
	}
	if len(args) == 0 {
		throw("IllegalArgumentException", "String.format takes a format")
	}
	form, rest := textArg(args[0]), args[1:]
	if len(rest) == 1 && rest[0].kind == KindList {
		rest = rest[0].List().items
	}
	var b strings.Builder
	next := 0
	for i := 0; i < len(form); i++ {
		if form[i] != '%' {
			b.WriteByte(form[i])
			continue
		}
		spec, end := parseSpec(form, i+1)
		if end < 0 {
			throw("IllegalArgumentException", "Conversion = '%%'")
		}
		i = end
		switch spec.verb {
		case '%', 'n':
			b.WriteString(map[byte]string{'%': "%", 'n': "\n"}[spec.verb])
			continue
		}
		at := next
		if spec.index > 0 {
			at = spec.index - 1
		} else {
			next++
		}
		if at >= len(rest) {
			throw("IllegalArgumentException", "Format specifier '%s'", form[i:end+1])
		}
		text := spec.format(rest[at])
		fr.r.alloc(len(text))
		b.WriteString(text)
	}
	return fr.newText(b.String())
}

// formatSpec is one conversion of String.format.
type formatSpec struct {
	flags            string
	index, width, to int
	verb             byte
}

// maxWidth bounds the padding of a conversion.
const maxWidth = 10_000

func parseSpec(form string, i int) (formatSpec, int) {
	s := formatSpec{to: -1}
	number := func() int {
		n := 0
		for ; i < len(form) && isDigit(form[i]); i++ {
			n = min(n*10+int(form[i]-'0'), maxWidth)
		}
		return n
	}
	if j := i; j < len(form) && form[j] >= '1' && form[j] <= '9' {
		n := number()
		if i < len(form) && form[i] == '$' {
			s.index = n
			i++
		} else {
			i = j
		}
	}
	for i < len(form) && strings.IndexByte("-+ 0,(#", form[i]) >= 0 {
		s.flags += form[i : i+1]
		i++
	}
	s.width = number()
	if i < len(form) && form[i] == '.' {
		i++
		s.to = number()
	}
	if i >= len(form) {
		return s, -1
	}
	s.verb = form[i]
	return s, i
}

func (s formatSpec) has(flag string) bool { return strings.Contains(s.flags, flag) }

func (s formatSpec) format(v Value) string {
	var text string
	switch s.verb {
	case 'd':
		if v.kind == KindNull {
			text = "null"
			break
		}
		if !v.IsWhole() {
			throw("IllegalArgumentException", "d != %s", className(v))
		}
		text = s.signed(strconv.FormatInt(v.Long(), 10))
	case 'f', 'e', 'E':
		if v.kind != KindDouble && v.kind != KindFloat {
			throw("IllegalArgumentException", "%c != %s", s.verb, className(v))
		}
		digits := s.to
		if digits < 0 {
			digits = 6
		}
		x := v.Double()
		if s.verb == 'f' {
			x = halfUp(x, digits)
		}
		text = s.signed(strconv.FormatFloat(x, s.verb, digits, 64))
	case 'x', 'X', 'o':
		if !v.IsWhole() {
			throw("IllegalArgumentException", "%c != %s", s.verb, className(v))
		}
		n := uint64(v.Long())
		if v.kind <= KindInt {
			n = uint64(uint32(n))
		}
		text = strconv.FormatUint(n, map[byte]int{'x': 16, 'X': 16, 'o': 8}[s.verb])
		if s.verb == 'X' {
			text = strings.ToUpper(text)
		}
	case 's', 'S', 'b', 'c':
		text = v.String()
		if s.verb == 'b' && v.kind != KindBool {
			text = strconv.FormatBool(v.kind != KindNull)
		}
		if s.to >= 0 && s.to < len(text) && isASCII(text) {
			text = text[:s.to]
		}
		if s.verb == 'S' {
			text = strings.ToUpper(text)
		}
	default:
		throw("IllegalArgumentException", "Conversion = '%c'", s.verb)
	}
	return s.pad(text)
}

// halfUp rounds a decimal half away from zero, as Java's %f does, where strconv rounds half to even.
func halfUp(x float64, digits int) float64 {
	if digits > 15 || math.Abs(x) > 1e15 {
		return x
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', -1, 64)
	dot := strings.IndexByte(text, '.')
	if dot < 0 || len(text)-dot-1 != digits+1 || text[len(text)-1] != '5' {
		return x
	}
	return x + math.Copysign(math.Pow10(-digits)/10, x)
}

func (s formatSpec) signed(text string) string {
	digits, sign := strings.TrimPrefix(text, "-"), ""
	if digits != text {
		sign = "-"
	}
	if s.has(",") {
		whole, rest, _ := strings.Cut(digits, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		if digits = whole; rest != "" {
			digits += "." + rest
		}
	}
	switch {
	case sign == "-" && s.has("("):
		return "(" + digits + ")"
	case sign == "" && s.has("+"):
		sign = "+"
	case sign == "" && s.has(" "):
		sign = " "
	}
	if s.has("0") {
		for len(sign)+len(digits) < s.width {
			digits = "0" + digits
		}
	}
	return sign + digits
}

func (s formatSpec) pad(text string) string {
	n := s.width - utf16Length(text)
	switch {
	case n <= 0:
		return text
	case s.has("-"):
		return text + strings.Repeat(" ", n)
	case s.has("0") && strings.IndexByte("xXo", s.verb) >= 0:
		return strings.Repeat("0", n) + text
	}
	return strings.Repeat(" ", n) + text
}
