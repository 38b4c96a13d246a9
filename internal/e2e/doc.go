// Package e2e runs the real program the way its users do, and holds nothing but tests: processes are started, fed over
// their real protocols, killed, and asked over HTTP what they hold.
//
// What belongs here needs the whole program: nothing acknowledged is lost by kill -9 or SIGTERM, the printed configurations
// and real logs give the documents that they should, the program starts in time, and bad input harms nothing but itself. What
// one package can show alone is tested there.
//
// The program is built once, or taken from ELKHORN_BIN. Every test has data folders and loopback ports of its own, so tests run
// side by side. Waiting means asking the running process until it says so, bounded by the test's deadline; a check that failed
// is never repeated. Environment variables widen the tests:
//
//	ELKHORN_TESTDATA  folder with data/ and seed-configs/: the printed configurations and real logs
//	ELKHORN_KILLS     how often each crash test kills the program; 5 unless said otherwise
//	ELKHORN_SEED      the crash tests' seed, to repeat a run; a random one, printed, unless said otherwise
//	KAFKA_BROKERS     a real broker, which scripts/peer-kafka.sh starts: the crash test of the queue on disk reads from it too
//	ELKHORN_LARGE     also measure the start with a million documents
package e2e
