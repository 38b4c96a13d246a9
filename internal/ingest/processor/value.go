package processor

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

type value = event.Value

const objectKind = event.Object

// className is the Java class that Elasticsearch's messages name for a value.
func className(v value) string {
	switch v.Kind() {
	case event.Bool:
		return "java.lang.Boolean"
	case event.Int:
		if n := v.Int(); n != int64(int32(n)) {
			return "java.lang.Long"
		}
		return "java.lang.Integer"
	case event.Float:
		return "java.lang.Double"
	case event.String:
		return "java.lang.String"
	case event.Time:
		return "java.time.ZonedDateTime"
	case event.Array:
		return "java.util.ArrayList"
	case event.Object:
		return "java.util.HashMap"
	}
	return "null"
}

// textOf is a value as Java's toString writes it.
func textOf(v value) string {
	if v.Kind() == event.String {
		return v.Str()
	}
	return string(mustache.AppendText(nil, v))
}

// cannotCast is the error of a field whose value has another type than the processor wants.
func cannotCast(path string, v value, want string) error {
	return eserr.IllegalArgument("field [%s] of type [%s] cannot be cast to [%s]", path, className(v), want)
}
