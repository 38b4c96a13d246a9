module elkhorn/bench

go 1.26.0

require elkhorn v0.0.0-00010101000000-000000000000

replace elkhorn => ../
