package conformance
import ("testing";"os";"path/filepath";"github.com/davit-cli/davit/generator";"strings")
func TestDump(t *testing.T){
 want:=os.Getenv("DUMP"); if want=="" {t.Skip()}
 for a := range Combinations() { if a.Variant()==want { fs,err:=generator.Generate(a); if err!=nil{t.Fatal(err)}; t.Logf("%+v",a); for _,f:=range fs { p:=filepath.Join("/tmp/dump",strings.ReplaceAll(want,"/","_"),f.Path); os.MkdirAll(filepath.Dir(p),0o755); os.WriteFile(p,[]byte(f.Content),f.Mode)}; return } }
}
