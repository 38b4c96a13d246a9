package painless

import "slices"

// entry is a Map.Entry.
type entry struct {
	of         *Map
	key, value Value
}

func (*entry) class() *class  { return classes["Map.Entry"] }
func (e *entry) show() string { return e.key.String() + "=" + e.value.String() }

func entryMethods() map[string]methodFunc {
	return map[string]methodFunc{
		"getKey/0":   func(_ *frame, v Value, _ []Value) Value { return v.ref.(*entry).key },
		"getValue/0": func(_ *frame, v Value, _ []Value) Value { return v.ref.(*entry).value },
		"setValue/1": func(fr *frame, v Value, args []Value) Value {
			e := v.ref.(*entry)
			old := e.value
			e.value = args[0]
			if e.of != nil {
				putChecked(fr, e.of, e.key, args[0])
			}
			return old
		},
	}
}

func entries(fr *frame, m *Map) []Value {
	n := m.Len()
	fr.r.spend(n)
	fr.r.alloc(4 * valueBytes * n)
	out := make([]Value, n)
	for i := range out {
		out[i] = objectOf(&entry{m, m.keys[i], m.values[i]})
	}
	return out
}

// view is what keySet, values and entrySet return: a list or set of its own that also removes from the map.
type view struct {
	m    *Map
	kind viewKind
}

type viewKind uint8

const (
	viewKeys viewKind = iota
	viewValues
	viewEntries
)

func (v *view) class() *class { return classes["Collection"] }
func (v *view) show() string  { return string(appendList(nil, v.items(nil), 0, maxBytes)) }

func (v *view) items(fr *frame) []Value {
	v.m.load()
	switch v.kind {
	case viewKeys:
		return slices.Clone(v.m.keys)
	case viewValues:
		return slices.Clone(v.m.values)
	}
	out := make([]Value, len(v.m.keys))
	for i := range out {
		out[i] = objectOf(&entry{v.m, v.m.keys[i], v.m.values[i]})
	}
	return out
}

func (v *view) each(f func(Value) bool) {
	for _, item := range v.items(nil) {
		if !f(item) {
			return
		}
	}
}

// pick is what a function on the view's elements sees of an entry.
func (v *view) pick(key, value Value) Value {
	switch v.kind {
	case viewKeys:
		return key
	case viewValues:
		return value
	}
	return objectOf(&entry{v.m, key, value})
}

// viewMethods are those of collections, and the removing ones on the map itself.
func viewMethods() map[string]methodFunc {
	out := map[string]methodFunc{}
	for name, f := range collectionMethods() {
		out[name] = func(fr *frame, self Value, args []Value) Value {
			v := self.ref.(*view)
			fr.r.alloc(valueBytes * v.m.Len())
			return f(fr, listValue(&List{items: v.items(fr), read: true, fixed: true}), args)
		}
	}
	keep := func(drop func(fr *frame, item Value, args []Value) bool) methodFunc {
		return func(fr *frame, self Value, args []Value) Value {
			v := self.ref.(*view)
			if v.m.read {
				throw("UnsupportedOperationException", "the map cannot be changed")
			}
			return BoolOf(v.m.keep(func(k, value Value) bool {
				fr.r.spend(1)
				return !drop(fr, v.pick(k, value), args) || v.m.deny != nil && v.m.deny(k.String()) != ""
			}))
		}
	}
	out["size/0"] = func(_ *frame, self Value, _ []Value) Value { return IntOf(int32(self.ref.(*view).m.Len())) }
	out["isEmpty/0"] = func(_ *frame, self Value, _ []Value) Value { return BoolOf(self.ref.(*view).m.Len() == 0) }
	out["contains/1"] = func(fr *frame, self Value, args []Value) Value {
		v := self.ref.(*view)
		if v.kind == viewKeys {
			_, ok := v.m.Get(args[0])
			return BoolOf(ok)
		}
		return BoolOf(contains(fr, self, args[0]))
	}
	out["removeIf/1"] = keep(func(fr *frame, item Value, args []Value) bool { return callTest(fr, args[0], item) })
	out["removeAll/1"] = keep(func(fr *frame, item Value, args []Value) bool { return contains(fr, args[0], item) })
	out["retainAll/1"] = keep(func(fr *frame, item Value, args []Value) bool { return !contains(fr, args[0], item) })
	out["remove/1"] = func(fr *frame, self Value, args []Value) Value {
		v, done := self.ref.(*view), false
		v.m.keep(func(k, value Value) bool {
			fr.r.spend(1)
			if !done && fr.equal(v.pick(k, value), args[0]) {
				done = true
				return false
			}
			return true
		})
		return BoolOf(done)
	}
	out["iterator/0"] = func(fr *frame, self Value, _ []Value) Value {
		v := self.ref.(*view)
		return objectOf(&iterator{items: v.items(fr), of: MapOf(v.m)})
	}
	return out
}

