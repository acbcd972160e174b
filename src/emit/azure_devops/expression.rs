//! Terms as text. What only parameters decide is decided when the run is queued: `${{ eq(parameters.x, 'a') }}`, where
//! parameters have their types and no value can break out of a quoted text. All else is evaluated while the run goes on.

use super::value::escaped;
use crate::emit::yaml::Text;
use crate::model::expr::Ty;
use crate::plan::term::{Function, Output, Producer, Reader, Term};
use crate::plan::{Constant, Parameter};
use std::fmt::Write;

pub fn condition<'a>(term: &Term, parameters: &[Parameter]) -> Text<'a> {
    let mut printer = Printer { parameters, out: String::new() };
    printer.term(term, Place::Truth);
    printer.out.into()
}

/// `$[ … ]`: the value of a variable; `${{ … }}` where nothing of the run is needed for it.
pub fn runtime<'a>(term: &Term, parameters: &[Parameter]) -> Text<'a> {
    if reads_only_parameters(term) {
        let mut printer = Printer { parameters, out: "${{ ".to_owned() };
        printer.template(term, Place::Value);
        printer.out.push_str(" }}");
        return printer.out.into();
    }
    let mut printer = Printer { parameters, out: "$[ ".to_owned() };
    printer.term(term, Place::Value);
    printer.out.push_str(" ]");
    printer.out.into()
}

/// A text of the expression language.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

struct Printer<'a> {
    parameters: &'a [Parameter],
    out: String,
}

/// What a term is needed for: a boolean parameter's text is never false, not even `'false'`.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Truth,
    Value,
}

