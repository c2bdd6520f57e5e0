package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	aca "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/appcontainers/armappcontainers/v3"
	"sigs.k8s.io/yaml"

	"github.com/davit-cli/davit/generator"
)

// ContainerApps judges apps of Azure Container Apps by the types of Azure's
// own SDK. These ignore what they do not know, so what they have read is
// written again, and all of the file has to be in it. What Azure checks beyond
// that stands in its documentation alone.
func ContainerApps(files []generator.File) []Finding {
	d := &docket{judge: "container-apps"}
	for _, f := range files {
		var app aca.ContainerApp
		var file, back any
		data, err := yaml.YAMLToJSONStrict([]byte(f.Content))
		if err == nil {
			err = errors.Join(json.Unmarshal(data, &file), json.Unmarshal(data, &app))
		}
		if err != nil {
			d.add(f.Path, lineIn(err), "decode", "%v", err)
			continue
		}
		if data, err = json.Marshal(app); err == nil {
			err = json.Unmarshal(data, &back)
		}
		if err != nil {
			d.add(f.Path, 0, "decode", "%v", err)
			continue
		}
		if lost := notIn("", file, back); lost != "" {
			d.add(f.Path, 0, "lost", "%s is nothing that Container Apps has there", lost)
			continue
		}
		if wrong := noName(reflect.ValueOf(app)); wrong != "" {
			d.add(f.Path, lineOf(f.Content, wrong), "enum", "%s", wrong)
			continue
		}
		d.containerApp(f, app)
	}
	return d.found
}

// azureNames are the types of Azure's SDK that are one of a few names, with these.
var azureNames = map[reflect.Type][]string{
	reflect.TypeFor[aca.ActiveRevisionsMode]():        texts(aca.PossibleActiveRevisionsModeValues()),
	reflect.TypeFor[aca.IngressTransportMethod]():     texts(aca.PossibleIngressTransportMethodValues()),
	reflect.TypeFor[aca.ManagedServiceIdentityType](): texts(aca.PossibleManagedServiceIdentityTypeValues()),
	reflect.TypeFor[aca.Type]():                       texts(aca.PossibleTypeValues()),
}

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// noName tells of a value that its type, which is one of a few names, has not.
func noName(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return noName(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if wrong := noName(v.Field(i)); wrong != "" {
				return wrong
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if wrong := noName(v.Index(i)); wrong != "" {
				return wrong
			}
		}
	case reflect.String:
		if known := azureNames[v.Type()]; v.Type() != reflect.TypeFor[string]() && !slices.Contains(known, v.String()) {
			return fmt.Sprintf("%s is none of %q", v.String(), known)
		}
	}
	return ""
}

