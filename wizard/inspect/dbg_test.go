package inspect
import ("testing";"os")
func BenchmarkDbg(b *testing.B) {
	for b.Loop() { Folder(os.Getenv("DIR")) }
}
