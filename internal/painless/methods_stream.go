package painless

import (
	"slices"
	"strings"
)

// stream is a Stream, IntStream and so on. It holds its elements: scripts are bounded, so nothing is gained by laziness.
type stream struct {
	items []Value
	kind  Kind // of the elements of an IntStream, LongStream or DoubleStream; KindNull for a Stream
}

func (*stream) class() *class { return classes["Stream"] }
func (*stream) show() string  { return "java.util.stream.Stream" }

func (s *stream) each(f func(Value) bool) {
	for _, v := range s.items {
		if !f(v) {
			return
		}
	}
}

func streamOf(fr *frame, items []Value) Value {
	fr.r.alloc(valueBytes * (len(items) + 1))
	return objectOf(&stream{items: items})
}

func streamMethods() map[string]methodFunc {
	on := func(f func(fr *frame, s *stream, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value {
			s := self.ref.(*stream)
			fr.r.spend(len(s.items))
			return f(fr, s, args)
		}
	}
	typed := func(k Kind) methodFunc {
		return on(func(fr *frame, s *stream, args []Value) Value {
			items := mapItems(fr, s.items, args[0])
			return objectOf(&stream{convertItems(items, k), k})
		})
	}
	as := func(k Kind) methodFunc {
		return on(func(fr *frame, s *stream, _ []Value) Value {
			return objectOf(&stream{convertItems(slices.Clone(s.items), k), k})
		})
	}
	toList := on(func(fr *frame, s *stream, _ []Value) Value { return newList(fr, slices.Clone(s.items)) })
	return map[string]methodFunc{
		"map/1": on(func(fr *frame, s *stream, args []Value) Value {
			return objectOf(&stream{mapItems(fr, s.items, args[0]), s.kind})
		}),
		"mapToInt/1":       typed(KindInt),
		"mapToLong/1":      typed(KindLong),
		"mapToDouble/1":    typed(KindDouble),
		"asDoubleStream/0": as(KindDouble), "asLongStream/0": as(KindLong),
		"mapToObj/1": on(func(fr *frame, s *stream, args []Value) Value {
			return objectOf(&stream{items: mapItems(fr, s.items, args[0])})
		}),
		"boxed/0": on(func(fr *frame, s *stream, _ []Value) Value { return objectOf(&stream{items: s.items}) }),
		"filter/1": on(func(fr *frame, s *stream, args []Value) Value {
			return objectOf(&stream{filterItems(fr, s.items, args[0]), s.kind})
		}),
		"flatMap/1": on(func(fr *frame, s *stream, args []Value) Value {
			var out []Value
			for _, v := range s.items {
				out = append(out, itemsOf(fr, callFunc(fr, args[0], v))...)
			}
			fr.r.alloc(valueBytes * len(out))
			return objectOf(&stream{items: out})
		}),
		"distinct/0": on(func(fr *frame, s *stream, _ []Value) Value {
			return objectOf(&stream{slices.Clone(keysOf(toSet(fr, s.items))), s.kind})
		}),
		"sorted/0": on(func(fr *frame, s *stream, _ []Value) Value {
			out := slices.Clone(s.items)
			sortItems(fr, out, Null)
			return objectOf(&stream{out, s.kind})
		}),
		"sorted/1": on(func(fr *frame, s *stream, args []Value) Value {
			out := slices.Clone(s.items)
			sortItems(fr, out, args[0])
			return objectOf(&stream{out, s.kind})
		}),
		"limit/1": on(func(_ *frame, s *stream, args []Value) Value {
			n := max(0, min(args[0].Long(), int64(len(s.items))))
			return objectOf(&stream{s.items[:n], s.kind})
		}),
		"skip/1": on(func(_ *frame, s *stream, args []Value) Value {
			n := max(0, min(args[0].Long(), int64(len(s.items))))
			return objectOf(&stream{s.items[n:], s.kind})
		}),
		"peek/1": on(func(fr *frame, s *stream, args []Value) Value {
			mapItems(fr, s.items, args[0])
			return objectOf(s)
		}),
		"forEach/1": on(func(fr *frame, s *stream, args []Value) Value {
			for _, v := range s.items {
				callFunc(fr, args[0], v)
			}
			return Null
		}),
		"anyMatch/1":  on(func(fr *frame, s *stream, args []Value) Value { return BoolOf(anyOf(fr, s.items, args[0])) }),
		"allMatch/1":  on(func(fr *frame, s *stream, args []Value) Value { return BoolOf(allOf(fr, s.items, args[0])) }),
		"noneMatch/1": on(func(fr *frame, s *stream, args []Value) Value { return BoolOf(!anyOf(fr, s.items, args[0])) }),
		"count/0":     on(func(_ *frame, s *stream, _ []Value) Value { return LongOf(int64(len(s.items))) }),
		"findFirst/0": on(func(_ *frame, s *stream, _ []Value) Value { return optionalOf(s.items) }),
		"findAny/0":   on(func(_ *frame, s *stream, _ []Value) Value { return optionalOf(s.items) }),
		"min/0":       on(func(fr *frame, s *stream, _ []Value) Value { return extreme(fr, s.items, Null, -1) }),
		"max/0":       on(func(fr *frame, s *stream, _ []Value) Value { return extreme(fr, s.items, Null, 1) }),
		"min/1":       on(func(fr *frame, s *stream, args []Value) Value { return extreme(fr, s.items, args[0], -1) }),
		"max/1":       on(func(fr *frame, s *stream, args []Value) Value { return extreme(fr, s.items, args[0], 1) }),
		"sum/0":       on(func(_ *frame, s *stream, _ []Value) Value { return s.sum() }),
		"average/0": on(func(_ *frame, s *stream, _ []Value) Value {
			if len(s.items) == 0 {
				return optionalOf(nil)
			}
			return optionalOf([]Value{DoubleOf(sumItems(s.items) / float64(len(s.items)))})
		}),
		"reduce/1": on(func(fr *frame, s *stream, args []Value) Value {
			if len(s.items) == 0 {
				return optionalOf(nil)
			}
			return optionalOf([]Value{reduce(fr, s.items[0], s.items[1:], args[0])})
		}),
		"reduce/2": on(func(fr *frame, s *stream, args []Value) Value { return reduce(fr, args[0], s.items, args[1]) }),
		"collect/1": on(func(fr *frame, s *stream, args []Value) Value {
			return callFunc(fr, args[0], newList(fr, slices.Clone(s.items)))
		}),
		"toList/0":   toList,
		"toArray/0":  on(func(fr *frame, s *stream, _ []Value) Value { return arrayOf(fr, slices.Clone(s.items)) }),
		"toArray/1":  on(func(fr *frame, s *stream, _ []Value) Value { return arrayOf(fr, slices.Clone(s.items)) }),
		"iterator/0": on(func(fr *frame, s *stream, _ []Value) Value { return objectOf(&iterator{items: s.items}) }),
	}
}

func (s *stream) sum() Value {
	if s.kind == KindDouble || s.kind == KindNull {
		return DoubleOf(sumItems(s.items))
	}
	var n int64
	for _, v := range s.items {
		n = narrow(s.kind, n+v.Long())
	}
	return Value{kind: s.kind, num: uint64(n)}
}

func reduce(fr *frame, v Value, items []Value, f Value) Value {
	for _, item := range items {
		v = callFunc(fr, f, v, item)
	}
	return v
}

func convertItems(items []Value, k Kind) []Value {
	for i, v := range items {
		items[i] = convertDef(v, typ{kind: k}, false)
	}
	return items
}

func toSet(fr *frame, items []Value) *Map {
	m := NewMap()
	fr.r.alloc(2 * valueBytes * len(items))
	for _, v := range items {
		m.Set(v, BoolOf(true))
	}
	return m
}

func extreme(fr *frame, items []Value, f Value, sign int) Value {
	if len(items) == 0 {
		return optionalOf(nil)
	}
	compare, best := comparator(fr, f), items[0]
	for _, v := range items[1:] {
		if compare(v, best)*sign > 0 {
			best = v
		}
	}
	return optionalOf([]Value{best})
}

// optional is an Optional, OptionalInt and so on.
type optional struct {
	value Value
	there bool
}

func optionalOf(items []Value) Value {
	if len(items) == 0 {
		return objectOf(&optional{})
	}
	return objectOf(&optional{items[0], true})
}

func (*optional) class() *class { return classes["Optional"] }
func (o *optional) show() string {
	if !o.there {
		return "Optional.empty"
	}
	return "Optional[" + o.value.String() + "]"
}

func optionalMethods() map[string]methodFunc {
	on := func(f func(fr *frame, o *optional, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*optional), args) }
	}
	get := on(func(_ *frame, o *optional, _ []Value) Value {
		if !o.there {
			throw("NoSuchElementException", "No value present")
		}
		return o.value
	})
	return map[string]methodFunc{
		"get/0": get, "getAsInt/0": get, "getAsLong/0": get, "getAsDouble/0": get, "orElseThrow/0": get,
		"isPresent/0": on(func(_ *frame, o *optional, _ []Value) Value { return BoolOf(o.there) }),
		"orElse/1": on(func(_ *frame, o *optional, args []Value) Value {
			if o.there {
				return o.value
			}
			return args[0]
		}),
		"orElseGet/1": on(func(fr *frame, o *optional, args []Value) Value {
			if o.there {
				return o.value
			}
			return callFunc(fr, args[0])
		}),
		"ifPresent/1": on(func(fr *frame, o *optional, args []Value) Value {
			if o.there {
				callFunc(fr, args[0], o.value)
			}
			return Null
		}),
		"map/1": on(func(fr *frame, o *optional, args []Value) Value {
			if !o.there {
				return objectOf(o)
			}
			return optionalOf([]Value{callFunc(fr, args[0], o.value)})
		}),
		"filter/1": on(func(fr *frame, o *optional, args []Value) Value {
			if o.there && callTest(fr, args[0], o.value) {
				return objectOf(o)
			}
			return optionalOf(nil)
		}),
	}
}