impl Printer<'_> {
    fn term(&mut self, term: &Term, place: Place) {
        if decided_by_parameters(term) {
            self.out.push_str("${{ ");
            self.template(term, place);
            self.out.push_str(" }}");
            return;
        }
        match term {
            Term::Bool(it) => self.put(it),
            Term::Number(it) => self.put(it),
            Term::Text(text) => self.put(escaped(&quoted(text))),
            Term::Variable(name) => self.put(format_args!("variables[{}]", quoted(name))),
            Term::Parameter { name, bool } => self.parameter(name, *bool, place),
            Term::Output(output) => self.output(output),
            Term::Result(producer) => self.result(producer),
            Term::Call(function, arguments) => self.call(*function, arguments, Printer::term),
        }
    }

    /// Inside `${{ }}`.
    fn template(&mut self, term: &Term, place: Place) {
        match term {
            Term::Bool(it) => self.put(it),
            Term::Number(it) => self.put(it),
            Term::Text(text) => self.put(quoted(text)),
            Term::Parameter { name, bool: true } if place == Place::Value => {
                self.put(format_args!("lower(parameters.{name})"));
            }
            Term::Parameter { name, .. } => self.put(format_args!("parameters.{name}")),
            Term::Call(function, arguments) => self.template_call(*function, arguments),
            Term::Variable(_) | Term::Output(_) | Term::Result(_) => {
                debug_assert!(false, "only parameters decide what stands inside a template expression");
            }
        }
    }

    fn template_call(&mut self, function: Function, arguments: &[Term]) {
        if let (Function::Equal | Function::NotEqual, [Term::Parameter { name, bool: true }, other]) =
            (function, arguments)
            && let Some(value) = boolean_word(other)
        {
            self.put(format_args!("{}(parameters.{name}, {value})", word(function)));
            return;
        }
        self.call(function, arguments, Printer::template);
    }

    fn call(&mut self, function: Function, arguments: &[Term], each: fn(&mut Self, &Term, Place)) {
        let logical = matches!(function, Function::And | Function::Or);
        if let ([single], true) = (arguments, logical) {
            return each(self, single, Place::Truth);
        }
        let (function, arguments) = self.numbers_first(function, arguments);
        self.out.push_str(word(function));
        self.out.push('(');
        for (index, argument) in arguments.into_iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            let truth = logical || function == Function::Not || (function == Function::If && index == 0);
            each(self, argument, if truth { Place::Truth } else { Place::Value });
        }
        self.out.push(')');
    }

    /// The left side decides how both are compared: as texts, 10 is less than 9.
    fn numbers_first<'t>(&self, function: Function, arguments: &'t [Term]) -> (Function, Vec<&'t Term>) {
        let mirrored = match function {
            Function::Less => Function::Greater,
            Function::LessOrEqual => Function::GreaterOrEqual,
            Function::Greater => Function::Less,
            Function::GreaterOrEqual => Function::LessOrEqual,
            Function::And
            | Function::Or
            | Function::Not
            | Function::Equal
            | Function::NotEqual
            | Function::In
            | Function::If
            | Function::Format
            | Function::Lower
            | Function::Replace
            | Function::StartsWith
            | Function::Contains
            | Function::Succeeded
            | Function::Failed
            | Function::Canceled
            | Function::Always
            | Function::SucceededOrFailed => return (function, arguments.iter().collect()),
        };
        match arguments {
            [left, right] if !self.is_number(left) && self.is_number(right) => (mirrored, vec![right, left]),
            other => (function, other.iter().collect()),
        }
    }

    fn is_number(&self, term: &Term) -> bool {
        match term {
            Term::Number(_) => true,
            Term::Parameter { name, .. } => {
                self.declared(name).is_some_and(|it| matches!(it.ty, Ty::Int | Ty::Number))
            }
            Term::Bool(_)
            | Term::Text(_)
            | Term::Variable(_)
            | Term::Output(_)
            | Term::Result(_)
            | Term::Call(..) => false,
        }
    }

    /// A parameter among values of the run becomes a literal of its type.
    fn parameter(&mut self, name: &str, bool: bool, place: Place) {
        let free_text = self.declared(name).is_none_or(may_hold_quotes);
        match (bool, place) {
            (true, Place::Truth) => self.put(format_args!("${{{{ parameters.{name} }}}}")),
            (true, Place::Value) => self.put(format_args!("'${{{{ lower(parameters.{name}) }}}}'")),
            (false, _) if self.is_number(&Term::Parameter { name: name.to_owned(), bool }) => {
                self.put(format_args!("${{{{ parameters.{name} }}}}"));
            }
            (false, _) if free_text => {
                self.put(format_args!("'${{{{ replace(parameters.{name}, '''', '''''') }}}}'"));
            }
            (false, _) => self.put(format_args!("'${{{{ parameters.{name} }}}}'")),
        }
    }

    fn declared(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|it| it.name == name)
    }

    fn output(&mut self, output: &Output) {
        let Producer { reader, stage, job } = &output.producer;
        let (step, variable) = (&output.step, &output.variable);
        let job = job.as_deref().expect("outputs are set by jobs");
        let twice = output.deployment || *reader == Reader::StageCondition;
        let job_name = twice.then_some(job);
        let path: Vec<&str> =
            job_name.into_iter().chain(output.leg.as_deref()).chain([step.as_str(), variable]).collect();
        let name = path.join(".");
        debug_assert!(
            !(output.deployment && *reader == Reader::StageCondition),
            "the condition of a stage cannot read a deployment job"
        );
        match (reader, stage) {
            (Reader::StageCondition, Some(stage)) => self.put(format_args!("dependencies.{stage}")),
            (Reader::Job, Some(stage)) => self.put(format_args!("stageDependencies.{stage}.{job}")),
            (Reader::StageCondition | Reader::Job, None) => self.put(format_args!("dependencies.{job}")),
        }
        self.put(format_args!(".outputs[{}]", quoted(&name)));
    }

    fn result(&mut self, producer: &Producer) {
        match (producer.reader, producer.stage.as_deref(), producer.job.as_deref()) {
            (Reader::StageCondition, Some(stage), None) => {
                self.put(format_args!("dependencies.{stage}.result"));
            }
            (Reader::Job, Some(stage), Some(job)) => {
                self.put(format_args!("stageDependencies.{stage}.{job}.result"));
            }
            (Reader::Job, None, Some(job)) => self.put(format_args!("dependencies.{job}.result")),
            (Reader::StageCondition, _, _) | (Reader::Job, _, None) => {
                debug_assert!(false, "conditions of stages see results of stages, jobs see results of jobs");
            }
        }
    }

    fn put(&mut self, piece: impl std::fmt::Display) {
        write!(self.out, "{piece}").expect("a string takes all that is written to it");
    }
}

