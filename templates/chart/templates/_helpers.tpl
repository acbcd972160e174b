{{/* The chart's name as a label may hold it. */}}
{{- define "mlopsc.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of the objects: the release's, with the chart's name unless the release's holds it already. */}}
{{- define "mlopsc.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "mlopsc.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "mlopsc.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "mlopsc.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* A digest says exactly which image; a tag only what it is called. */}}
{{- define "mlopsc.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (include "mlopsc.tag" .) }}
{{- end }}
{{- end }}

{{/* The labels that selectors use: they never change during the life of a release. */}}
{{- define "mlopsc.selectorLabels" -}}
app.kubernetes.io/name: {{ include "mlopsc.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "mlopsc.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{ include "mlopsc.selectorLabels" . }}
app.kubernetes.io/version: {{ include "mlopsc.tag" . | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- end }}

{{/* A text that reaches the container as it is: Kubernetes would replace `$(NAME)` and take `$$` for `$`. */}}
{{- define "mlopsc.verbatim" -}}
{{- . | replace "$" "$$" | quote }}
{{- end }}

{{/* What a container runs, if not what its image says. */}}
{{- define "mlopsc.run" -}}
{{- with .command }}
command:
  {{- range . }}
  - {{ include "mlopsc.verbatim" . }}
  {{- end }}
{{- end }}
{{- with .args }}
args:
  {{- range . }}
  - {{ include "mlopsc.verbatim" . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The environment variables of all containers. */}}
{{- define "mlopsc.env" -}}
{{- if or .Values.env .Values.envFromSecret .Values.secretEnv }}
env:
  {{- range $name, $value := .Values.env }}
  - name: {{ $name | quote }}
    value: {{ include "mlopsc.verbatim" $value }}
  {{- end }}
  {{- range $name, $key := .Values.envFromSecret }}
  - name: {{ $name | quote }}
    valueFrom:
      secretKeyRef:
        name: {{ printf "%s-env" $.Release.Name | quote }}
        key: {{ $key | quote }}
  {{- end }}
  {{- range $name, $place := .Values.secretEnv }}
  - name: {{ $name | quote }}
    valueFrom:
      secretKeyRef:
        name: {{ $place.secret | quote }}
        key: {{ $place.key | quote }}
  {{- end }}
{{- end }}
{{- end }}
