//! Mini-batches and Spark.

use super::node::Builder;
use super::work::{self, Conf, Entry, Retry, Task};
use crate::model::project::{Parallel, Spark};

pub fn parallel(builder: &Builder<'_>, parallel: &Parallel) -> work::Parallel {
    let has_retry = parallel.retries.is_some() || parallel.timeout.is_some();
    work::Parallel {
        task: Task {
            ty: "run_function",
            code: builder.code(),
            entry_script: parallel.entry.value.clone(),
            program_arguments: parallel.arguments.as_ref().map(|it| it.value.clone()),
            append_row_to: parallel.append_row_to.as_ref().map(|it| format!("${{{{outputs.{}}}}}", it.value)),
            environment: builder.environment(),
        },
        input_data: format!("${{{{inputs.{}}}}}", parallel.input_data.value),
        mini_batch_size: parallel.mini_batch_size.clone(),
        mini_batch_error_threshold: parallel.mini_batch_error_threshold,
        error_threshold: parallel.error_threshold,
        retry_settings: has_retry
            .then_some(Retry { max_retries: parallel.retries, timeout: parallel.timeout }),
        max_concurrency_per_instance: parallel.max_concurrency_per_instance,
        logging_level: parallel.logging_level,
    }
}

pub fn spark(builder: &Builder<'_>, spark: &Spark) -> work::Spark {
    let (fewest, most) = spark.executors;
    let mut conf = work_conf(spark);
    if fewest == most {
        conf.push(("spark.executor.instances", Conf::Count(most)));
    } else {
        conf.push(("spark.dynamicAllocation.enabled", Conf::Flag(true)));
        conf.push(("spark.dynamicAllocation.minExecutors", Conf::Count(fewest)));
        conf.push(("spark.dynamicAllocation.maxExecutors", Conf::Count(most)));
    }
    let own = conf.into_iter().map(|(key, it)| (key.to_owned(), it));
    let more = spark.conf.iter().map(|(key, it)| (key.clone(), Conf::Text(it.clone())));
    work::Spark {
        code: builder.code(),
        entry: Entry { file: spark.entry.value.clone() },
        args: spark.arguments.as_ref().map(|it| it.value.clone()),
        environment: builder.environment(),
        py_files: spark.py_files.clone(),
        jars: spark.jars.clone(),
        files: spark.files.clone(),
        archives: spark.archives.clone(),
        conf: own.chain(more).collect(),
    }
}

fn work_conf(spark: &Spark) -> Vec<(&'static str, Conf)> {
    vec![
        ("spark.driver.cores", Conf::Count(spark.driver.cores)),
        ("spark.driver.memory", Conf::Text(super::memory::whole(&spark.driver.memory))),
        ("spark.executor.cores", Conf::Count(spark.executor.cores)),
        ("spark.executor.memory", Conf::Text(super::memory::whole(&spark.executor.memory))),
    ]
}
