package ruby

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/pattern"
)

// testRegexp adapts package pattern, as the ruby filter does.
type testRegexp struct{ *pattern.Regexp }

func (r testRegexp) FindAt(s string, from int) ([]int, error) { return r.Find(nil, s, from) }

func testHost() *Host {
	return &Host{
		Regexp: func(source, flags string) (Regexp, error) {
			var f pattern.Flags
			for _, c := range flags {
				f |= map[rune]pattern.Flags{'i': pattern.IgnoreCase, 'm': pattern.DotAll, 'x': pattern.Extended}[c]
			}
			re, err := pattern.CompileFlags(source, f)
			if err != nil {
				return nil, err
			}
			return testRegexp{re}, nil
		},
		Field: func(ref string) (Field, error) {
			if strings.Count(ref, "[") != strings.Count(ref, "]") {
				return nil, errors.New("a [ is never closed")
			}
			return ref, nil
		},
		Now: func() time.Time { return time.Unix(1767225600, 0) },
		NewEvent: func(fields *Hash) (Event, error) {
			ev := newTestEvent()
			for i := range fields.Len() {
				k, v := fields.At(i)
				ev.fields[k.(string)] = v
			}
			return ev, nil
		},
		ParseJSON: func(text string) (Value, error) {
			var v any
			err := json.Unmarshal([]byte(text), &v)
			return fromGo(v), err
		},
		PrintJSON: func(v Value) (string, error) {
			return strings.NewReplacer("=>", ":", " ", "", "nil", "null").Replace(inspectShort(v)), nil
		},
	}
}

// fromGo turns what encoding/json makes into values.
func fromGo(v any) Value {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case []any:
		a := &Array{}
		for _, item := range v {
			a.Items = append(a.Items, fromGo(item))
		}
		return a
	case map[string]any:
		h := NewHash()
		for k, item := range v {
			h.Set(k, fromGo(item))
		}
		return h
	}
	return v
}

// testEvent is an event as a flat map of references.
type testEvent struct {
	fields    map[string]Value
	tags      []string
	cancelled bool
}

func (e *testEvent) Get(f Field) Value          { return e.fields[f.(string)] }
func (e *testEvent) Set(f Field, v Value) error { e.fields[f.(string)] = v; return nil }
func (e *testEvent) Remove(f Field) Value {
	v := e.fields[f.(string)]
	delete(e.fields, f.(string))
	return v
}
func (e *testEvent) Includes(f Field) bool { _, ok := e.fields[f.(string)]; return ok }
func (e *testEvent) Tag(tag string)        { e.tags = append(e.tags, tag) }
func (e *testEvent) Cancel()               { e.cancelled = true }
func (e *testEvent) Cancelled() bool       { return e.cancelled }
func (e *testEvent) Copy() Event           { return &testEvent{fields: maps.Clone(e.fields)} }
func (e *testEvent) Append(o Event) error  { maps.Copy(e.fields, o.(*testEvent).fields); return nil }
func (e *testEvent) Overwrite(o Event) error {
	e.fields = maps.Clone(o.(*testEvent).fields)
	return nil
}
func (e *testEvent) ToHash(bool) Value { return NewHash() }
func (e *testEvent) Expand(text string) (string, error) {
	return strings.ReplaceAll(text, "%{a}", "A"), nil
}

func newTestEvent() *testEvent { return &testEvent{fields: map[string]Value{}} }

