//! What few jobs have: a container, copies, a clean start.

use super::build::constant;
use super::context::Context;
use super::gate::minutes;
use super::parts::Part;
use super::{Constant, Container, JobSettings, Matrix};
use crate::base::arena::Id;
use crate::model::data::Record;
use crate::model::expr::Expr;
use crate::model::project::{self, Job, Pool, PoolKind, Project};
use crate::model::steps::action::Place;

/// The variable that holds the image of a copy's pool.
const IMAGE: &str = "matrix_image";

pub fn settings(project: &Project, context: &Context, job: &Job, part: &Part) -> JobSettings {
    let on_agent = part.place == Place::Agent;
    let of_pool = context.pool.and_then(|it| project.pools[it].container.as_ref());
    let container = job.container.as_ref().or(of_pool).filter(|_| on_agent);
    JobSettings {
        continue_on_error: job.continue_on_error,
        cancel_timeout_minutes: context.cancel_timeout.map(minutes),
        clean: job.clean.filter(|_| on_agent),
        container: container.map(|it| self::container(project, it)),
        extra: if on_agent { job.extra.clone() } else { Record::new() },
        matrix: job.matrix.as_ref().map(|it| matrix(project, it)),
    }
}

/// The pool of the first copy, where copies run on pools of their own.
pub fn pool(job: &Job) -> Option<Id<Pool>> {
    job.matrix.as_ref()?.legs.iter().find_map(|it| it.pool)
}

fn container(project: &Project, container: &project::Container) -> Container {
    let registry = container.registry.as_ref().map(|it| &project.container_registries[it.value]);
    let connection = container.connection.as_ref().or(registry.and_then(|it| it.connection.as_ref()));
    Container {
        image: match registry {
            Some(registry) => format!("{}/{}", registry.login_server(), container.image),
            None => container.image.clone(),
        },
        endpoint: connection.map(|it| project.connections[it.value].header.name.value.clone()),
        options: container.options.clone(),
        ports: container.ports.clone(),
        volumes: container.volumes.clone(),
        env: container.env.clone().into_iter().collect(),
    }
}

fn matrix(project: &Project, matrix: &project::Matrix) -> Matrix {
    let legs = matrix.legs.iter().map(|leg| {
        let named =
            |(name, value): (&String, &Expr)| Some((project::Matrix::variable(name), constant(value)?));
        let mut variables: Vec<(String, Constant)> = leg.values.iter().filter_map(named).collect();
        let image = leg.pool.and_then(|it| image(project, it));
        variables.extend(image.map(|it| (IMAGE.to_owned(), Constant::String(it))));
        (leg.name.clone(), variables)
    });
    let some_image = matrix.legs.iter().any(|it| it.pool.is_some());
    Matrix {
        legs: legs.collect(),
        image: some_image.then(|| IMAGE.to_owned()),
        max_parallel: matrix.max_parallel,
    }
}

fn image(project: &Project, pool: Id<Pool>) -> Option<String> {
    match &project.pools[pool].kind {
        PoolKind::Hosted { image } => Some(image.clone()),
        PoolKind::SelfHosted { .. } | PoolKind::Server => None,
    }
}
