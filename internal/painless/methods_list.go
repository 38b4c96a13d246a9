package painless

import (
	"slices"
)

// iterate calls f for each element of what can be looped over, until it returns false.
func iterate(fr *frame, v Value, f func(Value) bool) {
	switch v.kind {
	case KindList:
		l := v.ref.(*List)
		n := len(l.items)
		for i := 0; i < len(l.items); i++ {
			if !f(l.items[i]) {
				return
			}
			if len(l.items) != n {
				if i+1 < len(l.items) || len(l.items) > n {
					throw("ConcurrentModificationException", "the list was changed while it was looped over")
				}
				return
			}
		}
	case KindSet:
		for _, k := range slices.Clone(keysOf(v.ref.(*Map))) {
			if !f(k) {
				return
			}
		}
	case KindValues:
		values := v.ref.(*docField).values
		for i := range values.Len() {
			if !f(values.At(i)) {
				return
			}
		}
	case KindField:
		if values := v.ref.(*docField).values; values != nil {
			for i := range values.Len() {
				if !f(values.At(i)) {
					return
				}
			}
		}
	case KindObject:
		it, ok := v.ref.(interface{ each(f func(Value) bool) })
		if !ok {
			throw("IllegalArgumentException", "Cannot iterate over [%s]", className(v))
		}
		it.each(f)
	case KindNull:
		throw("NullPointerException", "cannot iterate over null")
	default:
		throw("IllegalArgumentException", "Cannot iterate over [%s]", className(v))
	}
}

func keysOf(m *Map) []Value {
	m.load()
	return m.keys
}

// itemsOf collects the elements of a collection or array.
func itemsOf(fr *frame, v Value) []Value {
	if v.kind == KindList {
		items := v.ref.(*List).items
		fr.r.spend(len(items))
		return items
	}
	var out []Value
	iterate(fr, v, func(item Value) bool {
		fr.r.spend(1)
		fr.r.alloc(valueBytes)
		out = append(out, item)
		return true
	})
	return out
}

func sizeOf(v Value) int {
	switch v.kind {
	case KindList:
		return len(v.ref.(*List).items)
	case KindSet, KindMap:
		return v.ref.(*Map).Len()
	case KindValues:
		return v.ref.(*docField).values.Len()
	}
	return 0
}

// newList makes a List within the budget.
func newList(fr *frame, items []Value) Value {
	fr.r.alloc(valueBytes * (len(items) + 1))
	return listValue(&List{items: items})
}

// compareNatural orders values that are Comparable.
func compareNatural(a, b Value) int {
	switch {
	case a.numeric() && b.numeric():
		if a.kind <= KindLong && b.kind <= KindLong {
			return compareInt(int64(a.num), int64(b.num))
		}
		return compareFloat(a.Double(), b.Double())
	case a.kind == KindString && b.kind == KindString:
		return compareText(a.Text(), b.Text())
	case a.kind == KindBool && b.kind == KindBool:
		return int(a.num) - int(b.num)
	case a.kind == KindDate && b.kind == KindDate:
		return a.Time().Compare(b.Time())
	case a.kind == KindObject && b.kind == KindObject:
		if x, ok := a.ref.(comparable2); ok {
			return x.compareTo(b)
		}
	case a.kind == KindNull || b.kind == KindNull:
		throw("NullPointerException", "cannot compare null")
	}
	throw("ClassCastException", "Cannot compare [%s] with [%s].", className(a), className(b))
	return 0
}

// comparable2 is an object that is Comparable.
type comparable2 interface{ compareTo(other Value) int }

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareFloat is Double.compare: NaN is the largest.
func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	case a != a && b != b:
		return 0
	case a != a:
		return 1
	}
	return -1
}

// comparator makes an order of a function; null is the natural one.
func comparator(fr *frame, f Value) func(a, b Value) int {
	if f.kind == KindNull {
		return func(a, b Value) int {
			fr.r.spend(1)
			return compareNatural(a, b)
		}
	}
	return func(a, b Value) int {
		v := callFunc(fr, f, a, b)
		if !v.numeric() {
			badDefCast(v, typInt)
		}
		return int(v.Long())
	}
}

func contains(fr *frame, v, want Value) bool {
	switch v.kind {
	case KindSet:
		_, ok := v.ref.(*Map).Get(want)
		return ok
	case KindList:
		items := v.ref.(*List).items
		fr.r.spend(len(items) / 4)
		return slices.ContainsFunc(items, func(item Value) bool { return fr.equal(item, want) })
	}
	found := false
	iterate(fr, v, func(item Value) bool {
		fr.r.spend(1)
		found = fr.equal(item, want)
		return !found
	})
	return found
}

