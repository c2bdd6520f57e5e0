package inspect

import "strconv"

// evidence names a line of a file.
func evidence(file string, line int) string { return file + ":" + strconv.Itoa(max(line, 1)) }
