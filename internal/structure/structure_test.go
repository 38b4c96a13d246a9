package structure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "elkhorn/"
)

// goFiles parses all Go files of the module but those of nested modules; tests too when asked for.
func goFiles(t *testing.T, tests bool) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			name := d.Name()
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if path != root && (nested == nil || name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") && !tests {
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		files[filepath.ToSlash(rel)] = f
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var tableRow = regexp.MustCompile("^\\| `([^`]+)` \\|[^|]*\\| (.*) \\|$")

// importTable reads the table of ARCHITECTURE.md: package → what it may import.
func importTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for line := range strings.SplitSeq(string(text), "\n") {
		m := tableRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		var allowed []string
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[2], -1) {
			allowed = append(allowed, name[1])
		}
		table[m[1]] = allowed
	}
	if len(table) < 20 {
		t.Fatalf("the table of ARCHITECTURE.md has only %d rows", len(table))
	}
	return table
}

// short is a package's name in the table: without the module and "internal/".
func short(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "internal/")
}

func allows(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		if prefix, ok := strings.CutSuffix(a, "/*"); ok {
			return strings.HasPrefix(name, prefix+"/")
		}
		return a == name || a == "anything"
	})
}

func TestImportsFollowTheTable(t *testing.T) {
	table := importTable(t)
	used := map[string]bool{}
	for path, f := range goFiles(t, false) {
		pkg := short(module + filepath.ToSlash(filepath.Dir(path)))
		allowed, ok := table[pkg]
		if !ok {
			t.Errorf("package %s has no row in the table of ARCHITECTURE.md", pkg)
			table[pkg] = []string{"anything"}
			continue
		}
		used[pkg] = true
		for _, imp := range f.Imports {
			to := strings.Trim(imp.Path.Value, `"`)
			if !strings.HasPrefix(to, module) {
				continue
			}
			if to := short(to); !allows(allowed, to) {
				t.Errorf("%s imports %s, which the table of ARCHITECTURE.md does not allow to %s", path, to, pkg)
			}
		}
	}
	for path := range goFiles(t, true) { // packages of tests alone
		used[short(module+filepath.ToSlash(filepath.Dir(path)))] = true
	}
	for pkg := range table {
		if !used[pkg] {
			t.Errorf("the table of ARCHITECTURE.md has a row for %s, which does not exist", pkg)
		}
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	documented := map[string]bool{}
	for path, f := range goFiles(t, true) {
		dir := filepath.ToSlash(filepath.Dir(path))
		documented[dir] = documented[dir] || f.Doc != nil && (filepath.Base(path) == "doc.go" || f.Name.Name == "main" || dir == "ui")
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc.go with a package comment", dir)
		}
	}
}

// pluginFolders hold one plugin a file.
var pluginFolders = []string{"internal/pipeline/input", "internal/pipeline/filter", "internal/pipeline/output", "internal/pipeline/codec",
	"internal/ship/harvest", "internal/ship/processor"}

func TestOnePluginAFile(t *testing.T) {
	for path, f := range goFiles(t, false) {
		if !slices.Contains(pluginFolders, filepath.ToSlash(filepath.Dir(path))) {
			continue
		}
		specs := 0
		for _, decl := range f.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					for _, value := range v.Values {
						if lit, ok := value.(*ast.CompositeLit); ok && strings.HasSuffix(typeName(lit.Type), "Spec") {
							specs++
						}
					}
				}
			}
		}
		if specs > 1 {
			t.Errorf("%s defines %d plugins; one plugin, one file", path, specs)
		}
	}
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	}
	return ""
}

// TestBadDaysAreProven: every test that the page about bad days names is there.
func TestBadDaysAreProven(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "bad-days.md"))
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for path, f := range goFiles(t, true) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(path, "_test.go") {
				there[fn.Name.Name] = true
			}
		}
	}
	named := regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllSubmatch(text, -1)
	if len(named) < 40 {
		t.Errorf("the page names %d tests", len(named))
	}
	for _, n := range named {
		if !there[string(n[1])] {
			t.Errorf("docs/bad-days.md names %s, which is not there", n[1])
		}
	}
}
