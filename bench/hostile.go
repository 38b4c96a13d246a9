package main

import (
	"math/rand/v2"
	"strconv"
	"time"

	"elkhorn/internal/demo"
)

// hostileFields are those members of the benchmark's documents that are keywords.
var hostileFields = []string{"level", "service", "tool", "user_id", "request_id", "trace_id", "error", "model", "country",
	"environment", "region", "version", "host", "logger"}

// hostile makes documents with the members of the benchmark's, where nothing occurs twice: each value is
// random, each word of the text is of random letters. Nothing can be learnt from one document about another.
func hostile(seed uint64, n int) documents {
	random := rand.New(rand.NewPCG(seed, seed))
	done := 0
	return func(dst []byte) ([]byte, bool) {
		if done == n {
			return dst, false
		}
		at := demo.BenchStart.Add(time.Duration(float64(done) / float64(n) * float64(demo.BenchSpan)))
		done++
		dst = at.AppendFormat(append(dst, `{"@timestamp":"`...), "2006-01-02T15:04:05.000Z")
		dst = append(dst, '"')
		for _, field := range hostileFields {
			dst = append(append(append(dst, `,"`...), field...), `":"`...)
			dst = append(appendWord(dst, random, 16), '"')
		}
		dst = strconv.AppendInt(append(dst, `,"latency_ms":`...), random.Int64(), 10)
		dst = strconv.AppendInt(append(dst, `,"status":`...), int64(random.Int32()), 10)
		dst = strconv.AppendInt(append(dst, `,"prompt_tokens":`...), random.Int64(), 10)
		dst = strconv.AppendInt(append(dst, `,"completion_tokens":`...), random.Int64(), 10)
		dst = strconv.AppendFloat(append(dst, `,"cost":`...), random.Float64(), 'g', -1, 64)
		dst = append(dst, `,"message":"`...)
		for words := 8 + random.IntN(10); words > 0; words-- {
			dst = append(appendWord(dst, random, 4+random.IntN(12)), ' ')
		}
		dst = append(dst, `","stack_trace":"`...)
		dst = appendWord(dst, random, 24)
		return append(dst, `"}`...), true
	}
}

// appendWord appends random letters and digits.
func appendWord(dst []byte, random *rand.Rand, length int) []byte {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	bits := uint64(0)
	for i := range length {
		if i%10 == 0 {
			bits = random.Uint64()
		}
		dst = append(dst, letters[bits%uint64(len(letters))])
		bits /= uint64(len(letters))
	}
	return dst
}
