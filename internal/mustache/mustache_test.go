package mustache

import (
	"errors"
	"strings"
	"testing"

	"elkhorn/internal/event"
)

// values is a scope of one object, with a bound.
type values struct {
	root event.Value
	left int
}

var errSpent = errors.New("spent")

func (s *values) Find(names []Part) (event.Value, bool) { return Follow(s.root, names) }

func (s *values) Spend(bytes int) error {
	if s.left -= bytes; s.left < 0 {
		return errSpent
	}
	return nil
}

func render(t *testing.T, text, params string, escape Escaping) (string, error) {
	t.Helper()
	root, err := event.ParseObject([]byte(params))
	if err != nil {
		t.Fatal(err)
	}
	template, err := Compile(text, escape)
	if err != nil {
		return "", err
	}
	return template.Render(&values{root, 100_000})
}

func TestRender(t *testing.T) {
	const params = `{"s":"a \"b\"\n","n":3,"f":1.5,"yes":true,"no":false,"null":null,"empty":"","none":[],"o":{"a":{"b":"deep"},"k":1},"l":["x","y"],
		"hosts":[{"name":"web-1","port":80},{"name":"db","tags":["a"]}],"q":"a b&c*~"}`
	for _, c := range []struct{ template, want string }{
		{"plain", "plain"},
		{`"{{s}}" {{n}} {{f}} {{yes}}`, `"a \"b\"\n" 3 1.5 true`},
		{`{{{q}}} {{&q}} {{ q }}`, "a b&c*~ a b&c*~ a b&c*~"},
		{"[{{missing}}{{null}}{{o.a.c}}{{s.x}}]", "[]"},
		{"{{o.a.b}} {{l.1}} {{l.size}} {{l.9}} {{hosts.0.name}}", "deep y 2  web-1"},
		{"{{o}} {{l}}", "{a={b=deep}, k=1} {0=x, 1=y}"},
		{"{{#l}}<{{.}}>{{/l}}", "<x><y>"},
		{"{{#hosts}}{{name}}:{{port}}{{n}} {{/hosts}}", "web-1:803 db:3 "},
		{"{{#hosts}}{{#tags}}{{name}}{{.}}{{/tags}}{{/hosts}}", "dba"},
		{"{{#o.a}}{{b}}{{/o.a}}", "deep"},
		{"{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{#none}}n{{/none}}{{#empty}}n{{/empty}}{{#null}}n{{/null}}{{#n}}3{{/n}}", "y3"},
		{"{{^no}}a{{/no}}{{^none}}b{{/none}}{{^empty}}c{{/empty}}{{^missing}}d{{/missing}}{{^yes}}e{{/yes}}", "abcd"},
		{`{"size":{{#n}}{{n}}{{/n}}{{^n}}10{{/n}}}`, `{"size":3}`},
		{"{{#toJson}}l{{/toJson}} {{#toJson}} o {{/toJson}} {{#tojson}}s{{/tojson}} {{#toJson}}missing{{/toJson}}", "[\"x\",\"y\"] {\"a\":{\"b\":\"deep\"},\"k\":1} a \"b\"\n "},
		{"{{#toJson}}hosts.1{{/toJson}}", `{"name":"db","tags":["a"]}`},
		{"{{#join}}l{{/join}} {{#join delimiter='||'}}l{{/join delimiter='||'}} {{#join delimiter=' '}}l{{/join}} {{#join}}missing{{/join}}", "x,y x||y x y missing"},
		{"{{#url}}http://h/{{q}}{{/url}}", "http%3A%2F%2Fh%2Fa+b%26c*%7E"},
		{"a{{! a note }}b", "ab"},
		{"{{=<% %>=}}<%n%> {{n}} <%={{ }}=%>{{n}}", "3 {{n}} 3"},
		{`{"a":{"b":{{n}}}}{"c":{{{n}}}}`, `{"a":{"b":3}}{"c":3}`},
	} {
		if got, err := render(t, c.template, params, JSON); err != nil || got != c.want {
			t.Errorf("%s\n got %q (%v)\nwant %q", c.template, got, err, c.want)
		}
	}
	for escape, want := range map[Escaping]string{Plain: "a \"b\"\n", Form: "a+%22b%22%0A"} {
		if got, err := render(t, "{{s}}", params, escape); err != nil || got != want {
			t.Errorf("escaping %d: %q (%v), want %q", escape, got, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for template, want := range map[string]string{
		"{{#a}}x": "Failed to close 'a' tag", "{{#a}}{{/b}}": "Mismatched start/end tags: a != b", "{{/a}}": "Mismatched start/end tags",
		"{{a": "Improperly closed variable", "{{}}": "Empty mustache tag", "{{#}}a{{/}}": "Empty mustache tag", "a{{/}}b": "Empty mustache tag", "{{& }}": "Empty mustache tag", "{{> part}}": "tag {{>}} is not supported",
		"{{#toJson}}{{a}}{{/toJson}}": "[toJson] must contain one and only one identifier", "{{#join}}{{/join}}": "[join] must contain one and only one identifier",
		"{{=|=}}": "Invalid delimiter string", strings.Repeat("{{#a}}", 60): "nested more than 50 deep",
	} {
		if _, err := render(t, template, `{}`, JSON); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", template, err, want)
		}
	}
}

// TestBounded: lists inside of lists print as much as the scope allows, also where they print nothing.
func TestBounded(t *testing.T) {
	list := "[" + strings.Repeat("1,", 999) + "1]"
	for _, inner := range []string{"", "x"} {
		nested := strings.Repeat("{{#l}}", 5) + inner + strings.Repeat("{{/l}}", 5)
		if _, err := render(t, nested, `{"l":`+list+`}`, JSON); !errors.Is(err, errSpent) {
			t.Errorf("%q in five lists of a thousand: %v", inner, err)
		}
	}
}

// FuzzCompile checks that no template panics.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"{{a}}", "{{#a}}{{.}}{{/a}}", "{{{a}}}", "{{=<% %>=}}<%a%>", "{{#join delimiter='x'}}a{{/join}}", "{{#url}}{{a}}{{/url}}", "{{=", "{{{"} {
		f.Add(seed)
	}
	root, err := event.ParseObject([]byte(`{"a":[1,{"b":"c"}]}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := Compile(text, JSON)
		if err != nil {
			return
		}
		if _, err := template.Render(&values{root, 10_000}); err != nil && !errors.Is(err, errSpent) {
			t.Error(err)
		}
	})
}
