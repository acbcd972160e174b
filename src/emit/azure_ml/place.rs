//! What a document writes for the things it refers to; local paths are relative to the document's folder.

use super::Cx;
use super::schema::{Build, Environment, Recipe};
use crate::base::arena::Id;
use crate::base::files;
use crate::model::documents;
use crate::model::project::{
    AssetPath, AssetVersion, Component, ComponentSource, Compute, Data, DataSource, Datastore, MlPipeline,
    MlType, Project, Runtime,
};

pub struct Place<'a> {
    pub project: &'a Project,
    /// The document's folder, relative to the project's root.
    folder: String,
    cx: Cx<'a>,
}

impl<'a> Place<'a> {
    /// `document` is relative to the output folder, as if nothing differed.
    pub fn new(cx: &Cx<'a>, document: &str) -> Self {
        let document = cx.stands(document);
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        Place { project: cx.project, folder: format!("{}/{folder}", cx.out), cx: *cx }
    }

    pub fn local(&self, path: &str) -> String {
        files::relative(&self.folder, path)
    }

    /// Another document of the output, by the path that it has where nothing differs.
    pub fn output(&self, document: &str) -> String {
        self.local(&format!("{}/{}", self.cx.out, self.cx.placed(document)))
    }

    pub fn component(&self, id: Id<Component>) -> String {
        let component = &self.project.components[id];
        let name = &component.header.name.value;
        let version = component.version.as_ref().map(|it| it.value.as_str());
        match (&component.source, version) {
            (ComponentSource::File(path), _) => self.local(&path.value),
            (ComponentSource::Registry(registry), version) => {
                let registry = &self.project.ml_registries[registry.value].header.name.value;
                let version = version.unwrap_or_default();
                format!("azureml://registries/{registry}/components/{name}/versions/{version}")
            }
            (ComponentSource::Workspace | ComponentSource::Written(_), Some(version)) => {
                format!("azureml:{name}:{version}")
            }
            (ComponentSource::Workspace | ComponentSource::Written(_), None) => {
                self.output(&documents::component(&component.header))
            }
        }
    }

    pub fn pipeline_component(&self, id: Id<MlPipeline>) -> String {
        self.output(&documents::ml_component(&self.project.ml_pipelines[id].header))
    }

    pub fn asset_path(&self, path: &AssetPath) -> String {
        match path {
            AssetPath::Datastore(store, inner) => {
                format!("azureml://datastores/{}/paths/{inner}", self.datastore_name(*store))
            }
            AssetPath::Local(path) => self.local(path),
            AssetPath::Url(url) => url.clone(),
        }
    }

    pub fn data(&self, source: &DataSource) -> String {
        match source {
            DataSource::Asset(id, version) => self.asset(&self.project.data[*id], version),
            DataSource::Model(id, version) => version.uri(&self.project.models[*id].header.name.value),
            DataSource::Path(path) => self.asset_path(path),
        }
    }

    /// An asset without a version is not registered: its path stands for it.
    fn asset(&self, data: &Data, version: &AssetVersion) -> String {
        let name = &data.header.name.value;
        match (version, &data.version, &data.path) {
            (AssetVersion::At(version), _, _) => format!("azureml:{name}:{version}"),
            (AssetVersion::Declared, Some(version), _) => format!("azureml:{name}:{}", version.value),
            (AssetVersion::Declared, None, Some(path)) => self.asset_path(path),
            (AssetVersion::Declared, None, None) | (AssetVersion::Latest, _, _) => {
                format!("azureml:{name}@latest")
            }
        }
    }

    /// The type of data where no input declares it: the asset's, else a file if the path ends like one.
    pub fn data_type(&self, source: &DataSource) -> MlType {
        let path = match source {
            DataSource::Asset(id, _) => return self.project.data[*id].ty,
            DataSource::Model(id, _) => return self.project.models[*id].ty,
            DataSource::Path(
                AssetPath::Datastore(_, path) | AssetPath::Local(path) | AssetPath::Url(path),
            ) => path,
        };
        let last = path.rsplit('/').next().unwrap_or_default();
        let has_extension = last.trim_start_matches('.').contains('.');
        if has_extension { MlType::UriFile } else { MlType::UriFolder }
    }

    pub fn datastore_name(&self, id: Id<Datastore>) -> &'a str {
        &self.project.datastores[id].header.name.value
    }

    pub fn compute_name(&self, id: Id<Compute>) -> &'a str {
        &self.project.computes[id].header.name.value
    }

    /// As jobs and steps name it.
    pub fn compute(&self, id: Id<Compute>) -> String {
        let name = self.compute_name(id);
        if self.project.computes[id].serverless { name.to_owned() } else { format!("azureml:{name}") }
    }

    pub fn environment(&self, runtime: &Runtime) -> Environment {
        if let (Some(registry), Some(version)) = (&runtime.registry, &runtime.version) {
            let registry = &self.project.ml_registries[registry.value].header.name.value;
            let name = &runtime.header.name.value;
            let version = &version.value;
            return Environment::Registered(format!(
                "azureml://registries/{registry}/environments/{name}/versions/{version}"
            ));
        }
        match &runtime.version {
            Some(version) => {
                Environment::Registered(format!("azureml:{}:{}", runtime.header.name.value, version.value))
            }
            None => Environment::Inline(self.recipe(runtime)),
        }
    }

    pub fn recipe(&self, runtime: &Runtime) -> Recipe {
        Recipe {
            image: runtime.image.as_ref().map(|it| it.value.clone()),
            conda_file: runtime.conda.as_ref().map(|it| self.local(&it.value)),
            build: runtime.build.as_ref().map(|it| Build {
                path: self.local(&it.context.value),
                dockerfile_path: it.dockerfile.as_ref().map(|file| file.value.clone()),
            }),
        }
    }
}
