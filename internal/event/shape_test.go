package event

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// TestShapesAreShared shows what sharing is for: objects with the same names in the same order have one shape, however
// they came to be.
func TestShapesAreShared(t *testing.T) {
	parsed, err := ParseJSON([]byte(`{"a":1,"é\n":2,"c":3}`))
	if err != nil {
		t.Fatal(err)
	}
	built := NewObject()
	for _, name := range []string{"a", "x", "é\n", "c"} {
		built.SetMember(name, NullValue)
	}
	built.RemoveMember("x")
	again, _ := ParseJSON([]byte(`{ "a" : 1, "\u00e9\n" : 2, "c" : 3 }`))
	for _, v := range []Value{built, again, parsed.Clone()} {
		if v.node().shape != parsed.node().shape {
			t.Errorf("%s has a shape of its own", v.AppendJSON(nil))
		}
	}
	parsed.SetMember("d", NullValue)
	if built.Len() != 3 || built.NameAt(2) != "c" {
		t.Errorf("another object's new member shows in %s", built.AppendJSON(nil))
	}
}

// TestShapesByHistory does the same at random to objects of trees with much and with little room, and to a list of pairs.
func TestShapesByHistory(t *testing.T) {
	names := []string{"", "a", "\xff", `q"`, strings.Repeat("long", 100)}
	for i := range 150 {
		names = append(names, fmt.Sprintf("n%d", i))
	}
	random := rand.New(rand.NewPCG(1, 2))
	trees := []*shapeTree{newShapeTree(maxSharedBytes), newShapeTree(5000), newShapeTree(0)}
	for round := range 300 {
		v := nodeOf(Object, &node{shape: trees[round%len(trees)].root})
		var want []string
		values := map[string]int64{}
		of := names[:1+random.IntN(len(names))]
		for step := range 400 {
			name := of[random.IntN(len(of))]
			_, has := values[name]
			switch random.IntN(4) {
			case 0:
				got, ok := v.RemoveMember(name)
				if ok != has || ok && got.Int() != values[name] {
					t.Fatalf("round %d, step %d: removed %v, %v; want %d, %v", round, step, got.Int(), ok, values[name], has)
				}
				delete(values, name)
				for i, w := range want {
					if w == name {
						want = append(want[:i:i], want[i+1:]...)
						break
					}
				}
			case 1:
				if got, ok := v.Member(name); ok != has || ok && got.Int() != values[name] {
					t.Fatalf("round %d, step %d: %q is %v, %v; want %d, %v", round, step, name, got.Int(), ok, values[name], has)
				}
			default:
				if !has {
					want = append(want, name)
				}
				values[name] = int64(step)
				v.SetMember(name, IntOf(int64(step)))
			}
			if step%100 == 0 {
				v = v.Clone()
			}
		}
		if v.Len() != len(want) {
			t.Fatalf("round %d: %d members, want %d", round, v.Len(), len(want))
		}
		for i, name := range want {
			if v.NameAt(i) != name || v.At(i).Int() != values[name] {
				t.Fatalf("round %d: member %d is %q: %d, want %q: %d", round, i, v.NameAt(i), v.At(i).Int(), name, values[name])
			}
		}
	}
}

// TestShapesOfNamesThatAreData bounds what is kept of names that never come again, and makes room anew when many are lacking.
func TestShapesOfNamesThatAreData(t *testing.T) {
	tree := newShapeTree(100_000)
	for i := range 10_000 {
		v := nodeOf(Object, &node{shape: tree.root})
		for j := range 5 {
			v.SetMember(fmt.Sprintf("%d-%d", i%50, i*j), IntOf(int64(j)))
		}
		if m, ok := v.Member(fmt.Sprintf("%d-%d", i%50, i*2)); i > 0 && (!ok || m.Int() != 2) {
			t.Fatalf("object %d: %s", i, v.AppendJSON(nil))
		}
	}
	if !tree.full.Load() || tree.mu.left < 0 || tree.missed.Load() == 0 {
		t.Errorf("full: %v, %d bytes left, %d missed", tree.full.Load(), tree.mu.left, tree.missed.Load())
	}
	before := sharedShapes.Load()
	before.missed.Store(missedBeforeNew - 1)
	before.miss()
	if sharedShapes.Load() == before {
		t.Error("there is no new tree")
	}
	v := nodeOf(Object, &node{shape: before.root})
	v.SetMember("a", IntOf(1)) // an object of the old one goes on
	if m, ok := v.Member("a"); !ok || m.Int() != 1 {
		t.Errorf("an object from before: %s", v.AppendJSON(nil))
	}
}

// TestShapesAtTheSameTime is for the race detector.
func TestShapesAtTheSameTime(t *testing.T) {
	tree := newShapeTree(20_000)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range 500 {
				v := nodeOf(Object, &node{shape: tree.root})
				for j := range 40 {
					v.SetMember(fmt.Sprintf("n%d", (i+j)%45), IntOf(int64(j)))
				}
				v.RemoveMember(fmt.Sprintf("n%d", i%45))
				for j := 1; j < 40; j++ {
					if m, ok := v.Member(fmt.Sprintf("n%d", (i+j)%45)); !ok || m.Int() != int64(j) {
						t.Errorf("goroutine %d, object %d, member %d: %v", g, i, j, m.Int())
						return
					}
				}
			}
		})
	}
	all.Wait()
}
