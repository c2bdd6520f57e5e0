package conformance

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	podsecurity "k8s.io/pod-security-admission/api"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// A cluster is what one kustomization would make.
type cluster struct {
	*docket
	folder  string
	objects []runtime.Object
}

func (c *cluster) decode(manifest []byte) {
	object, kind, err := decoder().Decode(manifest, nil, nil)
	if err != nil {
		c.add(c.folder, 0, "decode", "%v in:\n%s", err, bytes.TrimSpace(manifest))
		return
	}
	if kind.Version != "v1" && kind.Version != "v2" {
		c.add(c.folder, 0, "version", "%s is no stable version", kind)
	}
	c.objects = append(c.objects, object)
}

// allOf returns the objects of one type.
func allOf[T runtime.Object](c *cluster) []T {
	var of []T
	for _, o := range c.objects {
		if t, ok := o.(T); ok {
			of = append(of, t)
		}
	}
	return of
}

func (c *cluster) judge() {
	c.names()
	for _, d := range allOf[*appsv1.Deployment](c) {
		c.deployment(d)
	}
	c.namespaces()
	c.services()
	c.autoscalers()
	c.budgets()
	c.policies()
	c.routes()
}

func (c *cluster) names() {
	seen, namespace := map[string]bool{}, ""
	for _, n := range allOf[*corev1.Namespace](c) {
		namespace = n.Name
	}
	for _, o := range c.objects {
		m := o.(metav1.Object)
		id := fmt.Sprintf("%s %s", reflect.TypeOf(o).Elem().Name(), m.GetName())
		if seen[id] {
			c.add(c.folder, 0, "unique", "%s occurs twice", id)
		}
		seen[id] = true
		if _, ok := o.(*corev1.Namespace); !ok && m.GetNamespace() != namespace {
			c.add(c.folder, 0, "namespace", "%s is in %q, the Namespace object is %q", id, m.GetNamespace(), namespace)
		}
		if _, ok := o.(*corev1.Secret); ok {
			c.add(c.folder, 0, "secret", "%s: secrets are referred to, never contained", id)
		}
	}
}

func (c *cluster) namespaces() {
	namespaces := allOf[*corev1.Namespace](c)
	if len(namespaces) != 1 {
		c.add(c.folder, 0, "namespace", "%d Namespaces instead of one", len(namespaces))
	}
	for _, n := range namespaces {
		if n.Labels[podsecurity.EnforceLevelLabel] != string(podsecurity.LevelRestricted) {
			c.add(c.folder, 0, "pod-security", "Namespace %s does not enforce 'restricted'", n.Name)
		}
	}
}

func (c *cluster) deployment(d *appsv1.Deployment) {
	pod := d.Spec.Template
	restricted := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}
	for _, r := range evaluator().EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec) {
		if !r.Allowed {
			c.add(c.folder, 0, "pod-security", "Deployment %s: %s: %s", d.Name, r.ForbiddenReason, r.ForbiddenDetail)
		}
	}
	selector, err := metav1.LabelSelectorAsSelector(d.Spec.Selector)
	if err != nil || !selector.Matches(labels.Set(pod.Labels)) {
		c.add(c.folder, 0, "selector", "Deployment %s does not select its own pods (%v)", d.Name, err)
	}
	missing := func(ok bool, what string) {
		if !ok {
			c.add(c.folder, 0, "pod", "Deployment %s has no %s", d.Name, what)
		}
	}
	missing(pod.Spec.AutomountServiceAccountToken != nil && !*pod.Spec.AutomountServiceAccountToken, "automountServiceAccountToken: false")
	missing(pod.Spec.EnableServiceLinks != nil && !*pod.Spec.EnableServiceLinks, "enableServiceLinks: false")
	missing(c.exists(&corev1.ServiceAccount{}, pod.Spec.ServiceAccountName), "ServiceAccount that exists")
	missing(pod.Spec.SecurityContext != nil && pod.Spec.SecurityContext.RunAsUser != nil && *pod.Spec.SecurityContext.RunAsUser == 10001, "runAsUser: 10001")
	if c.served(d) {
		missing(len(pod.Spec.TopologySpreadConstraints) > 0, "topology spread")
		missing(d.Spec.Strategy.RollingUpdate != nil && d.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue() == 0, "rolling update without loss")
	}
	for _, container := range pod.Spec.Containers {
		c.container(d, container)
	}
}

// served reports whether a Service sends requests to d's pods.
func (c *cluster) served(d *appsv1.Deployment) bool {
	for _, s := range allOf[*corev1.Service](c) {
		if labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(d.Spec.Template.Labels)) {
			return true
		}
	}
	return false
}