// collectionMethods are those of Collection and Iterable, and what Painless adds to them.
func collectionMethods() map[string]methodFunc {
	m := map[string]methodFunc{
		"size/0":     func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(sizeOf(v))) },
		"isEmpty/0":  func(_ *frame, v Value, _ []Value) Value { return BoolOf(sizeOf(v) == 0) },
		"contains/1": func(fr *frame, v Value, args []Value) Value { return BoolOf(contains(fr, v, args[0])) },
		"containsAll/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(!slices.ContainsFunc(itemsOf(fr, args[0]), func(item Value) bool { return !contains(fr, v, item) }))
		},
		"iterator/0": func(fr *frame, v Value, _ []Value) Value {
			return objectOf(&iterator{items: slices.Clone(itemsOf(fr, v)), of: v})
		},
		"stream/0":  func(fr *frame, v Value, _ []Value) Value { return streamOf(fr, slices.Clone(itemsOf(fr, v))) },
		"toArray/0": func(fr *frame, v Value, _ []Value) Value { return arrayOf(fr, slices.Clone(itemsOf(fr, v))) },
		"toArray/1": func(fr *frame, v Value, _ []Value) Value { return arrayOf(fr, slices.Clone(itemsOf(fr, v))) },
		"forEach/1": each, "each/1": each,
		"asList/0":       func(fr *frame, v Value, _ []Value) Value { return newList(fr, slices.Clone(itemsOf(fr, v))) },
		"asCollection/0": func(_ *frame, v Value, _ []Value) Value { return v },
		"any/1":          func(fr *frame, v Value, args []Value) Value { return BoolOf(anyOf(fr, itemsOf(fr, v), args[0])) },
		"every/1":        func(fr *frame, v Value, args []Value) Value { return BoolOf(allOf(fr, itemsOf(fr, v), args[0])) },
		"collect/1": func(fr *frame, v Value, args []Value) Value {
			return newList(fr, mapItems(fr, itemsOf(fr, v), args[0]))
		},
		"findAll/1": func(fr *frame, v Value, args []Value) Value {
			return newList(fr, filterItems(fr, itemsOf(fr, v), args[0]))
		},
		"find/1": func(fr *frame, v Value, args []Value) Value {
			for _, item := range itemsOf(fr, v) {
				if callTest(fr, args[0], item) {
					return item
				}
			}
			return Null
		},
		"findResult/1": func(fr *frame, v Value, args []Value) Value {
			for _, item := range itemsOf(fr, v) {
				if out := callFunc(fr, args[0], item); out.kind != KindNull {
					return out
				}
			}
			return Null
		},
		"findResults/1": func(fr *frame, v Value, args []Value) Value {
			out := slices.DeleteFunc(mapItems(fr, itemsOf(fr, v), args[0]), Value.IsNull)
			return newList(fr, out)
		},
		"eachWithIndex/1": func(fr *frame, v Value, args []Value) Value {
			for i, item := range itemsOf(fr, v) {
				callFunc(fr, args[0], item, IntOf(int32(i)))
			}
			return v
		},
		"count/1": func(fr *frame, v Value, args []Value) Value {
			return IntOf(int32(len(filterItems(fr, itemsOf(fr, v), args[0]))))
		},
		"groupBy/1": func(fr *frame, v Value, args []Value) Value { return MapOf(groupItems(fr, itemsOf(fr, v), args[0])) },
		"split/1": func(fr *frame, v Value, args []Value) Value {
			var yes, no []Value
			for _, item := range itemsOf(fr, v) {
				if callTest(fr, args[0], item) {
					yes = append(yes, item)
				} else {
					no = append(no, item)
				}
			}
			return newList(fr, []Value{newList(fr, yes), newList(fr, no)})
		},
		"join/1": func(fr *frame, v Value, args []Value) Value { return joinItems(fr, itemsOf(fr, v), textArg(args[0])) },
		"sum/0":  func(fr *frame, v Value, _ []Value) Value { return DoubleOf(sumItems(itemsOf(fr, v))) },
		"sum/1": func(fr *frame, v Value, args []Value) Value {
			return DoubleOf(sumItems(mapItems(fr, itemsOf(fr, v), args[0])))
		},
	}
	return m
}

