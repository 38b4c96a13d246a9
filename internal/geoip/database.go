package geoip

import (
	"net/netip"
	"runtime"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Database is an open file. It is safe for concurrent use.
type Database struct{ reader *maxminddb.Reader }

// Record is what a database has of an address.
type Record map[string]any

// Open opens a file. It is closed when nobody refers to the Database any more: those who use it have no end of their own.
func Open(path string) (*Database, error) {
	reader, err := maxminddb.Open(path)
	if err != nil {
		return nil, err
	}
	db := &Database{reader: reader}
	runtime.AddCleanup(db, func(r *maxminddb.Reader) { r.Close() }, reader)
	return db, nil
}

// Type is the kind of database that the file says it is, such as GeoLite2-City.
func (db *Database) Type() string { return db.reader.Metadata.DatabaseType }

// Lookup finds the record of an address.
func (db *Database) Lookup(addr netip.Addr) (Record, bool) {
	result := db.reader.Lookup(addr.Unmap().WithZone(""))
	if !result.Found() {
		return nil, false
	}
	var record map[string]any
	if err := result.Decode(&record); err != nil {
		return nil, false
	}
	runtime.KeepAlive(db)
	return record, true
}