func (c *cluster) container(d *appsv1.Deployment, k corev1.Container) {
	missing := func(ok bool, what string) {
		if !ok {
			c.add(c.folder, 0, "container", "%s in Deployment %s has no %s", k.Name, d.Name, what)
		}
	}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		request, limit := k.Resources.Requests[name], k.Resources.Limits[name]
		missing(!request.IsZero(), "request of "+string(name))
		missing(!limit.IsZero(), "limit of "+string(name))
		missing(request.Cmp(limit) <= 0, "request of "+string(name)+" within its limit")
	}
	missing(k.SecurityContext != nil && k.SecurityContext.ReadOnlyRootFilesystem != nil && *k.SecurityContext.ReadOnlyRootFilesystem, "read-only root")
	missing(slices.ContainsFunc(k.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == "/tmp" }), "writable /tmp")
	missing(!untagged(k.Image), "image tag: "+k.Image)
	for _, m := range k.VolumeMounts {
		missing(slices.ContainsFunc(d.Spec.Template.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name }), "volume "+m.Name)
	}
	for _, e := range k.EnvFrom {
		if e.ConfigMapRef != nil {
			missing(c.exists(&corev1.ConfigMap{}, e.ConfigMapRef.Name), "ConfigMap "+e.ConfigMapRef.Name)
			if !byContent.MatchString(e.ConfigMapRef.Name) && d.Spec.Template.Annotations[settingsSum] == "" {
				c.add(c.folder, 0, "settings", "ConfigMap %s keeps its name when a setting changes, and pods that run keep the old one", e.ConfigMapRef.Name)
			}
		}
	}
	for _, e := range k.Env {
		if e.Value != "" && holdsSecret(e.Name, e.Value) {
			c.add(c.folder, 0, "secret", "%s is a secret in the manifest", e.Name)
		}
		if e.ValueFrom != nil && e.ValueFrom.ConfigMapKeyRef != nil {
			missing(c.exists(&corev1.ConfigMap{}, e.ValueFrom.ConfigMapKeyRef.Name), "ConfigMap "+e.ValueFrom.ConfigMapKeyRef.Name)
		}
	}
	if len(k.Ports) > 0 {
		c.probes(d, k)
	}
}

// byContent is a name that ends in kustomize's hash of what it names.
var byContent = regexp.MustCompile(`-[a-z0-9]{10}$`)

// settingsSum is an annotation that makes pods anew when a setting changes,
// where the ConfigMap's name does not.
const settingsSum = "checksum/config"

func (c *cluster) probes(d *appsv1.Deployment, k corev1.Container) {
	for name, probe := range map[string]*corev1.Probe{"startup": k.StartupProbe, "readiness": k.ReadinessProbe, "liveness": k.LivenessProbe} {
		if probe == nil {
			c.add(c.folder, 0, "probe", "%s in Deployment %s has no %s probe", k.Name, d.Name, name)
			continue
		}
		port := ""
		switch {
		case probe.HTTPGet != nil:
			port = probe.HTTPGet.Port.String()
		case probe.TCPSocket != nil:
			port = probe.TCPSocket.Port.String()
		}
		if port != "" && !hasPort(k, port) {
			c.add(c.folder, 0, "probe", "the %s probe asks port %s, which %s does not have", name, port, k.Name)
		}
	}
	if k.Lifecycle == nil || k.Lifecycle.PreStop == nil {
		c.add(c.folder, 0, "pre-stop", "%s in Deployment %s ends before the endpoints know it", k.Name, d.Name)
	} else if stop := k.Lifecycle.PreStop; stop.Exec != nil {
		c.add(c.folder, 0, "pre-stop", "exec needs a sleep program that distroless does not have; use the sleep action")
	}
}

func hasPort(k corev1.Container, port string) bool {
	return slices.ContainsFunc(k.Ports, func(p corev1.ContainerPort) bool {
		return p.Name == port || fmt.Sprint(p.ContainerPort) == port
	})
}

// exists reports whether an object of like's type has this name.
func (c *cluster) exists(like runtime.Object, name string) bool {
	return slices.ContainsFunc(c.objects, func(o runtime.Object) bool {
		return reflect.TypeOf(o) == reflect.TypeOf(like) && o.(metav1.Object).GetName() == name
	})
}