func each(fr *frame, v Value, args []Value) Value {
	iterate(fr, v, func(item Value) bool {
		callFunc(fr, args[0], item)
		return true
	})
	return v
}

func arrayOf(fr *frame, items []Value) Value {
	fr.r.alloc(valueBytes * len(items))
	return listValue(&List{items: items, fixed: true, of: "Object[]"})
}

func anyOf(fr *frame, items []Value, f Value) bool {
	return slices.ContainsFunc(items, func(v Value) bool { return callTest(fr, f, v) })
}

func allOf(fr *frame, items []Value, f Value) bool {
	return !slices.ContainsFunc(items, func(v Value) bool { return !callTest(fr, f, v) })
}

func mapItems(fr *frame, items []Value, f Value) []Value {
	fr.r.alloc(valueBytes * len(items))
	out := make([]Value, 0, len(items))
	for _, v := range items {
		out = append(out, callFunc(fr, f, v))
	}
	return out
}

func filterItems(fr *frame, items []Value, f Value) []Value {
	var out []Value
	for _, v := range items {
		if callTest(fr, f, v) {
			out = append(out, v)
		}
	}
	fr.r.alloc(valueBytes * len(out))
	return out
}

func groupItems(fr *frame, items []Value, f Value) *Map {
	m := NewMap()
	for _, v := range items {
		key := callFunc(fr, f, v)
		fr.r.alloc(4 * valueBytes)
		if group, ok := m.Get(key); ok {
			group.List().Append(v)
		} else {
			m.Set(key, ListOf(v))
		}
	}
	return m
}

func joinItems(fr *frame, items []Value, sep string) Value {
	var dst []byte
	for i, v := range items {
		if i > 0 {
			fr.r.alloc(len(sep))
			dst = append(dst, sep...)
		}
		dst = fr.appendText(dst, v)
	}
	return StringOf(string(dst))
}

func sumItems(items []Value) float64 {
	sum := 0.0
	for _, v := range items {
		if !v.numeric() {
			badDefCast(v, typDouble)
		}
		sum += v.Double()
	}
	return sum
}

// listOf returns the list behind a value and, when it is to be changed, checks that it may be.
func listOf(v Value, change bool) *List {
	if v.kind == KindValues {
		if change {
			throw("UnsupportedOperationException", "doc values are unmodifiable")
		}
		return valuesList(v)
	}
	l := v.ref.(*List)
	if change && (l.fixed || l.read) {
		throw("UnsupportedOperationException", "the length of the list cannot be changed")
	}
	return l
}

