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
		stats   CacheStats
	}
}

// CacheStats counts since the start.
type CacheStats struct {
	Compilations int64 // of scripts that compile
	Evictions    int64 // scripts that had to make room
}

var compiled scriptCache

// CompileCached is [Compile] with a cache that the whole process shares. It keeps scripts that compile.
func CompileCached(source string, ctx Context) (*Script, error) {
	key := cacheKey{ctx.Name, source}
	compiled.mu.Lock()
	s := compiled.mu.scripts[key]
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
	compiled.mu.stats.Compilations++
	if len(compiled.mu.scripts) >= maxCached || compiled.mu.bytes > maxCachedBytes || compiled.mu.scripts == nil {
		compiled.mu.stats.Evictions += int64(len(compiled.mu.scripts))
		compiled.mu.scripts, compiled.mu.bytes = map[cacheKey]*Script{}, 0
	}
	compiled.mu.scripts[key] = s
	compiled.mu.bytes += len(source)
	return s, nil
}

// Stats tells what the cache has had to do.
func Stats() CacheStats {
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	return compiled.mu.stats
}