/// A truth that is known once the parameters are.
fn decided_by_parameters(term: &Term) -> bool {
    matches!(term, Term::Call(..)) && is_template(term) && reads_parameter(term)
}

fn is_template(term: &Term) -> bool {
    match term {
        Term::Bool(_) | Term::Number(_) | Term::Text(_) | Term::Parameter { .. } => true,
        Term::Variable(_) | Term::Output(_) | Term::Result(_) => false,
        Term::Call(function, arguments) => yields_truth(*function) && arguments.iter().all(is_template),
    }
}

/// A value, of any kind, that is known once the parameters are.
fn reads_only_parameters(term: &Term) -> bool {
    fn known(term: &Term) -> bool {
        match term {
            Term::Bool(_) | Term::Number(_) | Term::Text(_) | Term::Parameter { .. } => true,
            Term::Variable(_) | Term::Output(_) | Term::Result(_) => false,
            Term::Call(function, arguments) => !asks_the_run(*function) && arguments.iter().all(known),
        }
    }
    known(term) && reads_parameter(term)
}

/// Functions of values with a truth as result; those of the run's state do not exist in template expressions.
fn yields_truth(function: Function) -> bool {
    match function {
        Function::And
        | Function::Or
        | Function::Not
        | Function::Equal
        | Function::NotEqual
        | Function::Less
        | Function::LessOrEqual
        | Function::Greater
        | Function::GreaterOrEqual
        | Function::In
        | Function::StartsWith
        | Function::Contains => true,
        Function::If
        | Function::Format
        | Function::Lower
        | Function::Replace
        | Function::Succeeded
        | Function::Failed
        | Function::Canceled
        | Function::Always
        | Function::SucceededOrFailed => false,
    }
}

/// Functions that do not exist in template expressions.
fn asks_the_run(function: Function) -> bool {
    matches!(
        function,
        Function::Succeeded
            | Function::Failed
            | Function::Canceled
            | Function::Always
            | Function::SucceededOrFailed
    )
}

fn reads_parameter(term: &Term) -> bool {
    match term {
        Term::Parameter { .. } => true,
        Term::Call(_, arguments) => arguments.iter().any(reads_parameter),
        Term::Bool(_)
        | Term::Number(_)
        | Term::Text(_)
        | Term::Variable(_)
        | Term::Output(_)
        | Term::Result(_) => false,
    }
}

fn may_hold_quotes(parameter: &Parameter) -> bool {
    let quoted = |it: &Constant| matches!(it, Constant::String(text) if text.contains('\''));
    parameter.choices.is_empty() || parameter.choices.iter().any(quoted)
}

fn boolean_word(term: &Term) -> Option<bool> {
    match term {
        Term::Bool(it) => Some(*it),
        Term::Text(text) if text == "true" => Some(true),
        Term::Text(text) if text == "false" => Some(false),
        _ => None,
    }
}

fn word(function: Function) -> &'static str {
    match function {
        Function::And => "and",
        Function::Or => "or",
        Function::Not => "not",
        Function::Equal => "eq",
        Function::NotEqual => "ne",
        Function::Less => "lt",
        Function::LessOrEqual => "le",
        Function::Greater => "gt",
        Function::GreaterOrEqual => "ge",
        Function::In => "in",
        Function::If => "iif",
        Function::Format => "format",
        Function::Lower => "lower",
        Function::Replace => "replace",
        Function::StartsWith => "startsWith",
        Function::Contains => "contains",
        Function::Succeeded => "succeeded",
        Function::Failed => "failed",
        Function::Canceled => "canceled",
        Function::Always => "always",
        Function::SucceededOrFailed => "succeededOrFailed",
    }
}
