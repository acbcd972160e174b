//! What is known of the tasks of Azure Pipelines. The table is text, and only the lines of a task that is asked for are
//! read: a project without `task` pays nothing for it. `tools/task-table.py` writes it and says what its columns are.

const TABLE: &str = include_str!("tasks.txt");

/// One major version of a task.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// As Azure Pipelines spells it.
    pub name: &'static str,
    pub major: u32,
    pub place: TaskPlace,
    pub deprecated: bool,
    outputs: &'static str,
    inputs: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskPlace {
    Agent,
    /// Without an agent.
    Server,
    Both,
    /// In checks of Azure DevOps only.
    Gate,
}

#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, then its other names.
    pub names: Vec<&'static str>,
    pub ty: InputType,
    /// Where it is shown, and has no default.
    pub required: bool,
    /// Kept where a rule reads it.
    pub default: &'static str,
    pub options: Vec<&'static str>,
    /// It is shown where all of them hold.
    pub rules: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    Bool,
    Int,
    String,
    Path,
    /// More than one line.
    Lines,
    Script,
    /// One of the options.
    Pick,
    /// One of the options, or something else.
    PickOrOther,
    /// The name of a service connection.
    Connection,
}

/// The task by its name, in letters of any case.
pub fn find(name: &str, major: u32) -> Option<Task> {
    let key = format!("{}@{major}", name.to_lowercase());
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let start = start_of_task(low + (high - low) / 2);
        let task = read(start);
        let end = start + length(start);
        match task.key().cmp(&key) {
            std::cmp::Ordering::Equal => return Some(task),
            std::cmp::Ordering::Less => low = end,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// Every task, in order. Reads the whole table: for messages only.
pub fn all() -> impl Iterator<Item = Task> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = (at < TABLE.len()).then_some(at)?;
        at += length(start);
        Some(read(start))
    })
}

/// The versions there are of a task, in order.
pub fn versions(name: &str) -> Vec<Task> {
    let mut found: Vec<Task> = all().filter(|it| it.name.eq_ignore_ascii_case(name)).collect();
    found.sort_by_key(|it| it.major);
    found
}

impl Task {
    fn key(&self) -> String {
        format!("{}@{}", self.name.to_lowercase(), self.major)
    }

    pub fn inputs(&self) -> impl Iterator<Item = Input> {
        self.inputs.lines().map(input)
    }

    /// The output variables that its description names. It may set others where it runs a script.
    pub fn outputs(&self) -> impl Iterator<Item = &'static str> {
        self.outputs.split(',').filter(|it| !it.is_empty())
    }

    /// The output variable of that name, in letters of any case and with `_` anywhere.
    pub fn output(&self, name: &str) -> Option<&'static str> {
        self.outputs().find(|it| plain(it) == plain(name))
    }

    /// The input by one of its names, in letters of any case.
    pub fn input(&self, name: &str) -> Option<Input> {
        self.inputs().find(|it| it.names.iter().any(|own| own.eq_ignore_ascii_case(name)))
    }
}

fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// Where the task begins whose lines hold this byte: inputs begin with a blank.
fn start_of_task(at: usize) -> usize {
    let bytes = TABLE.as_bytes();
    let mut start = at;
    while start > 0 && (bytes[start - 1] != b'\n' || bytes[start] == b' ') {
        start -= 1;
    }
    start
}

fn length(start: usize) -> usize {
    let rest = &TABLE[start..];
    let mut end = 0;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        if number > 0 && !line.starts_with(' ') {
            break;
        }
        end += line.len();
    }
    end
}

fn read(start: usize) -> Task {
    let text = &TABLE[start..start + length(start)];
    let (head, inputs) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = head.split(' ');
    let (name, major) = words.next().and_then(|it| it.split_once('@')).unwrap_or_default();
    let place = match words.next() {
        Some("server") => TaskPlace::Server,
        Some("both") => TaskPlace::Both,
        Some("gate") => TaskPlace::Gate,
        _ => TaskPlace::Agent,
    };
    let major = major.parse().unwrap_or_default();
    let mut task = Task { name, major, place, deprecated: false, outputs: "", inputs };
    for word in words {
        match word.strip_prefix("sets=") {
            Some(outputs) => task.outputs = outputs,
            None => task.deprecated = true,
        }
    }
    task
}

fn input(line: &'static str) -> Input {
    let mut fields = line.trim_start().split('\t');
    let names = fields.next().unwrap_or_default().split(' ').collect();
    let ty = match fields.next().unwrap_or_default() {
        "bool" => InputType::Bool,
        "int" => InputType::Int,
        "path" => InputType::Path,
        "lines" => InputType::Lines,
        "script" => InputType::Script,
        "pick" => InputType::Pick,
        "pick+" => InputType::PickOrOther,
        "connection" => InputType::Connection,
        _ => InputType::String,
    };
    let required = fields.next().is_some_and(|it| it == "required");
    let default = fields.next().unwrap_or_default();
    let options = fields.next().unwrap_or_default();
    let options = options.split('|').filter(|it| !it.is_empty()).collect();
    Input { names, ty, required, default, options, rules: fields.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_task_is_found() {
        let keys: Vec<String> = all().map(|it| it.key()).collect();
        assert!(keys.len() > 200 && keys.is_sorted(), "{keys:?}");
        for task in all() {
            let found = find(&task.name.to_uppercase(), task.major).map(|it| it.key());
            assert_eq!(found, Some(task.key()));
        }
        for missing in [("", 0), ("AAA", 1), ("AzureCLI", 99), ("zzz", 1), ("AzureCL", 2)] {
            assert!(find(missing.0, missing.1).is_none(), "{missing:?}");
        }
    }

    #[test]
    fn inputs_are_read_as_the_tasks_describe_them() {
        let cli = find("azurecli", 2).expect("it is there");
        assert_eq!((cli.name, cli.place, cli.deprecated), ("AzureCLI", TaskPlace::Agent, false));
        let script = cli.input("InlineScript").expect("it has one");
        assert_eq!((script.ty, script.required), (InputType::Script, true));
        assert_eq!(script.rules, ["scriptLocation = inlineScript"]);
        let connection = cli.input("azureSubscription").expect("by its other name");
        assert_eq!(connection.names, ["connectedServiceNameARM", "azureSubscription"]);
        assert_eq!(
            find("AzureWebApp", 1).and_then(|it| it.output("app_service_application_url")),
            Some("AppServiceApplicationUrl")
        );
        let docker = find("Docker", 1).expect("it is there");
        assert_eq!(docker.outputs().collect::<Vec<_>>(), ["DockerOutput", "DockerOutputPath"]);
        assert_eq!(find("Delay", 1).map(|it| it.place), Some(TaskPlace::Server));
        for input in all().flat_map(|it| it.inputs().collect::<Vec<_>>()) {
            assert!(!input.names[0].is_empty());
            assert_eq!(
                matches!(input.ty, InputType::Pick | InputType::PickOrOther),
                !input.options.is_empty(),
                "{input:?}"
            );
        }
    }
}