// collector makes a Collector: a function of the list of elements.
func collector(f func(fr *frame, items []Value) Value) Value {
	return funcOf("collector", 1, func(fr *frame, args []Value) Value { return f(fr, itemsOf(fr, args[0])) })
}

func collectors() map[string]staticFunc {
	list := func(*frame, []Value) Value {
		return collector(func(fr *frame, items []Value) Value { return newList(fr, items) })
	}
	set := func(*frame, []Value) Value {
		return collector(func(fr *frame, items []Value) Value { return setOf(toSet(fr, items)) })
	}
	join := func(_ *frame, args []Value) Value {
		var text [3]string
		for i, a := range args {
			text[i] = textArg(a)
		}
		return collector(func(fr *frame, items []Value) Value {
			return fr.newText(text[1] + joinItems(fr, items, text[0]).Text() + text[2])
		})
	}
	number := func(f func(items []Value) Value) staticFunc {
		return func(_ *frame, args []Value) Value {
			return collector(func(fr *frame, items []Value) Value { return f(mapItems(fr, items, args[0])) })
		}
	}
	whole := func(k Kind) staticFunc {
		return number(func(items []Value) Value { return (&stream{convertItems(items, k), k}).sum() })
	}
	average := number(func(items []Value) Value {
		if len(items) == 0 {
			return DoubleOf(0)
		}
		return DoubleOf(sumItems(items) / float64(len(items)))
	})
	group := func(_ *frame, args []Value) Value {
		return collector(func(fr *frame, items []Value) Value {
			m := groupItems(fr, items, args[0])
			if len(args) == 2 {
				for i, v := range m.values {
					m.values[i] = callFunc(fr, args[1], v)
				}
			}
			return MapOf(m)
		})
	}
	toMap := func(_ *frame, args []Value) Value {
		return collector(func(fr *frame, items []Value) Value {
			m := NewMap()
			for _, v := range items {
				key, value := callFunc(fr, args[0], v), callFunc(fr, args[1], v)
				fr.r.alloc(2 * valueBytes)
				if old, ok := m.Get(key); ok {
					if len(args) < 3 {
						throw("IllegalStateException", "Duplicate key %s", key)
					}
					value = callFunc(fr, args[2], old, value)
				}
				m.Set(key, value)
			}
			return MapOf(m)
		})
	}
	return map[string]staticFunc{
		"toList/0": list, "toUnmodifiableList/0": list, "toSet/0": set, "joining/0": join, "joining/1": join, "joining/3": join,
		"counting/0": func(*frame, []Value) Value {
			return collector(func(_ *frame, items []Value) Value { return LongOf(int64(len(items))) })
		},
		"summingInt/1": whole(KindInt), "summingLong/1": whole(KindLong),
		"summingDouble/1": number(func(items []Value) Value { return DoubleOf(sumItems(items)) }),
		"averagingInt/1":  average, "averagingLong/1": average, "averagingDouble/1": average,
		"groupingBy/1": group, "groupingBy/2": group, "toMap/2": toMap, "toMap/3": toMap,
		"mapping/2": func(_ *frame, args []Value) Value {
			return collector(func(fr *frame, items []Value) Value {
				return callFunc(fr, args[1], newList(fr, mapItems(fr, items, args[0])))
			})
		},
		"minBy/1": func(_ *frame, args []Value) Value {
			return collector(func(fr *frame, items []Value) Value { return extreme(fr, items, args[0], -1) })
		},
		"maxBy/1": func(_ *frame, args []Value) Value {
			return collector(func(fr *frame, items []Value) Value { return extreme(fr, items, args[0], 1) })
		},
	}
}

