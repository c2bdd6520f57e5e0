package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/nomad/api"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A decoder fills the types of Nomad's API from HCL. Their tags say what an
// attribute, a block or a label is called; whatever has no tag is refused.
type decoder struct {
	scope    *hcl.EvalContext
	problems hcl.Diagnostics
}

// decode reads a job file: its variables with their defaults, and its job.
func decode(file *hclsyntax.Body) (*api.Job, hcl.Diagnostics) {
	d := &decoder{scope: &hcl.EvalContext{}}
	given := map[string]cty.Value{}
	var jobs []*hclsyntax.Block
	for name, a := range file.Attributes {
		d.refuse(a.SrcRange, "Not in a job file", "There is no attribute %s outside of a job.", name)
	}
	for _, b := range file.Blocks {
		switch {
		case b.Type == "variable" && len(b.Labels) == 1:
			given[b.Labels[0]] = d.variable(b)
		case b.Type == "job" && len(b.Labels) == 1:
			jobs = append(jobs, b)
		default:
			d.refuse(b.Range(), "Not in a job file", "A job file has variables and a job with a name each, and no %s.", b.Type)
		}
	}
	if len(jobs) != 1 {
		d.refuse(file.SrcRange, "Not one job", "The file has %d jobs.", len(jobs))
		return nil, d.problems
	}
	d.scope.Variables = map[string]cty.Value{"var": cty.ObjectVal(given)}
	job := &api.Job{ID: &jobs[0].Labels[0], Name: &jobs[0].Labels[0]}
	d.body(jobs[0].Body, reflect.ValueOf(job).Elem())
	for _, group := range job.TaskGroups {
		for _, n := range group.Networks {
			static(n)
		}
	}
	return job, d.problems
}

// static moves the ports that a job chooses to where the API has them.
func static(n *api.NetworkResource) {
	var free []api.Port
	for _, p := range n.DynamicPorts {
		if p.Value != 0 {
			n.ReservedPorts = append(n.ReservedPorts, p)
		} else {
			free = append(free, p)
		}
	}
	n.DynamicPorts = free
}

func (d *decoder) refuse(at hcl.Range, summary, format string, args ...any) {
	d.problems = d.problems.Append(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at})
}

// variable returns the default, in the type that the variable has.
func (d *decoder) variable(b *hclsyntax.Block) cty.Value {
	kind, value := cty.DynamicPseudoType, cty.NilVal
	for name, a := range b.Body.Attributes {
		switch name {
		case "type":
			t, problems := typeexpr.TypeConstraint(a.Expr)
			d.problems = append(d.problems, problems...)
			kind = t
		case "default":
			value = d.value(a.Expr)
		case "description":
			if v := d.value(a.Expr); v.Type() != cty.String {
				d.refuse(a.SrcRange, "No description", "It has to be a string.")
			}
		default:
			d.refuse(a.SrcRange, "Unknown attribute", "A variable has no %s.", name)
		}
	}
	for _, inner := range b.Body.Blocks {
		d.refuse(inner.Range(), "Unknown block", "A variable has no %s here.", inner.Type)
	}
	if value == cty.NilVal {
		d.refuse(b.Range(), "No default", "Without one, %s has to be given with each command.", b.Labels[0])
		return cty.UnknownVal(kind)
	}
	value, err := convert.Convert(value, kind)
	if err != nil {
		d.refuse(b.Range(), "Wrong default", "%v", err)
	}
	return value
}

func (d *decoder) value(e hcl.Expression) cty.Value {
	v, problems := e.Value(d.scope)
	d.problems = append(d.problems, problems...)
	return v
}

// body fills a struct.
func (d *decoder) body(body *hclsyntax.Body, into reflect.Value) {
	attributes, blocks := map[string]reflect.Value{}, map[string]reflect.Value{}
	for i := range into.NumField() {
		name, kind, _ := strings.Cut(into.Type().Field(i).Tag.Get("hcl"), ",")
		switch {
		case name == "" || kind == "label":
		case kind == "block":
			blocks[name] = into.Field(i)
		case kind == "optional" || kind == "":
			attributes[name] = into.Field(i)
			if _, there := body.Attributes[name]; kind == "" && !there {
				d.refuse(body.SrcRange, "Missing attribute", "%s is required.", name)
			}
		}
	}
	for name, a := range body.Attributes {
		if field, known := attributes[name]; known {
			d.attribute(a, field)
		} else {
			d.refuse(a.SrcRange, "Unknown attribute", "Nomad's API has no %s here.", name)
		}
	}
	seen := map[string]bool{}
	for _, b := range body.Blocks {
		field, known := blocks[b.Type]
		switch {
		case !known:
			d.refuse(b.Range(), "Unknown block", "Nomad's API has no %s here.", b.Type)
		case seen[b.Type] && field.Kind() != reflect.Slice:
			d.refuse(b.Range(), "Repeated block", "There is one %s at most.", b.Type)
		default:
			d.block(b, field)
		}
		seen[b.Type] = true
	}
}