// TestExpressions compares the value of programs, as inspect shows it, with what Ruby gives.
func TestExpressions(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		prog, err := Compile(src, testHost(), NewState())
		if err != nil {
			t.Errorf("%s: %v", src, err)
			return
		}
		v, err := prog.Run(newTestEvent())
		got := inspectShort(v)
		if err != nil {
			var raised *Error
			if !errors.As(err, &raised) {
				t.Errorf("%s: %v", src, err)
				return
			}
			got = raised.Class + ": " + raised.Message
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
	// numbers
	f("[::Math::PI > 3, ::LogStash::Event.new.get('a'), 4 + ::Integer('5')]", "[true, nil, 9]")
	f("1 + 2 * 3", "7")
	f("7 / 2", "3")
	f("-7 / 2", "-4")
	f("-7 % 3", "2")
	f("7.0 / 2", "3.5")
	f("2 ** 10", "1024")
	f("-2 ** 2", "-4")
	f("-2.abs", "2")
	f("2 ** 3 ** 2", "512")
	f("1 / 0", "ZeroDivisionError: divided by 0")
	f("1.0 / 0", "Infinity")
	f("9223372036854775807 + 1", "RangeError: the integer does not fit 64 bits")
	f("1_000.5 + 0x10 + 0b11", "1019.5")
	f("1e20.to_s + 1e-5.to_s + 100.0.to_s + 1e16.to_s", `"1.0e+201.0e-05100.01.0e+16"`)
	f("2.5.round + 3.5.round + -2.5.round", "4")
	f("[2.675.round(2), 1.005.round(2), 0.5.floor, -0.5.ceil, 1234.round(-2), 3.14159.round(3), 10.0.round(1)]", "[2.68, 1.0, 0, 0, 1200, 3.142, 10.0]")
	f("10.fdiv(4)", "2.5")
	f("7.divmod(-2)", "[-4, -1]")
	f("5.clamp(1, 3) + 5.clamp(..4)", "7")
	f("255.to_s(16)", `"ff"`)
	f("1 <=> 2.0", "-1")
	f("1 == 1.0", "true")
	f("1.eql?(1.0)", "false")
	// the sum is compensated: a plain loop gives 3.7399999999999998
	f("[0.94, 0.87, 0.76, 0.65, 0.52].sum", "3.74")
	f("[0.1] * 3 == [0.1, 0.1, 0.1] && [0.1, 0.1, 0.1].sum", "0.30000000000000004")
	f("[1, 2.5, 3].sum", "6.5")
	f("[].sum", "0")
	f("['a', 'b'].sum('')", `"ab"`)
	f("[1, 'a'].sum", "TypeError: String can't be coerced into Integer")
	f("[3, nil].max", "ArgumentError: comparison of NilClass with 3 failed")
	// texts
	f(`"a#{1 + 1}b#{"c#{"d"}"}"`, `"a2bcd"`)
	f(`'a#{1}\n\'' + "\t\x41\u00e9\u{1F600}"`, `"a#{1}\\n'\tAé😀"`)
	f(`"abc"[1] + "abc"[-1] + "abcdef"[1..3] + "abcdef"[2..] + "äöü"[1, 2]`, `"bcbcdcdeföü"`)
	f(`"abc"[5]`, "nil")
	f(`"a,b,,".split(",")`, `["a", "b"]`)
	f(`"a,b,,".split(",", -1)`, `["a", "b", "", ""]`)
	f(`" a  b ".split`, `["a", "b"]`)
	f(`"a1b22c".split(/\d+/)`, `["a", "b", "c"]`)
	f(`"abc".split("")`, `["a", "b", "c"]`)
	f(`"k=v=w".split("=", 2)`, `["k", "v=w"]`)
	f(`"hello world".gsub(/o/, "0").sub("w", "W")`, `"hell0 W0rld"`)
	f(`"John Smith".gsub(/(\w+) (\w+)/, '\2 \1')`, `"Smith John"`)
	f(`"hello".gsub(/l/) { |m| m.upcase + $~[0] }`, `"heLlLlo"`)
	f(`"cat".gsub(/[ac]/, "a" => "4", "c" => "k")`, `"k4t"`)
	f(`"a.b".gsub(".", "-")`, `"a-b"`)
	f(`"abc".gsub(/x*/, "-")`, `"-a-b-c-"`)
	f(`"path".gsub(/(?<x>a)/, '<\k<x>>')`, `"p<a>th"`)
	f(`"12abc".to_i + "abc".to_i + "3.7xyz".to_f + " 1_000 ".to_i`, "1015.7")
	f(`"abc" =~ /c/`, "2")
	f(`"abc" !~ /x/`, "true")
	f(`"2026-01-15" =~ /(\d+)-(\d+)/; $1.to_i + $2.to_i`, "2027")
	f(`m = "key=val".match(/(?<k>\w+)=(?<v>\w+)/); [m[:k], m["v"], m[0], m.pre_match]`, `["key", "val", "key=val", ""]`)
	f(`"Hello World".tr('a-y', 'b-z').delete('W').squeeze`, `"Hfmp psme"`)
	f(`"hello".tr('el', 'ip') + "hello".count("l").to_s`, `"hippo2"`)
	f(`"title case".split.map(&:capitalize).join(" ")`, `"Title Case"`)
	f(`"%05.2f|%-5s|%+d|%x|%%|%s" % [3.14159, "ab", 5, 255, nil]`, `"03.14|ab   |+5|ff|%|"`)
	f(`format("%<a>d %{b}", a: 1, b: "x")`, `"1 x"`)
	f(`"abc".start_with?("x", "ab") && "abc".end_with?("c") && "abc".include?("b")`, "true")
	f(`"a" "b" 'c'`, `"abc"`)
	f(`"abc" * 2 + "x".rjust(3, "0") + "x".center(4, "-")`, `"abcabc00x-x--"`)
	f(`s = "a"; s << "b" << "c"; s`, `"abc"`)
	f(`x = "abc"; x.length + x.bytesize`, "6")
	f(`"a-b_c".scan(/[a-z]/)`, `["a", "b", "c"]`)
	f(`"a1 b2".scan(/(\w)(\d)/)`, `[["a", "1"], ["b", "2"]]`)
	f(`%w[a b].push(:c).inspect + %i[x y].to_s`, `"[\"a\", \"b\", :c][:x, :y]"`)
	f(`"é".upcase + "ß".bytes.length.to_s`, `"É2"`)
	f(`"abc".partition("b") + "a.b.c".rpartition(".")`, `["a", "b", "c", "a.b", ".", "c"]`)
	f(`nil.to_s + nil.to_a.to_s + :sym.to_s`, `"[]sym"`)
	f(`1 + nil`, "TypeError: nil can't be coerced into Integer")
	f(`"a" + 1`, "TypeError: no implicit conversion of Integer into String")
	f(`nil.upcase`, "NoMethodError: undefined method 'upcase' for nil")
	f(`nil&.upcase`, "nil")
	// control
	f("if false then 1 elsif nil then 2 else 3 end", "3")
	f("unless true\n 1\nelse\n 2\nend", "2")
	f("x = 5 if false; x", "nil")
	f("x = (1 if true) || 2", "1")
	f("a = 1; a += 1 while a < 10; a", "10")
	f("i = 0; begin i += 1 end while i < 3; i", "3")
	f("i = 0; until i == 3 do i += 1 end; i", "3")
	f("r = []; (1..10).each { |i| next if i.even?; break if i > 7; r << i }; r", "[1, 3, 5, 7]")
	f("loop { break 42 }", "42")
	f("[1, 2, 3].each do |x| return x * 10 if x == 2 end; 0", "20")
	f("true && !false and not nil", "true")
	f("x = true ? 1 : 2", "1")
	f("x = nil; x ||= 3; x &&= x + 1; x", "4")
	f("a, b = 1, 2; a, b = b, a; [a, b]", "[2, 1]")
	f("a, *b = 'x-y-z'.split('-'); [a, b]", `["x", ["y", "z"]]`)
	f("begin; 1 / 0; rescue ZeroDivisionError => e; e.message; ensure; 5; end", `"divided by 0"`)
	f("x = Integer('z') rescue -1", "-1")
	f("begin; raise ArgumentError, 'bad'; rescue TypeError; 1; rescue => e; e.class.name + e.message; end", `"ArgumentErrorbad"`)
	f("raise 'boom'", "RuntimeError: boom")
	f("case 5 when 1..3 then :low when 4..6 then :mid else :high end", ":mid")
	f("case 'abc'\nwhen /^a/\n 'a'\nend", `"a"`)
	f("case 5 when String, Symbol then 1 when Numeric then 2 end", "2")
	f("case when false then 1 when 2 > 1 then 3 end", "3")
	f("case 1.5 when Integer then 1 when Float then 2 end", "2")
	f("defined?(zzz).nil? && defined?(String) != nil", "true")
	// collections
	f("[3, 1, 2].sort.reverse.first(2)", "[3, 2]")
	f("%w[bb a ccc].sort_by(&:length).map { |s| s.upcase }.join('-')", `"A-BB-CCC"`)
	f("%w[bb a ccc].max_by { |s| s.length }", `"ccc"`)
	f("[1, 2, 3, 4].select(&:even?).map { |x| x * x }.sum", "20")
	f("[1, 2, 3].inject(:+) + [1, 2, 3].reduce(10) { |a, b| a + b }", "22")
	f("[[1, 2], [3, 4]].map { |a, b| a * b }", "[2, 12]")
	f("c = Hash.new(0); %w[a b a].each { |x| c[x] += 1 }; c", `{"a"=>2, "b"=>1}`)
	f("g = Hash.new { |h, k| h[k] = [] }; g[:x] << 1; g[:x] << 2; [g, g.key?(:y)]", "[{:x=>[1, 2]}, false]")
	// libraries
	f(`require "json"; JSON.parse('{"a":[1,2.5,null]}')["a"]`, "[1, 2.5, nil]")
	f(`JSON.parse("{") rescue "no json"`, `"no json"`)
	f(`begin; JSON.parse("{"); rescue JSON::ParserError => e; e.class.name; end`, `"JSON::ParserError"`)
	f(`JSON.parse('{"a":{"b":1}}', symbolize_names: true)[:a][:b]`, "1")
	f(`{ "a" => [1, nil] }.to_json`, `"{\"a\":[1,null]}"`)
	f(`Digest::MD5.hexdigest("a") + Digest::SHA256.hexdigest("a")[0, 8]`, `"0cc175b9c0f1b6a831c399e269772661ca978112"`)
	f(`Base64.strict_encode64("hi?") + Base64.decode64("aGk/\n")`, `"aGk/hi?"`)
	f(`CGI.unescape("a%20b+c")`, `"a b c"`)
	f("r = {}; %w[a b].each_with_index { |x, i| r[x] = i }; r", `{"a"=>0, "b"=>1}`)
	f("[1, nil, 2, nil].compact.length", "2")
	f("[1, [2, [3, 4]]].flatten", "[1, 2, 3, 4]")
	f("[1, 2, 2, 3].uniq - [3] | [9] & [9]", "[1, 2, 9]")
	f("[1, 2, 3, 4, 5][1..-2] + [1, 2, 3][-1..]", "[2, 3, 4, 3]")
	f("[[1, 'a'], [2, 'b']].to_h", `{1=>"a", 2=>"b"}`)
	f("[1, 2, 3].partition { |x| x > 1 } + [1, 2].zip([3, 4])", "[[2, 3], [1], [1, 3], [2, 4]]")
	f("[5, 3].minmax", "[3, 5]")
	f("%w[a b a].tally.merge('z' => 0) { |k, a, b| a }", `{"a"=>2, "b"=>1, "z"=>0}`)
	f("h = { a: 1, 'b' => 2, \"c\": 3 }; [h[:a], h['b'], h[:c], h.keys, h.key?(:zz)]", `[1, 2, 3, [:a, "b", :c], false]`)
	f("h = { 'a' => { 'b' => [1, 2] } }; h.dig('a', 'b', 1)", "2")
	f("{ a: 1, b: 2 }.select { |k, v| v > 1 }.map { |k, v| [k.to_s, v] }", `[["b", 2]]`)
	f("{ a: 2, b: 1 }.sort_by { |k, v| v }.first", "[:b, 1]")
	f("{ a: 2, b: 1 }.min_by { |_, v| v }", "[:b, 1]")
	f("{ 'x' => 1 }.transform_values { |v| v + 1 }.any? { |k, v| v == 2 }", "true")
	f("h = {}; 20.times { |i| h[i.to_s] = i }; h.delete('3'); h.size + h['19']", "38")
	f("(1..4).map { _1 * 2 } + (1...3).to_a + [it = 1]", "[2, 4, 6, 8, 1, 2, 1]")
	f("(1..Float::INFINITY).include?(5) && (0..100) === 50.5", "true")
	f("('a'..'e').to_a.join", `"abcde"`)
	f("1.step(10, 4) { |x| x }; 10.downto(8) { |x| x }", "10")
	f("[1, 2, 3].any? { |x| x > 2 } && [nil, 1].all? == false && [].none?", "true")
	f("x = [1, 2]; y = x; y << 3; x.length", "3")
	f("[0.1, 0.2, 0.3].map { |x| (x * 10).to_i }.each_slice(2).to_a", "[[1, 2], [3]]")
	f("a = [1, 2, 3]\na.select { |x|\n  x > 1\n}\n .map do |x|\n  x\nend", "[2, 3]")
	f("'a/b'.split /\\//", `["a", "b"]`)
	f("x = 6; y = 2; x /y", "3")
	f("x = [1]; x [0]", "1")
	// times
	f("Time.now.utc.iso8601", `"2026-01-01T00:00:00Z"`)
	f("Time.at(0).utc.strftime('%Y-%m-%d %H:%M:%S.%L %j')", `"1970-01-01 00:00:00.000 001"`)
	f("(Time.parse('2026-01-02T03:04:05Z') - Time.at(1767225600)).to_i", "97445")
	f("LogStash::Timestamp.at(1.5).to_s + Time.at(1).to_s", `"1970-01-01T00:00:01.500Z1970-01-01 00:00:01 UTC"`)
	f("Time.at(1767225600).monday? || Time.at(1767225600).wday", "4")
	// limits
	f("event.sprintf('%{a}') + event.cancelled?.to_s", `"Afalse"`)
	f("a = []; a << a; a.to_s", "ArgumentError: the value is nested too deeply")
}

func TestLimits(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		prog, err := Compile(src, testHost(), NewState())
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		_, err = prog.Run(newTestEvent())
		var limit *limitError
		if !errors.As(err, &limit) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", src, err)
		}
	}
	f("while true\nend", "more than 5000000 steps")
	f("begin; loop { }; rescue Exception; end", "more than 5000000 steps")
	f("s = 'x'; loop { s += s }", "64 MB")
	f("'x' * 1_000_000_000", "64 MB")
	f("(1..1_000_000_000).to_a", "64 MB")
	f("a = [1]; 60.times { a = [a, a] }; a.to_s", "steps")
	f("a = []; loop { a << [1, 2, 3] }", "MB")
}