func streamClasses() []*class {
	rng := func(k Kind, closed int64) staticFunc {
		return func(fr *frame, args []Value) Value {
			from, to := args[0].Long(), args[1].Long()+closed
			n := max(0, to-from)
			fr.r.spend(int(min(n, maxWork+1)))
			fr.r.alloc(int(min(n, maxBytes)) * valueBytes)
			s := &stream{make([]Value, 0, n), k}
			for i := from; i < to; i++ {
				s.items = append(s.items, Value{kind: k, num: uint64(i)})
			}
			return objectOf(s)
		}
	}
	of := func(k Kind) staticFunc {
		return func(fr *frame, args []Value) Value {
			items := args
			if len(args) == 1 && args[0].kind == KindList {
				items = args[0].List().items
			}
			return objectOf(&stream{slices.Clone(items), k})
		}
	}
	has := hasClass("Stream")
	return []*class{
		{name: "Stream", full: "java.util.stream.Stream", has: has, methods: streamMethods(), statics: map[string]staticFunc{"of/*": of(KindNull)}},
		{name: "IntStream", full: "java.util.stream.IntStream", has: has, statics: map[string]staticFunc{
			"range/2": rng(KindInt, 0), "rangeClosed/2": rng(KindInt, 1), "of/*": of(KindInt)}},
		{name: "LongStream", full: "java.util.stream.LongStream", has: has, statics: map[string]staticFunc{
			"range/2": rng(KindLong, 0), "rangeClosed/2": rng(KindLong, 1), "of/*": of(KindLong)}},
		{name: "DoubleStream", full: "java.util.stream.DoubleStream", has: has, statics: map[string]staticFunc{"of/*": of(KindDouble)}},
		{name: "Collectors", full: "java.util.stream.Collectors", statics: collectors()},
		{name: "Optional", full: "java.util.Optional", has: hasClass("Optional"), methods: optionalMethods(), statics: map[string]staticFunc{
			"of/1":    func(_ *frame, args []Value) Value { return optionalOf(args) },
			"empty/0": func(*frame, []Value) Value { return optionalOf(nil) },
			"ofNullable/1": func(_ *frame, args []Value) Value {
				return optionalOf(slices.DeleteFunc(slices.Clone(args), Value.IsNull))
			},
		}},
		{name: "StringJoiner", full: "java.util.StringJoiner", has: hasClass("StringJoiner"), create: map[int]staticFunc{
			1: func(_ *frame, args []Value) Value { return objectOf(&joiner{sep: textArg(args[0])}) },
			3: func(_ *frame, args []Value) Value {
				return objectOf(&joiner{sep: textArg(args[0]), before: textArg(args[1]), after: textArg(args[2])})
			},
		}, methods: map[string]methodFunc{
			"add/1": func(fr *frame, v Value, args []Value) Value {
				j := v.ref.(*joiner)
				j.parts = append(j.parts, string(fr.appendText(nil, args[0])))
				return v
			},
		}},
	}
}

// joiner is a StringJoiner.
type joiner struct {
	parts              []string
	sep, before, after string
}

func (*joiner) class() *class  { return classes["StringJoiner"] }
func (j *joiner) show() string { return j.before + strings.Join(j.parts, j.sep) + j.after }
