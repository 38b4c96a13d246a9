package ruby

import (
	"strings"
	"testing"
)

// TestDefinitions compares programs with methods and lambdas of their own with what Ruby gives.
func TestDefinitions(t *testing.T) {
	for src, want := range map[string]string{
		"def double(x) x * 2 end\ndouble(4)":                                                                                     "8",
		"def fact(n)\n  n <= 1 ? 1 : n * fact(n - 1)\nend\nfact(10)":                                                             "3628800",
		"def fib(n)\n  return n if n < 2\n  a = fib(n - 1)\n  b = fib(n - 2)\n  a + b\nend\nfib(15)":                             "610",
		"def even(n)\n n == 0 ? true : odd(n - 1)\nend\ndef odd(n)\n n == 0 ? false : even(n - 1)\nend\neven(10)":                "true",
		"x = 1\ndef f(a)\n x = a\n x\nend\n[f(5), x]":                                                                            "[5, 1]",
		"def f(a, b = a + 1, c = 3)\n [a, b, c]\nend\n[f(1), f(1, 9), f(1, 9, 8)]":                                               "[[1, 2, 3], [1, 9, 3], [1, 9, 8]]",
		"def none\n 7\nend\nnone + none()":                                                                                       "14",
		"def f a, b\n a + b\nend\nf 1, 2":                                                                                        "3",
		"def f(list)\n list.each { |x| return x if x > 1 }\n nil\nend\n[f([1, 2, 3]), f([])]":                                    "[2, nil]",
		"def f(h)\n h.map { |k, v| v.is_a?(Hash) ? f(v) : k }.flatten\nend\nf({'a' => 1, 'b' => {'c' => 2, 'd' => {'e' => 3}}})": `["a", "c", "e"]`,
		"def f(x)\n Integer(x)\nrescue ArgumentError\n -1\nensure\n 0\nend\n[f('5'), f('x')]":                                    "[5, -1]",
		"def f(x)\n x =~ /(b)/\n $1\nend\n'a' =~ /(a)/\n[f('b'), $1]":                                                            `["b", "a"]`,
		"sq = lambda { |x| x * x }\n[sq.call(3), sq.(4), sq[5]]":                                                                 "[9, 16, 25]",
		"add = ->(a, b) { a + b }\nadd.call(1, 2)":                                                                               "3",
		"f = -> { 1 }\nf.call":                                                 "1",
		"f = proc do |x| x end\nf.call(3)":                                     "3",
		"f = ->(n) { n <= 1 ? 1 : n * f.call(n - 1) }\nf.call(5)":              "120",
		"n = 2\nf = ->(x) { x * n }\nn = 3\nf.call(5)":                         "15",
		"f = ->(x) { return x + 1 }\nf.call(1) + 10":                           "12",
		"[1, 2].map(&->(x) { x + 1 })":                                         "[2, 3]",
		"f = ->(x) { x + 1 }\n[1, 2].map(&f)":                                  "[2, 3]",
		"f = ->(a, b) { a + b }\n{'x' => 1}.map(&f)":                           `TypeError: no implicit conversion of Integer into String`,
		"[f = 1, ->(x) { x }.call(2), f]":                                      "[1, 2, 1]",
		"->(x) { x }.call":                                                     "ArgumentError: wrong number of arguments (given 0, expected 1)",
		"case 5 when ->(n) { n > 3 } then 'big' else 'small' end":              `"big"`,
		"s = 'aXbX'\nr = s.gsub!('X', '-')\n[s, r, s.gsub!('X', '')]":          `["a-b-", "a-b-", nil]`,
		"h = {'k' => ' v '}\nh['k'].strip!\nh":                                 `{"k"=>"v"}`,
		"s = 'abc'\ns.upcase!\ns.sub!(/B/) { |m| m * 2 }\ns":                   `"ABBC"`,
		"a = []\nfor x in [1, 2, 3] do\n next if x == 2\n a << x\nend\n[a, x]": "[[1, 3], 3]",
		"for a, b in {'x' => 1}\n r = [a, b]\nend\nr":                          `["x", 1]`,
		"n = 0\nbegin\n n += 1\n raise 'x' if n < 4\n n\nrescue\n retry\nend":  "4",
		"%w(a b).each_with_index.map { |x, i| x * (i + 1) }":                   `["a", "bb"]`,
		"%w(a b).map.with_index(1) { |x, i| \"#{i}#{x}\" }":                    `["1a", "2b"]`,
		"%w(a b c).select.with_index { |x, i| i != 1 }":                        `["a", "c"]`,
		"%w(a b).each.with_index(1).to_a":                                      "refused",
		"[1, 2, 3, 4].each_cons(2).to_a":                                       "[[1, 2], [2, 3], [3, 4]]",
		"'héy'.each_char.with_index.map { |c, i| c * i }.join":                 "refused",
		"'0x1f'.to_i(16) + '0b11'.to_i(2) + 'ff'.to_i(16)":                     "289",
		"Hash[[['a', 1]]].merge(Hash['b', 2])":                                 `{"a"=>1, "b"=>2}`,
		"[rand >= 0.0, rand(3) < 3, rand(2..2), rand < 1]":                     "[true, true, 2, true]",
		"Time.at(0).utc.localtime('+09:00').strftime('%H:%M %z')":              `"09:00 +0900"`,
		"Time.at(0).localtime.to_i":                                            "0",
	} {
		prog, err := Compile(src, testHost(), NewState())
		if err != nil {
			if want != "refused" {
				t.Errorf("%s\n%v", src, err)
			}
			continue
		}
		v, err := prog.Run(newTestEvent())
		got := inspectShort(v)
		if raised, ok := err.(*Error); ok {
			got = raised.Class + ": " + raised.Message
		} else if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

// TestDefinitionsEnd has programs that would not end by themselves, or that Ruby refuses too.
func TestDefinitionsEnd(t *testing.T) {
	for src, want := range map[string]string{
		"def f(n)\n f(n + 1)\nend\nf(0)":                          "more than 400 deep",
		"f = ->(n) { f.call(n) }\nf.call(0)":                      "more than 400 deep",
		"begin\n raise 'x'\nrescue\n retry\nend":                  "more than 5000000 steps",
		"def f(n)\n f(n + 1)\nrescue Exception\n 1\nend\nf(0)":    "more than 400 deep",
		"def f(n)\n n < 300 ? f(n + 1) + f(n + 1) : 1\nend\nf(0)": "64 MB",
		"retry":                       "retry: stands only in a rescue",
		"[1].each { def f\n 1\nend }": "def stands at the top of a program only",
		"def f(a)\n a\nend\nf":        "f takes 1 arguments, 0 are given",
		"def f(a, *b)\n a\nend":       `expected ")"`,
		"def f(a = 1, b)\n a\nend":    "a parameter without a value",
		"def f\n 1":                   "this def has no end",
		"def self.f\n 1\nend":         "only plain names can be defined",
		"def f = 1":                   "expected the end of the parameters",
		"def rand\n 1\nend":           `"rand" is a function already`,
		"def f\n yield\nend":          "yield",
		"x = 1\ndef f\n x\nend":       `"x" is neither a variable`,
		"# def g\ng(1)":               `there is no function g`,
		"lambda 1":                    "the block of lambda",
		"->(x":                        `expected ")"`,
		"for 1 in [1] do end":         "a variable's name",
	} {
		prog, err := Compile(src, testHost(), NewState())
		if err == nil {
			_, err = prog.Run(newTestEvent())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", src, err, want)
		}
	}
}