func listMethods() map[string]methodFunc {
	add := func(fr *frame, l *List, at int, items ...Value) {
		if at < 0 || at > len(l.items) {
			throw("IndexOutOfBoundsException", "Index: %d, Size: %d", at, len(l.items))
		}
		fr.r.alloc(valueBytes * len(items))
		if at != len(l.items) {
			fr.r.spend((len(l.items) - at) / 16)
		}
		l.items = slices.Insert(l.items, at, items...)
	}
	return map[string]methodFunc{
		"get/1": func(_ *frame, v Value, args []Value) Value {
			if v.kind == KindValues {
				return valuesGet(v.ref.(*docField), intArg(args[0]))
			}
			i, l := intArg(args[0]), v.ref.(*List)
			if i < 0 || i >= len(l.items) {
				throw("IndexOutOfBoundsException", "Index %d out of bounds for length %d", i, len(l.items))
			}
			return l.items[i]
		},
		"getLength/0": func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(sizeOf(v))) },
		"getFirst/0":  func(_ *frame, v Value, _ []Value) Value { return element(listOf(v, false), 0) },
		"getLast/0":   func(_ *frame, v Value, _ []Value) Value { return element(listOf(v, false), -1) },
		"add/1": func(fr *frame, v Value, args []Value) Value {
			l := listOf(v, true)
			fr.r.alloc(valueBytes)
			l.items = append(l.items, args[0])
			return BoolOf(true)
		},
		"add/2": func(fr *frame, v Value, args []Value) Value {
			add(fr, listOf(v, true), intArg(args[0]), args[1])
			return Null
		},
		"addAll/1": func(fr *frame, v Value, args []Value) Value {
			l, items := listOf(v, true), slices.Clone(itemsOf(fr, args[0]))
			add(fr, l, len(l.items), items...)
			return BoolOf(len(items) > 0)
		},
		"addAll/2": func(fr *frame, v Value, args []Value) Value {
			items := slices.Clone(itemsOf(fr, args[1]))
			add(fr, listOf(v, true), intArg(args[0]), items...)
			return BoolOf(len(items) > 0)
		},
		"addFirst/1": func(fr *frame, v Value, args []Value) Value {
			add(fr, listOf(v, true), 0, args[0])
			return Null
		},
		"addLast/1": func(fr *frame, v Value, args []Value) Value {
			l := listOf(v, true)
			add(fr, l, len(l.items), args[0])
			return Null
		},
		"set/2": func(_ *frame, v Value, args []Value) Value {
			l := listOf(v, false)
			if l.read {
				throw("UnsupportedOperationException", "the list is unmodifiable")
			}
			i := intArg(args[0])
			if i < 0 {
				throw("IndexOutOfBoundsException", "Index %d out of bounds for length %d", i, len(l.items))
			}
			at := position(l, int64(i))
			old := l.items[at]
			l.items[at] = args[1]
			return old
		},
		"remove/1": removeItem,
		"removeAll/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(removeWhere(fr, listOf(v, true), func(item Value) bool { return contains(fr, args[0], item) }))
		},
		"retainAll/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(removeWhere(fr, listOf(v, true), func(item Value) bool { return !contains(fr, args[0], item) }))
		},
		"removeIf/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(removeWhere(fr, listOf(v, true), func(item Value) bool { return callTest(fr, args[0], item) }))
		},
		"replaceAll/1": func(fr *frame, v Value, args []Value) Value {
			l := listOf(v, false)
			for i := range l.items {
				storeElement(l, int64(i), callFunc(fr, args[0], l.items[i]))
			}
			return Null
		},
		"clear/0": func(_ *frame, v Value, _ []Value) Value {
			listOf(v, true).items = nil
			return Null
		},
		"indexOf/1": func(fr *frame, v Value, args []Value) Value {
			return IntOf(int32(slices.IndexFunc(itemsOf(fr, v), func(item Value) bool { return fr.equal(item, args[0]) })))
		},
		"lastIndexOf/1": func(fr *frame, v Value, args []Value) Value {
			items := itemsOf(fr, v)
			for i := len(items) - 1; i >= 0; i-- {
				if fr.equal(items[i], args[0]) {
					return IntOf(int32(i))
				}
			}
			return IntOf(-1)
		},
		"sort/1": func(fr *frame, v Value, args []Value) Value {
			l := listOf(v, false)
			if l.read {
				throw("UnsupportedOperationException", "doc values are unmodifiable")
			}
			sortItems(fr, l.items, args[0])
			return Null
		},
		"subList/2": func(fr *frame, v Value, args []Value) Value {
			l, from, to := listOf(v, false), intArg(args[0]), intArg(args[1])
			if from < 0 || to > len(l.items) || from > to {
				throw("IndexOutOfBoundsException", "fromIndex: %d, toIndex: %d, size: %d", from, to, len(l.items))
			}
			return newList(fr, slices.Clone(l.items[from:to]))
		},
		"clone/0": func(fr *frame, v Value, _ []Value) Value { return newList(fr, slices.Clone(itemsOf(fr, v))) },
		"listIterator/0": func(fr *frame, v Value, _ []Value) Value {
			return objectOf(&iterator{items: slices.Clone(itemsOf(fr, v)), of: v})
		},
	}
}

// sortItems sorts stably; the order may throw.
func sortItems(fr *frame, items []Value, f Value) {
	fr.r.alloc(valueBytes * len(items))
	sorted := slices.Clone(items) // so that an order that looks at the list finds it whole
	slices.SortStableFunc(sorted, comparator(fr, f))
	copy(items, sorted)
}

// removeItem is remove(int), which takes a position, and remove(Object): as in Painless, a whole number is a position.
func removeItem(fr *frame, v Value, args []Value) Value {
	l := listOf(v, true)
	if k := args[0].kind; k >= KindByte && k <= KindInt {
		i := intArg(args[0])
		if i < 0 || i >= len(l.items) {
			throw("IndexOutOfBoundsException", "Index %d out of bounds for length %d", i, len(l.items))
		}
		old := l.items[i]
		fr.r.spend((len(l.items) - i) / 16)
		l.items = slices.Delete(l.items, i, i+1)
		return old
	}
	fr.r.spend(len(l.items) / 4)
	i := slices.IndexFunc(l.items, func(item Value) bool { return fr.equal(item, args[0]) })
	if i >= 0 {
		l.items = slices.Delete(l.items, i, i+1)
	}
	return BoolOf(i >= 0)
}

