package demo

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"time"
)

// The number of distinct values of the benchmark's fields.
const (
	BenchServices = 20
	BenchTools    = 50
	BenchUsers    = 200_000
	BenchModels   = 6
)

// BenchSpan is the time that a benchmark's documents cover.
const BenchSpan = 24 * time.Hour

// BenchStart is the time of the first document. It is fixed so that every run stores the same bytes.
var BenchStart = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// BenchMapping is the explicit mapping of the benchmark's documents, the value of "mappings" in an
// index or a template.
//
//go:embed bench_mapping.json
var BenchMapping []byte

// benchJitterMillis is how far a document may stand from its place in the order of time, to either
// side: several writers never arrive in exact order.
const benchJitterMillis = 400

// traceSlots is the number of traces whose documents interleave at any time.
const traceSlots = 32

// BenchRecord says what the last document held, in numbers, so that a run can count the right
// answers without reading JSON.
type BenchRecord struct {
	Millis    int64 // epoch milliseconds of @timestamp
	Level     int   // into BenchLevels
	Service   int
	Tool      int
	User      int
	Model     int
	Template  int // into BenchTemplates
	Status    int
	LatencyMs int
	Tokens    int     // prompt_tokens + completion_tokens
	Cost      float64 // as printed
	// HasStack: error and stack_trace are there.
	HasStack bool
	// RareWord: BenchRareWord is in the message or in the stack trace.
	RareWord bool
	// RequestID and TraceID are the printed ids; they are overwritten by the next document.
	RequestID [36]byte
	TraceID   [32]byte
}

// BenchLevels are the levels that occur, by index.
var BenchLevels = []string{"DEBUG", "INFO", "WARN", "ERROR"}

// BenchError is the index of ERROR in BenchLevels.
const BenchError = 3

// Bench makes the documents of a benchmark: one JSON object of 770 bytes on average after another, in
// the order of time but for a jitter below a second. It is not safe for concurrent use.
type Bench struct {
	total, done int
	rng         random
	rec         BenchRecord

	users     *alias
	templates *alias
	tools     *alias
	pieces    [][]piece
	stacks    [][]piece
	traces    [traceSlots][32]byte
	clock     clockText
}

// NewBench is a generator of total documents over BenchSpan.
func NewBench(seed uint64, total int) *Bench {
	b := &Bench{total: max(total, 1), rng: random{state: mix(seed + 1)}, stacks: benchStacks()}
	b.users = newAlias(zipf(BenchUsers, 1))
	b.tools = newAlias(zipf(BenchTools, 0.8))
	var weights []float64
	for i, template := range BenchTemplates() {
		form, subject := benchForms[i/len(benchSubjects)], i%len(benchSubjects)
		weights = append(weights, benchFormWeight(form)*subjectWeight(subject))
		b.pieces = append(b.pieces, compileTemplate(template))
	}
	b.templates = newAlias(weights)
	for i := range b.traces {
		b.newID(b.traces[i][:])
	}
	return b
}

// BenchServiceName, BenchToolName, BenchUserName and BenchModelName print the values that the numbers
// of a BenchRecord stand for.
func BenchServiceName(i int) string { return benchServices[i] }

// BenchToolName is the name of tool i.
func BenchToolName(i int) string { return benchTools[i] }

// BenchUserName is the id of user i.
func BenchUserName(i int) string { return fmt.Sprintf("user_%06d", i) }

// BenchModelName is the name of model i.
func BenchModelName(i int) string { return benchModels[i].name }

// Last describes the document that Append made last.
func (b *Bench) Last() *BenchRecord { return &b.rec }

// Append appends the next document to dst, without a line end. It allocates nothing but dst's growth.
// After the last document it begins a day further on.
func (b *Bench) Append(dst []byte) []byte {
	r, rec := &b.rng, &b.rec
	b.drawRecord()
	b.done++

	dst = append(dst, `{"@timestamp":"`...)
	dst = b.clock.append(dst, rec.Millis)
	dst = appendText(dst, `","level":"`, BenchLevels[rec.Level])
	dst = appendText(dst, `","service":"`, benchServices[rec.Service])
	dst = appendText(dst, `","tool":"`, benchTools[rec.Tool])
	dst = append(dst, `","user_id":"`...)
	dst = appendUser(dst, rec.User)
	dst = append(dst, `","request_id":"`...)
	dst = append(dst, rec.RequestID[:]...)
	dst = append(dst, `","trace_id":"`...)
	dst = append(dst, rec.TraceID[:]...)
	dst = appendNumber(dst, `","latency_ms":`, rec.LatencyMs)
	dst = appendNumber(dst, `,"status":`, rec.Status)
	dst = append(dst, `,"message":"`...)
	rareInMessage := rec.RareWord && !rec.HasStack
	dst = b.appendPieces(dst, b.pieces[rec.Template])
	if rareInMessage {
		dst = append(dst, " (looks like a "+BenchRareWord+")"...)
	}
	dst = append(dst, '"')
	if rec.HasStack {
		dst = b.appendStack(dst)
	}
	dst = appendText(dst, `,"model":"`, benchModels[rec.Model].name)
	prompt := rec.Tokens - rec.Tokens/4
	dst = appendNumber(dst, `","prompt_tokens":`, prompt)
	dst = appendNumber(dst, `,"completion_tokens":`, rec.Tokens-prompt)
	dst = append(dst, `,"cost":`...)
	dst = appendMicros(dst, int(math.Round(rec.Cost*1e6)))
	place := &places[r.below(len(places))]
	dst = append(dst, `,"client_ip":"`...)
	dst = appendIPv4(dst, uint32(r.next()))
	dst = appendText(dst, `","country":"`, place.country)
	dst = append(dst, `","location":{"lat":`...)
	dst = appendDegrees(dst, place.lat+(r.float()-0.5))
	dst = append(dst, `,"lon":`...)
	dst = appendDegrees(dst, place.lon+(r.float()-0.5))
	dst = appendText(dst, `},"environment":"`, benchEnvironments[min(r.below(16), 2)])
	dst = appendText(dst, `","region":"`, benchRegions[r.below(len(benchRegions))])
	dst = appendText(dst, `","version":"`, benchVersions[rec.Service%len(benchVersions)])
	dst = append(dst, `","host":"`...)
	dst = appendHost(dst, r.below(40))
	return append(dst, `","logger":"elkapp.runtime.request"}`...)
}

