package event

import (
	"fmt"
	"strings"
	"testing"
)

func TestLargeObjects(t *testing.T) {
	o := NewObject()
	for i := range 1000 {
		o.SetMember(fmt.Sprint(i), IntOf(int64(i)))
	}
	for i := 0; i < 1000; i += 3 {
		o.RemoveMember(fmt.Sprint(i))
	}
	o.SetMember("1", IntOf(-1))
	o.SetMember("new", IntOf(-2))
	c := o.Clone()
	for _, v := range []Value{o, c} {
		for i := range 1000 {
			m, ok := v.Member(fmt.Sprint(i))
			want := int64(i)
			if i == 1 {
				want = -1
			}
			if ok != (i%3 != 0) || ok && m.Int() != want {
				t.Fatalf("member %d is %v, %v", i, m.Int(), ok)
			}
		}
		if m, _ := v.Member("new"); m.Int() != -2 || v.Len() != 667 {
			t.Fatalf("%d members, new is %v", v.Len(), m.Int())
		}
	}
}

func TestParseObject(t *testing.T) {
	if v, err := ParseObject([]byte(` {"a":{"b":1},"c":[{"b":2}]} `)); err != nil || v.Len() != 2 {
		t.Errorf("%v, %v", v.Len(), err)
	}
	many := "{"
	for i := range 100 {
		many += fmt.Sprintf(`"%d":1,`, i)
	}
	for _, bad := range []string{`[1]`, `{"a":1,"a":2}`, `{"a":{"b":1,"b":2}}`, "{\"a\":\"\xff\"}", `{"a":1} x`, ``, many + `"7":2}`} {
		if _, err := ParseObject([]byte(bad)); err == nil {
			t.Errorf("%s was taken", strings.TrimSpace(bad))
		}
	}
}