func TestLoadErrors(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		_, err := Compile(src, testHost(), NewState())
		var at *SyntaxError
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", src, err, want)
		}
	}
	f("x = 1\n  foo(x)", `line 2, column 3: there is no function "foo" here; the program defines none of that name`)
	f("y + 1", `line 1, column 1: "y" is neither a variable that has a value by now nor a function here`)
	f("'a'.uppcase", `line 1, column 5: there is no method "uppcase" here; did you mean "upcase"?`)
	f("'a'.gsub!(/a/, 'b')", `line 1, column 5: the method "gsub!" is not supported: texts are immutable here; write x = x.gsub(…)`)
	f("puts 'x'", "line 1, column 1: puts is not supported: a pipeline has no console; use event.set or event.tag")
	f("event['x']", `line 1, column 6: event["field"] is not supported since Logstash 5; use event.get and event.set`)
	f("event.get('[a')", "line 1, column 11: a [ is never closed")
	f("event.get", "line 1, column 7: event.get takes 1 arguments, 0 are given")
	f("event.frobnicate", `line 1, column 7: event has no method "frobnicate"; it has get, set, remove, include?, tag, cancel, cancelled?, clone, append, overwrite, sprintf, timestamp, to_hash and to_hash_with_metadata`)
	f("if true\n x = 1", "line 1, column 1: this if has no end")
	f("[1, 2", `line 1, column 6: expected "," or "]", found the end of the program`)
	f("x = \"abc", "line 1, column 5: the text that begins here is never closed by \"")
	f("event.set(\\\"a\\\", 1)", `line 1, column 11: a backslash stands here outside of a text; put the code between single quotes so that " needs none`)
	f("Net::HTTP.get('x')", "line 1, column 1: the constant Net::HTTP is not known here")
	f("File.read('x')", "line 1, column 6: File.read is not supported")
	f("ENV['X']", "line 1, column 1: ENV is not supported: write ${NAME:default} in the program's text, which the configuration fills in")
	f("x = @@hits", "line 1, column 5: the class variable @@hits is set nowhere in this filter, and what another one sets does not arrive here")
	f("if $ports\n 1 end", "line 1, column 4: the global variable $ports is set nowhere in this filter, and what another one sets does not arrive here")
	f("Limit + 1", "line 1, column 1: the constant Limit is not known here")
	f("String = 1", "line 1, column 1: this cannot be assigned to")
	f("x = $0", "line 1, column 5: of the global variables with signs for names there are only $1 to $9 and $~")
	f("`ls`", "line 1, column 1: running commands with backquotes is not supported")
	f("$stdout.sync", "line 1, column 1: $stdout is not supported: a pipeline has no console; use event.set or event.tag")
	f("next", "line 1, column 1: next stands outside of a loop and of a block")
	f("x =~ /a/", `line 1, column 1: "x" is neither a variable that has a value by now nor a function here`)
	f("x = 'a' =~ /(/", "line 1, column 12: regular expression \"(\": at byte 0: ( is not closed")
	f("99999999999999999999", "line 1, column 1: the number 99999999999999999999 does not fit 64 bits")
	f(strings.Repeat("(", 500), "line 1, column 51: nested more than 150 levels deep")
	f("'a'.upcase(1, 2)", "line 1, column 5: upcase does not take 2 arguments")
	f("require 'net/http'", "line 1, column 1: this library cannot be required here; there are json, time, digest, base64, cgi, csv, uri, addressable/uri, set, socket, ipaddr and securerandom")
	f("JSON.load('x')", "line 1, column 6: JSON.load is not supported")
	f("x = <<~EOS\nEOS", "line 1, column 5: here-documents (<<) are not supported")
}
