package painless

import "sync"

// The cache of compiled scripts: programs send the same text with other params over and over, and an update or a bucket must not compile it each time.

// maxCached bounds the cache; Elasticsearch keeps as many. maxCachedBytes bounds the sources in it.
const (
	maxCached      = 3000
	maxCachedBytes = 16 << 20
)

type cacheKey struct{ context, source string }

type scriptCache struct {
	mu struct {
		sync.Mutex
		scripts map[cacheKey]*Script
		bytes   int
		hits    int64
		misses  int64
	}
}

var compiled scriptCache

// CompileCached is [Compile] with a cache that the whole process shares. It keeps scripts that compile.
func CompileCached(source string, ctx Context) (*Script, error) {
	key := cacheKey{ctx.Name, source}
	compiled.mu.Lock()
	s := compiled.mu.scripts[key]
	if s != nil {
		compiled.mu.hits++
	} else {
		compiled.mu.misses++
	}
	compiled.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s, err := Compile(source, ctx)
	if err != nil {
		return nil, err
	}
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	if len(compiled.mu.scripts) >= maxCached || compiled.mu.bytes > maxCachedBytes || compiled.mu.scripts == nil {
		compiled.mu.scripts, compiled.mu.bytes = map[cacheKey]*Script{}, 0
	}
	compiled.mu.scripts[key] = s
	compiled.mu.bytes += len(source)
	return s, nil
}

// CacheStats tells how many scripts were compiled, and how often one was found in the cache.
func CacheStats() (compilations, hits int64) {
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	return compiled.mu.misses, compiled.mu.hits
}