// block fills a field that is a struct, a list of structs, or a map.
func (d *decoder) block(b *hclsyntax.Block, field reflect.Value) {
	switch field.Kind() {
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		d.block(b, field.Elem())
	case reflect.Slice:
		element := reflect.New(field.Type().Elem()).Elem()
		d.block(b, element)
		field.Set(reflect.Append(field, element))
	case reflect.Struct:
		labels := b.Labels
		for i := range field.NumField() {
			if _, kind, _ := strings.Cut(field.Type().Field(i).Tag.Get("hcl"), ","); kind != "label" {
				continue
			}
			if len(labels) == 0 {
				d.refuse(b.Range(), "Missing name", "%s needs a name.", b.Type)
				break
			}
			d.set(field.Field(i), cty.StringVal(labels[0]), b.Range())
			labels = labels[1:]
		}
		if len(labels) > 0 {
			d.refuse(b.Range(), "Extra name", "%s has no name %q.", b.Type, labels[0])
		}
		d.body(b.Body, field)
	case reflect.Map:
		if field.Type().Elem().Kind() == reflect.Interface { // what a driver reads
			field.Set(reflect.ValueOf(d.free(b.Body)))
			return
		}
		field.Set(reflect.MakeMap(field.Type()))
		for name, a := range b.Body.Attributes {
			element := reflect.New(field.Type().Elem()).Elem()
			d.attribute(a, element)
			field.SetMapIndex(reflect.ValueOf(name), element)
		}
		for _, inner := range b.Body.Blocks {
			d.refuse(inner.Range(), "Unknown block", "%s has names and values alone.", b.Type)
		}
	default:
		d.refuse(b.Range(), "No block", "%s is none.", b.Type)
	}
}

// free reads a body of which Nomad's API knows nothing: each kind of block is
// a list, as it may come several times.
func (d *decoder) free(body *hclsyntax.Body) map[string]any {
	read := map[string]any{}
	for name, a := range body.Attributes {
		read[name] = plain(d.value(a.Expr))
	}
	for _, b := range body.Blocks {
		list, _ := read[b.Type].([]any)
		read[b.Type] = append(list, d.free(b.Body))
	}
	return read
}

// plain is a value as JSON has it.
func plain(v cty.Value) any {
	switch t := v.Type(); {
	case !v.IsWhollyKnown() || v.IsNull():
		return nil
	case t == cty.String:
		return v.AsString()
	case t == cty.Bool:
		return v.True()
	case t == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		list := []any{}
		for _, e := range v.AsValueSlice() {
			list = append(list, plain(e))
		}
		return list
	default:
		all := map[string]any{}
		for name, e := range v.AsValueMap() {
			all[name] = plain(e)
		}
		return all
	}
}

func (d *decoder) attribute(a *hclsyntax.Attribute, field reflect.Value) {
	if v := d.value(a.Expr); v.IsWhollyKnown() && !v.IsNull() {
		d.set(field, v, a.SrcRange)
	}
}

var duration = reflect.TypeFor[time.Duration]()

// set puts a value into a field. Nothing is converted that is written as
// another type: what Nomad makes of that is not for a file to rely on.
func (d *decoder) set(field reflect.Value, v cty.Value, at hcl.Range) {
	t, kind := v.Type(), field.Kind()
	wrong := func() {
		d.refuse(at, "Wrong type", "A %s is no %s.", t.FriendlyName(), field.Type())
	}
	switch {
	case kind == reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		d.set(field.Elem(), v, at)
	case field.Type() == duration:
		if t != cty.String {
			wrong()
			return
		}
		span, err := time.ParseDuration(v.AsString())
		if err != nil {
			d.refuse(at, "No duration", "%v", err)
		}
		field.SetInt(int64(span))
	case kind == reflect.String && t == cty.String:
		field.SetString(v.AsString())
	case kind == reflect.Bool && t == cty.Bool:
		field.SetBool(v.True())
	case field.CanInt() && t == cty.Number && v.AsBigFloat().IsInt():
		n, _ := v.AsBigFloat().Int64()
		field.SetInt(n)
	case field.CanUint() && t == cty.Number && v.AsBigFloat().IsInt():
		n, _ := v.AsBigFloat().Uint64()
		field.SetUint(n)
	case kind == reflect.Slice && (t.IsTupleType() || t.IsListType()):
		for _, e := range v.AsValueSlice() {
			element := reflect.New(field.Type().Elem()).Elem()
			d.set(element, e, at)
			field.Set(reflect.Append(field, element))
		}
	case kind == reflect.Map && (t.IsObjectType() || t.IsMapType()):
		field.Set(reflect.MakeMap(field.Type()))
		for name, e := range v.AsValueMap() {
			element := reflect.New(field.Type().Elem()).Elem()
			d.set(element, e, at)
			field.SetMapIndex(reflect.ValueOf(name), element)
		}
	default:
		wrong()
	}
}