func removeWhere(fr *frame, l *List, drop func(Value) bool) bool {
	keep := make([]Value, 0, len(l.items))
	n := len(l.items)
	for _, item := range slices.Clone(l.items) {
		fr.r.spend(1)
		if !drop(item) {
			keep = append(keep, item)
		}
	}
	l.items = keep
	return len(keep) != n
}

// iterator is an Iterator.
type iterator struct {
	items []Value
	at    int
	of    Value
}

func (*iterator) class() *class { return classes["Iterator"] }
func (*iterator) show() string  { return "java.util.Iterator" }
func (i *iterator) each(f func(Value) bool) {
	for i.at < len(i.items) {
		i.at++
		if !f(i.items[i.at-1]) {
			return
		}
	}
}

func iteratorMethods() map[string]methodFunc {
	return map[string]methodFunc{
		"hasNext/0": func(_ *frame, v Value, _ []Value) Value {
			it := v.ref.(*iterator)
			return BoolOf(it.at < len(it.items))
		},
		"next/0": func(_ *frame, v Value, _ []Value) Value {
			it := v.ref.(*iterator)
			if it.at == len(it.items) {
				throw("NoSuchElementException", "the iterator is at its end")
			}
			it.at++
			return it.items[it.at-1]
		},
		"remove/0": func(fr *frame, v Value, _ []Value) Value {
			it := v.ref.(*iterator)
			if it.at == 0 {
				throw("IllegalStateException", "next was not called")
			}
			last := it.items[it.at-1]
			switch it.of.kind {
			case KindList:
				l := listOf(it.of, true)
				fr.r.spend(len(l.items) / 4)
				if i := len(l.items) - (len(it.items) - it.at) - 1; i >= 0 && i < len(l.items) {
					l.items = slices.Delete(l.items, i, i+1)
				}
			case KindSet:
				it.of.ref.(*Map).Delete(last)
			case KindMap:
				if e, ok := last.ref.(*entry); ok {
					it.of.ref.(*Map).Delete(e.key)
				} else {
					it.of.ref.(*Map).Delete(last)
				}
			}
			return Null
		},
	}
}

func setMethods() map[string]methodFunc {
	return map[string]methodFunc{
		"add/1": func(fr *frame, v Value, args []Value) Value {
			m := v.ref.(*Map)
			if m.read {
				throw("UnsupportedOperationException", "the set cannot be changed")
			}
			fr.r.alloc(2 * valueBytes)
			n := m.Len()
			m.Set(args[0], BoolOf(true))
			return BoolOf(m.Len() != n)
		},
		"clone/0": func(fr *frame, v Value, _ []Value) Value { return setOf(v.ref.(*Map).clone(fr)) },
		"addAll/1": func(fr *frame, v Value, args []Value) Value {
			m := v.ref.(*Map)
			n := m.Len()
			for _, item := range itemsOf(fr, args[0]) {
				fr.r.alloc(2 * valueBytes)
				m.Set(item, BoolOf(true))
			}
			return BoolOf(m.Len() != n)
		},
		"remove/1": func(fr *frame, v Value, args []Value) Value {
			fr.r.spend(sizeOf(v) / 4)
			_, ok := v.ref.(*Map).Delete(args[0])
			return BoolOf(ok)
		},
		"removeIf/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(v.ref.(*Map).keep(func(k, _ Value) bool { return !callTest(fr, args[0], k) }))
		},
		"removeAll/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(v.ref.(*Map).keep(func(k, _ Value) bool { return !contains(fr, args[0], k) }))
		},
		"retainAll/1": func(fr *frame, v Value, args []Value) Value {
			return BoolOf(v.ref.(*Map).keep(func(k, _ Value) bool { return contains(fr, args[0], k) }))
		},
		"clear/0": func(_ *frame, v Value, _ []Value) Value {
			v.ref.(*Map).clear()
			return Null
		},
		"first/0": func(fr *frame, v Value, _ []Value) Value { return element(&List{items: keysOf(v.ref.(*Map))}, 0) },
		"last/0":  func(fr *frame, v Value, _ []Value) Value { return element(&List{items: keysOf(v.ref.(*Map))}, -1) },
	}
}
