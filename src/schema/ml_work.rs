//! What an ML step does besides running one command: a sweep, mini-batches, Spark; and how it is spread over nodes.

use super::types::Type;
use super::{BLOCK, Block, Head, argument, at_most_one, default, one, optional, required};

/// 21 days, the longest any job of Azure ML runs, in seconds.
pub const LONGEST: u64 = 21 * 24 * 3600;

pub static RESOURCES: Block = Block {
    word: "resources",
    doc: "What the step gets of its compute.",
    attributes: &[&[
        optional("instances", Type::Int(1, 1000), "Number of nodes."),
        optional(
            "instance_type",
            Type::Name,
            "The size of a node on serverless compute: `Standard_NC6s_v3`. Of a Kubernetes compute: its instance type.",
        ),
        optional("shm_size", Type::Memory, "Size of the shared memory."),
        optional("docker_args", Type::Name, "More arguments of `docker run`."),
    ]],
    ..BLOCK
};

pub static DISTRIBUTION: Block = Block {
    word: "distribution",
    head: Head::Arguments(&[argument("framework", Type::Word(&["pytorch", "mpi", "tensorflow"]))]),
    doc: "How the command is started on several nodes or processors. `resources { instances }` says on how many nodes.",
    attributes: &[&[
        optional("processes", Type::Int(1, 1000), "Processes on each node, of `pytorch` and `mpi`."),
        optional("workers", Type::Int(1, 1000), "Workers of `tensorflow`; else one on each node."),
        optional("parameter_servers", Type::Int(0, 1000), "Parameter servers of `tensorflow`."),
    ]],
    ..BLOCK
};

static SPACE: Block = Block {
    word: "space",
    doc: "What is tried, by name: `choice(16, 32)`, `randint(10)`, `uniform(0.1, 0.9)`, `loguniform(1e-4, 1e-1)`, \
          `normal(0, 1)`, `lognormal(0, 1)`, and `quniform`, `qloguniform`, `qnormal`, `qlognormal` with a step as last argument. \
          Bounds are those of the value itself. The command reads it as `${{search_space.NAME}}`.",
    free: Some(Type::Any),
    ..BLOCK
};

static OBJECTIVE: Block = Block {
    word: "objective",
    doc: "What makes one trial better than another.",
    attributes: &[&[
        required("metric", Type::Name, "The metric that trials log, with MLflow, under exactly this name."),
        required("goal", Type::Word(&["minimize", "maximize"]), "Which way is better."),
    ]],
    ..BLOCK
};

static LIMITS: Block = Block {
    word: "limits",
    doc: "How much is tried.",
    attributes: &[&[
        required("max_total", Type::Int(1, 1000), "How many trials there are at most."),
        optional("max_concurrent", Type::Int(1, 1000), "How many run at a time; else all of them."),
        optional("timeout", Type::Duration(1, LONGEST), "How long the whole sweep may take."),
        optional("trial_timeout", Type::Duration(1, LONGEST), "How long one trial may take."),
    ]],
    ..BLOCK
};

static EARLY_STOP: Block = Block {
    word: "early_stop",
    head: Head::Arguments(&[argument("policy", Type::Word(&["bandit", "median", "truncation"]))]),
    doc: "Ends trials that fall behind the others.",
    attributes: &[&[
        optional("slack_factor", Type::Number, "Of `bandit`: how far behind the best, as a ratio."),
        optional("slack_amount", Type::Number, "Of `bandit`: how far behind the best, as a distance."),
        optional("percentage", Type::Int(1, 99), "Of `truncation`: how many percent of the trials end."),
        default("interval", Type::Int(1, 1_000_000), "1", "It looks after every so many logged metrics."),
        default("delay", Type::Int(0, 1_000_000), "0", "How many of them it waits at first."),
    ]],
    ..BLOCK
};

pub static SWEEP: Block = Block {
    word: "sweep",
    doc: "Runs the step's command, or its `component`, again and again with other values, and keeps the best.",
    attributes: &[&[required(
        "sampling",
        Type::Word(&["random", "grid", "bayesian"]),
        "How values are picked. `grid` takes `choice` only, `bayesian` takes `choice`, `uniform` and `quniform`.",
    )]],
    blocks: &[one(&SPACE), one(&OBJECTIVE), one(&LIMITS), at_most_one(&EARLY_STOP)],
    ..BLOCK
};