func mapMethods() map[string]methodFunc {
	on := func(f func(fr *frame, m *Map, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value { return f(fr, self.ref.(*Map), args) }
	}
	viewOf := func(k viewKind) methodFunc {
		return on(func(fr *frame, m *Map, _ []Value) Value {
			fr.r.alloc(valueBytes)
			m.load()
			return objectOf(&view{m, k})
		})
	}
	out := map[string]methodFunc{
		"size/0":    on(func(_ *frame, m *Map, _ []Value) Value { return IntOf(int32(m.Len())) }),
		"isEmpty/0": on(func(_ *frame, m *Map, _ []Value) Value { return BoolOf(m.Len() == 0) }),
		"get/1": on(func(_ *frame, m *Map, args []Value) Value {
			v, _ := m.Get(args[0])
			return v
		}),
		"getOrDefault/2": on(func(_ *frame, m *Map, args []Value) Value {
			if v, ok := m.Get(args[0]); ok {
				return v
			}
			return args[1]
		}),
		"put/2": on(func(fr *frame, m *Map, args []Value) Value { return putChecked(fr, m, args[0], args[1]) }),
		"putIfAbsent/2": on(func(fr *frame, m *Map, args []Value) Value {
			if v, _ := m.Get(args[0]); v.kind != KindNull {
				return v
			}
			putChecked(fr, m, args[0], args[1])
			return Null
		}),
		"clone/0": on(func(fr *frame, m *Map, _ []Value) Value { return MapOf(m.clone(fr)) }),
		"putAll/1": on(func(fr *frame, m *Map, args []Value) Value {
			other := args[0].Map()
			if other == nil {
				badDefCast(args[0], classes["Map"].typ())
			}
			for i := range other.Len() {
				fr.r.spend(1)
				k, v := other.Entry(i)
				putChecked(fr, m, k, v)
			}
			return Null
		}),
		"remove/1": on(func(fr *frame, m *Map, args []Value) Value { return removeChecked(fr, m, args[0]) }),
		"remove/2": on(func(fr *frame, m *Map, args []Value) Value {
			v, ok := m.Get(args[0])
			if !ok || !fr.equal(v, args[1]) {
				return BoolOf(false)
			}
			removeChecked(fr, m, args[0])
			return BoolOf(true)
		}),
		"containsKey/1": on(func(_ *frame, m *Map, args []Value) Value {
			_, ok := m.Get(args[0])
			return BoolOf(ok)
		}),
		"containsValue/1": on(func(fr *frame, m *Map, args []Value) Value {
			fr.r.spend(m.Len())
			return BoolOf(slices.ContainsFunc(m.values, func(v Value) bool { return fr.equal(v, args[0]) }))
		}),
		"clear/0": on(func(_ *frame, m *Map, _ []Value) Value {
			if m.read || m.deny != nil {
				throw("UnsupportedOperationException", "the map cannot be cleared")
			}
			m.clear()
			return Null
		}),
		"keySet/0": viewOf(viewKeys), "values/0": viewOf(viewValues), "entrySet/0": viewOf(viewEntries),
		"replace/2": on(func(fr *frame, m *Map, args []Value) Value {
			if _, ok := m.Get(args[0]); !ok {
				return Null
			}
			return putChecked(fr, m, args[0], args[1])
		}),
		"forEach/1": on(func(fr *frame, m *Map, args []Value) Value {
			for _, e := range entries(fr, m) {
				callFunc(fr, args[0], e.ref.(*entry).key, e.ref.(*entry).value)
			}
			return Null
		}),
		"replaceAll/1": on(func(fr *frame, m *Map, args []Value) Value {
			for _, e := range entries(fr, m) {
				k := e.ref.(*entry).key
				putChecked(fr, m, k, callFunc(fr, args[0], k, e.ref.(*entry).value))
			}
			return Null
		}),
		"computeIfAbsent/2": on(func(fr *frame, m *Map, args []Value) Value {
			v, _ := m.Get(args[0])
			if v.kind == KindNull {
				if v = callFunc(fr, args[1], args[0]); v.kind != KindNull {
					putChecked(fr, m, args[0], v)
				}
			}
			return v
		}),
		"computeIfPresent/2": on(func(fr *frame, m *Map, args []Value) Value {
			v, _ := m.Get(args[0])
			if v.kind == KindNull {
				return Null
			}
			return putOrRemove(fr, m, args[0], callFunc(fr, args[1], args[0], v))
		}),
		"compute/2": on(func(fr *frame, m *Map, args []Value) Value {
			v, _ := m.Get(args[0])
			return putOrRemove(fr, m, args[0], callFunc(fr, args[1], args[0], v))
		}),
		"merge/3": on(func(fr *frame, m *Map, args []Value) Value {
			v, _ := m.Get(args[0])
			if v.kind == KindNull {
				v = args[1]
			} else {
				v = callFunc(fr, args[2], v, args[1])
			}
			return putOrRemove(fr, m, args[0], v)
		}),
		"firstKey/0": on(func(_ *frame, m *Map, _ []Value) Value { return element(&List{items: keysOf(m)}, 0) }),
		"lastKey/0":  on(func(_ *frame, m *Map, _ []Value) Value { return element(&List{items: keysOf(m)}, -1) }),
		"getByPath/1": on(func(fr *frame, m *Map, args []Value) Value {
			v, ok := byPath(MapOf(m), textArg(args[0]))
			if !ok {
				throw("IllegalArgumentException", "Could not find path [%s]", textArg(args[0]))
			}
			return v
		}),
		"getByPath/2": on(func(fr *frame, m *Map, args []Value) Value {
			if v, ok := byPath(MapOf(m), textArg(args[0])); ok {
				return v
			}
			return args[1]
		}),
	}
	// what Painless adds to Map: functions of key and value
	test := func(f func(fr *frame, m *Map, test func(e *entry) bool) Value) methodFunc {
		return on(func(fr *frame, m *Map, args []Value) Value {
			return f(fr, m, func(e *entry) bool { return callTest(fr, args[0], e.key, e.value) })
		})
	}
	out["any/1"] = test(func(fr *frame, m *Map, test func(e *entry) bool) Value {
		return BoolOf(slices.ContainsFunc(entries(fr, m), func(v Value) bool { return test(v.ref.(*entry)) }))
	})
	out["every/1"] = test(func(fr *frame, m *Map, test func(e *entry) bool) Value {
		return BoolOf(!slices.ContainsFunc(entries(fr, m), func(v Value) bool { return !test(v.ref.(*entry)) }))
	})
	out["find/1"] = test(func(fr *frame, m *Map, test func(e *entry) bool) Value {
		for _, v := range entries(fr, m) {
			if test(v.ref.(*entry)) {
				return v
			}
		}
		return Null
	})
	out["findAll/1"] = test(func(fr *frame, m *Map, test func(e *entry) bool) Value {
		found := NewMap()
		for _, v := range entries(fr, m) {
			if e := v.ref.(*entry); test(e) {
				found.Set(e.key, e.value)
			}
		}
		return MapOf(found)
	})
	out["count/1"] = test(func(fr *frame, m *Map, test func(e *entry) bool) Value {
		n := 0
		for _, v := range entries(fr, m) {
			if test(v.ref.(*entry)) {
				n++
			}
		}
		return IntOf(int32(n))
	})
	out["collect/1"] = on(func(fr *frame, m *Map, args []Value) Value {
		var list []Value
		for _, v := range entries(fr, m) {
			list = append(list, callFunc(fr, args[0], v.ref.(*entry).key, v.ref.(*entry).value))
		}
		return newList(fr, list)
	})
	out["each/1"] = out["forEach/1"]
	return out
}

func removeChecked(fr *frame, m *Map, key Value) Value {
	if m.read {
		throw("UnsupportedOperationException", "the map cannot be changed")
	}
	if m.deny != nil {
		if why := m.deny(key.String()); why != "" {
			throw("IllegalArgumentException", "%s", why)
		}
	}
	fr.r.spend(m.Len() / 16)
	v, _ := m.Delete(key)
	return v
}

func putOrRemove(fr *frame, m *Map, key, v Value) Value {
	if v.kind == KindNull {
		removeChecked(fr, m, key)
	} else {
		putChecked(fr, m, key, v)
	}
	return v
}

// byPath finds a value by a path with dots: keys of maps, positions in lists.
func byPath(v Value, path string) (Value, bool) {
	for rest := path; ; {
		part, after, more := cut(rest)
		switch v.kind {
		case KindMap:
			next, ok := v.ref.(*Map).GetText(part)
			if !ok {
				return Null, false
			}
			v = next
		case KindList:
			n := 0
			for _, c := range []byte(part) {
				if !isDigit(c) || n > 1<<20 {
					return Null, false
				}
				n = n*10 + int(c-'0')
			}
			if l := v.ref.(*List); part != "" && n < len(l.items) {
				v = l.items[n]
			} else {
				return Null, false
			}
		default:
			return Null, false
		}
		if !more {
			return v, true
		}
		rest = after
	}
}

func cut(path string) (part, rest string, more bool) {
	for i := range len(path) {
		if path[i] == '.' {
			return path[:i], path[i+1:], true
		}
	}
	return path, "", false
}