// selected returns the deployments whose pods a selector matches.
func (c *cluster) selected(s labels.Selector) []*appsv1.Deployment {
	return slices.DeleteFunc(allOf[*appsv1.Deployment](c), func(d *appsv1.Deployment) bool {
		return !s.Matches(labels.Set(d.Spec.Template.Labels))
	})
}

func (c *cluster) services() {
	services := allOf[*corev1.Service](c)
	if len(services) == 0 {
		c.add(c.folder, 0, "service", "no Service")
	}
	for _, s := range services {
		pods := c.selected(labels.SelectorFromSet(s.Spec.Selector))
		if len(pods) != 1 {
			c.add(c.folder, 0, "service", "Service %s selects %d deployments, not one", s.Name, len(pods))
		}
		for _, d := range pods {
			for _, p := range s.Spec.Ports {
				if !slices.ContainsFunc(d.Spec.Template.Spec.Containers, func(k corev1.Container) bool { return hasPort(k, p.TargetPort.String()) }) {
					c.add(c.folder, 0, "service", "Service %s sends to port %s, which Deployment %s does not have", s.Name, p.TargetPort.String(), d.Name)
				}
			}
		}
	}
}

func (c *cluster) autoscalers() {
	found := allOf[*autoscalingv2.HorizontalPodAutoscaler](c)
	if len(found) == 0 {
		c.add(c.folder, 0, "autoscaler", "no HorizontalPodAutoscaler")
	}
	for _, h := range found {
		target := h.Spec.ScaleTargetRef
		if target.APIVersion != "apps/v1" || target.Kind != "Deployment" || !c.exists(&appsv1.Deployment{}, target.Name) {
			c.add(c.folder, 0, "autoscaler", "HorizontalPodAutoscaler %s scales %s %s, which is not there", h.Name, target.Kind, target.Name)
		}
		if h.Spec.MinReplicas == nil || *h.Spec.MinReplicas > h.Spec.MaxReplicas {
			c.add(c.folder, 0, "autoscaler", "HorizontalPodAutoscaler %s needs a minimum below its maximum", h.Name)
		}
		for _, d := range allOf[*appsv1.Deployment](c) {
			if d.Name == target.Name && d.Spec.Replicas != nil {
				c.add(c.folder, 0, "autoscaler", "every apply resets what %s scaled: leave replicas out of Deployment %s", h.Name, d.Name)
			}
		}
	}
}

func (c *cluster) budgets() {
	found := allOf[*policyv1.PodDisruptionBudget](c)
	if len(found) == 0 {
		c.add(c.folder, 0, "budget", "no PodDisruptionBudget")
	}
	for _, b := range found {
		selector, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
		if err != nil || len(c.selected(selector)) != 1 {
			c.add(c.folder, 0, "budget", "PodDisruptionBudget %s does not select one deployment (%v)", b.Name, err)
		}
	}
}

func (c *cluster) policies() {
	found := allOf[*networkingv1.NetworkPolicy](c)
	if len(found) == 0 {
		c.add(c.folder, 0, "network", "no NetworkPolicy")
	}
	for _, p := range found {
		selector, err := metav1.LabelSelectorAsSelector(&p.Spec.PodSelector)
		if err != nil || len(c.selected(selector)) == 0 {
			c.add(c.folder, 0, "network", "NetworkPolicy %s selects no pod (%v)", p.Name, err)
		}
		if len(p.Spec.PolicyTypes) != 2 {
			c.add(c.folder, 0, "network", "NetworkPolicy %s does not restrict both directions", p.Name)
		}
	}
}

func (c *cluster) routes() {
	backend := func(from, name string, named string, number int32) {
		for _, s := range allOf[*corev1.Service](c) {
			if s.Name == name && slices.ContainsFunc(s.Spec.Ports, func(p corev1.ServicePort) bool {
				return (named != "" && p.Name == named) || p.Port == number
			}) {
				return
			}
		}
		c.add(c.folder, 0, "route", "%s sends to %s:%s%d, which is no Service's port", from, name, named, number)
	}
	for _, i := range allOf[*networkingv1.Ingress](c) {
		for _, r := range i.Spec.Rules {
			for _, p := range r.HTTP.Paths {
				backend("Ingress "+i.Name, p.Backend.Service.Name, p.Backend.Service.Port.Name, p.Backend.Service.Port.Number)
			}
		}
	}
	for _, r := range allOf[*gatewayv1.HTTPRoute](c) {
		for _, rule := range r.Spec.Rules {
			for _, b := range rule.BackendRefs {
				backend("HTTPRoute "+r.Name, string(b.Name), "", int32(*b.Port))
			}
		}
	}
}