pub static PARALLEL: Block = Block {
    word: "parallel",
    doc: "Runs a Python script over mini-batches of an input: its functions `init()` and `run(mini_batch)`.",
    attributes: &[&[
        required("entry", Type::Name, "The script, in the step's `code`."),
        required("input_data", Type::Dotted, "The input that is cut into mini-batches."),
        optional(
            "arguments",
            Type::Command,
            "Arguments of the script, with `${{inputs.x}}` and `${{outputs.y}}`.",
        ),
        optional(
            "mini_batch_size",
            Type::Any,
            "How many files a mini-batch has, or of an `mltable` how much: `\"10kb\"`, `\"1mb\"`.",
        ),
        optional(
            "append_row_to",
            Type::Dotted,
            "The output into which all that `run` returns is written, line by line.",
        ),
        default(
            "mini_batch_error_threshold",
            Type::Int(-1, 1_000_000_000),
            "-1",
            "How many mini-batches may fail; `-1`: all of them.",
        ),
        default(
            "error_threshold",
            Type::Int(-1, 1_000_000_000),
            "-1",
            "How many items `run` may leave out of what it returns; `-1`: all of them.",
        ),
        optional("retries", Type::Int(0, 1000), "How often a mini-batch is tried again."),
        optional("timeout", Type::Duration(1, 259_200), "How long one mini-batch may take; at most 3 days."),
        default("max_concurrency_per_instance", Type::Int(1, 1000), "1", "Processes on each node."),
        default("logging_level", Type::Word(&["DEBUG", "INFO", "WARNING"]), "INFO", "What is logged."),
    ]],
    ..BLOCK
};

const CORES: super::Attribute = required("cores", Type::Int(1, 1000), "Its processors.");
const MEMORY: super::Attribute = required("memory", Type::Memory, "Its memory, such as `2Gi`.");

static DRIVER: Block =
    Block { word: "driver", doc: "The node that leads.", attributes: &[&[CORES, MEMORY]], ..BLOCK };

static EXECUTOR: Block = Block {
    word: "executor",
    doc: "The nodes that work.",
    attributes: &[&[
        CORES,
        MEMORY,
        required(
            "instances",
            Type::Range(&Type::Int(1, 1000)),
            "How many there are; a range lets Spark decide between both ends.",
        ),
    ]],
    ..BLOCK
};

static CONF: Block = Block {
    word: "conf",
    doc: "Settings of Spark, by their names: `\"spark.sql.shuffle.partitions\" = \"200\"`.",
    free: Some(Type::Name),
    ..BLOCK
};

const FILES: Type = Type::List(&Type::Name);

pub static SPARK: Block = Block {
    word: "spark",
    doc: "Runs a Spark application: on serverless Spark of this size, or on an attached Spark pool that `compute` names.",
    attributes: &[&[
        required("entry", Type::Name, "The Python file to start, in the step's `code`."),
        optional("arguments", Type::Command, "Its arguments, with `${{inputs.x}}` and `${{outputs.y}}`."),
        optional(
            "instance_type",
            Type::Word(&[
                "standard_e4s_v3",
                "standard_e8s_v3",
                "standard_e16s_v3",
                "standard_e32s_v3",
                "standard_e64s_v3",
            ]),
            "The size of a node of serverless Spark.",
        ),
        optional("runtime_version", Type::Name, "The version of serverless Spark, such as `\"3.4\"`."),
        optional("py_files", FILES, "Python modules and archives, in `code`."),
        optional("jars", FILES, "Java archives, in `code`."),
        optional("files", FILES, "Files for each executor's working folder, in `code`."),
        optional("archives", FILES, "Archives that are unpacked there, in `code`."),
    ]],
    blocks: &[one(&DRIVER), one(&EXECUTOR), at_most_one(&CONF)],
    ..BLOCK
};