// drawRecord draws all that queries ask about.
func (b *Bench) drawRecord() {
	r, rec := &b.rng, &b.rec
	place := float64(b.done) / float64(b.total) * float64(BenchSpan.Milliseconds())
	rec.Millis = BenchStart.UnixMilli() + max(0, int64(place)+int64(r.between(-benchJitterMillis, benchJitterMillis)))
	rec.Service = int(r.next() % BenchServices)
	rec.Tool = b.tools.draw(r)
	rec.User = b.users.draw(r)
	rec.Model = r.below(BenchModels)
	rec.Template = b.templates.draw(r)
	rec.LatencyMs = b.drawLatency(rec.Service)
	rec.HasStack = r.chance(0.05)
	rec.RareWord = r.below(40_000) == 0
	rec.Level, rec.Status = drawLevel(r, rec.HasStack)
	rec.Tokens = 20 + int(min(r.exponential(900), 30_000))
	rec.Cost = math.Round(float64(rec.Tokens)*benchModels[rec.Model].price) / 1e6
	b.newID(rec.RequestID[:32])
	hyphenate(&rec.RequestID)
	slot := r.below(traceSlots)
	if r.below(5) == 0 {
		b.newID(b.traces[slot][:])
	}
	rec.TraceID = b.traces[slot]
}

// drawLatency is log-normal about a median of the service's own. The exponential of a sum of uniform
// numbers is close enough to it and needs no trigonometry.
func (b *Bench) drawLatency(service int) int {
	r := &b.rng
	normal := (r.float() + r.float() + r.float() + r.float() - 2) * 1.7320508
	return int(float64(40+service*25)*math.Exp(normal)) + 1
}

// drawLevel gives 5 % errors with a stack trace and 1 % without.
func drawLevel(r *random, hasStack bool) (level, status int) {
	if hasStack {
		return BenchError, 500 + r.below(5)
	}
	switch n := r.below(100); {
	case n < 1:
		return BenchError, 429
	case n < 8:
		return 2, 404
	case n < 22:
		return 0, 200
	default:
		return 1, 200
	}
}

func (b *Bench) appendStack(dst []byte) []byte {
	dst = append(dst, `,"error":"TimeoutError: no reply from `...)
	dst = append(dst, benchServices[b.rng.below(BenchServices)]...)
	dst = append(dst, `","stack_trace":"`...)
	dst = b.appendPieces(dst, b.stacks[b.rng.below(len(b.stacks))])
	if b.rec.RareWord {
		dst = append(dst, `\nknown as `+BenchRareWord...)
	}
	return append(dst, '"')
}

// appendPieces writes a template with its variables filled in.
func (b *Bench) appendPieces(dst []byte, pieces []piece) []byte {
	r := &b.rng
	for i := range pieces {
		dst = append(dst, pieces[i].text...)
		switch pieces[i].variable {
		case varNumber:
			dst = strconv.AppendInt(dst, int64(r.next()%5000)>>(r.next()%8), 10)
		case varMillis:
			dst = strconv.AppendInt(dst, int64(r.next()%20_000)>>(r.next()%10), 10)
		case varHex:
			dst = appendHex(dst, r.next(), 8)
		case varUser:
			dst = appendUser(dst, b.rec.User)
		case varTool:
			dst = append(dst, benchTools[b.rec.Tool]...)
		case varService:
			dst = append(dst, benchServices[r.below(BenchServices)]...)
		case varPercent:
			dst = strconv.AppendInt(dst, int64(r.below(101)), 10)
		case varShard:
			dst = appendHost(dst, r.below(40))
		}
	}
	return dst
}

// newID fills 32 bytes with hex digits.
func (b *Bench) newID(dst []byte) {
	appendHex(appendHex(dst[:0], b.rng.next(), 16), b.rng.next(), 16)
}

// hyphenate turns 32 hex digits at the front of id into the form 8-4-4-4-12 of a version 4 UUID.
func hyphenate(id *[36]byte) {
	copy(id[24:], id[20:32])
	copy(id[19:23], id[16:20])
	copy(id[14:18], id[12:16])
	copy(id[9:13], id[8:12])
	id[8], id[13], id[18], id[23] = '-', '-', '-', '-'
	id[14], id[19] = '4', "89ab"[id[19]&3]
}