// containerAppName is the rule of Azure's CLI, where two dashes in a row are
// refused besides.
var containerAppName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}[a-z0-9]$|^[a-z]$`)

func (d *docket) containerApp(f generator.File, app aca.ContainerApp) {
	wrong := func(bad bool, text, rule, format string, args ...any) {
		if bad {
			d.add(f.Path, lineOf(f.Content, text), rule, format, args...)
		}
	}
	name := or(app.Name)
	wrong(!containerAppName.MatchString(name) || strings.Contains(name, "--"), "name:", "name", "%q is no name of a container app", name)
	wrong(or(app.Type) != "Microsoft.App/containerApps", "type:", "type", "is %q", or(app.Type))
	p := app.Properties
	if p == nil || p.Configuration == nil || p.Template == nil || len(p.Template.Containers) != 1 || p.Template.Scale == nil || p.Template.Containers[0].Resources == nil {
		d.add(f.Path, 0, "containers", "has to have one container with its resources, a configuration and a scale")
		return
	}
	c, t := p.Template.Containers[0], p.Template
	wrong(or(p.Configuration.ActiveRevisionsMode) != aca.ActiveRevisionsModeSingle, "activeRevisionsMode", "revisions", "who gets the requests is not said")
	grace := or(t.TerminationGracePeriodSeconds)
	wrong(grace < 10 || grace > 600, "terminationGracePeriodSeconds", "grace", "%d seconds to stop in", grace)
	wrong(untagged(or(c.Image)), "image:", "image-tag", "has to name a tag: %q", or(c.Image))
	quarters := or(c.Resources.CPU) * 4
	wrong(quarters < 1 || quarters > 16 || quarters != float64(int(quarters)) || or(c.Resources.Memory) != strconv.FormatFloat(quarters/2, 'f', -1, 64)+"Gi",
		"resources:", "size", "the Consumption plan has no %s with %g cores", or(c.Resources.Memory), or(c.Resources.CPU))
	d.containerAppSecrets(wrong, app, c)
	scale := t.Scale
	wrong(or(scale.MaxReplicas) < 1 || or(scale.MinReplicas) > or(scale.MaxReplicas), "scale:", "scale", "from %d to %d replicas", or(scale.MinReplicas), or(scale.MaxReplicas))
	in := p.Configuration.Ingress
	if in == nil {
		wrong(len(c.Command) == 0, "containers:", "command", "runs the web server once more, and nobody reaches it")
		wrong(or(scale.MinReplicas) < 1 && len(scale.Rules) == 0, "scale:", "scale", "nothing ever starts it")
		return
	}
	wrong(in.AllowInsecure == nil || *in.AllowInsecure || or(in.Transport) != aca.IngressTransportMethodHTTP, "ingress:", "ingress", "is not HTTP behind HTTPS alone")
	wrong(!slices.ContainsFunc(scale.Rules, func(r *aca.ScaleRule) bool {
		if r.HTTP == nil {
			return false
		}
		n, err := strconv.Atoi(or(r.HTTP.Metadata["concurrentRequests"]))
		return err == nil && n > 0
	}), "rules:", "scale", "no rule says how many requests one replica takes")
	d.containerAppProbes(wrong, c, or(in.TargetPort))
}

// containerAppSecrets judges what is secret, and who may read it.
func (d *docket) containerAppSecrets(wrong func(bad bool, text, rule, format string, args ...any), app aca.ContainerApp, c *aca.Container) {
	has := func(identity string) bool {
		return app.Identity != nil && app.Identity.UserAssignedIdentities[identity] != nil
	}
	declared := map[string]bool{}
	for _, s := range app.Properties.Configuration.Secrets {
		declared[or(s.Name)] = false
		wrong(s.Value != nil || !strings.HasPrefix(or(s.KeyVaultURL), "https://"), or(s.Name), "secret", "%s is not kept in a key vault", or(s.Name))
		wrong(!has(or(s.Identity)), "identity:", "reference", "the app has no identity %s", or(s.Identity))
	}
	for _, r := range app.Properties.Configuration.Registries {
		wrong(!has(or(r.Identity)), "registries:", "reference", "the app has no identity %s", or(r.Identity))
		wrong(!strings.HasPrefix(or(c.Image), or(r.Server)+"/"), "registries:", "reference", "the image is not in %s", or(r.Server))
	}
	for _, e := range c.Env {
		if ref := or(e.SecretRef); ref != "" {
			_, there := declared[ref]
			wrong(!there, ref, "reference", "there is no secret %s", ref)
			declared[ref] = true
			continue
		}
		wrong(holdsSecret(or(e.Name), or(e.Value)), or(e.Name), "secret", "%s is a secret in the file", or(e.Name))
		wrong(or(e.Name) == "FORWARDED_ALLOW_IPS" && strings.Contains(or(e.Value), "*"), or(e.Name), "forwarded", "every client may choose its own address")
	}
	for secret, used := range declared {
		wrong(!used, secret, "reference", "nothing reads the secret %s", secret)
	}
}

// containerAppProbes judges when a replica is taken for ready, and for dead.
func (d *docket) containerAppProbes(wrong func(bad bool, text, rule, format string, args ...any), c *aca.Container, port int32) {
	types := map[aca.Type]int{}
	for _, p := range c.Probes {
		types[or(p.Type)]++
		var asked int32
		switch {
		case p.HTTPGet != nil && p.TCPSocket == nil:
			asked = or(p.HTTPGet.Port)
		case p.TCPSocket != nil && p.HTTPGet == nil:
			asked = or(p.TCPSocket.Port)
		}
		wrong(asked != port, "probes:", "probe", "%s asks port %d, and requests go to %d", or(p.Type), asked, port)
		outside := func(n *int32, least, most int32) bool { return n != nil && (*n < least || *n > most) }
		wrong(outside(p.FailureThreshold, 1, 10) || outside(p.PeriodSeconds, 1, 240) || outside(p.TimeoutSeconds, 1, 240) || outside(p.InitialDelaySeconds, 1, 60),
			"probes:", "probe", "%s has times that Container Apps does not have", or(p.Type))
	}
	wrong(types[aca.TypeStartup] != 1 || types[aca.TypeReadiness] > 1 || types[aca.TypeLiveness] > 1, "probes:", "probe", "one startup probe, and at most one of the others")
}

// or returns what the pointer has, the type's zero where there is none.
func or[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
